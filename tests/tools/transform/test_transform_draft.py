from fractions import Fraction

from small_models import model
from transform_models import MODELS

from tools.formulation.model import Kind
from tools.mapping.affine import AffineExpression
from tools.transform.draft import Column, Draft, expression
from tools.transform.implied_bounds import implied_bounds


def test_taking_apart_and_putting_together_changes_nothing() -> None:
    for build in MODELS.values():
        assert Draft.of(build()).formulation("").same_as(build())


def test_substitution_moves_constants_to_the_sides_and_the_objective() -> None:
    draft = Draft.of(model({"x": (0, 9), "y": (0, 9)}, minimize={"x": 2, "y": 1}, rows=[({"x": 3, "y": 1}, 4, 8)]))
    draft.exchange("x", Column("u", Kind.CONTINUOUS, Fraction(0), None), expression({"u": 2, "y": -3}, 1))
    made = draft.formulation("")
    assert made.variables == ("u", "y")
    assert made.row_terms(0) == {0: 6, 1: -8}
    assert (made.row_lower[0], made.row_upper[0], made.objective_constant) == (1, 5, 2)
    assert list(made.objective) == [4, -5]


def test_names_that_are_taken_get_an_underscore() -> None:
    draft = Draft.of(model({"x": (0, 1), "x_": (0, 1)}))
    assert draft.add_column(Column("x", Kind.BINARY, Fraction(0), Fraction(1))).name == "x__"
    draft.require("r", AffineExpression(Fraction(2), {"x": Fraction(1)}), None, Fraction(5))
    draft.require("r", AffineExpression.variable("x"), None, None)
    assert [(row.name, row.upper) for row in draft.rows.values()] == [("r", 3)]


def test_implied_bounds_come_from_one_row_and_the_other_bounds() -> None:
    draft = Draft.of(
        model(
            {"x": (0, None), "y": (-1, 4)},
            {"n": (0, 99)},
            rows=[({"x": 2, "y": 1}, None, 7), ({"n": 3, "y": -1}, None, 8), ({"x": 1, "y": 1, "n": 1}, 3, None)],
        )
    )
    assert implied_bounds(draft) == {"x": (0, 4), "y": (-1, 4), "n": (0, 4)}


def test_implied_bounds_of_one_unbounded_variable() -> None:
    draft = Draft.of(model({"x": (None, None), "y": (0, 2)}, rows=[({"x": -1, "y": 1}, None, 5)]))
    assert implied_bounds(draft) == {"x": (-5, None), "y": (0, 2)}
