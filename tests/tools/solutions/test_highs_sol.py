"""HiGHS's solution files, those of the folder and those that the installed HiGHS writes."""

from fractions import Fraction
from pathlib import Path

import highspy
import pytest

from tools.errors import ParseError
from tools.solutions.read import parse_solution, read_solution

WRITTEN = Path(__file__).parent / "written"


@pytest.mark.parametrize("style", [0, 1, 4])
def test_what_the_installed_version_writes(style: int, tmp_path: Path) -> None:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    names = ["x[1]", "a_name_that_is_much_longer_than_any_column", "z#2"]
    terms = [solver.addVariable(-3.5, 4, name=name) for name in names]
    solver.addVariable(0, 4, name="idle")
    solver.maximize(terms[0] - 1e-7 * terms[1] + terms[2])
    path = tmp_path / "written.sol"
    solver.writeSolution(str(path), style)
    solution = read_solution(path)
    assert solution.format == "HiGHS"
    assert {name: value for name, value in solution.values.items() if value} == {
        names[0]: 4,
        names[1]: Fraction(-7, 2),
        names[2]: 4,
    }
    assert ("idle" in solution.values) is not solution.omits_zeros


def test_relaxed_solutions_with_duals_and_bases() -> None:
    expected = {"x[1]": Fraction("4.65"), "y_2": 0, "z": Fraction("-3.95"), "w": 0}
    assert read_solution(WRITTEN / "highs_raw_lp.sol").values == expected
    pretty = read_solution(WRITTEN / "highs_pretty_lp.sol")
    assert pretty.values == expected
    assert "six digits" in pretty.notes[0]


@pytest.mark.parametrize("name", ["highs_none.sol", "highs_pretty_none.sol"])
def test_no_solution_is_no_solution(name: str) -> None:
    with pytest.raises(ParseError, match="no primal solution"):
        read_solution(WRITTEN / name)


@pytest.mark.parametrize("name", ["highs_raw.sol", "highs_pretty.sol", "highs_sparse.sol", "highs_raw_lp.sol"])
def test_a_file_that_was_cut_off_is_refused(name: str) -> None:
    whole = (WRITTEN / name).read_text()
    values = read_solution(WRITTEN / name).values
    for length in range(1, len(whole)):
        try:
            found = parse_solution(whole[:length])
        except ParseError:
            continue
        assert found.values == values


def test_an_infeasible_point_is_read_and_said() -> None:
    text = (WRITTEN / "highs_raw.sol").read_text().replace("Feasible", "Infeasible")
    assert parse_solution(text).notes == ("HiGHS calls this point infeasible",)


def test_shifted_columns_are_refused() -> None:
    text = (WRITTEN / "highs_pretty.sol").read_text().replace("10            4  ", "10        123456  ")
    with pytest.raises(ParseError, match="not where the header has them"):
        parse_solution(text)


def test_a_cut_within_the_last_number_is_noticed() -> None:
    whole = (WRITTEN / "highs_raw.sol").read_text().replace("w 0\n", "w 0.25\n")
    with pytest.raises(ParseError, match="cut off"):
        parse_solution(whole[: whole.index("w 0.25") + len("w 0.2")])
