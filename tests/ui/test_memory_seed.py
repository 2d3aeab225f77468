"""`quasikarp memory seed` with the real agent, on pairs that take no time."""

import json
import os
import pty
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import ui.memory_seed_command
from agent.seeding import Seeded
from memory.loaders.pairs import LoaderOptions
from memory.loaders.registry import LOADERS
from memory.stores.errors import MemoryStoreError
from tests.ui.capacity_model import capacity_model
from tools.errors import InputError
from ui.cli import app
from ui.memory_cli import SEED_COUNT

SUMMARY = ("verified", "refuted", "unknown", "unreadable", "done_before")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "memory"


def manifest_of(folder: Path, pairs: int, *extra: str) -> Path:
    """Return a manifest of pairs, renamings and every third one spoilt, with these lines behind them."""
    lines = list(extra)
    for k in reversed(range(pairs)):
        (folder / f"r{k}.lp").write_text(capacity_model(a="x", b="y", c=2, room=10 + k))
        (folder / f"c{k}.lp").write_text(capacity_model(a="u", b="v", c=1 if k % 3 == 2 else 2, room=10 + k))
        entry = {"id": f"pair {k}", "reference": f"r{k}.lp", "candidate": f"c{k}.lp", "label": "equivalent"}
        lines.insert(0, json.dumps({**entry, "mapping": "x = u\ny = v"}))
    path = folder / "pairs.jsonl"
    path.write_text("".join(line + "\n" for line in lines))
    return path


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "ui.cli", "memory", *map(str, arguments)]


def memory(*arguments: object) -> dict[str, Any]:
    result = CliRunner().invoke(app, ["memory", *map(str, arguments), "--json"])
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    data: dict[str, Any] = json.loads(result.stdout)
    return data


def counts(data: dict[str, Any]) -> list[int]:
    return [data[name] for name in SUMMARY]


def exported(folder: Path) -> str:
    return CliRunner().invoke(app, ["memory", "export", "--memory", str(folder)]).stdout


def test_seeding_twice_changes_nothing(tmp_path: Path, folder: Path) -> None:
    source = manifest_of(tmp_path, 3)
    data = memory("seed", source, "--memory", folder)
    assert data == {
        "schema": "quasikarp/memory-seed/1", "source": str(source), "loader": "manifest", "location": str(folder),
        "verified": 2, "refuted": 1, "unknown": 0, "unreadable": 0, "done_before": 0, "new_records": 3, "records": 3,
        "refused": [],
    }  # fmt: skip
    before = exported(folder)
    assert before.count("\n") == 3
    assert counts(again := memory("seed", source, "--memory", folder)) == [0, 0, 0, 0, 3]
    assert (again["new_records"], again["records"]) == (0, 3)
    assert exported(folder) == before
    stats = memory("stats", "--memory", folder)
    assert (stats["verified"], stats["refuted"], stats["templates"]) == (2, 1, 1)
    listed = memory("list", "--memory", folder)["records"]
    assert [record["source"] for record in listed] == [f"pairs.jsonl:pair {k}" for k in (2, 1, 0)]


def test_an_unreadable_line_costs_only_itself(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "broken.lp").write_text("minimize\n obj: 3 x +\nsubject to\n")
    broken = '{"id": "odd", "reference": "r0.lp", "candidate": "broken.lp"}'
    missing = '{"id": "gone", "reference": "r0.lp", "candidate": "no.lp"}'
    source = manifest_of(tmp_path, 1, "{", broken, missing)
    data = memory("seed", source, "--memory", folder)
    assert counts(data) == [1, 0, 0, 3, 0]
    assert [entry["id"] for entry in data["refused"]] == ["line 2", "odd", "gone"]
    assert "broken.lp" in data["refused"][1]["reason"]
    result = CliRunner().invoke(app, ["memory", "seed", str(source), "--memory", str(folder)])
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == f"{source} (manifest): 4 pairs, 0 verified, 0 refuted, 0 unknown, 3 unreadable, 1 done before"
    assert lines[1:3] == [f"{folder}: 0 new records, 1 in all", "Could not be loaded:"]
    assert lines[3].startswith("  line 2: the line is not JSON")
    assert len(lines) == 6


def test_many_refusals_are_folded_for_people_only(tmp_path: Path, folder: Path) -> None:
    source = manifest_of(tmp_path, 0, *["{"] * 30)
    assert len(memory("seed", source, "--loader", "manifest", "--memory", folder)["refused"]) == 30
    arguments = ["memory", "seed", str(source), "--loader", "manifest", "--memory", str(folder)]
    lines = CliRunner().invoke(app, arguments).stdout.splitlines()
    assert len(lines) == 2 + 1 + 20 + 1
    assert lines[-1] == "  … and 10 more; --json lists all"
    assert not folder.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["{folder}/no"], "no file or folder"),
        (["{folder}"], "looks like no data set"),
        (["{folder}", "--loader", "mystery"], "known are manifest"),
        (["{folder}", "--loader", "manifest"], "pairs.jsonl"),
        (["{folder}", "--loader", "transformations"], "no model file"),
        (["{folder}", "--time-limit", "0"], "the time limit"),
    ],
)
def test_an_unusable_source_is_one_line(tmp_path: Path, folder: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "empty").mkdir()
    filled = [argument.format(folder=tmp_path / "empty") for argument in arguments]
    result = CliRunner().invoke(app, ["memory", "seed", *filled, "--memory", str(folder)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert not folder.exists()


def test_a_memory_that_cannot_be_written_ends_in_one_line(tmp_path: Path) -> None:
    arguments = ["memory", "seed", str(manifest_of(tmp_path, 1)), "--memory", "/dev/null/x"]
    result = CliRunner().invoke(app, arguments)
    assert (result.exit_code, result.stdout) == (70, "")
    assert result.stderr == "quasikarp: cannot write the memory /dev/null/x: Not a directory\n"


def test_models_of_a_folder_are_transformed(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "models").mkdir()
    manifest_of(tmp_path / "models", 1).unlink()
    data = memory("seed", tmp_path / "models", "--count", 3, "--seed", 5, "--memory", folder)
    assert data["loader"] == "transformations"
    assert sum(counts(data)) == 3
    assert data["verified"] > 0
    assert counts(memory("seed", tmp_path / "models", "--count", 3, "--seed", 5, "--memory", folder))[-1] == 3


def marks_in(folder: Path) -> int:
    """Return how many pairs a memory that is being written has dealt with."""
    try:
        connection = sqlite3.connect(f"file:{folder / 'records.sqlite3'}?mode=ro", uri=True, timeout=30)
    except sqlite3.Error:
        return 0
    try:
        return int(connection.execute("SELECT count(*) FROM marks").fetchone()[0])
    except sqlite3.Error:
        return 0
    finally:
        connection.close()


def stopped_in_the_middle(source: Path, folder: Path, how: signal.Signals) -> tuple[int, str, str]:
    process = subprocess.Popen(
        command("seed", source, "--memory", folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 120
    while marks_in(folder) < 2 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(how)
    output, errors = process.communicate(timeout=60)
    return process.returncode, output, errors


def test_killed_in_the_middle_it_completes_when_run_again(tmp_path: Path, folder: Path) -> None:
    source = manifest_of(tmp_path, 12)
    code, _, _ = stopped_in_the_middle(source, folder, signal.SIGKILL)
    assert code == -signal.SIGKILL
    before = memory("stats", "--memory", folder)
    assert 2 <= before["records"] < 12
    assert before["unreadable"] == 0
    data = memory("seed", source, "--memory", folder)
    assert 2 <= data["done_before"] <= before["records"]
    assert (sum(counts(data)), data["records"]) == (12, 12)
    stats = memory("stats", "--memory", folder)
    assert (stats["verified"], stats["refuted"], stats["unreadable"]) == (8, 4, 0)


def test_interrupted_it_says_what_stays(tmp_path: Path, folder: Path) -> None:
    source = manifest_of(tmp_path, 12)
    code, output, errors = stopped_in_the_middle(source, folder, signal.SIGINT)
    assert code == 130
    assert errors == "quasikarp: interrupted; what was learned stays, and the same command goes on from there\n"
    assert output.startswith(f"{source} (manifest): ")
    assert " new records, " in output
    assert memory("seed", source, "--memory", folder)["records"] == 12


def test_a_terminal_sees_progress_on_stderr_only(tmp_path: Path, folder: Path) -> None:
    own, terminal = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"} | {"TERM": "xterm", "COLUMNS": "160"}
    process = subprocess.Popen(
        command("seed", manifest_of(tmp_path, 1), "--memory", folder, "--json"),
        stdout=subprocess.PIPE, stderr=terminal, env=environment,
    )  # fmt: skip
    os.close(terminal)
    shown = b""
    while True:
        try:
            part = os.read(own, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(own)
    output, _ = process.communicate(timeout=60)
    assert json.loads(output)["verified"] == 1
    assert b"1 pairs: 1 verified" in shown


@pytest.mark.parametrize(
    ("error", "code", "shown"),
    [(MemoryStoreError("cannot write the memory: disk full"), 70, 2), (InputError("no such data set"), 2, 2)],
)
def test_what_was_done_before_an_error_is_told(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int, shown: int
) -> None:
    def seed(*_: object, **__: object) -> Iterator[Seeded]:
        yield Seeded("a", "verified", "", 1)
        raise error

    monkeypatch.setattr(ui.memory_seed_command, "seed", seed)
    arguments = ["memory", "seed", str(manifest_of(tmp_path, 1)), "--memory", str(folder)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == code
    assert result.stderr == f"quasikarp: {error}\n"
    assert len(result.stdout.splitlines()) == shown
    assert "1 pair, 1 verified" in result.stdout


def test_the_help_says_what_the_loaders_do() -> None:
    shown = " ".join(CliRunner().invoke(app, ["memory", "seed", "--help"], terminal_width=1000).stdout.split())
    for name in LOADERS:
        assert name in shown.replace("equiva- formulation", "equiva-formulation")
    assert LoaderOptions().count == SEED_COUNT
