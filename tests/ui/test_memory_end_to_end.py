"""`check` and `batch` with a memory, in processes of their own and with the real agent."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.ui.capacity_model import capacity_model

TIMELESS = ("verdict", "contract", "relation", "scope", "claims")


@pytest.fixture
def models(tmp_path: Path) -> list[Path]:
    """A reference, a renaming of it, and one with a weaker row."""
    paths = [tmp_path / f"{name}.lp" for name in ("reference", "renamed", "weaker")]
    for path, (a, b, c) in zip(paths, (("x", "y", 2), ("u", "v", 2), ("x", "y", 1)), strict=True):
        path.write_text(capacity_model(a=a, b=b, c=c))
    return paths


def start(*arguments: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "ui.cli", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(*arguments: object) -> tuple[int, str, str]:
    process = start(*arguments)
    output, errors = process.communicate(timeout=120)
    return process.returncode, output, errors


def report_of(*arguments: object, errors: str = "") -> dict[str, Any]:
    _, output, found = run("check", *arguments, "--json")
    assert found == errors
    data: dict[str, Any] = json.loads(output)
    return data


def stats(folder: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(run("memory", "stats", "--memory", folder, "--json")[1])
    return data


def test_the_same_question_is_answered_from_memory_and_verified_again(models: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "memory"
    first = report_of(models[0], models[1], "--memory", folder)
    assert not first["mapping"]["origin"].startswith("memory:")
    again = report_of(models[0], models[1], "--memory", folder)
    assert again["mapping"]["origin"].startswith("memory:")
    assert {key: first[key] for key in TIMELESS} == {key: again[key] for key in TIMELESS}
    assert first["mapping"]["rules"] == again["mapping"]["rules"]
    assert stats(folder)["records"] == 1
    code, output, errors = run("memory", "show", again["mapping"]["origin"], "--memory", folder)
    assert (code, errors) == (0, "")
    assert "  x = u\n" in output
    _, output, _ = run("check", models[0], models[1], "--memory", folder)
    assert f"(recalled from memory record {again['mapping']['origin'].removeprefix('memory:')})" in output


def test_no_memory_writes_nothing(models: list[Path], tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("QUASIKARP_", "XDG_"))}
    command = [sys.executable, "-m", "ui.cli", "check", *map(str, models[:2])]
    for more in (["--memory", "none"], []):
        result = subprocess.run(
            [*command, *more], env=environment | {"HOME": str(home)}, capture_output=True, timeout=120, check=False
        )
        assert (result.returncode, result.stderr) == (0, b"")
        kept = home / ".local" / "share" / "quasikarp" / "memory" / "records.sqlite3"
        assert kept.exists() is not bool(more)


@pytest.mark.parametrize("place", ["/dev/null/x", "{folder}/a-file", "{folder}/damaged", "http://127.0.0.1:9"])
@pytest.mark.parametrize(("candidate", "code"), [(1, 0), (2, 1)])
def test_a_memory_that_cannot_be_used_is_a_warning(
    models: list[Path], tmp_path: Path, place: str, candidate: int, code: int
) -> None:
    (tmp_path / "a-file").write_text("text")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "records.sqlite3").write_text("no database" * 100)
    location = place.format(folder=tmp_path)
    found, output, errors = run("check", models[0], models[candidate], "--json", "--memory", location)
    assert found == code
    assert json.loads(output)["verdict"] == ("equivalent" if code == 0 else "not_equivalent")
    assert errors.startswith("quasikarp: warning: going on without memory: ")
    assert errors.count("\n") == 1
    assert (tmp_path / "a-file").read_text() == "text"


def test_two_checks_at_once_share_a_memory(models: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "memory"
    processes = [start("check", models[0], model, "--json", "--memory", folder) for model in models[1:]]
    answers = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0, 1]
    assert [errors for _, errors in answers] == ["", ""]
    counted = stats(folder)
    assert (counted["verified"], counted["refuted"], counted["unreadable"]) == (1, 1, 0)


@pytest.mark.slow
def test_a_batch_learns_and_recalls(models: list[Path], tmp_path: Path) -> None:
    folder, manifest = tmp_path / "memory", tmp_path / "pairs.jsonl"
    lines = [{"id": path.stem, "reference": "reference.lp", "candidate": path.name} for path in models[1:]]
    manifest.write_text("".join(json.dumps(line) + "\n" for line in lines))
    for number in range(2):
        out = tmp_path / f"out{number}.jsonl"
        code, _, errors = run("batch", manifest, "--out", out, "--jobs", 2, "--memory", folder)
        assert (code, errors) == (0, "")
    answers = {answer["id"]: answer for answer in map(json.loads, out.read_text().splitlines())}
    assert answers["renamed"]["mapping"]["origin"].startswith("memory:")
    assert answers["weaker"]["verdict"] == "not_equivalent"
    assert (stats(folder)["verified"], stats(folder)["refuted"]) == (1, 1)


def test_a_batch_without_a_usable_memory_warns_once(models: list[Path], tmp_path: Path) -> None:
    manifest, out = tmp_path / "pairs.jsonl", tmp_path / "out.jsonl"
    lines = [{"id": path.stem, "reference": "reference.lp", "candidate": path.name} for path in models]
    manifest.write_text("".join(json.dumps(line) + "\n" for line in lines))
    code, _, errors = run("batch", manifest, "--out", out, "--jobs", 1, "--memory", "/dev/null/x")
    assert code == 0
    assert errors.count("\n") == 1
    assert errors.startswith("quasikarp: warning: going on without memory: cannot write the memory /dev/null/x")
    assert "going on without" not in out.read_text()
    verdicts = {answer["id"]: answer["verdict"] for answer in map(json.loads, out.read_text().splitlines())}
    assert verdicts == {"reference": "equivalent", "renamed": "equivalent", "weaker": "not_equivalent"}
