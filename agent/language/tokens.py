"""About how many tokens a text has, on the safe side: no tokenizer is at hand, and models have different ones."""

from __future__ import annotations

import re

_PIECE = re.compile(r"[A-Za-z]+|\d+|[^\sA-Za-z\d]|\n")
_LETTERS, _DIGITS = 4, 2


def count_tokens(text: str) -> int:
    """Return an estimate that is seldom too low: a token is up to four letters, two digits or one other character."""
    total = 0
    for found in _PIECE.finditer(text):
        piece = found.group()
        if piece.isascii():
            total += -(-len(piece) // (_LETTERS if piece[0].isalpha() else _DIGITS if piece[0].isdigit() else 1))
        else:
            total += len(piece.encode())
    return total
