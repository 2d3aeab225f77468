import json
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.settings import Settings
from tools.errors import UnsupportedError
from tools.report import Report
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
