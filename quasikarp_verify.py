#!/usr/bin/env python3
"""Check a quasikarp certificate: quasikarp-verify CERTIFICATE [REFERENCE CANDIDATE]

This program trusts nothing but itself, Python's integers and fractions, and, when the two models are named, its own
readers of LP, MPS and JSON files. It uses the standard library only and nothing of the rest of quasikarp: copy this
file anywhere and read it. docs/certificates.md has the format and says why each rule is sound.

Prints VALID and what is shown, or INVALID and the first thing that is wrong. Exit status: 0 valid, 1 invalid, 2 when
a file cannot be used (missing, malformed, too large).

Part 1: numbers, sets and proofs     Part 2: definitions     Part 3: claims and verdict     Part 4: reading files
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import re
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Any

SCHEMA = "quasikarp/certificate/1"
CLAIMS = ("status", "value", "optimum", "optima", "sound", "complete")
LONGEST_NUMBER = 4000  # characters
LARGEST_BITS = 200_000  # of any number computed on the way
LARGEST_WORK = 20_000_000  # coefficients computed with, long ones counted more than once
LARGEST_TREE = 3_000_000  # bounds and rows that open branches of a proof hold
END: Data = object()
UNSIGNED = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+|(?![eE][+-]?[0-9]))"
_NUMBER = re.compile(rf"[+-]?(?:{UNSIGNED}|[0-9]+/0*[1-9][0-9]*)")
_MOST_BYTES = 512 << 20  # of a file

Number = int | Fraction  # an int wherever the value is integral
Terms = dict[int, Number]
Expression = tuple[Number, Terms]
Row = tuple[Terms, "Number | None", "Number | None"]
Data = Any
"""What JSON holds; every use checks it first."""


class Unusable(Exception):  # noqa: N818 - what the file is, not what went wrong here
    """The input cannot be used; the message says why in one line."""


class Invalid(Exception):  # noqa: N818 - the same
    """What the certificate states is not shown by it; the text says where and why."""


@dataclass
class Model:
    """Minimise cost · x + constant; each row has terms and two sides; None is an infinite limit."""

    names: list[str]
    lower: list[Number | None]
    upper: list[Number | None]
    integer: list[bool]
    rows: list[Row]
    cost: Terms
    constant: Number


# ---------------------------------------------------------------------- Part 1: numbers, sets and proofs


@lru_cache(1 << 14)
def number(text: str) -> Number:
    """Return the exact value of "3", "-2.5e3" or "1/3"."""
    if len(text) > LONGEST_NUMBER or not _NUMBER.fullmatch(text):
        raise Invalid(f"expected a number, found {shown(text)}")
    mantissa, _, exponent = text.lower().partition("e")
    if len(exponent) > 10 or abs(int(exponent or 0)) > 400:
        raise Invalid(f"the exponent of {shown(text)} is beyond 400")
    whole, _, decimals = mantissa.partition(".")
    power = int(exponent or 0) - len(decimals)
    value = Fraction(text) if "/" in text else int(whole + decimals) * Fraction(10) ** power
    return value.numerator if value.denominator == 1 else value


def exact(data: Data) -> Number:
    """Return the number in a certificate, a string such as "-2/3"."""
    if not isinstance(data, str) or not re.fullmatch(r"-?[0-9]+(/[0-9]+)?", data):
        raise Invalid(f'{shown(data)} is not a number; numbers are strings such as "3" or "-1/2"')
    return number(data)


def shown(data: Data) -> str:
    """Return the start of some data on one line, for messages."""
    if isinstance(data, int | Fraction) and max(data.numerator.bit_length(), data.denominator.bit_length()) > 1000:
        return "a huge number"
    text = str(data) if isinstance(data, int | Fraction) else ascii(data)
    return text if len(text) <= 60 else text[:57] + "..."


def small(value: Number) -> Number:
    """Return a number that did not grow beyond what can be computed with in reasonable time."""
    bits = max(value.denominator.bit_length(), value.numerator.bit_length())
    if bits > LARGEST_BITS:
        raise Invalid("numbers grow too large to be checked")
    if bits > 3000:
        Space.spend(bits * bits // 10**6)  # about as long as the addition takes, in terms of ordinary ones
    return value


def fields(data: Data, required: str, optional: str = "") -> dict[str, Data]:
    """Return an object that has all of the required and none but the optional other keys."""
    for key in sorted(set(required.split()) ^ set(members(data))):
        if key in data and key not in optional.split():
            raise Invalid(f"the entry {shown(key)} is not known")
        if key not in data:
            raise Invalid(f"the entry {key!r} is missing")
    return members(data)


def listed(data: Data, length: int | None = None) -> list[Data]:
    """Return a list, of the given length if one is given."""
    if not isinstance(data, list) or (length is not None and len(data) != length):
        raise Invalid(f"expected a list{'' if length is None else f' of {length}'}, found {shown(data)}")
    return data


def index(data: Data, size: int) -> int:
    """Return a whole number from 0 to size - 1, which is no text: what follows uses it as it stands."""
    if type(data) is not int or not 0 <= data < size:
        raise Invalid(f"expected a whole number from 0 to {size - 1}, found {shown(data)}")
    return data


def members(data: Data) -> dict[str, Data]:
    """Return an object, whatever its keys."""
    if not isinstance(data, dict):
        raise Invalid(f"expected an object, found {shown(data)}")
    return data


def flag(data: Data) -> bool:
    """Return true or false."""
    if not isinstance(data, bool):
        raise Invalid(f"expected true or false, found {shown(data)}")
    return data


class Place:
    """Names the place in a certificate of whatever goes wrong inside."""

    def __init__(self, *names: object) -> None:
        self.names = ".".join(str(name) if str(name).isidentifier() else shown(name) for name in names)

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Invalid):
            separator = "." if getattr(error, "placed", False) else ": "
            placed = Invalid(f"{self.names}{separator}{error}")
            placed.placed = True  # type: ignore[attr-defined]
            raise placed from None


class Space:
    """A set of points given by variables with bounds, some of them integer, and two-sided rows.

    It starts as a model. What is added later - definitions, derived rows, tighter bounds - has been shown to keep this:
    every point of the model has exactly one value for each definition, and satisfies with them everything here.
    """

    spent = 0

    def __init__(self, model: Model) -> None:
        self.names = list(model.names)
        self.index = {name: j for j, name in enumerate(self.names)}
        self.integer = list(model.integer)
        self.lower: list[Number | None] = list(model.lower)
        self.upper: list[Number | None] = list(model.upper)
        self.rows: list[Row] = list(model.rows)
        self.cases: dict[int, tuple[Expression, Number, Number, Expression, Expression]] = {}
        self.tours: dict[int, int] = {}
        for j in range(len(self.names)):
            self._round(j)

    def copy(self) -> Space:
        """Return the same set, to be cut down without changing this one."""
        self.spend(len(self.names) + len(self.rows))
        other = Space.__new__(Space)
        other.__dict__ = {key: value.copy() for key, value in self.__dict__.items()}
        return other

    def _round(self, j: int) -> None:
        low, high = self.lower[j], self.upper[j]
        if self.integer[j]:
            self.lower[j] = None if low is None else math.ceil(low)
            self.upper[j] = None if high is None else math.floor(high)

    def add_variable(self, name: Data, integer: bool, low: Number | None = None, high: Number | None = None) -> int:
        """Return the number of a new variable."""
        if not isinstance(name, str) or not name or name in self.index:
            raise Invalid(f"the name {shown(name)} of a definition is empty or taken")
        self.index[name] = len(self.names)
        self.names.append(name)
        self.integer.append(integer)
        self.lower.append(low)
        self.upper.append(high)
        self._round(len(self.names) - 1)
        return len(self.names) - 1

    def restrict(self, expression: Expression, low: Number | None, high: Number | None) -> None:
        """Add the row low <= expression <= high."""
        constant, terms = expression
        self.rows.append((terms, None if low is None else low - constant, None if high is None else high - constant))

    def tighten(self, j: int, side: Data, value: Number) -> None:
        """Move one bound of a variable inwards."""
        bounds, inner = (self.lower, max) if side == "lower" else (self.upper, min)
        old = bounds[j]
        bounds[j] = value if old is None else inner(old, value)
        self._round(j)

    def expression(self, data: Data) -> Expression:
        """Return the (constant, terms by index) of {"constant": ..., "terms": {name: ...}}."""
        terms: Terms = {}
        for name, value in members(fields(data, "constant terms")["terms"]).items():
            if name not in self.index:
                raise Invalid(f"{shown(name)} is no variable here")
            terms[self.index[name]] = exact(value)
        return exact(data["constant"]), {j: a for j, a in terms.items() if a}

    def form(self, data: Data) -> Terms:
        """Return the terms by index of {index: ...}."""
        whole = {j: int(j) if re.fullmatch(r"0|[1-9][0-9]{0,8}", j) else j for j in members(data)}
        terms = {index(whole[j], len(self.names)): exact(a) for j, a in data.items()}
        return {j: a for j, a in terms.items() if a}

    def bound(self, form: Terms, multipliers: Data, box: dict[int, Any], extra: tuple[Row, ...]) -> Number:
        """Return the lower bound on a form that row multipliers and the variables' bounds show.

        form = sum of multiplier * row + rest. Each row is at least its lower side, or, times a negative number, at
        least its upper side; each term of the rest is at least its coefficient times the bound on that side.
        """
        total: Number = 0
        rest = dict(form)
        for entry in listed(multipliers):
            number, multiplier = listed(entry, 2)[0], exact(entry[1])
            terms, low, high = self._row(number, extra)
            side = low if multiplier > 0 else high
            if side is None:
                raise Invalid(f"row {number} has no side for the multiplier {shown(multiplier)}")
            total = small(total + multiplier * side)
            self.spend(len(terms))
            for j, a in terms.items():
                rest[j] = small(rest.get(j, 0) - multiplier * a)
        self.spend(len(rest))
        for j, d in rest.items():
            if d:
                low, high = box.get(j) or (self.lower[j], self.upper[j])
                side = low if d > 0 else high
                if side is None:
                    raise Invalid(f"variable {self.names[j]!r} is left over, without a bound on that side")
                total = small(total + d * side)
        return total

    def _row(self, number: Data, extra: tuple[Row, ...]) -> Row:
        """Return row 0, 1, ... of the set, or -1, -2, ...: the rows that a proof's nodes added on the way to here."""
        if type(number) is int and number < 0:
            return extra[index(-1 - number, len(extra))]
        return self.rows[index(number, len(self.rows))]

    def step_of(self, form: Terms) -> Number:
        """Return q > 0 such that the form takes only multiples of q, or 0 where that need not be."""
        if not form or not all(self.integer[j] for j in form):
            return 0
        whole = 1
        for a in form.values():
            whole = math.lcm(whole, a.denominator)
            small(whole)
        return Fraction(math.gcd(*(a.numerator * (whole // a.denominator) for a in form.values())), whole)

    def prove(self, proof: Data, form: Terms, target: Number) -> None:
        """Check a proof that form >= target on the whole set: a tree whose leaves are bounds, listed in preorder."""
        form = {j: a for j, a in form.items() if a}
        step = self.step_of(form)
        nodes = iter(listed([["linear", []]] if proof is None else proof))
        open_branches: list[tuple[dict[int, Any], tuple[Row, ...]]] = [({}, ())]
        held = 0
        while open_branches:
            box, extra = open_branches.pop()
            held -= len(box) + len(extra)
            node = next(nodes, END)
            if node is END:
                raise Invalid("the proof ends before all of its branches do")
            self.spend(1 + len(box) + len(extra))
            kind = listed(node)[0] if node else None
            if kind in ("linear", "empty"):
                goal = form if kind == "linear" else {}
                bound = self.bound(goal, listed(node, 2)[1], box, extra)
                if kind == "empty" and bound <= 0:
                    raise Invalid(f"a branch said to be empty is not: its bound is {shown(bound)}, not positive")
                if kind == "linear" and (math.ceil(Fraction(bound) / step) * step if step else bound) < target:
                    raise Invalid(f"the bound shown is {shown(bound)}, less than {shown(target)}")
            elif kind == "crossed":
                _, which, j = listed(node, 3)
                if which == "variable":
                    low, high = box.get(index(j, len(self.names))) or (self.lower[j], self.upper[j])
                elif which == "row":
                    low, high = self._row(j, extra)[1:]
                else:
                    raise Invalid(f"{shown(which)} has no sides")
                if low is None or high is None or low <= high:
                    raise Invalid(f"{node[1]} {node[2]} is said to have crossed sides, and has not")
            else:
                halves = self.split(node, box, extra)
                open_branches += reversed(halves)
                held += 2 * (len(box) + len(extra) + 2)
                if held > LARGEST_TREE:
                    raise Invalid("the proof is too deep to be checked")
        if next(nodes, END) is not END:
            raise Invalid("the proof goes on after all of its branches have ended")

    def split(self, node: list[Data], box: dict[int, Any], extra: tuple[Row, ...]) -> list[Any]:
        """Return the two branches, which together hold every point, that a node of a proof makes."""
        kind = node[0] if node else None
        count = len(self.names)
        if kind == "branch":
            j, value = index(listed(node, 3)[1], count), exact(node[2])
            if not self.integer[j] or not isinstance(value, int):
                raise Invalid(f"a branch on {self.names[j]!r} at {shown(value)}: both must be whole")
            low, high = box.get(j) or (self.lower[j], self.upper[j])
            below = value if high is None else min(high, value)
            above = value + 1 if low is None else max(low, value + 1)
            return [({**box, j: (low, below)}, extra), ({**box, j: (above, high)}, extra)]
        if kind == "either":
            form, value = self.form(listed(node, 3)[1]), exact(node[2])
            step = self.step_of(form)
            if step:
                value = math.floor(Fraction(value) / step) * step
            return [(box, (*extra, (form, None, value))), (box, (*extra, (form, value + step, None)))]
        if kind == "case":
            j = index(listed(node, 2)[1], count)
            if j not in self.cases:
                raise Invalid(f"{self.names[j]!r} is not defined by cases")
            test, most, step, *values = self.cases[j]
            side = most - test[0]
            rows: list[tuple[Row, Row]] = []
            for (constant, terms), condition in zip(values, ((None, side), (side + step, None)), strict=True):
                equal = {**terms, j: terms.get(j, 0) - 1}
                rows.append(((test[1], *condition), (equal, -constant, -constant)))
            return [(box, (*extra, *pair)) for pair in rows]
        if kind == "apart":
            j, k = (index(place, count) for place in listed(node, 3)[1:])
            if j == k or self.tours.get(j) is None or self.tours.get(j) != self.tours.get(k):
                raise Invalid("only two positions of the same tour are known to differ")
            form = {j: 1, k: -1}
            return [(box, (*extra, (form, None, -1))), (box, (*extra, (form, 1, None)))]
        raise Invalid(f"{shown(kind)} is no kind of proof")

    def prove_between(self, proofs: Data, expression: Expression, low: Number | None, high: Number | None) -> None:
        """Check two proofs, of the lower and of the upper side, of low <= expression <= high."""
        below, above = listed(proofs, 2)
        constant, terms = expression
        if low is not None:
            self.prove(below, terms, low - constant)
        if high is not None:
            self.prove(above, _negated(terms), constant - high)

    def prove_whole(self, proof: Data, expression: Expression) -> None:
        """Check a proof that an expression is an integer on the whole set."""
        constant, terms = expression
        if proof is None:
            proof = ["rows", []]
        kind = listed(proof)[0] if proof else None
        if kind == "rows":
            rest = dict(terms)
            for entry in listed(listed(proof, 2)[1]):
                number, multiplier = index(listed(entry, 2)[0], len(self.rows)), exact(entry[1])
                row, low, high = self.rows[number]
                if low is None or low != high:
                    raise Invalid(f"row {number} is no equality")
                constant = small(constant + multiplier * low)
                self.spend(len(row))
                for j, a in row.items():
                    rest[j] = small(rest.get(j, 0) - multiplier * a)
            for j, a in rest.items():
                if a and (a.denominator != 1 or not self.integer[j]):
                    raise Invalid(f"{shown(a)} times {self.names[j]!r} need not be whole")
            if constant.denominator != 1:
                raise Invalid(f"the constant {shown(constant)} is not whole")
        elif kind == "fraction":
            half = Fraction(1, 2)
            for part, low, high, sign in ((listed(proof, 3)[1], 0, half, -1), (proof[2], -half, 0, 1)):
                parted = self.copy()
                whole = parted.add_variable("\0whole part", True)
                theta = parted.add_variable("\0fraction", False, low, high)
                parted.restrict((constant, {**terms, whole: -1, theta: -1}), 0, 0)
                parted.prove(part, {theta: sign}, 0)
        else:
            raise Invalid(f"{shown(kind)} is no kind of proof that something is whole")

    def list_points(self, variables: int) -> Iterator[list[int]]:
        """Yield all points of a set whose variables are integers within finite bounds, in lexicographic order."""
        if len(self.names) != variables or not all(self.integer) or None in self.lower or None in self.upper:
            raise Invalid("only a set of integer variables within finite bounds can be listed")
        if variables > 500:
            raise Invalid("only sets of up to 500 variables are listed")
        low, high = list(map(int, self.lower)), list(map(int, self.upper))  # type: ignore[arg-type]
        uses = [[row for row in self.rows if j in row[0]] for j in range(variables)]

        def possible(row: Row, point: list[int]) -> bool:
            """Say whether some values of the variables that are still open satisfy a row."""
            least = most = 0
            self.spend(2 * len(row[0]))
            for j, a in row[0].items():
                ends = [a * point[j]] if j < len(point) else [a * low[j], a * high[j]]
                least, most = least + min(ends), most + max(ends)  # type: ignore[assignment]
            return (row[1] is None or most >= row[1]) and (row[2] is None or least <= row[2])

        def extensions(point: list[int]) -> Iterator[list[int]]:
            j = len(point)
            if j == variables:
                self.spend(2 * variables)
                yield point
                return
            for value in range(low[j], high[j] + 1):
                self.spend(10)
                if all(possible(row, [*point, value]) for row in uses[j]):
                    yield from extensions([*point, value])

        if all(possible(row, []) for row in self.rows):
            yield from extensions([])

    @classmethod
    def spend(cls, work: int) -> None:
        """Count work, so that no certificate can keep the checker busy for ever."""
        cls.spent += work
        if cls.spent > LARGEST_WORK:
            raise Invalid("too large to be checked")


def combine(*parts: tuple[Number, Expression]) -> Expression:
    """Return the sum of factor * expression."""
    constant: Number = 0
    terms: Terms = {}
    for factor, (own, form) in parts:
        constant = small(constant + factor * own)
        Space.spend(1 + len(form))
        for j, a in form.items():
            terms[j] = small(terms.get(j, 0) + factor * a)
    return constant, {j: a for j, a in terms.items() if a}


def evaluate(expression: Expression, point: Sequence[Number]) -> Number:
    """Return the value of an expression at a point."""
    total = expression[0]
    Space.spend(len(expression[1]))
    for j, a in expression[1].items():
        total = small(total + a * point[j])
    return total


# ---------------------------------------------------------------------- Part 2: definitions


def extend(space: Space, steps: Data, *, definitions: bool = True) -> None:
    """Add to a set what each step shows or defines."""
    for number, step in enumerate(listed(steps)):
        with Place(number):
            kind = next((k for k in ("row", "bound", *DEFINED) if isinstance(step, dict) and k in step), None)
            if kind == "row":
                fields(step, "row proof")
                row = fields(step["row"], "terms at_least")
                terms, target = space.form(row["terms"]), exact(row["at_least"])
                space.prove(step["proof"], terms, target)
                space.rows.append((terms, target, None))
            elif kind == "bound":
                fields(step, "bound proof")
                place, side, limit = listed(step["bound"], 3)
                j, value = index(place, len(space.names)), exact(limit)
                if side not in ("lower", "upper"):
                    raise Invalid(f'expected "lower" or "upper", found {shown(side)}')
                sign = -1 if side == "upper" else 1
                space.prove(step["proof"], {j: sign}, sign * value)
                space.tighten(j, side, value)
            elif kind is not None and definitions:
                DEFINED[kind](space, step)
            else:
                raise Invalid(f"{shown(step)} is no step that is known here")


def define_affine(space: Space, step: dict[str, Data]) -> None:
    """u = value."""
    fields(step, "affine value integer", "integral")
    value = space.expression(step["value"])
    if flag(step["integer"]):
        space.prove_whole(step.get("integral"), value)
    u = space.add_variable(step["affine"], step["integer"])
    space.restrict((value[0], {**value[1], u: -1}), 0, 0)


def define_floor(space: Space, step: dict[str, Data]) -> None:
    """q = the greatest integer that is at most value; where parts * value is whole, value <= q + 1 - 1/parts."""
    fields(step, "floor value parts", "integral")
    value, parts = space.expression(step["value"]), index(step["parts"], 10**9)
    if parts:
        space.prove_whole(step.get("integral"), combine((parts, value)))
    q = space.add_variable(step["floor"], True)
    most = 1 - Fraction(1, parts) if parts else 1
    space.restrict((value[0], {**value[1], q: -1}), 0, most)


def define_if(space: Space, step: dict[str, Data]) -> None:
    """u = then where test <= most, else the other value; where test - most is a multiple of step, the test is then at
    least most + step."""
    fields(step, "if test most step then else integer", "grid integral")
    test, most, size = space.expression(step["test"]), exact(step["most"]), exact(step["step"])
    values = space.expression(step["then"]), space.expression(step["else"])
    if size < 0:
        raise Invalid("the step is negative")
    if size:
        space.prove_whole(step.get("grid"), combine((Fraction(1) / size, test), (-1, (most / Fraction(size), {}))))
    if flag(step["integer"]):
        for value, proof in zip(values, listed(step.get("integral", [None, None]), 2), strict=True):
            space.prove_whole(proof, value)
    u = space.add_variable(step["if"], step["integer"])
    space.cases[u] = (test, most, size, *values)


def define_tour(space: Space, step: dict[str, Data]) -> None:
    """Positions 1 ... N of the nodes 1 ... N on the only cycle through all nodes that the arcs with value 1 form.

    Shown: arcs are 0 or 1, one leads out of each node and one into it, so they form cycles through all nodes; and none
    avoids the root. A cycle that does is impossible where potentials rise along its arcs, p_j - p_i >= step > 0 for
    each arc (i, j) of value 1, for they would sum up to 0; and where the arcs within each set of nodes without the root
    are fewer than its nodes. So there is one cycle. Node 0 has position 0.
    """
    data = fields(fields(step, "tour")["tour"], "nodes root arcs positions potentials step big_m subsets proofs")
    count = index(data["nodes"], 301)
    if count < 2:
        raise Invalid("a tour has at least 2 nodes")
    root, last = index(data["root"], count), count - 1
    proofs = fields(data["proofs"], "arcs degrees cycles")
    arcs: dict[tuple[int, int], Expression] = {}
    for arc in listed(data["arcs"]):
        i, j = index(listed(arc, 3)[0], count), index(arc[1], count)
        if i == j or (i, j) in arcs:
            raise Invalid(f"the arc ({i}, {j}) is a loop or comes twice")
        arcs[i, j] = space.expression(arc[2])
    nothing: Expression = (0, {})

    def total(wanted: Iterable[tuple[int, int]]) -> Expression:
        return combine(*((1, arcs[arc]) for arc in wanted if arc in arcs))

    for proof, (arc, value) in zip(listed(proofs["arcs"], len(arcs)), arcs.items(), strict=True):
        with Place("arc", arc):
            whole, at_least, at_most = listed(proof, 3)
            space.prove_whole(whole, value)
            space.prove_between([at_least, at_most], value, 0, 1)
    sums = [total((i, j) for j in range(count)) for i in range(count)]
    sums += [total((j, i) for j in range(count)) for i in range(count)]
    for k, (proof, value) in enumerate(zip(listed(proofs["degrees"], 2 * count), sums, strict=True)):
        with Place("degree", k):
            space.prove_between(proof, value, 1, 1)
    others = [i for i in range(count) if i != root]
    if data["potentials"]:
        rise, big_m = exact(data["step"]), exact(data["big_m"])
        if rise <= 0:
            raise Invalid("potentials must rise")
        potential = dict(zip(others, map(space.expression, listed(data["potentials"], last)), strict=True))
        inner = [arc for arc in arcs if root not in arc]
        for proof, (i, j) in zip(listed(proofs["cycles"], len(inner)), inner, strict=True):
            with Place("rise", (i, j)):
                constant, form = combine((1, potential[j]), (-1, potential[i]), (-big_m, arcs[i, j]))
                space.prove(proof, form, rise - big_m - constant)
    else:
        if count > 16:
            raise Invalid("a tour of more than 16 nodes needs potentials")
        sets = [subset for size in range(2, count) for subset in combinations(others, size)]
        for proof, subset in zip(listed(proofs["cycles"], len(sets)), sets, strict=True):
            with Place("subset", subset):
                value = total((i, j) for i in subset for j in subset)
                space.prove(proof, _negated(value[1]), value[0] - len(subset) + 1)
    names = listed(data["positions"], last)
    places = [0, *(space.add_variable(name, True, 1, last) for name in names)]
    number = len(space.tours) + 1
    space.tours.update(dict.fromkeys(places[1:], number))

    for i in range(1, count):
        here: Expression = (0, {places[i]: 1})
        first, final = arcs.get((0, i), nothing), arcs.get((i, 0), nothing)
        if last >= 2:
            space.restrict(combine((1, here), (1, first), (2 - last, final)), 2, None)
            space.restrict(combine((1, here), (-1, final), (last - 2, first)), None, last - 1)
        for j in range(1, count):
            if i != j:
                there: Expression = (0, {places[j]: 1})
                forth, back = arcs.get((i, j), nothing), arcs.get((j, i), nothing)
                space.restrict(combine((1, here), (-1, there), (last, forth), (last - 2, back)), None, last - 1)
    space.restrict((0, dict.fromkeys(places[1:], 1)), last * count // 2, last * count // 2)
    for subset in listed(data["subsets"]):
        nodes = {index(node, count) for node in listed(subset)}
        space.spend(len(nodes) ** 2)
        if not 2 <= len(nodes) < count:
            raise Invalid("a set of nodes without a cycle has at least 2 and not all nodes")
        space.restrict(total((i, j) for i in nodes for j in nodes), None, len(nodes) - 1)


def define_paths(space: Space, step: dict[str, Data]) -> None:
    """Flows on all paths from start to end that add up to a flow on arcs (Ford and Fulkerson's decomposition).

    Shown: the arc flows are at least 0, conserved at every other node, and run from start to end on balance. Then they
    are a sum of flows on simple paths and on cycles, whole where the arc flows are.
    """
    data = fields(fields(step, "paths")["paths"], "start end arcs paths names integer proofs")
    proofs = fields(data["proofs"], "flows conservation value integral")
    start, end = index(data["start"], 10**6), index(data["end"], 10**6)
    ends: list[tuple[int, int]] = []
    flows: list[Expression] = []
    for arc in listed(data["arcs"]):
        ends.append((index(listed(arc, 3)[0], 10**6), index(arc[1], 10**6)))
        flows.append(space.expression(arc[2]))
    if start == end or any(i == j for i, j in ends):
        raise Invalid("start and end must differ, and arcs be no loops")
    paths = {tuple(index(a, len(ends)) for a in listed(path)) for path in listed(data["paths"])}
    every: set[tuple[int, ...]] = set()
    open_paths: list[tuple[int, tuple[int, ...], frozenset[int]]] = [(start, (), frozenset([start]))]
    while open_paths:
        node, used, seen = open_paths.pop()
        space.spend(20 + len(ends))
        if node == end:
            every.add(used)
            continue
        nexts = [(a, j) for a, (i, j) in enumerate(ends) if i == node and j not in seen]
        open_paths += [(j, (*used, a), seen | {j}) for a, j in nexts]
    if paths != every or len(paths) != len(data["paths"]):
        raise Invalid("the paths listed are not all paths from start to end, each once")

    def net(node: int) -> Expression:
        return combine(*(((1 if node == i else -1), flows[a]) for a, (i, j) in enumerate(ends) if node in (i, j)))

    integer = flag(data["integer"])
    for proof, flow in zip(listed(proofs["flows"], len(flows)), flows, strict=True):
        space.prove(proof, flow[1], -flow[0])
    if integer:
        for proof, flow in zip(listed(proofs["integral"], len(flows)), flows, strict=True):
            space.prove_whole(proof, flow)
    inner = sorted({node for arc in ends for node in arc} - {start, end})
    for proof, node in zip(listed(proofs["conservation"], len(inner)), inner, strict=True):
        space.prove_between(proof, net(node), 0, 0)
    value = net(start)
    space.prove(proofs["value"], value[1], -value[0])
    names = [space.add_variable(name, integer, 0) for name in listed(data["names"], len(paths))]
    remaining = set(ends)
    while remaining:
        space.spend(len(remaining))
        tails = {i for i, _ in remaining}
        kept = {arc for arc in remaining if arc[1] in tails}
        if kept == remaining:
            break
        remaining = kept
    acyclic = not remaining
    through: list[tuple[Expression, list[int]]] = [(value, names)]
    for a, flow in enumerate(flows):
        through.append((flow, [u for u, path in zip(names, data["paths"], strict=True) if a in path]))
    for place, ((constant, terms), own) in enumerate(through):
        form = {**_negated(terms), **dict.fromkeys(own, 1)}
        space.rows.append((form, constant if acyclic or place == 0 else None, constant))


def _negated(terms: Terms) -> Terms:
    return {j: -a for j, a in terms.items()}


DEFINED = {"affine": define_affine, "floor": define_floor, "if": define_if, "tour": define_tour, "paths": define_paths}


# ---------------------------------------------------------------------- Part 3: claims and verdict

RULES: dict[str, tuple[str, Callable[[Certificate, dict[str, Data]], None]]] = {}
"""What each kind of entry must have besides what names it, and the check of it."""


def rule(*names: str, keys: str = "") -> Callable[[Any], Any]:
    """Enter a method as the check of entries with these names: claim, result and "by"; or scope and "by"."""

    def enter(check: Any) -> Any:
        RULES.update(dict.fromkeys(names, (keys, check)))
        return check

    return enter


class Certificate:
    """A certificate, checked on construction; `shows` has the claims that hold, with their results."""

    def __init__(self, data: Data) -> None:
        parts = (
            "schema contract verdict scope reference candidate steps recovery completed lifting objective facts claims"
        )
        fields(data, f"{parts} impossible")
        if data["schema"] != SCHEMA:
            raise Invalid(f"schema: expected {SCHEMA!r}, found {shown(data['schema'])}")
        self.data = data
        self.models = {side: self._model(side) for side in ("reference", "candidate")}
        self.reference, self.candidate = self.models["reference"], self.models["candidate"]
        self.spaces = {side: Space(model) for side, model in self.models.items()}
        for side, space in self.spaces.items():
            with Place("steps", side):
                extend(space, fields(data["steps"], "reference candidate")[side])
        completed = {name if isinstance(name, str) else shown(name) for name in listed(data["completed"])}
        if not completed <= {self.reference.names[j] for j in self._may_be_completed()}:
            raise Invalid("completed: a variable with a cost, in no row, or of a model without costs must be mapped")
        self.mapped = [i for i, name in enumerate(self.reference.names) if name not in completed]
        self.recovery = self._map("recovery", self.reference, self.spaces["candidate"])
        self.lifting = self._map("lifting", self.candidate, self.spaces["reference"])
        for i in self.mapped if self.recovery else ():
            if any(j >= len(self.candidate.names) for j in self.recovery[i][1]):
                raise Invalid(f"recovery: the mapped {self.reference.names[i]!r} uses a definition")
        self.relation: tuple[Number, Number] | None = None
        self.read_off = False
        with Place("objective"):
            self._objective(data["objective"])
        self.facts: dict[str, Any] = {side: self._facts(side) for side in self.models}
        self.shows: dict[str, str] = {}
        claims = fields(data["claims"], "", " ".join(CLAIMS))
        for name in ("sound", "complete", "status", "value", "optimum", "optima"):
            if name in claims:
                with Place("claims", name):
                    result = str(members(claims[name]).get("result"))
                    if result not in ("proved", "refuted"):
                        raise Invalid(f"expected proved or refuted, found {shown(result)}")
                    self._apply(claims[name], name, "result")
                    self.shows[name] = result
        stated = data["objective"] and not self.read_off and data["objective"]["lifted"] is None
        if stated and not self.proved("sound", "complete") and {"value", "sound", "complete"} & set(self.shows):
            raise Invalid("objective: it is not read off the models, and sound and complete are not both proved")
        with Place("verdict"):
            self._verdict()

    def _apply(self, entry: Data, subject: str, *named: str) -> None:
        """Check an entry by the rule that its names call for."""
        name = " ".join([subject, *(shown(members(entry).get(key)).strip("'") for key in (*named, "by"))])
        rest = {key: value for key, value in entry.items() if key not in (*named, "by")}
        if name in CONDITIONS:
            fields(rest, "")
            if not CONDITIONS[name](self):
                raise Invalid("what this rule needs is not shown")
        elif name in RULES:
            RULES[name][1](self, fields(rest, RULES[name][0]))
        else:
            raise Invalid(f"no rule is known for {shown(name)}")

    # What claims rest on: the models, the mappings, the objective relation, facts

    def _model(self, side: str) -> Model:
        entry = fields(self.data[side], "sha256 model")
        with Place(side):
            with Place("model"):
                model = formulation(entry["model"])
            if entry["sha256"] != digest(model):
                raise Invalid("sha256: the model stated is another one")
        return model

    def _map(self, which: str, target: Model, space: Space) -> list[Expression]:
        entry = self.data[which]
        if entry is None:
            return Missing()
        with Place(which):
            odd = set(members(entry)) ^ set(target.names)
            if odd:
                raise Invalid(f"{shown(min(odd))} has no expression, or is no variable that needs one")
            return [space.expression(entry[name]) for name in target.names]

    def _objective(self, entry: Data) -> None:
        """Read the relation v -> scale * v + offset, and check whether it is read off the models."""
        if entry is None:
            return
        fields(entry, "scale offset reading lifted")
        scale, offset = exact(entry["scale"]), exact(entry["offset"])
        if scale <= 0:
            raise Invalid("the scale must be positive")
        self.relation = scale, offset
        if entry["reading"] is not None:
            self.spaces["candidate"].prove_between(entry["reading"], self._gain(), 0, 0)
            self.read_off = True
        if entry["lifted"] is not None:
            self.spaces["reference"].prove_between(entry["lifted"], self._loss(), 0, 0)

    @property
    def sigma(self) -> tuple[Number, Number]:
        """Scale and offset of the objective relation."""
        if self.relation is None:
            raise Invalid("this needs an objective relation, and there is none")
        return self.relation

    def _cost(self, side: str) -> Expression:
        return self.models[side].constant, self.models[side].cost

    def _worth(self, value: Number) -> Number:
        """Return sigma(value)."""
        return self.sigma[0] * value + self.sigma[1]

    def _gain(self) -> Expression:
        """Return sigma(candidate cost) - reference cost of the image, over candidate variables."""
        scale, offset = self.sigma
        image = _image(self.recovery, self._cost("reference"))
        return combine((scale, self._cost("candidate")), (1, (offset, {})), (-1, image))

    def _loss(self) -> Expression:
        """Return reference cost - sigma(candidate cost of the lifted point), over reference variables."""
        scale, offset = self.sigma
        image = _image(self.lifting, self._cost("candidate"))
        return combine((1, self._cost("reference")), (-scale, image), (-1, (offset, {})))

    def _point(self, side: str, data: Data, *, feasible: bool = True) -> list[Number]:
        """Return a point of a model, given by its entries that are not zero, and check that it is feasible."""
        model = self.models[side]
        point: list[Number] = [0] * len(model.names)
        for name, value in members(data).items():
            j = self.spaces[side].index.get(name, len(point))
            if j >= len(point):
                raise Invalid(f"{shown(name)} is no variable of the {side}")
            point[j] = exact(value)
        broken = _broken(model, point) if feasible else None
        if broken:
            raise Invalid(f"the point breaks {broken} of the {side}")
        return point

    def _facts(self, side: str) -> Any:
        """Return the status of a model, and if that is "optimal" a bound below all costs and an exact point's cost."""
        entry = fields(self.data["facts"], "reference candidate")[side]
        if entry is None:
            return None
        space, (constant, cost) = self.spaces[side], self._cost(side)
        with Place("facts", side):
            status = members(entry).get("status")
            if status == "infeasible":
                space.prove(fields(entry, "status proof")["proof"], {}, 1)
            elif status == "unbounded":
                fields(entry, "status point ray")
                self._point(side, entry["point"])
                if evaluate((0, cost), self._ray(side, entry["ray"])) >= 0:
                    raise Invalid("the cost does not fall along the ray")
            elif status == "optimal":
                fields(entry, "status point lower proof")
                lower = exact(entry["lower"])
                space.prove(entry["proof"], cost, lower - constant)
                value = evaluate((constant, cost), self._point(side, entry["point"]))
                return status, lower, value
            else:
                raise Invalid(f"the status {shown(status)} is not known")
            return (status,)

    def _ray(self, side: str, data: Data) -> list[Number]:
        """Return a direction in which the linear relaxation has no end."""
        model, ray = self.models[side], self._point(side, data, feasible=False)
        slopes = [*zip(ray, model.lower, model.upper, strict=True)]
        slopes += [(evaluate((0, terms), ray), low, high) for terms, low, high in model.rows]
        if any((slope < 0 and low is not None) or (slope > 0 and high is not None) for slope, low, high in slopes):
            raise Invalid("the ray leaves a bound or a row")
        return ray

    def _status(self, side: str) -> str:
        if self.facts[side] is None:
            raise Invalid(f"this needs facts about the {side}")
        return str(self.facts[side][0])

    def _optimum(self, side: str) -> tuple[Number, Number]:
        """Return a bound below the optimal value of a model, and the cost of one of its points."""
        if self._status(side) != "optimal":
            raise Invalid(f"the {side} is not shown to have an optimum")
        _, lower, cost = self.facts[side]
        return lower, cost

    def proved(self, *names: str) -> bool:
        """Say whether all of these claims have been shown."""
        return all(self.shows.get(name) == "proved" for name in names)

    # sound and complete

    @rule("sound proved rows", keys="rows bounds integral objective")
    def _sound(self, data: dict[str, Data]) -> None:
        include(self.spaces["candidate"], self.recovery, self.reference, data, self._gain())

    @rule("complete proved rows", keys="rows bounds integral objective identity")
    def _complete(self, data: dict[str, Data]) -> None:
        space = self.spaces["reference"]
        include(space, self.lifting, self.candidate, data, self._loss())
        proofs = dict(members(data["identity"]))
        for i in self.mapped:
            with Place("identity", self.reference.names[i]):
                change = combine((1, _image(self.lifting, self.recovery[i])), (-1, (0, {i: 1})))
                space.prove_between(_taken(proofs, i), change, 0, 0)
        _nothing_left(proofs)

    @rule("complete proved listing", keys="points")
    def _complete_by_listing(self, data: dict[str, Data]) -> None:
        given = iter(listed(data["points"]))
        for number, target in enumerate(self.spaces["reference"].list_points(len(self.reference.names))):
            with Place("points", number):
                point = self._point("candidate", next(given, None))
                if any(evaluate(self.recovery[i], point) != target[i] for i in self.mapped):
                    raise Invalid(f"the point is not mapped to {shown(target)}")
                if self._worth(evaluate(self._cost("candidate"), point)) > evaluate(self._cost("reference"), target):
                    raise Invalid(f"the point is worth less than {shown(target)}")
        if next(given, None) is not None:
            raise Invalid("points: more than there are")

    @rule("sound refuted point", keys="point fibre")
    def _not_sound(self, data: dict[str, Data]) -> None:
        point = self._point("candidate", data["point"])
        if not self._image_is_broken(point, data["fibre"]):
            worth = self._worth(evaluate(self._cost("candidate"), point))
            if not self.read_off or self._image_cost(point) <= worth:
                raise Invalid("the image of the point is a reference solution that is good enough")

    @rule("complete refuted point", keys="point steps proof")
    def _not_complete(self, data: dict[str, Data]) -> None:
        point = self._point("reference", data["point"])
        space = self.spaces["candidate"].copy()
        for i in self.mapped:
            space.restrict(self.recovery[i], point[i], point[i])
        if self.read_off:
            scale, offset = self.sigma
            limit = (evaluate(self._cost("reference"), point) - offset) / Fraction(scale)
            space.restrict(self._cost("candidate"), None, limit)
        extend(space, data["steps"], definitions=False)
        space.prove(data["proof"], {}, 1)

    def _image_is_broken(self, point: list[Number], fibre: Data) -> bool:
        """Say whether the image of a candidate point, however it is completed, is shown to be no reference point."""
        known = set(self.mapped)
        image = [evaluate(value, point) if i in known else 0 for i, value in enumerate(self.recovery)]
        if fibre is None:
            return _broken(self.reference, image, known.__contains__) is not None
        space = Space(self.reference)
        space.rows += [({i: 1}, image[i], image[i]) for i in self.mapped]
        space.prove(fibre, {}, 1)
        return True

    def _image_cost(self, point: list[Number]) -> Number:
        return evaluate(_image(self.recovery, self._cost("reference")), point)

    # status, value, optimum, optima

    def _same_status(self) -> bool:
        return self._status("reference") == self._status("candidate")

    def _same_value(self) -> bool:
        if self._same_status() and self._status("reference") != "optimal":
            return True
        values = {*self._optimum("reference"), *map(self._worth, self._optimum("candidate"))}
        return len(values) == 1 and (self.read_off or "proved" in (self.shows.get("sound"), self.shows.get("complete")))

    def _other_value(self) -> bool:
        if not self._same_status():
            return True
        (lower, cost), (their_lower, their_cost) = self._optimum("reference"), self._optimum("candidate")
        return self.read_off and (lower > self._worth(their_cost) or self._worth(their_lower) > cost)

    @rule("optimum proved point", keys="point image")
    def _one_optimum(self, data: dict[str, Data]) -> None:
        point, image = self._point("candidate", data["point"]), self._point("reference", data["image"])
        if any(evaluate(self.recovery[i], point) != image[i] for i in self.mapped):
            raise Invalid("the image is not that of the point")
        for side, solution in (("candidate", point), ("reference", image)):
            if evaluate(self._cost(side), solution) > self._optimum(side)[0]:
                raise Invalid(f"the {side}'s point is not shown to be optimal")

    @rule("optimum refuted joint", keys="steps proof")
    def _not_one_optimum(self, data: dict[str, Data]) -> None:
        """The set of pairs of an optimal candidate point and an optimal reference point that it maps to is empty."""
        (lower, cost), (their_lower, their_cost) = self._optimum("reference"), self._optimum("candidate")
        if lower != cost or their_lower != their_cost:
            raise Invalid("the optimal values are not known")
        model, space = self.reference, self.spaces["candidate"].copy()
        n = len(space.names)
        for name, integer, low, high in zip(model.names, model.integer, model.lower, model.upper, strict=True):
            space.add_variable(f"\0{name}", integer, low, high)
        space.rows += [({n + j: a for j, a in terms.items()}, low, high) for terms, low, high in model.rows]
        for i in self.mapped:
            constant, terms = self.recovery[i]
            space.restrict((-constant, {**_negated(terms), n + i: 1}), 0, 0)
        space.restrict(self._cost("candidate"), None, their_cost)
        space.restrict((model.constant, {n + j: a for j, a in model.cost.items()}), None, cost)
        extend(space, data["steps"], definitions=False)
        space.prove(data["proof"], {}, 1)

    @rule("optima proved slice", keys="rows bounds integral objective steps")
    def _optima(self, data: dict[str, Data]) -> None:
        """All candidate points that cost no more than a known one map to reference points at a proved lower bound."""
        best, level = self._optimum("reference")[0], self._optimum("candidate")[1]
        space = self.spaces["candidate"].copy()
        space.restrict(self._cost("candidate"), None, level)
        extend(space, data["steps"], definitions=False)
        room = combine((1, (best, {})), (-1, _image(self.recovery, self._cost("reference"))))
        include(space, self.recovery, self.reference, data, room)

    @rule("optima refuted point", keys="point fibre")
    def _not_optima(self, data: dict[str, Data]) -> None:
        point = self._point("candidate", data["point"])
        if evaluate(self._cost("candidate"), point) > self._optimum("candidate")[0]:
            raise Invalid("the point is not shown to be optimal")
        best = self._optimum("reference")[1]
        if not self._image_is_broken(point, data["fibre"]) and self._image_cost(point) <= best:
            raise Invalid("the image of the point may be an optimum of the reference")

    # The verdict, and why no mapping can do

    def _verdict(self) -> None:
        contract, verdict, scope, impossible = map(self.data.get, ("contract", "verdict", "scope", "impossible"))
        needed = {"quasi-karp": ["status", "optima"], "reformulation": ["sound", "complete"]}.get(str(contract), [])
        if not needed:
            raise Invalid(f"the contract {shown(contract)} is not known")
        fatal = [*needed, "status"] + (["optima", "value"] if contract == "reformulation" else [])
        if contract == "quasi-karp" and (not self.facts["candidate"] or self._status("candidate") != "optimal"):
            needed.append("sound")  # there is no optimum, or it may be that there is none
            fatal += ["sound"] if self.facts["candidate"] else []
        if impossible is not None:
            with Place("impossible"):
                if members(impossible).get("scope") not in ("any mapping", "every affine mapping", "this mapping"):
                    raise Invalid("its scope is not known")
                self._apply(impossible, "impossible", "scope")
                if impossible["by"] != "status" and contract == "quasi-karp":
                    raise Invalid("this contract does not ask for complete")
                if impossible["scope"] != scope:
                    raise Invalid(f"it has another scope than {shown(scope)}")
        elif verdict == "not_equivalent":
            if scope != "this mapping" or not any(self.shows.get(name) == "refuted" for name in fatal):
                raise Invalid(f"no claim that decides is refuted, or the scope is not {shown(scope)}")
        elif scope is not None:
            raise Invalid("only a refutation has a scope")
        if (verdict == "equivalent") != self.proved(*needed) and verdict != "unknown":
            raise Invalid(
                f"{shown(verdict)}, but {' and '.join(needed)} are {'not all' * (verdict == 'equivalent')} proved"
            )
        if verdict not in ("equivalent", "not_equivalent", "unknown") or (impossible and verdict != "not_equivalent"):
            raise Invalid(f"{shown(verdict)} is not shown")

    # A reformulation maps F(C) onto F(R), or onto the values of what is mapped, so that matched solutions have matching
    # costs. So F(R) has no more points and no more optimal points, and is bounded if F(C) is and the map is affine.

    def _may_be_completed(self) -> set[int]:
        """Return the reference variables that may be completed: without a cost, in some row; none without costs."""
        used, cost = {j for terms, _, _ in self.reference.rows for j in terms}, self.reference.cost
        return used - set(cost) if cost else set()

    def _surely_mapped(self) -> set[int]:
        return set(range(len(self.reference.names))) - self._may_be_completed()

    def _all(self, side: str, level: Number | None = None) -> list[list[int]]:
        """Return all points of a model, with a level those whose cost is at most that."""
        space, model = self.spaces[side].copy(), self.models[side]
        if level is not None:
            space.restrict(self._cost(side), None, level)
        return list(space.list_points(len(model.names)))

    def _different(self, points: Iterable[list[int]]) -> int:
        mapped = sorted(self._surely_mapped())
        return len({tuple(point[j] for j in mapped) for point in points})

    @rule("impossible any mapping points")
    def _too_few_points(self, data: dict[str, Data]) -> None:
        if self._different(self._all("reference")) <= len(self._all("candidate")):
            raise Invalid("the reference has no more points than the candidate")

    @rule("impossible any mapping optima", keys="reference candidate")
    def _too_few_optima(self, data: dict[str, Data]) -> None:
        best = {}
        for side in self.models:
            costs = [(evaluate(self._cost(side), point), point) for point in self._all(side, exact(data[side]))]
            least = min(costs, default=(0, []))[0]
            best[side] = [point for cost, point in costs if cost == least]
        if not best["candidate"] or self._different(best["reference"]) <= len(best["candidate"]):
            raise Invalid("the reference has no more optimal points than the candidate")

    @rule("impossible any mapping countable", "impossible any mapping finite", keys="points")
    def _segment(self, data: dict[str, Data]) -> None:
        """Integer points are countable; a segment, in continuous variables of which one is mapped, is not."""
        if not all(self.candidate.integer):
            raise Invalid("not all candidate variables are integer")
        first, second = (self._point("reference", point) for point in listed(data["points"], 2))
        moved = {j for j, (a, b) in enumerate(zip(first, second, strict=True)) if a != b}
        if any(self.reference.integer[j] for j in moved) or not moved & self._surely_mapped():
            raise Invalid("the two points do not span a segment of mapped values")

    @rule("impossible every affine mapping bounded", keys="point ray")
    def _unbounded(self, data: dict[str, Data]) -> None:
        space = self.spaces["candidate"]
        if None in space.lower or None in space.upper:
            raise Invalid("the candidate is not shown to be bounded")
        self._point("reference", data["point"])
        ray = self._ray("reference", data["ray"])
        if not any(ray[j] for j in self._surely_mapped()):
            raise Invalid("the ray moves no mapped variable")

    @rule("impossible this mapping objective", keys="points constant")
    def _no_relation(self, data: dict[str, Data]) -> None:
        """Where f is one-to-one, sound and complete give c_R(f(x)) = s c_C(x) + t at every x, for one s > 0."""
        read = {next(iter(self.recovery[i][1])) for i in self.mapped if len(self.recovery[i][1]) == 1}
        for j, name in enumerate(self.candidate.names):
            if j not in read:
                with Place("constant", name):
                    value, *proofs = listed(members(data["constant"]).get(str(j)), 3)
                    self.spaces["candidate"].prove_between(proofs, (0, {j: 1}), exact(value), exact(value))
        points = [self._point("candidate", entry) for entry in listed(data["points"])]
        pairs = sorted((evaluate(self._cost("candidate"), point), self._image_cost(point)) for point in points)
        (u, v), (w, z) = pairs[0] if pairs else (0, 0), pairs[-1] if pairs else (0, 0)
        falls = u < w and z <= v
        bent = u < w and any((a - u) * (z - v) != (b - v) * (w - u) for a, b in pairs)
        torn = any(a == c and b != d for (a, b), (c, d) in pairwise(pairs))  # sorted
        if not (falls or bent or torn):
            raise Invalid("some objective relation fits all of the points")


CONDITIONS: dict[str, Callable[[Certificate], bool]] = {
    "sound proved vacuous": lambda c: c._status("candidate") == "infeasible",
    "complete proved vacuous": lambda c: c._status("reference") == "infeasible",
    "status proved facts": lambda c: c._same_status(),
    "status refuted facts": lambda c: not c._same_status(),
    "impossible any mapping status": lambda c: not c._same_status(),
    "value proved facts": lambda c: c._same_value(),
    "value refuted facts": lambda c: c._other_value(),
    # Theorem 1: x optimal gives c_R(f(x)) <= sigma(z_C) = z_R.
    "optima proved sound and value": lambda c: c.proved("sound", "value", "status"),
    # Theorem 2: c_R(f(x)) <= sigma(c_C(x)) for every x, and every y is some f(x) with sigma(c_C(x)) <= c_R(y).
    **{f"{name} proved sound and complete": lambda c: c.proved("sound", "complete") for name in CLAIMS[:4]},
    **{f"{name} proved vacuous": lambda c: c._status("candidate") != "optimal" for name in ("optimum", "optima")},
    "optimum refuted facts": lambda c: c._status("candidate") == "optimal" != c._status("reference"),
    "optima refuted facts": lambda c: c._status("candidate") == "optimal" != c._status("reference"),
}
"""The rules that need nothing but what has been shown before."""


class Missing(list[Expression]):
    """A mapping that the certificate does not give; whoever needs it is told so."""

    def __getitem__(self, place: object) -> Any:
        raise Invalid("this needs a mapping that the certificate does not give")

    def __iter__(self) -> Any:
        return self[0]


def _image(mapping: list[Expression], expression: Expression) -> Expression:
    """Return an expression in the variables that a mapping gives, written in those that it is given by."""
    return combine((1, (expression[0], {})), *((a, mapping[i]) for i, a in expression[1].items()))


def _broken(model: Model, point: list[Number], known: Callable[[int], bool] = lambda j: True) -> str | None:
    """Return what a point breaks, looking only at variables that are known; None when nothing."""
    for j, (value, low, high) in enumerate(zip(point, model.lower, model.upper, strict=True)):
        if known(j) and not _within(value, low, high):
            return f"a bound of {model.names[j]!r}"
        if known(j) and model.integer[j] and value.denominator != 1:
            return f"the integrality of {model.names[j]!r}"
    for i, (terms, low, high) in enumerate(model.rows):
        if all(map(known, terms)) and not _within(evaluate((0, terms), point), low, high):
            return f"row {i}"
    return None


def _within(value: Number, low: Number | None, high: Number | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def include(space: Space, mapping: list[Expression], target: Model, data: dict[str, Data], gain: Expression) -> None:
    """Check that a mapping carries every point of a set to a point of the target, and that the gain is >= 0 there."""
    rows, bounds, whole = (dict(members(data[key])) for key in ("rows", "bounds", "integral"))
    for i, (terms, low, high) in enumerate(target.rows):
        if low is not None or high is not None:
            with Place("row", i):
                space.prove_between(_taken(rows, i), _image(mapping, (0, terms)), low, high)
    for j, (value, low, high) in enumerate(zip(mapping, target.lower, target.upper, strict=True)):
        if low is not None or high is not None:
            with Place("bounds", target.names[j]):
                space.prove_between(_taken(bounds, j), value, low, high)
        if target.integer[j]:
            with Place("integral", target.names[j]):
                space.prove_whole(whole.pop(str(j), None), value)
    _nothing_left({**rows, **bounds, **whole})
    with Place("objective"):
        space.prove(data["objective"], gain[1], -gain[0])


def _taken(proofs: dict[str, Data], place: int) -> Data:
    """Return the two proofs for a row or variable; where they are left out, two that are."""
    pair = proofs.pop(str(place), None)
    return [None, None] if pair is None else pair


def _nothing_left(proofs: dict[str, Data]) -> None:
    if proofs:
        raise Invalid(f"a proof is given for {shown(next(iter(proofs)))}, which needs none")


# ---------------------------------------------------------------------- Part 4: reading files

# Models in JSON, LP and MPS are read exactly, by the conventions of docs/models.md; what is unusual is refused.

AS_JSON = "write the model as JSON (quasikarp transform/read --out model.json)"
Limit = Number | float  # a float is math.inf or -math.inf


def _in_range(value: Number) -> Number:
    """Return a number of a model, an int where it is integral; refuse what is huge, tiny or very long."""
    if value.numerator.bit_length() < 900 and value.denominator.bit_length() < 900:
        return value.numerator if value.denominator == 1 else value
    if (size := max(value, -value)) > 10**300 or 0 < size * 10**300 < 1 or value.denominator.bit_length() > 5000:
        raise Invalid("a number is beyond 1e-300 … 1e300 in size or has too many digits")
    return value.numerator if value.denominator == 1 else value


@lru_cache(1 << 14)
def _decimal(text: str) -> Number:
    """Return the number in an LP or MPS file, where 1D3 is 1E3 and 1/3 is nothing."""
    return _in_range(number(text.upper().replace("D", "E").replace("/", " over ")))


def _limit(text: str, moved: Number = 0) -> Limit:
    """Return a bound or side less what is moved there, infinite where its nearest double is 1e20 or more in size."""
    word = re.fullmatch("([+-]?)inf(inity)?", text, re.IGNORECASE)
    if word:
        return float(f"{word[1]}inf")
    return _far(_decimal(text) - moved)


def _far(value: Number) -> Limit:
    """Return a limit, infinite where its nearest double is 1e20 or more in size."""
    limit = _in_range(value)
    return limit if abs(float(limit)) < 1e20 else math.copysign(math.inf, limit)


class _Draft:
    """A model while it is read."""

    read_line: Callable[[str], None]
    finish: Callable[[], None]

    def __init__(self) -> None:
        self.index: dict[str, int] = {}
        self.lower: list[Limit] = []
        self.upper: list[Limit] = []
        self.integers: set[int] = set()
        self.rows: list[tuple[Terms, Limit, Limit]] = []
        self.cost: Terms = {}
        self.constant: Number = 0
        self.maximised = False
        self.section = ""
        self.line = 0

    def read_lines(self, text: str) -> None:
        """Read the lines up to ENDATA; say in which one that fails."""
        try:
            for self.line, line in enumerate(text.split("\n"), 1):
                if re.search(r"[^\S \t]", line):
                    raise Invalid("a blank that is neither a space nor a tab")
                self.read_line(line)
                if self.section == "ENDATA":
                    break
            self.finish()
        except (KeyError, Invalid) as error:
            what = f"{shown(error.args[0])} was not declared before" if type(error) is KeyError else error
            raise Invalid(f"line {self.line}: {what}") from None

    def add_variable(self, name: str, lower: Limit = 0, upper: Limit = math.inf) -> int:
        """Return the position of a new variable."""
        self.index[name] = len(self.lower)
        self.lower.append(lower)
        self.upper.append(upper)
        return self.index[name]

    def model(self) -> Model:
        """Return what was read."""

        def finite(limit: Limit, infinity: float) -> Number | None:
            if isinstance(limit, float) and limit != infinity:
                raise Invalid("a lower limit is infinity, or an upper one minus infinity")
            return None if isinstance(limit, float) else _in_range(limit)

        def terms(row: Terms, sign: int = 1) -> Terms:
            return {j: sign * _in_range(value) for j, value in row.items() if value}

        sign = -1 if self.maximised else 1
        lower, upper = [finite(x, -math.inf) for x in self.lower], [finite(x, math.inf) for x in self.upper]
        integer = [j in self.integers for j in range(len(lower))]
        rows = [(terms(row), finite(low, -math.inf), finite(high, math.inf)) for row, low, high in self.rows]
        cost, constant = terms(self.cost, sign), sign * _in_range(self.constant)
        return Model(list(self.index), lower, upper, integer, rows, cost, constant)


_START = r"[^\s0-9+\-*/^<>=:.\[\]()\\]"
_NAME = rf"{_START}(?:[^\s+\-*^<>=:\[\]()\\]|\[[^\[\]\s\\<>=]*\]|\([^()\s\\<>=]*\))*"
_HEADER = re.compile(
    r"(?:(?P<minimise>minimi[sz]e|minimum|min)|(?P<maximise>maximi[sz]e|maximum|max)"
    r"|(?P<rows>subject\s+to:?|such\s+that:?|s\.\s?t\.|st\.|st)|(?P<bounds>bounds?)"
    r"|(?P<integer>generals?|gen|integers?|int)|(?P<binary>binary|binaries|bin)|(?P<end>end))(?=\s|$)(?!\s*:)",
    re.IGNORECASE,
)
_RESERVED = re.compile(
    r"minimi[sz]e|minimum|min|maximi[sz]e|maximum|max|subject|such|s\.t\.|st\.?|lazy|bounds?|generals?|gen|integers?"
    r"|int|binary|binaries|bin|end|free|inf|infinity|nan|user|usercuts?|gencons?|semi|semis|sec|sin|sos[12]?"
    r"|semi(continuous|integers?)|pwlobj|scenarios?|multi|multiobjectives?",
    re.IGNORECASE,
)
_DIRECTION = {"<": -1, "<=": -1, "=<": -1, ">": 1, ">=": 1, "=>": 1, "=": 0, "==": 0}
_RELATION = " ?(<=|=<|>=|=>|==|<(?!-)|>|=) ?"  # blanks are single ones by then, and <- is no relation
_LIMIT = rf"([+-]? ?(?:{UNSIGNED}|inf(?:inity)?))"
_LABEL = re.compile(rf"(?:{_NAME}|[^\s:\[\]()]+) ?:\s?")
_ROW = re.compile(
    rf"(?:{_LABEL.pattern})?(?:{_LIMIT}{_RELATION})?([^<>=:]+){_RELATION}([^<>=:\n]+)(?:\n|$)", re.IGNORECASE
)
_BOUND = re.compile(rf"(?:{_LIMIT}{_RELATION})?({_NAME})(?:{_RELATION}{_LIMIT}|( free))?", re.IGNORECASE)
_TERM = re.compile(  # signs with coefficient and name, or signs with a constant, or anything else
    rf"\s*(?:((?:[+-]\s*)*)(?:({UNSIGNED})(?: ?\*(?= ?{_START}))?\s*)?({_NAME})|((?:[+-]\s*)*)({UNSIGNED})|(\S))"
)


class _Lp(_Draft):
    """An LP file. What stands right of a relation is on one line, the last of the row; 1 <= x <= 2 is on one line."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.binaries: set[int] = set()
        self.collected: list[tuple[int, str]] = []
        self.read_lines(text)

    def read_line(self, line: str) -> None:
        """Read a header, or a line of the section that is open."""
        line = line.partition("\\")[0].replace("≤", "<=").replace("≥", ">=").replace("−", "-")
        line = " ".join(line.split())
        header = _HEADER.match(line)
        if header:
            section, rest = str(header.lastgroup), line[header.end() :].strip()
            after = {"minimise": "", "maximise": "", "rows": "objective"}
            if self.section != after[section] if section in after else self.section in ("", "end") or rest:
                raise Invalid(f"the section {section} cannot begin here, or shares a line")
            self.end_section()
            self.maximised = self.maximised or section == "maximise"
            self.section = "objective" if section in ("minimise", "maximise") else section
            line = rest
        if line and self.section in ("objective", "rows"):
            self.collected.append((self.line, line))
        elif line and self.section == "bounds":
            self.read_bound(line)
        elif line and self.section in ("integer", "binary"):
            named = {self.index[name] for name in line.split()}
            self.integers |= named
            self.binaries |= named if self.section == "binary" else set()
        elif line:
            raise Invalid(f"{shown(line)} stands {'after End' if self.section else 'before Minimize or Maximize'}")

    def end_section(self) -> None:
        """Read the objective, or the rows, whose lines were collected."""
        text, place, first = "\n".join(line for _, line in self.collected), 0, 0
        if self.section == "objective":
            label = _LABEL.match(text)
            self.constant, self.cost = self.linear(text[label.end() if label else 0 :])
        while self.section == "rows" and place < len(text):
            here, self.line = self.line, self.collected[first][0]
            row = _ROW.match(text, place)
            if row is None:
                raise Invalid(f"expected a row such as a: x + 2 y >= 3 or 1 <= x + y <= 3 from here; else {AS_JSON}")
            if self.add_row(*row.groups()) and text[row.end() : row.end() + 1] in ("+", "-"):
                raise Invalid(f"a row with variables right of its relation goes on in the next line; {AS_JSON}")
            place, first, self.line = row.end(), first + row[0].count("\n"), here
        self.collected = []

    def linear(self, text: str) -> Expression:
        """Return constant and terms of a sum."""
        constant: Number = 0
        terms: Terms = {}
        for place, token in enumerate(_TERM.finditer(text)):
            signs, factor, name, more_signs, alone, rest = token.groups("")
            if rest or (place and not signs and not more_signs):
                raise Invalid(f"unexpected {shown(token[0].strip())} in a row or objective; only linear ones are read")
            sign = -1 if (signs + more_signs).count("-") % 2 else 1
            if name:
                j = self.position(name)
                terms[j] = terms.get(j, 0) + sign * _decimal(factor or "1")
            else:
                constant += sign * _decimal(alone)
        return constant, terms

    def add_row(self, left: str | None, first: str | None, body: str, relation: str, right: str) -> bool:
        """Add a row and say whether variables stand on its right: these move to the left, and constants to the right.

        A row with two relations is 1 <= x <= 2; of 3 <= x the right side stays as it is.
        """
        direction = _DIRECTION[relation]
        if not body.strip() or (left and ("\n" in body or _DIRECTION[str(first)] * direction != 1)):
            raise Invalid(
                "a row without terms, or one with two sides that is not 1 <= x <= 2 or 2 >= x >= 1 on one line"
            )
        constant, terms = self.linear(body)
        limits: list[Limit] = [-math.inf, math.inf]
        sides = [(None if left is None else _limit(left.replace(" ", ""), constant), -direction)]
        number_only = re.fullmatch(_LIMIT, right.strip(), re.IGNORECASE) is not None
        if number_only:
            sides.append((_limit(right.replace(" ", ""), constant), direction))
        elif left is None:
            moved, others = self.linear(right)
            turn = 1 if terms else -1
            sides.append((_far(turn * (moved - constant)), turn * direction))
            for j, a in others.items():
                terms[j] = terms.get(j, 0) - turn * a
        else:
            raise Invalid("a row with two relations has numbers outside")
        for limit, side in sides:
            if limit is not None:
                limits = [limit if side >= 0 else limits[0], limit if side <= 0 else limits[1]]
        self.rows.append((terms, limits[0], limits[1]))
        return not number_only

    def position(self, name: str) -> int:
        """Return the position of a variable, new or not."""
        if name in self.index:
            return self.index[name]
        if _RESERVED.fullmatch(name) or name.count("(") != name.count(")"):
            raise Invalid(f"{shown(name)} is a word of LP or has open parentheses; rename it or {AS_JSON}")
        return self.add_variable(name)

    def read_bound(self, line: str) -> None:
        """Read a line such as 0 <= x <= 4 or x free."""
        bound = _BOUND.fullmatch(line)
        if bound is None or not (bound[2] or bound[4] or bound[6]) or (bound[2] and bound[6]):
            raise Invalid(f"expected a bound such as 0 <= x <= 4 or x free on a line, found {shown(line)}")
        j = self.position(bound[3])
        if bound[6]:
            self.lower[j], self.upper[j] = -math.inf, math.inf
        for text, relation, turn in ((bound[1], bound[2], -1), (bound[5], bound[4], 1)):
            if relation:
                limit, direction = _limit(text.replace(" ", "")), turn * _DIRECTION[relation]
                self.lower[j] = limit if direction >= 0 else self.lower[j]
                self.upper[j] = limit if direction <= 0 else self.upper[j]

    def finish(self) -> None:
        """Read what is still open; binaries take 0 and 1 only."""
        if not self.section:
            raise Invalid("the file is empty")
        self.end_section()
        for j in self.binaries:
            self.lower[j] = max(self.lower[j], 0)
            self.upper[j] = self.upper[j] if float(self.upper[j]) <= 1 else 1


class _Mps(_Draft):
    """An MPS file in free format; the first N row is the objective, the others restrict nothing."""

    SECTIONS = ("NAME", "OBJSENSE", "ROWS", "COLUMNS", "RHS", "RANGES", "BOUNDS", "ENDATA")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.objective = self.column = ""
        self.types: dict[str, str] = {}
        self.entries: dict[str, Terms] = {}
        self.between_markers = False
        self.given: dict[str, dict[str, Limit]] = {"RHS": {}, "RANGES": {}}
        self.set_names: dict[str, str] = {}
        self.bounded: set[int] = set()
        self.lower_given: set[int] = set()
        self.read_lines(text)

    def finish(self) -> None:
        """Make bounds and rows of what was given."""
        if self.section != "ENDATA" or self.objective in self.given["RANGES"]:
            raise Invalid("ENDATA is missing, or the objective has a range")
        for j, upper in enumerate(self.upper):
            if j in self.integers and j not in self.bounded:
                self.upper[j] = 1
            elif upper < 0 and j not in self.lower_given:
                self.lower[j] = -math.inf
        for row, kind in self.types.items():
            side: Any = self.given["RHS"].get(row, 0)
            lower, upper = (-math.inf if kind == "L" else side), (math.inf if kind == "G" else side)
            if row in self.given["RANGES"] and not isinstance(side, float):
                extent = self.given["RANGES"][row]
                if kind == "L" or (kind == "E" and extent < 0):
                    lower = side - abs(extent)
                else:
                    upper = side + abs(extent)
            if row == self.objective:
                self.cost, self.constant = self.entries[row], -side
            elif kind != "N":
                self.rows.append((self.entries[row], lower, upper))

    def read_line(self, line: str) -> None:
        """Read the header of a section, or a line of the one that is open."""
        words = line.split()
        if not words or line[0] == "*":
            return
        word = words[0].upper()
        if line[0] not in " \t" and word in self.SECTIONS and (len(words) <= 2 or word == "NAME"):
            self.section = word
            if word == "NAME" or len(words) == 1:
                return
            words = words[1:] if word == "OBJSENSE" else []
        section, count = self.section, len(words)
        if section == "OBJSENSE" and count == 1 and re.fullmatch("(?i)(MAX|MIN)(IMI[SZ]E|IMUM)?", words[0]):
            self.maximised = words[0].upper().startswith("MAX")
        elif section == "ROWS" and count == 2 and word in ("N", "L", "G", "E"):
            if words[1] in self.types:
                raise Invalid(f"a second row {shown(words[1])}")
            self.types[words[1]], self.entries[words[1]] = word, {}
            self.objective = self.objective or (words[1] if word == "N" else "")
        elif section == "COLUMNS" and count == 3 and words[1] == "'MARKER'" and words[2] in ("'INTORG'", "'INTEND'"):
            self.between_markers = words[2] == "'INTORG'"
        elif section == "COLUMNS" and count in (3, 5) and words[1] != "'MARKER'":
            self.read_entries(words)
        elif section in self.given and count >= 2:
            self.check_set(words.pop(0) if count % 2 else "")
            for row, text in zip(words[::2], words[1::2], strict=True):
                if row in self.given[section]:
                    raise Invalid(f"a second number for row {shown(row)}")
                self.given[section][row] = _decimal(text) if self.types[row] == "N" else _limit(text)
        elif section == "BOUNDS" and 2 <= count <= 4:
            self.read_bound(words)
        else:
            raise Invalid(f"{shown(line.strip())} cannot stand in the section {section or 'before ROWS'}; {AS_JSON}")

    def read_entries(self, words: list[str]) -> None:
        """Read a column's coefficients; all lines of a column stand together."""
        if words[0] != self.column:
            if words[0] in self.index:
                raise Invalid(f"column {shown(words[0])} stands in two places")
            self.column = words[0]
            j = self.add_variable(self.column)
            self.integers |= {j} if self.between_markers else set()
        j = self.index[self.column]
        for row, text in zip(words[1::2], words[2::2], strict=True):
            if j in self.entries[row]:
                raise Invalid(f"column {shown(self.column)} has two coefficients in row {shown(row)}")
            self.entries[row][j] = _decimal(text)

    def check_set(self, name: str) -> None:
        """Refuse a second set of right-hand sides, ranges or bounds."""
        if self.set_names.setdefault(self.section, name) != name:
            raise Invalid(f"a second set {shown(name)} in {self.section}; keep the one that is meant")

    def read_bound(self, words: list[str]) -> None:
        """Read a type, perhaps the name of the set, a column, and a number where the type needs one."""
        kind, limit = words[0].upper(), _limit("0")
        if kind in ("UP", "UI", "LO", "LI", "FX"):
            limit = _limit(words.pop())
        elif kind not in ("FR", "MI", "PL", "BV"):
            raise Invalid(f"bounds of type {shown(kind)} are not read; {AS_JSON}")
        elif len(words) == 4 or (len(words) == 3 and words[1] in self.index and words[2] not in self.index):
            words.pop()  # a number without meaning
        if len(words) not in (2, 3):
            raise Invalid(f"a bound {kind} with {len(words)} fields")
        self.check_set(words[1] if len(words) == 3 else "")
        j = self.index[words[-1]]
        lower: dict[str, Limit] = {"LO": limit, "LI": limit, "FX": limit, "BV": 0, "FR": -math.inf, "MI": -math.inf}
        upper: dict[str, Limit] = {"UP": limit, "UI": limit, "FX": limit, "BV": 1, "FR": math.inf, "PL": math.inf}
        self.lower[j], self.upper[j] = lower.get(kind, self.lower[j]), upper.get(kind, self.upper[j])
        self.bounded.add(j)
        self.lower_given |= {j} if kind in lower else set()
        self.integers |= {j} if kind in ("BV", "LI", "UI") else set()


def decode(text: str, source: str = "the text") -> Data:
    """Return the JSON value with exact numbers; keys that stand twice in an object are refused."""

    def distinct(pairs: list[tuple[str, Data]]) -> dict[str, Data]:
        if len(dict(pairs)) != len(pairs):
            raise Invalid("a key stands twice in one JSON object")
        return dict(pairs)

    try:
        return json.loads(text, object_pairs_hook=distinct, parse_float=number, parse_int=number, parse_constant=number)
    except (ValueError, RecursionError, Invalid) as error:
        raise Unusable(f"{source} is not JSON: {error}") from None


def _text(data: Data) -> str:
    if type(data) is not str or re.search("[\x00-\x1f\x7f\ud800-\udfff]", data):
        raise Invalid(f"expected a name or a number, found {shown(data)}")
    return data


def formulation(data: Data) -> Model:
    """Return the model in a decoded quasikarp/formulation/1."""
    top = fields(data, "schema sense objective variables rows", "name description descriptions written_by")
    if top["schema"] != "quasikarp/formulation/1" or top["sense"] not in ("minimize", "maximize"):
        raise Invalid("expected the schema quasikarp/formulation/1 and the sense minimize or maximize")
    for key in ("name", "written_by"):
        _text(top.get(key, ""))
    draft, row_names = _Draft(), set[str]()
    draft.maximised = top["sense"] == "maximize"

    def exactly(item: Data) -> Number:
        return item if type(item) in (int, Fraction) else number(_text(item))

    def terms(item: Data) -> Terms:
        if not members(item).keys() <= draft.index.keys():
            raise Invalid(f"{shown(item)} names what is no variable")
        return {draft.index[name]: exactly(value) for name, value in item.items()}

    def begun(item: Data, taken: Collection[str]) -> tuple[str, Limit, Limit]:
        """Return name, lower and upper of a variable or row."""
        name, lower, upper = _text(item["name"]), item["lower"], item["upper"]
        if not name or name in taken:
            raise Invalid(f"the name {shown(name)} is empty or taken")
        return name, -math.inf if lower is None else exactly(lower), math.inf if upper is None else exactly(upper)

    for place, item in enumerate(listed(top["variables"])):
        with Place("variables", place):
            fields(item, "name lower upper kind", "auxiliary description")
            (name, lower, upper), kind = begun(item, draft.index), item["kind"]
            if kind not in ("continuous", "integer", "binary"):
                raise Invalid(f"the kind {shown(kind)} is not known")
            if kind == "binary" and not 0 <= lower <= 1 >= upper >= 0:
                raise Invalid("a binary variable has bounds other than 0 and 1")
            flag(item.get("auxiliary", False))
            j = draft.add_variable(name, lower, upper)
            draft.integers |= {j} if kind != "continuous" else set()
    with Place("objective"):
        objective = fields(top["objective"], "terms", "constant")
        draft.cost, draft.constant = terms(objective["terms"]), exactly(objective.get("constant", 0))
    for place, item in enumerate(listed(top["rows"])):
        with Place("rows", place):
            fields(item, "name lower upper terms", "description")
            name, lower, upper = begun(item, row_names)
            row_names.add(name)
            draft.rows.append((terms(item["terms"]), lower, upper))
    described = [item.get("description", "") for item in (top, *top["variables"], *top["rows"])]
    if not all(type(text) is str for text in (*described, *members(top.get("descriptions", {})).values())):
        raise Invalid("a description is no text")
    return draft.model()


def read_text(path: str) -> str:
    """Return the text of a file, unpacked where it ends in .gz; refuse more than 512 MiB, or 64 MiB unpacked."""
    try:
        packed = path.lower().endswith(".gz")
        most = _MOST_BYTES >> 3 if packed else _MOST_BYTES
        with (gzip.open if packed else open)(path, "rb") as stream:
            content = stream.read(most + 1)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise Unusable(f"cannot read {path!r:.200}: {getattr(error, 'strerror', None) or error}") from None
    if len(content) > most or b"\0" in content:
        raise Unusable(f"{path!r:.200} is no text, or has more than {most >> 20} MiB of it")
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def read_model(path: str) -> Model:
    """Return the model in a file .lp, .mps or .json, perhaps with .gz behind."""
    form = re.search(r"\.(lp|mps|json)(\.gz)?$", path.lower())
    if form is None:
        raise Unusable(f"{path!r:.200} is not read here; write it as LP, MPS or JSON first (quasikarp transform/read)")
    text = read_text(path)
    try:
        if form[1] == "json":
            return formulation(decode(text))
        return (_Lp(text) if form[1] == "lp" else _Mps(text)).model()
    except (Invalid, Unusable) as error:
        raise Unusable(f"{path!r:.200}: {error}") from None


def _json(value: Data) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _canonical(model: Model) -> dict[str, Any]:
    """Return what the model means as JSON, the same in any order of variables and rows; numbers are texts."""

    def text(value: Number | None) -> str | None:
        return None if value is None else str(value)

    def terms(row: Terms) -> dict[str, str]:
        return {model.names[j]: str(value) for j, value in row.items()}

    limits = zip(model.names, model.lower, model.upper, model.integer, strict=True)
    return {
        "objective": {"constant": str(model.constant), "terms": terms(model.cost)},
        "rows": sorted(([text(lower), text(upper), terms(row)] for row, lower, upper in model.rows), key=_json),
        "variables": {name: [text(lower), text(upper), integer] for name, lower, upper, integer in limits},
    }


def digest(model: Model) -> str:
    """Return the SHA-256 of what the model means."""
    return hashlib.sha256(_json(_canonical(model)).encode()).hexdigest()


def differences(a: Model, b: Model) -> str | None:
    """Return None where both models are the same mathematics, else the first thing in which they differ."""
    first, second = _canonical(a), _canonical(b)
    for part in ("variables", "objective"):
        one, two = first[part], second[part]
        for name in sorted(one.keys() | two.keys()):
            if one.get(name) != two.get(name):
                here, there = (str(entries.get(name))[:200] for entries in (one, two))
                return f"{name[:60]!r}: {here} in the first, {there} in the second"
    rows, others = (Counter(map(_json, model["rows"])) for model in (first, second))
    for row in [*(rows - others), *(others - rows)]:
        return f"the row [lower, upper, terms] {row[:200]} stands more often in one than in the other"
    return None


def main(arguments: list[str] | None = None) -> int:
    """Check a certificate and print what it shows; return the exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if len(arguments) not in (1, 3) or arguments[0] in ("-h", "--help"):
        asked = arguments[:1] in (["-h"], ["--help"])
        print(
            (__doc__ or "").replace("Check a quasikarp certificate", "usage", 1),
            file=sys.stdout if asked else sys.stderr,
        )
        return 0 if asked else 2
    try:
        data = decode(read_text(arguments[0]), arguments[0])
        files = [read_model(path) for path in arguments[1:]]
    except (Unusable, MemoryError) as error:
        print(f"quasikarp-verify: {str(error) or 'a file is too large'}", file=sys.stderr)
        return 2
    try:
        Space.spent = 0
        certificate = Certificate(data)
        for side, model in zip(certificate.models, files):
            difference = differences(certificate.models[side], model)
            if difference is not None:
                raise Invalid(f"{side}: the file holds another model than the certificate: {difference}")
    except (Invalid, RecursionError, MemoryError) as error:
        print(f"INVALID  {error if isinstance(error, Invalid) else 'too large to be checked'}")
        return 1
    lines = [f"VALID  for {' and '.join(arguments[1:]) if files else 'the models as stated in the certificate'}"]
    lines += [f"  {name:<9} {certificate.shows[name]}" for name in CLAIMS if name in certificate.shows]
    scope = f", {data['scope']}" if data["scope"] else ""
    lines.append(f"  verdict   {data['verdict']} ({data['contract']}{scope})")
    if data["verdict"] == "equivalent" and not certificate.proved("complete"):
        lines.append("  that the map was not merely chosen to make these claims hold is not for this program to say")
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
