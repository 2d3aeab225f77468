"""Turns what the child process says it built into a formulation; it is a stranger's data, so everything is checked."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tools.errors import InputError
from tools.formulation.literals import as_limit
from tools.formulation.model import Formulation, Kind, Sense
from tools.formulation.numbers import ExactVector, FloatArray, decimal_value
from tools.sandbox.errors import CodeError

_KINDS = {"C": Kind.CONTINUOUS, "I": Kind.INTEGER, "B": Kind.BINARY}
_SENSES: dict[int, Sense] = {1: "minimize", -1: "maximize"}
_LONGEST_NAME = 1000


def formulation_from_built(data: object) -> Formulation:
    """Return the formulation that `data` describes, names made unique; raises `InputError` where it does not fit.

    `data` has the keys that `tools/sandbox/capture.py` writes. Limits of 1e20 or more are infinite; the bounds of a
    binary variable are cut to [0, 1], as Gurobi understands them.
    """
    if not isinstance(data, dict):
        raise CodeError("the model that the code built is not an object")
    kinds = [_kind(letter) for letter in _list(data, "kinds", str)]
    lower, upper = _limits(_numbers(data, "lower")), _limits(_numbers(data, "upper"))
    variables, rows = _names(data, "variables"), _names(data, "rows")
    if not len(kinds) == len(lower) == len(upper) == len(variables):
        raise CodeError("the lists about variables have different lengths")
    binary = np.array(kinds, dtype=np.uint8) == Kind.BINARY
    lower[binary] = np.maximum(lower[binary], 0.0)
    upper[binary] = np.minimum(upper[binary], 1.0)
    senses, sides = _list(data, "senses", str), _limits(_numbers(data, "sides"))
    if not len(senses) == len(sides) == len(rows):
        raise CodeError("the lists about rows have different lengths")
    for sense in senses:
        if sense not in ("<", ">", "="):
            raise CodeError(f"a row has the sense {sense[:20]!r}; expected <, > or =")
    sense = _SENSES.get(_whole(data.get("sense")))
    if sense is None:
        raise CodeError("the model says neither to minimise nor to maximise")
    constant = _number(data.get("constant"))
    if not math.isfinite(constant):
        raise CodeError("the objective's constant is not a finite number")
    name = data.get("name")
    try:
        return Formulation.build(
            name=name[:_LONGEST_NAME] if isinstance(name, str) else "",
            sense=sense,
            variables=variables,
            lower=ExactVector(lower),
            upper=ExactVector(upper),
            kinds=kinds,
            objective=ExactVector(_numbers(data, "objective")),
            objective_constant=decimal_value(constant),
            rows=rows,
            row_lower=ExactVector(np.array([-math.inf if s == "<" else b for s, b in zip(senses, sides.tolist())])),
            row_upper=ExactVector(np.array([math.inf if s == ">" else b for s, b in zip(senses, sides.tolist())])),
            indptr=np.array([_whole(number) for number in _list(data, "starts")], dtype=np.int64),
            columns=np.array([_whole(number) for number in _list(data, "columns")], dtype=np.int64),
            coefficients=ExactVector(_numbers(data, "coefficients")),
        )
    except InputError as error:
        raise CodeError(f"the model that the code built is unusable: {error}") from error


def _list(data: dict[str, Any], key: str, kind: type | None = None) -> list[Any]:
    found = data.get(key)
    if not isinstance(found, list) or (kind is not None and not all(isinstance(entry, kind) for entry in found)):
        raise CodeError(f"the model that the code built lacks a proper list {key!r}")
    return found


def _numbers(data: dict[str, Any], key: str) -> FloatArray:
    return np.array([_number(entry) for entry in _list(data, key)], dtype=np.float64)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CodeError("the model that the code built has something else where a number belongs")
    try:
        return float(value)
    except OverflowError as error:
        raise CodeError("the model that the code built has a number beyond all doubles") from error


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 1 << 62:
        raise CodeError("the model that the code built has something else where a whole number belongs")
    return value


def _kind(letter: str) -> Kind:
    if letter not in _KINDS:
        raise CodeError(f"a variable has the type {letter[:20]!r}; expected C, I or B")
    return _KINDS[letter]


def _limits(numbers: FloatArray) -> FloatArray:
    return np.array([as_limit((number, None))[0] for number in numbers.tolist()], dtype=np.float64)


def _names(data: dict[str, Any], key: str) -> list[str]:
    """Return the names, repeated ones told apart by #2, #3 …: gurobipy allows them, a formulation does not."""
    unique: list[str] = []
    seen: set[str] = set()
    used: dict[str, int] = {}
    for given in _list(data, key, str):
        name = given[:_LONGEST_NAME] or key[0]
        while name in seen:
            used[given] = used.get(given, 1) + 1
            name = f"{given[:_LONGEST_NAME] or key[0]}#{used[given]}"
        seen.add(name)
        unique.append(name)
    return unique
