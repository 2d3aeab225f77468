"""A difference in words: families folded, lines bounded, names inert."""

from io import StringIO

from rich.console import Console

from tools.formulation.difference import difference
from tools.formulation.lp_reader import parse_lp
from ui.diff_text import family_text, print_difference


def shown(first: str, second: str) -> list[str]:
    console = Console(file=StringIO(), width=100)
    a, b = parse_lp(first), parse_lp(second)
    print_difference(console, difference(a, b), a, b)
    assert isinstance(console.file, StringIO)
    return [line.strip() for line in console.file.getvalue().split("\n") if line]


def large(count: int, limit: int, right: int = 5, coefficient: int = 2) -> str:
    rows = "\n".join(f"cap_{i}: {coefficient} x[{i}] + y <= {right}" for i in range(1, count + 1))
    bounds = "\n".join(f"x[{i}] <= {limit}" for i in range(1, count + 1))
    return f"minimize\n obj: y\nsubject to\n{rows}\nbounds\n{bounds}\nend"


def test_families_are_folded() -> None:
    assert shown(large(500, 10), large(500, 12, 6, 3)) == [
        "different models; 501 variables and 500 rows in both",
        "Bounds of variables",
        "x[i], i = 1..500: upper 10 → 12",
        "Sides of rows",
        "cap_i, i = 1..500: upper 5 → 6",
        "Coefficients",
        "x[·] in cap_·: 2 → 3 (500 places, such as x[1] in cap_1)",
    ]


def test_rows_and_variables_of_one_model_only() -> None:
    lines = shown(large(2, 10), large(5, 10))
    assert lines[1:] == [
        "Variables only in B",
        "x[i], i = 3..5",
        "Rows only in B",
        "cap_i, i = 3..5, such as cap_3: y + 2 x[3] <= 5",
    ]


def test_what_is_written_differently_is_a_note() -> None:
    lines = shown(
        "minimize\n obj: x\nsubject to\n a: x + y <= 3\n b: x - y <= 1\nend",
        "maximize\n obj: - x\nsubject to\n c: x - y <= 1\n a: - 2 x - 2 y >= -6\nend",
    )
    assert lines == [
        "the same model; 2 variables and 2 rows in both",
        "note: 1 row under another name in B, such as b → c",
        "note: 1 row written differently, such as a times -2",
        "note: the objective is written the other way round, with the other sense",
        "note: variables or rows come in another order",
    ]


def test_models_that_share_nothing_belong_to_check() -> None:
    lines = shown("minimize\n obj: x\nsubject to\n a: x >= 3\nend", "maximize\n obj: u\nsubject to\n a: u <= 3\nend")
    assert "quasikarp check A B" in lines[-1]
    assert not any("→" in line for line in lines)


def test_lines_are_bounded() -> None:
    first = (
        "minimize\n obj: x\nsubject to\n a: x >= 1\nbounds\n" + "".join(f"v{'a' * i} <= 1\n" for i in range(60)) + "end"
    )
    lines = shown(first, first.replace("<= 1\n", "<= 2\n"))
    assert len(lines) < 30
    assert lines[-1] == "… and 40 more lines; --json shows all"


def test_names_of_a_family() -> None:
    assert family_text(["x"]) == "x"
    assert family_text([f"x{i}" for i in (3, 1, 2)]) == "x1 … x3"
    assert family_text(["x[1,2]", "x[2,1]", "x[a,b]", "x[c,d]"]) == "x[·,·] (4: x[1,2], x[2,1], x[a,b] …)"
    assert family_text(["x[1]", "x[3]"]) == "x[·] (2: x[1], x[3])"
    assert "\x1b" not in family_text(["\x1bx1", "\x1bx2"])
    assert len(family_text(["a" * 10_000, "b"])) < 300
