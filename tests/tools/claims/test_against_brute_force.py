import pytest
from disagreements import disagreements
from evidence import unsupported_claims
from random_pairs import random_case

from tools.claims.contract import judge, relation_of
from tools.claims.invariants import reformulation_impossible
from tools.claims.verify import Pair, verify_pair
from tools.exact.budget import Budget

SEEDS_PER_TEST = 10


@pytest.mark.parametrize("start", range(0, 120, SEEDS_PER_TEST))
def test_no_claim_contradicts_its_definition(start: int) -> None:
    for seed in range(start, start + SEEDS_PER_TEST):
        look_at(seed, nasty=False)


@pytest.mark.parametrize("start", range(0, 60, SEEDS_PER_TEST))
def test_no_claim_contradicts_its_definition_on_nasty_numbers(start: int) -> None:
    for seed in range(start, start + SEEDS_PER_TEST):
        look_at(seed, nasty=True)


def look_at(seed: int, nasty: bool) -> None:
    case = random_case(seed, nasty=nasty)
    reference, candidate = case.reference.build(), case.candidate.build()
    pair = Pair(reference, candidate, Budget())
    found = verify_pair(pair, case.recovery.indexed())
    label = f"seed {seed}: {case.steps}"
    assert disagreements(reference, candidate, found) == [], label
    assert unsupported_claims(reference, candidate, found) == [], label
    refuted = [name for name, claim in found.claims.items() if claim.result == "refuted"]
    if case.right:
        assert not refuted, label
        assert judge("quasi-karp", found).outcome != "refuted", label
    if case.right or relation_of(found) == "reformulation":
        assert reformulation_impossible(pair.reference, pair.candidate) is None, label


def test_tiny_integer_pairs_are_rarely_left_open() -> None:
    open_claims = total = 0
    for seed in range(1000, 1040):
        case = random_case(seed, "integer")
        if not all(case.candidate.integer):
            continue
        found = verify_pair(Pair(case.reference.build(), case.candidate.build(), Budget()), case.recovery.indexed())
        for name in ("status", "optimum", "optima"):
            total += 1
            open_claims += found.claims[name].result == "unknown"
    assert total > 60
    assert open_claims <= 0.02 * total
