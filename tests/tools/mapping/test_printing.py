import random
import re
import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression, AffineMapping
from tools.mapping.printing import abbreviate, compact_rules
from tools.mapping.rules import expand, parse_rules

F = Fraction
SQUARE = [f"{i},{j}" for i in range(4) for j in range(4)]


def printed(rules, reference, candidate):
    """The rules that a mapping given by rules prints as, after checking that they mean the same."""
    mapping = expand(parse_rules(rules), reference, candidate)
    result = compact_rules(mapping, reference, candidate)
    assert expand(parse_rules("\n".join(result)), reference, candidate) == mapping
    return result


@pytest.mark.parametrize(
    ("rule", "reference", "candidate"),
    [
        ("x[i] = 10*d[i,1] + d[i,0]", ["x_1", "x(2)", "x3"], [f"d[{i},{k}]" for i in range(4) for k in range(2)]),
        ("x[i] = u[i] + 3", ["x1", "x2"], ["u_1", "u_2"]),
        ("x[i] = 1 - u[i]", ["x1", "x2"], ["u_1", "u_2"]),
        ("x[i] = d[i+1]", ["x0", "x1", "x2"], [f"d{i}" for i in range(4)]),
        ("x[i] = d[i-1] - d[i] + M", ["x1", "x2", "x3"], [f"d{i}" for i in range(4)] + ["M"]),
        ("y[i,j] = v[j,i]", [f"y[{p}]" for p in SQUARE], [f"v[{p}]" for p in SQUARE]),
        ("y[i,j] = v[i,j,2]", [f"y[{p}]" for p in SQUARE], [f"v[{p},{k}]" for p in SQUARE for k in range(3)]),
        ("x[i] = sum(d[i,j] for j)", ["x0", "x1", "x2", "x3"], [f"d[{p}]" for p in SQUARE]),
        ("x[i] = sum(j*d[i,j] for j) + 1/2", ["x0", "x1", "x2", "x3"], [f"d[{p}]" for p in SQUARE]),
        ("x[i] = 2*sum((j - 1/2)*d[i,j] for j)", ["x0", "x1", "x2", "x3"], [f"d[{p}]" for p in SQUARE]),
        ("total = sum(d[i,j] for i, j)", ["total"], [f"d[{p}]" for p in SQUARE]),
        ("ship[i,j] = u[j] + w[paris]", ["ship[a,c]", "ship[b,e]"], ["u[c]", "u[e]", "w[paris]"]),
        ("`a b`[i] = `c d`[i]", ["a b[1]", "a b[2]"], ["c d[1]", "c d[2]"]),
        ("cost = 2*u + v", ["cost"], ["u", "v"]),
        ("x[i] = 0", ["x1", "x2"], []),
        ("open[paris] = 1", ["open[paris]"], []),
    ],
)
def test_a_family_with_one_pattern_is_one_rule(rule, reference, candidate):
    assert printed(rule, reference, candidate) == [rule]


def test_several_sums_in_one_rule():
    reference = [f"x[{i},{j}]" for i in range(4) for j in range(i)]
    candidate = [f"f[{p},{k}]" for p in SQUARE for k in range(3)]
    rule = "x[i,j] = sum(f[i,j,k] for k) + sum(f[j,i,k] for k)"
    assert printed(rule, reference, candidate) == [rule]


def test_windows_of_different_length_are_one_sum():
    candidate = [f"z[{j},{t}]" for j in range(5) for t in range(j, 2 * j + 1)]
    rule = "start[i] = sum(j*z[i,j] for j)"
    assert printed(rule, [f"start[{j}]" for j in range(1, 5)], candidate) == [rule]


def test_exceptions_and_slices_follow_the_general_rule():
    reference, candidate = [f"y[{p}]" for p in SQUARE], [f"v[{p}]" for p in SQUARE] + [f"u{i}" for i in range(4)]
    rules = ["y[i,j] = v[j,i]", "y[0,j] = u[j]", "y[2,2] = 3"]
    assert printed("\n".join(rules), reference, candidate) == rules
    rules = ["y[i,j] = v[j,i]", "y[i,3] = 1 - v[3,i]"]
    assert printed("\n".join(rules), reference, candidate) == rules


def test_each_value_of_an_index_may_have_its_own_rule():
    reference = [f"y[{p}]" for p in SQUARE]
    candidate = [f"{b}{j}" for b in "abcd" for j in range(4)]
    rules = [f"y[{i},j] = {b}[j]" for i, b in enumerate("abcd")]
    assert printed("\n".join(rules), reference, candidate) == rules


def test_a_renaming_without_pattern_is_one_rule_a_variable():
    order = list(range(30))
    random.Random(3).shuffle(order)
    mapping = AffineMapping({f"x{i}": AffineExpression.variable(f"u{j}") for i, j in enumerate(order)})
    rules = compact_rules(mapping, [f"x{i}" for i in range(30)], [f"u{i}" for i in range(30)])
    assert rules[:2] == [f"x0 = u{order[0]}", f"x1 = u{order[1]}"]
    assert len(rules) == 30


def test_symbols_cannot_be_mistaken_for_variables_or_indices():
    reference, candidate = ["x[1]", "x[2]", "y[j]", "y[k]"], ["i", "d[1]", "d[2]", "e[j]", "e[k]"]
    assert printed("x[a] = d[a] + i\ny[a] = e[a]", reference, candidate) == ["x[l] = d[l] + i", "y[l] = e[l]"]


def test_unmapped_and_completed_variables_stay_so():
    names = ["x1", "x2", "x3"]
    candidate = ["u1", "u2", "u3"]
    mapping = expand(parse_rules("x1 = u1\nx2 = u2"), names, candidate, partial=True)
    rules = compact_rules(mapping, names, candidate)
    assert rules == ["x1 = u1", "x2 = u2"]
    mapping = expand(parse_rules("x1 = u1\nx2 = u2"), names, candidate, completed=["x3"])
    rules = compact_rules(mapping, names, candidate)
    assert rules == ["x[i] = u[i]"]
    assert expand(parse_rules(rules[0]), names, candidate, completed=["x3"]) == mapping


def test_unknown_variables_are_refused():
    with pytest.raises(MappingError, match="'x' is no variable of the reference"):
        compact_rules(AffineMapping.identity(["x"]), [], ["x"])
    with pytest.raises(MappingError, match="'x' is no variable of the candidate"):
        compact_rules(AffineMapping.identity(["x"]), ["x"], [])


def test_abbreviation_says_how_many_are_left_out():
    assert abbreviate(["a", "b", "c"], 2) == ["a", "b", "# … and 1 more"]
    assert abbreviate(["a", "b"], 2) == ["a", "b"]
    assert parse_rules("\n".join(abbreviate(["x = 1", "y = 2"], 1)))[0].text == "x = 1"


def test_mutated_rules_change_the_mapping():
    reference = [f"x[{i}]" for i in range(4)]
    candidate = [f"d[{i},{j}]" for i in range(5) for j in range(4)]
    mapping = expand(parse_rules("x[i] = 10*d[i,1] + d[i,0] + 2"), reference, candidate)
    (rule,) = compact_rules(mapping, reference, candidate)
    mutants = []
    for match in re.finditer(r"\d+", rule):
        mutants.append(f"{rule[: match.start()]}{int(match.group()) + 1}{rule[match.end() :]}")
    mutants += [rule.replace("d[i,", "d[i+1,", 1), rule.replace(" + ", " - ", 1), rule.replace("i,0", "0,0")]
    assert len(mutants) == 7
    for mutant in mutants:
        assert expand(parse_rules(mutant), reference, candidate) != mapping


INDEX_TEXTS = ["a", "i", "j", "sum", "New York", "it's", 'q"', "`", "é", "a\nb", "3x", "-", "_b", "for"]
indices = st.one_of(st.integers(-2, 3), st.sampled_from(INDEX_TEXTS))
bases = st.sampled_from(["x", "d", "i", "k", "sum", "a b", "x_1", "é", "u.v", "`t"])
styles = st.sampled_from(["[{}]", "({})", "{{{}}}", "_({})"])


@st.composite
def variable_names(draw):
    """A few families in odd spellings, some scalars, perhaps two spellings of one member."""
    names = draw(
        st.lists(st.sampled_from(["i", "x", "sum", "w w", "q\n", "x_1", "x[1]", "x1", "d[i]", "j"]), max_size=4)
    )
    for _ in range(draw(st.integers(1, 3))):
        base, style, arity = draw(bases), draw(styles), draw(st.integers(1, 3))
        keys = draw(st.lists(st.tuples(*[indices] * arity), min_size=1, max_size=8))
        names += [base + style.format(",".join(map(str, key))) for key in keys]
    return list(dict.fromkeys(names))


@st.composite
def mappings(draw):
    """Any mapping between two such lists: some regular parts, some noise, some variables completed or unmapped."""
    reference, candidate = draw(variable_names()), draw(variable_names())
    numbers = st.sampled_from([F(0), F(1), F(-1), F(10), F(1, 3), F(2)])
    sparse = st.dictionaries(st.sampled_from(candidate), numbers, max_size=5)
    shared = AffineExpression(draw(numbers), draw(sparse))
    expressions, completed = {}, set()
    for position, name in enumerate(reference):
        kind = draw(st.sampled_from(["shared", "own", "shift", "noise", "completed", "unmapped"]))
        if kind == "shared":
            expressions[name] = shared
        elif kind == "own" and name in candidate:
            expressions[name] = AffineExpression.variable(name)
        elif kind == "shift":
            expressions[name] = AffineExpression.variable(candidate[position % len(candidate)]) * 2
        elif kind == "completed":
            completed.add(name)
        elif kind != "unmapped":
            expressions[name] = AffineExpression(draw(numbers), draw(sparse))
    return AffineMapping(expressions, frozenset(completed)), reference, candidate


@settings(max_examples=400, deadline=None)
@given(mappings())
def test_any_mapping_prints_and_parses_back_exactly(case):
    mapping, reference, candidate = case
    rules = compact_rules(mapping, reference, candidate)
    again = expand(parse_rules("\n".join(rules)), reference, candidate, completed=mapping.completed, partial=True)
    assert again == mapping
    assert len(rules) <= len(mapping.expressions)


TERMS = [
    "d[i,j]", "d[j,i]", "d[i+1,j]", "3*d[i,j+2]", "d[0,i]", "1/3*d[j,1]", "sum(e[i,j,t] for t)", "`i`", "w", "5",
    "sum(t*e[j,i,t] for t)", "2*sum((2*t+1)*e[i,j,t] for t)", "sum(e[s,t,0] for s, t)",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.integers(2, 4), st.lists(st.sampled_from(TERMS), min_size=1, max_size=4), st.booleans(), st.booleans())
def test_what_was_written_as_few_rules_prints_as_few_rules(n, terms, with_slice, with_exception):
    reference = [f"x[{i},{j}]" for i in range(n) for j in range(n)]
    candidate = [f"d({i},{j})" for i in range(n + 2) for j in range(n + 2)] + ["i", "w"]
    candidate += [f"e_{i}_{j}_{t}" for i in range(n) for j in range(n) for t in range(4)]
    body = " + ".join(terms)
    rules = [f"x[i,j] = {body}"]
    if with_slice:
        rules.append(f"x[1,j] = 7*{body}".replace("[i", "[1").replace(",i", ",1"))
    if with_exception:
        rules.append("x[0,0] = 1/7 - w")
    printed("\n".join(rules), reference, candidate)


def test_a_large_patterned_mapping_is_a_handful_of_rules():
    n = 5000
    reference = [f"x[{i}]" for i in range(n)] + [f"y_{i}_{k}" for i in range(n // 10) for k in range(10)]
    candidate = [f"d_{i}_{k}" for i in range(n) for k in range(2)] + [
        f"v({k},{i})" for i in range(n) for k in range(10)
    ]
    rules = ["x[i] = 10*d[i,1] + d[i,0]", "y[i,j] = 1 - v[j,i]", "x[17] = d_0_0"]
    assert printed("\n".join(rules), reference, candidate) == rules


def test_printing_takes_linear_time():
    n = 20_000
    order = list(range(n))
    random.Random(0).shuffle(order)
    reference = [f"x[{i}]" for i in range(n)]
    candidate = [f"d_{i}_{k}" for i in range(n) for k in range(2)]
    regular = AffineMapping({f"x[{i}]": AffineExpression(F(3), {f"d_{i}_1": F(-1)}) for i in range(n)})
    shuffled = AffineMapping({f"x[{i}]": AffineExpression.variable(f"d_{order[i]}_0") for i in range(n)})
    start = time.perf_counter()
    assert compact_rules(regular, reference, candidate) == ["x[i] = 3 - d[i,1]"]
    assert len(compact_rules(shuffled, reference, candidate)) == n
    assert time.perf_counter() - start < 40  # about 2 s on an idle machine
