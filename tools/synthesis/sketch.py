"""Recoveries with open coefficients: read from rules with `?`, or from which variables depend on which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression
from tools.mapping.patterns import NameTable
from tools.mapping.rules import Rule, Work, expand
from tools.mapping.syntax import Addition, Node, Number, Open, Power, Product, Reference, Sum, walk

MOST_OPEN = 200
"""Coefficients `?` that the rules of one sketch may write (each stands for many after expansion)."""


@dataclass(frozen=True)
class Sketch:
    """y = fixed[y] + Σ_q w_q · open[y][q] with unknown numbers w, for each reference variable y that is named.

    An open part is an expression whose coefficient is sought: one variable, a sum, or the constant 1.
    """

    fixed: Mapping[str, AffineExpression] = field(hash=False)
    open: Mapping[str, tuple[AffineExpression, ...]] = field(hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fixed", MappingProxyType(dict(self.fixed)))
        object.__setattr__(self, "open", MappingProxyType({name: tuple(parts) for name, parts in self.open.items()}))

    @property
    def targets(self) -> list[str]:
        """The reference variables that the sketch maps."""
        return list(self.fixed)

    def filled(self, weights: Mapping[tuple[str, int], Fraction]) -> dict[str, AffineExpression]:
        """Return the expressions with weight `weights[y, q]` (0 if absent) for the open part q of y."""
        result = {}
        for name, expression in self.fixed.items():
            total = expression
            for q, part in enumerate(self.open.get(name, ())):
                weight = weights.get((name, q))
                if weight:
                    total = total + part * weight
            result[name] = total
        return result


def support_sketch(
    targets: Iterable[str], sources: Iterable[str], given: Mapping[str, AffineExpression] | None = None
) -> Sketch:
    """Return the sketch in which each target is a constant plus any combination of the sources.

    `given` are further reference variables whose expressions are known.
    """
    names = list(targets)
    parts = (AffineExpression(Fraction(1)), *map(AffineExpression.variable, sources))
    fixed = {**(given or {}), **dict.fromkeys(names, AffineExpression(Fraction(0)))}
    return Sketch(fixed, dict.fromkeys(names, parts))


def read_sketch(
    rules: Iterable[Rule],
    reference: Iterable[str],
    candidate: Iterable[str],
    *,
    work: Work | None = None,
) -> Sketch:
    """Return the sketch that rules with `?` state; each reference variable has coefficients of its own.

    A `?` inside `sum(…)` stands for one coefficient per summed variable, elsewhere for one coefficient. Raises
    `MappingError` where rules are malformed, where a `?` is multiplied by another or divides, and beyond what is left
    of `work`, which all coefficients share (by default each has a limit of its own).
    """
    written = list(rules)
    ours = reference if isinstance(reference, NameTable) else NameTable(reference)
    theirs = candidate if isinstance(candidate, NameTable) else NameTable(candidate)
    places = [(r, k, inside) for r, rule in enumerate(written) for k, inside in _open_places(rule)]
    if len(places) > MOST_OPEN:
        raise MappingError(f"the rules write {len(places)} open coefficients; at most {MOST_OPEN} are filled")

    def with_values(chosen: tuple[int, int] | None) -> Mapping[str, AffineExpression]:
        closed = [
            replace(rule, expression=_closed(rule.expression, -1 if chosen is None or chosen[0] != r else chosen[1]))
            for r, rule in enumerate(written)
        ]
        return expand(closed, ours, theirs, partial=True, work=work).expressions

    base = with_values(None)
    parts: dict[str, list[AffineExpression]] = {}
    for r, k, inside in places:
        for name, expression in with_values((r, k)).items():
            effect = expression - base[name]
            if not effect.terms and not effect.constant:
                continue
            split = [AffineExpression(Fraction(0), {v: a}) for v, a in effect.terms.items()]
            if inside and effect.constant:
                split.append(AffineExpression(effect.constant))
            parts.setdefault(name, []).extend(split if inside else [effect])
    return Sketch(base, {name: tuple(found) for name, found in parts.items()})


def _open_places(rule: Rule) -> list[tuple[int, bool]]:
    """Return (number in the order of `_closed`, whether inside a sum) of each open coefficient of a rule."""
    places: list[tuple[int, bool]] = []

    def visit(node: Node, inside: bool) -> None:
        if isinstance(node, Open):
            places.append((len(places), inside))
        elif isinstance(node, Addition):
            for _, term in node.terms:
                visit(term, inside)
        elif isinstance(node, Product):
            holding = [divides for divides, factor in node.factors if _holds_open(factor)]
            if len(holding) > 1 or any(holding):
                raise MappingError(f"rule {rule.text[:80]!r}: '?' is a factor of its own, once in a product")
            for _, factor in node.factors:
                visit(factor, inside)
        elif isinstance(node, Sum):
            visit(node.body, True)
        elif isinstance(node, Power | Reference) and _holds_open(node):
            raise MappingError(f"rule {rule.text[:80]!r}: '?' stands for a coefficient only")

    visit(rule.expression, False)
    return places


def _holds_open(node: Node) -> bool:
    return any(isinstance(below, Open) for below in walk(node))


def _closed(node: Node, chosen: int) -> Node:
    """Return the expression with open coefficient number `chosen` equal to 1 and the others 0."""
    counter = iter(range(MOST_OPEN + 1))

    def visit(at: Node) -> Node:
        if isinstance(at, Open):
            return Number(Fraction(1 if next(counter) == chosen else 0))
        if isinstance(at, Addition):
            return Addition(tuple((sign, visit(term)) for sign, term in at.terms))
        if isinstance(at, Product):
            return Product(tuple((divides, visit(factor)) for divides, factor in at.factors))
        if isinstance(at, Sum):
            return Sum(visit(at.body), at.ranges, at.conditions)
        return at

    return visit(node)
