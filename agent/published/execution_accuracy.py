r"""Execution accuracy: two models count as equivalent when their optimal values are equal.

>>> from tools.formulation.lp_reader import parse_lp
>>> one = parse_lp("min x + y\nst\n c: x + y >= 2\nend")
>>> other = parse_lp("min 2 z\nst\n c: z >= 1\nend")
>>> execution_accuracy(one, other).absolute
True
"""

from __future__ import annotations

from dataclasses import dataclass

from tools.formulation.model import Formulation
from tools.solvers.gateway import Limits, solve
from tools.solvers.problem import NumericProblem
from tools.solvers.tolerances import Tolerances

PUBLISHED_TOLERANCE = 1e-6
"""Absolute difference of two objective values that still counts as none."""


@dataclass(frozen=True)
class ExecutionAccuracy:
    """Whether the values agree: within an absolute 1e-6, and within 1e-6 relative to max(1, their size).

    `values` are those of reference and candidate, each in its model's own sense, so that a model and its negation
    differ; None where a model has no optimum or the solver found none in time, and then nothing agrees. `why` says it
    in words.
    """

    absolute: bool
    relative: bool
    values: tuple[float | None, float | None]
    why: str


def execution_accuracy(
    reference: Formulation, candidate: Formulation, limits: Limits | None = None
) -> ExecutionAccuracy:
    """Return whether the optimal values of both models agree, each solved once."""
    limits = Limits() if limits is None else limits
    values: list[float | None] = []
    states = []
    for model in (reference, candidate):
        result = solve(NumericProblem.of(model), limits=limits)
        states.append(result.status)
        if result.status != "optimal" or result.objective is None:
            values.append(None)
            continue
        least = result.objective + float(model.cost_constant)
        values.append(least if model.sense == "minimize" else -least)
    ours, theirs = values
    if ours is None or theirs is None:
        return ExecutionAccuracy(False, False, (ours, theirs), f"the solver calls the models {' and '.join(states)}")
    return ExecutionAccuracy(
        abs(ours - theirs) <= PUBLISHED_TOLERANCE,
        Tolerances(objective=PUBLISHED_TOLERANCE).same_objective(ours, theirs),
        (ours, theirs),
        f"the optimal values are {ours:g} and {theirs:g}",
    )
