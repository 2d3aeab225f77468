"""Exact rational vectors stored as doubles, with a table of the few entries a double cannot express.

A decimal literal is its decimal value, and a double stands for the shortest decimal that reads back to it
(`repr`), so almost every number of a model file is recovered exactly from eight bytes. The exceptions (1/3, or
literals of more than 17 digits) are kept in `overrides`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.errors import InputError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

INFINITY_THRESHOLD = 1e20
"""Bounds and right-hand sides at least this large mean "no bound", as in Gurobi, CPLEX and HiGHS files."""

_SIGNIFICANT_DIGITS_OF_ROUNDED_DATA = 15


@lru_cache(maxsize=1 << 16)
def decimal_value(value: float) -> Fraction:
    """Return the exact value a finite double stands for, its shortest decimal; raises `InputError` on NaN, infinity."""
    if not math.isfinite(value):
        raise InputError(f"expected a finite number, found {value!r}")
    return Fraction(int(value)) if value == int(value) and abs(value) < 1e15 else Fraction(repr(value))


def nearest_double(value: Fraction) -> float:
    """Return the double nearest to `value`. Raises `InputError` when the magnitude is outside 1e-300 … 1e300."""
    try:
        result = float(value)
    except OverflowError:
        result = math.inf
    if math.isinf(result) or abs(result) > 1e300 or (result == 0.0 and value != 0):
        raise InputError("a number lies outside 1e-300 … 1e300 in magnitude; rescale the model")
    return result


def looks_rounded(value: float) -> bool:
    """Say whether `value` has 15 or more significant decimal digits, as results of float arithmetic do."""
    if value == 0.0 or not math.isfinite(value) or value == int(value):
        return False
    mantissa = repr(abs(value)).split("e")[0].replace(".", "").strip("0")
    return len(mantissa) >= _SIGNIFICANT_DIGITS_OF_ROUNDED_DATA


def parse_rational(text: str) -> Fraction:
    """Return the exact value of "3", "-2.5e3" or "1/3". Raises `InputError` on anything else and on absurd sizes."""
    if len(text) > 1000:
        raise InputError(f"a number of {len(text)} characters is refused; at most 1000 are read")
    cleaned = text.strip()
    exponent = cleaned.lower().partition("e")[2]
    try:
        if exponent and abs(int(exponent)) > 400:
            raise InputError(f"the number {cleaned[:40]!r} lies outside 1e-300 … 1e300 in magnitude; rescale the model")
        return Fraction(cleaned)
    except (ValueError, ZeroDivisionError) as error:
        raise InputError(f"expected a number such as 3, -2.5 or 1/3, found {cleaned[:40]!r}") from error


class ExactVector:
    """An immutable vector of exact rationals (and ±infinity), eight bytes an entry plus a table of exceptions.

    `floats` holds the nearest doubles; entry k is exactly `overrides[k]` where present, else the shortest decimal
    of `floats[k]`.
    """

    __slots__ = ("floats", "overrides")

    floats: FloatArray
    overrides: Mapping[int, Fraction]

    def __init__(self, floats: FloatArray, overrides: Mapping[int, Fraction] | None = None) -> None:
        values = np.array(floats, dtype=np.float64)
        values += 0.0  # -0.0 becomes 0.0, so that equal numbers have equal bytes
        values.setflags(write=False)
        object.__setattr__(self, "floats", values)
        object.__setattr__(self, "overrides", MappingProxyType(dict(overrides or {})))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("ExactVector is immutable")

    def __reduce__(self) -> tuple[Any, ...]:
        return (ExactVector, (np.array(self.floats), dict(self.overrides)))

    @classmethod
    def of(cls, values: Iterable[Fraction | int | float]) -> ExactVector:
        """Return the vector of these numbers; floats stand for their shortest decimals, infinities are kept."""
        floats: list[float] = []
        overrides: dict[int, Fraction] = {}
        for index, value in enumerate(values):
            if isinstance(value, float):
                floats.append(value)
                continue
            exact = Fraction(value)
            approximate = nearest_double(exact)
            floats.append(approximate)
            if decimal_value(approximate) != exact:
                overrides[index] = exact
        return cls(np.array(floats, dtype=np.float64), overrides)

    def __len__(self) -> int:
        return len(self.floats)

    def __getitem__(self, index: int) -> Fraction:
        """Return entry `index` exactly; raises `InputError` when it is infinite."""
        override = self.overrides.get(index)
        return decimal_value(float(self.floats[index])) if override is None else override

    def finite(self, index: int) -> Fraction | None:
        """Return entry `index` exactly, or None when it is infinite."""
        return self[index] if math.isfinite(self.floats[index]) else None

    def __iter__(self) -> Iterator[Fraction]:
        return (self[index] for index in range(len(self)))

    def slice(self, start: int, stop: int) -> list[Fraction]:
        """Return entries start … stop-1 exactly."""
        values = [decimal_value(value) for value in self.floats[start:stop].tolist()]
        if self.overrides:
            for index in range(start, stop):
                if index in self.overrides:
                    values[index - start] = self.overrides[index]
        return values

    def take(self, indices: Sequence[int] | IntArray) -> ExactVector:
        """Return the vector of the entries at `indices`, in that order."""
        positions = np.asarray(indices, dtype=np.int64)
        overrides = {}
        if self.overrides:
            overrides = {k: self.overrides[i] for k, i in enumerate(positions.tolist()) if i in self.overrides}
        return ExactVector(self.floats[positions], overrides)

    def equals(self, other: ExactVector) -> bool:
        """Say whether both vectors are the same numbers exactly."""
        if len(self) != len(other) or not np.array_equal(self.floats, other.floats):
            return False
        return dict(self.overrides) == dict(other.overrides)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ExactVector) and self.equals(other)

    def __hash__(self) -> int:
        return hash((self.floats.tobytes(), tuple(sorted(self.overrides.items()))))

    def __repr__(self) -> str:
        return f"ExactVector({len(self)} entries, {len(self.overrides)} overrides)"
