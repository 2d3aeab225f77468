from typing import Any

from benchmarks.discovery_summary import CLAIMS, equal_values, overview, table


def record(identity: str = "a:1", **fields: Any) -> dict[str, Any]:
    models = {side: {"integers": 2, "objective": 5.0} for side in ("reference", "candidate")}
    return {
        "manifest": "m", "id": identity, "family": identity.partition(":")[0], "contract": "reformulation", "seed": 0,
        "stated": {}, "wall": 2.0, "check_seconds": 1.0, "relation": "reformulation", "models": models,
        "claims": dict.fromkeys(CLAIMS, "proved/exact"), **fields,
    }  # fmt: skip


GOOD = record(verdict="equivalent", confirmation={"result": "confirmed", "reason": ""}, origin="symbolic:names")
WITNESS = {"claim": "complete", "point_of": "reference", "violates": None, "explanation": "x = 1/2 | is lost\nhere"}


def test_a_verified_pair_has_its_row() -> None:
    sampled = record(
        "b:1", verdict="equivalent", confirmation={"result": "sampled", "reason": ""}, functions=["digits"],
        completed=[f"u{k}" for k in range(10)], claims={**GOOD["claims"], "complete": "proved/solver"},
    )  # fmt: skip
    text, wrong = table("m", [GOOD, sampled], seed=0, time_limit=60.0)
    assert wrong == 0
    assert (
        "| `a:1` | reformulation | equivalent | reformulation | ✓ | ✓ | ✓ | ✓ | ✓ | ✓ | symbolic:names |  |  "
        "| confirmed | 1.00 |" in text
    )
    assert "| ✓ˢ |  | digits | u0, u1, u2, u3, u4, u5, u6, u7 and 2 more | sampled |" in text
    assert "| reformulation | **all** | 2 | 2 (100%) | 0 | 0 | 0 | 1 | 1 | 0 | 1.00 | 1.00 |" in text
    assert "| reformulation | complete | 1 | 1 | 0 | 0 | 0 |" in text
    for heading in ("Equal optimal values", "Undecided", "## Not equivalent", "Against the label"):
        assert heading not in text


def test_what_differs_at_equal_values_is_told() -> None:
    claims = {**GOOD["claims"], "complete": "refuted/exact"}
    other = record(verdict="not_equivalent", scope="any mapping", counterexample=WITNESS, claims=claims)
    text, wrong = table("m", [other], seed=0, time_limit=60.0)
    assert wrong == 0
    assert "| `a:1` | reformulation | not_equivalent | 2 / 2 | complete | x = 1/2 \\| is lost here |" in text
    assert "| ✗ |" in text
    unexplained = record(verdict="not_equivalent", scope="any mapping", reason="too many", claims=claims)
    assert "| complete | too many |" in table("m", [unexplained], seed=0, time_limit=60.0)[0]
    claims = dict.fromkeys(CLAIMS, "unknown/solver")
    together = record(verdict="not_equivalent", scope="any mapping", reason="too many", claims=claims)
    assert "| no claim by itself (any mapping) | too many |" in table("m", [together], seed=0, time_limit=60.0)[0]


def test_optimal_values_come_from_the_report_or_the_manifest() -> None:
    assert equal_values(GOOD)
    open_models = {side: {"integers": 0, "objective": None} for side in ("reference", "candidate")}
    assert not equal_values(record(models=open_models))
    assert equal_values(record(models=open_models, stated={"optimal_values": [2.0, 2.0]}))
    assert not equal_values(record(models=open_models, stated={"optimal_values": [2.0, None]}))
    assert not equal_values(record(stated={"optimal_values": [3.0, 3.0]}, models={
        "reference": {"objective": 5.0}, "candidate": {"objective": 4.0}}))  # fmt: skip


def test_wrong_and_contradicting_verdicts_are_counted() -> None:
    false = record(verdict="equivalent", confirmation={"result": "refuted", "reason": "row r fails"})
    labelled = record("b:1", verdict="equivalent", stated={"label": False, "contract": "reformulation"}, reason="why")
    elsewhere = record("c:1", verdict="equivalent", stated={"label": False, "contract": "quasi-karp"})
    text, wrong = table("m", [false, labelled, elsewhere], seed=0, time_limit=60.0)
    assert wrong == 1
    assert "independent script refutes: 1. Verdicts against a stated label: 1." in text
    assert "- `a:1` (reformulation): row r fails" in text
    assert "- `b:1` (reformulation): equivalent, label false; why" in text


def test_a_crash_is_a_pair_without_a_verdict() -> None:
    crash = {key: record()[key] for key in ("manifest", "id", "family", "contract", "seed", "stated", "wall")}
    crash["error"] = "Traceback\nValueError: a|b"
    text, _ = table("m", [crash], seed=0, time_limit=60.0)
    assert "| `a:1` | reformulation | ValueError: a\\|b | 2.00 |" in text
    assert "| reformulation | a | 1 | 0 (0%) | 0 | 0 | 1 | 0 | 0 | 0 |  |  |" in overview([crash])
