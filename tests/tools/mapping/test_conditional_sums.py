"""Sums with a condition on the target's index are printed as one rule, and as nothing where no one rule fits."""

import pytest

from tools.mapping.affine import AffineExpression, AffineMapping
from tools.mapping.printing import compact_rules
from tools.mapping.rules import expand, parse_rules

REFERENCE = [f"d[{i},{k}]" for i in range(2) for k in range(4)]
CANDIDATE = [f"w[{i},{s}]" for i in range(2) for s in range(5)] + ["q[0]", "q[1]"]


@pytest.mark.parametrize(
    "rule",
    [
        "d[i,j] = sum(w[i,k] for k if k > j)",
        "d[i,j] = sum(w[i,k] for k if k >= j)",
        "d[i,j] = 1 - sum(w[i,k] for k if k <= j) + q[i]",
        "d[i,j] = 2*sum(w[i,k] for k if k != j)",
        "d[i,j] = sum(w[k,l] for k, l if k <= i and l > j)",
    ],
)
def test_a_sum_with_a_condition_is_one_rule(rule):
    mapping = expand(parse_rules(rule), REFERENCE, CANDIDATE)
    printed = compact_rules(mapping, REFERENCE, CANDIDATE)
    assert len(printed) == 1
    assert " if " in printed[0]
    assert expand(parse_rules(printed[0]), REFERENCE, CANDIDATE) == mapping


def test_one_member_off_is_no_longer_one_rule():
    mapping = expand(parse_rules("d[i,j] = sum(w[i,k] for k if k > j)"), REFERENCE, CANDIDATE)
    broken = AffineMapping({**mapping.expressions, "d[1,2]": AffineExpression.variable("w[0,0]")})
    printed = compact_rules(broken, REFERENCE, CANDIDATE)
    assert expand(parse_rules("\n".join(printed)), REFERENCE, CANDIDATE) == broken
    assert len(printed) > 1


def test_text_indices_are_not_ordered():
    reference = [f"d[{c}]" for c in "abc"]
    candidate = [f"w[{c}]" for c in "abc"]
    terms = {"d[a]": "abc", "d[b]": "bc", "d[c]": "c"}
    mapping = AffineMapping({n: _sum(cs) for n, cs in terms.items()})
    printed = compact_rules(mapping, reference, candidate)
    assert expand(parse_rules("\n".join(printed)), reference, candidate) == mapping
    assert not any(" if " in rule for rule in printed)


def _sum(letters):
    total = AffineExpression.number(0)
    for letter in letters:
        total = total + AffineExpression.variable(f"w[{letter}]")
    return total
