"""Text from models and files made fit for a terminal: one line, inert, bounded."""

from __future__ import annotations

_ELLIPSIS = "…"
_LONGEST_READ = 20_000


def safe(text: str, limit: int = 60) -> str:
    """Return `text` as one line of at most `limit` visible characters that no terminal interprets.

    Control characters, line breaks, escape sequences, direction overrides and lone surrogates become `\\x1b`-style
    escapes; what is too long loses its middle, because names of one family differ at their ends.
    """
    cut = len(text) > 2 * limit
    if cut:
        text = text[:limit] + text[-limit:]
    escaped = "".join(c if c == " " or c.isprintable() else _escape(c) for c in text)
    if not cut and len(escaped) <= limit:
        return escaped
    tail = (limit - len(_ELLIPSIS)) // 3
    return escaped[: limit - len(_ELLIPSIS) - tail] + _ELLIPSIS + escaped[len(escaped) - tail :]


def safe_sentence(text: str, limit: int = 600) -> str:
    """Return `text` as `safe` does, each word shortened first, so that one long name does not drown the rest."""
    return safe(" ".join(safe(word) for word in text[:_LONGEST_READ].split(" ")), limit)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
