"""Reports as anybody may have written them."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import InputError
from tools.report import CLAIM_NAMES, SCHEMA, Report


def document() -> dict[str, Any]:
    """Return a report with every part."""
    side = {
        "name": "m", "variables": 2, "integers": 1, "constraints": 1, "nonzeros": 2, "status": "optimal",
        "objective": 1.5, "written_by": "",
    }  # fmt: skip
    return {
        "schema": SCHEMA,
        "verdict": "not_equivalent",
        "contract": "quasi-karp",
        "relation": "relaxation",
        "scope": "this mapping",
        "reason": "why",
        "claims": {name: {"result": "proved", "strength": "exact", "detail": "d"} for name in CLAIM_NAMES},
        "mapping": {
            "rules": ["x = u"],
            "recovery": {"x": {"constant": "0", "terms": {"u": "1/3"}}},
            "completed": ["y"],
            "completed_by": {"y": {"function": "max", "arguments": {"of": [{"constant": "0", "terms": {}}]}}},
            "lifting": {"u": {"function": "affine", "arguments": {"constant": "0", "terms": {"x": "3"}}}},
            "objective": {"scale": "1", "offset": "-2"},
            "origin": "symbolic:names",
        },
        "counterexample": {
            "claim": "sound",
            "point_of": "candidate",
            "point": {"u": "3"},
            "image": {"x": "1"},
            "violates": "row r",
            "explanation": "e",
        },
        "hypotheses": [{"origin": "o", "rules": ["x = u"], "outcome": "refuted", "reason": "r"}],
        "reference": side,
        "candidate": dict(side),
        "seconds": {"total": 1.0},
        "model_calls": 1,
        "planning": "symbolic",
        "costs": {"o": {"hypotheses": 1, "calls": 1, "prompt_tokens": 2, "completion_tokens": 3, "money": None}},
        "certificate": {"sha256": "0" * 64, "verdict": True, "gaps": {"value": "too hard"}},
    }


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value inside."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield (*path, key)
        yield from places(part, (*path, key))


def changed(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    data = copy.deepcopy(document())
    owner: Any = data
    for key in path[:-1]:
        owner = owner[key]
    owner[path[-1]] = value
    return data


def read(data: Any) -> tuple[Report | None, str]:
    try:
        return Report.from_json(data), ""
    except InputError as error:
        return None, str(error)


FREE = {"arguments", "money"}
"""Below these anything may stand that is no object, or null may."""


def test_a_report_reads_back() -> None:
    data = document()
    assert json.loads(json.dumps(Report.from_json(data).to_json())) == data


@pytest.mark.parametrize("path", list(places(document())), ids=str)
@pytest.mark.parametrize("value", [None, True, 7, -1, "", [], {}, [None], {"x": 1}, [["x"]], 1e400, 10**400], ids=repr)
def test_a_wrong_type_anywhere_is_refused_or_means_something(path: tuple[Any, ...], value: Any) -> None:
    data = changed(path, value)
    report, refusal = read(data)
    if report is None:
        assert "\n" not in refusal
        assert 10 < len(refusal) < 400
        return
    known = {key for key in path if isinstance(key, str)}
    if known.isdisjoint(FREE):
        assert Report.from_json(report.to_json()) == report


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("verdict",), "maybe", "'verdict' must be one of equivalent, not_equivalent, unknown, found 'maybe'"),
        (("contract",), [], "'contract' must be one of quasi-karp, reformulation, found an array"),
        (("relation",), None, "found null"),
        (("claims", "sound", "result"), "true", "'claims.sound.result' must be one of proved, refuted, unknown"),
        (("counterexample", "point"), {"u": 3}, "'counterexample.point.u' must be an exact number in a string"),
        (("counterexample", "point"), {"u": "1/0"}, "exact number"),
        (("counterexample", "point"), {"u": "nan"}, "exact number"),
        (("counterexample", "image"), {"x": "0x10"}, "exact number"),
        (("mapping", "recovery", "x", "terms"), {"u": "٣"}, "exact number"),
        (("mapping", "objective", "scale"), "0", "'mapping.objective.scale' must be a positive number"),
        (("mapping", "objective", "scale"), "-1/2", "a positive number"),
        (("mapping", "objective"), {}, "'mapping.objective.scale' is missing"),
        (("reference", "variables"), True, "'reference.variables' must be a whole number"),
        (("reference", "objective"), float("nan"), "a finite number"),
        (("reference", "status"), "solved", "'reference.status' must be one of"),
        (("hypotheses",), {"0": 1}, "'hypotheses' must be an array, found an object"),
        (("hypotheses",), [[]], "'hypotheses[0]' must be an object, found an array"),
        (("seconds",), {"total": "1"}, "'seconds.total' must be a number"),
        (("model_calls",), 10**400, "x"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(path: tuple[Any, ...], value: Any, says: str) -> None:
    if says == "x":
        assert Report.from_json(changed(path, value)).model_calls == value
        return
    with pytest.raises(InputError) as caught:
        Report.from_json(changed(path, value))
    assert says in str(caught.value)


@pytest.mark.parametrize("field", list(document()))
def test_a_missing_field_is_named(field: str) -> None:
    data = document()
    del data[field]
    if field in ("planning", "costs", "certificate"):
        Report.from_json(data)
        return
    with pytest.raises(InputError, match="schema" if field == "schema" else f"{field}' is missing"):
        Report.from_json(data)


@pytest.mark.parametrize("claim", CLAIM_NAMES)
def test_all_six_claims_are_needed(claim: str) -> None:
    data = document()
    del data["claims"][claim]
    with pytest.raises(InputError, match=f"claims.{claim}"):
        Report.from_json(data)


def test_an_answer_that_is_an_error_is_no_report() -> None:
    with pytest.raises(InputError, match="could not be checked"):
        Report.from_json({"schema": SCHEMA, "id": "a", "error": {"kind": "input", "message": "m"}})


def test_fields_of_later_versions_are_left_out() -> None:
    data = document()
    data["new"] = data["claims"]["sound"]["new"] = data["reference"]["new"] = data["counterexample"]["new"] = 1
    assert Report.from_json(data) == Report.from_json(document())


def test_functions_nested_too_deep_are_refused() -> None:
    deep: Any = {}
    for _ in range(200):
        deep = {"of": deep}
    with pytest.raises(InputError, match="100 levels"):
        Report.from_json(changed(("mapping", "lifting", "u", "arguments"), deep))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(path=st.sampled_from(list(places(document()))), value=JSON)
def test_anything_anywhere_is_read_or_refused(path: tuple[Any, ...], value: Any) -> None:
    report, refusal = read(changed(path, value))
    assert (report is None) == bool(refusal)
