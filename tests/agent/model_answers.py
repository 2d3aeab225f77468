"""What a scripted language model says about mappings, and pairs that it is asked about."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tests.agent.fooling import lp
from tools.formulation.model import Formulation


def proposing(*mappings: Sequence[str] | str, completed: Sequence[str] = (), remark: str = "") -> str:
    """Return an answer that proposes each mapping, given as rules or as one text with semicolons."""
    return json.dumps(
        {
            "hypotheses": [
                {
                    "rationale": f"idea {number}",
                    "rules": mapping.split(";") if isinstance(mapping, str) else list(mapping),
                    "completed": list(completed),
                }
                for number, mapping in enumerate(mappings, start=1)
            ],
            "remark": remark,
        }
    )


def digits_pair() -> tuple[Formulation, Formulation]:
    """Return counts x[1], x[2] up to 99, and the same with decimal digits d[i,1], d[i,0]."""
    reference = lp(
        "max 7 x_1 + 5 x_2",
        "12 x_1 + 9 x_2 <= 1000",
        "4 x_1 + 2 x_2 <= 300",
        bounds="x_1 <= 99,x_2 <= 99",
        integer="x_1 x_2",
    )
    candidate = lp(
        "max 70 d_1_1 + 7 d_1_0 + 50 d_2_1 + 5 d_2_0",
        "120 d_1_1 + 12 d_1_0 + 90 d_2_1 + 9 d_2_0 <= 1000",
        "40 d_1_1 + 4 d_1_0 + 20 d_2_1 + 2 d_2_0 <= 300",
        bounds="d_1_1 <= 9,d_1_0 <= 9,d_2_1 <= 9,d_2_0 <= 9",
        integer="d_1_1 d_1_0 d_2_1 d_2_0",
    )
    return reference, candidate


RIGHT = "x[i] = 10*d[i,1] + d[i,0]"
HALF_RIGHT = "x_1 = 10*d_1_1 + d_1_0; x_2 = d_2_1 + d_2_0"
WRONG = "x[i] = d[i,1] + 10*d[i,0]"


def located_pair(sites: int, customers: int) -> tuple[Formulation, Formulation]:
    """Return a facility location model, and one in which it is said which sites are shut."""
    places = [(i, j) for i in range(1, sites + 1) for j in range(1, customers + 1)]

    def model(ship: str, site: str, sign: int, side: int) -> Formulation:
        cost = " + ".join(f"{(7 * i + 13 * j) % 29 + 1} {ship}_{i}_{j}" for i, j in places)
        cost += "".join(f" {'+' if sign > 0 else '-'} {100 + 3 * i} {site}_{i}" for i in range(1, sites + 1))
        serve = (
            f"serve_{j}: " + " + ".join(f"{ship}_{i}_{j}" for i in range(1, sites + 1)) + " = 1"
            for j in range(1, customers + 1)
        )
        linked = (f"{ship}_{i}_{j} {'-' if sign > 0 else '+'} {site}_{i} <= {side}" for i, j in places)
        names = [*(f"{ship}_{i}_{j}" for i, j in places), *(f"{site}_{i}" for i in range(1, sites + 1))]
        return lp(f"min {cost}", *serve, *linked, bounds=",".join(f"{n} <= 1" for n in names), integer=" ".join(names))

    return model("ship", "open", 1, 0), model("z", "shut", -1, 1)
