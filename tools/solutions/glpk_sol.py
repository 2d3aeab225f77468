"""GLPK's solution files, which HiGHS writes too: recognised so that they are refused in plain words.

One style has no names of variables, the other cuts them off or breaks lines behind them.
"""

from __future__ import annotations

from tools.errors import ParseError
from tools.solutions.solution import Solution, SolutionFormat, first_line


def parse_glpk(text: str, source: str) -> Solution:
    """Raise the `ParseError` that says what to write instead."""
    raise ParseError("GLPK's formats keep no names, or not all of them; write names and values instead", source=source)


FORMAT = SolutionFormat("GLPK", lambda text: first_line(text).startswith(("c Problem:", "Problem:")), parse_glpk)
