"""The memory page: none, empty, damaged, records with hostile names, forgetting, asking about a pair, seeding."""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from memory.memory import Memory
from memory.record import ModelSketch, Record
from memory.testing import example_record
from ui.chat.conversation import Conversation
from ui.chat.models import ModelText
from ui.page import memory_page, memory_search, memory_seeding
from ui.page.options import PageOptions, page_options
from ui.running.run import Run
from ui.running.spare import SPARE

SECONDS = 90
MODELS = Path(__file__).resolve().parents[3] / "examples" / "models"
HOSTILE = "<script>alert(1)</script> **b** $x$ [l](http://evil.example) :red[x] `c` \x1b[31m" + "A" * 10_000


def script() -> None:
    """The page alone."""
    from ui.page.memory_page import memory_page

    memory_page()


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., AppTest]]:
    """Open the page over a memory, as the server's own user or a stranger."""

    def opened(memory: str, *, private: bool = True) -> AppTest:
        options = PageOptions(memory=memory, history=str(tmp_path / "history"), planner="symbolic")
        monkeypatch.setattr(sys, "argv", ["app.py", *options.arguments()])
        for module in (memory_page, memory_seeding):
            monkeypatch.setattr(module, "is_private", lambda: private)
        page_options.cache_clear()
        return AppTest.from_function(script, default_timeout=SECONDS).run()

    monkeypatch.setattr(SPARE, "keep", lambda: None)
    st.cache_resource.clear()
    yield opened
    st.cache_resource.clear()
    page_options.cache_clear()


@pytest.fixture
def filled(tmp_path: Path) -> Callable[..., str]:
    """Make a memory of these records and return where it is."""

    def fill(*records: Record) -> str:
        location = tmp_path / "memory"
        with Memory.open(location) as memory:
            memory.learn(replace(record, structure=()) for record in records)
        return str(location)

    return fill


def said(app: AppTest) -> str:
    """Return everything that is written on the page as Markdown."""
    kinds = (app.markdown, app.caption, app.info, app.warning, app.error, app.success)
    return "\n".join(element.value for kind in kinds for element in kind)


def until(app: AppTest, key: str) -> None:
    """Run the page until the job under way, whose stop button has this key, has ended."""
    end = time.monotonic() + SECONDS
    while any(button.key == key for button in app.button):
        assert time.monotonic() < end
        time.sleep(0.3)
        app.run()


def test_without_a_memory_the_page_says_how_to_have_one(open_page: Callable[..., AppTest]) -> None:
    app = open_page("none")
    assert not app.exception
    assert "quasikarp ui --memory" in app.info[0].value
    assert not app.tabs


def test_an_unusable_location_is_one_line(open_page: Callable[..., AppTest]) -> None:
    app = open_page("ftp://x")
    assert not app.exception
    assert len(app.error) == 1


def test_an_empty_memory_says_what_to_do_and_makes_no_folder(open_page: Callable[..., AppTest], tmp_path: Path) -> None:
    app = open_page(str(tmp_path / "nothing"))
    assert not app.exception
    assert "Nothing is known yet" in app.info[0].value
    assert not (tmp_path / "nothing").exists()


def test_a_damaged_memory_is_one_line(open_page: Callable[..., AppTest], tmp_path: Path) -> None:
    (tmp_path / "records.sqlite3").write_bytes(b"no database at all" * 500)
    app = open_page(str(tmp_path))
    assert not app.exception
    assert len(app.error) == 1
    assert "\n" not in app.error[0].value
    assert not app.metric


def test_records_are_counted_listed_and_paged(open_page: Callable[..., AppTest], filled: Callable[..., str]) -> None:
    count = memory_page.PAGE + 2
    app = open_page(filled(*(example_record(number) for number in range(count))))
    assert not app.exception
    assert [metric.value for metric in app.metric] == ["12", "5"]
    listed = [button.key for button in app.button if button.label == "Show"]
    newest = [f"show-{example_record(number).id}" for number in range(count - 1, 1, -1)]
    assert listed == newest
    app.pagination[0].set_value(2).run()
    assert [button.key for button in app.button if button.label == "Show"] == [
        f"show-{example_record(number).id}" for number in (1, 0)
    ]


def test_filters_by_text_outcome_and_kind(open_page: Callable[..., AppTest], filled: Callable[..., str]) -> None:
    records = [example_record(number) for number in range(4)]
    app = open_page(filled(*records, replace(example_record(8), kind="digits")))

    def listed() -> set[str | None]:
        return {button.key for button in app.button if button.label == "Show"}

    app.text_input(key="memory-text").set_value("model 3").run()
    assert listed() == {f"show-{records[3].id}"}
    app.text_input(key="memory-text").set_value("").run()
    app.pills(key="memory-outcome").set_value("refuted").run()
    assert listed() == {f"show-{records[2].id}", f"show-{replace(example_record(8), kind='digits', structure=()).id}"}
    app.selectbox(key="memory-kind").set_value("scaling").run()
    assert listed() == {f"show-{records[2].id}"}
    app.text_input(key="memory-text").set_value("nowhere").run()
    assert "No such records" in said(app)


def test_hostile_records_are_shown_inert(open_page: Callable[..., AppTest], filled: Callable[..., str]) -> None:
    record = replace(
        example_record(2),
        kind=HOSTILE,
        source=HOSTILE,
        reference=ModelSketch("h", HOSTILE, 3, 1, 2, 5),
        rules=(f"x = {HOSTILE}", r"\href{javascript:alert(1)}{x} = 2 y", "x = 2*y"),
        claims={name: {"result": HOSTILE, "strength": HOSTILE} for name in example_record(2).claims},
        witness={
            "claim": HOSTILE, "point_of": "candidate", "point": {HOSTILE: HOSTILE}, "image": None,
            "explanation": HOSTILE, "violates": HOSTILE,
        },
        text="",
    )  # fmt: skip
    app = open_page(filled(record, example_record(0)))
    app.button(key=f"show-{record.id}").click().run()
    assert not app.exception
    assert "Counterexample to" in said(app)
    shown = said(app) + "".join(table.value.to_string() for table in app.table)
    for raw in ("<script>", "**b**", "$x$", "[l](http", ":red[x]", "`c`", "\x1b"):
        assert raw not in shown
    assert "A" * 300 not in shown
    # What cannot be typeset is code, which nothing interprets.
    assert [code.value.startswith(("x = <script>", r"\href")) for code in app.code] == [True, True]
    assert "\x1b" not in app.code[0].value
    assert len(app.get("latex") or app.latex) == 1


@pytest.mark.parametrize(
    "witness", [{"nonsense": 1}, {"claim": 1, "point_of": "candidate", "point": {}}, {"point": []}]
)
def test_a_strangers_witness_costs_nothing(
    open_page: Callable[..., AppTest], filled: Callable[..., str], witness: dict[str, Any]
) -> None:
    record = replace(example_record(2), witness=witness)
    app = open_page(filled(record))
    app.button(key=f"show-{record.id}").click().run()
    assert not app.exception
    assert "Claims" in said(app)
    assert "Counterexample" not in said(app)


def test_a_record_is_forgotten_after_confirmation(
    open_page: Callable[..., AppTest], filled: Callable[..., str]
) -> None:
    records = [replace(example_record(0), kind="alone"), example_record(1)]
    location = filled(*records)
    app = open_page(location)
    app.selectbox(key="memory-kind").set_value("alone").run()
    app.button(key=f"show-{records[0].id}").click().run()
    with Memory.open(location) as memory:
        assert len(memory.store) == 2
    app.button(key=f"forget-{records[0].id}").click().run()
    assert not app.exception
    assert "The record is gone" in said(app)
    with Memory.open(location) as memory:
        assert memory.store.ids() == [records[1].id]


def test_strangers_forget_nothing_and_read_no_folders(
    open_page: Callable[..., AppTest], filled: Callable[..., str]
) -> None:
    record = example_record(0)
    app = open_page(filled(record), private=False)
    assert "only where the page is served to this machine alone" in said(app)
    assert not any(text.key == "seed-source" for text in app.text_input)
    app.button(key=f"show-{record.id}").click().run()
    assert not any(button.key == f"forget-{record.id}" for button in app.button)
    assert "Claims" in said(app)


def test_a_record_that_went_meanwhile_is_one_line(
    open_page: Callable[..., AppTest], filled: Callable[..., str]
) -> None:
    location = filled(example_record(0))
    app = open_page(location)
    with Memory.open(location) as memory:
        memory.store.forget([example_record(0).id])
    app.button(key=f"show-{example_record(0).id}").click().run()
    assert not app.exception
    assert not any(button.label == "Show" for button in app.button)


def test_seeding_then_asking_about_the_pair(open_page: Callable[..., AppTest], tmp_path: Path) -> None:
    location = tmp_path / "learned"
    app = open_page(str(location))
    app.text_input(key="seed-source").set_value(str(MODELS / "digits"))
    app.number_input(key="seed-count").set_value(2)
    _submit(app, "Learn from it")
    until(app, "seed-stop")
    assert not app.exception
    assert app.success[0].value.startswith("2 pairs: 2 verified")
    assert [metric.value for metric in app.metric] == ["2", "0"]
    for side in ("reference", "candidate"):
        app.text_area(key=f"ask-{side}").set_value((MODELS / "digits" / f"{side}.lp").read_text())
    _submit(app, "Ask memory")
    until(app, "ask-stop")
    assert not app.exception
    assert "digits" in said(app)
    found = [button for button in app.button if button.label == "Show the record"]
    assert found
    found[0].click().run()
    assert "Mapping from candidate to reference solutions" in said(app)


def test_what_cannot_be_asked_or_learned_is_one_line(
    open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = open_page(str(tmp_path / "nothing"))
    _submit(app, "Ask memory")
    assert [warning.value for warning in app.warning] == [r"the reference is missing\: paste it or choose its file"]
    _submit(app, "Learn from it")
    assert "Name the folder" in said(app)
    app.text_input(key="seed-source").set_value(str(tmp_path / "no" / ".." / "where"))
    _submit(app, "Learn from it")
    until(app, "seed-stop")
    assert not app.exception
    assert len(app.error) == 1
    assert not (tmp_path / "nothing").exists()


def test_a_seeding_is_stopped(open_page: Callable[..., AppTest], tmp_path: Path) -> None:
    app = open_page(str(tmp_path / "learned"))
    app.text_input(key="seed-source").set_value(str(MODELS / "digits"))
    app.selectbox(key="seed-kind").set_value("transformations")
    app.number_input(key="seed-count").set_value(500)
    _submit(app, "Learn from it")
    assert not any(text.key == "seed-source" for text in app.text_input)
    app.button(key="seed-stop").click().run()
    assert not app.exception
    assert "Stopped. What was learned stays" in said(app)


def test_the_chats_pair_is_asked_about(
    open_page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    models = [ModelText(name, "lp", f"key of {name}") for name in ("**old**", "new")]
    conversation = Conversation(reference=models[0], candidate=models[1])
    room = SimpleNamespace(shelf=SimpleNamespace(get=lambda key: f"text of {key}"))
    asked: list[dict[str, Any]] = []

    def start(job: dict[str, Any], **limits: Any) -> Any:
        asked.append(job)
        return SimpleNamespace(state="failed", error={"message": "no <b>model</b>"})

    monkeypatch.setattr(memory_search, "current_desk", lambda: SimpleNamespace(conversation=conversation, room=room))
    monkeypatch.setattr(Run, "start", start)
    app = open_page(str(tmp_path / "memory"))
    assert app.button(key="ask-chat").label.endswith(r"\*\*old\*\* and new")
    app.button(key="ask-chat").click().run()
    assert [job["job"] for job in asked] == ["recall"]
    assert asked[0]["reference"]["text"] == "text of key of **old**"
    assert app.error[0].value == r"no \<b\>model\<\/b\>"


def _submit(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
