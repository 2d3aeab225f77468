"""The command line on real models, with the real agent behind it."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ui.capacity_model import capacity_model
from tools.report import Report

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ui.cli", *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture
def models(tmp_path: Path) -> dict[str, Path]:
    texts = {
        "reference": capacity_model(a="x", b="y", c=2),
        "renamed": capacity_model(a="u", b="v", c=2),
        "weaker": capacity_model(a="x", b="y", c=1),
        "broken": "minimize\n obj: 3 x +\nsubject to\n",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.lp").write_text(text, encoding="utf-8")
    return {name: tmp_path / f"{name}.lp" for name in texts}


def test_a_renaming_is_equivalent(models: dict[str, Path]) -> None:
    result = run("check", models["reference"], models["renamed"])
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("equivalent under quasi-karp: every optimum of renamed.lp maps to")
    assert "x = u" in result.stdout
    assert "\x1b" not in result.stdout


def test_a_weaker_row_is_shown_broken_with_the_reference_s_numbers(models: dict[str, Path]) -> None:
    result = run("check", models["reference"], models["weaker"])
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.startswith("not equivalent under quasi-karp")
    assert "row cap: 3 x + 2 y = " in result.stdout


def test_json_and_out_hold_the_same_report(models: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "report.json"
    result = run("check", models["reference"], models["weaker"], "--json", "--out", out)
    assert result.returncode == 1
    assert Report.from_json(json.loads(result.stdout)) == Report.from_json(json.loads(out.read_text()))


def test_a_mapping_and_a_hint_are_taken(models: dict[str, Path], tmp_path: Path) -> None:
    rules = tmp_path / "rules.txt"
    rules.write_text("x = v\ny = u\n")
    assert run("check", models["reference"], models["renamed"], "--mapping", rules).returncode == 1
    assert run("check", models["reference"], models["renamed"], "--hint", "x = u", "--hint", "y = v").returncode == 0
    wrong = run("check", models["reference"], models["renamed"], "--hint", "nonsense = = 3")
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("quasikarp: ")
    assert wrong.stderr.count("\n") == 1


def test_a_malformed_model_is_one_line(models: dict[str, Path]) -> None:
    for order in (("broken", "reference"), ("reference", "broken")):
        result = run("check", *(models[name] for name in order))
        assert (result.returncode, result.stdout) == (2, "")
        assert result.stderr.startswith("quasikarp: ")
        assert "broken.lp" in result.stderr
        assert result.stderr.count("\n") == 1


def test_batch_answers_and_resumes(models: dict[str, Path], tmp_path: Path) -> None:
    manifest, out = tmp_path / "pairs.jsonl", tmp_path / "out.jsonl"
    lines = [
        {"id": name, "reference": "reference.lp", "candidate": f"{name}.lp", "label": "equivalent"}
        for name in ("renamed", "weaker", "broken", "missing")
    ]
    manifest.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert run("batch", manifest, "--out", out, "--jobs", 1).returncode == 0
    found = {line["id"]: line for line in map(json.loads, out.read_text().splitlines())}
    assert found["renamed"]["verdict"] == "equivalent"
    assert found["weaker"]["verdict"] == "not_equivalent"
    assert found["broken"]["error"]["kind"] == "input"
    assert found["missing"]["error"]["kind"] == "manifest"
    whole = out.read_bytes()
    assert run("batch", manifest, "--out", out).returncode == 0
    assert out.read_bytes() == whole


@pytest.mark.parametrize("colour", [True, False])
def test_a_terminal_gets_colours_unless_it_says_no(models: dict[str, Path], colour: bool) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")} | {"TERM": "xterm"}
    if not colour:
        environment["NO_COLOR"] = "1"
    own, terminal = pty.openpty()
    command = [sys.executable, "-m", "ui.cli", "check", str(models["reference"]), str(models["renamed"])]
    process = subprocess.Popen(command, stdout=terminal, stderr=subprocess.PIPE, env=environment)
    os.close(terminal)
    shown = b""
    while True:
        try:
            part = os.read(own, 65536)
        except OSError:
            break
        shown += part
        if not part:
            break
    os.close(own)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0
    assert errors == b""
    assert (b"\x1b[1;32m" in shown) is colour


@pytest.mark.slow
def test_the_demo_shows_what_it_promises() -> None:
    result = subprocess.run(
        [sys.executable, str(EXAMPLES / "demo.py")], capture_output=True, text=True, timeout=300, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.count("$ quasikarp check") == 7
    assert "recalled from memory record" in result.stdout.partition("The same pair again")[2]
