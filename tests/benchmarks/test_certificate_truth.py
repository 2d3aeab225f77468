import json
from typing import Any

import pytest

from benchmarks.certificate_truth import Statement, implied, judged, statements
from benchmarks.small_pairs import small_pair
from tests.brute_force import BruteForce
from tests.small_models import model
from tools.formulation.json_format import format_json

CLAIMS = ("status", "value", "optimum", "optima", "sound", "complete")


def certificate(least: int, recovery: dict[str, Any], verdict: str = "unknown", **claims: str) -> dict[str, Any]:
    """Return what a certificate states about min x over 2 ≤ x ≤ 5 and min u over `least` ≤ u ≤ 5, without proofs."""
    ours, theirs = model(integer={"x": (2, 5)}, minimize={"x": 1}), model(integer={"u": (least, 5)}, minimize={"u": 1})
    return {
        "contract": "reformulation", "verdict": verdict, "scope": None, "impossible": None, "completed": [],
        "reference": {"sha256": "r", "model": json.loads(format_json(ours))},
        "candidate": {"sha256": str(least), "model": json.loads(format_json(theirs))},
        "steps": {"reference": [], "candidate": []}, "recovery": {"x": recovery}, "lifting": None,
        "objective": {"scale": "1", "offset": "0", "reading": [None, None]},
        "facts": {"reference": None, "candidate": None},
        "claims": {name: {"result": result, "by": "rows"} for name, result in claims.items()},
    }  # fmt: skip


SAME = {"constant": "0", "terms": {"u": "1"}}


@pytest.mark.parametrize(
    ("least", "true"),
    [
        (2, {"status", "value", "optimum", "optima", "sound", "complete"}),
        (3, {"status", "sound"}),
        (1, {"status", "complete"}),
    ],
)
def test_claims_are_judged_by_what_they_say(least: int, true: set[str]) -> None:
    for result in ("proved", "refuted"):
        document = certificate(least, SAME, **dict.fromkeys(CLAIMS, result))
        for statement in statements(document):
            expected = (statement.name in true) == (result == "proved")
            assert judged(statement, document) == (expected, "enumeration"), statement


def test_verdicts_are_judged_by_the_contract() -> None:
    for least, verdict, expected in ((2, "equivalent", True), (3, "equivalent", False), (3, "not_equivalent", True)):
        document = certificate(least, SAME, verdict)
        (statement,) = statements(document)
        assert judged(statement, document) == (expected, "enumeration")


def test_lemmas_are_judged_too() -> None:
    document = certificate(2, SAME)
    document["facts"]["reference"] = {"status": "optimal", "point": {"x": "2"}, "lower": "2", "proof": None}
    document["steps"]["candidate"] = [
        {"bound": [0, "lower", "2"], "proof": None},
        {"row": {"terms": {"0": "-1"}, "at_least": "-5"}, "proof": None},
    ]
    assert [judged(statement, document)[0] for statement in statements(document)] == [True, True, True]
    document["facts"]["reference"]["lower"] = "3"
    document["steps"]["candidate"][0]["bound"][2] = "3"
    document["steps"]["candidate"][1]["row"]["at_least"] = "-4"
    assert [judged(statement, document)[0] for statement in statements(document)] == [False, False, False]


def test_witnesses_are_judged_by_the_point() -> None:
    for point, expected in (("1", True), ("2", False), ("9", False)):
        document = certificate(1, SAME)
        document["claims"] = {"sound": {"result": "refuted", "by": "point", "point": {"u": point}, "fibre": None}}
        found = {statement.kind: judged(statement, document)[0] for statement in statements(document)}
        assert found == {"claim": True, "witness": expected}


def test_counts_of_points_are_judged() -> None:
    for least, expected in ((3, True), (2, False)):
        document = {**certificate(least, SAME, "not_equivalent"), "scope": "any mapping"}
        document["impossible"] = {"by": "points", "scope": "any mapping"}
        (statement,) = statements(document)
        assert judged(statement, document)[0] is expected


def test_how_numbers_are_written_changes_no_statement() -> None:
    odd = {"constant": "-0", "terms": {"u": "2/2"}}
    first = certificate(2, SAME, "equivalent", sound="proved", complete="proved")
    second = certificate(2, odd, "equivalent", sound="proved", complete="proved")
    assert statements(first) == statements(second)
    third = certificate(2, {"constant": "1", "terms": {"u": "1"}}, "equivalent", sound="proved", complete="proved")
    assert not set(statements(first)) & set(statements(third))


def test_a_verdict_follows_from_its_claims_and_from_nothing_less() -> None:
    document = certificate(2, SAME, "equivalent", sound="proved", complete="proved")
    told = statements(document)
    verdict = next(statement for statement in told if statement.kind == "verdict")
    claims = [statement for statement in told if statement.kind == "claim"]
    assert implied(verdict, claims, document)
    assert not implied(verdict, claims[:1], document)
    assert not implied(Statement("claim", "optima", claims[0].text), claims[1:], document)


def test_a_completed_variable_with_a_cost_is_never_right() -> None:
    document = {**certificate(2, SAME, sound="proved"), "completed": ["x"]}
    (claim,) = [statement for statement in statements(document) if statement.kind == "claim"]
    assert judged(claim, document) == (False, "the definitions: a completed variable has a cost")


def test_small_pairs_are_enumerable_and_many_are_spoilt() -> None:
    true = false = 0
    for seed in range(40):
        pair = small_pair(seed)
        if pair is not None:
            models = (json.loads(format_json(side)) for side in (pair.reference, pair.candidate))
            holds = BruteForce(*models).verdict("reformulation", json.loads(pair.mapping))
            true, false = true + holds, false + (not holds)
    assert min(true, false) >= 5
