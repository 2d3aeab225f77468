from fractions import Fraction

import pytest
from small_models import model

from tools.formulation.model import Formulation
from tools.isomorphism.row_space import affine_isomorphisms
from tools.transform.chain import transform


def plan() -> Formulation:
    return model(
        continuous={"s": (0, None), "t": (0, 9)},
        integer={"n": (0, 5), "m": (0, 4)},
        minimize={"s": 3, "t": 1, "n": 7, "m": "5/2"},
        rows=[
            ({"s": 1, "n": 2}, 3, None),
            ({"t": 1, "m": -3, "s": 1}, None, 8),
            ({"n": 1, "m": 1}, 1, 6),
            ({"s": 2, "t": 1, "n": 1}, 4, None),
        ],
    )


@pytest.mark.parametrize(
    "chain",
    [
        ["linear-substitution"],
        ["linear-substitution", "slack"],
        ["slack", "linear-substitution", "defined-variable"],
        ["complement", "linear-substitution", "negate", "shift"],
        ["linear-substitution", "duplicate-rows"],
        ["linear-substitution", "scale-rows", "scale-objective"],
    ],
    ids=" then ".join,
)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_change_of_variables_is_found(chain: list[str], seed: int) -> None:
    made = transform(plan(), [*chain, "rename", "permute"], seed=seed)
    found = next(affine_isomorphisms(made.reference, made.candidate, 1), None)
    assert found is not None
    reference, candidate = made.reference, made.candidate
    start = dict(zip(reference.variables, map(Fraction, (2, 3, 1, 2)), strict=True))
    assert not reference.violations(list(start.values()), limit=1)
    over = {name: e.evaluate(start) for name, e in found.back.items()}
    assert not candidate.violations([over[name] for name in candidate.variables], limit=1)
    assert {name: e.evaluate(over) for name, e in found.across.items()} == start


def test_another_side_or_coefficient_gives_nothing() -> None:
    made = transform(plan(), ["linear-substitution", "rename", "permute"], seed=1)
    candidate = made.candidate
    wider = candidate.changed(row_upper=type(candidate.row_upper).of(
        (float("inf") if (side := candidate.row_upper.finite(i)) is None else side + 1)
        for i in range(len(candidate.rows))
    ))  # fmt: skip
    assert next(affine_isomorphisms(plan(), wider, 1), None) is None
    other = model(
        continuous={"s": (0, None), "t": (0, 9)},
        integer={"n": (0, 5), "m": (0, 4)},
        minimize={"s": 3, "t": 1, "n": 7, "m": "5/2"},
        rows=[
            ({"s": 1, "n": 2}, 3, None),
            ({"t": 1, "m": -3, "s": 1}, None, 8),
            ({"n": 1, "m": 1}, 1, 6),
            ({"s": 2, "t": 2, "n": 1}, 4, None),
        ],
    )
    assert next(affine_isomorphisms(other, candidate, 1), None) is None


def test_models_that_cannot_correspond_give_nothing() -> None:
    free = model(continuous={"x": (None, None), "y": (0, 1)}, minimize={"y": 1})
    assert next(affine_isomorphisms(free, free, 1), None) is None
    contradictory = model(continuous={"x": (0, 1)}, rows=[({"x": 1}, 2, 2), ({"x": 1}, 3, 3)])
    assert next(affine_isomorphisms(contradictory, contradictory, 1), None) is None
    assert next(affine_isomorphisms(plan(), free, 1), None) is None
