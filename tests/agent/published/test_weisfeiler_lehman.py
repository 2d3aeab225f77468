import random

import pytest
from published_models import digits, flat, lp

from agent.published.weisfeiler_lehman import weisfeiler_lehman
from tools.formulation.model import Formulation
from tools.transform.chain import transform


@pytest.mark.parametrize("model", [digits()[0], digits()[1], flat()[0]], ids=["counts", "digits", "flat"])
def test_renamed_and_reordered_models_are_equal(model: Formulation) -> None:
    for seed in range(3):
        assert weisfeiler_lehman(model, transform(model, ["rename", "permute"], seed).candidate)


@pytest.mark.parametrize("kind", ["scale-rows", "slack", "digits", "scale-objective", "shift"])
def test_other_reformulations_are_told_apart(kind: str) -> None:
    model = digits()[0]
    assert not weisfeiler_lehman(model, transform(model, [kind], 0).candidate)


@pytest.mark.parametrize(
    "other",
    [
        lp("max 3 x + y", "cap: x + y <= 48", "few: y <= 5", integer="x y"),
        lp("max 3 x + y", "cap: x + y <= 47", "few: y >= 5", integer="x y"),
        lp("max 3 x + 2 y", "cap: x + y <= 47", "few: y <= 5", integer="x y"),
        lp("max 3 x + y", "cap: x + 2 y <= 47", "few: y <= 5", integer="x y"),
        lp("max 3 x + y", "cap: x + y <= 47", "few: y <= 5", integer="x"),
        lp("max 3 x + y", "cap: x + y <= 47", "few: y <= 5", integer="x y", bounds="x <= 9"),
        lp("max 3 x + y", "cap: x + y <= 47", "few: x <= 5", integer="x y"),
    ],
)
def test_any_single_difference_shows(other: Formulation) -> None:
    assert not weisfeiler_lehman(digits()[0], other)


def test_a_maximum_and_the_minimum_of_the_negative_are_equal() -> None:
    flipped = lp("min -3 x - y", "cap: x + y <= 47", "few: y <= 5", integer="x y")
    assert weisfeiler_lehman(digits()[0], flipped)


def cycles(*lengths: int) -> Formulation:
    """Return a cover of the edges of disjoint cycles of these lengths."""
    rows, first = [], 0
    for length in lengths:
        rows += [f"x{first + k} + x{first + (k + 1) % length} >= 1" for k in range(length)]
        first += length
    names = [f"x{k}" for k in range(first)]
    random.Random(0).shuffle(rows)
    return lp(f"min {' + '.join(names)}", *rows, bounds=",".join(f"{n} <= 1" for n in names), integer=" ".join(names))


def test_what_colour_refinement_cannot_see_counts_as_equal() -> None:
    assert weisfeiler_lehman(cycles(6), cycles(3, 3))  # covers of 3 and of 4 vertices
