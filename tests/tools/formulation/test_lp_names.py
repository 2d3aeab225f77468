import pytest

from tools.formulation.lp_names import HEADER, header_section, may_open_section, name_problem


@pytest.mark.parametrize("name", ["x", "x[1,2]", "x(1)", "e1", "x.y", "f[a-b]", "ends", "x≠y"])
def test_names_that_files_hold(name: str) -> None:
    assert name_problem(name) is None


@pytest.mark.parametrize(
    "name", ["", "1x", ".x", "x y", "x-y", "x≤y", "(x)", "x(", "end", "ST", "Inf", "NaN", "free", "\t"]
)
def test_names_that_files_cannot_hold(name: str) -> None:
    assert name_problem(name)


@pytest.mark.parametrize(
    ("line", "section"),
    [
        ("Subject To", "rows"), ("  such   that x", "rows"), ("s.t.", "rows"), ("st", "rows"), ("BOUND", "bounds"),
        ("Generals", "integer"), ("General Constraints", "general constraints"), ("gen", "integer"),
        ("gencons", "general constraints"), ("bin", "binary"), ("semi-continuous", "semi-continuous"),
        ("Semi-Integer", "semi-integer"), ("SOS2", "sos"), ("end", "end"), ("lazy constraints", "lazy"),
    ],
)  # fmt: skip
def test_headers(line: str, section: str) -> None:
    match = HEADER.match(line)
    assert match is not None
    assert header_section(match) == section
    assert may_open_section(line.split()[0])


@pytest.mark.parametrize("line", ["end: x >= 1", "ends", "binx", "st : x", "x bounds", "generally"])
def test_lines_that_are_no_headers(line: str) -> None:
    assert HEADER.match(line) is None
