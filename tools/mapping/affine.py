"""Exact affine expressions in named variables, and mappings made of one such expression for each target variable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from flint import fmpq, fmpq_mat

from tools.errors import InputError, MappingError
from tools.formulation.numbers import decimal_value, parse_rational

LARGEST_DENSE_BLOCK = 400
"""Blocks of more variables than this are not inverted: dense exact elimination would take seconds."""

LARGEST_NUMBER_BITS = 4000
"""Numerators and denominators longer than this are refused, so that hostile input cannot make arithmetic slow."""

_ZERO = Fraction(0)
_ONE = Fraction(1)
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class AffineExpression:
    """`constant + Σ terms[v]·v` over variable names v, exactly; zero coefficients are dropped on construction."""

    constant: Fraction
    terms: Mapping[str, Fraction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        terms = {name: c if type(c) is Fraction else Fraction(c) for name, c in self.terms.items() if c}
        if type(self.constant) is not Fraction:
            object.__setattr__(self, "constant", Fraction(self.constant))
        object.__setattr__(self, "terms", MappingProxyType(terms))

    @classmethod
    def variable(cls, name: str) -> AffineExpression:
        """Return the expression that is the variable `name` itself."""
        return cls(_ZERO, {name: _ONE})

    @classmethod
    def number(cls, value: Fraction | int) -> AffineExpression:
        """Return the constant expression `value`."""
        return cls(Fraction(value), {})

    def evaluate(self, point: Mapping[str, Fraction]) -> Fraction:
        """Return the exact value at `point`; raises `MappingError` when the point lacks a variable of a term."""
        value = self.constant
        try:
            for name, coefficient in self.terms.items():
                at = point[name]
                if at:
                    value += at if coefficient == 1 else coefficient * at
        except KeyError as error:
            raise MappingError(
                f"the point has no value for variable {error.args[0]!r}, which the expression {_cut(str(self))} uses; "
                "give every variable a value"
            ) from None
        return value

    def substitute(self, replacements: Mapping[str, AffineExpression]) -> AffineExpression:
        """Return the expression with each variable that `replacements` names replaced; the others stay."""
        constant = self.constant
        terms: dict[str, Fraction] = {}
        if not constant and len(self.terms) == 1:
            ((name, coefficient),) = self.terms.items()
            if coefficient == 1:
                return replacements.get(name, self)
        for name, coefficient in self.terms.items():
            inner = replacements.get(name)
            if inner is None:
                terms[name] = terms.get(name, _ZERO) + coefficient
                continue
            constant += coefficient * inner.constant
            for inner_name, inner_coefficient in inner.terms.items():
                terms[inner_name] = terms.get(inner_name, _ZERO) + coefficient * inner_coefficient
        return AffineExpression(constant, terms)

    def __add__(self, other: AffineExpression) -> AffineExpression:
        if not isinstance(other, AffineExpression):
            return NotImplemented
        terms = dict(self.terms)
        for name, coefficient in other.terms.items():
            terms[name] = terms.get(name, _ZERO) + coefficient
        return AffineExpression(self.constant + other.constant, terms)

    def __sub__(self, other: AffineExpression) -> AffineExpression:
        if not isinstance(other, AffineExpression):
            return NotImplemented
        return self + -other

    def __neg__(self) -> AffineExpression:
        return self * -1

    def __mul__(self, scale: Fraction | int) -> AffineExpression:
        if not isinstance(scale, Fraction | int):
            return NotImplemented
        return AffineExpression(self.constant * scale, {name: c * scale for name, c in self.terms.items()})

    __rmul__ = __mul__

    def __hash__(self) -> int:
        return hash((self.constant, frozenset(self.terms.items())))

    def __reduce__(self) -> tuple[Any, ...]:
        return (AffineExpression, (self.constant, dict(self.terms)))

    def __str__(self) -> str:
        return format_sum(((c, name) for name, c in self.terms.items()), self.constant)

    def to_json(self) -> dict[str, Any]:
        """Return `{"constant": "0", "terms": {"d[1,0]": "1"}}` with exact strings."""
        return {"constant": str(self.constant), "terms": {name: str(c) for name, c in self.terms.items()}}

    @classmethod
    def from_json(cls, data: object, *, owner: str) -> AffineExpression:
        """Return the expression that `to_json` wrote; raises `MappingError` naming `owner` on any other shape."""
        if not isinstance(data, dict) or not isinstance(data.get("terms", {}), dict):
            raise MappingError(
                f'the expression of {_cut(owner)!r} must be {{"constant": "0", "terms": {{"d[1]": "1"}}}}, '
                f"found {_cut(repr(data))}"
            )
        unknown = data.keys() - {"constant", "terms"}
        if unknown:
            raise MappingError(
                f"the expression of {_cut(owner)!r} has the unknown field {_cut(str(min(map(str, unknown))))!r}; "
                "only 'constant' and 'terms' are read"
            )
        terms = data.get("terms", {})
        for name in terms:
            if not isinstance(name, str) or not name:
                raise MappingError(f"the expression of {_cut(owner)!r} names a variable {_cut(repr(name))}")
        return cls(
            exact_number(data.get("constant", "0"), owner=owner),
            {name: exact_number(coefficient, owner=owner) for name, coefficient in terms.items()},
        )


@dataclass(frozen=True)
class AffineMapping:
    """One affine expression in source variables for each target variable.

    A recovery has reference variables as targets and candidate variables as sources, an affine lifting the other way
    round. `completed` names targets that are completed rather than mapped: an expression given for one is the rule
    that completes it.
    """

    expressions: Mapping[str, AffineExpression]
    completed: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "expressions", MappingProxyType(dict(self.expressions)))
        object.__setattr__(self, "completed", frozenset(self.completed))

    @classmethod
    def identity(cls, names: Iterable[str]) -> AffineMapping:
        """Return the mapping that sends each of `names` to itself."""
        return cls({name: AffineExpression.variable(name) for name in names})

    @property
    def sources(self) -> frozenset[str]:
        """The source variables that occur in some expression."""
        return frozenset(name for expression in self.expressions.values() for name in expression.terms)

    def apply(self, point: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return the exact image of `point`; raises `MappingError` naming the target whose source variable it lacks."""
        image: dict[str, Fraction] = {}
        for target, expression in self.expressions.items():
            try:
                image[target] = expression.evaluate(point)
            except MappingError as error:
                raise MappingError(f"cannot map {target!r}: {error}") from None
        return image

    def compose(self, inner: AffineMapping) -> AffineMapping:
        """Return "self after inner": self's targets written in inner's sources; `completed` is self's.

        Raises `MappingError` when self uses a variable that `inner` does not map.
        """
        given = inner.expressions
        result: dict[str, AffineExpression] = {}
        for target, expression in self.expressions.items():
            for name in expression.terms:
                if name not in given:
                    why = "is only completed by" if name in inner.completed else "is not mapped by"
                    raise MappingError(f"cannot compose: {target!r} uses {name!r}, which {why} the inner mapping")
            result[target] = expression.substitute(given)
        return AffineMapping(result, self.completed)

    def inverse(self) -> AffineMapping | None:
        """Return the mapping from targets back to sources where this is a bijection between the two, else None.

        Completed variables take no part. The system splits into blocks that share no variable; each must be square and
        regular. None also where a block has more than `LARGEST_DENSE_BLOCK` variables.
        """
        blocks = _blocks(self.expressions)
        found: dict[str, AffineExpression] = {}
        for targets, sources in blocks:
            if len(targets) != len(sources) or len(targets) > LARGEST_DENSE_BLOCK:
                return None
            solved = _solve_block(self.expressions, targets, sources)
            if solved is None:
                return None
            found.update(solved)
        return AffineMapping(found)

    def to_json(self) -> dict[str, dict[str, Any]]:
        """Return `{"x[1]": {"constant": "0", "terms": {"d[1,0]": "1"}}}`, without `completed`."""
        return {target: expression.to_json() for target, expression in self.expressions.items()}

    @classmethod
    def from_json(cls, data: object, completed: object = ()) -> AffineMapping:
        """Return the mapping that `to_json` wrote; raises `MappingError` on any other shape or number."""
        if not isinstance(data, dict):
            raise MappingError(
                f"a recovery must be an object from variable names to expressions, found {_cut(repr(data))}"
            )
        if isinstance(completed, str) or not isinstance(completed, Iterable):
            raise MappingError(f"'completed' must be a list of variable names, found {_cut(repr(completed))}")
        names = list(completed)
        for name in [*data, *names]:
            if not isinstance(name, str) or not name:
                raise MappingError(f"expected a variable name, found {_cut(repr(name))}")
        expressions = {name: AffineExpression.from_json(value, owner=name) for name, value in data.items()}
        return cls(expressions, frozenset(names))

    def __hash__(self) -> int:
        return hash((frozenset(self.expressions.items()), self.completed))

    def __reduce__(self) -> tuple[Any, ...]:
        return (AffineMapping, (dict(self.expressions), self.completed))


def format_sum(terms: Iterable[tuple[Fraction, str]], constant: Fraction) -> str:
    """Return text such as "10*d[i,1] + d[i,0] - 1/3" or "1 - d[i]" for coefficient-and-text pairs and a constant."""
    parts: list[str] = []
    for coefficient, text in terms:
        size = abs(coefficient)
        parts.append("-" if coefficient < 0 else "+")
        parts.append(text if size == 1 else f"{size}*{text}")
    if constant or not parts:
        pair = ["-" if constant < 0 else "+", str(abs(constant))]
        leads = constant > 0 and parts[:1] == ["-"]
        parts = pair + parts if leads else parts + pair
    head = parts[1] if parts[0] == "+" else f"-{parts[1]}"
    return " ".join([head, *parts[2:]])


def exact_number(value: object, *, owner: str) -> Fraction:
    """Return the exact value of a JSON number or of text such as "1/3"; raises `MappingError` naming `owner`.

    A float stands for the shortest decimal that reads back to it.
    """
    try:
        if isinstance(value, str):
            return _parsed(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return within_bounds(Fraction(value))
        if isinstance(value, float):
            return decimal_value(value)
    except InputError as error:
        raise MappingError(f"the expression of {_cut(owner)!r}: {error}") from None
    raise MappingError(
        f'the expression of {_cut(owner)!r}: expected an exact number such as "1/3", found {_cut(repr(value))}'
    )


def within_bounds(value: Fraction) -> Fraction:
    """Return `value` itself; raises `MappingError` when it is longer than `LARGEST_NUMBER_BITS`."""
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > LARGEST_NUMBER_BITS:
        raise MappingError(
            f"a coefficient needs more than {LARGEST_NUMBER_BITS} binary digits; use numbers of ordinary size"
        )
    return value


def listed(names: Iterable[str]) -> str:
    """Return up to three quoted names, how many more there are, and "is" or "are" to go on with."""
    every = list(names)
    text = ", ".join(repr(_cut(name)) for name in every[:_SHOWN])
    if len(every) > _SHOWN:
        text += f" and {len(every) - _SHOWN} more ({len(every)} in all)"
    return f"{text} {'is' if len(every) == 1 else 'are'}"


@lru_cache(maxsize=1 << 12)
def _parsed(text: str) -> Fraction:
    return parse_rational(text)


def _cut(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}..."


def _blocks(expressions: Mapping[str, AffineExpression]) -> list[tuple[list[str], list[str]]]:
    """Return (targets, sources) of the connected blocks of the bipartite graph "target uses source"."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for expression in expressions.values():
        names = iter(expression.terms)
        first = next(names, None)
        if first is None:
            continue
        parent.setdefault(first, first)
        for name in names:
            parent.setdefault(name, name)
            parent[root(name)] = root(first)
    blocks: dict[str, tuple[list[str], list[str]]] = {}
    for name in parent:
        blocks.setdefault(root(name), ([], []))[1].append(name)
    constants: list[tuple[list[str], list[str]]] = []
    for target, expression in expressions.items():
        if expression.terms:
            blocks[root(next(iter(expression.terms)))][0].append(target)
        else:
            constants.append(([target], []))
    return constants + list(blocks.values())


def _solve_block(
    expressions: Mapping[str, AffineExpression], targets: list[str], sources: list[str]
) -> dict[str, AffineExpression] | None:
    if len(targets) == 1:
        expression, source = expressions[targets[0]], sources[0]
        scale = 1 / expression.terms[source]
        return {source: AffineExpression(-expression.constant * scale, {targets[0]: scale})}
    size = len(targets)
    column = {name: position for position, name in enumerate(sources)}
    entries = [[fmpq(0)] * size for _ in range(size)]
    for row, target in enumerate(targets):
        for name, coefficient in expressions[target].terms.items():
            entries[row][column[name]] = fmpq(coefficient.numerator, coefficient.denominator)
    try:
        inverse = fmpq_mat(entries).inv()
    except ZeroDivisionError:
        return None
    solved: dict[str, AffineExpression] = {}
    for row, source in enumerate(sources):
        constant = _ZERO
        terms: dict[str, Fraction] = {}
        for position, target in enumerate(targets):
            entry = inverse[row, position]
            if entry != 0:
                terms[target] = Fraction(int(entry.p), int(entry.q))
                constant -= terms[target] * expressions[target].constant
        solved[source] = AffineExpression(constant, terms)
    return solved
