import re
import threading
from functools import partial
from io import BytesIO
from xml.etree import ElementTree

import matplotlib
import pytest
from matplotlib.figure import Figure
from PIL import Image

from ui.pictures.lettering import write
from ui.pictures.look import DARK, LIGHT, Look
from ui.pictures.picture import Picture, png, sheet, svg

TITLE = "<script>alert(1)</script> & -->"


def figure_of(look: Look = LIGHT, text: str = "x[1] <b>") -> Figure:
    figure, axes = sheet(60)
    axes.plot([10, 200], [10, 50], color=look.plus)
    axes.imshow([[0.0, 1.0]], extent=(300, 340, 50, 10), aspect="auto")
    write(axes, 50, 30, text, colour=look.ink)
    return figure


def test_an_svg_is_self_contained_and_inert() -> None:
    text = svg(figure_of(), TITLE, "what is seen")
    root = ElementTree.fromstring(text)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not tags & {"script", "style", "metadata", "foreignObject", "a"}
    assert text.startswith("<svg")
    assert "<!" not in text
    addresses = set(re.findall(r"https?://[^\"']*", text))
    assert addresses == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    for element in root.iter():
        for key, value in element.attrib.items():
            name = key.rpartition("}")[2]
            assert not name.startswith("on")
            if name == "href":
                assert value.startswith(("#", "data:image/png;base64,"))


def test_an_svg_has_words_for_those_who_cannot_see_it() -> None:
    root = ElementTree.fromstring(svg(figure_of(), TITLE, "what is seen"))
    title, description = root[0], root[1]
    assert (title.text, description.text) == (TITLE, "what is seen")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"


def test_ids_are_unique_among_pictures_and_references_lead_somewhere() -> None:
    texts = [svg(figure_of(LIGHT)), svg(figure_of(DARK))]
    ids = [set(re.findall(r'\bid="([^"]+)"', text)) for text in texts]
    assert not ids[0] & ids[1]
    for text, known in zip(texts, ids, strict=True):
        wanted = set(re.findall(r'href="#([^"]+)"', text)) | set(re.findall(r"url\(#([^)]+)\)", text))
        assert wanted
        assert wanted <= known


def test_the_same_picture_has_the_same_bytes_whatever_the_settings_of_the_user() -> None:
    first = svg(figure_of()), png(figure_of())
    with matplotlib.rc_context({"svg.hashsalt": "other", "svg.fonttype": "none", "text.usetex": True}):
        assert (svg(figure_of()), png(figure_of())) == first
        assert matplotlib.rcParams["svg.hashsalt"] == "other"


def test_threads_may_draw_at_once() -> None:
    expected = svg(figure_of())
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(svg(figure_of()))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_png_is_transparent_and_as_wide_as_asked(scale: float) -> None:
    image = Image.open(BytesIO(png(figure_of(), scale)))
    assert image.width == 360 * scale
    assert image.mode == "RGBA"
    assert image.getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_a_picture_draws_itself_for_its_paper() -> None:
    picture = Picture("sets", "a title", "a caption", partial(figure_of, text="x"))
    assert LIGHT.plus in picture.svg(LIGHT)
    assert DARK.plus in picture.svg(DARK)
    assert "a caption" in picture.svg(DARK)
    assert picture.png(LIGHT) != picture.png(DARK)
