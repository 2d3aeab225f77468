from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

cp = pytest.importorskip("cvxpy")

from tools.errors import InputError, UnsupportedError  # noqa: E402
from tools.formulation.from_cvxpy import formulation_from_cvxpy  # noqa: E402
from tools.formulation.model import Formulation, Kind  # noqa: E402


def optimum(model: Formulation) -> float:
    rows = LinearConstraint(model.matrix, model.row_lower.floats, model.row_upper.floats)
    bounds = Bounds(model.lower.floats, model.upper.floats)
    result = milp(model.cost.floats, constraints=rows, bounds=bounds, integrality=model.integer.astype(int))
    assert result.success
    value = float(result.fun) + float(model.cost_constant)
    return value if model.sense == "minimize" else -value


def test_names_kinds_sense_and_constant() -> None:
    x = cp.Variable((2, 2), name="x", boolean=True)
    y = cp.Variable(name="y")
    z = cp.Variable(3, name="z", integer=True, bounds=[0, 10])
    problem = cp.Problem(cp.Maximize(cp.sum(x) + 0.1 * y + 5), [y <= 4, cp.sum(z) == 3, cp.trace(x) <= 1])
    model = formulation_from_cvxpy(problem, name="m")
    assert model.sense == "maximize"
    assert model.objective_constant == 5
    kinds = dict(zip(model.variables, model.kinds.tolist(), strict=True))
    assert kinds == {
        "x[0,0]": Kind.BINARY, "x[0,1]": Kind.BINARY, "x[1,0]": Kind.BINARY, "x[1,1]": Kind.BINARY,
        "y": Kind.CONTINUOUS, "z[0]": Kind.INTEGER, "z[1]": Kind.INTEGER, "z[2]": Kind.INTEGER,
    }  # fmt: skip
    assert model.objective[model.variable_index["y"]] == Fraction(1, 10)
    trace = model.row_terms(model.row_index["le[1]"])
    assert {model.variables[j] for j in trace} == {"x[0,0]", "x[1,1]"}
    assert not model.auxiliary
    problem.solve(solver=cp.HIGHS)
    assert optimum(model) == pytest.approx(problem.value)


def test_auxiliaries_are_marked() -> None:
    x = cp.Variable(3, name="x")
    problem = cp.Problem(cp.Minimize(cp.norm1(x) + cp.max(x) - 2), [cp.sum(x) == 1, x >= -1])
    model = formulation_from_cvxpy(problem)
    added = {model.variables[j] for j in model.auxiliary}
    assert added == {f"_aux[{k}]" for k in range(len(added))}
    assert added
    assert {"x[0]", "x[1]", "x[2]"} == set(model.variables) - added
    problem.solve(solver=cp.HIGHS)
    assert optimum(model) == pytest.approx(problem.value)


def test_structured_matrices_are_named_by_their_free_entries() -> None:
    s = cp.Variable((2, 2), name="s", symmetric=True)
    d = cp.Variable((2, 2), name="d", diag=True)
    weights = np.array([[1.0, 2.0], [3.0, 4.0]])
    problem = cp.Problem(
        cp.Minimize(cp.sum(cp.multiply(weights, s)) + cp.sum(cp.multiply(weights, d))), [s >= 1, d >= -7]
    )
    model = formulation_from_cvxpy(problem)
    costs = {model.variables[j]: value for j, value in model.cost_terms.items()}
    assert costs == {"s[0,0]": 1, "s[0,1]": 5, "s[1,1]": 4, "d[0,0]": 1, "d[1,1]": 4}


def test_bounds_of_variables() -> None:
    x = cp.Variable(2, name="x", bounds=[np.array([-1, -np.inf]), np.array([3, 4])])
    w = cp.Variable(name="w", nonneg=True)
    model = formulation_from_cvxpy(cp.Problem(cp.Minimize(w + cp.sum(x)), [x >= -5]))
    found = {v: (lo, hi) for v, lo, hi in zip(model.variables, model.lower.floats, model.upper.floats, strict=True)}
    assert found == {"w": (0, np.inf), "x[0]": (-1, 3), "x[1]": (-np.inf, 4)}


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda x: cp.Problem(cp.Minimize(cp.sum_squares(x))), "objective .* is not piecewise linear"),
        (lambda x: cp.Problem(cp.Minimize(cp.norm(x, 2))), "objective .* is not piecewise linear"),
        (lambda x: cp.Problem(cp.Minimize(cp.sum(x)), [x >= 1, cp.exp(x[0]) <= 3]), "constraint 1 .*not piecewise"),
        (lambda x: cp.Problem(cp.Minimize(cp.sum(x)), [cp.SOC(x[0], x[1:])]), "a SOC constraint, constraint 0"),
        (lambda x: cp.Problem(cp.Maximize(cp.square(x[0]))), r"not convex \(DCP\)"),
        (lambda x: cp.Problem(cp.Minimize(x[0] * x[1])), r"not convex \(DCP\)"),
    ],
)
def test_what_is_not_linear_is_refused(build: object, message: str) -> None:
    with pytest.raises(UnsupportedError, match=message) as caught:
        formulation_from_cvxpy(build(cp.Variable(3, name="x")))  # type: ignore[operator]
    assert "\n" not in str(caught.value)


def test_a_semidefinite_variable_is_refused() -> None:
    s = cp.Variable((2, 2), name="s", PSD=True)
    with pytest.raises(UnsupportedError, match="semidefinite variable s"):
        formulation_from_cvxpy(cp.Problem(cp.Minimize(cp.trace(s)), [s[0, 1] >= 1]))


def test_parameters_take_their_values() -> None:
    x = cp.Variable(name="x")
    p = cp.Parameter(name="p")
    problem = cp.Problem(cp.Minimize(p * x), [x >= 1])
    with pytest.raises(InputError, match="'p' has no value"):
        formulation_from_cvxpy(problem)
    p.value = 2.5
    assert formulation_from_cvxpy(problem).objective[0] == Fraction(5, 2)


def test_two_variables_of_one_name_are_refused() -> None:
    x, other = cp.Variable(2, name="x"), cp.Variable(2, name="x")
    with pytest.raises(InputError, match="duplicate variable name"):
        formulation_from_cvxpy(cp.Problem(cp.Minimize(cp.sum(x + other)), [x >= 0, other >= 0]))


def test_a_problem_without_variables_is_refused() -> None:
    with pytest.raises(InputError, match="no variables"):
        formulation_from_cvxpy(cp.Problem(cp.Minimize(3)))
