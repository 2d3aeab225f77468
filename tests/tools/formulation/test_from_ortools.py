import math
from fractions import Fraction

import pytest

pytest.importorskip("ortools")

from ortools.linear_solver.python import model_builder
from ortools.math_opt.python import mathopt

from tools.errors import InputError, UnsupportedError
from tools.formulation.from_ortools import formulation_from_mathopt, formulation_from_model_builder
from tools.formulation.model import Formulation, Kind


def check_farm(model: Formulation) -> None:
    assert (model.name, model.sense, model.objective_constant) == ("farm", "maximize", 5)
    assert (model.variables, model.rows) == (("x", "y", "z"), ("cap", "span"))
    assert model.kinds.tolist() == [Kind.BINARY, Kind.CONTINUOUS, Kind.INTEGER]
    assert (model.lower.floats.tolist(), model.upper.floats.tolist()) == ([0, -1, 0], [1, math.inf, 9])
    assert list(model.objective) == [2, Fraction(1, 10), 0]
    assert (model.row_terms(0), model.row_terms(1)) == ({0: 1, 1: 3}, {1: 1, 2: -1})
    assert (model.row_lower.floats.tolist(), model.row_upper.floats.tolist()) == ([-math.inf, -2], [3, 2])


def test_a_mathopt_model() -> None:
    model = mathopt.Model(name="farm")
    x = model.add_binary_variable(name="x")
    gone = model.add_variable(name="gone")
    y = model.add_variable(lb=-1, name="y")
    z = model.add_integer_variable(lb=0, ub=9, name="z")
    model.delete_variable(gone)
    model.add_linear_constraint(x + 3 * y <= 3, name="cap")
    model.add_linear_constraint(lb=-2, expr=y - z, ub=2, name="span")
    model.maximize(2 * x + 0.1 * y + 5)
    check_farm(formulation_from_mathopt(model))


def test_a_model_builder_model() -> None:
    model = model_builder.Model()
    model.name = "farm"
    x = model.new_bool_var("x")
    y = model.new_num_var(-1, 1e30, "y")
    z = model.new_int_var(0, 9, "z")
    model.add(x + 3 * y <= 3, "cap")
    model.add_linear_constraint(y - z, -2, 2, "span")
    model.maximize(2 * x + 0.1 * y + 5)
    check_farm(formulation_from_model_builder(model))


def test_missing_names_are_filled_in() -> None:
    model = mathopt.Model()
    model.add_variable(lb=0, name="x1")
    x = model.add_variable(lb=0)
    model.add_linear_constraint(x >= 1)
    found = formulation_from_mathopt(model)
    assert (found.variables, found.rows) == (("x1", "x1_"), ("c0",))
    builder = model_builder.Model()
    builder.minimize(builder.new_num_var(0, 1, None))
    assert formulation_from_model_builder(builder).variables == ("x0",)


def test_quadratic_objectives_are_refused() -> None:
    model = mathopt.Model()
    x = model.add_variable(lb=0, name="x")
    model.minimize(x * x)
    with pytest.raises(UnsupportedError, match="quadratic objective"):
        formulation_from_mathopt(model)


def test_other_mathopt_constraints_are_refused() -> None:
    model = mathopt.Model()
    x, b = model.add_variable(lb=0, name="x"), model.add_binary_variable(name="b")
    model.add_indicator_constraint(indicator=b, implied_constraint=x <= 3, name="only if")
    with pytest.raises(UnsupportedError, match="indicator constraint, 'only if'"):
        formulation_from_mathopt(model)
    curved = mathopt.Model()
    x = curved.add_variable(lb=0, name="x")
    curved.add_quadratic_constraint(x * x <= 3, name="disc")
    with pytest.raises(UnsupportedError, match="quadratic row, 'disc'"):
        formulation_from_mathopt(curved)


def test_enforced_constraints_are_refused() -> None:
    model = model_builder.Model()
    b = model.new_bool_var("b")
    model.add_enforced(b <= 0, b, True)
    with pytest.raises(UnsupportedError, match="indicator"):
        formulation_from_model_builder(model)


def test_numbers_that_are_not_finite_are_refused() -> None:
    model = mathopt.Model()
    model.minimize(math.inf * model.add_variable(lb=0, name="x"))
    with pytest.raises(InputError, match="finite"):
        formulation_from_mathopt(model)
