"""The second opinion on claims: answers derived by hand, and agreement with the other one where both can tell."""

import json
from fractions import Fraction
from typing import Any

import pytest

from tests.brute_force import BruteForce, exact
from tests.elimination import Affine, Row, covered, eliminated, feasible
from tests.tools.claims.brute_force import Affine as OtherAffine
from tests.tools.claims.brute_force import Truth
from tests.tools.claims.random_pairs import random_case
from tools.formulation.json_format import format_json

CLAIMS = ("status", "value", "optimum", "optima", "sound", "complete")


def document(
    cost: dict[str, Any], *rows: tuple[dict[str, Any], Any, Any], sense: str = "minimize", **columns: Any
) -> dict[str, Any]:
    """Return a model; a column is (lower, upper), with a third entry where it is not an integer."""
    return {
        "sense": sense,
        "objective": {"terms": cost},
        "variables": [
            {"name": name, "lower": low, "upper": high, "kind": (kind or ["integer"])[0]}
            for name, (low, high, *kind) in columns.items()
        ],
        "rows": [{"name": f"r{i}", "lower": low, "upper": high, "terms": t} for i, (t, low, high) in enumerate(rows)],
    }


def identity(*names: str, scale: Any = 1, offset: Any = 0, **more: Any) -> dict[str, Any]:
    recovery = {name: {"constant": "0", "terms": {name: "1"}} for name in names}
    return {"recovery": recovery, "objective": {"scale": scale, "offset": offset}, **more}


def answers(reference: Any, candidate: Any, mapping: Any, true: str) -> None:
    found = BruteForce(reference, candidate).claims(mapping)
    assert tuple(found) == CLAIMS
    assert {name for name, holds in found.items() if holds} == set(true.split())


@pytest.mark.parametrize("kind", ["integer", "continuous"])
def test_a_lost_row_and_an_additional_one(kind: str) -> None:
    """min x + y over the box 0..3 with x + y ≥ 1, and without: (0,0) is the other optimum."""
    box = {"x": (0, 3, kind), "y": (0, 3, kind)}
    cost = {"x": 1, "y": 1}
    narrow, wide = document(cost, (cost, 1, None), **box), document(cost, **box)
    answers(narrow, wide, identity("x", "y"), "status complete")
    answers(wide, narrow, identity("x", "y"), "status sound")
    tight, loose = document(cost, (cost, 1, 4), **box), document(cost, (cost, 1, 5), **box)
    answers(tight, loose, identity("x", "y"), "status value optimum optima complete")
    answers(loose, tight, identity("x", "y"), "status value optimum optima sound")
    assert BruteForce(loose, tight).verdict("quasi-karp", identity("x", "y"))
    assert not BruteForce(loose, tight).verdict("reformulation", identity("x", "y"))
    assert BruteForce(loose, loose).verdict("reformulation", identity("x", "y"))


def test_one_optimum_of_two_carries_over() -> None:
    """C has the optima x = 0 and x = 3; R forbids the latter."""
    reference, candidate = document({}, x=(0, 2)), document({}, ({"x": 1, "y": 3}, 3, 3), x=(0, 3), y=(0, 1))
    answers(reference, candidate, identity("x"), "status value optimum")


def test_a_slack_an_epigraph_and_another_sense() -> None:
    """max x, x ≤ 2.5 against min w with w ≥ −2x (so σ halves) and x + s = 2.5, all continuous but x."""
    reference = document({"x": 1}, ({"x": 1}, None, "2.5"), sense="maximize", x=(0, 3))
    candidate = document(
        {"w": 1},
        ({"w": 1, "x": 2}, 0, None),
        ({"x": 1, "s": 1}, "5/2", "5/2"),
        x=(0, 3),
        w=(None, None, "continuous"),
        s=(0, None, "continuous"),
    )
    answers(reference, candidate, identity("x", scale="1/2"), " ".join(CLAIMS))
    answers(reference, candidate, identity("x", scale="1/3"), "status optimum optima sound")
    answers(reference, candidate, identity("x", scale=1), "status optimum optima complete")
    answers(reference, candidate, identity("x", scale="1/2", offset=1), "status optimum optima sound")


def test_an_image_that_is_not_whole() -> None:
    reference, candidate = document({"x": 1}, x=(0, 3)), document({"x": 1}, x=(0, 3, "continuous"))
    answers(reference, candidate, identity("x"), "status value optimum optima complete")
    halved = {"recovery": {"x": {"constant": 0, "terms": {"x": "1/2"}}}, "objective": {"scale": "1/2", "offset": 0}}
    answers(reference, document({"x": 1}, x=(0, 6)), halved, "status value optimum optima complete")


def test_a_violation_of_any_size_counts() -> None:
    tiny = "1e-30"
    reference, candidate = document({"x": -1}, x=(0, 1, "continuous")), document({"x": -1}, x=(0, "1", "continuous"))
    candidate["rows"] = [{"name": "r", "lower": None, "upper": 1 - Fraction(tiny), "terms": {"x": 1}}]
    answers(reference, candidate, identity("x"), "status sound")


def test_models_without_optimum() -> None:
    ray = document({"x": -1}, x=(0, None, "continuous"))
    empty = document({"x": 1}, ({"x": 2}, 1, 1), x=(0, 3))
    answers(ray, ray, identity("x"), " ".join(CLAIMS))
    answers(empty, empty, identity("x"), " ".join(CLAIMS))
    answers(ray, empty, identity("x"), "optimum optima sound")
    answers(empty, document({"x": 1}, x=(0, 3)), identity("x"), "complete")
    assert BruteForce(empty, empty).verdict("reformulation", {**identity("x"), "objective": None})
    with pytest.raises(ValueError, match="without bounds"):
        BruteForce(ray, document({}, x=(0, None))).claims(identity("x"))


def test_completed_variables_take_what_there_is() -> None:
    """R: x, y in 0..3, u = x/2 continuous. C knows x alone; y is anything ≥ x, so it is no function of u or of x."""
    rows = (({"x": 1, "u": -2}, 0, 0), ({"y": 1, "x": -1}, 0, None))
    reference = document({"x": 1}, *rows, x=(0, 3), y=(0, 3), u=(0, 1, "continuous"))
    mapping = identity("x", completed=["y", "u"])
    answers(reference, document({"x": 1}, x=(0, 2)), mapping, " ".join(CLAIMS))
    answers(reference, document({"x": 1}, x=(0, 3)), mapping, "status value optimum optima complete")
    answers(reference, document({"x": 1}, x=(0, 1)), mapping, "status value optimum optima sound")
    with pytest.raises(ValueError, match="has a cost"):
        BruteForce(document({"x": 1, "u": 1}, *rows, x=(0, 3), y=(0, 3), u=(0, 1)), reference).claims(mapping)
    with pytest.raises(KeyError):
        BruteForce(reference, reference).claims(identity("x"))


def test_without_a_relation_only_feasibility_is_asked() -> None:
    """The costs x and −x fit no σ: what is left of value, sound and complete is what any σ needs."""
    up, down = document({"x": 1}, x=(0, 3)), document({"x": -1}, x=(0, 3))
    unrelated = {**identity("x"), "objective": None}
    answers(up, down, unrelated, "status value sound complete")
    answers(up, document({"x": -1}, x=(0, 4)), unrelated, "status value complete")
    assert not BruteForce(up, up).verdict("reformulation", unrelated)
    with pytest.raises(ValueError, match="scale"):
        BruteForce(up, up).claims(identity("x", scale=0))


@pytest.mark.parametrize("nasty", [False, True])
def test_it_agrees_with_the_enumeration_of_vertices(nasty: bool) -> None:
    compared = 0
    for seed in range(5000, 5040):
        case = random_case(seed, nasty=nasty)
        reference, candidate, recovery = case.reference.build(), case.candidate.build(), case.recovery.indexed()
        other = Truth(reference, candidate, OtherAffine(recovery.constants, recovery.terms))
        sigma = other.sigma
        if any(model.is_cut_off and any(model.integer) for model in (other.reference, other.candidate)):
            continue
        mapping = {
            "recovery": {
                name: {"constant": constant, "terms": {candidate.variables[k]: a for k, a in terms.items()}}
                for name, constant, terms in zip(reference.variables, recovery.constants, recovery.terms, strict=True)
            },
            "objective": None if sigma is None else {"scale": sigma.scale, "offset": sigma.offset},
        }
        found = BruteForce(*(json.loads(format_json(model)) for model in (reference, candidate))).claims(mapping)
        theirs = {
            "status": other.status(),
            "optimum": other.optimum(),
            "optima": other.optima(),
            "sound": other.sound(sigma),
            "complete": other.complete(sigma),
            "value": None if sigma is None else other.value(sigma),
        }
        settled = {name: holds for name, holds in theirs.items() if holds is not None}
        assert {name: found[name] for name in settled} == settled, (seed, case.steps)
        compared += len(settled)
    assert compared > 150


def row(constant: int, relation: Any = "<=", **terms: int) -> Row:
    return Row(Affine({name: Fraction(a) for name, a in terms.items()}, Fraction(constant)), relation)


def test_elimination_keeps_what_is_strict() -> None:
    """x < y, y ≤ 2 leave x < 2; with x ≥ 2 nothing is left."""
    chain = [row(0, "<", x=1, y=-1), row(-2, y=1)]
    assert eliminated(chain, ["y"]) == [row(-2, "<", x=1)]
    assert not feasible([*chain, row(2, x=-1)])
    assert feasible([row(0, x=1, y=-1), row(-2, y=1), row(2, x=-1)])
    assert not feasible([row(-1, "=", x=2, y=1), row(-1, "=", x=2, y=1), row(-3, "=", x=4, y=2)])
    assert eliminated([row(-1, "=", x=2, y=1), row(0, x=-1)], ["x"]) == [row(-1, y=1)]


def test_a_segment_is_covered_where_no_gap_is_left() -> None:
    """[0, 2] by [0, 1] and [1, 3] but not by [0, 1) and (1, 3]; a point by a point."""
    segment = [row(0, x=-1), row(-2, x=1)]
    left, right = [row(0, x=-1), row(-1, x=1)], [row(1, x=-1), row(-3, x=1)]
    assert covered(segment, [left, right])
    assert not covered(segment, [left])
    assert not covered(segment, [[left[0], row(-1, "<", x=1)], [row(1, "<", x=-1), right[1]]])
    assert covered(segment, [[left[0], row(-1, "<", x=1)], [row(1, "<", x=-1), right[1]], [row(-1, "=", x=1)]])


def test_numbers_are_their_decimals() -> None:
    assert [exact(value) for value in (0.1, "1e-9", "-2/3", 4)] == [
        Fraction(1, 10), Fraction(1, 10**9), Fraction(-2, 3), 4,
    ]  # fmt: skip
