from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from small_models import Number, model

from tools.claims import dominance
from tools.claims.carrier import Carrier
from tools.claims.dominance import dominated
from tools.claims.verify import Pair, Verification, verify_pair
from tools.exact.budget import Budget
from tools.exact.prover import Prover
from tools.formulation.model import Formulation
from tools.mapping.forms import IndexMapping

Rules = Mapping[str, tuple[Number, Mapping[str, Number]]]


def verified(reference: Formulation, candidate: Formulation, rules: Rules) -> Verification:
    """Return all that is shown of the recovery with rules {reference variable: (constant, {candidate variable: a})}."""
    mapping = IndexMapping(
        [Fraction(rules[name][0]) for name in reference.variables],
        [{candidate.variable_index[k]: Fraction(a) for k, a in rules[name][1].items()} for name in reference.variables],
    )
    return verify_pair(Pair(reference, candidate, Budget(solve_seconds=5.0)), mapping)


def found(reference: Formulation, candidate: Formulation, rules: Rules) -> str | None:
    """Return what shows that a sound recovery with the right optima misses nothing that matters."""
    result = verified(reference, candidate, rules)
    assert result.claims["sound"].result == result.claims["optima"].result == "proved", result.claims
    assert result.claims["complete"].result != "proved"
    assert (result.dominance is None) == (result.chosen is not None)
    return None if result.dominance is None else result.dominance.detail


def stock(sign: int = 1) -> Formulation:
    """Two periods with demands 3 and 4, set-ups y, production x, closing stocks s; s1 costs nothing and serves nobody.

    Every solution in which s1 > 0 wastes production, so it is never needed and never missed. With sign −1, s1 is a
    stock of −s1.
    """
    last = (0, None) if sign > 0 else (None, 0)
    return model(
        {"x0": (0, None), "x1": (0, None), "s0": (0, None), "s1": last},
        {"y0": (0, 1), "y1": (0, 1)},
        minimize={"y0": 5, "y1": 6, "x0": 2, "x1": 3, "s0": 1},
        rows=[
            ({"x0": 1, "s0": -1}, 3, 3),
            ({"x1": 1, "s0": 1, "s1": -sign}, 4, 4),
            ({"x0": 1, "y0": -9}, None, 0),
            ({"x1": 1, "y1": -9}, None, 0),
        ],
    )


def amounts(most: int | None = None, least: int = 0) -> Formulation:
    """What is produced in period 0 for 0 and 1 (a, b ≤ most), and in 1 for 1 (c); w1 is at least `least`."""
    return model(
        {"a": (0, None), "b": (0, most), "c": (0, None)},
        {"w0": (0, 1), "w1": (least, 1)},
        minimize={"w0": 5, "w1": 6, "a": 2, "b": 3, "c": 3},
        rows=[
            ({"a": 1}, 3, 3),
            ({"b": 1, "c": 1}, 4, 4),
            ({"a": 1, "b": 1, "w0": -9}, None, 0),
            ({"c": 1, "w1": -9}, None, 0),
        ],
    )


SERVED: Rules = {
    "x0": (0, {"a": 1, "b": 1}),
    "x1": (0, {"c": 1}),
    "s0": (0, {"b": 1}),
    "s1": (0, {}),
    "y0": (0, {"w0": 1}),
    "y1": (0, {"w1": 1}),
}


def test_a_closing_stock_of_zero_gives_a_face() -> None:
    detail = found(stock(), amounts(), SERVED)
    assert detail is not None
    assert "s1 ≥ 0" in detail
    assert "is reached" in detail


def test_an_upper_bound_gives_a_face_too() -> None:
    detail = found(stock(-1), amounts(), SERVED)
    assert detail is not None
    assert "s1 ≤ 0" in detail


def test_a_face_by_a_row_that_is_always_tight() -> None:
    """Capacities p and q, 4 in all, allow x and y; C gives out all of it, r and 4 − r, and R need not."""
    reference = model(
        dict.fromkeys("xypq", (0, 4)),
        minimize={"x": 2, "y": 3},
        rows=[
            ({"x": 1, "y": 1}, 3, None),
            ({"x": 1, "p": -1}, None, 0),
            ({"y": 1, "q": -1}, None, 0),
            ({"p": 1, "q": 1}, None, 4),
        ],
    )
    candidate = model(
        dict.fromkeys("uvr", (0, 4)),
        minimize={"u": 2, "v": 3},
        rows=[({"u": 1, "v": 1}, 3, None), ({"u": 1, "r": -1}, None, 0), ({"v": 1, "r": 1}, None, 4)],
    )
    rules: Rules = {"x": (0, {"u": 1}), "y": (0, {"v": 1}), "p": (0, {"r": 1}), "q": (4, {"r": -1})}
    detail = found(reference, candidate, rules)
    assert detail is not None
    assert "row r3" in detail


def test_a_part_of_a_face_is_not_enough() -> None:
    """With b ≤ 2 and w1 = 1 solutions are missed that have no closing stock either."""
    reference, candidate = stock(), amounts(most=2, least=1)
    result = verified(reference, candidate, SERVED)
    assert result.claims["sound"].result == "proved"
    assert result.relation is not None
    pair = Pair(reference, candidate, Budget(solve_seconds=5.0))
    carrier = Carrier.plain(reference, pair.candidate, result.recovery)
    assert dominated(carrier, pair.reference, result.relation) is None


def polytope() -> Formulation:
    """min 2x + 3y + 4z + 6v with x + y + z + v ≥ 3 in a box: the optimum (2, 1, 0, 0) costs 7."""
    return model(
        dict.fromkeys("xyzv", (0, 2)),
        minimize={"x": 2, "y": 3, "z": 4, "v": 6},
        rows=[(dict.fromkeys("xyzv", 1), 3, None)],
    )


SEGMENT = model({"u": (0, 1)}, minimize={"u": 1})


def test_an_edge_of_a_polytope_is_no_face_that_counts() -> None:
    """(2 − u, 1 + u, 0, 0) runs along an edge at cost 7 + u: sound, with the right optimum, and made to fit."""
    edge: Rules = {"x": (2, {"u": -1}), "y": (1, {"u": 1}), "z": (0, {}), "v": (0, {})}
    assert found(polytope(), SEGMENT, edge) is None


def test_a_constant_map_does_not_count() -> None:
    constant: Rules = {"x": (2, {}), "y": (1, {}), "z": (0, {}), "v": (0, {})}
    candidate = model({"u": (0, 1), "k": (1, 1)}, minimize={"k": 7})
    assert found(polytope(), candidate, constant) is None


def test_a_small_reference_has_no_face_that_counts() -> None:
    """An edge of a square: one tight side of two variables' models."""
    square = model({"x": (0, 1), "y": (0, 1)}, minimize={"x": 1, "y": 1})
    assert found(square, SEGMENT, {"x": (0, {"u": 1}), "y": (0, {})}) is None


def locations(served: bool = True) -> Formulation:
    """Sites a and b and a vehicle d; t ≥ 4 − 3a − 2b pays for what is not served, and idle stock i may be kept.

    The integer patterns of (a, b, d) are feasible with a + b ≥ d: 7 of 8 patterns.
    """
    return model(
        {"t": (0, 9), "i": (0, 9)},
        dict.fromkeys("abd", (0, 1)),
        minimize={"a": 3, "b": 4, "d": -1, "t": 2},
        rows=[({"t": 1, "a": 3, "b": 2}, 4, None), ({"a": 1, "b": 1, "d": -1}, 0, None), ({"t": 1, "i": -1}, -9, None)],
    )


def decisions(last: Number = 4) -> Formulation:
    """The same without stock and where only what is needed is paid for: t = `last` − 3a − 2b plus what is spilt."""
    return model(
        {"p": (0, 5)},
        dict.fromkeys("uvw", (0, 1)),
        minimize={"u": 3, "v": 4, "w": -1, "p": 2},
        rows=[({"p": 1, "u": 3, "v": 2}, last, None), ({"u": 1, "v": 1, "w": -1}, 0, None)],
    )


DECIDED: Rules = {
    "a": (0, {"u": 1}),
    "b": (0, {"v": 1}),
    "d": (0, {"w": 1}),
    "t": (0, {"p": 1}),
    "i": (0, {"p": "1/2", "u": "1/3"}),
}
"""The stock is made up, within its bounds."""


def test_every_decision_matched_at_no_greater_cost_counts() -> None:
    detail = found(locations(), decisions(), DECIDED)
    assert detail is not None
    assert "7 integer patterns" in detail


@pytest.mark.parametrize("missed", ["a row", "a bound"])
def test_a_decision_without_a_counterpart_does_not_count(missed: str) -> None:
    """C forbids u = v = 1, or fixes w: optima carry over, but a decision of R is gone, and with it nothing is shown.

    The optimum has a = 1, b = 0, d = 1: 3 − 1 + 2 = 4 (b alone: 4 − 1 + 4; both: 7 − 1; none: 8).
    """
    rows = [({"p": 1, "u": 3, "v": 2}, 4, None), ({"u": 1, "v": 1, "w": -1}, 0, None)]
    rows += [({"u": 1, "v": 1}, None, 1)] if missed == "a row" else [({"w": 1}, 1, 1)]
    narrowed = model({"p": (0, 5)}, dict.fromkeys("uvw", (0, 1)), minimize={"u": 3, "v": 4, "w": -1, "p": 2}, rows=rows)
    assert found(locations(), narrowed, DECIDED) is None


def test_a_pattern_that_is_cheaper_in_the_reference_does_not_count() -> None:
    """C pays for 3 units more when u = v = 1: that pattern costs more than it must, but is not optimal."""
    dear = model(
        {"p": (0, 5)},
        dict.fromkeys("uvw", (0, 1)),
        minimize={"u": 3, "v": 4, "w": -1, "p": 2},
        rows=[
            ({"p": 1, "u": 3, "v": 2}, 4, None),
            ({"u": 1, "v": 1, "w": -1}, 0, None),
            ({"p": 1, "u": -3, "v": -3}, -3, None),
        ],
    )
    assert found(locations(), dear, DECIDED) is None


def test_few_patterns_do_not_tell_a_map_from_an_accident(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(locations(), decisions(), DECIDED) is not None
    monkeypatch.setattr(dominance, "FEWEST", 8)
    assert found(locations(), decisions(), DECIDED) is None


def test_too_many_patterns_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    reference, candidate = locations(), decisions()
    pair = Pair(reference, candidate, Budget(solve_seconds=5.0))
    result = verified(reference, candidate, DECIDED)
    assert result.relation is not None
    carrier = Carrier.plain(reference, pair.candidate, result.recovery)
    assert dominated(carrier, pair.reference, result.relation) is not None
    monkeypatch.setattr(dominance, "MOST_PATTERNS", 7)
    assert dominated(carrier, pair.reference, result.relation) is None


def test_without_an_objective_nothing_matters_more_than_the_rest() -> None:
    feasible = stock().changed(objective=stock().objective.__class__.of([0] * 6))
    pair = Pair(feasible, amounts(), Budget())
    result = verified(stock(), amounts(), SERVED)
    assert result.relation is not None
    carrier = Carrier.plain(feasible, pair.candidate, result.recovery)
    assert dominated(carrier, pair.reference, result.relation) is None


def test_a_value_that_was_not_seen_to_move_is_not_one_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no second point is found, that the variable is constant must still be proved."""
    prover = Prover(model(continuous={"x": (0, 5)}, minimize={"x": 1}), Budget())
    fixed = Prover(model(continuous={"x": (0, 5)}, minimize={"x": 1}, rows=[({"x": 1}, None, 0)]), Budget())
    monkeypatch.setattr(dominance, "_varies", lambda prover, form: False)
    assert not dominance._has_one_value(prover, 0)
    assert dominance._has_one_value(fixed, 0)
