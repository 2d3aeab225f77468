from dataclasses import replace
from typing import get_args

import pytest
from small_models import model, renaming

from tools.claims.contract import judge, relation_of
from tools.claims.facts import Facts
from tools.claims.outcome import Claim
from tools.claims.verify import Pair, Verification, verify_pair
from tools.exact.budget import Budget
from tools.report import CLAIM_NAMES, ClaimName, Contract, Result

OPTIMAL, EMPTY, ENDLESS = (
    Facts("optimal", "exact", ""), Facts("infeasible", "exact", ""), Facts("unbounded", "exact", ""),
)  # fmt: skip


def verification(
    default: Result = "proved",
    *,
    chosen: str | None = None,
    reference: Facts | None = OPTIMAL,
    candidate: Facts | None = OPTIMAL,
    **results: Result,
) -> Verification:
    one = model(continuous={"x": (0, 1)})
    found = verify_pair(Pair(one, one, Budget()), renaming(one, one))
    claims: dict[ClaimName, Claim] = {
        name: Claim(name, results.get(name, default), "exact", name) for name in CLAIM_NAMES
    }
    return replace(found, claims=claims, chosen=chosen, reference_facts=reference, candidate_facts=candidate)


def test_everything_proved_fulfils_both_contracts() -> None:
    for contract in get_args(Contract):
        assert judge(contract, verification()).outcome == "fulfilled"
        assert judge(contract, verification(reference=None, candidate=None)).outcome == "fulfilled"
    assert relation_of(verification()) == "reformulation"


@pytest.mark.parametrize("name", CLAIM_NAMES)
def test_nothing_open_is_fulfilled(name: ClaimName) -> None:
    needed = {"quasi-karp": {"status", "optima"}, "reformulation": {"sound", "complete"}}
    for contract in get_args(Contract):
        outcome = judge(contract, verification(**{name: "unknown"})).outcome  # type: ignore[arg-type]
        assert outcome == ("open" if name in needed[contract] else "fulfilled")


@pytest.mark.parametrize("name", CLAIM_NAMES)
def test_a_refuted_claim_refutes_the_contracts_that_need_it(name: ClaimName) -> None:
    fatal = {"quasi-karp": {"status", "optima"}, "reformulation": set(CLAIM_NAMES) - {"optimum"}}
    for contract in get_args(Contract):
        judgement = judge(contract, verification("unknown", **{name: "refuted"}))  # type: ignore[arg-type]
        assert judgement.outcome == ("refuted" if name in fatal[contract] else "open")
        assert judgement.claim == (name if name in fatal[contract] else None)


def test_without_optima_soundness_is_needed_too() -> None:
    for side in (EMPTY, ENDLESS):
        for result, outcome in (("unknown", "open"), ("refuted", "refuted")):
            found = verification(sound=result, reference=side, candidate=side)  # type: ignore[arg-type]
            assert judge("quasi-karp", found).outcome == outcome


def test_a_chosen_map_counts_only_with_completeness() -> None:
    assert judge("quasi-karp", verification(chosen="a sum")).outcome == "fulfilled"
    for result in ("unknown", "refuted"):
        assert judge("quasi-karp", verification(chosen="a sum", complete=result)).outcome == "open"  # type: ignore[arg-type]
        assert judge("quasi-karp", verification(complete=result)).outcome == "fulfilled"  # type: ignore[arg-type]


def test_two_empty_models_are_vacuous_whatever_the_map() -> None:
    judgement = judge("quasi-karp", verification(chosen="a sum", complete="unknown", reference=EMPTY, candidate=EMPTY))
    assert judgement.outcome == "fulfilled"
    assert "vacuous" in judgement.reason


def test_relations_sum_the_claims_up() -> None:
    assert relation_of(verification(complete="refuted")) == "narrowing"
    assert relation_of(verification(complete="refuted", value="refuted", optima="refuted")) == "restriction"
    assert relation_of(verification(complete="refuted", value="unknown")) == "undetermined"
    assert relation_of(verification(sound="refuted")) == "relaxation"
    assert relation_of(verification(sound="refuted", complete="refuted")) == "optima-only"
    vacuous = verification(sound="refuted", complete="refuted", reference=ENDLESS, candidate=ENDLESS)
    assert relation_of(vacuous) == "different"
    assert relation_of(verification("refuted")) == "different"
    assert relation_of(verification("unknown")) == "undetermined"
    assert relation_of(verification("unknown", sound="refuted")) == "undetermined"
