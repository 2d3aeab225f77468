import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import MappingError
from tools.mapping.patterns import NameTable, VariableName, index_value, parse_name

styles = st.sampled_from(["[]", "()", "{}", "[][]", "()()", "{}{}", "_[]", "_()", "_{}", "#", "_", ".", "glued"])


@pytest.mark.parametrize(
    ("name", "base", "indices"),
    [
        ("x[3]", "x", (3,)), ("x_3", "x", (3,)), ("x(3)", "x", (3,)), ("x{3}", "x", (3,)), ("x#3", "x", (3,)),
        ("x.3", "x", (3,)), ("x3", "x", (3,)), ("x[0,1]", "x", (0, 1)), ("x_0_1", "x", (0, 1)),
        ("x(0,1)", "x", (0, 1)), ("x[0][1]", "x", (0, 1)), ("x[0,_1]", "x", (0, 1)), ("x[0, 1]", "x", (0, 1)),
        ("x[a,b]", "x", ("a", "b")), ("ship[paris,lyon]", "ship", ("paris", "lyon")), ("x[-1]", "x", (-1,)),
        ("Route_('A',_'New_York')", "Route", ("A", "New_York")), ("x#a#2", "x", ("a", 2)), ("y1[2]", "y1", (2,)),
        ("x_a_1", "x_a", (1,)), ("x_007", "x", (7,)), ("x[2.5]", "x", ("2.5",)), ("flow1_2", "flow1", (2,)),
        ("x[" + "1" * 19 + "]", "x", ("1" * 19,)),
    ],
)  # fmt: skip
def test_names_with_indices(name, base, indices):
    parts = parse_name(name)
    assert (parts.base, parts.indices) == (base, indices)


@pytest.mark.parametrize(
    "name",
    ["x", "total_cost", "x_paris", "x[", "x]", "]", "x[]", "x[1,]", "a[b[1]]", "x[0](1)", "x[1,2][3]", "_1", "1", "42",
     "x1_heap", "x²", "", "[1]", "x#", "#1", "x_" + "1" * 19, "1.5", "x[1]y", "))", "é²[", "-1"],
)  # fmt: skip
def test_names_without_indices_are_scalars(name):
    assert parse_name(name) == VariableName(name, (), "plain")
    assert str(parse_name(name)) == name


@given(
    st.from_regex(r"[a-z]{1,3}", fullmatch=True),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=4),
    styles,
)
def test_every_style_parses_back(base, indices, style):
    if style == "glued" or style in ("[][]", "()()", "{}{}"):
        indices = indices[:1] if style == "glued" else [*indices, 1][:2]
    name = VariableName(base, tuple(indices), style)
    assert parse_name(str(name)) == name
    assert (name.base, name.indices) == (base, tuple(indices))


@given(st.text())
def test_any_text_is_parsed_and_scalars_keep_their_name(text):
    parts = parse_name(text)
    assert parts.base or not text
    assert (parts.style == "plain") == (parts.arity == 0)
    assert parts.indices or str(parts) == text


@pytest.mark.parametrize("unit", ["[1]", "[", "]", "_1", "#", "(", "1", "[1](2)", "_"])
def test_hostile_names_take_linear_time(unit):
    start = time.perf_counter()
    parse_name("x" + unit * 300_000)
    parse_name(unit * 300_000 + "]")
    assert time.perf_counter() - start < 5


def test_index_values():
    assert [index_value(t) for t in ("3", "-3", "+3", "a", "", "-", "٣", "1e3")] == [3, -3, 3, "a", "", "-", "٣", "1e3"]


def test_families_are_grouped_whatever_the_spelling():
    table = NameTable(["x_1", "cost", "x(2)", "x[3]", "y[1,a]", "y_1_2"])
    assert table.families == [("x", 1), ("y", 2)]
    assert table.members(("x", 1)) == [(1,), (2,), (3,)]
    assert table.find(("x", 1), (2,)) == "x(2)"
    assert table.find(("x", 1), (9,)) is None
    assert table.find(("nothing", 1), (9,)) is None
    assert list(table.matching(("y", 2), (0,), (1,))) == [(1, "a"), (1, 2)]
    assert table.values(("y", 2), 1) == {"a", 2}
    assert len(table) == 6
    assert "cost" in table
    assert "x_2" not in table


def test_two_spellings_of_one_member_are_ambiguous():
    table = NameTable(["x_1", "x[1]", "x[2]"])
    with pytest.raises(MappingError, match=r"'x_1' and 'x\[1\]'"):
        table.find(("x", 1), (1,))
    assert table.spellings(("x", 1), (1,)) == ("x_1", "x[1]")
    assert table.find(("x", 1), (2,)) == "x[2]"
    assert table.is_ambiguous(("x", 1))


def test_a_base_may_hold_the_first_indices():
    table = NameTable(["x_1_1", "x_1_2", "x_2_1", "z_1[5]"])
    assert table.family_of("x_1", 1) == (("x", 2), (1,))
    assert table.family_of("x", 2) == (("x", 2), ())
    assert table.family_of("z_1", 1) == (("z_1", 1), ())
    assert table.family_of("w", 1) is None
