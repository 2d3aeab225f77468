"""Objectives that no relation fits are found, and those that one fits never are."""

from fractions import Fraction

import pytest

from tools.claims.contract import judge
from tools.claims.objective_mismatch import objective_mismatch
from tools.claims.verify import Pair, verify_pair
from tools.exact.budget import Budget
from tools.exact.prover import Prover
from tools.formulation.lp_reader import parse_lp
from tools.formulation.model import Formulation
from tools.mapping.forms import IndexMapping

IDENTITY = IndexMapping([Fraction(0)] * 2, [{0: Fraction(1)}, {1: Fraction(1)}])


def model(objective: str, integer: str = "") -> Formulation:
    return parse_lp(f"{objective}\nst\n 5 a + 3 b >= 7\nbounds\n a <= 10\n b <= 10\ngeneral\n {integer}\nend\n")


@pytest.mark.parametrize("integer", ["", "a b"])
@pytest.mark.parametrize("objective", ["min\n 2 a + 4 b", "min\n 3 a + 2 b", "max\n 2 a + 3 b", "min\n 2 a"])
def test_no_increasing_relation_fits(objective: str, integer: str) -> None:
    reference, candidate = model("min\n 2 a + 3 b", integer), model(objective, integer)
    found = objective_mismatch(reference, Prover(candidate, Budget()), IDENTITY, [])
    assert found is not None
    assert candidate.is_feasible(found.witness.point)
    verification = verify_pair(Pair(reference, candidate, Budget()), IDENTITY)
    judgement = judge("reformulation", verification)
    assert judgement.outcome == "refuted"


@pytest.mark.parametrize("objective", ["min\n 2 a + 3 b", "min\n 4 a + 6 b + 5", "max\n 1 - 0.2 a - 0.3 b"])
def test_a_relation_that_fits_is_never_contradicted(objective: str) -> None:
    reference, candidate = model("min\n 2 a + 3 b"), model(objective)
    assert objective_mismatch(reference, Prover(candidate, Budget()), IDENTITY, []) is None


def test_a_mapping_that_is_not_one_to_one_is_left_alone() -> None:
    """An epigraph variable from the wrong side: f forgets w, so nothing forces the objectives onto a line."""
    reference = model("min\n 2 a + 3 b")
    candidate = parse_lp("min\n w\nst\n 5 a + 3 b >= 7\n w - 2 a - 4 b >= 0\nbounds\n a <= 10\n b <= 10\nend\n")
    a, b = candidate.variable_index["a"], candidate.variable_index["b"]
    recovery = IndexMapping([Fraction(0)] * 2, [{a: Fraction(1)}, {b: Fraction(1)}])
    assert verify_pair(Pair(reference, candidate, Budget()), recovery).mismatch is None
