import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from benchmark_models import build

from benchmarks.confirm import confirm, confirm_optima, main
from tools.formulation.model import Formulation
from tools.formulation.write import write

REFERENCE = build("ic", [({0: 1, 1: 1}, 2, None)], [1, 2])


def report(
    recovery: dict[str, tuple[str, dict[str, str]]],
    lifting: dict[str, tuple[str, dict[str, str]]] | None = None,
    scale: str = "1",
    offset: str = "0",
) -> dict[str, Any]:
    def expression(one: tuple[str, dict[str, str]]) -> dict[str, Any]:
        return {"constant": one[0], "terms": one[1]}

    lifted = None
    if lifting is not None:
        lifted = {name: {"function": "affine", "arguments": expression(one)} for name, one in lifting.items()}
    mapping: dict[str, Any] = {
        "recovery": {name: expression(one) for name, one in recovery.items()},
        "lifting": lifted,
        "completed": [],
        "objective": {"scale": scale, "offset": offset},
    }
    return {"mapping": mapping, "contract": "reformulation"}


def same(*names: str) -> dict[str, tuple[str, dict[str, str]]]:
    return {name: ("0", {name: "1"}) for name in names}


IDENTITY = report(same("x[0]", "x[1]"), same("x[0]", "x[1]"))


def test_the_identity_on_equal_models_is_confirmed_without_a_solver() -> None:
    outcome = confirm(REFERENCE, REFERENCE, IDENTITY, 10.0)
    assert (outcome.result, outcome.solver) == ("confirmed", 0)
    assert confirm_optima(REFERENCE, REFERENCE, IDENTITY, 10.0).result == "confirmed"


def test_a_missing_lifting_is_found_by_inverting() -> None:
    assert confirm(REFERENCE, REFERENCE, report(same("x[0]", "x[1]")), 10.0).result == "confirmed"


def test_an_implied_row_is_confirmed_by_the_solver() -> None:
    more = build("ic", [({0: 1, 1: 1}, 2, None), ({0: 2, 1: 3}, 3, None)], [1, 2])
    outcome = confirm(REFERENCE, more, IDENTITY, 10.0)
    assert outcome.result == "confirmed"
    assert outcome.solver > 0


@pytest.mark.parametrize(
    ("candidate", "word"),
    [
        (build("ic", [({0: 1, 1: 1}, 1, None)], [1, 2]), "recovery: row"),
        (build("ic", [({0: 1, 1: 1}, 3, None)], [1, 2]), "lifting: row"),
        (build("cc", [({0: 1, 1: 1}, 2, None)], [1, 2]), "not an integer"),
        (build("ii", [({0: 1, 1: 1}, 2, None)], [1, 2]), "not an integer"),
        (build("ic", [({0: 1, 1: 1}, 2, None)], [1, 3]), "objective"),
        (build("bc", [({0: 1, 1: 1}, 2, None)], [1, 2]), "bound"),
        (build("fc", [({0: 1}, 100, None)], [1, 2]), "bound"),
        (build("ic", [({0: 1, 1: 1}, 2, None)], [1, 2000]), "objective"),
    ],
)
def test_what_is_wrong_is_refuted(candidate: Formulation, word: str) -> None:
    outcome = confirm(REFERENCE, candidate, IDENTITY, 10.0)
    assert outcome.result == "refuted"
    assert word in outcome.reason


def test_a_wrong_lifting_scale_or_offset_is_refuted() -> None:
    both = same("x[0]", "x[1]")
    for wrong in (
        report(both, {**both, "x[1]": ("0", {"x[0]": "1"})}),
        report(both, both, scale="2"),
        report(both, both, offset="1"),
        report({"x[0]": ("0", {"x[0]": "1"})}),
        report(both, both, scale="-1"),
    ):
        assert confirm(REFERENCE, REFERENCE, wrong, 10.0).result == "refuted"


def test_what_cannot_be_followed_is_unsure() -> None:
    both = same("x[0]", "x[1]")
    digits = report(both, both)
    digits["mapping"]["lifting"]["x[0]"]["function"] = "unheard of"
    unrelated = report(both, both)
    unrelated["mapping"]["objective"] = None
    completed = report(both, both)
    completed["mapping"]["completed"] = ["x[1]"]
    assert confirm(REFERENCE, REFERENCE, completed, 10.0).result == "refuted"  # it has a cost
    for document in (digits, unrelated, {"mapping": None}):
        assert confirm(REFERENCE, REFERENCE, document, 10.0).result == "unsure"
    assert confirm(REFERENCE, build("ic", [], [1, 2]), IDENTITY, 0.0).result == "unsure"


def test_two_infeasible_models_need_no_mapping() -> None:
    empty = build("i", [({0: 2}, 1, 1)], [1])
    assert confirm(empty, empty, {"mapping": None}, 10.0).result == "confirmed"
    assert confirm_optima(empty, empty, {"mapping": None}, 10.0).result == "confirmed"


def test_optima_may_carry_over_where_points_do_not() -> None:
    narrower = build("ic", [({0: 1, 1: 1}, 2, None), ({1: 1}, None, 1)], [1, 2])
    assert confirm(REFERENCE, narrower, IDENTITY, 10.0).result == "refuted"
    assert confirm_optima(REFERENCE, narrower, IDENTITY, 10.0).result == "confirmed"
    wider = build("ic", [({0: 1, 1: 1}, 1, None)], [1, 2])
    assert confirm_optima(REFERENCE, wider, IDENTITY, 10.0).result == "refuted"
    empty = build("ic", [({0: 2}, 1, 1)], [1, 2])
    assert "infeasible" in confirm_optima(REFERENCE, empty, IDENTITY, 10.0).reason


def test_a_minimum_far_from_the_optimum_is_refuted() -> None:
    plenty = build("ff", [({0: 1}, 1000, None), ({1: 1}, 1000, None)], [1, 2])
    some = build("ff", [({0: 1}, 0, None), ({1: 1}, 0, None), ({0: 1, 1: 1}, 2, None)], [1, 2])
    assert confirm_optima(some, plenty, IDENTITY, 10.0).result == "refuted"


def test_a_solver_that_passes_nearly_optimal_points_refutes_nothing() -> None:
    wide, narrow = (build("cc", [({0: 1}, 3, None), ({1: 1}, None, most)], [1000, 1]) for most in (4, 0))
    assert confirm_optima(narrow, wide, IDENTITY, 10.0).result == "confirmed"
    narrower = build("cc", [({0: 1}, 3, None), ({1: 1}, 1, None)], [1000, 1])
    assert confirm_optima(narrower, wide, IDENTITY, 10.0).result == "refuted"


def test_every_optimum_counts_not_one() -> None:
    flat = build("ic", [({0: 1, 1: 1}, 2, None)], [0, 0])
    outcome = confirm_optima(build("ic", [({0: 1, 1: 1}, 2, None)], [1, 0]), flat, IDENTITY, 10.0)
    assert outcome.result == "refuted"


def test_scaled_columns_compose_exactly() -> None:
    thirds = build("c", [({0: 3}, 1, None)], [1])
    document = report({"x[0]": ("0", {"x[0]": "1/3"})}, {"x[0]": ("0", {"x[0]": "3"})}, scale="1/3")
    candidate = build("c", [({0: 1}, 1, None)], [1])
    reference = build("c", [({0: 3}, 1, None), ({0: 3}, None, 4)], [1])
    assert thirds.row_terms(0) == {0: Fraction(3)}
    outcome = confirm(reference, candidate, document, 10.0)
    assert (outcome.result, outcome.solver) == ("confirmed", 0)


def test_the_command_reads_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, document = tmp_path / "model.lp", tmp_path / "report.json"
    write(build("ic", [({0: 1, 1: 1}, 2, None)], [1, 2]), model)
    document.write_text(json.dumps(IDENTITY))
    assert main([str(model), str(model), str(document)]) == 0
    assert json.loads(capsys.readouterr().out)["result"] == "confirmed"
