"""Certificates made by hand that would show something false, or keep the checker busy: each is refused."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

import quasikarp_verify
from tools.certify.certificate import SCHEMA, refused

Document = dict[str, Any]


def model(terms: dict[str, str], bounds: dict[str, tuple[str | None, str | None]], *rows: Any) -> Document:
    return {
        "schema": "quasikarp/formulation/1",
        "name": "",
        "sense": "minimize",
        "objective": {"constant": "0", "terms": terms},
        "variables": [
            {"name": name, "lower": low, "upper": high, "kind": "continuous"} for name, (low, high) in bounds.items()
        ],
        "rows": [
            {"name": f"r{k}", "lower": low, "upper": high, "terms": row} for k, (row, low, high) in enumerate(rows)
        ],
    }


def certificate(reference: Document, candidate: Document, **more: Any) -> Document:
    def stated(document: Document) -> Document:
        digest = quasikarp_verify.digest(quasikarp_verify.formulation(copy.deepcopy(document)))
        return {"sha256": digest, "model": document}

    empty = {"reference": None, "candidate": None}
    return {
        "schema": SCHEMA, "contract": "quasi-karp", "verdict": "unknown", "scope": None,
        "reference": stated(reference), "candidate": stated(candidate),
        "steps": {"reference": [], "candidate": []}, "recovery": None, "completed": [], "lifting": None,
        "objective": None, "facts": empty, "claims": {}, "impossible": None, **more,
    }  # fmt: skip


def expression(constant: str = "0", **terms: str) -> Document:
    return {"constant": constant, "terms": terms}


R = model({"y": "1"}, {"y": ("0", "1")})
C = model({"x": "1"}, {"x": ("0", "2")})
TWIN = model({"x": "1"}, {"x": ("0", "1")})
SIGMA = {"scale": "1", "offset": "0", "reading": [None, None], "lifted": None}
ROWS: Document = {"result": "proved", "by": "rows", "rows": {}, "bounds": {}, "integral": {}, "objective": None}
BOTH = {"sound": ROWS, "complete": {**ROWS, "identity": {}}}
IDENTITY = {"recovery": {"y": expression(x="1")}, "lifting": {"x": expression(y="1")}, "objective": SIGMA}


def test_what_is_made_by_hand_is_accepted_where_it_is_true() -> None:
    assert (
        refused(certificate(R, TWIN, **IDENTITY, claims=BOTH, contract="reformulation", verdict="equivalent")) is None
    )


def test_a_refuted_sound_decides_only_where_there_is_no_optimum() -> None:
    claims = {"sound": {"result": "refuted", "by": "point", "point": {"x": "2"}, "fibre": None}}
    document = certificate(R, C, recovery=IDENTITY["recovery"], objective=SIGMA, claims=claims)
    assert refused(document) is None
    assert "verdict" in str(refused(document | {"verdict": "not_equivalent", "scope": "this mapping"}))


@pytest.mark.parametrize(
    "reason",
    [
        {"scope": "status proved", "by": "facts"},
        {"scope": "status", "by": "proved facts"},
        {"scope": "sound", "by": "proved rows", **{k: v for k, v in ROWS.items() if k not in ("result", "by")}},
        {"scope": "any mapping", "by": "status"},
        {"scope": "this mapping", "by": ["status"]},
    ],
)
def test_a_proved_claim_is_no_reason_that_a_mapping_is_impossible(reason: Document) -> None:
    facts = {"status": "optimal", "point": {}, "lower": "0", "proof": None}
    document = certificate(
        R, TWIN, **IDENTITY, claims=BOTH, contract="reformulation", verdict="not_equivalent", scope=reason["scope"],
        facts={"reference": facts, "candidate": facts}, impossible=reason,
    )  # fmt: skip
    assert "verdict" in str(refused(document))


def test_a_claim_has_a_result_and_a_rule_apart() -> None:
    claims = {**BOTH, "value": {"result": "proved sound and complete", "by": ""}}
    assert "claims.value" in str(refused(certificate(R, TWIN, **IDENTITY, claims=claims)))


@pytest.mark.parametrize(
    ("reference", "completed"),
    [
        (model({}, {"y": ("0", "1")}, ({"y": "1"}, "0", None)), ["y"]),
        (model({"y": "1"}, {"y": ("0", "1")}, ({"y": "1"}, "0", None)), ["y"]),
        (model({"y": "1"}, {"y": ("0", "1"), "z": ("0", "1")}), ["z"]),
        (R, ["nothing"]),
        (R, [["y"]]),
    ],
)
def test_only_what_may_be_completed_is_completed(reference: Document, completed: list[Any]) -> None:
    assert "completed" in str(refused(certificate(reference, C, completed=completed)))


def test_an_objective_relation_fitted_to_the_values_shows_nothing() -> None:
    reference = model({"a": "1"}, {"a": ("5", "9")})
    candidate = model({"x": "3"}, {"x": ("0", "4")})
    facts = {
        "reference": {"status": "optimal", "point": {"a": "5"}, "lower": "5", "proof": None},
        "candidate": {"status": "optimal", "point": {}, "lower": "0", "proof": None},
    }
    fitted = {"scale": "7", "offset": "5", "reading": None, "lifted": None}
    claims = {"sound": ROWS, "value": {"result": "proved", "by": "facts"}}
    document = certificate(reference, candidate, recovery={"a": expression("5")}, objective=fitted, claims=claims)
    assert "not read off" in str(refused(document | {"facts": facts}))
    lifted = {**fitted, "lifted": [None, None]}
    document |= {"facts": facts, "objective": lifted, "lifting": {"x": expression()}}
    assert "objective" in str(refused(document))


def test_messages_hold_no_terminal_sequences(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    proof = [["crossed", "\x1b[2K\rVALID", 0]]
    document = certificate(R, C, facts={"reference": {"status": "infeasible", "proof": proof}, "candidate": None})
    path = tmp_path / "certificate.json"
    path.write_text(json.dumps(document))
    assert quasikarp_verify.main([str(path)]) == 1
    assert "\x1b" not in capsys.readouterr().out


def test_nothing_follows_a_proof() -> None:
    facts = {"status": "optimal", "point": {}, "lower": "0", "proof": [["linear", []], None, "more"]}
    assert "goes on" in str(refused(certificate(R, C, facts={"reference": facts, "candidate": None})))


def binaries(count: int) -> Document:
    document = model({f"b{k}": "1" for k in range(count)}, {f"b{k}": ("0", "1") for k in range(count)})
    for variable in document["variables"]:
        variable["kind"] = "binary"
    return document


def test_work_is_bounded() -> None:
    """Each kept an earlier checker busy for a minute to hours, or took gigabytes."""
    many = binaries(30)
    listing = {"scope": "any mapping", "by": "optima", "reference": "30", "candidate": "30"}
    asked = {"contract": "reformulation", "verdict": "not_equivalent", "scope": "any mapping"}
    assert "too large" in str(refused(certificate(many, many, impossible=listing, **asked)))
    deep = [["either", {}, "0"]] * 30_000
    facts = {"reference": {"status": "infeasible", "proof": deep}, "candidate": None}
    assert "too deep" in str(refused(certificate(R, C, facts=facts)))
    points = {"scope": "this mapping", "by": "objective", "points": [{}] * 50_000, "constant": {}}
    reason = certificate(R, C, recovery=IDENTITY["recovery"], impossible=points, **(asked | {"scope": "this mapping"}))
    assert "verdict" in str(refused(reason))
    tour = {
        "nodes": 10_000, "root": 0, "arcs": [], "positions": [], "potentials": [], "step": "1", "big_m": "1",
        "subsets": [], "proofs": {"arcs": [], "degrees": [], "cycles": []},
    }  # fmt: skip
    assert "steps" in str(refused(certificate(R, C, steps={"reference": [{"tour": tour}], "candidate": []})))
