"""Rules and other formulas as LaTeX that KaTeX sets; a name never becomes a command, whatever it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

from tools.errors import InputError
from tools.formulation.numbers import parse_rational
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
    Sum,
    SumRange,
    TextIndex,
    parse_rules,
)
from ui.safe_text import safe

LONGEST_RULE = 1_500
"""Characters of a rule that is typeset; a longer one stays text."""

LINE = 60
"""Characters, roughly, of a line, after which a sum goes on in the next."""

_NAME = 40
_PLAIN = re.compile(r"[A-Za-z]|[0-9]+")
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "`": r"\textquoteleft{}", "<": r"\textless{}",
    ">": r"\textgreater{}",
}  # fmt: skip
_SIGNS = {"==": "=", "!=": r"\neq", "<": "<", "<=": r"\leq", ">": ">", ">=": r"\geq"}
_EVIDENCE = re.compile(r"(\s+)|([0-9]+(?:\.[0-9]+)?(?:/[0-9]+)?)|([A-Za-z]\w*(?:[\[(][\w,]+[\])])?)|([-+=<>≠])")


@lru_cache(maxsize=4_096)
def latex_of_rule(text: str) -> str | None:
    """Return one rule as LaTeX, its sum broken over lines where it is long; None where it cannot be read or is long."""
    if len(text) > LONGEST_RULE:
        return None
    try:
        rules = parse_rules(text)
    except InputError:
        return None
    if len(rules) != 1:
        return None
    rule = rules[0]
    target = _latex(rule.target)
    lines = _lines(rule.expression)
    if len(lines) == 1:
        return f"{target} = {lines[0]}"
    rest = "".join(rf" \\ & \quad {line}" for line in lines[1:])
    return rf"\begin{{aligned}} {target} & = {lines[0]}{rest} \end{{aligned}}"


def latex_of_objective(objective: Mapping[str, str]) -> str | None:
    """Return σ, the relation of the minimisation objectives {"scale", "offset"}, as LaTeX; None where it is neither."""
    try:
        scale, offset = parse_rational(objective["scale"]), parse_rational(objective["offset"])
    except (InputError, KeyError):
        return None
    factor = "" if scale == 1 else rf"{_number(scale)} \cdot "
    shift = "" if not offset else f" {'-' if offset < 0 else '+'} {_number(abs(offset))}"
    return rf"\text{{reference}} = {factor}\text{{candidate}}{shift}"


def latex_of_evidence(line: str) -> str | None:
    """Return a line such as "row cap: 3 x + 2 y = 11 > 10" as LaTeX; None where a name or number is not a plain one."""
    row, separator, formula = line.partition(": ")
    if not separator or not row.startswith("row ") or len(line) > LONGEST_RULE or "≈" in formula or "…" in formula:
        return None
    pieces: list[str] = []
    position = 0
    while position < len(formula):
        match = _EVIDENCE.match(formula, position)
        if match is None:
            return None
        position = match.end()
        _, number, name, sign = match.groups()
        if number:
            pieces.append(_number(parse_rational(number)))
        elif name:
            pieces.append(_variable(name))
        elif sign:
            pieces.append({"≠": r"\neq"}.get(sign, sign))
    return " ".join(pieces)


def name_latex(name: str) -> str:
    """Return a name as LaTeX in which no character of it has a meaning: a letter, digits, upright letters, or text."""
    shown = safe(name, _NAME)
    if _PLAIN.fullmatch(shown):
        return shown
    if _IDENTIFIER.fullmatch(shown):
        return rf"\mathrm{{{shown.replace('_', chr(92) + '_')}}}"
    return rf"\text{{{''.join(_ESCAPES.get(c, c) for c in shown)}}}"


def _lines(expression: Node) -> list[str]:
    """Return the expression in as many lines as its width asks for."""
    if not isinstance(expression, Addition):
        return [_latex(expression)]
    lines, width = [""], 0
    for place, (sign, term) in enumerate(expression.terms):
        piece = _latex(term, inner=sign < 0)
        if width and width + _width(piece) > LINE:
            lines.append("")
            width = 0
        joined = ("- " if sign < 0 else "+ ") if place else ("-" if sign < 0 else "")
        lines[-1] += f"{' ' if lines[-1] else ''}{joined}{piece}"
        width += _width(piece) + 3
    return lines


def _width(latex: str) -> int:
    return len(re.sub(r"\\[a-zA-Z]+|[{}\\]", "", latex))


def _latex(node: Node, *, inner: bool = False) -> str:
    """Return a node as LaTeX; `inner` puts sums in parentheses."""
    match node:
        case Number(value):
            return _number(value)
        case Open():
            return r"{?}"
        case Name(text) | Quoted(text) | TextIndex(text):
            return name_latex(text)
        case Reference():
            return f"{name_latex(node.base)}_{{{','.join(_latex(index) for index in node.indices)}}}"
        case Addition():
            text = " ".join(_lines(node))
            return rf"\left( {text} \right)" if inner else text
        case Product():
            return _product(node)
        case Power():
            return f"{{{_latex(node.base, inner=True)}}}^{{{_latex(node.exponent)}}}"
        case Sum():
            below = [_range(span) for span in node.ranges] + [_condition(condition) for condition in node.conditions]
            stacked = r" \\ ".join(below)
            under = below[0] if len(below) == 1 else rf"\substack{{{stacked}}}"
            text = rf"\sum_{{{under}}} {_latex(node.body, inner=True)}"
            return rf"\left( {text} \right)" if inner else text


def _product(node: Product) -> str:
    above = [factor for divides, factor in node.factors if not divides]
    below = [factor for divides, factor in node.factors if divides]
    text = _factors(above, alone=bool(below))
    return text if not below else rf"\frac{{{text}}}{{{_factors(below, alone=True)}}}"


def _factors(factors: list[Node], *, alone: bool) -> str:
    inner = not (alone and len(factors) == 1)
    text = ""
    for place, factor in enumerate(factors):
        piece = _latex(factor, inner=inner and not (isinstance(factor, Sum) and place == len(factors) - 1))
        joint = r" \cdot " if isinstance(factor, Number | Power) else r" \, "
        text += f"{joint}{piece}" if text else piece
    return text


def _range(span: SumRange) -> str:
    symbol = name_latex(span.symbol)
    if span.first is None or span.last is None:
        return symbol
    return rf"{symbol} = {_latex(span.first)}, \ldots, {_latex(span.last)}"


def _condition(condition: Comparison) -> str:
    return f"{_latex(condition.left)} {_SIGNS[condition.sign]} {_latex(condition.right)}"


def _variable(name: str) -> str:
    base, bracket, indices = name.replace("(", "[").partition("[")
    return (
        f"{name_latex(base)}_{{{','.join(name_latex(i) for i in indices[:-1].split(','))}}}"
        if bracket
        else name_latex(name)
    )


def _number(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest == 1 and value.denominator <= 10**6:
        from decimal import Decimal

        return f"{Decimal(value.numerator) / Decimal(value.denominator):f}"
    sign = "-" if value < 0 else ""
    return rf"{sign}\frac{{{abs(value.numerator)}}}{{{value.denominator}}}"
