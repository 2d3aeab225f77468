"""The best of several values, one compared after the other, and the binaries that tell which came first."""

from __future__ import annotations

from tools.certify.cases import Branch, ByCase, Split
from tools.certify.definitions.realised import Realised, number, variable
from tools.certify.space import Affine, Space
from tools.mapping.functions.extremum import Maximum, Minimum


def realise_extremum(space: Space, function: Maximum | Minimum) -> Realised:
    """Return w_k = w_{k−1} where e_k is no better, else e_k; s_k = 1 − Σ_{l>k} s_l where e_k is better, else 0."""
    made = Realised(space, function)
    sign, last = function.sign, len(function.terms) - 1
    best, *others = [made.value(term) for term in function.terms]
    better: list[int] = []
    bests: list[int] = []
    if not others:
        made.define(function.output, best, integer=function.integral)
    for k, term in enumerate(others, start=1):
        test = term.plus(best, -1).times(sign)
        name = function.output if k == last else None
        splits: list[Split] = []
        if function.names:
            better.append(made.choose(None, test, 0, number(0), number(1), integer=True))
            test = variable(better[-1])
            made.bound(better[-1], "lower", 0, [ByCase(better[-1])], ())
            made.bound(better[-1], "upper", 1, [ByCase(better[-1])], ())
            splits.append(ByCase(better[-1]))
        step = 1 if function.names else 0
        bests.append(made.choose(name, test, 0, best, term, step=step, integer=function.integral))
        splits.append(ByCase(bests[-1]))
        new = variable(bests[-1])
        for value in (best, term):
            made.lemma(new.plus(value, -1).times(sign), splits, ())
        best = new
    if function.names:
        _first(made, better, bests, function)
    return made


def _first(made: Realised, better: list[int], bests: list[int], function: Maximum | Minimum) -> None:
    """Define s_k from the last to the first; where s_k is 1 no later e_l was better, so w = w_l = … = w_k = e_k."""
    rest: Affine = number(1)
    positive: list[int] = []
    splits: list[Split] = []
    later: list[Split] = []
    for name, k in reversed(list(zip(function.names[1:], range(len(better))))):
        beats = variable(better[k])
        share = made.choose(name, beats, 0, number(0), rest, step=1, integer=True)
        by_share = [ByCase(share)]
        made.bound(share, "lower", 0, by_share, positive)
        made.bound(share, "upper", 1, by_share, positive)
        made.lemma(beats.plus(variable(share), -1), by_share, positive)
        made.lemma(variable(share).plus(beats.plus(rest), -1).plus(number(1)), by_share, positive)
        rest = rest.plus(variable(share), -1)
        positive = [made.lemma(rest, by_share, positive)]
        later.append(ByCase(bests[k]))
        splits.append(Branch(share, above=tuple(later)))
    made.define(function.names[0], rest, integer=True)
    made.hints[f"{function.name} attained"] = ([*splits, *later], made.pool)
