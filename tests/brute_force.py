"""The six claims of a mapping by enumeration: a second opinion that shares no code with what it checks.

Models are plain data in the format `quasikarp/formulation/1`, a mapping is the field `mapping` of a report; all numbers
are fractions, and no solver takes part. A model falls into pieces, one for each choice of its integer variables, which
must be bounded; a piece is a system of rows over the continuous variables, of which there may be only a few. Then sound
says that every piece of F(C) is covered by the sets of x whose image lies in a piece of F(R), and complete that every
piece of F(R) is covered by the images of pieces of F(C).

Functions other than affine ones are not executed: a completed variable takes whatever value there is for it. That a
mapping was chosen to make things fit, or σ fitted to the optimal values, is nothing that an enumeration could see.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, NamedTuple

from tests.elimination import Affine, Row, covered, eliminated, feasible, minus, number, simplified, weighted

Status = Literal["optimal", "infeasible", "unbounded"]
Data = Mapping[str, Any]
Values = tuple[Fraction, ...]


class Piece(NamedTuple):
    """The solutions of a model that have these values of its integer variables."""

    integers: Mapping[str, Fraction]
    rows: list[Row]


class Model:
    """A formulation as minimisation; variables are called `side`.NAME, so that those of two models never mix."""

    def __init__(self, document: Data, side: str) -> None:
        self.side = side
        variables = document["variables"]
        self.names: list[str] = [entry["name"] for entry in variables]
        self.continuous = [self.key(entry["name"]) for entry in variables if entry["kind"] == "continuous"]
        self.ends = {self.key(entry["name"]): _ends(entry) for entry in variables if entry["kind"] != "continuous"}
        sign = 1 if document["sense"] == "minimize" else -1
        self.cost = weighted((sign, self.affine(document["objective"])))
        bounds = [{**entry, "terms": {entry["name"]: 1}} for entry in variables]
        self.rows = [row for entry in [*bounds, *document["rows"]] for row in _within(self.affine(entry), entry)]

    def key(self, name: str) -> str:
        """Return what the variable is called here."""
        return f"{self.side}.{name}"

    def affine(self, entry: Data) -> Affine:
        """Return the expression of `terms` and `constant` in this model's variables."""
        terms = {self.key(name): exact(a) for name, a in entry["terms"].items()}
        return weighted((1, Affine(terms, exact(entry.get("constant", 0)))))

    @cached_property
    def pieces(self) -> list[Piece]:
        """Every nonempty piece; raises `ValueError` where an integer variable has no bound."""
        ranges = []
        for key, (low, high) in self.ends.items():
            if low is None or high is None:
                raise ValueError(f"{key!r} is an integer variable without bounds, so it cannot be enumerated")
            ranges.append(range(math.ceil(low), math.floor(high) + 1))
        found = []
        for values in itertools.product(*ranges):
            integers = dict(zip(self.ends, map(Fraction, values), strict=True))
            rows = simplified(Row(row.left.at(integers), row.relation) for row in self.rows)
            if rows is not None and feasible(rows):
                found.append(Piece(integers, rows))
        return found

    @cached_property
    def best(self) -> Fraction | None:
        """The optimal value; None where there is none."""
        least = [self._least(piece) for piece in self.pieces]
        return None if None in least else min((value for value in least if value is not None), default=None)

    def _least(self, piece: Piece) -> Fraction | None:
        value = Row(minus(self.cost.at(piece.integers), Affine({"value": Fraction(1)}, Fraction(0))), "=")
        rows = eliminated([*piece.rows, value], self.continuous) or []
        lows = [row.left for row in rows if row.relation == "=" or row.left.terms["value"] < 0]
        return max((-low.constant / low.terms["value"] for low in lows), default=None)

    @property
    def status(self) -> Status:
        """Whether there is an optimum, and else why not."""
        if not self.pieces:
            return "infeasible"
        return "unbounded" if self.best is None else "optimal"


class Mapped:
    """One mapping between two models: the truth of each claim, by its definition."""

    def __init__(self, reference: Model, candidate: Model, mapping: Data) -> None:
        self.reference, self.candidate = reference, candidate
        completed = set(mapping.get("completed") or [])
        if any(reference.key(name) in reference.cost.terms for name in completed):
            raise ValueError("a completed variable has a cost")
        recovery = {name: mapping["recovery"][name] for name in reference.names if name not in completed}
        self.images = {reference.key(name): candidate.affine(entry) for name, entry in recovery.items()}
        self.whole = [key for key in reference.ends if key in self.images]
        objective = mapping.get("objective")
        self.sigma = None if objective is None else (exact(objective["scale"]), exact(objective["offset"]))
        if self.sigma is not None and self.sigma[0] <= 0:
            raise ValueError(f"the scale of σ is {self.sigma[0]}")

    def status(self) -> bool:
        """Both have an optimum, or both are infeasible, or both unbounded."""
        return self.reference.status == self.candidate.status

    def value(self) -> bool:
        """z_R = σ(z_C)."""
        if self.candidate.best is None or self.sigma is None:
            return self.status()
        scale, offset = self.sigma
        return self.reference.best == scale * self.candidate.best + offset

    def sound(self) -> bool:
        """Every x in F(C) maps into F(R) with c_R(f(x)) ≤ σ(c_C(x))."""
        return all(self._lands(piece, piece.rows, self._compared(1)) for piece in self.candidate.pieces)

    def optima(self) -> bool:
        """Every optimum of C maps to an optimum of R."""
        if self.candidate.best is None or self.reference.best is None:
            return self.candidate.best is None
        ours, theirs = self._optimal()
        optimal = ([*piece.rows, Row(theirs.left.at(piece.integers))] for piece in self.candidate.pieces)
        return all(self._lands(piece, rows, [ours]) for piece, rows in zip(self.candidate.pieces, optimal, strict=True))

    def optimum(self) -> bool:
        """Some optimum of C maps to an optimum of R."""
        if self.candidate.best is None or self.reference.best is None:
            return self.candidate.best is None
        return any(
            feasible([*self._tied(ours, theirs, self._optimal()), *ours.rows, *theirs.rows])
            for theirs in self.candidate.pieces
            for ours in self._targets(theirs)
        )

    def complete(self) -> bool:
        """Every y in F(R) is the image of an x in F(C) with σ(c_C(x)) ≤ c_R(y)."""
        limit, unknown = self._compared(-1), self.candidate.continuous
        sources: dict[Values | None, list[Piece]] = {}
        for theirs in self.candidate.pieces:
            sources.setdefault(self._whole_image(theirs), []).append(theirs)
        for ours in self.reference.pieces:
            key = tuple(ours.integers[name] for name in self.whole)
            reached = (
                eliminated([*self._tied(ours, theirs, limit), *theirs.rows], unknown)
                for theirs in [*sources.get(key, []), *sources.get(None, [])]
            )
            if not covered(ours.rows, [part for part in reached if part is not None]):
                return False
        return True

    def _lands(self, theirs: Piece, rows: Sequence[Row], limit: Sequence[Row]) -> bool:
        """Say whether all points of `rows`, in the candidate's piece, map into F(R) within the limit."""
        if not feasible(rows):
            return True
        landing = (
            eliminated([*self._tied(ours, theirs, limit), *ours.rows], self.reference.continuous)
            for ours in self._targets(theirs)
        )
        return covered(rows, [part for part in landing if part is not None])

    def _compared(self, sign: int) -> list[Row]:
        """Return c_R ≤ σ(c_C), or the opposite for sign −1."""
        if self.sigma is None:
            return []
        value = weighted((self.sigma[0], self.candidate.cost), (1, number(self.sigma[1])))
        return [Row(weighted((sign, self.reference.cost), (-sign, value)))]

    def _optimal(self) -> list[Row]:
        """Return c ≤ z for the reference and for the candidate."""
        sides = self.reference, self.candidate
        return [Row(minus(side.cost, number(side.best))) for side in sides if side.best is not None]

    def _tied(self, ours: Piece, theirs: Piece, limit: Sequence[Row]) -> Iterator[Row]:
        """Yield rows that say that a point of `theirs` maps to one of `ours`, within the limit."""
        values = {**ours.integers, **theirs.integers}
        for key, image in self.images.items():
            yield Row(minus(image, Affine({key: Fraction(1)}, Fraction(0))).at(values), "=")
        for row in limit:
            yield Row(row.left.at(values), row.relation)

    def _targets(self, theirs: Piece) -> list[Piece]:
        """Return the pieces of the reference that the candidate's piece may reach."""
        key = self._whole_image(theirs)
        return self.reference.pieces if key is None else self._pieces_by_values.get(key, [])

    @cached_property
    def _pieces_by_values(self) -> dict[Values, list[Piece]]:
        groups: dict[Values, list[Piece]] = {}
        for ours in self.reference.pieces:
            groups.setdefault(tuple(ours.integers[name] for name in self.whole), []).append(ours)
        return groups

    def _whole_image(self, theirs: Piece) -> Values | None:
        """Return the values of the reference's integer variables all over the piece; None where they vary."""
        images = [self.images[key].at(theirs.integers) for key in self.whole]
        return None if any(image.terms for image in images) else tuple(image.constant for image in images)


class BruteForce:
    """What the definitions say about mappings between two small models."""

    def __init__(self, reference: Data, candidate: Data) -> None:
        self.reference, self.candidate = Model(reference, "reference"), Model(candidate, "candidate")

    def claims(self, mapping: Data) -> dict[str, bool]:
        """Return the truth of all six claims under the mapping and its σ.

        Where it states no σ, all about objectives is left out of value, sound and complete: what is false then is false
        for every σ, and what is true may be so for some. Raises `ValueError` for a mapping that means nothing, and
        `KeyError` for one that leaves a variable out or names an unknown one.
        """
        truth = Mapped(self.reference, self.candidate, mapping)
        return {
            "status": truth.status(),
            "value": truth.value(),
            "optimum": truth.optimum(),
            "optima": truth.optima(),
            "sound": truth.sound(),
            "complete": truth.complete(),
        }

    def verdict(self, contract: str, mapping: Data) -> bool:
        """Say whether the mapping fulfils the contract, by its claims alone."""
        true = self.claims(mapping)
        if contract == "reformulation":
            vacuous = self.reference.status == self.candidate.status == "infeasible"
            return true["sound"] and true["complete"] and (vacuous or mapping.get("objective") is not None)
        if "optimal" in (self.reference.status, self.candidate.status):
            return true["status"] and true["optima"]
        return true["status"] and true["sound"]


def exact(value: str | float | Fraction) -> Fraction:
    """Return what a number of the format means; a float means its shortest decimal."""
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def _ends(entry: Data) -> tuple[Fraction | None, Fraction | None]:
    low, high = (None if entry[side] is None else exact(entry[side]) for side in ("lower", "upper"))
    return low, high


def _within(left: Affine, entry: Data) -> Iterator[Row]:
    low, high = _ends(entry)
    if low is not None and low == high:
        yield Row(minus(left, number(low)), "=")
        return
    if low is not None:
        yield Row(minus(number(low), left))
    if high is not None:
        yield Row(minus(left, number(high)))
