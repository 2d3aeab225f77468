from fractions import Fraction

import numpy as np
import pytest
from small_models import model
from synthesis_checks import plain, prover
from synthesis_models import coverage, flow, lot_sizing, scheduling

from tools.formulation.model import Formulation
from tools.synthesis.expressions import CONSTANT_PENALTY, Choice, Form, Pool, forms
from tools.synthesis.points import sample_points


def written(candidate: Formulation) -> dict[str, Form]:
    """Return the forms by their terms, scaled so that the first coefficient is 1 and written in order."""
    found = {}
    for form in forms(candidate):
        first = form.terms[min(form.terms)]
        found[" ".join(f"{a / first}{candidate.variables[k]}" for k, a in sorted(form.terms.items()))] = form
    return found


def shown(candidate: Formulation, choices: list[Choice]) -> list[str]:
    return [plain({"": choice.named(candidate)})[""] for choice in choices]


def test_columns_come_first_and_no_form_twice() -> None:
    found = forms(coverage()[1].model())
    count = len(coverage()[1].variables)
    assert [form.penalty for form in found[:count]] == [0.0] * count
    assert all(form.penalty > 0 for form in found[count:])
    ratios = [tuple((k, a / form.terms[min(form.terms)]) for k, a in sorted(form.terms.items())) for form in found]
    assert len(ratios) == len(set(ratios))


def test_fixed_columns_alone_suggest_nothing() -> None:
    fixed = model({"u": (2, 2), "w": (3, 3), "v": (0, 9)}, rows=[({"u": 1, "w": 1}, None, 9), ({"u": 1, "v": 1}, 1, 9)])
    found = set(written(fixed))
    assert {"1v", "1u 1v"} <= found
    assert found.isdisjoint({"1u", "1w", "1u 1w"})


def test_rows_parts_of_rows_and_linked_columns_are_forms() -> None:
    """A row in two kinds gives both parts; rows x ≤ y of two entries give the sum of what y is linked to."""
    mixed = model(
        {"s": (0, 9), "t": (0, 9)},
        {"a": (0, 1), "b": (0, 1), "y": (0, 1)},
        rows=[
            ({"s": 1, "t": 1, "a": -4, "b": -4}, None, 0),
            ({"a": 1, "y": -1}, None, 0),
            ({"b": 1, "y": -1}, None, 0),
        ],
    )
    found = written(mixed)
    assert {"1s 1t -4a -4b", "1s 1t", "1a 1b"} <= set(found)
    assert found["1a 1b"].origin == "the columns linked to 'y'"
    assert "part of row" in found["1s 1t"].origin


def test_short_rows_are_tried_without_each_entry() -> None:
    short = model(dict.fromkeys("uvw", (0, 9)), rows=[({"u": 2, "v": 3, "w": 5}, None, 9)])
    assert {"1u 3/2v 5/2w", "1u 3/2v", "1u 5/2w", "1v 5/3w"} <= set(written(short))


def test_a_selected_number_and_its_tails_are_forms() -> None:
    """Σ z = 1 with costs 0, 4, 12, 20: the cost selected, and the sums of the last two and three."""
    slots = model(
        integer={f"z{t}": (0, 1) for t in range(4)},
        minimize={"z1": 4, "z2": 12, "z3": 20},
        rows=[({f"z{t}": 1 for t in range(4)}, 1, 1)],
    )
    found = written(slots)
    assert found["1z1 3z2 5z3"].origin == "costs over row 'r0'"
    assert found["1z2 1z3"].origin == "the last by cost over row 'r0'"
    assert "1z1 1z2 1z3" in found
    assert "1z3 1z1" not in found


def test_equal_costs_put_columns_in_no_order() -> None:
    slots = model(
        integer={f"z{t}": (0, 1) for t in range(5)},
        minimize={"z1": 4, "z2": 4, "z3": 20, "z4": 7},
        rows=[({f"z{t}": 1 for t in range(5)}, 1, 1)],
    )
    assert not any("the last" in form.origin for form in forms(slots))


def test_another_row_gives_weights_too() -> None:
    weighted = model(
        integer={f"z{t}": (0, 1) for t in range(4)} | {"n": (0, 99)},
        rows=[({f"z{t}": 1 for t in range(4)}, 1, 1), ({f"z{t}": 2 + 3 * t for t in range(4)} | {"n": -1}, 0, 0)],
    )
    found = written(weighted)
    assert "1z0 5/2z1 4z2 11/2z3" in found
    assert "1z2 1z3" in found


def between(one: tuple, two: tuple) -> Formulation:
    return model(dict.fromkeys("xyk", (None, None)), rows=[one, two])


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        # k ≥ x − 5 and k ≤ y + 1 say x − y ≤ 6.
        (({"x": 1, "k": -1}, None, 5), ({"k": 1, "y": -1}, None, 1), (-np.inf, 6)),
        (({"x": 1, "k": -1}, None, 5), ({"k": -1, "y": 1}, -1, None), (-np.inf, 6)),
        (({"x": 1, "k": -1}, 2, 5), ({"k": 1, "y": -1}, 0, 1), (2, 6)),
        (({"x": 1, "k": -1}, 2, 2), ({"k": 1, "y": -1}, 1, 1), (3, 3)),
        (({"x": 1, "k": -2}, None, 4), ({"k": 6, "y": -3}, None, 12), (-np.inf, 8)),
        # Both bound k from below: they say nothing together.
        (({"x": 1, "k": -1}, None, 5), ({"k": 1, "y": -1}, 1, None), None),
    ],
)
def test_pairs_of_rows_eliminate_the_column_that_they_share(
    one: tuple, two: tuple, expected: tuple[float, float] | None
) -> None:
    found = written(between(one, two)).get("1x -1y")
    assert (None if found is None else (found.low, found.high)) == expected
    assert expected is None or "and" in found.origin


def test_columns_in_many_short_rows_are_not_eliminated(monkeypatch: pytest.MonkeyPatch) -> None:
    pair = ({"x": 1, "k": -1}, None, 5), ({"k": 1, "y": -1}, None, 1)
    assert "1x -1y" in written(between(*pair))
    monkeypatch.setattr("tools.synthesis.expressions._MOST_NEIGHBOURS", 1)
    assert "1x -1y" not in written(between(*pair))


def test_what_eliminated_rows_promise_holds_at_every_point() -> None:
    """The sides of a combination of two rows are those that a solver finds to hold."""
    candidate = lot_sizing(fractions=False)[1].model()
    source = prover(candidate)
    combined = [form for form in forms(candidate) if form.origin.startswith("rows ")]
    assert combined
    for form in combined[:12]:
        for sign, side in ((1, form.low), (-1, -form.high)):
            if np.isfinite(side):
                lowest = source.minimise({k: sign * a for k, a in form.terms.items()}).objective
                assert lowest is not None
                assert lowest >= side - 1e-6


def test_the_largest_pool_keeps_the_simplest_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    candidate = flow()[1].model()
    every = forms(candidate)
    monkeypatch.setattr("tools.synthesis.expressions.LARGEST_POOL", 4)
    assert [form.terms for form in forms(candidate)] == [form.terms for form in every[:4]]


def choices(
    reference: Formulation, candidate: Formulation, name: str, keep: int = 20
) -> tuple[list[Choice], list[str]]:
    pool = Pool(candidate, sample_points(prover(candidate), 16, 0))
    found = pool.choices(reference, reference.variable_index[name], keep)
    return found, shown(candidate, found)


@pytest.mark.parametrize(
    ("models", "variable", "expected"),
    [
        (coverage, "z0", "x00 + x01"),
        (coverage, "z2", "x20 + x22 + x23"),
        (coverage, "y1", "y1"),
        (flow, "sa", "sabt + sat"),
        (flow, "bt", "sabt + sbt"),
        (scheduling, "s0", "z01 + 2*z02 + 3*z03 + 4*z04"),
        (scheduling, "s1", "z11 + 2*z12 + 3*z13"),
        (lambda: lot_sizing(False), "x0", "X00 + X01 + X02"),
        (lambda: lot_sizing(True), "x0", "30*X00 + 20*X01 + 40*X02"),
    ],
)
def test_the_true_expression_is_among_the_choices(models, variable: str, expected: str) -> None:
    ours, theirs = models()
    assert expected in choices(ours.model(), theirs.model(), variable)[1]


def test_choices_keep_bounds_and_integrality_at_all_points_best_first() -> None:
    ours, theirs = coverage()
    reference, candidate = ours.model(), theirs.model()
    points = sample_points(prover(candidate), 16, 0)
    pool = Pool(candidate, points)
    for j, name in enumerate(reference.variables):
        found = pool.choices(reference, j, 20)
        assert len(found) <= 20 + 2
        assert [c.penalty for c in found] == sorted(c.penalty for c in found), name
        for choice in found:
            values = [
                choice.constant + sum((a * point[k] for k, a in choice.terms.items()), Fraction(0)) for point in points
            ]
            assert set(values) <= {0, 1}, (name, str(choice.named(candidate)))
            assert np.allclose(choice.values, [float(v) for v in values])


def test_the_bounds_of_a_variable_are_choices_of_last_resort() -> None:
    ours, theirs = flow()
    found, texts = choices(ours.model(), theirs.model(), "ab")
    assert texts[-2:] == ["0", "4"]
    assert [choice.penalty for choice in found[-2:]] == [CONSTANT_PENALTY] * 2
    free = model({"x": (None, 7)}, minimize={"x": 1})
    assert choices(free, theirs.model(), "x")[1].count("7") == 1


def test_at_most_so_many_are_kept() -> None:
    ours, theirs = coverage()
    found = choices(ours.model(), theirs.model(), "z2", keep=4)[0]
    assert len([choice for choice in found if choice.terms]) <= 4


def test_complements_and_shifts_to_a_bound_are_choices() -> None:
    """x from 3 to 8 may be 3 + u, 8 − u, and u ranges over 0..5; a price of a half gives x = 2u."""
    candidate = model(integer={"u": (0, 5), "v": (0, 9)}, minimize={"u": 1})
    texts = choices(model(integer={"x": (3, 8)}, maximize={"x": 1}), candidate, "x")[1]
    assert {"u + 3", "8 - u"} <= set(texts)
    doubled = choices(model(integer={"x": (0, 10)}, minimize={"x": "1/2"}), candidate, "x")[1]
    assert doubled[0] == "2*u"


def test_an_integer_variable_is_no_fraction_of_another() -> None:
    """At even points a half of u is whole, so it stays a choice until a point is odd."""
    candidate = model(integer={"u": (0, 8)}, minimize={"u": 1})
    even, odd = ([Fraction(v)] for v in (2, 3))
    for kind, points, kept in (("integer", [even], True), ("integer", [even, odd], False), ("continuous", [odd], True)):
        reference = model(**{kind: {"x": (0, 4)}}, minimize={"x": 2})
        assert ("1/2*u" in shown(candidate, Pool(candidate, points).choices(reference, 0, 20))) is kept


def test_columns_are_known_by_the_expressions_they_are() -> None:
    candidate = flow()[1].model()
    pool = Pool(candidate, sample_points(prover(candidate), 4, 0))
    for choice in pool.choices(flow()[0].model(), 0, 10):
        if choice.terms:
            expected = choice.form if len(choice.terms) == 1 else None
            assert pool.column_of(choice.named(candidate)) == expected
