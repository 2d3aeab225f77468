"""A certificate on the page: what it shows and lacks, inert, and its file; the text may be gone."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import ui.page.certificate_block
from tools.errors import InputError
from ui.chat.blocks import Certified

HOSTILE = "<script>x</script> $y$ :red[z] \x1b[31m " + "A" * 5_000


def script(block: object) -> None:
    """The block alone."""
    from ui.page.certificate_block import draw_certificate

    draw_certificate(block, "k")


def drawn(monkeypatch: pytest.MonkeyPatch, text: str | None, **more: Any) -> AppTest:
    def get(key: str) -> str:
        if text is None:
            raise InputError("the text is gone")
        return text

    desk = SimpleNamespace(room=SimpleNamespace(shelf=SimpleNamespace(get=get)))
    monkeypatch.setattr(ui.page.certificate_block, "current_desk", lambda: desk)
    block = Certified(**{"report": {}, "key": "0" * 64, "shows_verdict": True, "shown": (), "lacking": (), **more})
    app = AppTest.from_function(script, default_timeout=60, kwargs={"block": block}).run()
    assert not app.exception
    return app


def shown(app: AppTest) -> str:
    return "\n".join(element.value for element in app.markdown)


def test_what_it_shows_and_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    app = drawn(monkeypatch, "{}", shown=(("sound", "proved"), ("complete", "refuted")))
    assert "**Certified**" in shown(app)
    assert "Shown: sound proved, complete refuted" in shown(app)
    (button,) = app.get("download_button")
    assert button.label == "Save certificate.json"


def test_what_it_lacks_is_inert(monkeypatch: pytest.MonkeyPatch) -> None:
    app = drawn(monkeypatch, "{}", shows_verdict=False, lacking=(("value", HOSTILE), (HOSTILE, "why")))
    assert "**Not certified**" in shown(app)
    assert "Not in it: value, " in shown(app)
    bare = re.sub(r"\\.", "", shown(app))
    for mark in ("<", "$", ":red[", "\x1b"):
        assert mark not in bare
    assert len(shown(app)) < 3_000


def test_a_text_that_is_gone_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    app = drawn(monkeypatch, None)
    assert app.warning[0].value == "the text is gone"
    assert not app.get("download_button")
