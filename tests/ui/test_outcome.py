import os
import sys

import pytest

from tools.errors import InputError, ParseError, SolverError
from ui.outcome import exit_code_of


def _raising(error: BaseException) -> int:
    raise error


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (InputError("bad\nnews \x1b[31m"), 2, "quasikarp: bad\\nnews \\x1b[31m\n"),
        (ParseError("odd", source="a.lp", line=3), 2, "quasikarp: a.lp, line 3: odd\n"),
        (SolverError("no backend"), 70, "quasikarp: no backend\n"),
        (ValueError("oops"), 70, "quasikarp: internal error: ValueError: oops; please report it"),
        (
            OSError(28, "No space left on device"),
            70,
            "quasikarp: the operating system refused: [Errno 28] No space left",
        ),
        (MemoryError(), 70, "quasikarp: out of memory"),
        (KeyboardInterrupt(), 130, "quasikarp: interrupted\n"),
        (KeyboardInterrupt("interrupted; go on"), 130, "quasikarp: interrupted; go on\n"),
    ],
)
def test_errors_are_one_line(capsys: pytest.CaptureFixture[str], error: BaseException, code: int, text: str) -> None:
    assert exit_code_of(lambda: _raising(error), debug=False) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(text)
    assert captured.err.count("\n") == 1


def test_debug_adds_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code_of(lambda: _raising(ValueError("oops")), debug=True) == 70
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("code", [0, 1, 2, 3])
def test_a_code_passes_through(code: int) -> None:
    assert exit_code_of(lambda: code, debug=False) == code


def test_a_closed_stdout_and_stderr_are_survived(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert exit_code_of(lambda: _raising(InputError("x")), debug=True) == 2


def test_a_broken_pipe_is_no_verdict(capfd: pytest.CaptureFixture[str]) -> None:
    kept = os.dup(1)
    try:
        assert exit_code_of(lambda: _raising(BrokenPipeError()), debug=False) == 141
    finally:
        os.dup2(kept, 1)
        os.close(kept)
    assert capfd.readouterr().err == ""
