"""A solution as a file states it, and what every format offers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from tools.errors import InputError, ParseError
from tools.formulation.numbers import parse_rational

LONGEST_NAME = 20_000
"""Characters of a variable name that are taken."""


@dataclass(frozen=True)
class Solution:
    """The values that a file gives, exactly as they are written.

    `format` says in which format; `omits_zeros` that the format leaves out variables that are 0; `notes` are
    sentences on what the file does not say (digits that were cut off, a solver that calls the point infeasible);
    `point_of` whose point it is, where the file knows.
    """

    values: Mapping[str, Fraction]
    format: str
    omits_zeros: bool = False
    notes: tuple[str, ...] = ()
    point_of: Literal["candidate", "reference"] | None = None


@dataclass(frozen=True)
class SolutionFormat:
    """One way to write a solution: `recognises` looks at the start of the text, `parse` takes text and source."""

    name: str
    recognises: Callable[[str], bool]
    parse: Callable[[str, str], Solution]


@dataclass
class Values:
    """Values gathered while a file is read; each complaint names the source and the line."""

    source: str
    found: dict[str, Fraction] = field(default_factory=dict)

    def add(self, name: str, value: str, line: int | None = None) -> None:
        """Take one value; raises `ParseError` on what is no finite number, and on a name that came before."""
        if not name or len(name) > LONGEST_NAME:
            raise self.fault("a value without a name" if not name else f"a name of {len(name)} characters", line)
        if name in self.found:
            raise self.fault(f"{name[:60]!r} has a value already; keep one of the two", line)
        try:
            self.found[name] = parse_rational(value)
        except InputError as error:
            raise self.fault(f"the value of {name[:60]!r}: {error}", line) from error

    def fault(self, message: str, line: int | None = None) -> ParseError:
        """Return the error that says what is wrong with the file, and where."""
        return ParseError(message, source=self.source, line=line)


def numbered(text: str) -> Iterable[tuple[int, str]]:
    """Yield the lines that are not blank with their numbers, without line ends and spaces around them."""
    return ((number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if line.strip())


def first_line(text: str) -> str:
    """Return the first line that is not blank, at most 1000 characters of it."""
    return text[:100_000].lstrip().partition("\n")[0][:1000].rstrip()
