from typing import Any

from benchmarks.certificates_summary import CLAIMS, normalised, share, summary


def record(identity: str, *, certified: bool = True, status: int | None = 0, **other: Any) -> dict[str, Any]:
    claim = {"result": "proved", "before": "exact", "certified": certified}
    told = {
        "source": "discovery", "id": identity, "seed": 0, "contract": "reformulation", "integers": False,
        "nonzeros": 10,
        "verdict": "equivalent", "verdict_certified": certified, "claims": {name: dict(claim) for name in CLAIMS},
        "check_seconds": 2.0, "certify_seconds": 1.0, "certificate": "x.json", "certificate_bytes": 5_000,
        "certificate_numbers": 20_000, "gaps": {}, "checker_seconds": 0.4, "checker_mb": 30.0, "checker_files": 2,
        "checker_said": "INVALID  row 3 has no side",
    }  # fmt: skip
    return {**told, **({} if status is None else {"checker_status": status}), **other}


def test_shares_are_of_what_is_proved_by_kind_and_size() -> None:
    records = [
        record("a"),
        record("b", certified=False, gaps={"sound": "row 7 has no exact proof"}),
        record("c", integers=True, nonzeros=1_500),
        record("d", integers=True, nonzeros=30_000, certified=False),
    ]
    text, refused = summary(records, seed=0, time_limit=20)
    assert refused == 0
    assert "| real LPs | 6/12 (50%) | 90%, **missed** |" in text
    assert "| real MILPs of at most 2,000 nonzeros | 6/6 (100%) | 60%, reached |" in text
    assert "| LP | ≤ 200 | 2 | 1/2 (50%) |" in text
    assert "| MILP | ≤ 2,000 | 1 | 1/1 (100%) |" in text
    assert "| MILP | more | 1 | 0/1 (0%) |" in text
    assert "| MILP | all | 2 |" in text
    assert "| real pairs | row N has no exact proof | 1 (1 exact) |" in text
    assert "| real pairs | no reason is given | 11 (11 exact) |" in text
    assert "| the same for 100,000 numbers, in certificates of at least 10,000 | 2.00 | 2.00 | 2.00 |" in text
    assert share(records) == (12, 24)


def test_whatever_the_checker_did_not_accept_is_on_top() -> None:
    text, refused = summary(
        [record("good"), record("bad", status=1), record("hung", status=None, error="killed: it overran its time")],
        seed=0,
        time_limit=20,
    )
    assert refused == 2
    assert "**Certificates that the checker accepts: 1 of 3**" in text
    assert "- `discovery bad`: INVALID  row 3 has no side" in text
    assert "- `discovery hung`: killed: it overran its time" in text


def test_a_pair_that_was_not_certified_in_time_counts_as_not_certified() -> None:
    lost = record("lost", certified=False, status=None, error="killed: it overran its time")
    del lost["certificate"]
    text, refused = summary([lost], seed=0, time_limit=20)
    assert refused == 0
    assert "| real LPs | 0/6 (0%) |" in text
    assert "| real pairs | killed: it overran its time | 6 (6 exact) |" in text


def test_reasons_are_alike_without_names_and_numbers() -> None:
    first = "the checker refuses the proof: claims.sound.bounds.x[1,2]: the bound shown is -3/4, less than 0"
    second = "the checker refuses the proof: claims.sound.bounds.y: the bound shown is 7, less than 12"
    assert normalised(first) == normalised(second)
    assert normalised("'x' has no exact proof | no\n") == "'…' has no exact proof \\| no"
