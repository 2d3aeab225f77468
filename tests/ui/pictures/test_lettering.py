import unicodedata

import pytest

from ui.pictures.lettering import drawable, fitted, width, wrapped, write
from ui.pictures.picture import sheet, svg

HOSTILE = [
    "$x^2$",
    "$",
    "\\frac{1}{2}",
    "a" * 10_000,
    "line\nbreak",
    "\u202eevil",
    "数量",
    "\x1b[31m",
    "\ud800",
    "W" * 40,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_becomes_one_inert_line_that_the_font_can_show(text: str) -> None:
    shown = drawable(text)
    assert shown.isprintable()
    assert len(shown) <= 240
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in shown)
    assert drawable("x[1] ×3 … 10·Σ ∞ −") == "x[1] ×3 … 10·Σ ∞ −"


@pytest.mark.parametrize("text", [*HOSTILE, "", "x", "iiiiiiiiiiii", " "], ids=range(len(HOSTILE) + 4))
@pytest.mark.parametrize("room", [30.0, 80.0, 300.0])
def test_fitted_text_fits(text: str, room: float) -> None:
    assert width(fitted(text, room)) <= room


def test_the_middle_is_left_out_first() -> None:
    assert fitted("production_of_cheese_in_march[12]", 120).endswith("12]")
    assert fitted("x[1]", 120) == "x[1]"


def test_wrapped_lines_fit_and_say_that_they_were_cut() -> None:
    text = "the image of this point breaks a row of the reference that nobody knew"
    assert " ".join(wrapped(text, 150, 9)) == text
    lines = wrapped(text, 150, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(width(line) <= 150 for line in lines)
    assert wrapped("", 150, 2) == []
    assert all(width(line) <= 60 for line in wrapped("a" * 500 + " b " + "W" * 90, 60, 2))


def test_dollars_are_no_mathematics() -> None:
    figure, axes = sheet(40)
    text = write(axes, 10, 10, "$\\frac{1}{$", colour="black")
    assert text.get_text() == "$\\frac{1}{$"
    assert not text.get_parse_math()
    assert not text.get_usetex()
    assert svg(figure).startswith("<svg")
