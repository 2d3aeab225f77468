"""Prove the conditions under which the lemmas of total functions hold."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from tools.claims.inclusion import include
from tools.claims.outcome import Obligation
from tools.exact.prover import Prover
from tools.formulation.model import Formulation, Kind
from tools.formulation.numbers import ExactVector
from tools.mapping.extension import Extension
from tools.mapping.forms import IndexMapping
from tools.mapping.functions.protocol import Condition

INFINITE = float("inf")


def prove_conditions(extension: Extension, source: Prover) -> tuple[list[Obligation], str | None]:
    """Return proofs that every condition holds on the source, and None or why one could not be shown."""
    obligations: list[Obligation] = []
    for model, conditions in extension.stages(source.model):
        prover = source if model is source.model else Prover(model, source.budget)
        mapping = IndexMapping(
            [condition.expression.constant for condition in conditions],
            [
                {model.variable_index[name]: value for name, value in condition.expression.terms.items()}
                for condition in conditions
            ],
        )
        found = include(_box_of(conditions), mapping, prover, None)
        if found.breach is not None:
            label = conditions[found.breach.index].label
            return obligations, f"the condition {label!r} of a function fails at a point of the model it applies to"
        if found.open_reasons:
            return obligations, f"a condition of a function is not shown: {found.open_reasons[0]}"
        obligations += [Obligation("condition", o.index, o.proof, conditions[o.index].label) for o in found.obligations]
    return obligations, None


def _box_of(conditions: Sequence[Condition]) -> Formulation:
    """Return the model without rows whose variables are the conditions' values."""
    count = len(conditions)
    return Formulation.build(
        variables=[f"{condition.label} #{k}" for k, condition in enumerate(conditions)],
        lower=ExactVector.of(-INFINITE if c.lower is None else c.lower for c in conditions),
        upper=ExactVector.of(INFINITE if c.upper is None else c.upper for c in conditions),
        kinds=np.array([Kind.INTEGER if c.integral else Kind.CONTINUOUS for c in conditions], dtype=np.uint8),
        objective=ExactVector.of([Fraction(0)] * count),
        rows=[],
        row_lower=ExactVector.of([]),
        row_upper=ExactVector.of([]),
        indptr=np.zeros(1, dtype=np.int64),
        columns=np.zeros(0, dtype=np.int64),
        coefficients=ExactVector.of([]),
    )
