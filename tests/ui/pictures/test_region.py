import numpy as np
import pytest
from small_models import model

from tools.formulation.model import Formulation
from ui.pictures.region import Region, region


def found(formulation: Formulation, *shown: tuple[float, ...]) -> Region:
    result = region(formulation, np.array(shown).reshape(-1, len(formulation.variables)))
    assert result is not None
    return result


def corners(formulation: Formulation) -> set[tuple[float, ...]]:
    return {tuple((np.round(corner, 6) + 0.0).tolist()) for corner in found(formulation).corners}


def test_a_polygon_has_its_corners() -> None:
    polygon = model({"x": (0, 4), "y": (0, 4)}, rows=[({"x": 1, "y": 1}, None, 6), ({"x": 2, "y": 2}, None, 12)])
    assert corners(polygon) == {(0, 0), (4, 0), (4, 2), (2, 4), (0, 4)}
    assert found(polygon).open_sides == ()


@pytest.mark.parametrize(
    ("formulation", "expected"),
    [
        (model({"x": (2, 2), "y": ("1/2", "1/2")}), {(2, 0.5)}),
        (model({"x": (0, 5), "y": (0, 5)}, rows=[({"x": 1, "y": 1}, 4, 4)]), {(0, 4), (4, 0)}),
        (model({"x": (0, 5)}), {(0,), (5,)}),
        (model({"x": (0, 1), "y": (0, 1), "z": (0, 1)}, rows=[({"x": 1, "y": -1}, 0, 0), ({"y": 1, "z": -1}, 0, 0)]),
         {(0, 0, 0), (1, 1, 1)}),
        (model({"x": (0, 1), "y": (0, 1), "z": (0, 1)}, rows=[({"x": 1, "y": 1, "z": 1}, 1, 1)]),
         {(1, 0, 0), (0, 1, 0), (0, 0, 1)}),
    ],
    ids=["point", "segment", "interval", "segment in space", "triangle in space"],
)  # fmt: skip
def test_flat_sets_are_found(formulation: Formulation, expected: set[tuple[float, ...]]) -> None:
    assert corners(formulation) == expected


def test_unbounded_sets_say_where_they_go_on() -> None:
    quadrant = found(model({"x": (0, None), "y": (1, None)}))
    assert set(quadrant.open_sides) == {(0, 1), (1, 1)}
    strip = found(model({"x": (None, None), "y": (None, None)}, rows=[({"x": 1, "y": 1}, 1, 2)]))
    assert len(strip.open_sides) == 4
    assert len(found(model({"x": (None, None), "y": (None, None)})).open_sides) == 4


def test_empty_sets_are_none_even_without_corners() -> None:
    nothing = np.zeros((0, 2))
    assert region(model({"x": (0, 1), "y": (0, 1)}, rows=[({"x": 1, "y": 1}, 3, None)]), nothing) is None
    parallel = model(
        {"x": (None, None), "y": (None, None)}, rows=[({"x": 1, "y": 1}, 2, None), ({"x": 1, "y": 1}, None, 1)]
    )
    assert region(parallel, nothing) is None


def test_whole_points_and_sections() -> None:
    points = found(model({}, {"x": (0, 3), "y": (0, 3)}, rows=[({"x": 2, "y": 2}, None, 5)]))
    assert points.pieces is not None
    assert sorted(tuple(piece[0].tolist()) for piece in points.pieces) == [
        (0, 0),
        (0, 1),
        (0, 2),
        (1, 0),
        (1, 1),
        (2, 0),
    ]
    sections = found(model({"y": (0, 4)}, {"x": (0, 3)}, rows=[({"x": 2, "y": 1}, None, 6)]))
    assert sections.pieces is not None
    assert [sorted(np.round(piece[:, 0], 9).tolist()) for piece in sections.pieces] == [[0, 4], [0, 4], [0, 2], [0]]
    parity = found(model({}, {"x": (0, 3), "y": (0, 3)}, rows=[({"x": 2, "y": 2}, 3, 3)]))
    assert parity.pieces == ()
    assert found(model({}, {"x": (0, 10**6), "y": (0, 10**6)})).pieces is None


def test_scales_that_differ_do_not_merge_corners() -> None:
    assert len(found(model({"x": (0, 10**9), "y": (0, "1/1000")})).corners) == 4


def test_other_points_stay_in_sight() -> None:
    window = found(model({"x": (0, 1), "y": (0, 1)}), (7.0, -3.0))
    assert window.high[0] >= 7
    assert window.low[1] <= -3
