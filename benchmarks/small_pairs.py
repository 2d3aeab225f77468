"""Small pairs that an enumeration decides, made from a seed, and certificates of what is true about their mapping."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from fractions import Fraction

from agent.certifying import certify
from agent.run import check
from agent.settings import Settings
from tests.small_models import Number, model
from tools.certify.certificate import Certificate
from tools.errors import InputError
from tools.formulation.model import Formulation
from tools.report import Contract
from tools.transform.chain import transform
from tools.transform.mutations import mutate
from tools.transform.registry import TRANSFORMATIONS

MOST_POINTS = 400
"""Values of the integer variables of one side, multiplied."""

MOST_CONTINUOUS = 3


@dataclass(frozen=True)
class SmallPair:
    """Two models, the mapping that is meant and may be spoilt, and what is asked."""

    reference: Formulation
    candidate: Formulation
    mapping: str
    contract: Contract


def small_model(rng: random.Random) -> Formulation:
    """Return a model of two or three bounded integer variables, at times with a continuous one, and a few rows."""
    integer = {f"n{k}": (low := rng.choice((0, 0, -1, 1)), low + rng.randint(1, 3)) for k in range(rng.randint(2, 3))}
    continuous = {"t": (0, rng.choice((None, 2, 3)))} if rng.random() < 0.3 else {}
    names = [*continuous, *integer]
    rows = []
    for _ in range(rng.randint(1, 3)):
        terms: dict[str, Number] = {name: rng.choice((-3, -2, -1, 1, 1, 2, 3)) for name in names if rng.random() < 0.8}
        side = rng.randint(-2, 7)
        rows.append((terms, *rng.choice(((None, side), (-side, None), (side - 3, side), (side, side)))))
    costs = {name: rng.randint(-3, 4) for name in names}
    if rng.random() < 0.7:
        costs |= dict.fromkeys(continuous, 1)
    constant = rng.choice((0, 0, 5))
    if rng.random() < 0.3:
        gains = {name: -value for name, value in costs.items()}
        return model(continuous, integer, maximize=gains, constant=constant, rows=rows)
    return model(continuous, integer, minimize=costs, constant=constant, rows=rows)


def small_pair(seed: int) -> SmallPair | None:
    """Return a pair made by one or two transformations, two in five with one thing in the candidate changed.

    None where a transformation does not apply or the candidate is too large to be enumerated.
    """
    rng = random.Random(f"small pair {seed}")
    try:
        made = transform(small_model(rng), [rng.choice(list(TRANSFORMATIONS)) for _ in range(rng.randint(1, 2))], seed)
        if rng.random() < 0.4:
            made = mutate(made, seed=seed).transformed
    except InputError:
        return None
    if not all(map(_enumerable, (made.reference, made.candidate))):
        return None
    contract: Contract = rng.choice(("quasi-karp", "reformulation", "reformulation"))
    return SmallPair(made.reference, made.candidate, json.dumps(made.mapping_json()), contract)


def small_certificate(seed: int) -> Certificate | None:
    """Return a certificate of what holds under the mapping of a small pair; None where there is no pair."""
    pair = small_pair(seed)
    if pair is None:
        return None
    settings = Settings(pair.contract, 10.0, mapping=pair.mapping, memory="none", planner="symbolic")
    report = check(pair.reference, pair.candidate, settings)
    return certify(pair.reference, pair.candidate, report, time_limit=10.0)


def _enumerable(formulation: Formulation) -> bool:
    points, continuous = Fraction(1), 0
    for j, whole in enumerate(formulation.integer):
        low, high = formulation.lower.finite(j), formulation.upper.finite(j)
        if not whole:
            continuous += 1
        elif low is None or high is None:
            return False
        else:
            points *= high - low + 1
    return points <= MOST_POINTS and continuous <= MOST_CONTINUOUS
