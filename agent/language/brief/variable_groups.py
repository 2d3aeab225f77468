"""The variables of a model by family and domain, a line of a summary each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from agent.language.brief.exact_algebra import exact_text, range_text
from agent.language.brief.name_groups import NameGroup, name_groups
from agent.language.brief.shown_names import shown_name
from tools.formulation.model import Formulation, Kind
from tools.formulation.numbers import IntArray


@dataclass(frozen=True, eq=False)
class VariableGroup:
    """Variables of one family that have the same kind of domain; `label` names the group in few words."""

    model: Formulation
    names: NameGroup
    label: str
    symbols: tuple[str, ...]

    @cached_property
    def domain(self) -> str:
        """The domain of the members: "binary", "integer in [0, 10]", "continuous, upper bounds 3 to 48"."""
        model, places = self.model, self.names.places.tolist()
        first = places[0]
        kind = Kind(int(model.kinds[first])).name.lower()
        if first in model.auxiliary:
            kind += " (auxiliary, added by a modelling tool)"
        low, high = model.lower.finite(first), model.upper.finite(first)
        if low is None and high is None:
            return f"{kind}, free"
        lows = "" if low is None else range_text(model.lower, places)
        highs = "" if high is None else range_text(model.upper, places)
        if low is None:
            alike = high is None or highs == exact_text(high)
            return f"{kind}, no lower bound, {'<=' if alike else 'upper bounds'} {highs}"
        if high is None:
            return f"{kind} >= {lows}" if lows == exact_text(low) else f"{kind}, lower bounds {lows}, no upper bound"
        if low == high:
            return f"{kind}, fixed at {lows}"
        if (lows, highs) == ("0", "1") and model.kinds[first] == Kind.BINARY:
            return kind
        if lows == exact_text(low) and highs == exact_text(high):
            return f"{kind} in [{lows}, {highs}]"
        return f"{kind}, lower bounds {lows}, upper bounds {highs}"

    @cached_property
    def cost(self) -> str:
        """The objective coefficients of the members in a few words."""
        places = self.names.places
        inside = places[self.model.objective.floats[places] != 0]
        if not inside.size:
            return "not in the objective"
        zero = places.size - inside.size
        return f"objective {range_text(self.model.objective, inside.tolist())}" + (f" ({zero} have 0)" if zero else "")

    def line(self, most: int, *, with_cost: bool) -> str:
        """Return the group as one line; at most `most` index texts or names are listed."""
        count, span, spelling = len(self.names), self.names.span(self.symbols, most), self.names.spelling()
        head = f"{self.names.pattern(self.symbols)}, {span}" if self.names.arity else span
        if count == 1:
            head, spelling = shown_name(self.names.names[0]), ""
        text = f"{head}: {f'{count} ' if count > 1 else ''}{self.domain}"
        if with_cost:
            text += f"; {self.cost}"
        return text + (f"; spelled {spelling}" if spelling else "")


def variable_groups(model: Formulation, *, exactly: bool = False) -> list[VariableGroup]:
    """Return the groups in order of appearance of their families; together they hold every variable once.

    Members of a group agree in kind, in which bounds are finite, and in whether they are fixed; with `exactly` in their
    bounds.
    """
    families = name_groups(model.variables)
    repeated = Counter(family.base for family in families)
    scalars = {name for family in families if not family.arity for name in family.names}
    keys = _domain_keys(model, exactly)
    found = []
    for family in families:
        own = keys[family.places]
        _, first, inverse = np.unique(own, return_index=True, return_inverse=True)
        parts = [family.part(np.flatnonzero(inverse == number)) for number in np.argsort(first, kind="stable").tolist()]
        symbols = family.symbols(scalars)
        label = family.pattern(symbols) if repeated[family.base] > 1 or not family.arity else family.pattern(())[:-2]
        if not family.arity and not family.base:
            label = "unindexed" if len(families) > 1 else ""
        kinds = [_short_domain(model, int(part.places[0])) for part in parts]
        for part, kind in zip(parts, kinds, strict=True):
            found.append(VariableGroup(model, part, f"{label} {kind}".strip() if len(parts) > 1 else label, symbols))
    return found


def _short_domain(model: Formulation, place: int) -> str:
    low, high = model.lower.finite(place), model.upper.finite(place)
    kind = Kind(int(model.kinds[place])).name.lower()
    if low is not None and low == high:
        return f"(fixed {kind})"
    bounds = {(True, True): "free ", (True, False): "upper-bounded ", (False, True): "", (False, False): "bounded "}
    return f"({'' if kind == 'binary' else bounds[low is None, high is None]}{kind})"


def _domain_keys(model: Formulation, exactly: bool) -> IntArray:
    """Return a number for each variable, equal where the domains are alike."""
    low, high = model.lower.floats, model.upper.floats
    auxiliary = np.zeros(len(low), dtype=np.int64)
    auxiliary[sorted(model.auxiliary)] = 1
    fixed = low == high
    for place in {*model.lower.overrides, *model.upper.overrides}:
        fixed[place] = model.lower.finite(place) == model.upper.finite(place)
    key: IntArray = (
        model.kinds.astype(np.int64) + 4 * np.isfinite(low) + 8 * np.isfinite(high) + 16 * fixed + 32 * auxiliary
    )
    if not exactly:
        return key
    seen: dict[object, int] = {}
    numbers = [
        seen.setdefault((int(code), model.lower.finite(j), model.upper.finite(j)), len(seen))
        for j, code in enumerate(key.tolist())
    ]
    return np.array(numbers, dtype=np.int64)


def labels(groups: Sequence[VariableGroup]) -> list[str]:
    """Return the label of each variable's group, in the model's order."""
    found = [""] * sum(len(group.names) for group in groups)
    for group in groups:
        for place in group.names.places.tolist():
            found[place] = group.label
    return found
