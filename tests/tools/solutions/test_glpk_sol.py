"""GLPK's files are refused in plain words rather than taken for something else."""

from pathlib import Path

import pytest

from tools.errors import ParseError
from tools.solutions.read import parse_solution, read_solution

WRITTEN = Path(__file__).parent / "written"


def test_both_styles_are_recognised() -> None:
    with pytest.raises(ParseError, match="GLPK"):
        read_solution(WRITTEN / "highs_glpk.sol")
    with pytest.raises(ParseError, match="GLPK"):
        parse_solution("c Problem:    m\nc Rows:       3\ns mip 3 4 o 19.4\nj 1 4\n")
