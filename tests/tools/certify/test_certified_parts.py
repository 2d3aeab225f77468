"""Parts of certificates that rest on little: an impossibility alone, whole numbers between fractional bounds."""

from dataclasses import replace
from fractions import Fraction

from tools.certify.certificate import Question, certify_verification, refused
from tools.claims.invariants import reformulation_impossible
from tools.claims.outcome import unknown
from tools.claims.verify import Pair, verify_pair
from tools.exact.budget import Budget
from tools.formulation.lp_reader import parse_lp
from tools.mapping.forms import IndexMapping

ONE, ZERO = Fraction(1), Fraction(0)


def test_an_impossibility_needs_no_certified_claim() -> None:
    """The bounds by which both sets are listed are derived from their rows."""
    reference = parse_lp("min\n x + y\nst\n c: x + y <= 3\ngeneral\n x y\nend")
    candidate = parse_lp("min\n u\nst\n c: u <= 2\ngeneral\n u\nend")
    pair = Pair(reference, candidate, Budget())
    impossible = reformulation_impossible(pair.reference, pair.candidate)
    found = verify_pair(pair, IndexMapping([ZERO, ZERO], [{0: ONE}, {}]))
    left_open = replace(found, claims={name: unknown(name, "left open") for name in found.claims})
    question = Question("reformulation", "not_equivalent", "any mapping")
    certificate = certify_verification(reference, candidate, question, left_open, Budget(), impossible)
    assert certificate.document["verdict"] == "not_equivalent"
    assert (certificate.certified, certificate.gaps) == ({}, {})


def test_whole_numbers_between_fractional_bounds() -> None:
    """Images add up to 1.6, and both of the reference's whole numbers are at least 1 although their bounds are 0.5."""
    reference = parse_lp("min\n y + z\nbounds\n 0.5 <= y <= 3.5\n 0.5 <= z <= 3.5\ngeneral\n y z\nend")
    candidate = parse_lp("min\n 0 x\nbounds\n 0.6 <= x <= 1\nend")
    recovery = IndexMapping([ZERO, Fraction(8, 5)], [{0: ONE}, {0: -ONE}])
    found = verify_pair(Pair(reference, candidate, Budget()), recovery)
    assert found.claims["optimum"].result == "refuted"
    question = Question("quasi-karp", "not_equivalent", "this mapping")
    certificate = certify_verification(reference, candidate, question, found, Budget())
    assert certificate.certified["optimum"] == "refuted", certificate.gaps
    assert certificate.document["claims"]["optimum"]["by"] == "joint"
    assert certificate.document["verdict"] == "not_equivalent"
    assert refused(certificate.document) is None
