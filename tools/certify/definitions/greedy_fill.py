"""A total that fills capacities one after the other: what is left never falls below 0 and always fits."""

from __future__ import annotations

from tools.certify.cases import ByCase
from tools.certify.definitions.realised import Realised, total, variable
from tools.certify.space import Space
from tools.mapping.functions.greedy_fill import GreedyFill


def realise_greedy_fill(space: Space, function: GreedyFill) -> Realised:
    """Return v_k = u_k where that is no more than what is left, else what is left."""
    made = Realised(space, function)
    left = made.value(function.total)
    capacities = [made.value(capacity) for capacity in function.capacities]
    rest = [made.lemma(left, ()), made.lemma(total(capacities).plus(left, -1), ())]
    for k, (name, capacity) in enumerate(zip(function.names, capacities)):
        filled = made.choose(name, capacity.plus(left, -1), 0, capacity, left, integer=function.integral)
        case = [ByCase(filled)]
        made.bound(filled, "lower", 0, case, rest)
        made.lemma(capacity.plus(variable(filled), -1), case, rest)
        left = left.plus(variable(filled), -1)
        room = total(capacities[k + 1 :]).plus(left, -1)
        rest = [made.lemma(left, case, rest), made.lemma(room, case, rest)]
    made.splits = []
    return made
