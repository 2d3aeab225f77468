"""Text from models, files and users made fit for Markdown: shown as it is, whatever it holds."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence

from ui.safe_text import safe, safe_sentence

_ADDRESS = re.compile(r"(https?:|www|@)(?=[/.\w-])", re.IGNORECASE)
_SPECIAL = re.compile("[" + re.escape(string.punctuation) + "]")

LONGEST = 4_000
LONGEST_CODE_LINE = 400


def inert(text: str, limit: int = 60) -> str:
    """Return `text`, a name or a number, as Markdown that shows it: one line of at most `limit` characters."""
    return _escaped(safe(text, limit))


def inert_sentence(text: str, limit: int = 600) -> str:
    """Return `text`, which may hold names, as Markdown that shows it, long words and the whole shortened."""
    return _escaped(safe_sentence(text, limit))


def inert_lines(text: str, limit: int = LONGEST) -> str:
    """Return `text` as Markdown that shows it with its line breaks."""
    shown = text if len(text) <= limit else f"{text[:limit]}…"
    return "  \n".join(_escaped(safe(line, limit)) or "\u200b" for line in shown.splitlines())


def code_of(lines: Sequence[str]) -> str:
    """Return lines for a block of code, which shows them as they are: long ones are shortened."""
    return "\n".join(safe(line.expandtabs(), LONGEST_CODE_LINE) for line in lines)


def _escaped(text: str) -> str:
    """Return Markdown for `text`: a backslash takes the meaning from every mark of Markdown, HTML and mathematics.

    Spaces side by side, such as those that indent a line, stay that wide. An address would become a link in spite of
    backslashes, so a word joiner, which nobody sees, stands in it.
    """
    return _SPECIAL.sub(r"\\\g<0>", _ADDRESS.sub("\\1\u2060", text)).replace("  ", "\u00a0\u00a0")
