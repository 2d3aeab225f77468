from small_models import model

from tools.claims.facts import find_facts
from tools.claims.invariants import Impossibility, reformulation_impossible, status_differs
from tools.exact.budget import Budget
from tools.exact.prover import Prover
from tools.formulation.model import Formulation


def impossible(reference: Formulation, candidate: Formulation) -> Impossibility | None:
    return reformulation_impossible(Prover(reference, Budget()), Prover(candidate, Budget()))


def test_fewer_points_cannot_cover_more() -> None:
    four, three = model(integer={"x": (0, 3)}), model(integer={"x": (0, 2)})
    found = impossible(four, three)
    assert found is not None
    assert (found.scope, found.strength) == ("any mapping", "exact")
    assert impossible(three, four) is None
    assert impossible(four, four) is None


def test_fewer_objective_values_cannot_match_more() -> None:
    many = model(integer={"x": (0, 3)}, minimize={"x": 1})
    few = model(integer={"x": (0, 3), "y": (0, 1)}, minimize={"y": 1})
    found = impossible(many, few)
    assert found is not None
    assert "objective values" in found.reason
    assert impossible(few, many) is not None  # 8 points against 4
    coarse = model(integer={"x": (0, 3)}, minimize={})
    assert impossible(coarse, many) is None


def test_a_finite_set_covers_no_infinite_one() -> None:
    finite = model(integer={"x": (0, 3)})
    for infinite in (
        model(integer={"x": (0, None)}),
        model(integer={"x": (0, None), "y": (0, None)}, rows=[({"x": 3, "y": -3}, 0, 0)]),
        model(continuous={"t": (0, 1)}),
        model(continuous={"t": (None, None)}, integer={"x": (0, 1)}),
    ):
        found = impossible(infinite, finite)
        assert found is not None
        assert found.scope == "any mapping"
        assert impossible(finite, infinite) is None


def test_what_only_looks_infinite_is_not_called_so() -> None:
    """A ray without any integer point, a segment that rows shrink to a point, and crossed bounds."""
    finite = model(integer={"x": (0, 0)})
    for single in (
        model(integer={"x": (0, None), "y": (0, None)}, rows=[({"x": 3, "y": -3}, 1, 2)]),
        model(continuous={"t": (0, 1), "u": (0, 1)}, rows=[({"t": 1, "u": 1}, 2, None)]),
        model(continuous={"t": (0, None)}, rows=[({"t": 1}, None, 0)]),
        model(continuous={"t": (1, 0)}, integer={"x": (0, None)}),
    ):
        assert impossible(single, finite) is None


def test_a_bounded_set_has_no_unbounded_affine_image() -> None:
    segment, ray = model(continuous={"t": (0, 1)}), model(continuous={"t": (0, None)})
    found = impossible(ray, segment)
    assert found is not None
    assert found.scope == "every affine mapping"
    assert impossible(segment, ray) is None


def test_an_affine_image_has_no_higher_dimension() -> None:
    square = model(continuous={"x": (0, 1), "y": (0, 1)})
    line = model(continuous={"x": (0, 1), "y": (0, 1)}, rows=[({"x": 1, "y": 1}, 1, 1)])
    found = impossible(square, line)
    assert found is not None
    assert found.scope == "every affine mapping"
    assert impossible(line, square) is None
    implied = model(continuous={"x": (0, 1), "y": (0, 1)}, rows=[({"x": 1, "y": 1}, 2, None)])
    assert impossible(implied, line) is None


def test_integer_points_of_a_line_do_not_count_as_a_plane() -> None:
    diagonal = model(integer={"x": (0, 9), "y": (0, 9)}, rows=[({"x": 1, "y": -1}, 0, 0)])
    line = model(continuous={"t": (0, 9)})
    assert impossible(diagonal, line) is None


def test_rounded_data_refute_nothing() -> None:
    meant = model(integer={"x": (0, 9)}, rows=[({"x": "0.3"}, None, "0.9")])
    written = model(integer={"x": (0, 9)}, rows=[({"x": 0.1 * 3}, None, "0.9")])
    assert impossible(meant, written) is None


def test_statuses_that_differ_refute_every_mapping() -> None:
    optimal = find_facts(Prover(model(integer={"x": (0, 3)}, minimize={"x": 1}), Budget()))
    empty = find_facts(Prover(model(integer={"x": (0, 3)}, rows=[({"x": 2}, 1, 1)]), Budget()))
    endless = find_facts(Prover(model(integer={"x": (None, 3)}, minimize={"x": 1}), Budget()))
    for first in (optimal, empty, endless):
        for second in (optimal, empty, endless):
            found = status_differs(first, second)
            assert (found is None) == (first is second)
            if found is not None:
                assert (found.scope, found.about, found.strength) == ("any mapping", "status", "exact")
    assert status_differs(None, optimal) is None


def test_more_optima_need_as_many() -> None:
    """Two bins for two items: either may be empty in the one model, only the second in the other."""
    either = model(integer={"a": (0, 1), "b": (0, 1)}, minimize={"a": 1, "b": 1}, rows=[({"a": 1, "b": 1}, 1, None)])
    sorted_ = model(
        integer={"u": (0, 1), "v": (0, 1), "idle": (0, 1)},
        minimize={"u": 1, "v": 1},
        rows=[({"u": 1, "v": 1}, 1, None), ({"u": 1, "v": -1}, 0, None), ({"idle": 1, "v": -1}, None, 0)],
    )
    found = impossible(either, sorted_)
    assert found is not None
    assert (found.scope, found.strength) == ("any mapping", "exact")
    assert "2 optimal solutions" in found.reason
    assert impossible(sorted_, either) is None
    assert impossible(either, either) is None


def test_whole_numbers_cover_no_segment() -> None:
    whole = model(integer={"x": (0, None), "y": (None, None)}, minimize={"x": 1})
    segment = model(continuous={"t": (0, 1)}, minimize={"t": 1})
    found = impossible(segment, whole)
    assert found is not None
    assert (found.scope, found.strength) == ("any mapping", "exact")
    single = model(continuous={"t": (2, 2)}, minimize={"t": 1})
    assert impossible(single, whole) is None
