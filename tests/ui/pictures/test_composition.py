import time
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import matplotlib.text
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tools.report import Report
from ui.pictures.composition import composition
from ui.pictures.look import DARK, LIGHT, SMALL_TEXT
from ui.pictures.picture import NoPicture, Picture

HOSTILE = [
    "$x^2$",
    "\\frac{1}{2}",
    "<script>",
    "a" * 10_000,
    "l\nb",
    "\u202eevil",
    "数量[1]",
    "\x1b[31m",
    "-->",
    "W" * 40,
]


def drawn(report: Report) -> Picture:
    picture = composition(report)
    assert isinstance(picture, Picture)
    return picture


def texts(figure: Figure) -> list[matplotlib.text.Text]:
    return [text for text in figure.findobj(matplotlib.text.Text) if text.get_text()]


def assert_legible(figure: Figure) -> None:
    """No text is cut by the sheet, covers another, or is too small."""
    FigureCanvasAgg(figure).draw()
    boxes = [(text, text.get_window_extent()) for text in texts(figure)]
    for text, box in boxes:
        assert text.get_fontsize() >= SMALL_TEXT
        assert box.x0 >= 0, text.get_text()
        assert box.y0 >= 0, text.get_text()
        assert box.x1 <= figure.bbox.x1, text.get_text()
        assert box.y1 <= figure.bbox.y1, text.get_text()
    for (one, a), (other, b) in combinations(boxes, 2):
        assert not a.shrunk(0.8, 0.8).overlaps(b.shrunk(0.8, 0.8)), (one.get_text(), other.get_text())


def test_names_factors_and_legend(recovering: Callable[..., Report]) -> None:
    picture = drawn(recovering({"x": ("0", {"u": "1", "v": "10"}), "y": ("1", {"w": "-1"})}))
    figure = picture.draw(LIGHT)
    assert_legible(figure)
    shown = {text.get_text() for text in texts(figure)}
    assert shown == {"reference", "candidate", "x", "y = 1 + …", "u", "v", "w", "10·", "−1·", "added", "subtracted"}
    assert picture.caption.startswith("Reference variables (2) on the left")


def test_equal_names_are_one_compact_line(recovering: Callable[..., Report]) -> None:
    report = recovering({f"x[{i}]": ("0", {f"x[{i}]": "1"}) for i in range(300)})
    report = replace(report, candidate=replace(report.candidate, variables=310))
    picture = drawn(report)
    figure = picture.draw(DARK)
    assert_legible(figure)
    assert figure.get_figheight() * 72 < 120
    assert "Each of the 300 reference variables is the candidate variable of the same name." in picture.caption
    assert "10 of 310 candidate variables take no part" in {text.get_text() for text in texts(figure)}


def test_hostile_names_are_inert_and_stay_in_their_place(recovering: Callable[..., Report]) -> None:
    recovery = {name: (str(10**40), {f"{HOSTILE[-1 - k]}'": "-1/1234567", name: "1"}) for k, name in enumerate(HOSTILE)}
    picture = drawn(recovering(recovery))
    assert_legible(picture.draw(LIGHT))
    assert "<script" not in picture.svg(LIGHT)


def test_five_thousand_variables_take_less_than_a_second(recovering: Callable[..., Report]) -> None:
    recovery = {f"x[{i}]": ("0", {f"d[{i},{k}]": str(10**k) for k in range(3)}) for i in range(2500)}
    recovery |= {f"open_{i}": ("1", {f"closed_{i}": "-1"}) for i in range(2500)}
    report = recovering(recovery)
    started = time.process_time()
    drawn(report).svg(LIGHT)
    assert time.process_time() - started < 1.0


def test_crowded_links_go_without_labels_rather_than_over_each_other(recovering: Callable[..., Report]) -> None:
    recovery = {f"r{i}": ("0", {f"c{j}": f"{i + 2}/7" for j in range(6)}) for i in range(6)}
    assert_legible(drawn(recovering(recovery)).draw(LIGHT))


def test_without_a_mapping_there_is_a_reason(undecided: Report, recovering: Callable[..., Report]) -> None:
    assert composition(undecided) == NoPicture("composition", "the report has no mapping")
    assert isinstance(composition(recovering({})), NoPicture)


@pytest.mark.parametrize("dark", [False, True])
def test_the_same_report_gives_the_same_bytes(dark: bool, equivalent: Report) -> None:
    look = DARK if dark else LIGHT
    assert drawn(equivalent).svg(look) == drawn(equivalent).svg(look)
