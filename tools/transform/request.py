"""A transformation as a user writes it: `digits`, `digits:x`, `digits=2:x[*]`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.errors import InputError

LONGEST_REQUEST = 1000


@dataclass(frozen=True)
class Request:
    """KIND[=PARAMETER][:NAME]: which transformation, its whole number, and where; `*` in NAME stands for any text.

    Without NAME the places are chosen by the seed.
    """

    kind: str
    parameter: int | None = None
    pattern: str | None = None

    @classmethod
    def parse(cls, text: str) -> Request:
        """Return what `text` asks for; raises `InputError` where it is malformed."""
        if len(text) > LONGEST_REQUEST:
            raise InputError(f"--apply takes at most {LONGEST_REQUEST} characters, found {len(text)}")
        head, colon, pattern = text.partition(":")
        kind, equals, number = head.partition("=")
        if not kind.strip() or (colon and not pattern.strip()):
            raise InputError(f"--apply {text!r} must be KIND, KIND:NAME or KIND=NUMBER:NAME, such as digits=2:x")
        parameter = None
        if equals:
            if not re.fullmatch(r"[0-9]{1,9}", number.strip()):
                raise InputError(f"--apply {text!r}: after '=' comes a whole number, found {number.strip()!r}")
            parameter = int(number)
        return cls(kind.strip(), parameter, pattern.strip() if colon else None)

    def matches(self, names: Sequence[str]) -> list[str]:
        """Return the names that the pattern means, in order; every name without a pattern."""
        if self.pattern is None:
            return list(names)
        parts = [re.escape(part) for part in re.split(r"\*+", self.pattern)]
        if len(parts) == 1:
            return [name for name in names if name == self.pattern]
        head, *middle, tail = parts
        # Lazy and unnested, so that no name makes it slow.
        expression = re.compile(head + "".join(f"(?>.*?{part})" for part in middle) + ".*" + tail, re.DOTALL)
        return [name for name in names if expression.fullmatch(name)]

    def __str__(self) -> str:
        number = "" if self.parameter is None else f"={self.parameter}"
        return f"{self.kind}{number}" + ("" if self.pattern is None else f":{self.pattern}")
