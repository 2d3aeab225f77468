"""Proves what a pattern proposed: the conditions of its functions on the source, and the rows of the target."""

from collections.abc import Iterator
from fractions import Fraction

from tools.exact.budget import Budget
from tools.exact.prover import Proved, Prover
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.mapping.total import TotalMapping


def identical(model: Formulation, *prefixes: str) -> dict[str, AffineExpression]:
    """Return the map that takes over the variables whose names begin so."""
    return {name: AffineExpression.variable(name) for name in model.variables if name.startswith(prefixes)}


def unproved(source: Formulation, target: Formulation, mapping: TotalMapping) -> list[str]:
    """Return what could not be proved of: conditions hold on the source, and images satisfy rows and bounds."""
    failed: list[str] = []
    for model, conditions in mapping.extension.stages(source):
        prover = Prover(model, Budget())
        for condition in conditions:
            sides = (condition.lower, condition.upper)
            failed += [f"condition {condition.label}" for _ in _open(prover, condition.expression, *sides)]
    prover = Prover(mapping.extension.extend(source), Budget())
    for i, label in enumerate(target.rows):
        total = AffineExpression.number(0)
        for j, a in target.row_terms(i).items():
            total = total + mapping.expressions[target.variables[j]] * a
        failed += [label for _ in _open(prover, total, target.row_lower.finite(i), target.row_upper.finite(i))]
    for j, name in enumerate(target.variables):
        sides = (target.lower.finite(j), target.upper.finite(j))
        failed += [f"bound of {name}" for _ in _open(prover, mapping.expressions[name], *sides)]
    return failed


def _open(prover: Prover, form: AffineExpression, low: Fraction | None, high: Fraction | None) -> Iterator[None]:
    index = prover.model.variable_index
    for side, sign in ((low, 1), (high, -1)):
        if side is not None:
            terms = {index[name]: sign * a for name, a in form.terms.items()}
            if not isinstance(prover.at_least(terms, sign * (side - form.constant)), Proved):
                yield
