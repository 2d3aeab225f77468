"""CBC's solution files, nonzeros only and with rows, as PuLP has them written."""

from fractions import Fraction

import pytest

from tools.errors import ParseError
from tools.solutions.read import parse_solution

NONZEROS = """\
Optimal - objective value 19.40000000
      0 x[1]                          4                       5
      2 z                            -2                     0.3
"""
EVERYTHING = """\
Optimal - objective value 19.40000000
      0 c1                           10                       0
      1 c2                            2                       0
      0 x[1]                          4                       5
**    1 y_2                           0                       4
      2 z                         -2.05                     0.3
"""


def test_nonzero_values() -> None:
    solution = parse_solution(NONZEROS)
    assert solution.values == {"x[1]": 4, "z": -2}
    assert (solution.format, solution.omits_zeros, solution.notes) == ("CBC", True, ())


def test_rows_before_the_columns_are_no_variables() -> None:
    solution = parse_solution(EVERYTHING)
    assert solution.values == {"x[1]": 4, "y_2": 0, "z": Fraction("-2.05")}
    assert solution.notes == ("the first 2 lines were taken for rows",)


def test_a_status_that_is_not_optimal_is_said() -> None:
    text = NONZEROS.replace("Optimal", "Stopped on time")
    assert parse_solution(text).notes == ("CBC's status is 'Stopped on time'",)


@pytest.mark.parametrize("line", ["5 x 1", "a x 1 0", "-1 x 1 0", "7 x nan 0", f"{'9' * 5000} x 1 0", "**"])
def test_other_lines_are_refused(line: str) -> None:
    with pytest.raises(ParseError, match="line 4"):
        parse_solution(f"{NONZEROS}{line}\n")


def test_lines_in_disorder_are_refused() -> None:
    with pytest.raises(ParseError, match="line 7: index 2 out of order"):
        parse_solution(f"{EVERYTHING}2 again 1 0\n")
