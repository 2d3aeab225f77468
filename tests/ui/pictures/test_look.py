from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from ui.pictures.look import DARK, LIGHT, SMALL_TEXT, WIDTH, Look, look

TEXT_COLOURS = ("ink", "muted")
MARK_COLOURS = ("ink", "muted", "plus", "minus", "good", "bad", "witness", "quiet")
# Machado, Oliveira and Fernandes (2009), severity 1, for linear RGB.
BLINDNESS = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
# Colours of things that are otherwise alike.
TOGETHER = [("plus", "minus", "witness"), ("good", "bad"), ("good", "witness")]


def linear(colour: str) -> np.ndarray:
    values = np.array(to_rgb(colour))
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_contrast_with_every_paper(theme: Look) -> None:
    for paper in theme.papers:
        for name in TEXT_COLOURS:
            assert contrast(getattr(theme, name), paper) >= 4.5, (name, paper)
        for name in MARK_COLOURS:
            assert contrast(getattr(theme, name), paper) >= 3, (name, paper)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("kind", BLINDNESS)
def test_colours_stay_apart_for_the_colour_blind(theme: Look, kind: str) -> None:
    seen = {name: np.clip(np.array(BLINDNESS[kind]) @ linear(getattr(theme, name)), 0, 1) for name in MARK_COLOURS}
    for names in TOGETHER:
        for a, b in combinations(names, 2):
            assert float(np.linalg.norm(np.cbrt(seen[a]) - np.cbrt(seen[b]))) > 0.1, (a, b)


def test_the_smallest_text_is_legible_on_a_phone() -> None:
    assert SMALL_TEXT * 360 / WIDTH > 9.5


def test_look_by_darkness() -> None:
    assert (look(True), look(False)) == (DARK, LIGHT)
