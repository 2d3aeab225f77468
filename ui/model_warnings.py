"""What looks odd in a model: often a slip, never an error."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tools.formulation.literals import decimal_expansion
from tools.formulation.model import Formulation
from tools.formulation.numbers import ExactVector, FloatArray, IntArray, looks_rounded
from ui.safe_text import safe

_NAMED = 5


def warnings_about(model: Formulation) -> list[str]:
    """Return one sentence for each kind of oddity: empty rows, unused variables, crossed bounds, rounded data."""
    used = np.zeros(len(model.variables), dtype=bool)
    used[model.columns] = True
    used[np.flatnonzero(model.objective.floats)] = True
    found = [
        _sentence("row", "without any variable", model.rows, np.flatnonzero(np.diff(model.indptr) == 0)),
        _sentence("variable", "in no row and not in the objective", model.variables, np.flatnonzero(~used)),
        _sentence("variable", "with crossed bounds", model.variables, _crossed(model.lower, model.upper)),
        _sentence("row", "with crossed bounds", model.rows, _crossed(model.row_lower, model.row_upper)),
        _rounded(model),
    ]
    return [sentence for sentence in found if sentence]


def _sentence(noun: str, what: str, names: Sequence[str], positions: IntArray) -> str:
    if not positions.size:
        return ""
    shown = ", ".join(safe(names[j]) for j in positions[:_NAMED].tolist())
    rest = f" and {positions.size - _NAMED} more" if positions.size > _NAMED else ""
    return f"{positions.size} {noun}{'' if positions.size == 1 else 's'} {what}: {shown}{rest}"


def _crossed(lower: ExactVector, upper: ExactVector) -> IntArray:
    close = np.flatnonzero(lower.floats >= upper.floats)
    crossed = [j for j in close.tolist() if lower[j] > upper[j]]
    return np.array(crossed, dtype=np.int64)


def _decimals(vector: ExactVector) -> FloatArray:
    """Return the entries that are decimals: a fraction such as 1/3 was written so, and is not rounded."""
    fractions = [k for k, value in vector.overrides.items() if decimal_expansion(value) is None]
    return np.delete(vector.floats, fractions) if fractions else vector.floats


def _rounded(model: Formulation) -> str:
    vectors = (model.coefficients, model.objective, model.lower, model.upper, model.row_lower, model.row_upper)
    values = np.unique(np.concatenate([_decimals(vector) for vector in vectors]))
    rounded = [value for value in values.tolist() if looks_rounded(value)]
    if not rounded:
        return ""
    shown = ", ".join(repr(value) for value in rounded[:_NAMED])
    plural = "number looks" if len(rounded) == 1 else "different numbers look"
    more = f" and {len(rounded) - _NAMED} more" if len(rounded) > _NAMED else ""
    return f"{len(rounded)} {plural} rounded by a computer; taken as written: {shown}{more}"
