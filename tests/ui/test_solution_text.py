"""Values by family, in a bounded number of lines."""

from fractions import Fraction
from io import StringIO

from rich.console import Console

from ui.solution_text import print_values


def shown(values: dict[str, int | Fraction]) -> list[str]:
    console = Console(file=StringIO(), width=100)
    print_values(console, "Solution", {name: Fraction(value) for name, value in values.items()})
    assert isinstance(console.file, StringIO)
    return [" ".join(line.split()) for line in console.file.getvalue().split("\n") if line]


def test_equal_values_of_a_family_share_a_line() -> None:
    values: dict[str, int | Fraction] = {f"x[{i}]": i % 2 for i in range(20)}
    assert shown({**values, "x[3]": Fraction(1, 3), "y": 1}) == [
        "Solution (11 of 21 variables are not 0)",
        "variable value",
        "x[1], x[5], x[7], x[9], x[11], x[13] … and 3 more 1",
        "x[3] 1/3",
        "y 1",
        "all others 0",
    ]


def test_only_zeros_and_no_zeros() -> None:
    assert shown({"x": 0})[2:] == ["all variables 0"]
    assert shown({"x": 2})[2:] == ["x 2"]


def test_many_values_are_bounded_and_counted() -> None:
    lines = shown({f"x[{i}]": i for i in range(1, 101)})
    assert len(lines) < 50
    assert lines[-1] == "… and 60 more that are not 0; --json shows all"
