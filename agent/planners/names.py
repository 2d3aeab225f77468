"""Mappings by name: the same names, the same names up to spelling, or families of the same shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from agent.context import RunContext
from agent.hypothesis import Hypothesis
from agent.planners.completing import completed_hypotheses, with_completed
from tools.mapping.affine import AffineExpression
from tools.mapping.patterns import parse_name
from tools.mapping.total import TotalMapping

Key = tuple[object, ...]
SIMILAR_ENOUGH = 0.6
"""Families whose names are less alike than this (difflib ratio) are not paired by name."""

LONGEST_COMPARED = 120
"""Characters of a name that are compared; difflib takes more than quadratic time."""


def names_hypotheses(context: RunContext) -> Iterator[Hypothesis]:
    """Yield the identity on equal names, then the match up to spelling, then similar families of the same shape."""
    reference, candidate = context.reference.variables, context.candidate.variables
    if set(reference) <= set(candidate):
        extra = len(candidate) - len(reference)
        rationale = f"the candidate uses the reference's variable names{f' and {extra} more' if extra else ''}"
        yield from with_completed(context, _renaming({name: name for name in reference}, rationale, True))
    shared = [name for name in reference if name in context.candidate.variable_index]
    costly = [reference[j] for j in context.reference.cost_terms]
    if (
        len(shared) < len(reference)
        and len(costly) > 1
        and all(map(context.candidate.variable_index.__contains__, costly))
    ):
        partial = {name: AffineExpression.variable(name) for name in shared}
        rationale = f"{len(shared)} of the reference's variable names occur in the candidate"
        yield from completed_hypotheses(context, partial, "symbolic:names", rationale)
    spelled = _by_spelling(reference, candidate)
    if spelled is not None:
        yield from with_completed(context, _renaming(spelled, "the names are the same up to spelling", False))
    similar = _by_family(reference, candidate)
    if similar is not None:
        found = _renaming(similar, "families of similar name have the same indices", False)
        yield from with_completed(context, found)


def _renaming(partner: Mapping[str, str], rationale: str, same_names: bool) -> Hypothesis:
    expressions = {name: AffineExpression.variable(other) for name, other in partner.items()}
    return Hypothesis(TotalMapping(expressions), "symbolic:names", rationale, "this mapping" if same_names else "")


def _key(name: str) -> Key:
    parsed = parse_name(name)
    return (parsed.base.lower(), *parsed.indices)


def _by_spelling(reference: Sequence[str], candidate: Sequence[str]) -> dict[str, str] | None:
    """Match x[3], x_3, X(3): equal base without case, equal indices; None unless one-to-one for all."""
    places: dict[Key, str] = {}
    for name in candidate:
        if places.setdefault(_key(name), name) != name:
            return None
    partner = {name: places.get(_key(name)) for name in reference}
    found = {name: other for name, other in partner.items() if other is not None}
    return found if len(found) == len(reference) and len(set(found.values())) == len(found) else None


def _by_family(reference: Sequence[str], candidate: Sequence[str]) -> dict[str, str] | None:
    """Pair each reference family with the candidate family of the same index set whose name is most alike."""
    ours, theirs = _families(reference), _families(candidate)
    scores = sorted(
        (
            (-SequenceMatcher(None, _ends(a), _ends(b), autojunk=False).ratio(), a, b)
            for a in ours
            for b in theirs
            if ours[a].keys() == theirs[b].keys()
        )
        if len(ours) * len(theirs) <= 2500
        else (),
    )
    chosen: dict[str, str] = {}
    for score, a, b in scores:
        if a not in chosen and b not in chosen.values() and -score >= SIMILAR_ENOUGH:
            chosen[a] = b
    if len(chosen) < len(ours):
        return None
    return {name: theirs[chosen[base]][index] for base, members in ours.items() for index, name in members.items()}


def _ends(name: str) -> str:
    half = LONGEST_COMPARED // 2
    return name if len(name) <= LONGEST_COMPARED else name[:half] + name[-half:]


def _families(names: Sequence[str]) -> dict[str, dict[Key, str]]:
    families: dict[str, dict[Key, str]] = {}
    for name in names:
        parsed = parse_name(name)
        families.setdefault(parsed.base.lower(), {})[tuple(parsed.indices)] = name
    return families
