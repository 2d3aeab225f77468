"""Warnings: what the user should know although the answer stands, one line each on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ui.safe_text import safe_sentence

MOST_SHOWN = 20
"""Different warnings of one command that are shown."""

_MESSAGE = 500


class WarningLines:
    """Shows each different warning once, and not more than `MOST_SHOWN`."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def show(self, text: str) -> None:
        """The warning has been on stderr, now or before."""
        if text in self._seen or len(self._seen) > MOST_SHOWN or sys.stderr is None:
            return
        self._seen.add(text)
        shown = safe_sentence(text, _MESSAGE) if len(self._seen) <= MOST_SHOWN else "there were more warnings"
        print(f"quasikarp: warning: {shown}", file=sys.stderr)


@contextmanager
def printed_warnings() -> Iterator[Callable[[str], None]]:
    """Yield what takes warnings; they are shown at the end, when no progress is drawn any more, also after an error."""
    texts: list[str] = []
    try:
        yield texts.append
    finally:
        lines = WarningLines()
        for text in texts:
            lines.show(text)
