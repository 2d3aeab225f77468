import json
from pathlib import Path
from typing import Any

import pytest

import quasikarp_verify
from benchmarks import certificate_mutants
from benchmarks.certificate_mutants import Original, Outcome, bundled, check, load_originals, mutant, run, summary


@pytest.fixture(scope="module")
def originals() -> list[Original]:
    return [Original(path.stem, json.loads(path.read_text()), True, 0.0) for path in bundled()]


def test_mutants_depend_on_seed_and_number_alone(originals: list[Original]) -> None:
    texts = [mutant(originals, number, seed=3)[0].text for number in range(20)]
    assert texts == [mutant(originals, number, seed=3)[0].text for number in range(20)]
    assert texts != [mutant(originals, number, seed=4)[0].text for number in range(20)]


def test_a_run_writes_a_table_and_keeps_no_mutant_that_is_all_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--folder", str(tmp_path), "--small", "0", "--count", "60", "--out", str(tmp_path / "out")]
    assert certificate_mutants.main(arguments) == 0
    text = (tmp_path / "out" / "certificate_mutants.md").read_text()
    assert "**Accepted and false: 0. Crashed or overran their time: 0.**" in text
    assert "| **all** | 60 |" in text
    assert not list((tmp_path / "mutants-1").iterdir())
    capsys.readouterr()


def test_a_checker_that_hangs_or_ends_is_seen_and_replaced(
    originals: list[Original], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(certificate_mutants, "CHECKER_SECONDS", 1.0)

    def main(arguments: list[str]) -> int:
        import os
        import time

        calls = tmp_path / "calls"
        calls.write_text((calls.read_text() if calls.exists() else "") + "x")
        if len(calls.read_text()) == 2:
            time.sleep(30)
        if len(calls.read_text()) == 3:
            os._exit(4)
        if len(calls.read_text()) == 4:
            raise RuntimeError("a defect")
        print("INVALID  for a reason")
        return 1

    monkeypatch.setattr(quasikarp_verify, "main", main)
    outcomes = list(run(originals, range(6), 1, 1, 3000, tmp_path))
    assert [outcome.result for outcome in outcomes] == [
        "rejected", "killed", "killed", "crash", "rejected", "rejected",
    ]  # fmt: skip
    assert "a defect" in outcomes[3].said
    assert all(outcome.kind for outcome in outcomes)
    text = summary(outcomes, len(originals), 1)
    assert "Crashed or overran their time: 3.**" in text


def test_a_refusal_that_is_not_one_line_counts_as_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def main(arguments: list[str]) -> int:
        print("INVALID  a name with\na line break")
        return 1

    monkeypatch.setattr(quasikarp_verify, "main", main)
    outcome = Outcome(1)
    check(tmp_path / "any.json", outcome)
    assert outcome.result == "crash"


def test_a_certificate_that_is_refused_is_told_and_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "certificates"
    folder.mkdir()
    document: dict[str, Any] = json.loads(bundled()[0].read_text())
    (folder / "good.json").write_text(json.dumps(document))
    document["verdict"] = "perhaps"
    (folder / "bad.json").write_text(json.dumps(document))
    names = [original.name for original in load_originals(tmp_path, 0, 10**6)]
    assert "good" in names
    assert "bad" not in names
    assert "REFUSED" in capsys.readouterr().out
