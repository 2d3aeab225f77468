"""Which candidate variables make up which reference variables, folded until it fits on a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from tools.formulation.numbers import parse_rational
from tools.mapping.total import TotalMapping
from tools.report import MappingSummary
from ui.algebra import number_text
from ui.families import families_of

Sign = Literal["plus", "minus", "mixed", "function"]
Standing = Literal["mapped", "completed"]

MOST_ON_A_SIDE = 24
_MOST_FAMILIES = 12
_LONGEST_CONSTANT = 6
_FUNCTIONS_READ = 300
_MINUS = "\u2212"


@dataclass(frozen=True)
class Node:
    """A variable, or `count` of them under one pattern; `constant` is what they add to what they are linked to."""

    label: str
    count: int
    constant: str = ""
    standing: Standing = "mapped"


@dataclass(frozen=True)
class Link:
    """Node `target` of the reference uses node `source` of the candidate; `label` is the factor, "" for one."""

    target: int
    source: int
    sign: Sign
    label: str


@dataclass(frozen=True)
class Links:
    """The bipartite picture of a mapping; `same_names` says that every variable is the one of the same name."""

    targets: tuple[Node, ...]
    sources: tuple[Node, ...]
    links: tuple[Link, ...]
    used: int
    same_names: bool


@dataclass
class _Bundle:
    coefficients: set[Fraction] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)
    several: bool = False


def links_of(mapping: MappingSummary) -> Links:
    """Return the links of a recovery; a side of more than `MOST_ON_A_SIDE` variables is folded into families.

    A mapping that keeps all names is always folded.

    Raises `MappingError` where a completing function cannot be read.
    """
    completing = mapping.completed_by or {}
    names = list(dict.fromkeys([*mapping.recovery, *completing, *mapping.completed]))
    terms = {name: _terms(mapping.recovery[name]["terms"]) for name in mapping.recovery}
    by_function = {name: _arguments(name, completing[name]) for name in list(completing)[:_FUNCTIONS_READ]}
    read = (source for name in names for source in (*terms.get(name, ()), *by_function.get(name, ())))
    sources = list(dict.fromkeys(read))
    same = not completing and not mapping.completed and _is_identity(mapping, terms)
    completed = {*mapping.completed, *completing}
    fold_targets = _groups(names, folded=same, apart=completed)
    fold_sources = _groups(sources, folded=same)
    bundles: dict[tuple[int, int], _Bundle] = {}
    for name in names:
        target = fold_targets.place[name]
        seen: set[int] = set()
        for source, coefficient in terms.get(name, {}).items():
            place = fold_sources.place[source]
            bundle = bundles.setdefault((target, place), _Bundle())
            bundle.several |= place in seen
            bundle.coefficients.add(coefficient)
            seen.add(place)
        for source in by_function.get(name, ()):
            bundle = bundles.setdefault((target, fold_sources.place[source]), _Bundle())
            bundle.functions.add(str(completing[name]["function"]).replace("_", " "))
    constants: dict[int, set[Fraction]] = {}
    for name, expression in mapping.recovery.items():
        constants.setdefault(fold_targets.place[name], set()).add(_number(expression["constant"]))
    linked = {target for target, _ in bundles}
    return Links(
        targets=tuple(
            Node(
                label,
                count,
                _constant(constants.get(place, set()), alone=place not in linked),
                standing,
            )
            for place, (label, count, standing) in enumerate(fold_targets.labels)
        ),
        sources=tuple(Node(label, count) for label, count, _ in fold_sources.labels),
        links=tuple(Link(target, source, *_factor(bundle)) for (target, source), bundle in bundles.items()),
        used=len(sources),
        same_names=same,
    )


@dataclass(frozen=True)
class _Fold:
    place: Mapping[str, int]
    labels: Sequence[tuple[str, int, Standing]]


def _groups(names: Sequence[str], *, folded: bool, apart: AbstractSet[str] = frozenset()) -> _Fold:
    """Return the nodes of one side; families lose their members in `apart` to a node of their own."""
    if len(names) <= MOST_ON_A_SIDE and not folded:
        families = [(name, [position]) for position, name in enumerate(names)]
    else:
        families = []
        for pattern, members in families_of(names).items():
            parts = [[p for p in members if names[p] not in apart], [p for p in members if names[p] in apart]]
            families += [(pattern, part) for part in parts if part]
        if len(families) > _MOST_FAMILIES:
            rest = [position for _, members in families[_MOST_FAMILIES - 1 :] for position in members]
            more = len(families) - _MOST_FAMILIES + 1
            families = [*families[: _MOST_FAMILIES - 1], (f"… and {more} more", rest)]
    return _Fold(
        place={names[position]: k for k, (_, members) in enumerate(families) for position in members},
        labels=[
            (
                names[members[0]] if len(members) == 1 else label,
                len(members),
                "completed" if all(names[p] in apart for p in members) else "mapped",
            )
            for label, members in families
        ],
    )


def _is_identity(mapping: MappingSummary, terms: Mapping[str, Mapping[str, Fraction]]) -> bool:
    return bool(terms) and all(
        found == {name: 1} and not _number(mapping.recovery[name]["constant"]) for name, found in terms.items()
    )


def _terms(written: Mapping[str, str]) -> dict[str, Fraction]:
    return {name: value for name, text in written.items() if (value := _number(text))}


def _arguments(name: str, entry: object) -> list[str]:
    """Return the candidate variables that a completing function looks at."""
    mapping = TotalMapping.from_json({name: entry})
    outputs = set(mapping.extension.names)
    read = [source for function in mapping.extension.functions for e in function.inputs for source in e.terms]
    read += [source for expression in mapping.expressions.values() for source in expression.terms]
    return [source for source in dict.fromkeys(read) if source not in outputs]


def _factor(bundle: _Bundle) -> tuple[Sign, str]:
    if not bundle.coefficients:
        return "function", min(bundle.functions) if len(bundle.functions) == 1 else "functions"
    sign: Sign = "mixed"
    if all(c > 0 for c in bundle.coefficients):
        sign = "plus"
    elif all(c < 0 for c in bundle.coefficients):
        sign = "minus"
    if len(bundle.coefficients) > 1:
        return sign, "Σ, various" if bundle.several else "various"
    (value,) = bundle.coefficients
    factor = "" if value == 1 else number_text(value).replace("-", _MINUS) + "·"
    return sign, factor + ("Σ" if bundle.several else "")


def _constant(values: set[Fraction], *, alone: bool) -> str:
    if not values or (values == {Fraction(0)} and not alone):
        return ""
    number = number_text(min(values)).replace("-", _MINUS)
    if len(values) > 1 or len(number) > _LONGEST_CONSTANT:
        number = "const."
    return number if alone else f"{number} + …"


@lru_cache(maxsize=1 << 12)
def _number(text: str) -> Fraction:
    return parse_rational(text)
