"""What certificates show of random tiny pairs is what enumeration finds, and nothing exact is missing from them."""

import pytest
from random_pairs import random_case

from tests.brute_force import BruteForce
from tools.certify.certificate import Certificate, Question, certify_verification, refused
from tools.certify.claims import SHOWN_BY_LIFTING
from tools.claims.verify import Pair, Verification, verify_pair
from tools.exact.budget import Budget
from tools.report import CLAIM_NAMES


def certified(seed: int, nasty: bool) -> tuple[Verification, Certificate]:
    case = random_case(seed, nasty=nasty)
    reference, candidate = case.reference.build(), case.candidate.build()
    found = verify_pair(Pair(reference, candidate, Budget()), case.recovery.indexed())
    question = Question("quasi-karp", "unknown", None)
    return found, certify_verification(reference, candidate, question, found, Budget())


@pytest.mark.parametrize(("start", "nasty"), [(2000, False), (2015, False), (3000, True), (3015, True)])
def test_certified_claims_are_true_by_enumeration(start: int, nasty: bool) -> None:
    compared = 0
    for seed in range(start, start + 12):
        found, certificate = certified(seed, nasty)
        document = certificate.document
        assert refused(document) is None, seed
        for name in CLAIM_NAMES:
            claim = found.claims[name]
            if claim.result != "unknown" and claim.strength == "exact":
                by_lifting = certificate.gaps.get(name) == SHOWN_BY_LIFTING
                assert by_lifting or certificate.certified.get(name) == claim.result, (seed, name, certificate.gaps)
        models = [document[side]["model"] for side in ("reference", "candidate")]
        mapping = {key: document[key] for key in ("recovery", "completed", "objective")}
        try:
            truth = BruteForce(*models).claims(mapping)
        except ValueError:  # an integer variable without bounds
            continue
        for name, result in certificate.certified.items():
            compared += 1
            assert truth[name] == (result == "proved"), (seed, name)
    assert compared > 30


def test_a_claim_turned_around_is_refused() -> None:
    _, certificate = certified(2001, nasty=False)
    for name, entry in certificate.document["claims"].items():
        turned = {**entry, "result": "refuted" if entry["result"] == "proved" else "proved"}
        document = {**certificate.document, "claims": {**certificate.document["claims"], name: turned}}
        assert refused(document) is not None, name
