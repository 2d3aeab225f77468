"""Expressions turned into functions of the values of their symbols: constants, conditions, linear expressions.

Names are looked up once, when an expression is compiled; what is unknown or not linear is a `FaultError` then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import assert_never

from tools.algebra.arithmetic import Exact, bounded, exact, power, quotient
from tools.algebra.document import Index
from tools.algebra.faults import FaultError
from tools.algebra.index_sets import IndexSet, integers
from tools.algebra.limits import Meter
from tools.algebra.syntax import (
    Addition,
    Call,
    Clause,
    Comparison,
    Logic,
    Name,
    Negation,
    Node,
    Number,
    Power,
    Product,
    Reference,
    Sign,
    Span,
    Text,
    walk,
)
from tools.algebra.tables import Table, listed

_NODES_OF_A_STEP = 8

Value = Exact | str
"""What a constant expression gives: a number or a label."""

Environment = dict[str, Index]
"""The elements that symbols stand for."""

Constant = Callable[[Environment], Value]
Numeric = Callable[[Environment], Exact]
Condition = Callable[[Environment], bool]
Loop = Callable[[Environment, Callable[[], None]], None]


def bound_names(clauses: Sequence[Clause]) -> list[str]:
    """Return under which names a loop over `clauses` puts its elements into the environment."""
    return [clause.symbol or f" {position}" for position, clause in enumerate(clauses)]


@dataclass
class Linear:
    """A linear expression that is being added up: `terms` by variable, and a constant."""

    terms: dict[int, Exact] = field(default_factory=dict)
    constant: Exact = 0

    def add(self, variable: int, coefficient: Exact) -> None:
        """Add a multiple of a variable."""
        before = self.terms.get(variable)
        self.terms[variable] = coefficient if before is None else bounded(exact_sum(before, coefficient))


Adder = Callable[[Environment, Exact, Linear], None]
"""Adds a multiple of an expression to a linear one."""


@dataclass(frozen=True)
class Scope:
    """What names mean: sets, parameters, families of variables (their positions by index), and the labels of sets."""

    sets: Mapping[str, IndexSet]
    tables: Mapping[str, Table]
    families: Mapping[str, Mapping[tuple[Index, ...], int]]
    arities: Mapping[str, int]
    labels: frozenset[str]
    meter: Meter

    def meaning(self, name: str) -> str:
        """Return what `name` is called besides a symbol, or nothing."""
        for word, names in (("a set", self.sets), ("a parameter", self.tables), ("a variable", self.families)):
            if name in names:
                return word
        return ""


def exact_sum(left: Exact, right: Exact) -> Exact:
    """Return left + right, as an `int` where it is whole."""
    total = left + right
    return total if isinstance(total, int) else exact(total)


def exact_product(left: Exact, right: Exact) -> Exact:
    """Return left * right, as an `int` where it is whole; raises `FaultError` where it has too many digits."""
    found = left * right
    return bounded(found if isinstance(found, int) else exact(found))


class Compiler:
    """Compiles expressions in which `symbols` are bound."""

    def __init__(self, scope: Scope, symbols: frozenset[str] = frozenset()) -> None:
        self.scope = scope
        self.symbols = symbols

    def with_symbols(self, clauses: Iterable[Clause]) -> Compiler:
        """Return a compiler in which the symbols of `clauses` are bound too; raises `FaultError` on a taken name."""
        symbols = set(self.symbols)
        for clause in clauses:
            if clause.symbol:
                self._require_free(clause.symbol, symbols)
                symbols.add(clause.symbol)
        return Compiler(self.scope, frozenset(symbols))

    def _require_free(self, symbol: str, symbols: set[str]) -> None:
        if symbol in symbols:
            raise FaultError(f"the index {symbol!r} is in use already; give the inner one another name")
        meaning = self.scope.meaning(symbol)
        if meaning:
            raise FaultError(f"the index {symbol!r} has the name of {meaning}; give it another name")

    def loop(self, clauses: Sequence[Clause], steps: int = 1) -> Loop:
        """Return a function that calls another one for all values of the clauses' symbols, bound in the environment.

        Each value counts so many `steps`, and more where conditions are long.
        """
        compiler: Compiler = self
        levels: list[tuple[str, Callable[[Environment], IndexSet], Condition | None]] = []
        for symbol, clause in zip(bound_names(clauses), clauses, strict=True):
            span = compiler.span(clause.span)
            compiler = compiler.with_symbols([clause])
            condition = None if clause.condition is None else compiler.condition(clause.condition)
            levels.append((symbol, span, condition))
        meter = self.scope.meter
        cost = steps + sum(weight(clause.condition) for clause in clauses if clause.condition is not None)

        def run(environment: Environment, action: Callable[[], None], depth: int = 0) -> None:
            if depth == len(levels):
                action()
                return
            symbol, span, condition = levels[depth]
            found = span(environment)
            meter.spend(found.size * cost)
            for index in found:
                environment[symbol] = index
                if condition is None or condition(environment):
                    run(environment, action, depth + 1)
            environment.pop(symbol, None)

        return run

    def size(self, clauses: Sequence[Clause]) -> int:
        """Return how many values a loop has; 0 where conditions, or spans that depend on each other, leave it open."""
        symbols = {clause.symbol for clause in clauses}
        size = 1
        for clause in clauses:
            ends = walk(clause.span)
            if clause.condition is not None or any(isinstance(end, Name) and end.text in symbols for end in ends):
                return 0
            size *= self.span(clause.span)({}).size
        return size

    def span(self, span: Name | Span) -> Callable[[Environment], IndexSet]:
        """Return a function that gives the set to run over."""
        if isinstance(span, Name):
            found = self.scope.sets.get(span.text)
            if found is None:
                raise FaultError(f"{span.text!r} is not a set; known are {listed(self.scope.sets) or 'none'}")
            return lambda environment: found
        first, last = self.numeric(span.first), self.numeric(span.last)

        def between(environment: Environment) -> IndexSet:
            low, high = first(environment), last(environment)
            if not isinstance(low, int) or not isinstance(high, int):
                raise FaultError("the ends of a range a..b must be whole numbers")
            return integers(low, high)

        return between

    def numeric(self, node: Node) -> Numeric:
        """Return a function that gives the number that a constant expression is."""
        value = self.constant(node)

        def number(environment: Environment) -> Exact:
            found = value(environment)
            if isinstance(found, str):
                raise FaultError(f"the label {found!r} is no number")
            return found

        return number

    def constant(self, node: Node) -> Constant:
        """Return a function that gives the value of an expression without variables; raises `FaultError` on others."""
        match node:
            case Number(value) | Text(value):
                return lambda environment: value
            case Name(text):
                return self._named(text)
            case Reference(base, indices):
                return self._looked_up(base, indices)
            case Addition(terms):
                parts = [(sign, self.numeric(term)) for sign, term in terms]
                return lambda environment: _total((sign * part(environment)) for sign, part in parts)
            case Product(factors):
                return self._product(factors)
            case Power(base_node, exponent_node):
                base_value, exponent = self.numeric(base_node), self.numeric(exponent_node)
                return lambda environment: power(base_value(environment), exponent(environment))
            case Call():
                return self._called(node)
            case Comparison() | Logic() | Negation():
                raise FaultError("a comparison stands where a number is expected")
        assert_never(node)

    def _named(self, name: str) -> Constant:
        scope = self.scope
        if name in self.symbols:
            return lambda environment: environment[name]
        if name in scope.tables:
            table = scope.tables[name]
            if table.arity:
                raise FaultError(f"the parameter {name} needs {table.arity} indices in [ ]")
            number = table.entries[()]
            return lambda environment: number
        if name in scope.families:
            raise FaultError(f"{name} is a variable, but only constants may stand here", unsupported=True)
        if name in scope.sets:
            raise FaultError(f"{name} is a set, but a number is expected; run over it with 'for i in {name}'")
        if name in scope.labels:
            return lambda environment: name
        raise self._unknown(name)

    def _unknown(self, name: str) -> FaultError:
        scope = self.scope
        known = [*sorted(self.symbols), *scope.tables, *scope.families]
        return FaultError(f"unknown name {name[:60]!r}; known here are {listed(known) or 'none'}")

    def _key(self, base: str, indices: Sequence[Node]) -> Callable[[Environment], tuple[Index, ...]]:
        parts = [self.constant(index) for index in indices]

        def key(environment: Environment) -> tuple[Index, ...]:
            found = tuple(part(environment) for part in parts)
            for value in found:
                if isinstance(value, Fraction):
                    raise FaultError(f"an index of {base} is {value}, which is not a whole number")
            return found  # type: ignore[return-value]

        return key

    def _require_arity(self, base: str, arity: int, found: int) -> None:
        if arity != found:
            raise FaultError(f"{base} takes {arity} {'index' if arity == 1 else 'indices'} in [ ], found {found}")

    def _looked_up(self, base: str, indices: Sequence[Node]) -> Constant:
        table = self.scope.tables.get(base)
        if table is None:
            if base in self.scope.families:
                raise FaultError(f"{base} is a variable, but only constants may stand here", unsupported=True)
            raise self._unknown(base)
        self._require_arity(base, table.arity, len(indices))
        key = self._key(base, indices)

        def entry(environment: Environment) -> Exact:
            place = key(environment)
            found = table.value(place)
            if found is None:
                raise FaultError(f"the parameter {base} has no value at {_shown(place)}{_hint(table)}")
            return found

        return entry

    def _product(self, factors: Sequence[tuple[bool, Node]]) -> Numeric:
        parts = [(divides, self.numeric(factor)) for divides, factor in factors]

        def product(environment: Environment) -> Exact:
            total: Exact = 1
            for divides, part in parts:
                value = part(environment)
                total = quotient(total, value) if divides else exact_product(total, value)
            return total

        return product

    def _called(self, node: Call) -> Numeric:
        function = node.function
        if not node.clauses:
            parts = [self.numeric(argument) for argument in node.arguments]
            if function == "abs":
                return lambda environment: max(parts[0](environment), -parts[0](environment))
            if function == "min":
                return lambda environment: min(part(environment) for part in parts)
            return lambda environment: max(part(environment) for part in parts)
        loop = self.loop(node.clauses, weight(node.arguments[0]))
        body = self.with_symbols(node.clauses).numeric(node.arguments[0])

        def gathered(environment: Environment) -> Exact:
            found: list[Exact] = []

            def take() -> None:
                value = body(environment)
                if not found:
                    found.append(value)
                elif function == "sum":
                    found[0] = bounded(exact_sum(found[0], value))
                elif value < found[0] if function == "min" else value > found[0]:
                    found[0] = value

            loop(environment, take)
            if not found and function != "sum":
                raise FaultError(f"the {function} over an empty set")
            return found[0] if found else 0

        return gathered

    def condition(self, node: Node) -> Condition:
        """Return a function that says whether a condition without variables holds."""
        match node:
            case Comparison(operands, signs):
                parts = [self.constant(operand) for operand in operands]

                def compared(environment: Environment) -> bool:
                    values = [part(environment) for part in parts]
                    return all(
                        _holds(left, sign, right) for left, sign, right in zip(values, signs, values[1:], strict=False)
                    )

                return compared
            case Logic(word, pieces):
                conditions = [self.condition(piece) for piece in pieces]
                if word == "and":
                    return lambda environment: all(part(environment) for part in conditions)
                return lambda environment: any(part(environment) for part in conditions)
            case Negation(piece):
                denied = self.condition(piece)
                return lambda environment: not denied(environment)
            case _:
                raise FaultError("a condition is a comparison such as i != j, or several with and, or, not")

    def linear(self, node: Node) -> Adder:
        """Return a function that adds a multiple of a linear expression; raises `FaultError` on others."""
        if not self.mentions_variables(node):
            value = self.numeric(node)

            def add_constant(environment: Environment, scale: Exact, total: Linear) -> None:
                total.constant = bounded(exact_sum(total.constant, exact_product(scale, value(environment))))

            return add_constant
        match node:
            case Name(text):
                return self._variable(text, ())
            case Reference(base, indices):
                return self._variable(base, indices)
            case Addition(terms):
                parts = [(sign, self.linear(term)) for sign, term in terms]

                def add_all(environment: Environment, scale: Exact, total: Linear) -> None:
                    for sign, part in parts:
                        part(environment, scale if sign > 0 else -scale, total)

                return add_all
            case Product(factors):
                return self._scaled(factors)
            case Power():
                raise FaultError("a power of a variable is not linear", unsupported=True)
            case Call(function):
                if function != "sum":
                    raise FaultError(
                        f"{function} of a variable is not linear; write it with constraints", unsupported=True
                    )
                loop = self.loop(node.clauses, weight(node.arguments[0]))
                body = self.with_symbols(node.clauses).linear(node.arguments[0])
                return lambda environment, scale, total: loop(environment, lambda: body(environment, scale, total))
            case _:
                raise FaultError("a comparison stands where an expression is expected")

    def _variable(self, base: str, indices: Sequence[Node]) -> Adder:
        family = self.scope.families[base]
        arity = self.scope.arities[base]
        self._require_arity(f"the variable {base}", arity, len(indices))
        for index in indices:
            if self.mentions_variables(index):
                raise FaultError(f"an index of {base} depends on a variable", unsupported=True)
        key = self._key(base, indices)
        meter = self.scope.meter

        def add_variable(environment: Environment, scale: Exact, total: Linear) -> None:
            place = key(environment)
            position = family.get(place)
            if position is None:
                raise FaultError(
                    f"there is no variable {base}{_shown(place)}; leave it out with a condition, or define it"
                )
            meter.spend(1)
            total.add(position, scale)

        return add_variable

    def _scaled(self, factors: Sequence[tuple[bool, Node]]) -> Adder:
        moving = [(divides, factor) for divides, factor in factors if self.mentions_variables(factor)]
        if any(divides for divides, _ in moving):
            raise FaultError("a division by a variable is not linear", unsupported=True)
        if len(moving) > 1:
            raise FaultError("a product of variables is not linear", unsupported=True)
        inner = self.linear(moving[0][1])
        rest = [(divides, factor) for divides, factor in factors if not self.mentions_variables(factor)]
        coefficient = self._product(rest)
        return lambda environment, scale, total: inner(
            environment, exact_product(scale, coefficient(environment)), total
        )

    def mentions_variables(self, node: Node) -> bool:
        """Say whether a variable occurs in `node`."""
        for found in walk(node):
            name = found.base if isinstance(found, Reference) else found.text if isinstance(found, Name) else ""
            if name in self.scope.families:
                return True
        return False


def weight(node: Node) -> int:
    """Return about how many steps an evaluation of `node` takes, inner sums counted once."""
    return 1 + sum(1 for _ in walk(node)) // _NODES_OF_A_STEP


def _total(values: Iterable[Exact]) -> Exact:
    total: Exact = 0
    for value in values:
        total = bounded(exact_sum(total, value))
    return total


def _holds(left: Value, sign: Sign, right: Value) -> bool:
    if sign == "==":
        return left == right
    if sign == "!=":
        return left != right
    if isinstance(left, str) or isinstance(right, str):
        raise FaultError("labels have no order; compare them with == or !=")
    if sign == "<":
        return left < right
    if sign == "<=":
        return left <= right
    if sign == ">":
        return left > right
    return left >= right


def _shown(key: tuple[Index, ...]) -> str:
    return f"[{','.join(map(str, key))[:60]}]" if key else ""


def _hint(table: Table) -> str:
    first = next(iter(table.entries), None)
    if first is None:
        return " (it is empty)"
    last = next(reversed(list(table.entries)))
    return f"; its indices run from {_shown(first)} to {_shown(last)}"
