"""A model taken apart by name, to be rewritten and put together again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from tools.formulation.model import Formulation, Kind, Sense
from tools.formulation.numbers import ExactVector
from tools.mapping.affine import AffineExpression

INFINITE = float("inf")
ZERO = Fraction(0)
ONE = Fraction(1)

Side = Fraction | None
"""A bound or a row's side; None is no bound."""


@dataclass(frozen=True)
class Column:
    """One variable with its objective coefficient."""

    name: str
    kind: Kind
    lower: Side
    upper: Side
    cost: Fraction = ZERO

    @property
    def integral(self) -> bool:
        """Whether the variable is integer or binary."""
        return self.kind != Kind.CONTINUOUS

    @property
    def is_binary(self) -> bool:
        """Whether the values are exactly 0 and 1."""
        return self.integral and self.lower == 0 and self.upper == 1


@dataclass(frozen=True)
class Row:
    """One row, lower ≤ Σ terms[v]·v ≤ upper, over variable names v."""

    name: str
    terms: Mapping[str, Fraction]
    lower: Side
    upper: Side

    @property
    def is_equality(self) -> bool:
        """Whether both sides are the same number."""
        return self.lower is not None and self.lower == self.upper

    def scaled(self, factor: Fraction) -> Row:
        """Return the row multiplied by a nonzero `factor`; a negative one swaps its sides."""
        low, high = (None if side is None else side * factor for side in (self.lower, self.upper))
        if factor < 0:
            low, high = high, low
        return replace(self, terms={name: a * factor for name, a in self.terms.items()}, lower=low, upper=high)


@dataclass
class Draft:
    """A model that can be rewritten: columns and rows by name, in order."""

    sense: Sense
    constant: Fraction
    columns: dict[str, Column] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)

    @classmethod
    def of(cls, model: Formulation) -> Draft:
        """Return `model` taken apart."""
        names = model.variables
        columns = {
            name: Column(
                name, Kind(int(model.kinds[j])), model.lower.finite(j), model.upper.finite(j), model.objective[j]
            )
            for j, name in enumerate(names)
        }
        rows = {
            name: Row(
                name,
                {names[j]: a for j, a in model.row_terms(i).items()},
                model.row_lower.finite(i),
                model.row_upper.finite(i),
            )
            for i, name in enumerate(model.rows)
        }
        return cls(model.sense, model.objective_constant, columns, rows)

    def formulation(self, name: str) -> Formulation:
        """Return the validated formulation; raises `InputError` as `Formulation.build` does."""
        place = {column: j for j, column in enumerate(self.columns)}
        columns, rows = list(self.columns.values()), list(self.rows.values())
        indptr = [0]
        for row in rows:
            indptr.append(indptr[-1] + len(row.terms))
        return Formulation.build(
            name=name,
            sense=self.sense,
            variables=list(place),
            lower=_sides((column.lower for column in columns), -INFINITE),
            upper=_sides((column.upper for column in columns), INFINITE),
            kinds=[int(_fitting(column)) for column in columns],
            objective=ExactVector.of(column.cost for column in columns),
            objective_constant=self.constant,
            rows=[row.name for row in rows],
            row_lower=_sides((row.lower for row in rows), -INFINITE),
            row_upper=_sides((row.upper for row in rows), INFINITE),
            indptr=indptr,
            columns=[place[variable] for row in rows for variable in row.terms],
            coefficients=ExactVector.of(a for row in rows for a in row.terms.values()),
        )

    def fresh_variable(self, wish: str) -> str:
        """Return `wish`, or the wish with underscores after it where a variable has that name already."""
        return _fresh(wish, self.columns)

    def add_column(self, column: Column) -> Column:
        """Append a variable, under a fresh name where its own is taken, and return it as it is now."""
        added = replace(column, name=self.fresh_variable(column.name))
        self.columns[added.name] = added
        return added

    def add_row(self, name: str, terms: Mapping[str, Fraction], lower: Side, upper: Side) -> Row:
        """Append a row, under a fresh name where its own is taken, and return it as it is now."""
        added = Row(_fresh(name, self.rows), {v: a for v, a in terms.items() if a}, lower, upper)
        self.rows[added.name] = added
        return added

    def require(self, name: str, expression: AffineExpression, lower: Side, upper: Side) -> None:
        """Append lower ≤ expression ≤ upper as a row, unless there is no side to it."""
        if lower is not None or upper is not None:
            self.add_row(
                name,
                expression.terms,
                None if lower is None else lower - expression.constant,
                None if upper is None else upper - expression.constant,
            )

    def substitute(self, replacements: Mapping[str, AffineExpression]) -> None:
        """Write the expressions for the variables, in all rows and in the objective, and remove the variables.

        The bounds and kinds of what is removed are the caller's to keep.
        """
        for name, expression in replacements.items():
            cost = self.columns[name].cost
            self.constant += cost * expression.constant
            for inner, a in expression.terms.items():
                column = self.columns[inner]
                self.columns[inner] = replace(column, cost=column.cost + cost * a)
        for key, row in self.rows.items():
            if any(name in replacements for name in row.terms):
                changed = AffineExpression(ZERO, row.terms).substitute(replacements)
                low, high = (None if side is None else side - changed.constant for side in (row.lower, row.upper))
                self.rows[key] = Row(row.name, dict(changed.terms), low, high)
        for name in replacements:
            del self.columns[name]

    def exchange(self, name: str, column: Column, expression: AffineExpression) -> None:
        """Put `column` in the place of the variable `name`, which is `expression` from now on."""
        self.substitute_each({name: (column, expression)})

    def substitute_each(self, exchanged: Mapping[str, tuple[Column, AffineExpression]]) -> None:
        """Put one new variable in the place of each old one; the old ones are the expressions from now on.

        The new variables' own cost is what the expressions give them.
        """
        order: list[str] = []
        for name in self.columns:
            order.append(exchanged[name][0].name if name in exchanged else name)
        for column, _ in exchanged.values():
            self.columns[column.name] = replace(column, cost=ZERO)
        self.substitute({name: expression for name, (_, expression) in exchanged.items()})
        self.columns = {name: self.columns[name] for name in order}

    @property
    def objective(self) -> AffineExpression:
        """The objective as an affine expression."""
        return AffineExpression(self.constant, {c.name: c.cost for c in self.columns.values() if c.cost})

    def activity(self, terms: Mapping[str, Fraction]) -> tuple[Side, Side]:
        """Return bounds on Σ terms[v]·v that follow from the variables' bounds alone."""
        low: Side = ZERO
        high: Side = ZERO
        for name, a in terms.items():
            column = self.columns[name]
            least, most = (column.lower, column.upper) if a > 0 else (column.upper, column.lower)
            low = None if low is None or least is None else low + a * least
            high = None if high is None or most is None else high + a * most
        return low, high


def _fitting(column: Column) -> Kind:
    """Return the kind, integer where a binary variable has bounds outside [0, 1]."""
    if column.kind == Kind.BINARY:
        inside = column.lower is not None and column.lower >= 0 and column.upper is not None and column.upper <= 1
        return Kind.BINARY if inside else Kind.INTEGER
    return column.kind


def _fresh(wish: str, taken: Iterable[str]) -> str:
    names = taken if isinstance(taken, dict) else set(taken)
    while wish in names:
        wish += "_"
    return wish


def _sides(sides: Iterable[Side], missing: float) -> ExactVector:
    return ExactVector.of(missing if side is None else side for side in sides)


def expression(terms: Mapping[str, Fraction | int], constant: Fraction | int = 0) -> AffineExpression:
    """Return constant + Σ terms[v]·v."""
    return AffineExpression(Fraction(constant), {name: Fraction(a) for name, a in terms.items()})


def sum_of(names: Sequence[str], constant: Fraction | int = 0) -> AffineExpression:
    """Return constant + Σ names."""
    return AffineExpression(Fraction(constant), dict.fromkeys(names, ONE))
