"""Secrets stay out of every text: messages, logs, exceptions and answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from urllib.parse import quote

from agent.language.one_line import one_line

SHORTEST_SECRET = 8
"""Shorter keys, such as "none" or "x" for servers that ask for none, are words; taking them out would spoil texts."""

MOST_SHOWN = 200
"""Characters of a stranger's text in a message."""

_GAP = "[key]"


class Redactor:
    """Takes the given secrets out of texts, in whatever form a server may echo them."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = sorted({s for s in secrets if len(s) >= SHORTEST_SECRET}, key=len, reverse=True)
        forms = {form for s in self._secrets for form in (s, quote(s), quote(s, safe=""), json.dumps(s)[1:-1])}
        ordered = sorted(forms, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, ordered)), re.IGNORECASE) if ordered else None

    def __repr__(self) -> str:
        return f"Redactor({len(self._secrets)} secrets)"

    def text(self, text: str) -> str:
        """Return `text` with every secret replaced."""
        return self._pattern.sub(_GAP, text) if self._pattern else text

    def shown(self, text: str, most: int = MOST_SHOWN) -> str:
        """Return what a message may show of a stranger's text: one line, no secret, no control character, cut."""
        return one_line(self.text(one_line(self.text(text), len(text) + 1)), most)


class WireMask:
    """Overwrites secrets in a stream of bytes, length kept, also where one is split over two pieces."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = [s.encode() for s in secrets if len(s) >= SHORTEST_SECRET]
        self._held = b""

    def __repr__(self) -> str:
        return f"WireMask({len(self._secrets)} secrets)"

    def masked(self, piece: bytes) -> bytes:
        """Return what can be passed on after `piece` has come; empty means the end, where nothing is held back.

        A tail that may be the beginning of a secret is held until the next piece.
        """
        data = self._held + piece
        for secret in self._secrets:
            data = data.replace(secret, b"*" * len(secret))
        keep = max((_overlap(data, secret) for secret in self._secrets), default=0) if piece else 0
        self._held = data[len(data) - keep :]
        return data[: len(data) - keep]


def _overlap(data: bytes, secret: bytes) -> int:
    """Return the length of the longest end of `data` that is a proper beginning of `secret`."""
    return next((n for n in range(min(len(secret) - 1, len(data)), 0, -1) if data.endswith(secret[:n])), 0)
