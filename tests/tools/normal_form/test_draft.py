from fractions import Fraction

from hypothesis import given, settings

from tests.tools.normal_form.reduction_check import small_model, small_models
from tools.formulation.model import Formulation, Kind
from tools.normal_form.draft import Draft


@given(small_models())
@settings(max_examples=50, deadline=None)
def test_an_unchanged_draft_freezes_to_the_model(model: Formulation) -> None:
    assert Draft(model).freeze().same_as(model)


def test_expressions_may_name_variables_that_leave_later() -> None:
    model = small_model(
        {"a": (0, 2, "C"), "b": (0, 2, "C"), "c": (0, 2, "C")},
        {"r": ({"a": 1, "c": 1}, None, 4), "s": ({"b": 1, "c": 1}, None, 3)},
        {"a": 1, "b": 2},
        constant=1,
    )
    draft = Draft(model)
    draft.replace(0, Fraction(1), {1: Fraction(1, 2)})
    draft.replace(1, Fraction(0), {2: Fraction(1)})
    reduction = draft.reduction("substitution")
    reduced = reduction.reduced
    assert reduced.variables == ("c",)
    assert [dict(reduced.row_terms(i)) for i in range(2)] == [{0: Fraction(3, 2)}, {0: 2}]
    assert list(reduced.row_upper) == [3, 3]
    assert (reduced.objective[0], reduced.objective_constant) == (Fraction(5, 2), 2)
    assert reduction.up.apply({"c": Fraction(1)}) == {"a": Fraction(3, 2), "b": 1, "c": 1}


def test_a_binary_that_loses_a_bound_is_an_integer() -> None:
    draft = Draft(small_model({"x": (0, 1, "B"), "y": (0, 1, "B")}, {}))
    draft.upper[0] = None
    assert draft.freeze().kinds.tolist() == [Kind.INTEGER, Kind.BINARY]


def test_terms_that_cancel_leave_the_row() -> None:
    model = small_model({"a": (0, 2, "C"), "b": (0, 2, "C")}, {"r": ({"a": 1, "b": 1}, 0, 4)})
    draft = Draft(model)
    draft.replace(0, Fraction(2), {1: Fraction(-1)})
    reduction = draft.reduction("substitution")
    assert reduction.reduced.nonzeros == 0
    assert (reduction.reduced.row_lower[0], reduction.reduced.row_upper[0]) == (-2, 2)
