"""The objective as a variable that an equality defines."""

from __future__ import annotations

from typing import ClassVar

from tools.transform.kinds.epigraph import Epigraph


class ObjectiveVariable(Epigraph):
    """min c(x) becomes min z with z = c(x), and likewise max.

    Assumes nothing. Recovery forgets z, lifting sets z = c(x).
    """

    name: ClassVar[str] = "objective-variable"
    summary: ClassVar[str] = "the objective becomes a variable that an equality defines"
    equality: ClassVar[bool] = True
