"""Models from cvxpy, MathOpt and ModelBuilder give the verdict of their LP export."""

from pathlib import Path
from typing import Any

import cvxpy as cp
import pytest
from ortools.linear_solver.python import model_builder
from ortools.math_opt.python import mathopt

from agent.run import check
from agent.settings import Settings
from tools.formulation.read import read
from tools.formulation.write import write

LP = """\
Minimize
 cost: {p} x + 3 y
Subject To
 need: 5 x + 3 y >= {need}
Bounds
 x <= 10
 y <= 10
General
 x y
End
"""


def in_cvxpy(p: float, need: float) -> Any:
    x, y = cp.Variable(name="x", integer=True), cp.Variable(name="y", integer=True)
    return cp.Problem(cp.Minimize(p * x + 3 * y), [5 * x + 3 * y >= need, x >= 0, x <= 10, y >= 0, y <= 10])


def in_mathopt(p: float, need: float) -> Any:
    model = mathopt.Model(name="m")
    x = model.add_integer_variable(lb=0, ub=10, name="x")
    y = model.add_integer_variable(lb=0, ub=10, name="y")
    model.add_linear_constraint(5 * x + 3 * y >= need, name="need")
    model.minimize(p * x + 3 * y)
    return model


def in_model_builder(p: float, need: float) -> Any:
    model = model_builder.Model()
    x, y = model.new_int_var(0, 10, "x"), model.new_int_var(0, 10, "y")
    model.add(5 * x + 3 * y >= need)
    model.minimize(p * x + 3 * y)
    return model


@pytest.mark.parametrize("build", [in_cvxpy, in_mathopt, in_model_builder])
@pytest.mark.parametrize(
    ("p", "need", "contract"), [(2, 7, "reformulation"), (2, 11, "quasi-karp"), (9, 7, "quasi-karp")]
)
def test_the_verdict_is_that_of_the_export(build: Any, p: float, need: float, contract: Any, tmp_path: Path) -> None:
    reference = tmp_path / "reference.lp"
    reference.write_text(LP.format(p=2, need=7))
    model, export = build(p, need), tmp_path / "export.lp"
    write(read(model), export)
    settings = Settings(contract=contract)
    direct, exported = check(reference, model, settings), check(reference, export, settings)
    assert direct.verdict == exported.verdict == ("equivalent" if (p, need) == (2, 7) else "not_equivalent")
    assert {n: c.result for n, c in direct.claims.items()} == {n: c.result for n, c in exported.claims.items()}


def test_a_program_of_the_modelling_language_is_compared_with_its_hand_written_form(tmp_path: Path) -> None:
    """min |x − 3| + y through cvxpy adds an auxiliary variable, which no report shows as the user's."""
    x, y = cp.Variable(name="x"), cp.Variable(name="y")
    problem = cp.Problem(cp.Minimize(cp.abs(x - 3) + y), [x + y >= 5, x >= 0, y >= 0, y <= 9])
    by_hand = tmp_path / "by_hand.lp"
    by_hand.write_text(
        "Minimize\n t + y\nSubject To\n up: t - x >= -3\n down: t + x >= 3\n both: x + y >= 5\n"
        "Bounds\n t free\n y <= 9\nEnd\n"
    )
    report = check(problem, by_hand, Settings(contract="reformulation"))
    assert report.verdict == "equivalent", report.reason
    assert report.mapping is not None
    assert len(report.mapping.completed) == 1
    assert sorted(rule.split(" = ")[0] for rule in report.mapping.rules) == ["x", "y"]
