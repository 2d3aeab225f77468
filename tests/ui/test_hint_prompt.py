"""On a terminal, `check --ask` asks for a hint and goes on with it."""

import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from agent.settings import Settings
from tools.errors import InputError
from ui.hint_prompt import asking, hint_from_terminal

ROOT = Path(__file__).resolve().parent.parent.parent
PAIR = (
    str(ROOT / "examples/models/digits/reference.lp"),
    str(ROOT / "examples/models/lot_sizing/candidate.lp"),
)


def test_rules_up_to_an_empty_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("x = a\ny = b\n\nz = c\n"))
    assert hint_from_terminal("Do you know how x\x1b[31m is given") == "x = a\ny = b"
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "\x1b" not in shown.err


def test_the_end_of_input_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert hint_from_terminal("?") == ""


def test_nobody_to_ask_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    with pytest.raises(InputError, match="--ask needs a terminal"), asking(Settings()):
        pass


def test_the_whole_command_on_a_terminal() -> None:
    """The answer is refuted by a counterexample, as a mapping of the user's is."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "ui.cli", "check", *PAIR, "--memory", "none", "--ask"]
    os.write(ours, b"crates_red = 3\ncrates_blue = 2\n\n")
    result = subprocess.run(command, stdin=theirs, capture_output=True, text=True, cwd=ROOT, timeout=120)
    os.close(ours), os.close(theirs)
    assert "Do you know how a candidate solution gives crates_red" in " ".join(result.stderr.split())
    assert result.returncode == 1, result.stderr
    assert "from user:hint" in result.stdout
