"""Whether a recovery is structural or chosen.

A map whose coefficients were picked to make things fit proves nothing by itself: some rank-one map sends one optimum to
another for any two models, and with a shift even a model that lost a row passes sound and value. A *structural* map
only renames, changes signs, or shifts and (if continuous) scales columns in a way that carries bounds and rows of the
reference onto bounds and rows of the candidate, sides included. A number that a row Σ z = 1 of binaries selects counts
like a whole variable, where the numbers selected are just the whole numbers within the reference's bounds. Any other
map is *chosen* and counts only with completeness proved.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from tools.exact.proofs import Form
from tools.formulation.model import Formulation
from tools.mapping.forms import IndexMapping


def chosen_because(
    reference: Formulation,
    candidate: Formulation,
    recovery: IndexMapping,
    completed: frozenset[int] = frozenset(),
) -> str | None:
    """Return why the recovery, of the variables that are not completed, counts as chosen, or None: it is structural."""
    used: set[int] = set()
    moved: list[int] = []
    for j, terms in enumerate(recovery.terms):
        if j in completed:
            continue
        name = reference.variables[j]
        selection = _selected_by(reference, candidate, j, recovery.constants[j], terms) if len(terms) > 1 else None
        if selection is not None:
            if not used.isdisjoint(selection):
                return f"{name!r} is selected by candidate variables that serve another reference variable too"
            used |= selection
            continue
        if len(terms) > 1:
            return f"{name!r} is a combination of {len(terms)} candidate variables"
        if not terms:
            low, high = reference.lower.finite(j), reference.upper.finite(j)
            fixed = low is not None and low == high == recovery.constants[j]
            if not fixed and (reference.rows_of(j).size or reference.objective.floats[j]):
                return f"{name!r} is set to a constant"
            continue
        ((k, a),) = terms.items()
        if k in used:
            return f"candidate variable {candidate.variables[k]!r} serves two reference variables"
        used.add(k)
        if abs(a) != 1 and (reference.integer[j] or candidate.integer[k]):
            return f"{name!r} is scaled, which carries integers onto some integers only"
        if abs(a) != 1 or recovery.constants[j]:
            if not _bounds_carried(reference, candidate, j, k, a, recovery.constants[j]):
                return f"{name!r} is shifted or scaled, but its bounds are not carried onto bounds"
            moved.append(j)
    if moved:
        rows = sorted({int(i) for j in moved for i in reference.rows_of(j)})
        carried = _RowSides(candidate)
        for i in rows:
            if not completed.isdisjoint(reference.row_terms(i)):
                return f"row {reference.rows[i]!r} links a shifted or scaled variable with a completed one"
            form, constant = recovery.pull_back(reference.row_terms(i))
            low, high = reference.row_lower.finite(i), reference.row_upper.finite(i)
            if not carried.holds(
                form, None if low is None else low - constant, None if high is None else high - constant
            ):
                return f"row {reference.rows[i]!r}, on a shifted or scaled variable, has no counterpart"
    return None


def _selected_by(
    reference: Formulation, candidate: Formulation, j: int, constant: Fraction, terms: Mapping[int, Fraction]
) -> frozenset[int] | None:
    """Return the binaries that select y_j = constant + Σ w·z, just the whole numbers of its range, or None.

    They are those of a row Σ z = 1 that holds all of `terms`; a binary without a term has weight 0.
    """
    low, high = reference.lower.finite(j), reference.upper.finite(j)
    if low is None or high is None:
        return None
    for i in candidate.rows_of(next(iter(terms))).tolist():
        row = candidate.row_terms(i)
        sizes = set(row.values())
        side = candidate.row_lower.finite(i)
        if len(sizes) != 1 or side != next(iter(sizes)) or side != candidate.row_upper.finite(i):
            continue
        if not terms.keys() <= row.keys() or not all(is_binary(candidate, k) for k in row):
            continue
        values = sorted(constant + terms.get(k, 0) for k in row)
        whole = [Fraction(v) for v in range(math.ceil(low), math.floor(high) + 1)]
        if values == whole:
            return frozenset(row)
    return None


def is_binary(model: Formulation, k: int) -> bool:
    """Say whether a variable is whole and between 0 and 1."""
    return bool(model.integer[k]) and model.lower.finite(k) == 0 and model.upper.finite(k) == 1


def _bounds_carried(
    reference: Formulation, candidate: Formulation, j: int, k: int, a: Fraction, constant: Fraction
) -> bool:
    low, high = candidate.lower.finite(k), candidate.upper.finite(k)
    image = [None if side is None else a * side + constant for side in ((low, high) if a > 0 else (high, low))]
    return image == [reference.lower.finite(j), reference.upper.finite(j)]


class _RowSides:
    """Looks up whether both sides of a form occur, exactly, among the rows and bounds of a model."""

    def __init__(self, model: Formulation) -> None:
        self.model = model
        self.rows: dict[bytes, list[int]] = {}
        for i in range(len(model.rows)):
            key = model.columns[model.indptr[i] : model.indptr[i + 1]].tobytes()
            self.rows.setdefault(key, []).append(i)

    def holds(self, form: Form, low: Fraction | None, high: Fraction | None) -> bool:
        wanted = [side for side in (("low", low), ("high", high)) if side[1] is not None]
        if not form:
            return (low is None or low <= 0) and (high is None or high >= 0)
        return all(any(end == wanted_end for end in self._ends(form)) for wanted_end in wanted)

    def _ends(self, form: Mapping[int, Fraction]) -> list[tuple[str, Fraction | None]]:
        """Return the sides that candidate rows and bounds put on exactly this form."""
        first = min(form)
        ends: list[tuple[str, Fraction | None]] = []
        if len(form) == 1:
            a = form[first]
            low, high = self.model.lower.finite(first), self.model.upper.finite(first)
            ends += _scaled(low, high, a)
        key = np.array(sorted(form), dtype=np.int64).tobytes()
        for i in self.rows.get(key, ()):
            terms = self.model.row_terms(i)
            factor = form[first] / terms[first]
            if all(form[k] == factor * a for k, a in terms.items()):
                ends += _scaled(self.model.row_lower.finite(i), self.model.row_upper.finite(i), factor)
        return ends


def _scaled(low: Fraction | None, high: Fraction | None, factor: Fraction) -> list[tuple[str, Fraction | None]]:
    if factor < 0:
        low, high = high, low
    return [
        ("low", None if low is None else factor * low),
        ("high", None if high is None else factor * high),
    ]
