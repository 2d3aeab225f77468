import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import ui.check_command
from agent.settings import Settings
from tools.errors import UnsupportedError
from tools.report import CertificateSummary, Report
from ui.batch_worker import answer, request_line

Install = Callable[..., list[Settings]]


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings("reformulation", 3.5, 2, 9, None, Path("rules.txt"), ("x = u", "y = v")),
        Settings(mapping="x = u"),
        Settings(memory="/some/where"),
        Settings(memory="none"),
    ],
)
def test_a_request_carries_the_settings(
    agent_says: Install, equivalent: Report, pair: tuple[Path, Path], settings: Settings
) -> None:
    calls = agent_says(equivalent)
    line = request_line(*pair, settings)
    assert line.count(b"\n") == 1
    warnings: list[str] = []
    assert Report.from_json(answer(json.loads(line), warnings.append)) == equivalent
    assert calls == [settings]
    assert warnings == []


def test_a_warning_is_no_part_of_the_answer(agent_says: Install, equivalent: Report, pair: tuple[Path, Path]) -> None:
    agent_says(equivalent, warnings=["no memory"])
    warnings: list[str] = []
    assert Report.from_json(answer(json.loads(request_line(*pair, Settings())), warnings.append)) == equivalent
    assert warnings == ["no memory"]


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (UnsupportedError("row q is quadratic"), "input", "row q is quadratic"),
        (MemoryError(), "memory", "fewer --jobs"),
        (ZeroDivisionError("oops"), "internal", "ZeroDivisionError: oops; please report it"),
    ],
)
def test_errors_become_answers(
    agent_says: Install, pair: tuple[Path, Path], error: Exception, kind: str, words: str
) -> None:
    agent_says(error)
    found = answer(json.loads(request_line(*pair, Settings())), pytest.fail)["error"]
    assert found["kind"] == kind
    assert words in found["message"]


def test_a_certificate_is_written_and_named(
    agent_says: Install,
    equivalent: Report,
    pair: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    agent_says(equivalent)
    summary = CertificateSummary("0" * 64, True, {})
    required: list[str | None] = []

    def certified(
        reference: Path, candidate: Path, report: Report, settings: Settings, require: str | None
    ) -> tuple[Report, str]:
        required.append(require)
        return replace(report, certificate=summary), "the proof"

    monkeypatch.setattr(ui.check_command, "certified", certified)
    file = tmp_path / "1.json"
    found = answer(json.loads(request_line(*pair, Settings(), certificate=file)), print)
    assert found["certificate_file"] == "1.json"
    assert Report.from_json(found) == replace(equivalent, certificate=summary)
    assert file.read_text() == "the proof"
    found = answer(json.loads(request_line(*pair, Settings(), require="exact")), print)
    assert "certificate_file" not in found
    assert required == [None, "exact"]
    found = answer(json.loads(request_line(*pair, Settings(), certificate=tmp_path / "gone" / "1.json")), print)
    assert found["error"]["kind"] == "input"
