"""The text form of mapping rules: tokens, syntax tree, and the parser that builds one from the other.

One rule a line, `TARGET = EXPRESSION`; `#` starts a comment:

    x[i] = 10*d[i,1] + d[i,0]
    start[j] = sum(t*z[j,t] for t)
    load[i] = sum(a*y[i,a,k] for a in 0..5, k if k != i)
    open[paris] = 1 - closed[paris]
    `name the grammar cannot hold` = "a \\"quoted\\" name"

Numbers are exact (`3`, `0.1`, `1e-3`, `1/3`); `+ - * /` and constant powers `2^k` are arithmetic; `?` is an open
coefficient. A name is quoted in backticks, or in double quotes with JSON escapes; a text index that is not an
identifier is quoted in single quotes (`x['New York',j]`). `BASE[i,j]`, `BASE(i,j)` and `BASE{i,j}` mean the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from tools.errors import InputError, MappingError
from tools.formulation.numbers import parse_rational

LONGEST_TEXT = 8_000_000
"""Characters of rule text that are read at all."""

LONGEST_RULE = 2_000_000
"""Characters of one rule."""

DEEPEST_NESTING = 40
"""Parentheses and sums inside one another."""

KEYWORDS = frozenset({"sum", "for", "in", "if", "and"})
"""Words with a meaning of their own; a variable of that name is written in backticks."""

ComparisonSign = Literal["==", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Number:
    """An exact literal."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Open:
    """An open coefficient `?`, to be filled by whoever completes the sketch."""


@dataclass(frozen=True, slots=True)
class Name:
    """A bare identifier: a scalar variable or an index symbol, which the names of the models decide."""

    text: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """A variable name given exactly."""

    name: str


@dataclass(frozen=True, slots=True)
class TextIndex:
    """A quoted text index."""

    value: str


@dataclass(frozen=True, slots=True)
class Reference:
    """`base[indices]`; `text` is how it was written, `symbols` the bare identifiers inside its indices."""

    base: str
    indices: tuple[Node, ...]
    text: str
    symbols: frozenset[str]


@dataclass(frozen=True, slots=True)
class Addition:
    """The sum of its terms, each with sign +1 or -1."""

    terms: tuple[tuple[int, Node], ...]


@dataclass(frozen=True, slots=True)
class Product:
    """The product of its factors; a factor marked True divides."""

    factors: tuple[tuple[bool, Node], ...]


@dataclass(frozen=True, slots=True)
class Power:
    """A constant raised to an integer constant."""

    base: Node
    exponent: Node


@dataclass(frozen=True, slots=True)
class SumRange:
    """One summation symbol; without bounds it takes the values for which the summed variables exist."""

    symbol: str
    first: Node | None = None
    last: Node | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A condition between two index expressions."""

    left: Node
    sign: ComparisonSign
    right: Node


@dataclass(frozen=True, slots=True)
class Sum:
    """`body` summed over all values of the ranges' symbols that meet every condition."""

    body: Node
    ranges: tuple[SumRange, ...]
    conditions: tuple[Comparison, ...]


Node = Number | Open | Name | Quoted | TextIndex | Reference | Addition | Product | Power | Sum


@dataclass(frozen=True, slots=True)
class Rule:
    """`target = expression`, as written on line `line` (counted from 1)."""

    target: Name | Quoted | Reference
    expression: Node
    text: str
    line: int

    @property
    def is_sketch(self) -> bool:
        """Whether some coefficient is open."""
        return any(isinstance(node, Open) for node in walk(self.expression))

    def __str__(self) -> str:
        return self.text


def parse_rules(text: str) -> list[Rule]:
    """Return the rules of `text`, one a line; raises `MappingError` naming line, column and what was expected."""
    if len(text) > LONGEST_TEXT:
        raise MappingError(f"the rules have {len(text)} characters; at most {LONGEST_TEXT} are read")
    rules = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line and not line.isspace():
            rule = _Parser(line, number).rule()
            if rule is not None:
                rules.append(rule)
    return rules


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes directly below `node`, bounds and conditions of sums included."""
    if isinstance(node, Reference):
        yield from node.indices
    elif isinstance(node, Addition):
        for _, term in node.terms:
            yield term
    elif isinstance(node, Product):
        for _, factor in node.factors:
            yield factor
    elif isinstance(node, Power):
        yield from (node.base, node.exponent)
    elif isinstance(node, Sum):
        yield node.body
        for span in node.ranges:
            yield from (bound for bound in (span.first, span.last) if bound is not None)
        for condition in node.conditions:
            yield from (condition.left, condition.right)


def walk(node: Node) -> Iterator[Node]:
    """Yield `node` and every node below it."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(children(current))


def quote_name(name: str) -> str:
    """Return `name` as a rule writes it exactly: bare where the grammar can hold it, else quoted."""
    if _PLAIN_NAME.fullmatch(name) and KEYWORDS.isdisjoint(_WORD.findall(name)):
        return name
    return quote(name)


def quote_base(base: str) -> str:
    """Return a family's base as a rule writes it before `[`."""
    return base if is_identifier(base) else quote(base)


def quote(name: str) -> str:
    """Return `name` in backticks, or in double quotes with JSON escapes where backticks cannot hold it."""
    return f"`{name}`" if name and name.isprintable() and "`" not in name else json.dumps(name)


def is_identifier(text: str) -> bool:
    """Say whether `text` is a bare identifier that is not a keyword."""
    return text not in KEYWORDS and _IDENTIFIER.fullmatch(text) is not None


_IDENTIFIER = re.compile(r"[^\W\d]\w*(?:[.#$@~]\w+)*")
_WORD = re.compile(r"\w+")
_PLAIN_INDEX = r"(?:-?[0-9]{1,18}|[^\W\d]\w*)"
_PLAIN_NAME = re.compile(
    rf"{_IDENTIFIER.pattern}(?:\[{_PLAIN_INDEX}(?:,{_PLAIN_INDEX})*\]|\({_PLAIN_INDEX}(?:,{_PLAIN_INDEX})*\)"
    rf"|\{{{_PLAIN_INDEX}(?:,{_PLAIN_INDEX})*\}})*"
)
_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<number>[0-9]+(?:\.(?!\.)[0-9]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)
    |(?P<name>[^\W\d]\w*(?:[.#$@~]\w+)*)
    |(?P<exact>`[^`]+`|"(?:[^"\\]|\\.)+")
    |(?P<index>'[^']+')
    |(?P<comment>\#.*)
    |(?P<sign>\*\*|\.\.|[<>!=]=|[-+*/^()\[\]{},=?<>])""",
    re.VERBOSE | re.DOTALL,
)
_CLOSING = {"[": "]", "(": ")", "{": "}"}
_END = "end of the rule"


class _Parser:
    """Recursive descent over one line; `kind`, `token` and `start` describe the token that comes next."""

    def __init__(self, line: str, number: int) -> None:
        self.line = line
        self.number = number
        if len(line) > LONGEST_RULE:
            raise MappingError(
                f"line {number}: the rule has {len(line)} characters; at most {LONGEST_RULE} are read, "
                "write the mapping as JSON"
            )
        self.position = 0
        self.previous_end = 0
        self.depth = 0
        self.kind = ""
        self.token = ""
        self.start = 0
        self.advance()

    def rule(self) -> Rule | None:
        if self.kind == _END:
            return None
        target = self.atom()
        if not isinstance(target, Name | Quoted | Reference):
            raise self.error("a rule starts with the variable it defines, as in x[i] = d[i]", at=0)
        self.expect("=")
        expression = self.expression()
        if self.kind != _END:
            raise self.error("expected an operator or the end of the rule")
        return Rule(target, expression, self.line.strip(), self.number)

    def expression(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST_NESTING:
            raise self.error(f"parentheses are nested more than {DEEPEST_NESTING} deep")
        terms: list[tuple[int, Node]] = []
        sign = 1
        while True:
            while self.token in ("+", "-"):
                sign = -sign if self.token == "-" else sign
                self.advance()
            terms.append((sign, self.term()))
            if self.token not in ("+", "-"):
                break
            sign = 1
        self.depth -= 1
        return terms[0][1] if len(terms) == 1 and terms[0][0] == 1 else Addition(tuple(terms))

    def term(self) -> Node:
        factors: list[tuple[bool, Node]] = [(False, self.factor())]
        while self.token in ("*", "/"):
            divides = self.token == "/"
            self.advance()
            factors.append((divides, self.factor()))
        return factors[0][1] if len(factors) == 1 else Product(tuple(factors))

    def factor(self) -> Node:
        negative = False
        while self.token in ("+", "-"):
            negative ^= self.token == "-"
            self.advance()
        node = self.atom()
        if self.token in ("^", "**"):
            self.advance()
            minus = self.token == "-"
            if minus:
                self.advance()
            exponent = self.atom()
            node = Power(node, Addition(((-1, exponent),)) if minus else exponent)
            if self.token in ("^", "**"):
                raise self.error("write parentheses around one of two powers")
        return Addition(((-1, node),)) if negative else node

    def atom(self) -> Node:
        kind, token, start = self.kind, self.token, self.start
        if kind == "number":
            self.advance()
            try:
                return Number(parse_rational(token))
            except InputError as error:
                raise self.error(str(error), at=start) from None
        if token == "?":
            self.advance()
            return Open()
        if token == "(":
            self.advance()
            inner = self.expression()
            self.expect(")")
            return inner
        if kind == "index":
            self.advance()
            return TextIndex(token[1:-1])
        if kind == "name":
            if token in KEYWORDS and token != "sum":
                raise self.error(
                    f"{token!r} is a word of the rule language; write a variable of that name in backticks"
                )
            self.advance()
            if token == "sum":
                return self.sum(start)
            return self.indexed(token, start) or Name(token)
        if kind == "exact":
            self.advance()
            name = self.unquoted(token, start)
            return self.indexed(name, start) or Quoted(name)
        raise self.error("expected a variable, a number, '(' or 'sum('")

    def indexed(self, base: str, start: int) -> Reference | None:
        indices: list[Node] = []
        while self.token in _CLOSING:
            closing = _CLOSING[self.token]
            self.advance()
            indices.append(self.expression())
            while self.token == ",":
                self.advance()
                indices.append(self.expression())
            self.expect(closing)
        if not indices:
            return None
        symbols = frozenset(node.text for index in indices for node in walk(index) if isinstance(node, Name))
        return Reference(base, tuple(indices), self.line[start : self.previous_end], symbols)

    def sum(self, start: int) -> Node:
        if self.token != "(":
            raise self.error("'sum' is followed by '('; write a variable of that name in backticks", at=start)
        self.advance()
        body = self.expression()
        if self.token != "for":
            raise self.error("expected 'for' and the summation symbol, as in sum(z[i,t] for t)")
        ranges: list[SumRange] = []
        while self.token in ("for", ","):
            self.advance()
            ranges.append(self.range())
        conditions: list[Comparison] = []
        while self.token == ("and" if conditions else "if"):
            self.advance()
            conditions.append(self.comparison())
        self.expect(")")
        names = [span.symbol for span in ranges]
        if len(set(names)) < len(names):
            raise self.error("a sum names one of its symbols twice", at=start)
        return Sum(body, tuple(ranges), tuple(conditions))

    def range(self) -> SumRange:
        symbol = self.token
        if self.kind != "name" or symbol in KEYWORDS:
            raise self.error("expected a summation symbol")
        self.advance()
        if self.token != "in":
            return SumRange(symbol)
        self.advance()
        first = self.expression()
        self.expect("..")
        return SumRange(symbol, first, self.expression())

    def comparison(self) -> Comparison:
        left = self.expression()
        for sign in _COMPARISONS:
            if self.token == sign:
                self.advance()
                return Comparison(left, sign, self.expression())
        raise self.error("expected ==, !=, <, <=, > or >=")

    def unquoted(self, token: str, start: int) -> str:
        if token[0] == "`":
            return token[1:-1]
        try:
            name = json.loads(token)
        except ValueError:
            raise self.error("a name in double quotes uses JSON escapes; this one is malformed", at=start) from None
        return str(name)

    def expect(self, token: str) -> None:
        if self.token != token or self.kind != "sign":
            raise self.error(f"expected {token!r}")
        self.advance()

    def advance(self) -> None:
        self.previous_end = self.position
        while True:
            if self.position == len(self.line):
                self.kind, self.token, self.start = _END, "", self.position
                return
            match = _TOKEN.match(self.line, self.position)
            if match is None or match.lastgroup is None:
                self.start = self.position
                self.kind, self.token = "character", self.line[self.position]
                raise self.error("this character starts nothing; write names that hold it in backticks")
            self.position = match.end()
            if match.lastgroup not in ("space", "comment"):
                self.kind, self.token, self.start = match.lastgroup, match.group(), match.start()
                return

    def error(self, message: str, *, at: int | None = None) -> MappingError:
        found = "" if at is not None else f", found {_END if self.kind == _END else repr(self.token[:40])}"
        column = (self.start if at is None else at) + 1
        shown = self.line.strip()
        shown = shown if len(shown) <= 80 else f"{shown[:77]}..."
        return MappingError(f"line {self.number}, column {column}: {message}{found}; in the rule {shown!r}")


_COMPARISONS: tuple[ComparisonSign, ...] = ("==", "!=", "<=", ">=", "<", ">")
