from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from random_formulations import SMALL_DECIMALS, formulations
from small_models import model

from tools.formulation.derive import (
    boxed,
    concatenate,
    elastic,
    magnified,
    submodel,
    with_row,
    with_rows,
    with_variables,
)
from tools.formulation.model import Formulation, Kind
from tools.formulation.numbers import ExactVector

THIRD = Fraction(1, 3)


def example() -> Formulation:
    return model(
        continuous={"x": ("1/3", None)},
        integer={"n": (None, 7)},
        maximize={"x": 2, "n": "1/7"},
        constant=5,
        rows=[({"x": 1, "n": "1/3"}, 1, None), ({"n": 2}, -4, "4/3")],
    )


def test_a_row_is_appended_and_nothing_else_changes() -> None:
    before = example()
    after = with_row(before, {1: THIRD, 0: Fraction(0)}, lower=THIRD)
    assert after.rows == ("r0", "r1", "cut")
    assert after.row_terms(2) == {1: THIRD}
    assert (after.row_lower[2], after.row_upper.finite(2)) == (THIRD, None)
    for attribute in ("variables", "lower", "upper", "objective", "objective_constant", "sense"):
        assert getattr(after, attribute) == getattr(before, attribute)
    for i in range(2):
        assert after.row_terms(i) == before.row_terms(i)
        assert after.row_lower.finite(i) == before.row_lower.finite(i)
        assert after.row_upper.finite(i) == before.row_upper.finite(i)


def test_names_that_are_taken_get_a_prime() -> None:
    twice = with_rows(example(), [("r0", {}, None, Fraction(1)), ("r0", {}, Fraction(0), None)])
    assert twice.rows == ("r0", "r1", "r0'", "r0''")
    more = with_variables(example(), [("x", None, None, Kind.INTEGER)])
    assert more.variables == ("x", "n", "x'")


def test_nothing_appended_is_the_model_itself() -> None:
    assert with_rows(example(), []).same_as(example())
    assert with_variables(example(), []).same_as(example())


def test_variables_are_appended_outside_rows_and_objective() -> None:
    after = with_variables(example(), [("k", THIRD, None, Kind.INTEGER), ("t", None, Fraction(2), Kind.CONTINUOUS)])
    assert after.integer.tolist() == [False, True, True, False]
    assert (after.lower[2], after.upper.finite(2)) == (THIRD, None)
    assert (after.lower.finite(3), after.upper[3]) == (None, 2)
    assert after.objective[2] == after.objective[3] == 0
    assert after.row_terms(0) == example().row_terms(0)


def test_a_submodel_keeps_data_and_tells_where_variables_come_from() -> None:
    part, columns = submodel(example(), [1], {})
    assert columns == [1]
    assert part.variables == ("n",)
    assert part.integer.tolist() == [True]
    assert part.row_terms(0) == {0: Fraction(2)}
    assert part.row_upper[0] == Fraction(4, 3)
    wider, columns = submodel(example(), [], {0: Fraction(1)})
    assert columns == [0]
    assert wider.lower[0] == THIRD
    assert wider.shape == (0, 1)


@given(formulations(numbers=SMALL_DECIMALS), st.data())
def test_an_elastic_model_misses_rows_by_what_is_paid(formulation: Formulation, data: st.DataObject) -> None:
    m, n = formulation.shape
    relaxed, cost = elastic(formulation, {})
    assert relaxed.shape == (m, n + 2 * m)
    assert cost == {n + k: Fraction(1) for k in range(2 * m)}
    x = [Fraction(data.draw(st.integers(-3, 3))) for _ in range(n)]
    misses = [Fraction(0)] * (2 * m)
    for i in range(m):
        activity = sum((a * x[j] for j, a in formulation.row_terms(i).items()), Fraction(0))
        low, high = formulation.row_lower.finite(i), formulation.row_upper.finite(i)
        if low is not None:
            misses[i] = max(misses[i], low - activity)
        if high is not None and low is None:
            misses[m + i] = max(misses[m + i], activity - high)
    broken = {v.index for v in relaxed.violations([*x, *misses]) if v.element == "row"}
    two_sided = {i for i in range(m) if formulation.row_lower.finite(i) is not None}
    assert broken <= two_sided


def test_an_elastic_model_lies_within_the_box() -> None:
    relaxed, _ = elastic(example(), {1: (Fraction(2), THIRD + 2)})
    assert (relaxed.lower[1], relaxed.upper[1]) == (2, THIRD + 2)
    assert (relaxed.lower[0], relaxed.upper.finite(0)) == (THIRD, None)


@given(formulations(numbers=SMALL_DECIMALS), st.data())
def test_magnifying_keeps_what_is_feasible(formulation: Formulation, data: st.DataObject) -> None:
    n = len(formulation.variables)
    near = [data.draw(st.fractions(-3, 3, max_denominator=8)) for _ in range(n)]
    point = [data.draw(st.fractions(-3, 3, max_denominator=4)) for _ in range(n)]
    closer = magnified(formulation, near, 10**7, {})
    moved = [10**7 * (value - origin) for value, origin in zip(point, near, strict=True)]

    def broken(model: Formulation, at: list[Fraction]) -> list[tuple[str, int]]:
        return [(v.element, v.index) for v in model.violations(at) if v.element != "integrality"]

    assert broken(closer, moved) == broken(formulation, point)


def test_magnifying_uses_the_box() -> None:
    closer = magnified(example(), [Fraction(1), Fraction(2)], 10, {1: (None, Fraction(3))})
    assert closer.lower[0] == 10 * (THIRD - 1)
    assert (closer.lower.finite(1), closer.upper[1]) == (None, 10)


def test_concatenation_keeps_exact_entries() -> None:
    first, second = ExactVector.of([1, THIRD]), ExactVector.of([THIRD, Fraction(2, 7), 0.5])
    assert list(concatenate(first, second)) == [1, THIRD, THIRD, Fraction(2, 7), Fraction(1, 2)]


def test_a_box_closes_what_is_open_and_keeps_what_is_closed() -> None:
    open_ = model(continuous={"a": (None, None), "b": (7, None), "c": (None, -7), "d": (1, 2)})
    box = boxed(open_, 10)
    sides = [(box.lower[j], box.upper[j]) for j in range(4)]
    assert sides == [(-10, 10), (7, 17), (-17, -7), (1, 2)]
