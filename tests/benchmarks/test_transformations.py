import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.transform_bases import OWN, bases, chosen
from benchmarks.transformations import Task, load, made_for, main
from benchmarks.transformations_summary import is_wrong, summary


@pytest.mark.slow
def test_a_few_checks_are_run_once_and_summed_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = tmp_path / "work", tmp_path / "out"
    arguments = [
        "--bases", "unbounded_counts", "--kinds", "slack", "epigraph", "--parts", "single", "mutation",
        "--mutants", "1", "--time-limit", "20", "--folder", str(folder), "--out", str(out),
    ]  # fmt: skip
    assert main(arguments) == 0
    records = load(folder / "results.jsonl", 0)
    assert len(records) == 2 * 2 * 2 + 2
    for record in records.values():
        if not record["task"]["mutation"]:
            assert record["verdict"] == "equivalent"
            assert record["confirmation"]["result"] in ("confirmed", "sampled")
    text = (out / "transformations.md").read_text()
    assert "**Wrong verdicts: 0.**" in text
    assert json.loads((out / "transformations.json").read_text())["schema"] == "quasikarp/transformations-benchmark/1"

    before = (folder / "results.jsonl").read_text()
    assert main(arguments) == 0
    assert (folder / "results.jsonl").read_text() == before
    capsys.readouterr()


@pytest.mark.parametrize("arguments", [["--bases", "none_such"], ["--kinds", "none_such"]])
def test_unknown_names_list_the_known(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "unknown" in capsys.readouterr().err


def test_own_base_models_are_many_and_feasible_in_form() -> None:
    assert len(OWN) >= 12
    assert {name: build().name for name, build in OWN.items()}
    assert set(OWN) <= set(bases())
    assert list(chosen(None, 2)) == list(bases())[:2]


def test_the_same_task_makes_the_same_candidate() -> None:
    model = OWN["machines"]()
    for task in (
        Task("machines", "single", "digits", "shuffled", "free"),
        Task("machines", "chain2", "0", "plain", "free"),
        Task("machines", "mutation", "slack", "shuffled", "given", "drop-row"),
    ):
        assert made_for(task, model, 3).candidate.same_as(made_for(task, model, 3).candidate)


def _record(verdict: str, confirmation: str, mutation: str = "", mode: str = "free") -> dict[str, Any]:
    return {
        "task": {"base": "b", "part": "single", "what": "slack", "form": "plain", "mode": mode, "mutation": mutation},
        "verdict": verdict,
        "reason": "why",
        "check_seconds": 0.4,
        "solve_seconds": 0.1,
        "start_seconds": 0.2,
        "confirmation": {"result": confirmation, "reason": "because"},
    }


def test_wrong_verdicts_are_those_that_the_independent_script_refutes() -> None:
    assert is_wrong(_record("equivalent", "refuted"))
    assert is_wrong(_record("not_equivalent", "confirmed"))
    assert is_wrong(_record("not_equivalent", "refuted", "cut"))
    assert not is_wrong(_record("not_equivalent", "unsure", "cut"))
    assert not is_wrong(_record("unknown", "refuted", "cut"))
    assert not is_wrong(_record("equivalent", "sampled", "cut"))


def test_the_tables_count_harmless_mutants_apart() -> None:
    records = [
        _record("equivalent", "sampled"),
        _record("not_equivalent", "confirmed", "cut", "given"),
        _record("unknown", "sampled", "cut", "given"),
        _record("unknown", "refuted", "cut", "given"),
    ]
    text, wrong = summary(records, seed=0, time_limit=5.0)
    assert wrong == 0
    assert "| free | plain | 1 | 1 (100.0%) | 1 | 0 | 0 | 0.40 | 4.0 | 2.0 |" in text
    assert "| cut | given | 3 | 1 | 1 (50.0%) | 1 | 0 | 0 | 2 |" in text
