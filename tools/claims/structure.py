"""Whether a recovery is structural or chosen.

A map whose coefficients were picked to make things fit proves nothing by itself: some rank-one map sends one optimum to
another for any two models, and with a shift even a model that lost a row passes sound and value. A *structural* map
only renames, changes signs, or shifts and (if continuous) scales columns in a way that carries bounds and rows of the
reference onto bounds and rows of the candidate, sides included. Any other map is *chosen* and counts only with
completeness proved.
"""

from __future__ import annotations

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
