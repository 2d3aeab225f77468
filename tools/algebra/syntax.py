"""The text form of algebra: a syntax tree, and the parser that builds one. No parser of another language takes part.

    sum(c[i]*x[i] for i in I)
    sum(a[i,j]*x[i] for i in I if i != j and d[i] > 0) <= b[j]
    1 <= y[t] - y[t-1] <= 1/3
    2^k*z['New York'] == max(p[t] for t in 1..T)

Numbers are exact (`3`, `0.1`, `1e-3`). `+ - * /` and powers (`^` or `**`) are arithmetic; `sum`, `min`, `max` and `abs`
are the only functions; `x[i,j]` and `x[i][j]` are the same; `a..b` are the integers from a to b, both included;
conditions know `== != < <= > >=`, `and`, `or`, `not`. A label that is no identifier stands in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tools.algebra.arithmetic import Exact, number_of
from tools.algebra.faults import FaultError
from tools.algebra.limits import DEEPEST_NESTING, LONGEST_EXPRESSION

Sign = Literal["==", "!=", "<", "<=", ">", ">="]
Function = Literal["sum", "min", "max", "abs"]

KEYWORDS = frozenset({"sum", "min", "max", "abs", "for", "in", "if", "and", "or", "not"})
"""Words with a meaning of their own, which nothing can be named."""


@dataclass(frozen=True, slots=True)
class Number:
    """An exact literal."""

    value: Exact


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted label."""

    value: str


@dataclass(frozen=True, slots=True)
class Name:
    """A bare identifier: a symbol, a parameter or variable without indices, a set, or a label."""

    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """`base[indices]`."""

    base: str
    indices: tuple[Node, ...]


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
    """`base` to the power `exponent`."""

    base: Node
    exponent: Node


@dataclass(frozen=True, slots=True)
class Span:
    """The integers from `first` to `last`, both included."""

    first: Node
    last: Node


@dataclass(frozen=True, slots=True)
class Clause:
    """`symbol in span if condition`; the symbol may be empty where nothing refers to it."""

    symbol: str
    span: Name | Span
    condition: Node | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """`function(arguments)`, or `function(argument for …)` where there are clauses."""

    function: Function
    arguments: tuple[Node, ...]
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """`operands[0] signs[0] operands[1] signs[1] …`."""

    operands: tuple[Node, ...]
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Logic:
    """All (`and`) or at least one (`or`) of its parts hold."""

    word: Literal["and", "or"]
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """`part` does not hold."""

    part: Node


Node = Number | Text | Name | Reference | Addition | Product | Power | Call | Comparison | Logic | Negation


def parse_expression(text: str) -> Node:
    """Return the tree of an expression or of a comparison; raises `FaultError` saying what was found where."""
    parser = _Parser(text)
    node = parser.anything()
    parser.end()
    return node


def parse_clauses(text: str) -> tuple[Clause, ...]:
    """Return the clauses of "i in I", "j in J if i != j", "for i in I, j in 1..n"; raises `FaultError`."""
    parser = _Parser(text)
    if parser.token == "for":
        parser.advance()
    clauses = parser.clauses()
    parser.end()
    return clauses


def parse_index(text: str) -> tuple[Clause, ...]:
    """Return the clauses of a variable's index: a set "I", integers "0..T", or clauses as in a constraint."""
    if re.search(r"\bin\b", text):
        return parse_clauses(text)
    parser = _Parser(text)
    clause = Clause("", parser.span())
    parser.end()
    return (clause,)


def is_identifier(text: str) -> bool:
    """Say whether `text` can name something: a letter or underscore, then letters, digits and underscores."""
    return text not in KEYWORDS and text.isidentifier() and _IDENTIFIER.fullmatch(text) is not None


def children(node: Node | Span) -> Iterator[Node]:
    """Yield the nodes directly below `node`, those of its clauses included."""
    match node:
        case Reference():
            yield from node.indices
        case Addition():
            yield from (term for _, term in node.terms)
        case Product():
            yield from (factor for _, factor in node.factors)
        case Power():
            yield from (node.base, node.exponent)
        case Span():
            yield from (node.first, node.last)
        case Call():
            yield from node.arguments
            for clause in node.clauses:
                yield from (children(clause.span) if isinstance(clause.span, Span) else (clause.span,))
                if clause.condition is not None:
                    yield clause.condition
        case Comparison():
            yield from node.operands
        case Logic():
            yield from node.parts
        case Negation():
            yield node.part
        case Number() | Text() | Name():
            return


def walk(node: Node | Span) -> Iterator[Node | Span]:
    """Yield `node` and every node below it."""
    pending: list[Node | Span] = [node]
    while pending:
        current = pending.pop()
        yield current
        pending.extend(children(current))


_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<number>[0-9]+(?:\.(?!\.)[0-9]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)
    |(?P<name>[^\W\d]\w*)
    |(?P<text>'[^'\\]*'|"[^"\\]*")
    |(?P<sign>\*\*|\.\.|[<>!=]=|[-+*/^()\[\],=<>≤≥≠])""",
    re.VERBOSE,
)
_SIGNS: dict[str, Sign] = {
    "=": "==", "==": "==", "!=": "!=", "≠": "!=", "<": "<", "<=": "<=", "≤": "<=", ">": ">", ">=": ">=", "≥": ">=",
}  # fmt: skip
_FUNCTIONS: dict[str, Function] = {"sum": "sum", "min": "min", "max": "max", "abs": "abs"}
_END = "the end"


class _Parser:
    """Recursive descent over one text; `kind`, `token` and `start` describe the token that comes next."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST_EXPRESSION:
            raise FaultError(f"an expression of {len(text)} characters; at most {LONGEST_EXPRESSION} are read")
        self.text = text
        self.position = 0
        self.depth = 0
        self.kind = self.token = ""
        self.start = 0
        self.advance()

    def end(self) -> None:
        if self.kind != _END:
            raise self.error("expected an operator or the end")

    def anything(self) -> Node:
        """Read arithmetic or a condition."""
        self.depth += 1
        if self.depth > DEEPEST_NESTING:
            raise FaultError(f"the expression is nested more than {DEEPEST_NESTING} deep")
        parts = [self.conjunction()]
        while self.token == "or":
            self.advance()
            parts.append(self.conjunction())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else Logic("or", tuple(parts))

    def conjunction(self) -> Node:
        parts = [self.denial()]
        while self.token == "and":
            self.advance()
            parts.append(self.denial())
        return parts[0] if len(parts) == 1 else Logic("and", tuple(parts))

    def denial(self) -> Node:
        denied = False
        while self.token == "not":
            denied = not denied
            self.advance()
        node = self.comparison()
        return Negation(node) if denied else node

    def comparison(self) -> Node:
        operands, signs = [self.arithmetic()], []
        while self.kind == "sign" and self.token in _SIGNS:
            signs.append(_SIGNS[self.token])
            self.advance()
            operands.append(self.arithmetic())
        return Comparison(tuple(operands), tuple(signs)) if signs else operands[0]

    def arithmetic(self) -> Node:
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
        return terms[0][1] if len(terms) == 1 and terms[0][0] == 1 else Addition(tuple(terms))

    def term(self) -> Node:
        factors: list[tuple[bool, Node]] = [(False, self.factor())]
        while self.token in ("*", "/"):
            divides = self.token == "/"
            self.advance()
            factors.append((divides, self.factor()))
        return factors[0][1] if len(factors) == 1 else Product(tuple(factors))

    def factor(self) -> Node:
        negative = self.signs()
        node = self.atom()
        if self.token in ("^", "**"):
            self.advance()
            minus = self.signs()
            exponent = self.atom()
            node = Power(node, Addition(((-1, exponent),)) if minus else exponent)
            if self.token in ("^", "**"):
                raise self.error("write parentheses around one of two powers")
        return Addition(((-1, node),)) if negative else node

    def signs(self) -> bool:
        """Skip signs in front of a factor and say whether they are negative together."""
        negative = False
        while self.token in ("+", "-"):
            negative ^= self.token == "-"
            self.advance()
        return negative

    def atom(self) -> Node:
        kind, token = self.kind, self.token
        if kind == "number":
            self.advance()
            if self.kind == "name" and self.token not in KEYWORDS:
                raise self.error(f"write an operator after {token[:40]}")
            return Number(number_of(token))
        if kind == "text":
            self.advance()
            label = token[1:-1]
            return Number(int(label)) if _INTEGER.fullmatch(label) else Text(label)
        if token == "(":
            self.advance()
            inner = self.anything()
            self.expect(")")
            return inner
        if kind == "name" and token in _FUNCTIONS:
            self.advance()
            return self.call(_FUNCTIONS[token])
        if kind == "name" and token not in KEYWORDS:
            self.advance()
            if self.token == "(":
                raise self.error(
                    f"{token!r} is no function; known are {', '.join(_FUNCTIONS)}, and indices stand in [ ]"
                )
            indices: list[Node] = []
            while self.token == "[":
                self.advance()
                indices.extend(self.listed())
                self.expect("]")
            return Reference(token, tuple(indices)) if indices else Name(token)
        raise self.error("expected a number, a name or '('")

    def listed(self) -> list[Node]:
        items = [self.anything()]
        while self.token == ",":
            self.advance()
            items.append(self.anything())
        return items

    def call(self, function: Function) -> Call:
        self.expect("(")
        arguments = self.listed()
        clauses: tuple[Clause, ...] = ()
        if self.token == "for":
            if len(arguments) > 1:
                raise self.error(f"{function}(… for …) takes one expression")
            self.advance()
            clauses = self.clauses()
        elif function == "sum":
            raise self.error("expected 'for': a sum is written sum(EXPRESSION for i in SET)")
        if function == "abs" and (clauses or len(arguments) > 1):
            raise self.error("abs takes one expression")
        self.expect(")")
        return Call(function, tuple(arguments), clauses)

    def clauses(self) -> tuple[Clause, ...]:
        """Read "i in I if …", then more after `for` or a comma."""
        found = []
        while True:
            if self.kind != "name" or self.token in KEYWORDS:
                raise self.error("expected an index such as i, as in 'i in I'")
            symbol = self.token
            self.advance()
            self.expect("in")
            span = self.span()
            condition = None
            if self.token == "if":
                self.advance()
                condition = self.anything()
            found.append(Clause(symbol, span, condition))
            if self.token not in ("for", ","):
                return tuple(found)
            self.advance()

    def span(self) -> Name | Span:
        first = self.arithmetic()
        if self.token == "..":
            self.advance()
            return Span(first, self.arithmetic())
        if not isinstance(first, Name):
            raise self.error("expected a set or integers such as 1..n")
        return first

    def expect(self, token: str) -> None:
        if self.token != token:
            raise self.error(f"expected {token!r}")
        self.advance()

    def advance(self) -> None:
        """Move on to the next token; raises `FaultError` on a character that starts none."""
        while True:
            self.start = self.position
            if self.position == len(self.text):
                self.kind, self.token = _END, ""
                return
            found = _TOKEN.match(self.text, self.position)
            if found is None:
                raise FaultError(f"{self.text[self.position]!r} (column {self.position + 1}) has no meaning here")
            self.position = found.end()
            if found.lastgroup != "space":
                self.kind, self.token = str(found.lastgroup), found.group()
                return

    def error(self, expectation: str) -> FaultError:
        found = self.token[:40] if self.kind != _END else ""
        return FaultError(
            f"{expectation}, found {found!r} (column {self.start + 1})" if found else f"{expectation}, found the end"
        )
