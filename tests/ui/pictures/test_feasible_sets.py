from collections.abc import Callable

import pytest
from small_models import model

from tools.formulation.model import Formulation
from tools.report import CounterexampleSummary, Report
from ui.pictures.feasible_sets import feasible_sets
from ui.pictures.look import DARK, LIGHT
from ui.pictures.picture import NoPicture, Picture

TRIANGLE = model({"x": (0, None), "y": (0, None)}, maximize={"x": 5, "y": 4}, rows=[({"x": 1, "y": 2}, None, 6)])
SQUARE = model({"u": (0, 2), "v": (0, 2)}, maximize={"u": 5, "v": 4})


def drawn(report: Report, reference: Formulation, candidate: Formulation) -> tuple[Picture, set[str]]:
    picture = feasible_sets(report, reference, candidate)
    assert isinstance(picture, Picture)
    assert picture.svg(DARK) == picture.svg(DARK)
    return picture, {text.get_text() for axes in picture.draw(LIGHT).axes for text in axes.texts}


def test_optima_and_counterexample_are_marked_and_named(about: Callable[..., Report]) -> None:
    witness = CounterexampleSummary("sound", "candidate", {"u": "2", "v": "5/2"}, {"x": "2", "y": "5/2"}, "row r0", "")
    report = about(TRIANGLE, SQUARE, optima=(30.0, 18.0), counterexample=witness)
    picture, words = drawn(report, TRIANGLE, SQUARE)
    assert "its image: (2, 2.5) breaks row r0" in picture.caption
    assert {"optimum", "counterexample", "its image", "better"} <= words
    markers = [line.get_marker() for axes in picture.draw(LIGHT).axes for line in axes.lines]
    assert markers.count("*") == 3  # one in each set, one in the legend


def test_an_optimum_that_the_report_does_not_confirm_is_not_marked(about: Callable[..., Report]) -> None:
    _, words = drawn(about(TRIANGLE, SQUARE, optima=(31.0, None)), TRIANGLE, SQUARE)
    assert "optimum" not in words


CASES = {
    "empty": model({"x": (0, 1), "y": (0, 1)}, rows=[({"x": 1, "y": 1}, 3, None)]),
    "unbounded": model({"x": (0, None), "y": (None, None)}, minimize={"x": 1}),
    "free": model({"x": (None, None), "y": (None, None)}),
    "point": model({"x": (2, 2), "y": (3, 3)}, minimize={"y": 1}),
    "line": model({"x": (0, 5)}, maximize={"x": 1}),
    "whole line": model({}, {"x": (0, 5)}, minimize={"x": 1}),
    "mixed": model({"x": (0, 5)}, {"y": (0, 3)}, maximize={"x": 1, "y": 1}),
    "dense": model({}, {"x": (0, 10**6), "y": (0, 10**6)}),
    "solid": model(dict.fromkeys("xyz", (0, 4)), maximize={"z": 1}, rows=[({"x": 1, "y": 1, "z": 1}, None, 8)]),
    "cone": model(dict.fromkeys("xyz", (0, None)), minimize={"x": 1}, rows=[({"x": 1, "y": 1}, 1, None)]),
    "space": model({"x": (None, None), "y": (None, None), "z": (None, None)}),
    "segment in space": model({"x": (0, 1), "y": (0, 1), "z": (2, 2)}, rows=[({"x": 1, "y": -1}, 0, 0)]),
    "point in space": model({"x": (1, 1), "y": (1, 1), "z": (2, 2)}),
    "whole in space": model({"z": (0, 1)}, {"x": (0, 2), "y": (0, 2)}, rows=[({"x": 1, "y": 1, "z": 1}, None, 3)]),
    "hostile": model({"$x^2$": (0, 10**9), "<b>\n\u202e" + "y" * 9999: (0, "1/1000")}, maximize={"$x^2$": 1}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_every_sort_of_set_is_drawn(name: str, about: Callable[..., Report]) -> None:
    drawn(about(CASES[name], SQUARE), CASES[name], SQUARE)


def test_what_cannot_be_seen_is_said(about: Callable[..., Report]) -> None:
    _, words = drawn(
        about(CASES["empty"], CASES["dense"], statuses=("infeasible", "optimal")), CASES["empty"], CASES["dense"]
    )
    assert "empty" in words
    picture = feasible_sets(about(CASES["empty"], SQUARE, statuses=("infeasible", "optimal")), CASES["empty"], SQUARE)
    assert isinstance(picture, Picture)
    assert "infeasible, no point meets every requirement" in picture.caption
    assert "without end" in drawn(about(CASES["cone"], SQUARE), CASES["cone"], SQUARE)[0].caption
    assert "too densely" in drawn(about(CASES["dense"], SQUARE), CASES["dense"], SQUARE)[0].caption


def test_too_large_models_have_reasons(about: Callable[..., Report]) -> None:
    large = model({f"x{i}": (0, 1) for i in range(4)})
    picture, words = drawn(about(large, SQUARE), large, SQUARE)
    assert "The reference has 4 variables, and at most three can be drawn." in picture.caption
    assert "reference" not in words
    many = model({"x": (0, 1), "y": (0, 1)}, rows=[({"x": 1, "y": i}, None, i + 2) for i in range(1, 400)])
    huge = model({"x": (0, 10**15)})
    for one, other in ((large, large), (many, huge)):
        found = feasible_sets(about(one, other), one, other)
        assert isinstance(found, NoPicture)
    assert isinstance(feasible_sets(about(large, SQUARE), None, SQUARE), NoPicture)
    assert isinstance(feasible_sets(about(large, SQUARE), SQUARE, SQUARE), NoPicture)
