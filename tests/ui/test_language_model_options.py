"""The command line with a language model, and without one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.agent.language.chat_server import MODEL, ChatServer, unused_port
from tests.agent.model_answers import RIGHT, WRONG, digits_pair, proposing
from tools.formulation.write import write

KEY = "sk-5e1c-secret"


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    paths = tmp_path / "reference.lp", tmp_path / "candidate.lp"
    for model, path in zip(digits_pair(), paths, strict=True):
        write(model, path)
    return paths


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ui.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )


def test_without_a_model_one_line_says_so(pair: tuple[Path, Path]) -> None:
    result = run("check", *pair)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.endswith("\nplanning: symbolic (no language model is configured)\n")
    result = run("check", *pair, "--planner", "llm", OPENAI_API_KEY=KEY)
    assert result.returncode == 0
    assert result.stderr == (
        "quasikarp: warning: OPENAI_API_KEY is set, but no language model is named (QUASIKARP_MODEL or --model); "
        "planning is symbolic\n"
    )
    assert KEY not in result.stdout


def test_the_environment_names_a_model(pair: tuple[Path, Path], tmp_path: Path) -> None:
    out, checkpoint = tmp_path / "report.json", tmp_path / "run.sqlite"
    with ChatServer([proposing(WRONG), proposing(RIGHT)]) as server:
        result = run(
            "--debug", "check", *pair, "--planner", "llm", "--out", out, "--checkpoint", checkpoint,
            QUASIKARP_MODEL=MODEL, OPENAI_BASE_URL=server.url, OPENAI_API_KEY=KEY,
        )  # fmt: skip
    assert (result.returncode, result.stderr) == (0, "")
    assert f"\nplanning: the language model {MODEL}\n" in result.stdout
    assert f"\nllm:{MODEL}: calls 2, tokens " in result.stdout
    assert [call.headers["authorization"] for call in server.calls] == [f"Bearer {KEY}"] * 2
    report = json.loads(out.read_text())
    assert (report["mapping"]["origin"], report["model_calls"]) == (f"llm:{MODEL}", 2)
    written = result.stdout.encode() + out.read_bytes() + checkpoint.read_bytes()
    assert KEY.encode() not in written


def test_an_endpoint_that_is_down_is_told_in_one_line(pair: tuple[Path, Path]) -> None:
    url = f"http://127.0.0.1:{unused_port()}/v1"
    result = run("check", *pair, "--planner", "llm", "--model", MODEL, "--base-url", url, OPENAI_API_KEY=KEY)
    assert result.returncode == 0
    (line,) = result.stderr.splitlines()
    assert line.startswith("quasikarp: warning: the language model")
    assert line.endswith("; planning is symbolic")
    assert KEY not in result.stdout + result.stderr


def test_batch_asks_in_its_processes(pair: tuple[Path, Path], tmp_path: Path) -> None:
    manifest, out = tmp_path / "pairs.jsonl", tmp_path / "reports.jsonl"
    manifest.write_text(
        "".join(
            json.dumps({"id": f"p{k}", "reference": "reference.lp", "candidate": "candidate.lp"}) + "\n" for k in (1, 2)
        )
    )
    with ChatServer([proposing(RIGHT)]) as server:
        result = run(
            "batch", manifest, "--out", out, "--jobs", 2, "--planner", "llm", "--model", MODEL,
            "--base-url", server.url, "--model-limit", "calls=3", OPENAI_API_KEY=KEY,
        )  # fmt: skip
    assert (result.returncode, result.stderr) == (0, "")
    assert f"planning: the language model {MODEL}\n" in result.stdout
    reports = [json.loads(line) for line in out.read_text().splitlines()]
    assert [report["mapping"]["origin"] for report in reports] == [f"llm:{MODEL}"] * 2
    assert {call.headers["authorization"] for call in server.calls} == {f"Bearer {KEY}"}
    assert KEY not in out.read_text()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--base-url", "http://localhost:1/v1"), "no language model is named"),
        (("--model", "m", "--base-url", "localhost"), "must start with http"),
        (("--model", "m", "--model-limit", "speed=9"), "no limit of a language model"),
        (("--model", "m", "--model-limit", "calls=none"), "needs a number"),
        (("--model", "m", "--model-limit", "money=1"), "needs the prices"),
        (("--planner", "magic"), "magic"),
    ],
)
def test_options_that_cannot_be_used(pair: tuple[Path, Path], options: tuple[str, ...], said: str) -> None:
    result = run("check", *pair, *options)
    assert (result.returncode, result.stdout) == (2, "")
    assert said in result.stderr
