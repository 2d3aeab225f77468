"""The chat page without a browser: welcome, examples, a pasted pair, choices, a question, stop, sidebar, history."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ui.chat.blocks import Turn, Words
from ui.chat.conversation import Conversation
from ui.chat.history import History
from ui.page.chat_page import TURNS_SHOWN
from ui.page.options import PageOptions, page_options
from ui.page.workspace import _desks
from ui.running.spare import SPARE

SECONDS = 60
MODELS = Path(__file__).resolve().parents[3] / "examples" / "models"


def script() -> None:
    """The page alone."""
    from ui.page.chat_page import chat_page

    chat_page()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "history"


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Callable[..., AppTest]]:
    """Open the page, at an address with these parameters, or as somebody new."""

    def opened(**parameters: str) -> AppTest:
        app = AppTest.from_function(script, default_timeout=SECONDS)
        for name, value in parameters.items():
            app.query_params[name] = value
        return app.run()

    options = PageOptions(memory="none", history=str(folder), planner="symbolic")
    monkeypatch.setattr(sys, "argv", ["app.py", *options.arguments()])
    monkeypatch.setattr(SPARE, "keep", lambda: None)
    page_options.cache_clear()
    st.cache_resource.clear()
    yield opened
    for desk in list(_desks()._desks.values()):
        desk.stop()
    st.cache_resource.clear()
    page_options.cache_clear()


def shown(app: AppTest) -> str:
    """Return everything that can be read in the main part, Markdown without its escapes."""
    kinds: tuple[Any, ...] = (app.title, app.markdown, app.caption, app.info, app.warning, app.error, app.code)
    return "\n".join(re.sub(r"\\([^\w\s])", r"\1", element.value) for kind in kinds for element in kind)


def labels(app: AppTest) -> list[str]:
    return [re.sub(r"\\(.)", r"\1", button.label) for button in app.button]


def address(app: AppTest, part: str) -> str:
    """Return a part of the page's address."""
    value: Any = app.query_params[part]
    return str(value if isinstance(value, str) else value[0])


def click(app: AppTest, label: str) -> AppTest:
    button = next(button for button in app.button if re.sub(r"\\(.)", r"\1", button.label) == label)
    return button.click().run()


def say(app: AppTest, text: str) -> AppTest:
    app.chat_input[0].set_value(text).run()
    return rest(app)


def rest(app: AppTest) -> AppTest:
    """Run the page until nothing is under way."""
    end = time.monotonic() + SECONDS
    while "Stop" in labels(app):
        assert time.monotonic() < end, shown(app)
        time.sleep(0.1)
        app.run()
    assert not app.exception
    return app


def pair(name: str) -> str:
    sides = ("reference", "candidate")
    return "\n".join(f"{side}:\n{(MODELS / name / f'{side}.lp').read_text()}" for side in sides)


def test_somebody_new_is_welcomed_and_given_examples(open_page: Callable[..., AppTest], folder: Path) -> None:
    app = open_page()
    assert not app.exception
    assert "Is the rewritten model still the same problem?" in shown(app)
    assert {"production", "digits", "complement"} <= set(labels(app))
    assert History(folder).is_workspace(address(app, "w"))
    assert History.is_key(address(app, "c"))


def test_an_example_is_checked_and_explained(open_page: Callable[..., AppTest]) -> None:
    app = rest(click(open_page(), "production"))
    text = shown(app)
    for part in ("**Not equivalent**", "scope: this mapping", "6 chairs + 4 tables = 36 > 24", "2 variables"):
        assert part in text, part
    assert len(app.table) == 3
    rest(click(app, "why?"))
    assert "No, with this mapping" in shown(app)
    assert "“try x[i] = …”" in shown(app)
    assert "why?" not in labels(app)  # choices belong to the last answer


def test_a_pasted_pair_and_what_is_done_with_it(open_page: Callable[..., AppTest]) -> None:
    app = say(open_page(), pair("complement"))
    assert "**Equivalent**" in shown(app)
    assert app.latex
    rest(click(app, "give me a Python snippet"))
    assert "def reference_solution" in shown(app)
    say(app, "give me the report")
    assert app.get("download_button")
    say(app, "drop row nonsense")
    assert "there is no row 'nonsense'" in shown(app)
    say(app, "what is the weather like?")
    assert "say help" in shown(app)
    say(app, "help")
    assert "time limit 2 minutes" in app.table[-1].value.to_string().replace("\\", "")


def test_a_question_is_answered(open_page: Callable[..., AppTest], folder: Path) -> None:
    app = open_page()
    say(app, "time limit 3 s")
    classics = MODELS.parent / "classics" / "pieces"
    say(app, "all solutions matter")
    texts = [(classics / name).read_text() for name in ("choice.lp", "increments.lp")]
    say(app, f"reference:\n{texts[0]}\ncandidate:\n{texts[1]}")
    assert "Do you know how a candidate solution gives" in app.info[0].value.replace("\\", "")
    rest(click(app, "no idea"))
    assert "**Undecided**" in shown(app)
    assert "--hint" not in shown(app)
    assert "continue" in labels(app)


def test_work_is_stopped_by_its_button(open_page: Callable[..., AppTest]) -> None:
    app = open_page()
    app.chat_input[0].set_value(pair("digits")).run()
    assert "Stop" in labels(app)
    app.button(key="stop").click().run()
    assert not app.exception
    assert "Stopped." in shown(app)
    assert "Stop" not in labels(app)


def kept(folder: Path, conversation: Conversation) -> dict[str, str]:
    """Keep a conversation and return its address."""
    history = History(folder)
    token, key = history.new_workspace(), history.new_key()
    history.save(token, key, conversation)
    return {"w": token, "c": key}


def said(*texts: str) -> Conversation:
    return Conversation(turns=tuple(Turn(text, (Words(f"answer to {text}"),)) for text in texts))


def test_the_sidebar_opens_begins_and_deletes(open_page: Callable[..., AppTest], folder: Path) -> None:
    there = kept(folder, said("the first one"))
    history = History(folder)
    other = history.new_key()
    history.save(there["w"], other, said("the second one"))
    app = open_page(**there)
    assert "answer to the first one" in shown(app)
    click(app, "the second one")
    assert "answer to the second one" in shown(app)
    assert address(app, "c") == other
    click(app, "New conversation")
    assert "answer to" not in shown(app)
    click(app, "the first one")
    assert "answer to the first one" in shown(app)
    app.button(key=f"delete-{there['c']}").click().run()
    assert not app.exception
    assert "the first one" not in " ".join(labels(app))
    assert "answer to" not in shown(app)
    assert [entry.key for entry in history.conversations(there["w"])] == [other]


def test_new_leaves_the_conversation_behind(open_page: Callable[..., AppTest], folder: Path) -> None:
    there = kept(folder, said("a question"))
    app = open_page(**there)
    say(app, "new")
    assert address(app, "c") != there["c"]
    assert address(app, "w") == there["w"]
    assert "a question" in labels(app)


def test_of_a_long_conversation_the_end_is_shown(open_page: Callable[..., AppTest], folder: Path) -> None:
    app = open_page(**kept(folder, said(*(f"question {number}" for number in range(1_000)))))
    assert len(app.chat_message) == 2 * TURNS_SHOWN
    assert "answer to question 999" in shown(app)
    assert app.toggle[0].label == f"Show {1_000 - TURNS_SHOWN} earlier answers"
    app.toggle[0].set_value(True).run()
    assert "answer to question 0" in shown(app)


@pytest.mark.parametrize("damage", [b"\xff\x00", b"{", json.dumps({"turns": 7}).encode()])
def test_a_damaged_conversation_is_told_and_costs_no_other(
    open_page: Callable[..., AppTest], folder: Path, damage: bytes
) -> None:
    there = kept(folder, said("a question"))
    file = folder / there["w"] / f"{there['c']}.json"
    file.write_bytes(damage)
    app = open_page(**there)
    assert not app.exception
    assert "cannot be read" in app.warning[0].value
    assert any("cannot be read" in label for label in labels(app))
    assert address(app, "c") != there["c"]
    say(app, "time limit 5 s")
    assert "5 seconds" in shown(app)
    assert file.read_bytes() == damage  # somebody may want to mend it


@pytest.mark.parametrize(
    ("token", "key"), [("../../etc", "passwd"), ("A" * 43, "../x"), ("%2e%2e", "0" * 16), ("", "\x00")]
)
def test_a_made_up_address_gives_a_new_workspace(
    open_page: Callable[..., AppTest], folder: Path, token: str, key: str
) -> None:
    app = open_page(w=token, c=key)
    assert not app.exception
    assert address(app, "w") != token
    assert not app.chat_message
    assert all(History(folder).is_workspace(path.name) for path in folder.iterdir())


def test_a_folder_that_cannot_be_used_is_one_line(open_page: Callable[..., AppTest], folder: Path) -> None:
    folder.write_text("a file, not a folder")
    app = open_page()
    assert not app.exception
    assert len(app.error) == 1
    assert "cannot be used to keep conversations" in app.error[0].value.replace("\\", "")
    assert "\n" not in app.error[0].value


def test_a_conversation_that_can_no_longer_be_kept_is_one_line(open_page: Callable[..., AppTest], folder: Path) -> None:
    app = open_page()
    workspace = folder / address(app, "w")
    workspace.rmdir()
    folder.rmdir()
    folder.write_text("the disk is another one")
    app.chat_input[0].set_value("time limit 5 s").run()
    assert not app.exception
    assert len(app.error) == 1
    assert "\n" not in app.error[0].value
