"""A total function as definitions of a space, whose bounds and graph rows are shown one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Literal

from tools.certify.cases import MOST_NODES, ByCase, Split, prove_by_cases
from tools.certify.space import ACTIVITY, Affine, Case, Nodes, Space
from tools.exact.proofs import Form
from tools.formulation.model import Kind
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.protocol import TotalFunction

Hint = tuple[Sequence[Split], Sequence[int]]
"""The cases and the rows by which a row is shown."""

Side = Literal["lower", "upper"]

ZERO, ONE = Fraction(0), Fraction(1)


class NotShownError(Exception):
    """A step of a realisation has no proof; the text says which."""


class Realised:
    """A function whose outputs are variables of a space, with all their bounds, once a realiser has defined them.

    `pool` are the rows that proofs about the function use, `splits` the cases they may go through, in order. A realiser
    that knows better gives `hints` for a row by its label, or a function `hint` of the label that does. All methods but
    `derive` and `derive_all` raise `NotShownError`.
    """

    def __init__(self, space: Space, function: TotalFunction) -> None:
        self.space, self.function = space, function
        self.pool: list[int] = []
        self.splits: list[Split] = []
        self.hints: dict[str, Hint] = {}
        self.hint: Callable[[str], Hint | None] = self.hints.get
        self.conditions: dict[str, list[int]] = {}
        """The rows derived for the conditions, by their labels."""
        self.definitions: dict[int, int] = {}
        """The row that defines an auxiliary variable, or an output by an affine value."""
        self._rows = list(function.graph())
        self._derived: dict[tuple[int, str], int | None] = {}
        self._values: dict[object, Affine] = {}
        self._sides: dict[object, dict[Side, tuple[int, Fraction]]] = {}
        self._whole: set[object] = set()
        self._aliases: list[int] = []
        if any(output.name in space.index for output in function.outputs):
            raise NotShownError("an output has a name that is taken")
        self._settle()

    # ---- what a realised function offers

    def derive(self, k: int, side: Side) -> int | None:
        """Return the number of the derived row for a side of graph row k, adding it once; None where it has no proof.

        The upper side is the negated row.
        """
        if (k, side) not in self._derived:
            row = self._rows[k]
            value, limit = self.affine(row.expression), row.lower if side == "lower" else row.upper
            if limit is None:
                return None
            above = value.plus(Affine(-limit, {})) if side == "lower" else (-value).plus(Affine(limit, {}))
            try:
                splits, rows = self.hint(row.label) or (self.splits, self.pool)
                rows = [*rows, *(i for i in self._aliases if not above.terms.keys().isdisjoint(self.space.row(i)[0]))]
                self._derived[k, side] = self.lemma(above, splits, rows, keep=False)
            except NotShownError:
                self._derived[k, side] = None
        return self._derived[k, side]

    def derive_all(self) -> bool:
        """Derive every finite side of every graph row; say whether all of them have proofs."""
        found = [self.derive(k, "lower") for k, row in enumerate(self._rows) if row.lower is not None]
        found += [self.derive(k, "upper") for k, row in enumerate(self._rows) if row.upper is not None]
        return None not in found

    def bound_outputs(self) -> None:
        """Tighten the outputs to their bounds, see that they are of their kinds, and offer what is known of them."""
        for output in self.function.outputs:
            j = self.space.index[output.name]
            if output.kind != Kind.CONTINUOUS and not self.space.integer[j]:
                raise NotShownError(f"{output.name} is not shown to be whole")
            if output.lower is not None:
                self.bound(j, "lower", output.lower)
            if output.upper is not None:
                self.bound(j, "upper", output.upper)
            self.space.about[j] = self.derive_all

    # ---- what realisers use

    def affine(self, expression: AffineExpression) -> Affine:
        """Return the expression over the variables of the space."""
        return self.space.affine(expression.constant, expression.terms)

    def value(self, expression: AffineExpression, *, integer: bool = False) -> Affine:
        """Return one variable that is the expression, or a constant, within what the conditions say of it."""
        value = self.affine(expression)
        if not value.terms:
            return value
        key = _key(value)
        integer = integer or key in self._whole
        if key not in self._values:
            j = next(iter(value.terms), 0)
            if value.terms == {j: ONE} and not value.constant and (self.space.integer[j] or not integer):
                return value
            j = self.define(None, value, integer=integer)
            definition = self.definitions[j]
            self._aliases.append(definition)
            for side, (row, limit) in self._sides.get(key, {}).items():
                sign = ONE if side == "lower" else -ONE
                self.space.tighten(j, side, limit, [["linear", [[row, "1"], [definition, str(-sign)]]]])
            self._values[key] = variable(j)
        return self._values[key]

    def define(self, name: str | None, value: Affine, *, integer: bool = False) -> int:
        """Define a variable that equals an affine value; without a name it gets one of its own."""
        j = self._shown(self.space.define_affine(name or self.fresh(), value, integer=integer), name)
        self.definitions[j] = self.space.row_count - 1
        self.pool.append(self.definitions[j])
        return j

    def floor(self, name: str | None, value: Affine, parts: int = 0) -> int:
        """Define the whole part of a value, of which parts·value is whole."""
        j = self.space.define_floor(name or self.fresh(), value, parts)
        self.pool.append(self.space.row_count - 1)
        return self._shown(j, name)

    def choose(
        self, name: str | None, test: Affine, most: int | Fraction, then: Affine, otherwise: Affine, *,
        step: int | Fraction = 0, integer: bool = False,
    ) -> int:  # fmt: skip
        """Define a value by cases: `then` where test ≤ most."""
        case = Case(test, Fraction(most), Fraction(step), then, otherwise)
        j = self._shown(self.space.define_if(name or self.fresh(), case, integer=integer), name)
        self.splits.append(ByCase(j))
        return j

    def prove(
        self, above: Affine, splits: Sequence[Split] | None = None, rows: Iterable[int] | None = None,
        most_nodes: int = MOST_NODES,
    ) -> Nodes:  # fmt: skip
        """Return a proof that an affine value is at least 0."""
        splits = self.splits if splits is None else splits
        nodes = prove_by_cases(
            self.space, above.terms, -above.constant, splits, self.pool if rows is None else rows, most_nodes
        )
        if nodes is None:
            raise NotShownError(f"no proof that {self.space.expression(above)} is at least 0")
        return nodes

    def lemma(
        self, above: Affine, splits: Sequence[Split] | None = None, rows: Iterable[int] | None = None, *,
        keep: bool = True,
    ) -> int:  # fmt: skip
        """Derive the row that an affine value is at least 0, for later proofs too where it is to be kept."""
        number = self.space.add_row(above.terms, -above.constant, self.prove(above, splits, rows))
        if keep:
            self.pool.append(number)
        return number

    def bound(
        self, j: int, side: Side, limit: int | Fraction, splits: Sequence[Split] | None = None,
        rows: Iterable[int] | None = None,
    ) -> None:  # fmt: skip
        """Tighten a bound of a variable, unless it is as tight."""
        own = self.space.bounds(j)[0 if side == "lower" else 1]
        if own is None or (own < limit if side == "lower" else own > limit):
            above = Affine(-Fraction(limit), {j: ONE}) if side == "lower" else Affine(Fraction(limit), {j: -ONE})
            self.space.tighten(j, side, Fraction(limit), self.prove(above, splits, rows))

    def fresh(self) -> str:
        """Return a name for an auxiliary definition."""
        stem, number = self.function.outputs[0].name, 1
        while f"{stem}~{number}" in self.space.index:
            number += 1
        return f"{stem}~{number}"

    # ---- conditions

    def _settle(self) -> None:
        """Prove the conditions on the space as it is; then tighten the variable that each is about, or derive a row."""
        shown: list[tuple[str, Affine, Side, Fraction, Nodes]] = []
        for condition in self.function.conditions():
            value = self.affine(condition.expression)
            if condition.integral:
                self._whole.add(_key(value))
            for side, limit in (("lower", condition.lower), ("upper", condition.upper)):
                if limit is not None:
                    above = value if side == "lower" else -value
                    proof = self._condition(above.terms, (limit if side == "lower" else -limit) - above.constant)
                    if proof is None:
                        raise NotShownError(f"no proof of the condition {condition.label}")
                    shown.append((condition.label, value, side, limit, proof))  # type: ignore[arg-type]
        for label, value, side, limit, proof in shown:
            above = value if side == "lower" else -value
            j = next(iter(value.terms), 0)
            if value.terms == {j: ONE} and not value.constant:
                if proof != ACTIVITY:
                    self.space.tighten(j, side, limit, proof)
            elif value.terms:
                row = self.space.add_row(above.terms, (limit if side == "lower" else -limit) - above.constant, proof)
                self.pool.append(row)
                self.conditions.setdefault(label, []).append(row)
                self._sides.setdefault(_key(value), {})[side] = (row, limit)

    def _condition(self, form: Form, target: Fraction) -> Nodes | None:
        """Return a proof of a condition; what functions say of the values it uses is derived first, if it is needed."""
        earlier = [self.space.about[j] for j in form if j in self.space.about]
        if earlier and self.space.prover.quickly_at_least(form, target) is None:
            for derive_all in earlier:
                derive_all()
        return self.space.prove(form, target)

    @staticmethod
    def _shown(j: int | None, name: str | None) -> int:
        if j is None:
            raise NotShownError(f"no proof that {name or 'an auxiliary value'} is whole")
        return j


def variable(j: int) -> Affine:
    """Return the value of a variable."""
    return Affine(ZERO, {j: ONE})


def number(value: int | Fraction) -> Affine:
    """Return a constant."""
    return Affine(Fraction(value), {})


def total(values: Iterable[Affine]) -> Affine:
    """Return the sum of values."""
    result = number(0)
    for value in values:
        result = result.plus(value)
    return result


def _key(value: Affine) -> object:
    return (value.constant, frozenset(value.terms.items()))
