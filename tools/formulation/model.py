"""The immutable, exact linear or mixed-integer model that everything else works on."""

from __future__ import annotations

import dataclasses
import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from tools.errors import InputError
from tools.formulation.numbers import BoolArray, ExactVector, IntArray

Sense = Literal["minimize", "maximize"]


class Kind(IntEnum):
    """The domain of a variable; BINARY is an integer variable that was declared binary (its bounds lie in [0, 1])."""

    CONTINUOUS = 0
    INTEGER = 1
    BINARY = 2


@dataclass(frozen=True)
class Violation:
    """One broken requirement of a formulation at a point.

    `element` is "row", "lower bound", "upper bound" or "integrality"; `index` the row or variable; `activity` the value
    found; `limit` the value required (None for integrality); `amount` > 0 how far it is off.
    """

    element: Literal["row", "lower bound", "upper bound", "integrality"]
    index: int
    activity: Fraction
    limit: Fraction | None
    amount: Fraction


@dataclass(frozen=True, eq=False)
class Formulation:
    """A linear or mixed-integer model with exact rational data.

    With n variables, m rows and k nonzeros: optimise `objective · x + objective_constant` subject to
    `row_lower ≤ A x ≤ row_upper`, `lower ≤ x ≤ upper`, `x_j` integer where `kinds[j]` is not continuous. A is stored by
    rows: entries `indptr[i] … indptr[i+1]-1` of `columns` (strictly increasing in a row) and `coefficients` (nonzero).
    Infinite bounds are ±inf. All vectors are immutable. `auxiliary` marks variables that a modelling layer added and
    that its user never named.

    Words about the model, which no check reads and `content_hash` leaves out: `descriptions` says what a variable, a
    row or a family of them ("x" of "x[1,2]") stands for, and under "" what the model itself does; `written_by` is "",
    or names the language model that wrote this one, as in "llm:some-model".

    Build one with `Formulation.build`, which validates; raises `InputError`.
    """

    name: str
    sense: Sense
    variables: tuple[str, ...]
    lower: ExactVector
    upper: ExactVector
    kinds: NDArray[np.uint8]
    objective: ExactVector
    objective_constant: Fraction
    rows: tuple[str, ...]
    row_lower: ExactVector
    row_upper: ExactVector
    indptr: IntArray
    columns: IntArray
    coefficients: ExactVector
    auxiliary: frozenset[int] = field(default_factory=frozenset)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    written_by: str = ""

    @classmethod
    def build(
        cls,
        *,
        name: str = "",
        sense: Sense = "minimize",
        variables: Sequence[str],
        lower: ExactVector,
        upper: ExactVector,
        kinds: Sequence[int] | NDArray[np.uint8],
        objective: ExactVector,
        objective_constant: Fraction = Fraction(0),
        rows: Sequence[str],
        row_lower: ExactVector,
        row_upper: ExactVector,
        indptr: Sequence[int] | IntArray,
        columns: Sequence[int] | IntArray,
        coefficients: ExactVector,
        auxiliary: Iterable[int] = (),
        descriptions: Mapping[str, str] | None = None,
        written_by: str = "",
    ) -> Formulation:
        """Return the validated model; each row's entries are sorted by column and explicit zeros dropped.

        Raises `InputError` on duplicate or empty names, NaN, wrong lengths, indices out of range, a column named twice
        in a row, or bounds that are infinite on the wrong side.
        """
        n, m = len(variables), len(rows)
        _require_unique(variables, "variable")
        _require_unique(rows, "row")
        for label, vector, length in (
            ("lower bounds", lower, n), ("upper bounds", upper, n), ("objective coefficients", objective, n),
            ("row lower bounds", row_lower, m), ("row upper bounds", row_upper, m),
        ):  # fmt: skip
            if len(vector) != length:
                raise InputError(f"{label}: expected {length} numbers, found {len(vector)}")
            if np.isnan(vector.floats).any():
                position = int(np.flatnonzero(np.isnan(vector.floats))[0])
                owner = rows[position] if label.startswith("row") else variables[position]
                raise InputError(f"{label}: the entry of {owner!r} is not a number (NaN)")
        if not np.isfinite(objective.floats).all():
            position = int(np.flatnonzero(~np.isfinite(objective.floats))[0])
            raise InputError(f"the objective coefficient of {variables[position]!r} is infinite")
        for label, low, high, names in (("variable", lower, upper, variables), ("row", row_lower, row_upper, rows)):
            wrong = np.flatnonzero(np.isposinf(low.floats) | np.isneginf(high.floats))
            if wrong.size:
                raise InputError(
                    f"{label} {names[int(wrong[0])]!r} has a lower bound of +inf or an upper bound of -inf"
                )
        kind_codes = np.array(kinds, dtype=np.uint8)
        starts = np.array(indptr, dtype=np.int64)
        column_indices = np.array(columns, dtype=np.int64)
        if len(kind_codes) != n or (kind_codes > 2).any():
            raise InputError(f"kinds: expected {n} codes 0, 1 or 2")
        if len(starts) != m + 1 or starts[0] != 0 or starts[-1] != len(column_indices) or (np.diff(starts) < 0).any():
            raise InputError("the row starts do not describe the coefficient list")
        if len(column_indices) != len(coefficients):
            raise InputError(f"expected {len(column_indices)} coefficients, found {len(coefficients)}")
        if column_indices.size and (column_indices.min() < 0 or column_indices.max() >= n):
            raise InputError("a coefficient names a variable that does not exist")
        if not np.isfinite(coefficients.floats).all():
            position = int(np.flatnonzero(~np.isfinite(coefficients.floats))[0])
            row = rows[int(np.searchsorted(starts, position, side="right")) - 1]
            raise InputError(f"row {row!r} has a coefficient that is not a finite number")
        starts, column_indices, coefficients = _sorted_rows(starts, column_indices, coefficients, rows, variables)
        for array in (kind_codes, starts, column_indices):
            array.setflags(write=False)
        return cls(
            name=name, sense=sense, variables=tuple(variables), lower=lower, upper=upper, kinds=kind_codes,
            objective=objective, objective_constant=Fraction(objective_constant), rows=tuple(rows),
            row_lower=row_lower, row_upper=row_upper, indptr=starts, columns=column_indices,
            coefficients=coefficients, auxiliary=frozenset(auxiliary),
            descriptions={key: text for key, text in (descriptions or {}).items() if text}, written_by=written_by,
        )  # fmt: skip

    def changed(self, **changes: Any) -> Formulation:
        """Return the model with these fields replaced, validated like any other; raises `InputError`."""
        kept = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return Formulation.build(**(kept | changes))

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, variables)."""
        return len(self.rows), len(self.variables)

    @property
    def nonzeros(self) -> int:
        """Number of stored row coefficients (the objective not counted)."""
        return len(self.columns)

    @cached_property
    def integer(self) -> BoolArray:
        """Boolean array (variables,): which variables are integer or binary."""
        mask: BoolArray = self.kinds != Kind.CONTINUOUS
        mask.setflags(write=False)
        return mask

    @cached_property
    def variable_index(self) -> Mapping[str, int]:
        """Position of each variable name."""
        return {name: position for position, name in enumerate(self.variables)}

    @cached_property
    def row_index(self) -> Mapping[str, int]:
        """Position of each row name."""
        return {name: position for position, name in enumerate(self.rows)}

    @cached_property
    def matrix(self) -> sp.csr_array:
        """The coefficients as a float CSR array (rows, variables): for solvers and heuristics, never for proofs."""
        return sp.csr_array((self.coefficients.floats, self.columns, self.indptr), shape=self.shape)

    @cached_property
    def matrix_by_column(self) -> sp.csc_array:
        """`matrix` as a CSC array whose data are positions into `coefficients` plus one (so that none is zero)."""
        positions = np.arange(1, self.nonzeros + 1, dtype=np.int64)
        return sp.csr_array((positions, self.columns, self.indptr), shape=self.shape).tocsc()

    def row_terms(self, row: int) -> dict[int, Fraction]:
        """Return row `row` as {variable index: exact coefficient}."""
        start, stop = int(self.indptr[row]), int(self.indptr[row + 1])
        return dict(zip(self.columns[start:stop].tolist(), self.coefficients.slice(start, stop), strict=True))

    def rows_of(self, variable: int) -> IntArray:
        """Return the indices of the rows in which `variable` has a coefficient."""
        matrix = self.matrix_by_column
        return np.asarray(matrix.indices[matrix.indptr[variable] : matrix.indptr[variable + 1]], dtype=np.int64)

    @cached_property
    def cost(self) -> ExactVector:
        """Objective coefficients of the minimisation form (negated when the sense is maximize)."""
        return self.objective if self.sense == "minimize" else ExactVector(
            -self.objective.floats, {k: -v for k, v in self.objective.overrides.items()}
        )  # fmt: skip

    @property
    def cost_constant(self) -> Fraction:
        """Objective constant of the minimisation form."""
        return self.objective_constant if self.sense == "minimize" else -self.objective_constant

    @cached_property
    def cost_terms(self) -> Mapping[int, Fraction]:
        """The minimisation objective as {variable index: exact nonzero coefficient}, without the constant."""
        return {j: self.cost[j] for j in np.flatnonzero(self.objective.floats).tolist()}

    def cost_value(self, point: Sequence[Fraction]) -> Fraction:
        """Return the minimisation objective at `point`, constant included, exactly."""
        return self.cost_constant + sum((c * point[j] for j, c in self.cost_terms.items()), Fraction(0))

    def violations(self, point: Sequence[Fraction], limit: int | None = None) -> list[Violation]:
        """Return what `point` breaks, exactly; an empty list means it is feasible. Stops after `limit` findings."""
        found: list[Violation] = []
        for j, value in enumerate(point):
            low, high = self.lower.finite(j), self.upper.finite(j)
            if low is not None and value < low:
                found.append(Violation("lower bound", j, value, low, low - value))
            if high is not None and value > high:
                found.append(Violation("upper bound", j, value, high, value - high))
            if self.integer[j] and value.denominator != 1:
                distance = min(value - math.floor(value), math.ceil(value) - value)
                found.append(Violation("integrality", j, value, None, distance))
            if limit is not None and len(found) >= limit:
                return found
        for i in range(len(self.rows)):
            activity = sum((a * point[j] for j, a in self.row_terms(i).items() if point[j]), Fraction(0))
            low, high = self.row_lower.finite(i), self.row_upper.finite(i)
            if low is not None and activity < low:
                found.append(Violation("row", i, activity, low, low - activity))
            if high is not None and activity > high:
                found.append(Violation("row", i, activity, high, activity - high))
            if limit is not None and len(found) >= limit:
                return found
        return found

    def is_feasible(self, point: Sequence[Fraction]) -> bool:
        """Say whether `point` satisfies every row, bound and integrality exactly."""
        return not self.violations(point, limit=1)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 (hex) of everything that the model means: names, data, sense; not of its own name or words."""
        digest = hashlib.sha256()
        for text in (self.sense, "\0".join(self.variables), "\0".join(self.rows), str(self.objective_constant)):
            digest.update(text.encode() + b"\1")
        for array in (self.kinds, self.indptr, self.columns):
            digest.update(np.ascontiguousarray(array).tobytes())
        for vector in (self.lower, self.upper, self.objective, self.row_lower, self.row_upper, self.coefficients):
            digest.update(vector.floats.tobytes())
            digest.update(repr(sorted((k, str(v)) for k, v in vector.overrides.items())).encode())
        digest.update(repr(sorted(self.auxiliary)).encode())
        return digest.hexdigest()

    def same_as(self, other: Formulation) -> bool:
        """Say whether both models are identical: names, order and data (the model's own name aside)."""
        return self.content_hash == other.content_hash

    def __repr__(self) -> str:
        m, n = self.shape
        integers = int(self.integer.sum())
        return f"Formulation({self.name!r}: {n} variables, {integers} integer, {m} rows, {self.nonzeros} nonzeros)"


def _require_unique(names: Sequence[str], label: str) -> None:
    if len(set(names)) == len(names):
        if "" in names:
            raise InputError(f"a {label} has an empty name")
        return
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InputError(f"duplicate {label} name {name[:60]!r}; rename one of the two")
        seen.add(name)


def _sorted_rows(
    starts: IntArray, columns: IntArray, coefficients: ExactVector, rows: Sequence[str], variables: Sequence[str]
) -> tuple[IntArray, IntArray, ExactVector]:
    row_of = np.repeat(np.arange(len(starts) - 1, dtype=np.int64), np.diff(starts))
    order = np.lexsort((columns, row_of))
    keep = order[coefficients.floats[order] != 0.0]
    sorted_columns, sorted_rows = columns[order], row_of[order]
    repeated = np.flatnonzero((np.diff(sorted_columns) == 0) & (np.diff(sorted_rows) == 0))
    if repeated.size:
        k = int(repeated[0])
        raise InputError(f"row {rows[int(sorted_rows[k])]!r} names {variables[int(sorted_columns[k])]!r} twice")
    if np.array_equal(keep, np.arange(len(columns))):
        return starts, columns, coefficients
    counts = np.bincount(row_of[keep], minlength=len(starts) - 1)
    new_starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return new_starts, columns[keep], coefficients.take(keep)
