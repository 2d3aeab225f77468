import re

import pytest
from algebra_documents import grounded, refusal, with_row
from hypothesis import given
from hypothesis import strategies as st

from tools.algebra.faults import FaultError
from tools.algebra.limits import LONGEST_EXPRESSION
from tools.algebra.syntax import (
    Addition,
    Call,
    Clause,
    Comparison,
    Name,
    Number,
    Product,
    Reference,
    Span,
    is_identifier,
    parse_clauses,
    parse_expression,
    parse_index,
    walk,
)
from tools.errors import InputError


def test_trees() -> None:
    assert parse_expression("2*x[i] - 1") == Addition(
        ((1, Product(((False, Number(2)), (False, Reference("x", (Name("i"),)))))), (-1, Number(1)))
    )
    assert parse_expression("a <= b = c") == Comparison((Name("a"), Name("b"), Name("c")), ("<=", "=="))
    assert parse_expression("sum(y for t in 1..T)") == Call(
        "sum", (Name("y"),), (Clause("t", Span(Number(1), Name("T"))),)
    )
    assert parse_clauses("for i in I, j in J") == parse_clauses("i in I for j in J")
    assert parse_index("I") == (Clause("", Name("I")),)
    assert parse_index("0..3") == (Clause("", Span(Number(0), Number(3))),)
    assert parse_index("i in I") == parse_clauses("i in I")


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "x.y",
        "x[1].__class__",
        "lambda: 1",
        "(lambda x: x)(1)",
        "(y := 1)",
        "f'{x}'",
        'f"{x}"',
        "'a' 'b'",
        "[x for x in y]",
        "{1: 2}",
        "{1, 2}",
        "x if y == 1 else z",
        "await x",
        "x; y",
        "x @ y",
        "x // y",
        "x % y",
        "x << y",
        "x & y",
        "~x",
        "`x`",
        "x\\y",
        "#x",
        "1_000",
        "0x10",
        "1j",
        "2x",
        "2 x",
        "x y",
        "1 .. 3",
        "...",
        "x[",
        "x]",
        "x[]",
        "()",
        "(x",
        "sum()",
        "sum(x)",
        "sum(x for)",
        "sum(x for i)",
        "sum(x for i in)",
        "sum(x for i in 2*I)",
        "sum(x for in in I)",
        "sum(x for i, j in I)",
        "sum(x, y for i in I)",
        "abs(x, y)",
        "open('x')",
        "2^3^4",
        "*x",
        "x +",
        "<= x",
        "x <= ",
        "for",
        "",
        " ",
        "\x00",
        "x\u202ey",
        "'a\\'b'",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(FaultError) as caught:
        parse_expression(text)
    assert "\n" not in str(caught.value)
    with pytest.raises(InputError):
        grounded(with_row(f"{text} <= x[1]"))


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "(" * 31 + "1" + ")" * 31,
        "x[" * 5_000,
        "sum(" * 5_000,
        "not " * 5_000,
        "-" * LONGEST_EXPRESSION + "1",
    ],
)
def test_deep_nesting_ends_cleanly(text: str) -> None:
    with pytest.raises(FaultError, match=r"nested more than|characters|expected"):
        parse_expression(text)


def test_long_chains_are_no_nesting() -> None:
    assert sum(1 for _ in walk(parse_expression("+".join(["x[1]*2"] * 2_000)))) == 8_001
    parse_expression("-" * 10_000 + "1")
    parse_expression("not " * 4_000 + "1 <= 2")
    parse_expression("(" * 29 + "1" + ")" * 29)


@given(st.text(alphabet="xisumforinI()[]<=>+-*/^.,'0123 \t", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert "\n" not in refusal(lambda: parse_expression(text))


@given(st.text(max_size=12))
def test_names(text: str) -> None:
    if is_identifier(text):
        assert re.fullmatch(r"\w+", text)
        assert parse_expression(text) == Name(text)
