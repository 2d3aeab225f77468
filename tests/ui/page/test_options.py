"""What the page is told arrives as it was said; the user's own folder where nothing is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.errors import InputError
from ui.page.options import PageOptions, page_options


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    page_options.cache_clear()
    yield
    page_options.cache_clear()


@pytest.mark.parametrize(
    "options", [PageOptions(), PageOptions("none", "/h", "symbolic", "m", "http://127.0.0.1:9", ("calls=3", "usd=1"))]
)
def test_options_arrive_as_they_were_given(monkeypatch: pytest.MonkeyPatch, options: PageOptions) -> None:
    monkeypatch.setattr(sys, "argv", ["app.py", *options.arguments()])
    assert page_options() == options


def test_without_arguments_the_usual_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["app.py"])
    assert page_options() == PageOptions()


def test_conversations_are_kept_in_the_users_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert PageOptions().history_folder() == tmp_path / "quasikarp" / "conversations"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")  # the specification says that this is to be ignored
    monkeypatch.setenv("HOME", str(tmp_path))
    assert PageOptions().history_folder() == tmp_path / ".local" / "share" / "quasikarp" / "conversations"
    assert PageOptions(history="~/kept").history_folder() == tmp_path / "kept"


def test_a_symbolic_page_asks_no_language_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUASIKARP_MODEL", "some-model")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert PageOptions(planner="symbolic").language_model() is None
    found = PageOptions().language_model()
    assert found is not None
    assert found.name == "some-model"


def test_a_wrong_limit_of_a_model_is_one_line() -> None:
    options = PageOptions(model="some-model", base_url="http://127.0.0.1:9/v1", model_limits=("nonsense",))
    with pytest.raises(InputError) as caught:
        options.language_model()
    assert "\n" not in str(caught.value)
