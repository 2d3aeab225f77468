"""An optimal solution of a model, proved optimal, for transformations that keep it and drop others."""

from __future__ import annotations

from fractions import Fraction

from tools.errors import InputError
from tools.exact.budget import Budget
from tools.exact.prover import Proved, Prover
from tools.formulation.model import Formulation

SECONDS = 20.0


def known_optimum(model: Formulation, purpose: str) -> dict[str, Fraction]:
    """Return an exact optimal solution; raises `InputError` naming `purpose` where none could be found and proved."""
    prover = Prover(model, Budget.lasting(SECONDS))
    values = prover.minimise(model.cost_terms).point
    point = None if values is None else prover.exact_point(values)
    if point is None:
        raise InputError(f"{purpose} does not apply: no exact solution of the model was found")
    value = model.cost_value(point) - model.cost_constant
    if not isinstance(prover.at_least(model.cost_terms, value), Proved):
        raise InputError(f"{purpose} does not apply: no optimal solution of the model was proved within {SECONDS:g} s")
    return dict(zip(model.variables, point, strict=True))
