"""The agent's question on a terminal: the user's answer is rules, and an empty line ends it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import wrap

from agent.settings import Settings
from tools.errors import InputError
from ui.safe_text import safe_sentence

LONGEST_ANSWER = 1_000_000
"""Characters of an answer."""

Ask = Callable[[str], str]


def hint_from_terminal(question: str) -> str:
    """Return the rules that the user types, a line each, up to an empty line or the end of input."""
    width = shutil.get_terminal_size().columns
    print("", *wrap(f"{safe_sentence(question, 2_000)}.", width), sep="\n", file=sys.stderr)
    print("One rule a line; an empty line ends:", file=sys.stderr)
    lines: list[str] = []
    while sum(map(len, lines)) < LONGEST_ANSWER:
        print("> ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline(LONGEST_ANSWER)
        if not line.strip():
            break
        lines.append(line.rstrip("\n"))
    return "\n".join(lines)


@contextmanager
def asking(settings: Settings) -> Iterator[Settings]:
    """Give the settings under which a run may ask; where they name no checkpoint, it waits in a temporary one.

    Raises `InputError` where nobody could answer.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        raise InputError("--ask needs a terminal to ask on; give what you know with --hint")
    if settings.checkpoint is not None:
        yield replace(settings, ask=True)
        return
    with TemporaryDirectory(prefix="quasikarp-") as folder:
        yield replace(settings, ask=True, checkpoint=Path(folder) / "run.sqlite")
