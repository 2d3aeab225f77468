from collections.abc import Callable
from dataclasses import replace

import pytest
from small_models import model

from tools.report import Report
from ui.pictures.look import DARK, LIGHT
from ui.pictures.picture import NoPicture, Picture
from ui.pictures.sparsity import sparsity

REFERENCE = model({"x": (0, 9), "y": (0, 9)}, minimize={"x": 1}, rows=[({"x": 2, "y": 4}, None, 8), ({"y": 1}, 1, 5)])
CANDIDATE = model({"u": (0, 9), "v": (0, 9)}, rows=[({"u": 1, "v": 3}, None, 4), ({"v": 1}, 1, 6), ({"u": 1}, 0, 3)])
RECOVERY = {"x": ("0", {"u": "1"}), "y": ("0", {"v": "1"})}


def test_caption_and_legend_tell_what_was_paired(about: Callable[..., Report]) -> None:
    picture = sparsity(about(REFERENCE, CANDIDATE, RECOVERY), REFERENCE, CANDIDATE)
    assert isinstance(picture, Picture)
    assert picture.caption.endswith(
        "0 of 2 reference rows equal a candidate row once the mapping is put in, 2 differ from their partner in "
        "numbers or limits, 1 of the candidate are without partner."
    )
    words = {text.get_text() for axes in picture.draw(LIGHT).axes for text in axes.texts}
    assert words >= {
        "2 rows, 2 variables", "3 rows, 2 variables", "in a pair of rows, but another number",
        "at the end of a row: its limits differ",
    }  # fmt: skip
    assert picture.svg(DARK) == picture.svg(DARK)


def test_large_models_are_drawn_as_densities(about: Callable[..., Report]) -> None:
    n = 1500
    rows = [({f"x{i}": 1, f"x{(i * 7 + 1) % n}": 2}, None, 8) for i in range(n)]
    first = model({f"x{i}": (0, 9) for i in range(n)}, rows=rows)
    recovery = {f"x{i}": ("0", {f"x{i}": "1"}) for i in range(n)}
    picture = sparsity(about(first, first, recovery), first, first)
    assert isinstance(picture, Picture)
    assert "1500 of 1500" in picture.caption
    assert picture.caption.endswith("One square stands for many coefficients.")
    assert len(picture.svg(LIGHT)) < 200_000


def test_reasons_why_there_is_none(about: Callable[..., Report]) -> None:
    report = about(REFERENCE, CANDIDATE, RECOVERY)
    empty = model({"u": (0, 9), "v": (0, 9)})
    cases = [
        (sparsity(report, REFERENCE, None), "needs both models"),
        (sparsity(about(REFERENCE, CANDIDATE), REFERENCE, CANDIDATE), "no mapping"),
        (sparsity(report, CANDIDATE, REFERENCE), "about another reference"),
        (sparsity(about(REFERENCE, empty, RECOVERY), REFERENCE, empty), "no rows"),
        (sparsity(about(REFERENCE, CANDIDATE, {"q\x1b": ("0", {})}), REFERENCE, CANDIDATE), "q\\x1b"),
        (sparsity(about(REFERENCE, CANDIDATE, {"x": ("0", {"q": "1"})}), REFERENCE, CANDIDATE), "another candidate"),
    ]
    for found, words in cases:
        assert isinstance(found, NoPicture)
        assert words in found.reason


@pytest.mark.parametrize("count", [0, 1, 2])
def test_models_of_other_sizes_are_not_those_of_the_report(count: int, about: Callable[..., Report]) -> None:
    report = about(REFERENCE, CANDIDATE, RECOVERY)
    other = replace(
        report, candidate=replace(report.candidate, **{("variables", "constraints", "nonzeros")[count]: 77})
    )
    found = sparsity(other, REFERENCE, CANDIDATE)
    assert isinstance(found, NoPicture)
    assert "77" in found.reason
