"""What a step of a normal form is, and how steps compose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.mapping.total import TotalMapping


@dataclass(frozen=True)
class Reduction:
    """A model, its reduced form, and maps both ways that keep feasibility and do not raise the objective.

    With P the original and N the reduced form, both written as minimisation: `down` maps F(P) into F(N) with
    c_N(down(x)) ≤ c_P(x), `up` maps F(N) into F(P) with c_P(up(y)) ≤ c_N(y), and down(up(y)) = y. `down` is affine;
    `up` may need total functions (the digits of a sum). `steps` names what was applied, in order.
    """

    original: Formulation
    reduced: Formulation
    down: TotalMapping
    up: TotalMapping
    steps: tuple[str, ...] = ()

    @classmethod
    def identity(cls, model: Formulation) -> Reduction:
        """Return the reduction that changes nothing."""
        same = TotalMapping({name: AffineExpression.variable(name) for name in model.variables})
        return cls(model, model, same, same)

    def then(self, later: Reduction) -> Reduction:
        """Return this reduction followed by `later`, a reduction of this one's reduced form."""
        return Reduction(
            self.original,
            later.reduced,
            later.down.after(self.down),
            self.up.after(later.up),
            (*self.steps, *later.steps),
        )


class Step(Protocol):
    """One rule. `accepts` says cheaply whether it may apply somewhere; `apply` applies it wherever it does."""

    name: ClassVar[str]

    def accepts(self, model: Formulation) -> bool:
        """Say whether the step could apply; a quick look, without a solver."""
        ...

    def apply(self, model: Formulation, budget: Budget) -> Reduction | None:
        """Return the reduction by this rule, applied as often as it goes in one pass, or None where it never does.

        Every side condition is proved, not assumed; what cannot be shown within `budget` is left as it is.
        """
        ...


def compose(model: Formulation, steps: Sequence[Step], budget: Budget, *, rounds: int = 20) -> Reduction:
    """Return `model` reduced by `steps`, in order, again and again until none applies or `rounds` have passed."""
    found = Reduction.identity(model)
    for _ in range(rounds):
        changed = False
        for step in steps:
            if budget.expired:
                return found
            if not step.accepts(found.reduced):
                continue
            reduction = step.apply(found.reduced, budget)
            if reduction is not None:
                found = found.then(reduction)
                changed = True
        if not changed:
            break
    return found
