"""Isomorphisms between the parts of two models that are left when what may be completed is taken out.

Formulations of one problem often share a core and differ in what surrounds it: tours share the assignment of arcs and
their costs, and differ in positions, flows or subtour rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tools.claims.completable import objective_linked
from tools.formulation.derive import submodel
from tools.formulation.model import Formulation
from tools.formulation.numbers import ExactVector
from tools.formulation.simplified import simplified
from tools.isomorphism.search import Matching, isomorphisms
from tools.mapping.affine import AffineExpression

Part = Literal["everything", "linked", "linked or integer", "costly"]
"""Which variables stay: all; the objective-linked ones; also all integers; those with a cost."""

_PARTS: tuple[Part, ...] = ("linked or integer", "linked", "costly", "everything")

LARGEST_WORK = 20_000_000
"""Edges one isomorphism search between cores may visit."""


@dataclass(frozen=True, eq=False)
class CoreMatch:
    """Expressions for the reference variables of a core; `note` says which cores matched and how well."""

    expressions: dict[str, AffineExpression]
    exact: bool
    note: str


def core_matches(
    reference: Formulation, candidate: Formulation, *, closest: bool = False, seed: int = 0
) -> Iterator[CoreMatch]:
    """Yield matches of cores: those that agree in every row first, then those that agree in their common rows.

    With `closest` only cores that do not agree are paired, as far as possible. Parts that hold the same variables are
    tried once; a map that was yielded is not yielded again.
    """
    ours, theirs = _cores(reference), _cores(candidate)
    seen: list[dict[str, AffineExpression]] = []
    for rows in ("closest",) if closest else ("all", "common"):
        for part, mine in ours:
            for other_part, other in theirs:
                one, two = (mine, other) if rows == "all" else _common_rows(mine, other)
                if len(one.variables) > len(two.variables) or (rows == "common" and not one.rows):
                    continue
                for matching in _found(one, two, rows == "closest", seed):
                    expressions = _expressions(one, two, matching)
                    if expressions and expressions not in seen:
                        seen.append(expressions)
                        note = f"{part} variables against {other_part} ones, {rows} rows: {matching.note}"
                        yield CoreMatch(expressions, matching.exact, note)


def _found(one: Formulation, two: Formulation, closest: bool, seed: int) -> Iterator[Matching]:
    if closest:
        yield from isomorphisms(one, two, limit=1, work=LARGEST_WORK, seed=seed, best_effort=True)
    elif len(one.variables) == len(two.variables):
        yield from isomorphisms(one, two, limit=2, work=LARGEST_WORK, seed=seed)


def _expressions(one: Formulation, two: Formulation, matching: Matching) -> dict[str, AffineExpression]:
    result = {}
    for j, name in enumerate(one.variables):
        k = int(matching.column_of[j])
        if k >= 0:
            result[name] = AffineExpression(matching.shift[j], {two.variables[k]: matching.scale[j]})
    return result


def _cores(model: Formulation) -> list[tuple[Part, Formulation]]:
    """Return the distinct cores of the model, without the variables that its bounds and rows fix."""
    simple = simplified(model)
    linked = objective_linked(simple)
    open_ = set(np.flatnonzero(simple.lower.floats != simple.upper.floats).tolist())
    members: dict[Part, set[int]] = {
        "everything": set(range(len(model.variables))),
        "linked": set(linked),
        "linked or integer": {*linked, *np.flatnonzero(simple.integer).tolist()},
        "costly": set(simple.cost_terms),
    }
    found: dict[frozenset[int], Part] = {}
    for part in _PARTS:
        kept = frozenset(members[part] & open_)
        if kept:
            found.setdefault(kept, part)
    return [(part, _restricted(simple, kept)) for kept, part in found.items()]


def _restricted(model: Formulation, kept: frozenset[int]) -> Formulation:
    """Return the model in the variables `kept` with the rows that hold no other, costs included."""
    starts, columns = model.indptr.tolist(), model.columns.tolist()
    rows = [
        i for i in range(len(model.rows))
        if starts[i] < starts[i + 1] and all(columns[k] in kept for k in range(starts[i], starts[i + 1]))
    ]  # fmt: skip
    part, members = submodel(model, rows, dict.fromkeys(kept, model.objective_constant))
    return part.changed(objective=ExactVector.of(model.cost[j] for j in members))


def _common_rows(one: Formulation, two: Formulation) -> tuple[Formulation, Formulation]:
    """Return both models with only those rows whose shape occurs in either model, and as often."""
    ours, theirs = _shapes(one), _shapes(two)
    counts, other = Counter(ours), Counter(theirs)
    common = {shape for shape, count in counts.items() if other[shape] == count}
    return _with_rows(one, ours, common), _with_rows(two, theirs, common)


def _with_rows(model: Formulation, shapes: list[Hashable], common: set[Hashable]) -> Formulation:
    rows = [i for i, shape in enumerate(shapes) if shape in common]
    if len(rows) == len(shapes):
        return model
    everything = dict.fromkeys(range(len(model.variables)), model.objective_constant)
    return submodel(model, rows, everything)[0].changed(objective=model.objective)


def _shapes(model: Formulation) -> list[Hashable]:
    """Return what two rows share when one becomes the other by permuting columns and scaling by ±1."""
    shapes: list[Hashable] = []
    for i in range(len(model.rows)):
        entries = [(a, int(model.integer[j]), model.cost[j]) for j, a in model.row_terms(i).items()]
        low, high = model.row_lower.finite(i), model.row_upper.finite(i)
        sides = (str(low), str(high), str(sorted(entries)))
        mirrored = [(-a, kind, cost) for a, kind, cost in entries]
        other = (str(None if high is None else -high), str(None if low is None else -low), str(sorted(mirrored)))
        shapes.append(min(sides, other))
    return shapes
