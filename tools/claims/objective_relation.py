"""The relation σ(v) = s·v + t between objective values, read off the two objectives and never fitted to optima."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import lsqr

from tools.exact.linear_algebra import solve_any
from tools.formulation.model import Formulation
from tools.formulation.numbers import BoolArray
from tools.formulation.simplified import simplified
from tools.mapping.forms import IndexMapping

LARGEST_EXACT = 2000
"""Models of at most this many nonzeros have their relation solved for exactly, larger ones in doubles first."""


@dataclass(frozen=True)
class ObjectiveRelation:
    """σ(v) = scale·v + offset with scale > 0, from candidate to reference values, both as minimisation."""

    scale: Fraction
    offset: Fraction

    def __call__(self, value: Fraction) -> Fraction:
        """Return σ(value)."""
        return self.scale * value + self.offset

    def inverse(self) -> ObjectiveRelation:
        """Return σ⁻¹, from reference to candidate values."""
        return ObjectiveRelation(1 / self.scale, -self.offset / self.scale)


def read_relation(target: Formulation, source: Formulation, mapping: IndexMapping) -> ObjectiveRelation | None:
    """Return σ with c_target∘mapping = σ(c_source) modulo the equalities of `source`, or None.

    A constant objective takes scale 1. Both objectives are in minimisation form.
    """
    image, constant = mapping.pull_back(target.cost_terms)
    constant += target.cost_constant
    own = dict(source.cost_terms)
    direct = _proportion(image, own)
    if direct is not None and direct > 0:
        return ObjectiveRelation(direct, constant - direct * source.cost_constant)
    found = _modulo_equalities(image, constant, own, source)
    # Rows may fix variables whose bounds do not.
    return found or _modulo_equalities(image, constant, own, simplified(source))


def _proportion(image: Mapping[int, Fraction], own: Mapping[int, Fraction]) -> Fraction | None:
    """Return s with image = s·own; 1 when both are zero; None when there is no such s ≠ 0."""
    if not image and not own:
        return Fraction(1)
    if image.keys() != own.keys():
        return None
    first = next(iter(own))
    scale = image[first] / own[first]
    return scale if all(image[k] == scale * value for k, value in own.items()) else None


def _modulo_equalities(
    image: Mapping[int, Fraction], constant: Fraction, own: Mapping[int, Fraction], source: Formulation
) -> ObjectiveRelation | None:
    """Solve image = s·own + Σ λ_i·(equality row i) on the variables that are not fixed."""
    fixed = source.lower.floats == source.upper.floats
    equalities = np.flatnonzero(source.row_lower.floats == source.row_upper.floats).tolist()
    equalities = [i for i in equalities if source.row_lower[i] == source.row_upper[i]]
    if not equalities and not fixed.any():
        return None
    involved = _reachable(set(image) | set(own), equalities, source, fixed)
    solve = _solutions if source.nonzeros <= LARGEST_EXACT else _guesses
    for scale, multipliers in solve(image, own, involved, source, fixed):
        offset = None if scale <= 0 else _exact_offset(image, own, scale, multipliers, involved, source, fixed)
        if offset is not None:
            return ObjectiveRelation(scale, constant + offset - scale * source.cost_constant)
    return None


def _solutions(
    image: Mapping[int, Fraction], own: Mapping[int, Fraction], rows: list[int], source: Formulation, fixed: BoolArray
) -> Iterator[tuple[Fraction, list[Fraction]]]:
    """Yield the exact solutions (s, λ) with s = 1 and, if there is none, with any s."""

    def free(form: Mapping[int, Fraction]) -> dict[int, Fraction]:
        return {k: value for k, value in form.items() if not fixed[k]}

    columns = [free(source.row_terms(i)) for i in rows]
    difference = dict(image)
    for k, value in own.items():
        difference[k] = difference.get(k, Fraction(0)) - value
    multipliers = solve_any(columns, free(difference))
    if multipliers is not None:
        yield Fraction(1), multipliers
        return
    solution = solve_any([*columns, free(own)], free(image))
    if solution is not None:
        yield solution[-1], solution[:-1]


def _guesses(
    image: Mapping[int, Fraction], own: Mapping[int, Fraction], rows: list[int], source: Formulation, fixed: BoolArray
) -> Iterator[tuple[Fraction, list[Fraction]]]:
    """Yield simple fractions near solutions (s, λ) in doubles, s = 1 first."""
    matrix = source.matrix[rows, :].T if rows else sp.csr_array((len(source.variables), 0))
    own_dense, image_dense = np.zeros(len(source.variables)), np.zeros(len(source.variables))
    unit = max((abs(value) for value in (*own.values(), *image.values())), default=Fraction(1))
    for k, value in own.items():
        own_dense[k] = float(value / unit)
    for k, value in image.items():
        image_dense[k] = float(value / unit)
    keep = ~fixed
    system = sp.csr_array(sp.hstack([sp.csr_array(own_dense[:, None]), matrix]))[keep, :]
    for scale_choice in (Fraction(1), None):
        if scale_choice is None:
            solution = lsqr(system, image_dense[keep], atol=1e-14, btol=1e-14, iter_lim=5000)[0]
            scale_float, multipliers = float(solution[0]), solution[1:]
        else:
            solution = lsqr(system[:, 1:], (image_dense - own_dense)[keep], atol=1e-14, btol=1e-14, iter_lim=5000)[0]
            scale_float, multipliers = 1.0, solution
        for denominator in (1, 720, 10**6):
            scale = Fraction(scale_float).limit_denominator(denominator) if scale_choice is None else scale_choice
            yield scale, [unit * Fraction(float(value)).limit_denominator(denominator) for value in multipliers]


def _exact_offset(
    image: Mapping[int, Fraction],
    own: Mapping[int, Fraction],
    scale: Fraction,
    multipliers: list[Fraction],
    rows: list[int],
    source: Formulation,
    fixed: BoolArray,
) -> Fraction | None:
    """Return the constant that image − scale·own equals on the source's equalities, or None if it is not constant."""
    rest = dict(image)
    offset = Fraction(0)
    for k, value in own.items():
        rest[k] = rest.get(k, Fraction(0)) - scale * value
    for i, multiplier in zip(rows, multipliers, strict=True):
        if not multiplier:
            continue
        offset += multiplier * source.row_lower[i]
        for k, a in source.row_terms(i).items():
            rest[k] = rest.get(k, Fraction(0)) - multiplier * a
    for k, value in rest.items():
        if not value:
            continue
        if not fixed[k] or source.lower[k] != source.upper[k]:
            return None
        offset += value * source.lower[k]
    return offset


def _reachable(variables: set[int], equalities: list[int], source: Formulation, fixed: BoolArray) -> list[int]:
    """Return the equality rows connected to these variables through equality rows."""
    allowed = set(equalities)
    chosen: set[int] = set()
    frontier = [k for k in variables if not fixed[k]]
    seen = set(frontier)
    while frontier and len(chosen) < 5000:
        k = frontier.pop()
        for i in source.rows_of(k).tolist():
            if i in allowed and i not in chosen:
                chosen.add(i)
                for other in source.row_terms(i):
                    if other not in seen and not fixed[other]:
                        seen.add(other)
                        frontier.append(other)
    return sorted(chosen)
