"""A feasible set to which definitions and derived facts are added, each with its proof: the producer's side of one."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tools.claims.inclusion import integral_by_equalities
from tools.exact.budget import Budget
from tools.exact.proofs import (
    BranchProof,
    EmptyProof,
    Form,
    LinearProof,
    Proof,
    SimplifiedProof,
    SolverProof,
    bounds_of,
)
from tools.exact.prover import Proved, Prover
from tools.formulation.derive import Row, with_rows, with_variables
from tools.formulation.model import Formulation, Kind
from tools.formulation.numbers import ExactVector

Nodes = list[Any]
"""A proof as the checker reads it: the nodes of a tree in preorder."""

ACTIVITY: Nodes = [["linear", []]]
"""The proof by the bounds of variables alone, which may be left out."""

Variable = tuple[str, Fraction | None, Fraction | None, bool]
"""Name, bounds (whole ones for an integer; None is no bound) and integrality."""

HALF = Fraction(1, 2)
ZERO = Fraction(0)


@dataclass(frozen=True)
class Affine:
    """constant + Σ terms[j]·x_j over the variables of a space."""

    constant: Fraction
    terms: Form

    def __neg__(self) -> Affine:
        return Affine(-self.constant, {j: -a for j, a in self.terms.items()})

    def plus(self, other: Affine, factor: Fraction | int = 1) -> Affine:
        """Return self + factor·other."""
        terms = dict(self.terms)
        for j, a in other.terms.items():
            terms[j] = terms.get(j, ZERO) + factor * a
        return Affine(self.constant + factor * other.constant, {j: a for j, a in terms.items() if a})

    def at(self, point: Sequence[Fraction]) -> Fraction:
        """Return the value at a point, of which the terms' variables are the first ones."""
        return self.constant + sum((a * point[j] for j, a in self.terms.items()), ZERO)

    def times(self, factor: Fraction | int) -> Affine:
        """Return factor·self."""
        return Affine(ZERO, {}).plus(self, factor)


@dataclass(frozen=True)
class Case:
    """A variable is `then` where test ≤ most, else `otherwise`, and the test then is at least most + step."""

    test: Affine
    most: Fraction
    step: Fraction
    then: Affine
    otherwise: Affine


class Space:
    """The set that `steps` make of a model; `model` is what they amount to, with definitions as variables.

    Rows and variables have the numbers that the checker gives them. Definitions by cases add no row: `cases` has them.
    Steps may be added at any time, but a proof only uses what was there when it was found.
    """

    def __init__(self, model: Formulation, budget: Budget) -> None:
        self.original = model
        self.budget = budget
        self.steps: list[dict[str, Any]] = []
        self.cases: dict[int, Case] = {}
        self.index: dict[str, int] = dict(model.variable_index)
        self.names: list[str] = list(model.variables)
        self.integer: list[bool] = model.integer.tolist()
        self.row_count = len(model.rows)
        self._model = model
        self._new_variables: list[tuple[str, Fraction | None, Fraction | None, int]] = []
        self._new_rows: list[Row] = []
        self._new_bounds: dict[tuple[int, str], Fraction] = {}
        self._prover: Prover | None = None
        self._settled = False
        self._rows: dict[int, tuple[Form, Fraction | None, Fraction | None]] = {}
        self._bounds: dict[int, tuple[Fraction | None, Fraction | None]] = {}
        self.known: dict[Any, Any] = {}
        """Proofs about small parts of the set that were found before, for `tools.certify.cases`."""
        self.about: dict[int, Callable[[], object]] = {}
        """For an output of a function what derives all that the function says of it."""

    @property
    def model(self) -> Formulation:
        """The set as a formulation: what every definition by rows and every derived fact says is in it."""
        if self._new_variables:
            self._model = with_variables(self._model, self._new_variables)
            self._new_variables = []
        if self._new_rows:
            self._model = with_rows(self._model, self._new_rows)
            self._new_rows = []
        if self._new_bounds:
            self._model = _bounded(self._model, self._new_bounds)
            self._new_bounds = {}
        return self._model

    def row(self, i: int) -> tuple[Form, Fraction | None, Fraction | None]:
        """Return the terms and both sides of a row of the set."""
        if i not in self._rows:
            model = self.original
            self._rows[i] = (model.row_terms(i), model.row_lower.finite(i), model.row_upper.finite(i))
        return self._rows[i]

    def bounds(self, j: int) -> tuple[Fraction | None, Fraction | None]:
        """Return the bounds of a variable as they are now, whole ones for an integer."""
        if j not in self._bounds:
            self._bounds[j] = bounds_of(self.original, j)
        return self._bounds[j]

    @property
    def prover(self) -> Prover:
        """A prover over the set as it is now, whose proofs are about its own rows and variables."""
        model = self.model
        if self._prover is None or self._prover.model is not model:
            self._prover = Prover(model, self.budget, simplify=False)
        return self._prover

    def affine(self, constant: Fraction, terms: Mapping[str, Fraction]) -> Affine:
        """Return an expression by names over the variables of the space; raises KeyError on an unknown one."""
        return Affine(constant, {self.index[name]: a for name, a in terms.items() if a})

    def expression(self, value: Affine) -> dict[str, Any]:
        """Return an expression as the certificate writes it."""
        return {"constant": str(value.constant), "terms": {self.names[j]: str(a) for j, a in value.terms.items()}}

    # ---- proofs

    def prove(self, form: Form, target: Fraction) -> Nodes | None:
        """Return a proof that form ≥ target on the set, or None where none is found within the budget."""
        quick = self.prover.quickly_at_least(form, target)
        if quick is not None:
            return nodes_of(quick)
        self.settle_fixed_variables()
        answer = self.prover.at_least(form, target)
        return nodes_of(answer.proof) if isinstance(answer, Proved) else None

    def prove_between(self, value: Affine, low: Fraction, high: Fraction) -> list[Nodes] | None:
        """Return proofs that value ≥ low and value ≤ high."""
        below = self.prove(value.terms, low - value.constant)
        above = None if below is None else self.prove((-value).terms, value.constant - high)
        return None if below is None or above is None else [below, above]

    def prove_empty(self) -> Nodes | None:
        """Return a proof that the set is empty, or None."""
        self.settle_fixed_variables()
        answer = self.prover.empty()
        return nodes_of(answer.proof) if isinstance(answer, Proved) else None

    def prove_whole(self, value: Affine) -> list[Any] | None:
        """Return a proof that the value is an integer on the whole set, or None."""
        if value.constant.denominator == 1 and all(
            a.denominator == 1 and self.integer[j] for j, a in value.terms.items()
        ):
            return ["rows", []]
        multipliers = integral_by_equalities(self.model, value.constant, value.terms)
        if multipliers is not None:
            return ["rows", [[i, str(factor)] for i, factor in multipliers.items()]]
        n = len(self.index)
        parts: list[Nodes] = []
        for low, high, sign in ((ZERO, HALF, -1), (-HALF, ZERO, 1)):
            parted = with_variables(
                self.model, [("whole part", None, None, Kind.INTEGER), ("fraction", low, high, Kind.CONTINUOUS)]
            )
            split = {**value.terms, n: Fraction(-1), n + 1: Fraction(-1)}
            model = with_rows(parted, [("split", split, -value.constant, -value.constant)])
            prover = Prover(model, self.budget, simplify=False)
            answer = prover.at_least({n + 1: Fraction(sign)}, ZERO)
            nodes = nodes_of(answer.proof) if isinstance(answer, Proved) else None
            if nodes is None:
                return None
            parts.append(nodes)
        return ["fraction", *parts]

    def sliced(self, rows: Sequence[Row], variables: Sequence[Variable] = (), *, steps: bool = True) -> Space:
        """Return the set cut down by further rows, with further variables if given.

        Its steps are its own; without `steps` it takes none by itself.
        """
        part = Space.__new__(Space)
        part.__dict__ = {**self.__dict__, "steps": [], "index": dict(self.index), "names": list(self.names)}
        part.integer, part._rows, part._bounds = list(self.integer), dict(self._rows), dict(self._bounds)
        part._model = self.model
        part._new_variables, part._new_rows, part._new_bounds = [], [], {}
        part._prover, part._settled = None, not steps
        for variable in variables:
            part._add_variable(*variable)
        for row in rows:
            part._append(*row)
        return part

    # ---- steps

    def add_row(self, form: Form, target: Fraction, proof: Nodes) -> int:
        """Add the derived row form ≥ target and return its number."""
        written = {"terms": {str(j): str(a) for j, a in form.items()}, "at_least": str(target)}
        self.steps.append({"row": written, "proof": proof})
        self._append("derived", form, target, None)
        return self.row_count - 1

    def tighten(self, j: int, side: str, value: Fraction, proof: Nodes) -> None:
        """Move a bound of a variable, "lower" or "upper", inwards to `value`."""
        self.steps.append({"bound": [j, side, str(value)], "proof": proof})
        self._new_bounds[j, side] = value
        low, high = self.bounds(j)
        if self.integer[j]:
            value = Fraction(math.ceil(value) if side == "lower" else math.floor(value))
        if side == "lower":
            self._bounds[j] = (value if low is None else max(low, value), high)
        else:
            self._bounds[j] = (low, value if high is None else min(high, value))

    def define_affine(self, name: str, value: Affine, *, integer: bool = False) -> int | None:
        """Define name = value, an integer where that is said (None where it cannot be shown); return its number."""
        step: dict[str, Any] = {"affine": name, "value": self.expression(value), "integer": integer}
        if integer:
            step["integral"] = self.prove_whole(value)
            if step["integral"] is None:
                return None
        self.steps.append(step)
        j = self._add_variable(name, None, None, integer)
        self._append(name, {**value.terms, j: Fraction(-1)}, -value.constant, -value.constant)
        return j

    def define_floor(self, name: str, value: Affine, parts: int = 0) -> int | None:
        """Define the integer name = ⌊value⌋; with `parts`, parts·value is whole (None where that cannot be shown)."""
        step: dict[str, Any] = {"floor": name, "value": self.expression(value), "parts": parts}
        if parts:
            step["integral"] = self.prove_whole(value.times(parts))
            if step["integral"] is None:
                return None
        self.steps.append(step)
        j = self._add_variable(name, None, None, integer=True)
        most = 1 - Fraction(1, parts) if parts else Fraction(1)
        self._append(name, {**value.terms, j: Fraction(-1)}, -value.constant, most - value.constant)
        return j

    def define_if(self, name: str, case: Case, *, integer: bool = False) -> int | None:
        """Define a value by cases; None where its step or that it is whole cannot be shown."""
        step: dict[str, Any] = {
            "if": name,
            "test": self.expression(case.test),
            "most": str(case.most),
            "step": str(case.step),
            "then": self.expression(case.then),
            "else": self.expression(case.otherwise),
            "integer": integer,
        }
        if case.step:
            step["grid"] = self.prove_whole(case.test.plus(Affine(-case.most, {})).times(1 / case.step))
            if step["grid"] is None:
                return None
        if integer:
            step["integral"] = [self.prove_whole(case.then), self.prove_whole(case.otherwise)]
            if None in step["integral"]:
                return None
        self.steps.append(step)
        j = self._add_variable(name, None, None, integer)
        self.cases[j] = case
        return j

    def add_lemma(
        self,
        step: dict[str, Any],
        variables: Sequence[Variable],
        rows: Sequence[tuple[Form, Fraction | None, Fraction | None]],
    ) -> None:
        """Add a step by a named lemma (a tour, a decomposition into paths), with the variables and rows it brings.

        The rows' forms are over the variables there are after it, in the order in which the checker adds them.
        """
        self.steps.append(step)
        for variable in variables:
            self._add_variable(*variable)
        for form, low, high in rows:
            self._append("lemma", form, low, high)

    def _add_variable(self, name: str, low: Fraction | None, high: Fraction | None, integer: bool) -> int:
        j = len(self.index)
        self.index[name] = j
        self.names.append(name)
        self.integer.append(integer)
        self._bounds[j] = (low, high)
        self._new_variables.append((name, low, high, Kind.INTEGER if integer else Kind.CONTINUOUS))
        return j

    def _append(self, name: str, form: Form, low: Fraction | None, high: Fraction | None) -> None:
        terms = {j: a for j, a in form.items() if a}
        self._new_rows.append((name, terms, low, high))
        self._rows[self.row_count] = (terms, low, high)
        self.row_count += 1

    def settle_fixed_variables(self) -> None:
        """Derive the bounds of rows that leave only one variable open, once, until nothing changes."""
        if self._settled:
            return
        self._settled = True
        model = self.model
        bounds = [(model.lower.finite(j), model.upper.finite(j)) for j in range(len(model.variables))]
        open_rows = list(range(len(model.rows)))
        left = {i: sum(1 for j in model.row_terms(i) if bounds[j][0] is None or bounds[j][0] != bounds[j][1])
                for i in open_rows}  # fmt: skip
        queue = [i for i in open_rows if left[i] == 1]
        while queue:
            i = queue.pop()
            terms = model.row_terms(i)
            free = [j for j in terms if bounds[j][0] is None or bounds[j][0] != bounds[j][1]]
            if len(free) != 1:
                continue
            j = free[0]
            for side, limit in (("lower", model.row_lower.finite(i)), ("upper", model.row_upper.finite(i))):
                if limit is None:
                    continue
                rest = limit - sum((a * (bounds[k][0] or ZERO) for k, a in terms.items() if k != j), ZERO)
                which = side if terms[j] > 0 else {"lower": "upper", "upper": "lower"}[side]
                self._tighten_by_row(bounds, j, which, rest / terms[j], i, terms[j])
            if bounds[j][0] is not None and bounds[j][0] == bounds[j][1]:
                for other in model.rows_of(j).tolist():
                    left[other] -= 1
                    if left[other] == 1:
                        queue.append(other)

    def _tighten_by_row(
        self,
        bounds: list[tuple[Fraction | None, Fraction | None]],
        j: int,
        side: str,
        value: Fraction,
        row: int,
        a: Fraction,
    ) -> None:
        low, high = bounds[j]
        if self.integer[j]:
            value = Fraction(-(-value // 1) if side == "lower" else value // 1)
        old = low if side == "lower" else high
        if old is not None and (value <= old if side == "lower" else value >= old):
            return
        factor = 1 / a if side == "lower" else -1 / a
        self.tighten(j, side, value, [["linear", [[row, str(factor)]]]])
        bounds[j] = (value, high) if side == "lower" else (low, value)


def nodes_of(proof: Proof | SolverProof) -> Nodes | None:
    """Return an exact proof as the checker reads it, None for one that rests on solvers or a simplified model."""
    nodes: Nodes = []
    pending: list[Proof | SolverProof] = [proof]
    while pending:
        part = pending.pop()
        if isinstance(part, LinearProof):
            nodes.append(["linear", _pairs(part.multipliers)])
        elif isinstance(part, EmptyProof):
            nodes.append(["crossed", *part.crossed] if part.crossed else ["empty", _pairs(part.multipliers)])
        elif isinstance(part, BranchProof):
            nodes.append(["branch", part.variable, str(part.value)])
            pending += [part.above, part.below]
        elif isinstance(part, SimplifiedProof | SolverProof):
            return None
    return nodes


def _pairs(multipliers: Mapping[int, Fraction]) -> list[list[Any]]:
    return [[i, str(value)] for i, value in multipliers.items() if value]


def _bounded(model: Formulation, bounds: Mapping[tuple[int, str], Fraction]) -> Formulation:
    sides = {"lower": model.lower, "upper": model.upper}
    for side, vector in sides.items():
        moved = {j: value for (j, which), value in bounds.items() if which == side}
        if moved:
            entries = [vector.finite(k) for k in range(len(vector))]
            sides[side] = ExactVector.of(
                moved[k] if k in moved else vector.floats[k].item() if entry is None else entry
                for k, entry in enumerate(entries)
            )
    return model.changed(lower=sides["lower"], upper=sides["upper"])
