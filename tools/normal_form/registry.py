"""Every step of the normal form, in the order in which a round tries them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from tools.normal_form.canonical_rows import CanonicalRows
from tools.normal_form.capped_sum import CappedSums
from tools.normal_form.coprime_rows import CoprimeRows
from tools.normal_form.defined_variables import BoundedDefinitions, DefinedVariables
from tools.normal_form.epigraph import Epigraph, ProvedEpigraph
from tools.normal_form.fixed_variables import FixedVariables
from tools.normal_form.implied_bounds import ImpliedBounds
from tools.normal_form.loose_rows import LooseRows
from tools.normal_form.minimisation import Minimisation
from tools.normal_form.one_hot import OneHotSelections
from tools.normal_form.ordered_unary import OrderedUnary
from tools.normal_form.parallel_columns import AffineParallelColumns, ParallelColumns
from tools.normal_form.projection import AffineProjection, Projection
from tools.normal_form.redundant_rows import RedundantRows
from tools.normal_form.slack_removal import SlackRemoval
from tools.normal_form.step import Step
from tools.normal_form.tight_coefficients import TightCoefficients


class Stage(IntEnum):
    """When a step joins: what is cheap from the start, what asks solvers later, what others suffer from at the end."""

    CHEAP = 0
    SOLVER = 1
    LAST = 2


@dataclass(frozen=True)
class Entry:
    """A step, the stage from which it takes part, and whether its `up` is affine wherever it applies."""

    step: Step
    stage: Stage = Stage.CHEAP
    affine: bool = True


STEPS: tuple[Entry, ...] = (
    Entry(Minimisation()),
    Entry(CanonicalRows()),
    Entry(CoprimeRows()),
    Entry(FixedVariables()),
    Entry(LooseRows()),
    Entry(TightCoefficients()),
    # columns are merged before slacks go: the digits of x = 10·d1 + d0 are no slacks of that row
    Entry(AffineParallelColumns()),
    Entry(ParallelColumns(), affine=False),
    Entry(OrderedUnary(), affine=False),
    Entry(OneHotSelections(), affine=False),
    Entry(CappedSums(), affine=False),
    Entry(SlackRemoval()),
    Entry(DefinedVariables()),
    Entry(Epigraph()),
    Entry(ProvedEpigraph(), Stage.SOLVER),
    Entry(RedundantRows(), Stage.SOLVER),
    Entry(AffineProjection(), Stage.SOLVER),
    Entry(Projection(), Stage.SOLVER, affine=False),
    Entry(BoundedDefinitions(), Stage.LAST),
    Entry(ImpliedBounds(), Stage.LAST),
)
