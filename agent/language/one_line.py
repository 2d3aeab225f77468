"""Text of strangers in one line, for prompts and messages."""

from __future__ import annotations


def one_line(text: str, most: int) -> str:
    """Return `text` in one line of at most so many characters, without control characters."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
