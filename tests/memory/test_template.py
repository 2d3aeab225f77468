"""Templates: rules over roles, the same for every instance, and applied to other names and sizes."""

import json
from fractions import Fraction

import pytest

from memory.application import apply_template
from memory.template import Template, template_of
from tests.memory.pairs import LEVELS_RULE, levels_pair
from tools.errors import InputError
from tools.formulation.lp_reader import parse_lp
from tools.mapping.affine import AffineExpression
from tools.mapping.rules import expand, parse_rules


def template(reference, candidate, rules, completed=()):
    mapping = expand(parse_rules(rules), reference.variables, candidate.variables, partial=True)
    return template_of(reference, candidate, mapping.expressions, completed)


def test_names_become_roles_and_instances_share_one_template():
    small = template(*levels_pair(2), LEVELS_RULE)
    large = template(*levels_pair(3, top=5, unary="rank", choice="pick"), "rank[a,b] = sum(pick[a,m] for m if m >= b)")
    assert small.rules == ["Y[i,j] = sum(Qa[i,k] for k if k >= j)"]
    assert small.id == large.id
    assert small.patterns[0].sources[0].words == "z"
    assert Template.from_json(json.loads(json.dumps(small.to_json()))) == small


def test_a_template_gives_the_mapping_of_a_pair_of_another_size_under_other_names():
    learned = template(*levels_pair(2), LEVELS_RULE)
    reference, candidate = levels_pair(4, top=5, unary="rank", choice="pick")
    wanted = expand(parse_rules("rank[i,k] = sum(pick[i,m] for m if m >= k)"), reference.variables, candidate.variables)
    best, *_ = apply_template(learned, reference, candidate)
    assert best.fixed == wanted.expressions
    assert not best.open


def test_points_that_leave_the_reference_rule_a_hypothesis_out():
    learned = template(*levels_pair(2), "u[i,k] = z[i,k]")
    reference, candidate = levels_pair(3)
    point = next(
        p for k in range(9) if candidate.is_feasible(p := [Fraction(j == k and j % 3 > 0) for j in range(9)]) and any(p)
    )
    assert apply_template(learned, reference, candidate, [[Fraction(0)] * 9])
    assert not apply_template(learned, reference, candidate, [point])
    assert not apply_template(
        learned, reference, candidate
    )  # most rows have no counterpart, and no point speaks for it


def test_numbers_of_the_instance_are_left_open():
    reference = parse_lp("min\n x[0] + 2 x[1]\nst\n c: x[0] + x[1] >= 3\nbounds\n 1 <= x[0] <= 9\n 2 <= x[1] <= 7\nend")
    candidate = parse_lp("min\n v[0] + 2 v[1]\nst\n c: v[0] + v[1] >= 0\nbounds\n v[0] <= 8\n v[1] <= 5\nend")
    learned = template(reference, candidate, "x[0] = v[0] + 1\nx[1] = v[1] + 2")
    assert learned.patterns[0].rules == ()
    assert learned.patterns[0].support == ("Y[i] = Qa[i] + 1",)
    best, *_ = apply_template(learned, reference, candidate, [[Fraction(3), Fraction(1)]])
    assert not best.fixed
    assert best.open["x[0]"] == (AffineExpression.number(1), AffineExpression.variable("v[0]"))


def test_an_index_of_the_instance_gives_way_to_a_condition():
    names = [f"s[{k}]" for k in range(1, 3)]
    amounts = [f"w[{i},{t}]" for i in range(1, 4) for t in range(i, 4)]
    reference = parse_lp(f"min\n {' + '.join(names)}\nst\n c: s[1] >= 0\nend")
    candidate = parse_lp(f"min\n {' + '.join(amounts)}\nst\n c: w[1,1] >= 0\nend")
    learned = template(reference, candidate, "s[k] = sum(w[i,t] for i, t if i <= k and t > k)")
    assert len(learned.rules) == 1
    assert " and " in learned.rules[0]


def test_what_has_no_pattern_is_sought_anew_and_a_mapping_without_any_has_no_template():
    reference = parse_lp("min\n a + q[1] + q[2]\nst\n c: a + q[1] + q[2] >= 1\nend")
    candidate = parse_lp("min\n b + r[1] + r[2]\nst\n c: b + r[1] + r[2] >= 1\nend")
    found = template(reference, candidate, "q[i] = r[i]", completed=("a",))
    assert [pattern.completed for pattern in found.patterns] == [True, False]
    assert template(reference, candidate, "", completed=("a",)) is None
    shuffled = parse_lp("min\n v7 + v1 + v4\nst\n c: v7 + v1 + v4 >= 1\nend")
    odd = template(shuffled, candidate, "v7 = b\nv1 = r[2]\nv4 = r[1]")
    assert odd is None or not any(pattern.rules for pattern in odd.patterns)


@pytest.mark.parametrize(
    "data",
    [None, {}, {"patterns": 3}, {"patterns": [{}]}, {"patterns": [{"target": {"arity": "x"}}]}, {"patterns": [None]}],
)
def test_malformed_templates_are_refused(data):
    with pytest.raises(InputError, match="malformed"):
        Template.from_json(data)


def test_hostile_rules_in_a_template_come_to_nothing():
    reference, candidate = levels_pair(2)
    learned = template(reference, candidate, LEVELS_RULE).to_json()
    for rule in ("Y[i,j] = Qb[i]", "Y[i,j] = Qa[i,j]*Qa[i,j]", "Y = 3", "import os", "Y[i,j] = 9^9^9^9*Qa[i,j]", "Y["):
        learned["patterns"][0]["rules"] = [rule]
        hostile = Template.from_json(learned)
        for applied in apply_template(hostile, reference, candidate):
            assert set(applied.fixed) <= set(reference.variables)
