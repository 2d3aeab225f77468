"""What a loader yields: pairs of formulations to learn from, and what it could not read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from tools.formulation.model import Formulation
from tools.report import Contract


@dataclass(frozen=True)
class SeedPair:
    """One pair of a data set.

    `id` names it within the data set; `key` hashes everything that `load` will read, so that a seeding can be resumed
    without reading again. `load` returns reference and candidate or raises `InputError`. `mapping` is a known mapping
    (JSON data as `check --mapping` reads, or rules) that is verified instead of searching one; `kind` is the kind of
    reformulation where the data set says so, else empty; `text` describes the problem. A data set's label of the pair
    (equivalent or not) is never part of it.
    """

    id: str
    key: str
    load: Callable[[], tuple[Formulation, Formulation]] = field(repr=False, compare=False)
    contract: Contract | None = None
    mapping: Mapping[str, Any] | str | None = None
    kind: str = ""
    text: str = ""


@dataclass(frozen=True)
class Unreadable:
    """What could not be loaded, and why."""

    id: str
    reason: str


@dataclass(frozen=True)
class LoaderOptions:
    """What a loader may do: run code of the data set in the sandbox; how many pairs to make; the seed."""

    allow_code: bool = False
    count: int = 2000
    seed: int = 0


class Loader(Protocol):
    """A kind of data set."""

    name: str
    """The word for it on the command line."""

    summary: str
    """One line that says what it reads."""

    def recognises(self, source: Path) -> bool:
        """Say whether `source` looks like this kind of data set; never raises."""

    def pairs(self, source: Path, options: LoaderOptions) -> Iterator[SeedPair | Unreadable]:
        """Yield pairs lazily, in a fixed order; raises `InputError` only when the source as a whole is unusable."""
