from typing import Any

from small_models import model

from benchmarks.confirm_witness import confirm_witness

REFERENCE = model(integer={"x": (0, 5)}, minimize={"x": 1}, rows=[({"x": 2}, 3, None)])
CANDIDATE = model(integer={"u": (0, 5)}, minimize={"u": 1})
IDENTITY = {
    "recovery": {"x": {"constant": "0", "terms": {"u": "1"}}},
    "completed": [],
    "lifting": None,
    "objective": {"scale": "1", "offset": "0"},
}


def report(claim: str, point_of: str, point: dict[str, str], **claims: str) -> dict[str, Any]:
    results = {"status": "proved", "value": "refuted", **claims}
    return {
        "claims": {name: {"result": result} for name, result in results.items()},
        "mapping": IDENTITY,
        "reason": "",
        "counterexample": {"claim": claim, "point_of": point_of, "point": point},
    }


def test_a_point_whose_image_is_infeasible_confirms() -> None:
    assert confirm_witness(REFERENCE, CANDIDATE, report("sound", "candidate", {"u": "1"}), 5).result == "confirmed"
    assert confirm_witness(REFERENCE, CANDIDATE, report("optima", "candidate", {}), 5).result == "confirmed"


def test_points_that_show_nothing_are_refuted() -> None:
    for claim, point in (("sound", {"u": "2"}), ("sound", {"u": "6"}), ("sound", {"u": "1/2"}), ("optima", {"u": "1"})):
        assert confirm_witness(REFERENCE, CANDIDATE, report(claim, "candidate", point), 5).result == "refuted"


def test_a_reference_point_confirms_where_nothing_maps_to_it() -> None:
    narrow = model(integer={"u": (2, 4)}, minimize={"u": 1})
    assert confirm_witness(REFERENCE, narrow, report("complete", "reference", {"x": "5"}), 5).result == "confirmed"
    assert confirm_witness(REFERENCE, narrow, report("complete", "reference", {"x": "3"}), 5).result == "refuted"


def test_statuses_and_values_without_a_point() -> None:
    empty = model(integer={"u": (0, 5)}, minimize={"u": 1}, rows=[({"u": 1}, 6, None)])
    document = {**report("sound", "candidate", {}, status="refuted"), "counterexample": None}
    assert confirm_witness(REFERENCE, empty, document, 5).result == "confirmed"
    assert confirm_witness(REFERENCE, CANDIDATE, document, 5).result == "refuted"
    document = {**report("sound", "candidate", {}), "counterexample": None}
    assert confirm_witness(REFERENCE, CANDIDATE, document, 5).result == "confirmed"
    assert confirm_witness(REFERENCE, REFERENCE, document, 5).result == "refuted"
