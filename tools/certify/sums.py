"""A lifting where candidate variables act only through the sums that the recovery makes of them."""

from __future__ import annotations

from fractions import Fraction

from tools.errors import MappingError
from tools.exact.proofs import bounds_of
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.mapping.extension import Extension
from tools.mapping.forms import IndexMapping
from tools.mapping.functions.protocol import TotalFunction
from tools.mapping.functions.weighted_sum import Part, WeightedSum
from tools.mapping.total import TotalMapping

ONE = Fraction(1)


def lifting_by_sums(reference: Formulation, candidate: Formulation, recovery: IndexMapping) -> TotalMapping | None:
    """Return the lifting that splits each y_i − c_i into the parts a_k·x_k of f_i, or None where it does not apply.

    Every candidate variable must occur in exactly one f_i, and every value of y_i be such a sum.
    """
    used = [k for terms in recovery.terms for k in terms]
    if sorted(used) != list(range(len(candidate.variables))):
        return None
    expressions: dict[str, AffineExpression] = {}
    functions: list[TotalFunction] = []
    for i, terms in enumerate(recovery.terms):
        constant = recovery.constants[i]
        value = AffineExpression(-constant, {reference.variables[i]: ONE})
        if len(terms) == 1:
            ((k, a),) = terms.items()
            expressions[candidate.variables[k]] = value * (1 / a)
            continue
        if not terms:
            continue
        parts = []
        for k, a in terms.items():
            name = f"{candidate.variables[k]}~part"
            parts.append(Part(name, a, *bounds_of(candidate, k), bool(candidate.integer[k])))
            expressions[candidate.variables[k]] = AffineExpression.variable(name)
        low, high = (None if side is None else side - constant for side in bounds_of(reference, i))
        step = ONE if reference.integer[i] and constant.denominator == 1 else None
        try:
            functions.append(WeightedSum(value, tuple(parts), low, high, step))
        except MappingError:
            return None
    return TotalMapping(expressions, Extension(tuple(functions)))
