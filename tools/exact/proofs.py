"""Exact proofs that a linear form is bounded below on a feasible set, and their checks.

A *linear proof* is a set of row multipliers λ (Farkas, 1902). For the form c, put d = c − Σ λ_i a_i; then for every
point x of the set

    c·x  ≥  Σ_{λ_i>0} λ_i·row_lower_i + Σ_{λ_i<0} λ_i·row_upper_i + Σ_{d_j>0} d_j·lower_j + Σ_{d_j<0} d_j·upper_j,

where the bounds of integer variables may be rounded inward. One multiplier and d = 0 says "a row up to a positive
factor", no multiplier at all says "activity bound". The form 0 bounded below by a positive number proves that the set
is empty. If c·x takes only values of a grid q·ℤ (integer variables, coefficients that are multiples of q), a bound may
be rounded up to the grid (Chvátal–Gomory). A *branch proof* splits on an integer variable, x_j ≤ k or x_j ≥ k+1, and
has a linear proof at each leaf, of the bound or of emptiness. Any of these may also be about the simplified model.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tools.formulation.model import Formulation
from tools.formulation.simplified import simplified

Form = Mapping[int, Fraction]
"""A linear form without constant: {variable index: nonzero coefficient}."""

Box = Mapping[int, tuple[Fraction | None, Fraction | None]]
"""Bounds that replace a variable's own, by variable index (from branching)."""

NO_BOX: Box = {}


@dataclass(frozen=True)
class LinearProof:
    """Row multipliers that bound a form below by `bound` (before rounding to the form's grid)."""

    multipliers: Mapping[int, Fraction]
    bound: Fraction

    @property
    def kind(self) -> str:
        """ "activity bound", "row" or "linear combination"."""
        return ("activity bound", "row")[len(self.multipliers)] if len(self.multipliers) < 2 else "linear combination"


@dataclass(frozen=True)
class EmptyProof:
    """The set (in this branch) is empty: a variable's bounds or a row's sides cross, or the zero form is positive.

    `crossed` names a variable ("variable", j) or row ("row", i); without it, `multipliers` bound the zero form below
    by a positive number.
    """

    multipliers: Mapping[int, Fraction]
    crossed: tuple[str, int] | None = None


@dataclass(frozen=True)
class BranchProof:
    """`variable` ≤ `value` is proved by `below`, `variable` ≥ `value` + 1 by `above`."""

    variable: int
    value: int
    below: Proof
    above: Proof

    kind = "branching"


@dataclass(frozen=True)
class SimplifiedProof:
    """`proof` is about `simplified(model)`, which has the same feasible set, with fixed variables substituted."""

    proof: LinearProof | EmptyProof | BranchProof

    kind = "on the simplified model"


Proof = LinearProof | EmptyProof | BranchProof | SimplifiedProof


@dataclass(frozen=True)
class SolverProof:
    """No exact proof: backends with different code agree on this float bound (None: that the set is empty)."""

    backends: tuple[str, ...]
    bound: float | None


def bounds_of(model: Formulation, variable: int, box: Box = NO_BOX) -> tuple[Fraction | None, Fraction | None]:
    """Return the exact bounds of a variable, rounded inward when it is integer; None stands for no bound."""
    low, high = box.get(variable) or (model.lower.finite(variable), model.upper.finite(variable))
    if model.integer[variable]:
        low = None if low is None else Fraction(math.ceil(low))
        high = None if high is None else Fraction(math.floor(high))
    return low, high


def without_fixed(model: Formulation, form: Form) -> tuple[dict[int, Fraction], Fraction]:
    """Return the form without the variables whose bounds coincide, and the constant that they contribute."""
    rest, constant = dict[int, Fraction](), Fraction(0)
    for j, c in form.items():
        low = model.lower.finite(j)
        if low is not None and low == model.upper.finite(j):
            constant += c * low
        else:
            rest[j] = c
    return rest, constant


def residual_form(model: Formulation, form: Form, multipliers: Mapping[int, Fraction]) -> dict[int, Fraction]:
    """Return form − Σ multipliers_i · row_i, without zero entries."""
    rest = dict(form)
    for row, multiplier in multipliers.items():
        for j, a in model.row_terms(row).items():
            rest[j] = rest.get(j, Fraction(0)) - multiplier * a
    return {j: value for j, value in rest.items() if value}


def linear_bound(
    model: Formulation, form: Form, multipliers: Mapping[int, Fraction], box: Box = NO_BOX
) -> Fraction | None:
    """Return the lower bound on `form` that the multipliers prove, or None when an infinite side is needed."""
    total = Fraction(0)
    for row, multiplier in multipliers.items():
        if not 0 <= row < len(model.rows):
            return None
        side = (model.row_lower if multiplier > 0 else model.row_upper).finite(row)
        if side is None:
            return None
        total += multiplier * side
    for j, d in residual_form(model, form, multipliers).items():
        low, high = bounds_of(model, j, box)
        side = low if d > 0 else high
        if side is None:
            return None
        total += d * side
    return total


def grid(model: Formulation, form: Form) -> Fraction | None:
    """Return q > 0 such that `form` takes only multiples of q on integer points, or None when it need not."""
    if not any(form.values()) or not all(model.integer[j] for j in form):
        return None
    denominator = math.lcm(*(c.denominator for c in form.values()))
    return Fraction(math.gcd(*(int(c * denominator) for c in form.values())), denominator)


def round_up(bound: Fraction, step: Fraction | None) -> Fraction:
    """Return the smallest multiple of `step` that is at least `bound` (`bound` itself without a grid)."""
    return bound if step is None else math.ceil(bound / step) * step


def holds(model: Formulation, form: Form, target: Fraction, proof: Proof, box: Box = NO_BOX) -> bool:
    """Check, from the raw data alone, that `proof` shows form ≥ target on the set (within `box`)."""
    if isinstance(proof, SimplifiedProof):
        simple = simplified(model)
        rest, constant = without_fixed(simple, form)
        return not box and holds(simple, rest, target - constant, proof.proof)
    if isinstance(proof, EmptyProof):
        if proof.crossed is not None:
            return _crosses(model, proof.crossed, box)
        bound = linear_bound(model, {}, proof.multipliers, box)
        return bound is not None and bound > 0
    if isinstance(proof, LinearProof):
        bound = linear_bound(model, form, proof.multipliers, box)
        return bound is not None and round_up(bound, grid(model, form)) >= target
    if not 0 <= proof.variable < len(model.variables) or not model.integer[proof.variable]:
        return False
    if Fraction(proof.value).denominator != 1:
        return False
    low, high = bounds_of(model, proof.variable, box)
    below = Fraction(proof.value) if high is None else min(high, Fraction(proof.value))
    above = Fraction(proof.value + 1) if low is None else max(low, Fraction(proof.value + 1))
    return holds(model, form, target, proof.below, {**box, proof.variable: (low, below)}) and holds(
        model, form, target, proof.above, {**box, proof.variable: (above, high)}
    )


def _crosses(model: Formulation, element: tuple[str, int], box: Box) -> bool:
    kind, index = element
    if not 0 <= index < len(model.variables if kind == "variable" else model.rows):
        return False
    if kind == "variable":
        low, high = bounds_of(model, index, box)
    else:
        low, high = model.row_lower.finite(index), model.row_upper.finite(index)
    return low is not None and high is not None and low > high


def crossed_element(model: Formulation) -> tuple[str, int] | None:
    """Return a variable ("variable", j) or row ("row", i) whose two bounds cross, or None."""
    for low, high, kind in ((model.lower, model.upper, "variable"), (model.row_lower, model.row_upper, "row")):
        for index in np.flatnonzero(low.floats >= high.floats).tolist():
            if _crosses(model, (kind, index), NO_BOX):
                return kind, int(index)
    for j in np.flatnonzero(model.integer & np.isfinite(model.lower.floats) & np.isfinite(model.upper.floats)).tolist():
        if model.upper.floats[j] - model.lower.floats[j] < 1 and _crosses(model, ("variable", j), NO_BOX):
            return "variable", int(j)
    return None
