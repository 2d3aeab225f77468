from fractions import Fraction

import pytest
from function_lemmas import check_hull, check_lemma, grid

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.extremum import Maximum, Minimum, leads_of, positive_part

F = Fraction
X, Y, Z = map(AffineExpression.variable, "xyz")
BOX = grid(x=(0, 1, 3), y=(1, 2), z=(-1, 2))
RANGES = [(F(0), F(3)), (F(1), F(2)), (F(-1), F(2))]
NAMES = ("s", "t", "u")


@pytest.mark.parametrize("kind", [Maximum, Minimum])
def test_without_bounds_the_best_is_at_least_as_good_as_each(kind):
    check_lemma(kind((X, Y - Z, Z), "w"), BOX)
    check_lemma(kind((X, Y - Z, Z), "w", NAMES), BOX)


@pytest.mark.parametrize("kind", [Maximum, Minimum])
def test_bounds_on_leads_leave_only_the_best_value(kind):
    best = kind((X, Y, Z), "w", NAMES, leads_of(RANGES, kind.sign), integral=True)
    check_lemma(best, BOX)
    rows = list(best.graph())
    for point in BOX:
        right = best.evaluate(point)
        assert right["w"] == (max if kind is Maximum else min)(point.values())
        for choice in grid(w=range(-3, 6), s=(0, 1), t=(0, 1), u=(0, 1)):
            everything = {**point, **choice}
            values = [(row, row.expression.evaluate(everything)) for row in rows]
            fits = all((r.lower is None or v >= r.lower) and (r.upper is None or v <= r.upper) for r, v in values)
            named = [point[x] for x, name in zip("xyz", NAMES) if choice[name]]
            assert fits == (choice["w"] == right["w"] and named == [right["w"]])


@pytest.mark.parametrize("kind", [Maximum, Minimum])
def test_the_better_of_two_values_has_the_convex_hull_as_rows(kind):
    best = kind((X, AffineExpression(F(1))), "w", NAMES[:2], ((None, F(1)), (F(2), None)))
    best = kind(best.terms, "w", NAMES[:2], leads_of([(F(0), F(3)), (F(1), F(1))], kind.sign))
    # Where both are equal either may be named, though the function names the first.
    points = grid(x=(0, 1, 3))
    other = {**best.evaluate({"x": F(1)}), "s": F(0), "t": F(1), "x": F(1)}
    check_hull(best, points, limits=[other])


@pytest.mark.parametrize("kind", [Maximum, Minimum])
def test_a_missing_bound_costs_only_the_rows_that_need_it(kind):
    ranges = [(F(0), None), (F(1), F(2)), (None, F(2))]
    best = kind((X, Y, Z), "w", NAMES, leads_of(ranges, kind.sign))
    check_lemma(best, BOX, slack=None)
    assert len([row for row in best.graph() if row.label.endswith("attained")]) == 1
    ranges = [(F(0), F(3)), (F(1), F(2)), (None, F(2)) if kind is Maximum else (F(-1), None)]
    best = kind((X, Y, Z), "w", NAMES, leads_of(ranges, kind.sign))
    check_lemma(best, BOX, slack=None)
    assert len([row for row in best.graph() if row.label.endswith("attained")]) == 2


def test_the_first_of_equal_values_is_named():
    assert Maximum((X, Y), "w", ("s", "t")).evaluate({"x": F(1), "y": F(1)}) == {"w": 1, "s": 1, "t": 0}


def test_the_positive_part_of_a_bounded_value_has_the_convex_hull_as_rows():
    part = positive_part(X, "p", ("above", "below"), (F(-2), F(3)))
    check_lemma(part, grid(x=[F(k, 2) for k in range(-4, 7)]))
    first, second = (row.expression for row in part.graph() if row.label == "maximum attained")
    # The two upper rows, weighed by u and −l, leave w ≤ u·(x − l)/(u − l): the chord.
    chord = (first * F(3, 5) + second * F(2, 5)).substitute({"below": AffineExpression(F(1), {"above": F(-1)})})
    assert chord == AffineExpression(F(6, 5), {"x": F(3, 5), "p": F(-1)})
    check_lemma(positive_part(X, "p"), grid(x=[F(k, 2) for k in range(-4, 7)]))
    assert positive_part(X, "p").evaluate({"x": F(-1)}) == {"p": 0}


@pytest.mark.parametrize(
    "arguments",
    [
        ((), "w"), ((X,), "w", ("s", "t")), ((X, Y), "w", (), ((None, None), (None, None))),
        ((X, Y), "w", ("s", "t"), ((None, None),)), ((X, Y), "w", ("w", "t")),
    ],
)  # fmt: skip
def test_wrong_shapes_are_refused(arguments):
    with pytest.raises(MappingError, match="the maximum 'w'"):
        Maximum(*arguments)
