"""Every kind of block is drawn, with hostile texts too; long ones are folded; choices can be clicked for a while."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest
from streamlit.testing.v1 import AppTest

from ui.chat.blocks import Block, Choices, Code, Grid, ModelCard, Problem, Question, Steps, Turn, Words
from ui.chat.conversation import Conversation
from ui.chat.stored import written

HOSTILE = "<script>alert(1)</script> $x$ :red[b] [l](javascript:m) \x1b[31m " + "A" * 5_000
STEP = {"kind": "step", "node": "plan", "message": HOSTILE}

BLOCKS: tuple[Block, ...] = (
    Words(HOSTILE),
    ModelCard("reference", HOSTILE, {"variables": 2, "integers": 1, "constraints": 3}, (HOSTILE,), (HOSTILE,)),
    Steps((STEP, {"kind": "warning", "node": "", "message": HOSTILE}), "stopped"),
    Code("\n".join([HOSTILE] * 40), "json", "report.json"),
    Code("x = 1", "python", "recover.py"),
    Grid(("a", "b"), ((HOSTILE, HOSTILE),) * 300),
    Question(HOSTILE),
    Problem(HOSTILE),
    Choices((HOSTILE, "why?")),
)


def script(text: str, late: bool) -> None:
    """Draw the blocks of a conversation that was written down."""
    import streamlit as st

    from ui.chat.conversation import Conversation
    from ui.chat.stored import read_back
    from ui.page.drawing import draw_block

    def say(said: str) -> None:
        st.session_state["said"] = said

    for turn in read_back(Conversation, text).turns:
        for number, block in enumerate(turn.blocks):
            draw_block(block, f"block-{number}", None if late else say)


def drawn(*blocks: Block, late: bool = False) -> AppTest:
    text = written(Conversation(turns=(Turn("", blocks),)))
    app = AppTest.from_function(script, default_timeout=60, kwargs={"text": text, "late": late}).run()
    assert not app.exception
    return app


def marked(app: AppTest) -> list[str]:
    kinds: tuple[Any, ...] = (app.markdown, app.info, app.warning, app.caption)
    return [element.value for kind in kinds for element in kind]


def test_every_kind_is_drawn() -> None:
    elsewhere = {"Card", "Certified", "Pictures"}  # in tests of their own
    assert {type(block).__name__ for block in BLOCKS} == {kind.__name__ for kind in get_args(Block)} - elsewhere
    app = drawn(*BLOCKS)
    assert len(app.table) == 1
    assert len(app.expander) == 2
    assert len(app.button) == 2


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.kind)
def test_no_text_has_a_meaning_or_no_end(block: Block) -> None:
    for text in marked(drawn(block)):
        bare = re.sub(r"\\.", "", text)
        for mark in ("<", "$", ":red", "](", "\x1b"):
            assert mark not in bare, text[:200]
        assert len(text) < 10_000


def test_long_text_is_folded_and_whole_in_the_file() -> None:
    app = drawn(Code("\n".join(f"line {number}" for number in range(100)), "json", "report.json"))
    assert len(app.code[0].value.splitlines()) == 15
    assert "86 more lines" in app.code[0].value
    assert app.get("download_button")


def test_short_code_is_shown_as_it_is() -> None:
    assert drawn(Code("a = 1\nb = 2", "python", "x.py")).code[0].value == "a = 1\nb = 2"


def test_a_long_table_is_cut_and_says_so() -> None:
    app = drawn(Grid(("a",), tuple((str(number),) for number in range(300))))
    assert len(app.table[0].value) == 200
    assert any("100 more rows" in text for text in marked(app))


def test_what_is_chosen_is_said() -> None:
    app = drawn(Choices(("why?", "*stars*")))
    app.button[1].click().run()
    assert app.session_state["said"] == "*stars*"


def test_choices_of_earlier_answers_are_gone() -> None:
    assert not drawn(Choices(("why?",)), late=True).button


def test_a_model_called_like_its_side_is_named_once() -> None:
    summary = {"variables": 2, "integers": 0, "constraints": 1}
    assert ": **candidate**: 2 variables" in marked(drawn(ModelCard("candidate", "candidate", summary)))[0]


@pytest.mark.parametrize(("count", "words"), [(1, "1 step"), (2, "2 steps")])
def test_steps_are_counted(count: int, words: str) -> None:
    event = {"kind": "step", "node": "plan", "message": "m"}
    assert drawn(Steps((event,) * count, "done")).expander[0].label == words
