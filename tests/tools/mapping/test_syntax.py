import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import MappingError
from tools.mapping.syntax import (
    DEEPEST_NESTING,
    LONGEST_RULE,
    LONGEST_TEXT,
    Addition,
    Name,
    Number,
    Open,
    Product,
    Quoted,
    Reference,
    Sum,
    TextIndex,
    parse_rules,
    quote_base,
    quote_name,
)


def expression(text):
    (rule,) = parse_rules(f"x = {text}")
    return rule.expression


def test_a_rule_has_target_expression_text_and_line():
    (rule,) = parse_rules("\n  # comment\n x[i,1] = d[i] - 1/3  # why\r\n")
    assert rule.line == 3
    assert rule.target == Reference("x", (Name("i"), Number(Fraction(1))), "x[i,1]", frozenset({"i"}))
    assert str(rule).startswith("x[i,1] = d[i] - 1/3")
    assert not rule.is_sketch


def test_numbers_are_exact():
    assert expression("0.1") == Number(Fraction(1, 10))
    assert expression("1e-3") == Number(Fraction(1, 1000))
    assert expression(".5") == Number(Fraction(1, 2))
    assert expression("1/3") == Product(((False, Number(Fraction(1))), (True, Number(Fraction(3)))))


def test_signs_fold():
    assert expression("--u - -v") == Addition(((1, Name("u")), (1, Name("v"))))


def test_open_coefficients_stay_in_the_tree():
    (rule,) = parse_rules("x[i] = ?*u[i] + ?")
    assert rule.is_sketch
    assert isinstance(rule.expression, Addition)
    assert rule.expression.terms[1] == (1, Open())


def test_names_may_be_quoted():
    assert expression("`a b`") == Quoted("a b")
    assert expression(r'"say \"hi\"\n"') == Quoted('say "hi"\n')
    reference = expression("`a b`['New York',j]")
    assert isinstance(reference, Reference)
    assert (reference.base, reference.indices) == ("a b", (TextIndex("New York"), Name("j")))


def test_hash_is_part_of_a_name_or_starts_a_comment():
    assert expression("u#3 + 1").terms[0] == (1, Name("u#3"))
    assert expression("u # 3") == Name("u")


def test_sums_take_ranges_and_conditions():
    node = expression("sum(z[a,b] for a in 0..n, b if a != b and b < 3)")
    assert isinstance(node, Sum)
    assert [span.symbol for span in node.ranges] == ["a", "b"]
    assert node.ranges[0].last == Name("n")
    assert [condition.sign for condition in node.conditions] == ["!=", "<"]
    assert expression("sum(z[a] for a for b)").ranges == expression("sum(z[a] for a, b)").ranges


def test_brackets_of_every_kind_mean_the_same():
    assert {expression(t).indices for t in ("d[1,2]", "d(1,2)", "d{1,2}", "d[1][2]")} == {
        (Number(Fraction(1)), Number(Fraction(2)))
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x", "expected '='"), ("= 3", "expected a variable"), ("3 = x", "starts with the variable"),
        ("x = ", "found end of the rule"), ("x = 3 4", "expected an operator"), ("x[i = 3", r"expected '\]'"),
        ("x = (1", r"expected '\)'"), ("x = 1)", "expected an operator"), ("x = d[]", "expected a variable"),
        ("x = $", "starts nothing"), ("x = `", "starts nothing"), ('x = "a', "starts nothing"),
        ("x = \0", "starts nothing"), ('x = "\\q"', "JSON escapes"), ("x = for", "word of the rule language"),
        ("x = sum", r"followed by '\('"), ("x = sum(z)", "expected 'for'"), ("x = sum(z for 3)", "summation symbol"),
        ("x = sum(z for t, t)", "twice"), ("x = sum(z for t if t)", "expected =="), ("x = 2^3^4", "parentheses"),
        ("x = sum(z for t in 1)", r"'\.\.'"), ("x == 3", "expected '='"), ("x = 1 = 2", "expected an operator"),
        ("x = 2x", "expected an operator"), ("x = 1e", "expected an operator"), ("x = 1..2", "expected an operator"),
        ("x = 1e999999999", "outside"), ("x = " + "9" * 5000, "characters is refused"), ("x + y = 3", "expected '='"),
        ("`` = 3", "starts nothing"), ("x = 1;y = 2", "starts nothing"),
    ],
)  # fmt: skip
def test_malformed_rules_are_named_with_line_and_column(text, message):
    with pytest.raises(MappingError, match=message) as caught:
        parse_rules(f"ok = 1\n{text}")
    assert "line 2, column" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 100_000, "x = " + "-" * 1_000_000, "x = " + "sum(" * 100_000, "x" + "[x" * 100_000,
        "x" * (LONGEST_TEXT + 1), "x = " + "1+" * LONGEST_RULE, "x = " + "`" * 100_001, "x = '" + "a" * 100_000,
        "x = " + '"\\' * 100_000, "x = " + "1" * 1_000_000, "\n" * 1_000_000 + "?", "x = " + "." * 100_000,
        "x = " + "a.b" * 100_000 + "..", "x = 1" + " " * 1_000_000 + "1",
    ],
)  # fmt: skip
def test_hostile_text_is_refused_quickly(text):
    start = time.perf_counter()
    with pytest.raises(MappingError) as caught:
        parse_rules(text)
    assert time.perf_counter() - start < 10
    assert len(str(caught.value)) < 400


def test_nesting_is_bounded_but_roomy():
    depth = DEEPEST_NESTING - 1
    assert expression("(" * depth + "1" + ")" * depth) == Number(Fraction(1))
    with pytest.raises(MappingError, match="nested"):
        expression("(" * DEEPEST_NESTING + "1" + ")" * DEEPEST_NESTING)


@given(st.text())
def test_any_text_parses_or_is_a_mapping_error(text):
    try:
        rules = parse_rules(text)
    except MappingError:
        return
    assert len(rules) <= text.count("\n") + 1


@given(st.text(alphabet="xid0159[](){},.=+-*/^?<>! `'\"#sumforin\n\\", max_size=60))
def test_any_rule_like_text_parses_or_is_a_mapping_error(text):
    try:
        parse_rules(f"x = {text}")
    except MappingError:
        return


@given(st.text(min_size=1))
def test_a_quoted_name_parses_to_itself(name):
    (rule,) = parse_rules(f"{quote_name(name)} = 1")
    target = rule.target
    assert name == (target.name if isinstance(target, Quoted) else target.text)
    (rule,) = parse_rules(f"{quote_base(name)}[i] = 1")
    assert isinstance(rule.target, Reference)
    assert rule.target.base == name


@pytest.mark.parametrize(
    "name", ["sum", "for", "sum(1)", "x[in]", "x[1e5]", "a b", "a`b", 'a"b', "a\nb", "3x", "x[0,1]", "x_3", "x#3", "'"]
)
def test_odd_names_are_quoted_where_needed(name):
    (rule,) = parse_rules(f"{quote_name(name)} = 1")
    target = rule.target
    assert name == (target.name if isinstance(target, Quoted) else target.text)
