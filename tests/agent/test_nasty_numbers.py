"""Numbers that are hard on floating point: no verdict, claim or counterexample contradicts exact arithmetic.

The seeds are the next after those of the recorded benchmark, all of them; `python -m benchmarks nasty` does more.
"""

from collections import Counter
from functools import cache

import pytest

from benchmarks.nasty import CHECKS, Outcome, described, outcomes_of
from benchmarks.nasty_pairs import BASES, nasty_pair

FIRST, COUNT = 520, 39


@cache
def outcomes(kind: str) -> tuple[Outcome, ...]:
    """Return two of the four checks for each pair of a kind, so that all four take turns."""
    seeds = [seed for seed in range(FIRST, FIRST + COUNT) if nasty_pair(seed).kind == kind]
    return tuple(
        outcome
        for turn, seed in enumerate(seeds)
        for outcome in outcomes_of(nasty_pair(seed), 10, (CHECKS[turn % 2], CHECKS[3 - turn % 2]))
    )


@pytest.mark.parametrize("kind", BASES)
def test_nothing_that_is_said_is_wrong(kind: str) -> None:
    assert len(outcomes(kind)) == 2 * COUNT // len(BASES)
    assert [(described(outcome), outcome.wrong) for outcome in outcomes(kind) if outcome.wrong] == []


def test_data_written_in_doubles_are_not_refuted() -> None:
    pairs = [pair for pair in map(nasty_pair, range(FIRST, FIRST + 150)) if pair.rounded]
    assert len(pairs) > 3
    for pair in pairs[:4]:
        for outcome in outcomes_of(pair, 10, CHECKS[1:4:2]):
            assert outcome.wrong == (), described(outcome)


def test_most_is_decided_and_by_rational_proofs() -> None:
    said = [outcome for kind in BASES for outcome in outcomes(kind)]
    claims = [claim for outcome in said if outcome.given for claim in outcome.report.claims.values()]
    strengths = Counter("unknown" if claim.result == "unknown" else claim.strength for claim in claims)
    assert strengths["exact"] > 0.7 * len(claims)
    assert strengths["solver"] < 0.05 * len(claims)
    verdicts = Counter(outcome.report.verdict for outcome in said)
    assert verdicts["unknown"] < 0.4 * len(said)
    assert verdicts["not_equivalent"] > 0
