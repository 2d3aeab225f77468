import subprocess
from typing import Any

import pytest

from benchmarks import __main__ as front


def test_an_unknown_name_lists_the_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(["speed"]) == 2
    assert ", ".join(front.BENCHMARKS) in capsys.readouterr().err
    assert list(front.BENCHMARKS)[:2] == ["reading", "twins"]


def test_a_named_benchmark_gets_its_options_and_all_get_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        called.append(command[2:])
        return subprocess.CompletedProcess(command, 3 if command[2] == "benchmarks.twins" else 0)

    monkeypatch.setattr(subprocess, "run", run)
    assert front.main(["scaling", "--repeat", "1"]) == 0
    assert called == [["benchmarks.scaling", "--repeat", "1"]]
    called.clear()
    assert front.main([]) == 3
    assert [command[0] for command in called] == [
        "benchmarks.reading", "benchmarks.twins", "benchmarks.discovery", "benchmarks.transformations",
        "benchmarks.published_check", "benchmarks.nasty", "benchmarks.memory_gain", "benchmarks.memory_retrieval",
        "benchmarks.certificates", "benchmarks.certificate_mutants", "benchmarks.scaling",
    ]  # fmt: skip
    assert "--limit-files" in called[1]
