"""SCIP's solution files."""

from fractions import Fraction
from pathlib import Path

import pytest

from tools.errors import ParseError
from tools.solutions.read import parse_solution, read_solution


def test_what_the_installed_version_writes(tmp_path: Path) -> None:
    scip = pytest.importorskip("pyscipopt")
    model = scip.Model()
    model.hideOutput()
    x = model.addVar("x[1]", vtype="I", lb=0, ub=7)
    y = model.addVar("name_" + "of_some_length" * 5, lb=-2.5, ub=7)
    model.addVar("idle", lb=0, ub=7)
    model.setObjective(x - y, "maximize")
    model.optimize()
    path = tmp_path / "best.sol"
    model.writeBestSol(str(path))
    solution = read_solution(path)
    assert solution.values == {"x[1]": 7, y.name: Fraction(-5, 2)}
    assert (solution.format, solution.omits_zeros) == ("SCIP", True)


def test_the_shell_writes_a_status_line() -> None:
    text = "solution status: optimal solution found\nobjective value:   3\nx    3 \t(obj:1)\n"
    assert parse_solution(text).values == {"x": 3}


def test_all_zero_is_a_solution_and_none_is_not() -> None:
    assert parse_solution("objective value:      0\n").values == {}
    with pytest.raises(ParseError, match="no solution"):
        parse_solution("solution status: infeasible\nno solution available\n")
    with pytest.raises(ParseError, match="line 2"):
        parse_solution("objective value: 0\nx\n")
