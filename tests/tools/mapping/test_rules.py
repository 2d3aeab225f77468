import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression, AffineMapping
from tools.mapping.patterns import NameTable
from tools.mapping.rules import Work, expand, parse_rules

F = Fraction


def mapped(rules, reference, candidate, **options):
    """The expansion as text, which is easy to compare."""
    mapping = expand(parse_rules(rules), reference, candidate, **options)
    return {name: str(expression) for name, expression in mapping.expressions.items()}


def test_one_rule_covers_a_family_in_every_spelling():
    reference = ["x_1", "x(2)", "x[3]", "x4"]
    candidate = ["d(1,0)", "d(1,1)", "d[2,0]", "d_2_1", "d_3_0", "d_3_1", "d[4][0]", "d#4#1"]
    assert mapped("x[i] = 10*d[i,1] + d[i,0]", reference, candidate) == {
        "x_1": "10*d(1,1) + d(1,0)",
        "x(2)": "10*d_2_1 + d[2,0]",
        "x[3]": "10*d_3_1 + d_3_0",
        "x4": "10*d#4#1 + d[4][0]",
    }


def test_reference_order_is_kept():
    names = ["b", "x[2]", "a", "x[1]"]
    assert list(mapped("x[i] = u\na = u\nb = u", names, ["u"])) == names


@pytest.mark.parametrize(
    ("rule", "result"),
    [
        ("x = 0.1*u", "1/10*u"), ("x = u/3", "1/3*u"), ("x = 1e-3 - u", "1/1000 - u"),
        ("x = 2*(u - 3)/4", "1/2*u - 3/2"),
        ("x = -(u - v)", "-u + v"), ("x = u - u", "0"), ("x = 2^10*u", "1024*u"), ("x = 2**-1*u", "1/2*u"),
        ("x = (-1)^3", "-1"), ("x = -2^2", "-4"), ("x = 0^0", "1"), ("x = u*3*(1+1)", "6*u"), ("x = (u-u)*v", "0"),
        ("x = `u` + `v`", "u + v"), ("x = +u", "u"), ("x = 1/2/2*u", "1/4*u"), ("x = 2*-u", "-2*u"),
    ],
)  # fmt: skip
def test_arithmetic(rule, result):
    assert mapped(rule, ["x"], ["u", "v"]) == {"x": result}


def test_sums_run_over_what_exists():
    candidate = ["z[a,1]", "z[a,2]", "z[b,2]", "z[b,3]"]
    assert mapped("start[j] = sum(t*z[j,t] for t)", ["start[a]", "start[b]"], candidate) == {
        "start[a]": "z[a,1] + 2*z[a,2]",
        "start[b]": "2*z[b,2] + 3*z[b,3]",
    }
    assert mapped("s = sum(z[j,t] for j, t)", ["s"], candidate) == {"s": "z[a,1] + z[a,2] + z[b,2] + z[b,3]"}
    assert mapped("s = sum(sum(t*z[j,t] for t) for j)", ["s"], candidate) == {
        "s": "z[a,1] + 2*z[a,2] + 2*z[b,2] + 3*z[b,3]"
    }


def test_sums_take_ranges_conditions_and_shifts():
    d = [f"d[{i}]" for i in range(5)]
    assert mapped("x = sum(d[t] for t in 1..2)", ["x"], d) == {"x": "d[1] + d[2]"}
    assert mapped("x[i] = sum(d[t] for t in 0..i-1)", ["x0", "x2"], d) == {"x0": "0", "x2": "d[0] + d[1]"}
    assert mapped("x[i] = sum(d[t] for t if t != i and t >= 2)", ["x2"], d) == {"x2": "d[3] + d[4]"}
    assert mapped("x[i] = sum(d[t+i] for t if t >= 0)", ["x3"], d) == {"x3": "d[3] + d[4]"}
    assert mapped("x = sum(t*d[2*t] for t)", ["x"], d) == {"x": "d[2] + 2*d[4]"}
    assert mapped("x = sum(d[i] for i if i == 1)", ["x"], d) == {"x": "d[1]"}
    assert mapped("x = sum(d[i] for i if i > 7)", ["x"], d) == {"x": "0"}
    assert mapped("x = sum(2^k*d[k] for k)", ["x"], d) == {"x": "d[0] + 2*d[1] + 4*d[2] + 8*d[3] + 16*d[4]"}
    assert mapped("x = sum(e[k] for k if k != 'a')", ["x"], ["e[a]", "e[b]"]) == {"x": "e[b]"}


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("x = sum(d[t] + e[t] for t)", "different values of t"),
        ("x = sum(d[t] + 1 for t, k)", "nothing in the sum says"),
        ("x = sum(1 for t)", "nothing in the sum says"),
        ("x = sum(d[t*t] for t)", "nothing in the sum says"),
        ("x = sum(f[7,t] for t)", "no f\\[7,t\\] exists"),
        ("x = sum(d[t] for t in 0..5)", r"'d\[3\]' is not in the candidate"),
        ("x = sum(d[t] for t in 0..1/2)", "must run over integers"),
        ("x = sum(sum(d[t] for t) for t in 1..2)", "already bound"),
        ("x = sum(e[t] for t if t < 1)", None),
        ("x = sum(g[t] for t if t < 1)", "only integer indices are ordered"),
        ("x = sum(g[t] for t if t != k)", "no index symbol here"),
        ("x = sum(t*g[t] for t)", "has no numerical value"),
        ("x = sum(d[g] for t in 0..3)", "no index symbol"),
    ],
)
def test_sums_that_do_not_say_what_they_mean_are_refused(rule, message):
    candidate = ["d[0]", "d[1]", "d[2]", "e[0]", "e[1]", "f[1,1]", "g[a]", "g[b]"]
    if message is None:
        assert mapped(rule, ["x"], candidate) == {"x": "e[0]"}
        return
    with pytest.raises(MappingError, match=message):
        mapped(rule, ["x"], candidate)


def test_text_indices_are_literals_where_a_variable_has_them():
    reference = ["ship[paris,lyon]", "ship[rome,lyon]", "ship[rome,nice]"]
    candidate = ["u[lyon]", "u[nice]", "v[New York]"]
    rules = "ship[paris,j] = u[j]\nship[i,j] = 2*u[j]\nship[rome,nice] = u[lyon] + v['New York']"
    assert mapped(rules, reference, candidate) == {
        "ship[paris,lyon]": "u[lyon]",
        "ship[rome,lyon]": "2*u[lyon]",
        "ship[rome,nice]": "u[lyon] + v[New York]",
    }


def test_fewer_symbols_hold_first():
    names = [f"x[{i},{j}]" for i in range(2) for j in range(2)]
    rules = "x[i,j] = 1\nx[i,i] = 2\nx[1,1] = 3"
    assert list(mapped(rules, names, []).values()) == ["2", "1", "1", "3"]
    assert mapped("x[1,1] = 3\nx[i,i] = 2\nx[i,j] = 1", names, []) == mapped(rules, names, [])


@pytest.mark.parametrize(
    "rules", ["x[i,j] = 1\nx[a,b] = 2", "x[i,j]=0\nx[0,j] = 1\nx[i,0] = 2", "x[i,j] = 0\nx[0,0] = 1\nx_0_0 = 1"]
)
def test_two_rules_of_the_same_scope_are_an_error(rules):
    with pytest.raises(MappingError, match=r"'x\[0,0\]'.* defined twice"):
        mapped(rules, [f"x[{i},{j}]" for i in range(2) for j in range(2)], [])


def test_exact_names_come_first_and_ambiguity_names_both():
    reference, candidate = ["x_1", "x[1]", "x[2]"], ["u_1", "u[1]", "u[2]"]
    assert mapped("x[1] = u[1]\nx_1 = u_1\nx[i] = u[i]", reference, candidate) == {
        "x_1": "u_1",
        "x[1]": "u[1]",
        "x[2]": "u[2]",
    }
    with pytest.raises(MappingError, match=r"'x_1' and 'x\[1\]'"):
        mapped("x[i] = u[i]", reference, candidate)
    with pytest.raises(MappingError, match=r"'x_1' and 'x\[1\]'"):
        mapped("x[1] = 0\nx[i] = 0", reference, candidate)
    with pytest.raises(MappingError, match=r"'u_1' and 'u\[1\]'"):
        mapped("x = u(1)", ["x"], candidate)
    with pytest.raises(MappingError, match=r"'u_1' and 'u\[1\]'"):
        mapped("x = sum(u[t] for t)", ["x"], candidate)


def test_a_base_may_hold_the_first_index():
    assert mapped("x_1[j] = y_2[j]\nx_2[j] = 0", ["x_1_1", "x_2_1"], ["y_2_1"]) == {"x_1_1": "y_2_1", "x_2_1": "0"}


def test_quoted_names_and_bases():
    assert mapped('`a b` = "c d"\n`e f`[i] = `g h`[i]', ["a b", "e f[1]"], ["c d", "g h(1)"]) == {
        "a b": "c d",
        "e f[1]": "g h(1)",
    }


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ("x[i] = e[i]", r"'e\[i\]' is not in the candidate.*has u\[·\], w"),
        ("x[i] = u[i+1]", r"'u\[4\]' is not in the candidate"),
        ("x[i] = u[i]*u[i]", "for 'x1': a product of two variables"),
        ("x[i] = 1/u[i]", "division by a variable"),
        ("x[i] = u[i]^2", "only numbers and index symbols"),
        ("x[i] = 1/(i-2)", "for 'x2': division by zero"),
        ("x[i] = (i-1)^-1", "for 'x1': division by zero"),
        ("x[i] = 2^(1/2)", "not an integer"),
        ("x[i] = ?*u[i]", "sketches are not filled here"),
        ("x[i] = u[?]", "coefficient only"),
        ("x[i] = u[j]", "'j' is no index symbol"),
        ("x[i] = u[1/2]", "must be an integer"),
        ("x[i] = u[u[1]]", "only numbers and index symbols"),
        ("x[i] = 'w'", "single quotes is an index"),
        ("x[i] = `nothing`", "'nothing' is not in the candidate"),
        ("x[i] = q", "'q' is not in the candidate"),
        ("x[w] = w*u[w]", "both an index symbol and a variable"),
        ("x[i+1] = u[i]", "symbol or a value, not an expression"),
        ("x['1.5'] = 1", "does not have"),
        ("x[1/2] = 1", "must be an integer"),
        ("y = 1", "the reference does not have; it has x"),
        ("y[i] = 1", "the reference does not have"),
        ("x[9] = 1", "the reference does not have"),
        ("x[i,j] = 1", "the reference does not have"),
        ("`x[9]` = 1", "the reference does not have"),
        ("x_9 = 1", "the reference does not have"),
        ("x1 = u1", "'x2', 'x3' are not mapped"),
        ("", "'x1', 'x2', 'x3' are not mapped"),
    ],
)
def test_errors_name_what_is_wrong(rules, message):
    with pytest.raises(MappingError, match=message):
        mapped(rules, ["x1", "x2", "x3"], ["u1", "u2", "u3", "w"])


def test_long_lists_are_cut_to_three_and_a_count():
    names = [f"x{i}" for i in range(50)]
    with pytest.raises(MappingError, match=r"'x1', 'x2', 'x3' and 46 more \(49 in all\) are not mapped"):
        mapped("x0 = 1", names, [])
    with pytest.raises(MappingError, match=r"'u\[1\]', 'u\[2\]', 'u\[3\]' and 46 more"):
        mapped("x[i] = u[i]", names, ["u0"])


def test_hints_may_be_partial_but_not_wrong():
    assert mapped("x1 = u1", ["x1", "x2"], ["u1"], partial=True) == {"x1": "u1"}
    with pytest.raises(MappingError, match="not in the candidate"):
        mapped("x1 = u2", ["x1", "x2"], ["u1"], partial=True)


def test_completed_variables_need_no_rule():
    mapping = expand(parse_rules("x[i] = u[i]"), ["x1", "x2"], ["u1"], completed=["x2"])
    assert mapping == AffineMapping({"x1": AffineExpression.variable("u1")}, frozenset({"x2"}))
    with pytest.raises(MappingError, match="list of completed variables"):
        mapped("x[i] = u[i]\nx2 = 1", ["x1", "x2"], ["u1"], completed=["x2"])
    with pytest.raises(MappingError, match="no variable of the reference"):
        mapped("x1 = 1", ["x1"], [], completed=["y"])


def test_name_tables_are_accepted():
    reference, candidate = NameTable(["x1"]), NameTable(["u1"])
    assert mapped("x[i] = u[i]", reference, candidate) == {"x1": "u1"}


@pytest.mark.parametrize(
    "rule",
    [
        "x = 2^100000000", "x = 10^(10^9)", "x = sum(u[t] for t in 0..10^9)", "x = " + "*".join(["1e300"] * 100_000),
        "x = sum(1 for a in 0..3000, b in 0..3000)", "x = " + "+".join(f"1/{i}" for i in range(1, 20_000)),
        "x = sum(sum(sum(sum(u[a] for a in 1..99) for b in 1..99) for c in 1..99) for d in 1..99)",
        "x = sum(" + "+".join(["1"] * 10_000) + " for a in 0..1000)",
        "x = sum(u1 for a in 1..1000, b in 1..1000 if " + " and ".join(["1 == 1"] * 1000) + ")",
    ],
)  # fmt: skip
def test_hostile_expansions_end_quickly(rule):
    start = time.perf_counter()
    with pytest.raises(MappingError):
        mapped(rule, ["x"], ["u1"], work=Work(300_000))
    assert time.perf_counter() - start < 20


def test_a_small_change_of_a_rule_changes_the_mapping():
    reference = [f"x[{i}]" for i in range(4)]
    candidate = [f"d[{i},{j}]" for i in range(5) for j in range(3)]
    rule = "x[i] = 10*d[i,1] + d[i,0] - 3"
    original = mapped(rule, reference, candidate)
    for old, new in [("10", "11"), ("d[i,1]", "d[i,2]"), ("d[i,0]", "d[i+1,0]"), ("- 3", "+ 3"), ("+ d", "- d")]:
        assert mapped(rule.replace(old, new), reference, candidate) != original


@given(
    st.lists(st.tuples(st.fractions(-5, 5, max_denominator=6), st.sampled_from("uvw")), max_size=6),
    st.fractions(-5, 5, max_denominator=6),
)
def test_a_written_expression_reads_back_exactly(terms, constant):
    text = " + ".join([f"{c}*{name}" for c, name in terms] + [str(constant)])
    expected = AffineExpression.number(constant)
    for c, name in terms:
        expected = expected + c * AffineExpression.variable(name)
    mapping = expand(parse_rules(f"x = {text}"), ["x"], ["u", "v", "w"])
    assert mapping.expressions["x"] == expected
    again = expand(parse_rules(f"x = {mapping.expressions['x']}"), ["x"], ["u", "v", "w"])
    assert again == mapping


@given(st.text(alphabet="xud0123ij[](),.=+-*/^?<>! `'sumfortn", max_size=50))
def test_any_rule_expands_or_is_a_mapping_error(text):
    try:
        mapping = expand(
            parse_rules(f"x[i] = {text}"), ["x1", "x2"], ["u1", "u2", "d[1,1]", "d[1,2]"], work=Work(10_000)
        )
    except MappingError:
        return
    assert set(mapping.expressions) == {"x1", "x2"}


def test_expansion_takes_linear_time():
    n = 20_000
    reference = [f"x[{i}]" for i in range(n)]
    candidate = [f"d_{i}_{k}" for i in range(n) for k in range(2)]
    start = time.perf_counter()
    assert len(mapped("x[i] = 10*d[i,1] + d[i,0]", reference, candidate)) == n
    assert len(mapped("\n".join(f"x[{i}] = d_{i}_0" for i in range(n)), reference, candidate)) == n
    assert time.perf_counter() - start < 40  # about 2 s on an idle machine
