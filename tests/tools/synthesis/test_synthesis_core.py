from fractions import Fraction

import pytest
from small_models import model
from synthesis_checks import in_disguise, plain, read
from synthesis_models import Draft, clusters, covers, tours

from tools.formulation.model import Formulation
from tools.synthesis.core import core_matches


def test_the_arcs_of_two_tour_models_match_and_their_order_is_left_open() -> None:
    ours, theirs = tours(4)
    reference = ours.model()
    candidate, meaning = theirs.disguised(3)
    first = next(core_matches(reference, candidate))
    arcs = "; ".join(f"{name} = w{name[1:]}" for name in reference.variables if name[0] == "x")
    assert plain(first.expressions) == plain(in_disguise(read(arcs, reference, theirs.model()), meaning))
    assert first.exact


def test_a_core_may_be_reflected() -> None:
    """A vertex cover is the complement of an independent set."""
    ours, theirs = covers()
    candidate, meaning = theirs.disguised(5)
    first = next(core_matches(ours.model(), candidate))
    complement = {f"c{v}": f"1 - {alias}" for alias, name in meaning.items() for v in [name[1:]]}
    assert plain(first.expressions) == complement


def test_no_map_is_yielded_twice_and_none_without_a_common_row() -> None:
    ours, theirs = clusters()
    found = [plain(match.expressions) for match in core_matches(ours.model(), theirs.model())]
    assert len(found) == len({tuple(sorted(each.items())) for each in found})
    assert all(each for each in found)


def knapsack(names: str, weights: tuple[int, ...] = (2, 3, 7), top: int = 4) -> Formulation:
    return model(
        integer=dict.fromkeys(names, (0, 4)) | {names[0]: (0, top)},
        maximize=dict(zip(names, (5, 7, 11), strict=True)),
        rows=[(dict(zip(names, weights, strict=True)), None, 9)],
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [({"weights": (2, 4, 7)}, {"a": "u", "b": "v", "c": "w"}), ({"top": 3}, {"b": "v", "c": "w"})],
)
def test_other_weights_or_bounds_match_only_as_closely_as_possible(change: dict, expected: dict[str, str]) -> None:
    """Rows that differ are left aside, and a column with other bounds has no counterpart."""
    reference, candidate = knapsack("abc"), knapsack("uvw", **change)
    assert list(core_matches(reference, candidate)) == []
    first = next(core_matches(reference, candidate, closest=True))
    assert plain(first.expressions) == expected
    assert "closest rows" in first.note


def test_a_variable_that_bounds_fix_is_in_no_core() -> None:
    reference = model(
        integer={"a": (0, 1), "b": (0, 1), "f": (1, 1)}, minimize={"a": 2, "b": 3}, rows=[({"a": 1, "b": 1}, 1, None)]
    )
    candidate = model(integer={"u": (0, 1), "v": (0, 1)}, minimize={"v": 2, "u": 3}, rows=[({"u": 1, "v": 1}, 1, None)])
    assert plain(next(core_matches(reference, candidate)).expressions) == {"a": "v", "b": "u"}


def test_a_larger_core_has_no_match_in_a_smaller_model() -> None:
    reference, candidate = knapsack("abc"), Draft()
    candidate.add("u", cost=-5)
    candidate.row({"u": 2}, None, 9)
    assert list(core_matches(reference, candidate.model())) == []
    assert list(core_matches(reference, candidate.model(), closest=True)) == []


def test_scaled_columns_match_by_their_scale() -> None:
    reference = model({"x": (0, 4), "y": (0, 6)}, minimize={"x": 3, "y": 5}, rows=[({"x": 1, "y": 2}, 5, None)])
    candidate = model({"u": (0, 8), "v": (0, 6)}, minimize={"u": "3/2", "v": 5}, rows=[({"u": "1/2", "v": 2}, 5, None)])
    found = next(core_matches(reference, candidate))
    assert found.exact
    assert found.expressions["x"].terms == {"u": Fraction(1, 2)}
    assert found.expressions["y"].terms == {"v": 1}
