r"""Transform a model step by step: named transformations in order, or a random chain.

>>> from tools.formulation.lp_reader import parse_lp
>>> model = parse_lp("min 2 x + 3 y\nst\n c: 5 x + 3 y >= 22\nbounds\n x <= 40\n y <= 4\ngeneral\n x y\nend")
>>> made = transform(model, ["digits:x", "slack", "rename"], seed=1)
>>> made.contract, len(made.candidate.variables), made.steps[0]
('reformulation', 4, 'digits of x')
>>> from fractions import Fraction
>>> lifted = made.lifting.apply({"x": Fraction(37), "y": Fraction(2)})
>>> {name: str(value) for name, value in made.recovery.apply(lifted).items()}
{'x': '37', 'y': '2'}
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from tools.errors import InputError
from tools.formulation.model import Formulation
from tools.transform.registry import TRANSFORMATIONS
from tools.transform.request import Request
from tools.transform.transformation import WHOLE_MODEL, Transformation
from tools.transform.transformed import Transformed

LONGEST_CHAIN = 1000


def transform(model: Formulation, requests: Iterable[str | Request], seed: int = 0) -> Transformed:
    """Return `model` with the transformations applied in order, and the maps of the whole chain.

    Equal input and seed give the same result. Raises `InputError` where a kind is unknown or does not apply, with the
    reason.
    """
    made = Transformed.nothing(model)
    for position, wanted in enumerate(requests):
        request = Request.parse(wanted) if isinstance(wanted, str) else wanted
        kind = _known(request.kind)
        rng = random.Random(f"{seed}:{position}:{request}")
        made = made.then(
            kind.apply(made.candidate, _places(kind, request, made.candidate, rng), rng, _number(kind, request))
        )
    return made


def random_chain(
    model: Formulation, length: int, seed: int = 0, kinds: Sequence[str] | None = None
) -> tuple[Transformed, list[str]]:
    """Return `model` under `length` random transformations that apply, and the requests that repeat them.

    Kinds that give the contract "reformulation" only, unless `kinds` says which to draw from; none follows itself.
    """
    if not 0 <= length <= LONGEST_CHAIN:
        raise InputError(f"a random chain has 0 to {LONGEST_CHAIN} steps, found {length}")
    if kinds is None:
        kinds = [name for name, kind in TRANSFORMATIONS.items() if kind.contract == "reformulation"]
    rng = random.Random(f"chain:{seed}")
    made = Transformed.nothing(model)
    chosen: list[str] = []
    for position in range(length):
        fitting = [name for name in kinds if name not in chosen[-1:] and _known(name).places(made.candidate)]
        rng.shuffle(fitting)
        for name in fitting:
            step = random.Random(f"{seed}:{position}:{name}")
            kind = _known(name)
            try:
                places = _places(kind, Request(name), made.candidate, step)
                made = made.then(kind.apply(made.candidate, places, step))
            except InputError:
                continue
            chosen.append(name)
            break
        else:
            raise InputError(f"after {position} steps none of {', '.join(kinds)} applies")
    return made, chosen


def _known(name: str) -> Transformation:
    kind = TRANSFORMATIONS.get(name)
    if kind is None:
        raise InputError(f"unknown transformation {name[:60]!r}; known are {', '.join(sorted(TRANSFORMATIONS))}")
    return kind


def _number(kind: Transformation, request: Request) -> int | None:
    if request.parameter is None:
        return None
    if kind.parameter is None:
        raise InputError(f"{kind.name} takes no number; write {kind.name} without '={request.parameter}'")
    if not kind.parameter.least <= request.parameter <= kind.parameter.most:
        raise InputError(
            f"{kind.name}: {kind.parameter.meaning} must lie between {kind.parameter.least} and "
            f"{kind.parameter.most}, found {request.parameter}"
        )
    return request.parameter


def _places(kind: Transformation, request: Request, model: Formulation, rng: random.Random) -> list[str]:
    """Return where to act: what the request names, else a seeded choice."""
    fitting = list(kind.places(model))
    if kind.acts_on == "the model":
        if request.pattern is not None:
            raise InputError(f"{kind.name} acts on the whole model; write it without ':{request.pattern}'")
        if not fitting:
            raise InputError(f"{kind.name} does not apply: the model is not {kind.needs}")
        return [WHOLE_MODEL]
    singular = kind.acts_on.removesuffix("s")
    if request.pattern is None:
        if not fitting:
            raise InputError(f"{kind.name} does not apply: the model does not have {kind.needs}")
        most = len(fitting) if kind.most is None else min(kind.most, len(fitting))
        chosen = set(rng.sample(fitting, rng.randint((most + 1) // 2, most)))
        return [name for name in fitting if name in chosen]
    named = request.matches(model.variables if kind.acts_on == "variables" else model.rows)
    if not named:
        raise InputError(f"{kind.name}: the model has no {singular} {request.pattern[:60]!r}")
    possible = set(fitting)
    chosen_here = [name for name in named if name in possible]
    if not chosen_here or ("*" not in request.pattern and len(chosen_here) < len(named)):
        raise InputError(f"{kind.name} does not apply: {singular} {named[0][:60]!r} is not {kind.needs}")
    return chosen_here
