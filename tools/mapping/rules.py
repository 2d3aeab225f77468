"""Mapping rules expanded over the variables of two models into an exact affine mapping.

What a rule means. A bare identifier in the target's brackets is an index symbol, unless some variable of that family
has exactly this text as its index at this place (`ship[paris,j]`). The symbols run over all members of the family,
however their names are spelled (`x[3]`, `x_3`, `x(3)`). In the expression an identifier is a symbol where the target
or a sum binds it, and then may also be a number (`t*z[j,t]`); else it is a variable. A name that exists exactly as
written is that variable.

`sum(EXPRESSION for t)` runs over the values of t for which the summed variables exist; where two of them disagree, or
none exists, the rule must say `for t in FIRST..LAST` or be split.

When several rules define one variable, the one with the fewest index symbols holds: `x[0]` before `x[i]`, `x[0,j]` and
`x[i,i]` before `x[i,j]`. Two rules with equally many are an error. A completed variable is like one with a rule of its
own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from tools.errors import MappingError
from tools.mapping.affine import LARGEST_NUMBER_BITS, AffineExpression, AffineMapping, listed, within_bounds
from tools.mapping.patterns import FamilyKey, Index, NameTable, index_value, parse_name, write_pattern
from tools.mapping.syntax import (
    Addition,
    Comparison,
    Name,
    Node,
    Number,
    Open,
    Power,
    Product,
    Quoted,
    Reference,
    Rule,
    Sum,
    SumRange,
    TextIndex,
    children,
    parse_rules,
    walk,
)

__all__ = ["WORK_LIMIT", "Rule", "Work", "expand", "parse_rules"]

WORK_LIMIT = 5_000_000
"""Terms, factors and summands that one expansion evaluates at most."""

Environment = dict[str, Index]
_Value = tuple[Fraction, dict[str, Fraction]]

_ZERO = Fraction(0)
_ONE = Fraction(1)


@dataclass
class Work:
    """What expansions may evaluate, one or several together: `limit` terms, of which so many are `spent`."""

    limit: int
    spent: int = 0

    def spend(self, amount: int) -> None:
        """Count so many terms; raises `MappingError` beyond the limit."""
        self.spent += amount
        if self.spent > self.limit:
            raise MappingError(
                f"the rules expand to more than {self.limit} terms; narrow the sums, or give the mapping as JSON"
            )


def expand(
    rules: Iterable[Rule],
    reference_names: Iterable[str],
    candidate_names: Iterable[str],
    *,
    completed: Iterable[str] = (),
    partial: bool = False,
    work: Work | None = None,
) -> AffineMapping:
    """Return the mapping that `rules` state, reference variables in their order.

    Every reference variable must be mapped or `completed`; with `partial` the rest may stay unmapped (a hint). Both
    lists of names may be `NameTable`s. Raises `MappingError` on unknown variables, on a variable defined twice, on
    unmapped variables, on open coefficients and products of variables, and beyond what is left of `work`, by default
    `WORK_LIMIT` terms; several expansions may share it.
    """
    reference = reference_names if isinstance(reference_names, NameTable) else NameTable(reference_names)
    candidate = candidate_names if isinstance(candidate_names, NameTable) else NameTable(candidate_names)
    left_open = frozenset(completed)
    unknown = [name for name in sorted(left_open) if name not in reference]
    if unknown:
        raise MappingError(f"{listed(unknown)} completed but no variable of the reference")
    evaluator = _Evaluator(candidate, Work(WORK_LIMIT) if work is None else work)
    assigned = _assign(list(rules), reference, left_open, evaluator)
    if not partial:
        unmapped = [name for name in reference if name not in assigned and name not in left_open]
        if unmapped:
            raise MappingError(
                f"{listed(unmapped)} not mapped; every reference variable needs a rule, or must be named as completed"
            )
    expressions: dict[str, AffineExpression] = {}
    missing: dict[str, Rule] = {}
    for name in reference:
        if name not in assigned:
            continue
        rule, environment = assigned[name]
        try:
            constant, terms = evaluator.evaluate(rule.expression, environment)
        except _UnknownVariableError as error:
            missing.setdefault(error.variable, rule)
            continue
        except MappingError as error:
            raise MappingError(f"rule {_shown(rule)}, for {name!r}: {error}") from None
        expressions[name] = AffineExpression(constant, terms)
    if missing:
        raise MappingError(
            f"{listed(missing)} not in the candidate, but rule {_shown(next(iter(missing.values())))} uses it; "
            f"the candidate has {candidate.described()}"
        )
    return AffineMapping(expressions, left_open)


class _UnknownVariableError(MappingError):
    """The candidate has no such variable."""

    def __init__(self, variable: str) -> None:
        super().__init__(f"the candidate has no variable {variable!r}")
        self.variable = variable


def _assign(
    rules: list[Rule], reference: NameTable, completed: frozenset[str], evaluator: _Evaluator
) -> dict[str, tuple[Rule, Environment]]:
    """Return for each reference variable the rule that defines it and the values of the rule's symbols."""
    resolved = [(rule, *_target(rule, reference, evaluator)) for rule in rules]
    resolved.sort(key=lambda entry: len(entry[1]))
    assigned: dict[str, tuple[Rule, Environment]] = {}
    symbols_used: dict[str, int] = dict.fromkeys(completed, 0)
    twice: dict[str, Rule] = {}
    for rule, symbols, members in resolved:
        for names, environment in members:
            evaluator.spend(1)
            free = [name for name in names if symbols_used.get(name, len(symbols)) >= len(symbols)]
            if len(free) > 1 or (free and len(names) > 1 and symbols):
                raise MappingError(
                    f"rule {_shown(rule)}: {names[0]!r} and {names[1]!r} both fit; give each a rule of its own, "
                    "with the name in backticks"
                )
            for name in free:
                if name in symbols_used:
                    twice.setdefault(name, rule)
                symbols_used[name] = len(symbols)
                assigned.setdefault(name, (rule, environment))
    if twice:
        name, rule = next(iter(twice.items()))
        other = f"rule {_shown(assigned[name][0])}" if name not in completed else "the list of completed variables"
        raise MappingError(
            f"{listed(twice)} defined twice, by {other} and by rule {_shown(rule)}; remove one of the two"
        )
    return assigned


def _target(
    rule: Rule, reference: NameTable, evaluator: _Evaluator
) -> tuple[frozenset[str], Iterator[tuple[tuple[str, ...], Environment]]]:
    """Return the index symbols of the rule's target, and each member it defines (its spellings) with their values."""
    target = rule.target
    nothing: frozenset[str] = frozenset()
    if isinstance(target, Quoted):
        if target.name not in reference:
            raise _unknown_target(rule, reference)
        return nothing, iter([((target.name,), {})])
    if target.text in reference:
        return nothing, iter([((target.text,), {})])
    if isinstance(target, Name):
        parts = parse_name(target.text)
        spellings = reference.spellings((parts.base, parts.arity), parts.indices)
        if not spellings:
            raise _unknown_target(rule, reference)
        return nothing, iter([(spellings, {})])
    found = reference.family_of(target.base, len(target.indices))
    if found is None:
        raise _unknown_target(rule, reference)
    family, prefix = found
    fixed: dict[int, Index] = dict(enumerate(prefix))
    symbols: dict[int, str] = {}
    for position, node in enumerate(target.indices, start=len(prefix)):
        if isinstance(node, Name) and node.text not in reference.values(family, position):
            symbols[position] = node.text
        elif isinstance(node, Name):
            fixed[position] = node.text
        elif any(isinstance(below, Name) for below in walk(node)):
            raise MappingError(
                f"rule {_shown(rule)}: an index of the defined variable is a symbol or a value, not an expression; "
                "move the arithmetic to the right-hand side"
            )
        else:
            try:
                fixed[position] = evaluator.index(node, {})
            except MappingError as error:
                raise MappingError(f"rule {_shown(rule)}: {error}") from None
    matches = reference.matching(family, tuple(fixed), tuple(fixed.values()))
    if not matches:
        raise _unknown_target(rule, reference)
    return frozenset(symbols.values()), _members(reference, family, symbols, matches)


def _unknown_target(rule: Rule, reference: NameTable) -> MappingError:
    return MappingError(
        f"rule {_shown(rule)} defines a variable that the reference does not have; it has {reference.described()}"
    )


def _members(
    reference: NameTable, family: FamilyKey, symbols: dict[int, str], matches: Sequence[tuple[Index, ...]]
) -> Iterator[tuple[tuple[str, ...], Environment]]:
    for indices in matches:
        environment = {symbol: indices[position] for position, symbol in symbols.items()}
        if all(environment[symbol] == indices[position] for position, symbol in symbols.items()):
            yield reference.spellings(family, indices), environment


class _Evaluator:
    """Evaluates rule expressions to exact affine forms over the candidate's variables, within a budget of terms."""

    def __init__(self, candidate: NameTable, work: Work) -> None:
        self.candidate = candidate
        self.spend = work.spend
        self._summed: dict[int, list[tuple[Reference, frozenset[str]]]] = {}

    def evaluate(self, node: Node, environment: Environment) -> _Value:
        """Return (constant, terms) of `node` where its symbols have the values of `environment`."""
        if isinstance(node, Reference):
            self.spend(1)
            return _ZERO, {self._resolve(node, environment): _ONE}
        if isinstance(node, Number):
            return node.value, {}
        if isinstance(node, Addition):
            return self._total((sign, *self.evaluate(term, environment)) for sign, term in node.terms)
        if isinstance(node, Product):
            return self._product(node, environment)
        if isinstance(node, Sum):
            return self._total((1, *self.evaluate(node.body, inner)) for inner in self._bindings(node, environment))
        if isinstance(node, Name):
            return self._name(node.text, environment)
        if isinstance(node, Quoted):
            self.spend(1)
            if node.name not in self.candidate:
                raise _UnknownVariableError(node.name)
            return _ZERO, {node.name: _ONE}
        if isinstance(node, Power):
            return self.constant(node, environment), {}
        if isinstance(node, Open):
            raise MappingError("the coefficient '?' is open, and sketches are not filled here; give a number")
        if isinstance(node, TextIndex):
            raise MappingError(f"{node.value!r} in single quotes is an index; a variable is quoted in backticks")
        assert_never(node)

    def index(self, node: Node, environment: Environment) -> Index:
        """Return the index value that `node` writes; a bare identifier must be bound."""
        if isinstance(node, Name) and node.text in environment:
            return environment[node.text]
        if isinstance(node, TextIndex):
            return index_value(node.value)
        value = self.constant(node, environment)
        if value.denominator != 1:
            raise MappingError(f"an index must be an integer, found {value}; quote text indices as in x['2.5']")
        return value.numerator

    def constant(self, node: Node, environment: Environment) -> Fraction:
        """Return the number that `node` is; raises `MappingError` when it holds a variable or a text index."""
        if isinstance(node, Number):
            return node.value
        if isinstance(node, Name):
            value = environment.get(node.text)
            if value is None:
                raise MappingError(
                    f"{node.text!r} is no index symbol here; bind it in the target's brackets or by 'for {node.text}', "
                    f"or quote it as the text index '{node.text}'"
                )
            return _number(node.text, value)
        if isinstance(node, Addition):
            self.spend(len(node.terms))
            return within_bounds(sum((sign * self.constant(term, environment) for sign, term in node.terms), _ZERO))
        if isinstance(node, Product):
            self.spend(len(node.factors))
            result = _ONE
            for divides, factor in node.factors:
                result = _times(result, self.constant(factor, environment), divides)
            return result
        if isinstance(node, Power):
            return _power(self.constant(node.base, environment), self.constant(node.exponent, environment))
        if isinstance(node, Open):
            raise MappingError("'?' stands for a coefficient only")
        raise MappingError("a variable, a sum or a text stands where only numbers and index symbols may")

    def _name(self, text: str, environment: Environment) -> _Value:
        if text in environment:
            if text in self.candidate:
                raise MappingError(
                    f"{text!r} is both an index symbol and a variable of the candidate; rename the symbol, or write "
                    "the variable in backticks"
                )
            return _number(text, environment[text]), {}
        self.spend(1)
        if text in self.candidate:
            return _ZERO, {text: _ONE}
        parts = parse_name(text)
        name = self.candidate.find((parts.base, parts.arity), parts.indices) if parts.indices else None
        if name is None:
            raise _UnknownVariableError(text)
        return _ZERO, {name: _ONE}

    def _resolve(self, reference: Reference, environment: Environment) -> str:
        """Return the candidate variable that `reference` names."""
        if reference.text in self.candidate and reference.symbols.isdisjoint(environment):
            return reference.text
        family, indices = self._place(reference)
        values = [*indices]
        for node in reference.indices:
            values.append(self._index_in(family, len(values), node, environment))
        name = self.candidate.find(family, tuple(values))
        if name is None:
            raise _UnknownVariableError(write_pattern(family[0], values))
        return name

    def _place(self, reference: Reference) -> tuple[FamilyKey, tuple[Index, ...]]:
        found = self.candidate.family_of(reference.base, len(reference.indices))
        if found is None:
            raise _UnknownVariableError(reference.text)
        return found

    def _index_in(self, family: FamilyKey, position: int, node: Node, environment: Environment) -> Index:
        """Return the value of an index of `family`; an unbound identifier counts where a member has it as its index."""
        if (
            isinstance(node, Name)
            and node.text not in environment
            and node.text in self.candidate.values(family, position)
        ):
            return node.text
        return self.index(node, environment)

    def _total(self, values: Iterable[tuple[int, Fraction, dict[str, Fraction]]]) -> _Value:
        total = _ZERO
        terms: dict[str, Fraction] = {}
        for sign, constant, part in values:
            if constant:
                total = within_bounds(total + constant if sign == 1 else total - constant)
            for name, coefficient in part.items():
                earlier = terms.get(name)
                signed = coefficient if sign == 1 else -coefficient
                terms[name] = signed if earlier is None else within_bounds(earlier + signed)
            self.spend(1 + len(part))
        return total, terms

    def _product(self, node: Product, environment: Environment) -> _Value:
        self.spend(len(node.factors))
        scale = _ONE
        form: _Value | None = None
        for divides, factor in node.factors:
            constant, terms = self.evaluate(factor, environment)
            if not any(terms.values()):
                scale = _times(scale, constant, divides)
            elif divides:
                raise MappingError("division by a variable is not affine")
            elif form is not None:
                raise MappingError("a product of two variables is not affine")
            else:
                form = constant, terms
        if form is None:
            return scale, {}
        self.spend(len(form[1]))
        return _times(scale, form[0], False), {name: _times(scale, c, False) for name, c in form[1].items()}

    def _bindings(self, node: Sum, environment: Environment) -> Iterator[Environment]:
        """Yield the environment of each summand, in the order of the ranges."""
        clash = [span.symbol for span in node.ranges if span.symbol in environment]
        if clash:
            raise MappingError(f"the sum binds {clash[0]!r}, which is already bound outside; rename one of the two")
        implicit = tuple(span.symbol for span in node.ranges if span.first is None)
        explicit = [span for span in node.ranges if span.first is not None]
        for outer in self._explicit(explicit, environment):
            if not implicit:
                if self._holds(node.conditions, outer):
                    yield outer
                continue
            for values in self._domain(node, implicit, outer):
                yield {**outer, **dict(zip(implicit, values, strict=True))}

    def _explicit(self, spans: list[SumRange], environment: Environment) -> Iterator[Environment]:
        if not spans:
            yield environment
            return
        span, *rest = spans
        assert span.first is not None
        assert span.last is not None
        first, last = (self.constant(bound, environment) for bound in (span.first, span.last))
        if first.denominator != 1 or last.denominator != 1:
            raise MappingError(f"the range of {span.symbol!r} must run over integers, found {first}..{last}")
        self.spend(max(0, last.numerator - first.numerator + 1))
        for value in range(first.numerator, last.numerator + 1):
            yield from self._explicit(rest, {**environment, span.symbol: value})

    def _domain(self, node: Sum, symbols: tuple[str, ...], environment: Environment) -> list[tuple[Index, ...]]:
        """Return the values of `symbols` for which the summed variables exist and the conditions hold."""
        domain: dict[tuple[Index, ...], None] | None = None
        described = ", ".join(symbols)
        for reference, inner in self._references(node):
            solutions = self._solutions(reference, inner, symbols, environment)
            if solutions is None:
                continue
            if not solutions:
                raise MappingError(
                    f"no {reference.text} exists for any {described} here; write a rule of its own for this variable"
                )
            kept = dict.fromkeys(
                values
                for values in solutions
                if self._holds(node.conditions, {**environment, **dict(zip(symbols, values, strict=True))})
            )
            if domain is None:
                domain = kept
            elif domain.keys() != kept.keys():
                raise MappingError(
                    f"the summed variables exist for different values of {described}; say which, as in "
                    f"'for {symbols[0]} in 0..5', or split the sum"
                )
        if domain is None:
            raise MappingError(
                f"nothing in the sum says which values {described} takes; write 'for {symbols[0]} in 0..5'"
            )
        return list(domain)

    def _references(self, node: Sum) -> list[tuple[Reference, frozenset[str]]]:
        """Return the references of the sum's body, each with the symbols that sums further inside bind."""
        found = self._summed.get(id(node))
        if found is None:
            found = []
            pending: list[tuple[Node, frozenset[str]]] = [(node.body, frozenset())]
            while pending:
                current, inner = pending.pop()
                if isinstance(current, Reference):
                    found.append((current, inner))
                elif isinstance(current, Sum):
                    pending.append((current.body, inner | {span.symbol for span in current.ranges}))
                else:
                    pending.extend((below, inner) for below in children(current))
            found.reverse()
            self._summed[id(node)] = found
        return found

    def _solutions(
        self, reference: Reference, inner: frozenset[str], symbols: tuple[str, ...], environment: Environment
    ) -> list[tuple[Index, ...]] | None:
        """Return the values of `symbols` for which `reference` exists; None where it does not determine them all."""
        if not reference.symbols.issuperset(symbols):
            return None
        family, prefix = self._place(reference)
        fixed: dict[int, Index] = dict(enumerate(prefix))
        solved: list[tuple[int, str, Fraction, Fraction]] = []
        for position, node in enumerate(reference.indices, start=len(prefix)):
            names = {below.text for below in walk(node) if isinstance(below, Name)}
            if names.isdisjoint(symbols) and names.isdisjoint(inner):
                fixed[position] = self._index_in(family, position, node, environment)
            elif isinstance(node, Name) and node.text in symbols:
                solved.append((position, node.text, _ONE, _ZERO))
            elif names.isdisjoint(inner) and len(names.intersection(symbols)) == 1:
                (symbol,) = names.intersection(symbols)
                line = self._line(node, symbol, environment)
                if line is not None and line[0]:
                    solved.append((position, symbol, *line))
        if {symbol for _, symbol, _, _ in solved} != set(symbols):
            return None
        matches = self.candidate.matching(family, tuple(fixed), tuple(fixed.values()))
        self.spend(len(matches))
        solutions = []
        for indices in matches:
            binding: Environment = {}
            for position, symbol, slope, offset in solved:
                value = _preimage(indices[position], slope, offset)
                if value is None or binding.setdefault(symbol, value) != value:
                    break
            else:
                solutions.append(tuple([binding[symbol] for symbol in symbols]))
        return solutions

    def _line(self, node: Node, symbol: str, environment: Environment) -> tuple[Fraction, Fraction] | None:
        """Return (slope, offset) of an index expression in `symbol`, or None where it is not a line."""
        if not any(isinstance(below, Name) and below.text == symbol for below in walk(node)):
            return _ZERO, self.constant(node, environment)
        if isinstance(node, Name):
            return _ONE, _ZERO
        if isinstance(node, Addition):
            slope = offset = _ZERO
            for sign, term in node.terms:
                line = self._line(term, symbol, environment)
                if line is None:
                    return None
                slope, offset = slope + sign * line[0], offset + sign * line[1]
            return slope, offset
        if isinstance(node, Product):
            result = _ZERO, _ONE
            for divides, factor in node.factors:
                line = self._line(factor, symbol, environment)
                if line is None or (line[0] and (divides or result[0])):
                    return None
                if line[0]:
                    result = line[0] * result[1], line[1] * result[1]
                else:
                    result = _times(result[0], line[1], divides), _times(result[1], line[1], divides)
            return result
        return None

    def _holds(self, conditions: Sequence[Comparison], environment: Environment) -> bool:
        self.spend(len(conditions))
        return all(self._compares(condition, environment) for condition in conditions)

    def _compares(self, condition: Comparison, environment: Environment) -> bool:
        left, right = (self._side(node, environment) for node in (condition.left, condition.right))
        if condition.sign == "==":
            return left == right
        if condition.sign == "!=":
            return left != right
        if isinstance(left, str) or isinstance(right, str):
            raise MappingError(f"{left!r} {condition.sign} {right!r}: only integer indices are ordered")
        if condition.sign == "<":
            return left < right
        if condition.sign == "<=":
            return left <= right
        if condition.sign == ">":
            return left > right
        return left >= right

    def _side(self, node: Node, environment: Environment) -> Fraction | Index:
        if isinstance(node, TextIndex) or (isinstance(node, Name) and node.text in environment):
            return self.index(node, environment)
        return self.constant(node, environment)


def _number(symbol: str, value: Index) -> Fraction:
    if isinstance(value, str):
        raise MappingError(f"the index {symbol!r} is the text {value!r} here, which has no numerical value")
    return Fraction(value)


def _times(left: Fraction, right: Fraction, divides: bool) -> Fraction:
    if divides:
        if not right:
            raise MappingError("division by zero")
        return within_bounds(left / right)
    if left == 1:
        return right
    return within_bounds(left * right)


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1:
        raise MappingError(f"the exponent {exponent} is not an integer")
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if abs(exponent) * bits > 2 * LARGEST_NUMBER_BITS and abs(base) != 1 and base:
        raise MappingError(f"a power with the exponent {exponent.numerator} is refused; use numbers of ordinary size")
    if not base and exponent < 0:
        raise MappingError("division by zero")
    return within_bounds(Fraction(base**exponent.numerator))


def _preimage(value: Index, slope: Fraction, offset: Fraction) -> Index | None:
    if isinstance(value, str):
        return value if slope == 1 and not offset else None
    if slope == 1 and not offset:
        return value
    found = (value - offset) / slope
    return found.numerator if found.denominator == 1 else None


def _shown(rule: Rule) -> str:
    text = rule.text if len(rule.text) <= 80 else f"{rule.text[:77]}..."
    return f"{text!r} (line {rule.line})"
