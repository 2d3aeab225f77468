"""How far a completion has come: what is known of the target's variables, and what the rows say about the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from tools.completion.rows import OBJECTIVE, OpenRow
from tools.completion.samples import Samples
from tools.errors import MappingError
from tools.formulation.model import Formulation
from tools.formulation.simplified import simplified
from tools.mapping.affine import AffineExpression
from tools.mapping.extension import Extension
from tools.mapping.functions.protocol import Condition, TotalFunction

ZERO = Fraction(0)

Range = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Proposal:
    """Values for some open target variables: expressions in source variables and outputs, and functions that they need.

    `functions` come after those that are there already; their outputs have names from `State.output_name`.
    """

    expressions: Mapping[str, AffineExpression]
    functions: tuple[TotalFunction, ...] = ()

    def __hash__(self) -> int:
        return hash((frozenset(self.expressions.items()), self.functions))


@dataclass(frozen=True)
class Task:
    """What is to be completed: a map from F(`samples.source.model`) to F(`target`); `notes` collects what failed.

    `rows` are all requirements as they are before anything is known; `State.start` fills them in.
    `model` is the target with fixed variables and single-variable rows turned into bounds; it has the same points.
    """

    samples: Samples
    target: Formulation
    notes: list[str] = field(default_factory=list)
    rows: list[OpenRow] = field(default_factory=list)

    @cached_property
    def model(self) -> Formulation:
        """The target simplified."""
        return simplified(self.target)

    @cached_property
    def bounds(self) -> Mapping[str, tuple[Fraction | None, Fraction | None]]:
        """The bounds of each target variable, None for no bound."""
        model = self.model
        return {name: (model.lower.finite(j), model.upper.finite(j)) for j, name in enumerate(model.variables)}

    @property
    def source(self) -> Formulation:
        """The model from which values are taken."""
        return self.samples.source.model


@dataclass(frozen=True)
class State:
    """Some target variables known as expressions over source variables and outputs of `functions`, the others open.

    `rows` are those of the target (and further requirements) with known variables moved to the sides. `focus` holds
    the open variables that are looked for now; a pattern proposes values for these alone.
    """

    task: Task
    known: Mapping[str, AffineExpression]
    functions: tuple[TotalFunction, ...]
    rows: Sequence[OpenRow]
    rows_of: Mapping[str, Sequence[int]]
    focus: tuple[str, ...]
    values: list[dict[str, Fraction]] = field(default_factory=list)

    @classmethod
    def start(cls, task: Task, rows: Sequence[OpenRow]) -> State:
        """Return the state in which nothing is known."""
        task.rows[:] = rows
        rows_of: dict[str, list[int]] = {name: [] for name in task.target.variables}
        for i, row in enumerate(rows):
            for name in row.terms:
                rows_of[name].append(i)
        return cls(task, {}, (), tuple(rows), rows_of, task.target.variables)

    def rows_with(self, names: Iterable[str]) -> list[OpenRow]:
        """Return the rows in which some of these open variables occur, each once, in order."""
        return [self.rows[i] for i in sorted({i for name in names for i in self.rows_of[name]})]

    def bounds(self, name: str) -> tuple[Fraction | None, Fraction | None]:
        """Return the bounds of a target variable, None for no bound."""
        return self.task.bounds[name]

    def is_integer(self, name: str) -> bool:
        """Say whether a target variable must be a whole number."""
        return bool(self.task.target.integer[self.task.target.variable_index[name]])

    def is_binary(self, name: str) -> bool:
        """Say whether a target variable is 0 or 1."""
        return self.is_integer(name) and self.bounds(name) == (ZERO, Fraction(1))

    def cost(self, name: str) -> Fraction:
        """Return what a unit of a target variable costs, as minimisation."""
        target = self.task.target
        return target.cost_terms.get(target.variable_index[name], ZERO)

    def points(self) -> list[dict[str, Fraction]]:
        """Return the sample points of the source with the outputs of all functions added."""
        extension = Extension(self.functions)
        for point in self.task.samples.points[len(self.values) :]:
            self.values.append(extension.apply(point))
        return self.values

    def values_of(self, expression: AffineExpression) -> list[Fraction]:
        """Return the values of an expression at the sample points."""
        return [expression.evaluate(point) for point in self.points()]

    def range_of(self, expression: AffineExpression) -> Range:
        """Return the least and the greatest value of an expression at the sample points."""
        if not expression.terms:
            return expression.constant, expression.constant
        values = self.values_of(expression)
        return min(values), max(values)

    def is_zero_one(self, expression: AffineExpression) -> bool:
        """Say whether an expression is 0 or 1 at all sample points."""
        return all(value in (0, 1) for value in self.values_of(expression))

    def is_whole(self, expression: AffineExpression) -> bool:
        """Say whether an expression has whole coefficients and is a whole number at all sample points."""
        numbers = (expression.constant, *expression.terms.values())
        return all(number.denominator == 1 for number in numbers) and all(
            value.denominator == 1 for value in self.values_of(expression)
        )

    def is_integral(self, expression: AffineExpression) -> bool:
        """Say whether an expression has whole coefficients on whole variables and outputs."""
        numbers = (expression.constant, *expression.terms.values())
        return all(number.denominator == 1 for number in numbers) and expression.terms.keys() <= self._whole

    @cached_property
    def _whole(self) -> frozenset[str]:
        source = self.task.source
        outputs = (output for function in self.functions for output in function.outputs)
        return frozenset(
            {v for v, whole in zip(source.variables, source.integer.tolist(), strict=True) if whole}
            | {output.name for output in outputs if output.kind}
        )

    def output_name(self, name: str) -> str:
        """Return a name for the output that becomes target variable `name`: its own, primed where that is taken."""
        taken = self._taken
        while name in taken:
            name += "'"
        return name

    @cached_property
    def _taken(self) -> frozenset[str]:
        outputs = (output.name for function in self.functions for output in function.outputs)
        return frozenset(self.task.source.variables) | frozenset(outputs)

    def focused(self, names: Iterable[str]) -> State:
        """Return the state in which only these open variables are looked for."""
        return replace(self, focus=tuple(names))

    def with_proposal(self, proposal: Proposal) -> State | None:
        """Return the state after `proposal`, or None where a sample point shows that it cannot hold.

        Conditions of functions, bounds and integrality of what is defined, and all rows that it touches are tried.
        """
        values = self.points()
        if proposal.functions:
            extended: list[dict[str, Fraction]] = []
            try:
                for point in values:
                    current = dict(point)
                    for function in proposal.functions:
                        if not all(_holds(c.expression.evaluate(current), c) for c in function.conditions()):
                            return None
                        current.update(function.evaluate(current))
                    extended.append(current)
            except MappingError:
                return None
            values = extended
        for name, expression in proposal.expressions.items():
            low, high = self.bounds(name)
            whole = self.is_integer(name)
            for point in values:
                value = expression.evaluate(point)
                if (low is not None and value < low) or (high is not None and value > high):
                    return None
                if whole and value.denominator != 1:
                    return None
        rows = list(self.rows)
        touched = {i for name in proposal.expressions for i in self.rows_of[name]}
        for i in touched:
            rows[i] = rows[i].given(proposal.expressions)
            if not all(self._possible(rows[i], point) for point in values):
                return None
        open_rows = {**self.rows_of}
        for name in proposal.expressions:
            open_rows[name] = ()
        return State(
            self.task,
            {**self.known, **proposal.expressions},
            (*self.functions, *proposal.functions),
            rows,
            open_rows,
            tuple(name for name in self.focus if name not in proposal.expressions),
            list(values),
        )

    def _possible(self, row: OpenRow, point: Mapping[str, Fraction]) -> bool:
        """Say whether the row can hold at a point, whatever its open variables are within their bounds."""
        least: Fraction | None = ZERO
        most: Fraction | None = ZERO
        for name, a in row.terms.items():
            low, high = self.bounds(name) if a > 0 else self.bounds(name)[::-1]
            least = None if least is None or low is None else least + a * low
            most = None if most is None or high is None else most + a * high
            if least is None and most is None:
                return True
        if row.lower is not None and most is not None and row.lower.evaluate(point) > most:
            return False
        return not (row.upper is not None and least is not None and row.upper.evaluate(point) < least)

    def holds_at_samples(self) -> bool:
        """Say whether every row without open variables, bound and integrality of known variables holds at all points.

        Points that came after a proposal was made have not been tried on it.
        """
        for point in self.points():
            for row in self.rows:
                if not row.terms and not self._possible(row, point):
                    return False
            for name, expression in self.known.items():
                value = expression.evaluate(point)
                low, high = self.bounds(name)
                if (low is not None and value < low) or (high is not None and value > high):
                    return False
                if self.is_integer(name) and value.denominator != 1:
                    return False
        return True

    def reduced(self) -> State | None:
        """Return the state in which inequalities that contain a multiple of an equality have that moved to their sides.

        None where a sample point breaks a row that has no open variable left.
        """
        rows = list(self.rows)
        points = self.points()
        for i in sorted({i for name in self.focus for i in self.rows_of[name]}):
            equality = rows[i]
            if not equality.is_equality or not equality.terms:
                continue
            for k in self.rows_of[next(iter(equality.terms))]:
                if k == i or rows[k].is_equality:
                    continue
                less = rows[k].without(equality)
                if less is not rows[k] and not all(self._possible(less, point) for point in points):
                    return None
                rows[k] = less
        rows_of = dict(self.rows_of)
        for name in self.focus:
            rows_of[name] = [i for i in self.rows_of[name] if name in rows[i].terms]
        return replace(self, rows=rows, rows_of=rows_of, values=list(points))

    @property
    def objective_row(self) -> OpenRow | None:
        """The row of the objective where it still has open variables."""
        if self.rows and self.rows[-1].label == OBJECTIVE and self.rows[-1].terms:
            return self.rows[-1]
        return None


def _holds(value: Fraction, condition: Condition) -> bool:
    if condition.lower is not None and value < condition.lower:
        return False
    if condition.upper is not None and value > condition.upper:
        return False
    return value.denominator == 1 or not condition.integral
