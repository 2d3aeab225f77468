import sys
from contextlib import nullcontext

import pytest

from ui.warning_lines import MOST_SHOWN, WarningLines, printed_warnings


def test_each_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    lines = WarningLines()
    for text in ("a", "b", "a"):
        lines.show(text)
    assert capsys.readouterr().err == "quasikarp: warning: a\nquasikarp: warning: b\n"


def test_there_is_an_end_to_them(capsys: pytest.CaptureFixture[str]) -> None:
    lines = WarningLines()
    for number in range(3 * MOST_SHOWN):
        lines.show(f"warning {number}")
    shown = capsys.readouterr().err.splitlines()
    assert len(shown) == MOST_SHOWN + 1
    assert shown[-1] == "quasikarp: warning: there were more warnings"


@pytest.mark.parametrize("error", [None, ZeroDivisionError()])
def test_they_wait_for_the_end_of_the_block(capsys: pytest.CaptureFixture[str], error: Exception | None) -> None:
    def work() -> None:
        with printed_warnings() as warn:
            warn("x\ny")
            assert capsys.readouterr().err == ""
            if error is not None:
                raise error

    with nullcontext() if error is None else pytest.raises(type(error)):
        work()
    assert capsys.readouterr().err == "quasikarp: warning: x\\ny\n"


def test_a_closed_stderr_is_survived(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    WarningLines().show("x")
