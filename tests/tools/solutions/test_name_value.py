"""Names and values: what separates them, headers, quotes, and what would be read wrongly."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import ParseError
from tools.solutions.name_value import parse_name_value


def values(text: str) -> dict[str, Fraction]:
    return dict(parse_name_value(text, "f").values)


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("x[1,2] 4", "x[1,2]", 4),
        ("x[1,2],4", "x[1,2]", 4),
        ("x[1,2] , 4", "x[1,2]", 4),
        ("x = -3", "x", -3),
        ("x=-3", "x", -3),
        ("x:\t0.5", "x", Fraction(1, 2)),
        ("x;1/3", "x", Fraction(1, 3)),
        ("  two words   7 ", "two words", 7),
        ('"a,b" 3', "a,b", 3),
        ('"say ""hi""";3', 'say "hi"', 3),
        ("f(a:b) 3", "f(a:b)", 3),
    ],
)
def test_a_line(line: str, name: str, value: Fraction | int) -> None:
    assert values(f"{line}\n") == {name: value}


@pytest.mark.parametrize("header", ["name,value", '"Variable","Value"', "variable;x", "name\tvalue", "name value"])
def test_a_header_is_skipped(header: str) -> None:
    assert values(f"# made by hand\n{header}\nx,1\ny 2\n") == {"x": 1, "y": 2}


@pytest.mark.parametrize("text", ["value,name\n3,x\n4,y\n", "value name\n3 x\n4 y\n"])
def test_a_header_may_name_the_value_first(text: str) -> None:
    assert values(text) == {"x": 3, "y": 4}


def test_a_header_chooses_the_columns() -> None:
    text = 'index,variable,reduced cost,value\n0,x,0.5,3\n1,"y[1,2]",0,4\n'
    assert values(text) == {"x": 3, "y[1,2]": 4}
    with pytest.raises(ParseError, match="line 2: 5 columns where the header names 4"):
        values("index,variable,reduced cost,value\n0,y[1,2],0.5,3\n")


@pytest.mark.parametrize("line", ["x;4,5", "x 1,5", "x=1,5", "x: 4;5", "x", "3", '"x 3', "= 3", " "])
def test_what_could_mean_something_else_is_refused(line: str) -> None:
    with pytest.raises(ParseError):
        values(f"{line}\n")


def test_a_name_stands_once() -> None:
    with pytest.raises(ParseError, match="f, line 3: 'x' has a value already"):
        values("x 1\ny 1\nx 1\n")


def test_a_long_line_costs_no_more_than_its_length() -> None:
    for line in ("a," * 200_000, " 1" * 200_000, "x" * 400_000, '"' * 400_001):
        with pytest.raises(ParseError):
            values(line)
    with pytest.raises(ParseError, match="CSV"):
        values("name,value,x\n" + "a" * 200_000 + ",1,1\n")


@given(st.text())
def test_any_text_gives_a_solution_or_one_error(text: str) -> None:
    try:
        found = parse_name_value(text, "f")
    except ParseError:
        return
    assert found.values
