"""How far a point is off being a solution of a formulation, measured exactly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tools.formulation.model import Formulation, Violation
from tools.solvers.tolerances import Tolerances


@dataclass(frozen=True)
class Residual:
    """The worst violation of one sort; `relative` is its amount over max(1, largest term of the row, the limit)."""

    violation: Violation
    relative: Fraction


@dataclass(frozen=True)
class Residuals:
    """The worst violated row, bound and integrality of a point (None: all hold exactly), and its objective value.

    `objective` is in the model's own sense. `rows_left_out` counts rows that use variables without a value; where there
    are any, or the objective uses one, nothing is known of these (`objective` is then None).
    """

    row: Residual | None
    bound: Residual | None
    integrality: Residual | None
    objective: Fraction | None
    rows_left_out: int = 0

    def within(self, tolerances: Tolerances) -> bool:
        """Say whether everything that was looked at holds within the tolerances."""
        limits = (self.row, tolerances.feasibility), (self.bound, tolerances.feasibility)
        every = (*limits, (self.integrality, tolerances.integrality))
        return all(residual is None or residual.relative <= Fraction(limit) for residual, limit in every)


def residuals(model: Formulation, point: Sequence[Fraction | None]) -> Residuals:
    """Return the residuals of `point`, whose entries are values of the model's variables in order, or None."""
    open_variables = {j for j, value in enumerate(point) if value is None}
    skipped = set(_rows_with(model, open_variables))
    values = [Fraction(0) if value is None else value for value in point]
    worst: dict[str, Residual] = {}
    for violation in model.violations(values):
        own = skipped if violation.element == "row" else open_variables
        if violation.index in own:
            continue
        found = Residual(violation, violation.amount / _size(model, violation, values))
        sort = "bound" if violation.element.endswith("bound") else violation.element
        if sort not in worst or found.relative > worst[sort].relative:
            worst[sort] = found
    unknown = any(j in open_variables for j in model.cost_terms)
    cost = model.cost_value(values)
    return Residuals(
        worst.get("row"), worst.get("bound"), worst.get("integrality"),
        None if unknown else cost if model.sense == "minimize" else -cost,
        len(skipped),
    )  # fmt: skip


def _rows_with(model: Formulation, variables: Iterable[int]) -> Iterable[int]:
    return (row for j in variables for row in model.rows_of(j).tolist())


def _size(model: Formulation, violation: Violation, values: Sequence[Fraction]) -> Fraction:
    if violation.limit is None:
        return Fraction(1)
    size = max(Fraction(1), abs(violation.limit))
    if violation.element == "row":
        terms = model.row_terms(violation.index)
        size = max(size, max((abs(a * values[j]) for j, a in terms.items()), default=size))
    return size
