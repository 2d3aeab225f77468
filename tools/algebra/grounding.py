"""Algebra written out: every variable and row by itself, exactly, as a formulation."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

import numpy as np

from tools.algebra.arithmetic import Exact
from tools.algebra.compilation import Adder, Compiler, Environment, Linear, Numeric, Scope, bound_names, weight
from tools.algebra.document import AlgebraDocument, ConstraintDocument, Index, VariableDocument, parse_document
from tools.algebra.faults import FaultError, placed
from tools.algebra.index_sets import IndexSet, integers, labelled
from tools.algebra.limits import AlgebraLimits, Meter
from tools.algebra.syntax import Clause, Comparison, Node, Sign, parse_clauses, parse_expression, parse_index
from tools.algebra.tables import Table, table_of
from tools.errors import InputError
from tools.formulation.literals import Number, NumberList, exact_number
from tools.formulation.model import Formulation, Kind
from tools.formulation.triplets import dense_vector

_KINDS = {"continuous": Kind.CONTINUOUS, "integer": Kind.INTEGER, "binary": Kind.BINARY}
_FLIPPED: dict[Sign, Sign] = {"<=": ">=", ">=": "<=", "==": "=="}
_INFINITE_BELOW: Number = (-math.inf, None)
_INFINITE_ABOVE: Number = (math.inf, None)


def parse_algebra(text: str, *, source: str = "<text>", name: str = "") -> Formulation:
    """Return the model that the algebra in the JSON document `text` means; raises `InputError`."""
    return ground(parse_document(text, source=source, name=name), source=source)


def ground(document: AlgebraDocument, *, source: str = "", limits: AlgebraLimits | None = None) -> Formulation:
    """Return the model with every variable `x[1,2]` and every row `cap[3]` of `document`, in the order written there.

    Constants are moved to the sides of rows; where only the right side of a comparison has variables, it is turned
    round. Raises `InputError` naming the part and quoting its text where it cannot be understood or `limits` would be
    exceeded, `UnsupportedError` where it is not linear.
    """
    return _Grounding(document, f"{source}: " if source else "", limits or AlgebraLimits()).formulation()


def index_sets(document: AlgebraDocument) -> dict[str, IndexSet]:
    """Return the sets of `document`; raises `InputError` where the size of one is no whole number."""
    return dict(_Grounding(document, "", AlgebraLimits()).sets())


class _Grounding:
    """One document on its way to a formulation."""

    def __init__(self, document: AlgebraDocument, source: str, limits: AlgebraLimits) -> None:
        self.document = document
        self.source = source
        self.limits = limits
        self.meter = Meter(limits)
        self.names: list[str] = []
        self.kinds: list[int] = []
        self.lower, self.upper = NumberList(), NumberList()
        self.families: dict[str, Mapping[tuple[Index, ...], int]] = {}
        self.arities: dict[str, int] = {}
        self.rows: list[str] = []
        self.row_lower, self.row_upper = NumberList(), NumberList()
        self.starts = [0]
        self.columns: list[int] = []
        self.coefficients = NumberList()

    def formulation(self) -> Formulation:
        document = self.document
        self.require_distinct_names()
        sets = self.sets()
        tables = {}
        for name, parameter in document.parameters.items():
            with placed(f"{self.source}parameter {name!r}"):
                tables[name] = table_of(parameter, sets)
        labels = frozenset(
            label for found in document.sets.values() for label in found.labels or () if label is str(label)
        )
        scope = Scope(sets, tables, self.families, self.arities, labels, self.meter)
        # Bounds and conditions of variables may not mention variables, whichever come first.
        known: dict[str, Mapping[tuple[Index, ...], int]] = {variable.name: {} for variable in document.variables}
        for variable in document.variables:
            self.add_family(variable, Scope(sets, tables, known, self.arities, labels, self.meter))
        objective = self.objective(scope)
        for constraint in document.constraints:
            self.add_rows(constraint, scope)
        costs = NumberList()
        with placed(f"{self.source}the objective"):
            for coefficient in objective.terms.values():
                costs.append(_number(coefficient))
            _number(objective.constant)
        places = np.array(list(objective.terms), dtype=np.int64)
        try:
            return Formulation.build(
                name=document.name, sense=document.sense, variables=self.names, lower=self.lower.vector(),
                upper=self.upper.vector(), kinds=self.kinds,
                objective=dense_vector(places, costs.vector(), len(self.names)),
                objective_constant=Fraction(objective.constant), rows=self.rows, row_lower=self.row_lower.vector(),
                row_upper=self.row_upper.vector(), indptr=self.starts, columns=self.columns,
                coefficients=self.coefficients.vector(), descriptions=_descriptions(document),
                written_by=document.written_by,
            )  # fmt: skip
        except InputError as error:
            raise InputError(f"{self.source}{error}") from error

    def require_distinct_names(self) -> None:
        document = self.document
        for names in (
            [*document.sets, *document.parameters, *(variable.name for variable in document.variables)],
            [constraint.name for constraint in document.constraints],
        ):
            seen: set[str] = set()
            for name in names:
                if name in seen:
                    raise InputError(f"{self.source}two things are called {name!r}; rename one of the two")
                seen.add(name)

    def sets(self) -> Mapping[str, IndexSet]:
        """Return the sets; their sizes may depend on parameters without indices."""
        scalars: dict[str, Table] = {}
        for name, parameter in self.document.parameters.items():
            if not parameter.indices and isinstance(parameter.values, int | Fraction):
                with placed(f"{self.source}parameter {name!r}"):
                    scalars[name] = table_of(parameter, {})
        compiler = Compiler(Scope({}, scalars, {}, {}, frozenset(), self.meter))
        found: dict[str, IndexSet] = {}
        for name, stated in self.document.sets.items():
            if stated.labels is not None:
                found[name] = labelled(stated.labels)
                continue
            ends = []
            for text in (stated.first, stated.last):
                with placed(f"{self.source}set {name!r}", text):
                    end = compiler.numeric(parse_expression(text))({})
                    if not isinstance(end, int):
                        raise FaultError(f"expected a whole number, found {end}")
                    ends.append(end)
            if stated.first == "1" and ends[1] < 0:
                raise InputError(f"{self.source}set {name!r} cannot have {ends[1]} elements")
            found[name] = integers(*ends)
        return found

    def add_family(self, variable: VariableDocument, scope: Scope) -> None:
        where = f"{self.source}variable {variable.name!r}"
        clauses = _clauses(variable.indices, where, parse_index)
        outer = Compiler(scope)
        with placed(where, ", ".join(variable.indices)):
            loop, compiler = outer.loop(clauses), outer.with_symbols(clauses)
            if outer.size(clauses) > self.limits.variables:
                raise FaultError(f"more than {self.limits.variables} variables")
        bounds: list[tuple[str, Numeric | None, Number]] = []
        for text_or_none, infinite in ((variable.lower, _INFINITE_BELOW), (variable.upper, _INFINITE_ABOVE)):
            text = text_or_none or ""
            with placed(where, text):
                bounds.append((text, compiler.numeric(parse_expression(text)) if text else None, infinite))
        family: dict[tuple[Index, ...], int] = {}
        environment: Environment = {}
        symbols = bound_names(clauses)

        def add() -> None:
            if len(self.names) >= self.limits.variables:
                raise FaultError(f"more than {self.limits.variables} variables")
            key = tuple(environment[symbol] for symbol in symbols)
            if key in family:
                raise FaultError(f"the index {list(key)} occurs twice")
            family[key] = len(self.names)
            self.names.append(_indexed(variable.name, key))
            self.kinds.append(_KINDS[variable.kind])
            for (text, bound, infinite), column in zip(bounds, (self.lower, self.upper), strict=True):
                with placed(f"{self.source}variable {self.names[-1]!r}", text):
                    value = None if bound is None else bound(environment)
                    if variable.kind == "binary" and value is not None and not 0 <= value <= 1:
                        raise FaultError("a binary variable has bounds within [0, 1]; make it an integer")
                    column.append(infinite if value is None else _number(value))

        with placed(where, ", ".join(variable.indices)):
            loop(environment, add)
        self.families[variable.name] = family
        self.arities[variable.name] = len(clauses)

    def objective(self, scope: Scope) -> Linear:
        total = Linear()
        text = self.document.objective
        with placed(f"{self.source}the objective", text):
            node = parse_expression(text)
            if isinstance(node, Comparison):
                raise FaultError("the objective is an expression, not a comparison")
            Compiler(scope).linear(node)({}, 1, total)
        return total

    def add_rows(self, constraint: ConstraintDocument, scope: Scope) -> None:
        where = f"{self.source}constraint {constraint.name!r}"
        clauses = _clauses(constraint.clauses, where, parse_clauses)
        outer = Compiler(scope)
        with placed(where, ", ".join(constraint.clauses)):
            compiler = outer.with_symbols(clauses)
        with placed(where, constraint.expression):
            node = parse_expression(constraint.expression)
            relation = _relation(node, compiler)
        with placed(where, ", ".join(constraint.clauses)):
            loop = outer.loop(clauses, weight(node))
            if outer.size(clauses) > self.limits.rows:
                raise FaultError(f"more than {self.limits.rows} rows")
        environment: Environment = {}
        symbols = bound_names(clauses)

        def add() -> None:
            if len(self.rows) >= self.limits.rows:
                raise FaultError(f"more than {self.limits.rows} rows")
            name = _indexed(constraint.name, tuple(environment[symbol] for symbol in symbols))
            self.rows.append(name)
            with placed(f"{self.source}constraint {name!r}", constraint.expression):
                self.add_row(relation, environment)

        with placed(where, ", ".join(constraint.clauses)):
            loop(environment, add)

    def add_row(self, relation: _Relation, environment: Environment) -> None:
        total = Linear()
        for scale, part in relation.parts:
            part(environment, scale, total)
        for bound, column, infinite in (
            (relation.lower, self.row_lower, _INFINITE_BELOW),
            (relation.upper, self.row_upper, _INFINITE_ABOVE),
        ):
            column.append(infinite if bound is None else _number(bound(environment) - total.constant))
        if len(self.columns) + len(total.terms) > self.limits.terms:
            raise FaultError(f"more than {self.limits.terms} terms")
        for column_index, coefficient in total.terms.items():
            self.columns.append(column_index)
            self.coefficients.append(_number(coefficient))
        self.starts.append(len(self.columns))


class _Relation:
    """lower ≤ the sum of scaled parts ≤ upper, None where there is no such side."""

    def __init__(self, parts: list[tuple[int, Adder]], lower: Numeric | None, upper: Numeric | None) -> None:
        self.parts = parts
        self.lower = lower
        self.upper = upper


def _relation(node: Node, compiler: Compiler) -> _Relation:
    if not isinstance(node, Comparison):
        raise FaultError("a constraint is a comparison, as in sum(x[i] for i in I) <= 10")
    operands, signs = node.operands, node.signs
    for sign in signs:
        if sign in ("<", ">", "!="):
            raise FaultError(f"a constraint with {sign} is not closed; use <=, >= or ==", unsupported=True)
    if len(operands) == 2:
        left, right, sign = operands[0], operands[1], signs[0]
        if not compiler.mentions_variables(left) and compiler.mentions_variables(right):
            left, right, sign = right, left, _FLIPPED[sign]
        parts = [(1, compiler.linear(left)), (-1, compiler.linear(right))]
        return _Relation(parts, _zero if sign != "<=" else None, _zero if sign != ">=" else None)
    if len(operands) == 3 and signs[0] == signs[1] != "==":
        if any(compiler.mentions_variables(side) for side in (operands[0], operands[2])):
            raise FaultError("the sides of a double comparison must be constants; write two constraints")
        low, high = (operands[0], operands[2]) if signs[0] == "<=" else (operands[2], operands[0])
        return _Relation([(1, compiler.linear(operands[1]))], compiler.numeric(low), compiler.numeric(high))
    raise FaultError("a constraint has one comparison, or two in one direction, as in 1 <= x <= 2")


def _zero(environment: Environment) -> Exact:
    return 0


def _number(value: Exact) -> Number:
    try:
        return exact_number(Fraction(value))
    except InputError as error:
        raise FaultError(str(error)) from None


def _clauses(texts: Iterable[str], where: str, parse: Callable[[str], Iterable[Clause]]) -> list[Clause]:
    """Return the clauses of all texts; what is wrong with one is said of it, and `where`."""
    clauses: list[Clause] = []
    for text in texts:
        with placed(where, text):
            clauses.extend(parse(text))
    return clauses


def _indexed(name: str, key: tuple[Index, ...]) -> str:
    return f"{name}[{','.join(map(str, key))}]" if key else name


def _descriptions(document: AlgebraDocument) -> dict[str, str]:
    words = {"": document.description} if document.description else {}
    described = [(variable.name, variable.description) for variable in document.variables]
    described += [(constraint.name, constraint.description) for constraint in document.constraints]
    for name, text in described:
        if text:
            words[name] = f"{words[name]}; {text}" if name in words else text
    return words
