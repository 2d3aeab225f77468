"""Pairs that the published methods are asked about, and answers of a scripted language model."""

from __future__ import annotations

import json

from tools.formulation.lp_reader import parse_lp
from tools.formulation.model import Formulation


def lp(objective: str, *rows: str, bounds: str = "", integer: str = "") -> Formulation:
    """Return the model with this objective and these rows; bounds are separated by commas, integers by blanks."""
    lines = [*objective.split(" ", 1), "subject to", *rows, "bounds", *bounds.split(","), "general", integer, "end"]
    return parse_lp("\n".join(lines))


def says(symbol: str, **terms: float) -> str:
    """Return the answer that writes `symbol` as this sum."""
    return json.dumps({symbol: [{"constant": a, "variable": name} for name, a in terms.items()]})


def digits() -> tuple[Formulation, Formulation]:
    """Return two counts up to 47, and the first in decimal digits."""
    reference = lp("max 3 x + y", "cap: x + y <= 47", "few: y <= 5", integer="x y")
    candidate = lp(
        "max 30 d1 + 3 d0 + z", "cap: 10 d1 + d0 + z <= 47", "few: z <= 5", bounds="d1 <= 4,d0 <= 9", integer="d1 d0 z"
    )
    return reference, candidate


def flat() -> tuple[Formulation, Formulation]:
    """Return an objective that any split of 10 attains, and a candidate that lost the row `a <= 6`.

    With a = u and b = v the optima of the candidate with u above 6 are lost, the others carry over.
    """
    reference = lp("max a + b", "sum: a + b <= 10", "most: a <= 6", integer="a b")
    candidate = lp("max u + v", "sum: u + v <= 10", integer="u v")
    return reference, candidate
