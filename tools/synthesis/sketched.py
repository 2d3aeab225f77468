"""What synthesis yields: a partial recovery and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from tools.mapping.affine import AffineExpression

Origin = Literal["sketch", "names", "core", "selection", "relaxation"]


@dataclass(frozen=True)
class Sketched:
    """Affine expressions in candidate variables for some reference variables; `left_out` are to be completed.

    Nothing is proved: the expressions held on exact points of the candidate, and carry the objective on them, when
    every objective variable is mapped.
    """

    expressions: Mapping[str, AffineExpression] = field(hash=False)
    left_out: tuple[str, ...]
    origin: Origin
    rationale: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "expressions", MappingProxyType(dict(self.expressions)))
