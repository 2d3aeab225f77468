from typing import Any

from benchmarks.twins_summary import is_full_success, summary

CLAIMS = dict.fromkeys(("status", "value", "optimum", "optima", "sound", "complete"), "proved/exact")


def record(task: str, **fields: Any) -> dict[str, Any]:
    return {"file": "folder/a.lp", "task": task, "seed": 0, "wall": 1.0, "check_seconds": 1.0, **fields}


def solved() -> dict[str, Any]:
    return record("solve", status="optimal")


def mutated(separated: bool) -> dict[str, Any]:
    difference = {"what": "row r", "where": "mutant only", "evidence": "exact"} if separated else None
    mutation = {"kind": "row dropped", "place": "r", "detail": "dropped"}
    return record("mutant", mutation=mutation, difference=difference)


def test_a_good_run_has_nothing_wrong() -> None:
    twin = record("twin", verdict="equivalent", claims=CLAIMS, confirmation={"result": "confirmed", "reason": ""})
    named = record("named/reformulation", verdict="not_equivalent", scope="this mapping", claims={})
    text, wrong = summary([solved(), twin, mutated(True), named], seed=0, time_limit=60.0)
    assert is_full_success(twin)
    assert wrong == 0
    assert "| folder | 1 | 1 | 0 | 0 | 1 | 1.00 | 1.00 |" in text
    assert "| separated | 1 | 0 | 1 | 0 | 0 |  |" in text
    assert "| row dropped | 1 | 1 | 0 / 1 / 0 |" in text
    assert "Crashes" not in text


def test_false_verdicts_are_counted() -> None:
    refuted = {"result": "refuted", "reason": "row r fails"}
    assert (
        summary([solved(), record("twin", verdict="equivalent", confirmation=refuted)], seed=0, time_limit=1.0)[1] == 1
    )
    named = record("named/reformulation", verdict="equivalent")
    assert summary([mutated(True), named], seed=0, time_limit=1.0)[1] == 1
    assert summary([mutated(False), named], seed=0, time_limit=1.0)[1] == 0
    # under quasi-karp a separated mutant may well be equivalent
    karp = record("named/quasi-karp", verdict="equivalent", confirmation={"result": "confirmed", "reason": ""})
    assert summary([mutated(True), karp], seed=0, time_limit=1.0)[1] == 0
    refusal = record("free/quasi-karp", verdict="not_equivalent", scope="any mapping", identity={"result": "confirmed"})
    assert summary([mutated(False), refusal], seed=0, time_limit=1.0)[1] == 1
    assert summary([record("twin", verdict="not_equivalent", scope="any mapping")], seed=0, time_limit=1.0)[1] == 1


def test_failures_and_overruns_are_listed() -> None:
    crash = record("twin", error="Traceback\nValueError: a|b")
    slow = record("free/reformulation", verdict="unknown", check_seconds=90.0)
    text, wrong = summary([crash, mutated(False), slow], seed=0, time_limit=60.0)
    assert wrong == 0
    assert "ValueError: a\\|b" in text
    assert "90 s, limit 60 s" in text
