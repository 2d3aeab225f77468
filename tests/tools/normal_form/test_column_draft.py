from fractions import Fraction

from hypothesis import given, settings

from tests.tools.normal_form.reduction_check import check_reduction, small_model, small_models
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.normal_form.column_draft import ColumnDraft

ONE = Fraction(1)


@settings(max_examples=60, deadline=None)
@given(small_models())
def test_an_unchanged_draft_is_the_identity(model: Formulation) -> None:
    draft = ColumnDraft(model)
    reduction = draft.reduction("nothing")
    assert reduction.steps == ("nothing",)
    assert reduction.reduced.variables == model.variables
    assert [reduction.reduced.row_terms(i) for i in range(len(model.rows))] == [
        model.row_terms(i) for i in range(len(model.rows))
    ]
    check_reduction(reduction, box=3, limit=50)


def test_substitutions_follow_each_other_in_rows_objective_and_maps() -> None:
    model = small_model(
        {"x": (None, None, "C"), "y": (None, None, "C"), "z": (0, 2, "I")},
        {"a": ({"x": 1, "y": -1}, 1, 1), "b": ({"y": 1, "z": -2}, 0, 0), "c": ({"x": 1, "z": 1}, None, 5)},
        {"x": 2, "z": -4},
    )
    draft = ColumnDraft(model)
    draft.delete_row(0)
    draft.substitute(0, {1: ONE}, ONE)
    draft.delete_row(1)
    draft.substitute(1, {2: Fraction(2)}, Fraction(0))
    reduction = draft.reduction("both")
    reduced = reduction.reduced
    assert reduced.variables == ("z",)
    assert reduced.row_terms(0) == {0: 3}
    assert reduced.row_upper[0] == 4
    assert not reduced.cost_terms
    assert reduced.objective_constant == 2
    assert reduction.up.apply({"z": ONE}) == {"x": 3, "y": 2, "z": 1}
    check_reduction(reduction)


def test_a_new_variable_may_leave_again() -> None:
    model = small_model({"x": (0, 2, "I"), "y": (0, 1, "I")}, {"a": ({"x": 1, "y": 1}, 1, 2)}, {"x": 1, "y": 1})
    draft = ColumnDraft(model)
    name = draft.fresh("x")
    assert name == "x'"
    value = draft.form({0: ONE}, ONE)
    moved = draft.add_variable(name, (ONE, Fraction(3)), integer=True, column={0: ONE}, cost=ONE, value=value)
    draft.shift_sides(0, ONE)
    draft.constant -= 1
    draft.remove({0: AffineExpression(-ONE, {name: ONE})})
    again = draft.fresh("s")
    both = draft.form({moved: ONE, 1: ONE})
    draft.add_variable(again, (ONE, Fraction(4)), integer=True, column={0: ONE}, cost=ONE, value=both)
    draft.remove({moved: AffineExpression(Fraction(0), {again: ONE, "y": -ONE})})
    reduction = draft.reduction("moved")
    assert reduction.down.apply({"x": Fraction(2), "y": ONE}) == {"y": 1, again: 4}
    assert reduction.up.apply({"y": ONE, again: Fraction(4)}) == {"x": 2, "y": 1}


def test_bounds_move_inward_for_integers_only() -> None:
    draft = ColumnDraft(small_model({"k": (Fraction(1, 2), Fraction(5, 2), "I"), "c": (Fraction(1, 2), None, "C")}, {}))
    assert draft.bounds == {0: (1, 2), 1: (Fraction(1, 2), None)}
    draft.tighten(0, (Fraction(4, 3), None))
    draft.tighten(1, (None, Fraction(4, 3)))
    assert draft.bounds == {0: (2, 2), 1: (Fraction(1, 2), Fraction(4, 3))}


def test_names_of_deleted_rows_may_be_used_again() -> None:
    draft = ColumnDraft(small_model({"x": (0, 2, "I")}, {"a": ({"x": 1}, 1, 2)}))
    assert draft.row_names[draft.add_row("a", {0: ONE}, None, ONE)] == "a'"
    draft.delete_row(0)
    assert draft.row_names[draft.add_row("a", {0: ONE}, None, ONE)] == "a"
