"""Each block of an answer on the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, assert_never

import streamlit as st

from ui.chat.blocks import (
    Block,
    Card,
    Certified,
    Choices,
    Code,
    Grid,
    ModelCard,
    Pictures,
    Problem,
    Question,
    Steps,
    Words,
)
from ui.page.card import draw_card
from ui.page.certificate_block import draw_certificate
from ui.page.inert import LONGEST_CODE_LINE, code_of, inert, inert_lines, inert_sentence
from ui.page.picture_block import draw_pictures

LINES_SHOWN = 14
"""Lines of a text that are shown without being asked for."""

STEPS_SHOWN = 200
ROWS_SHOWN = 200

_ENDINGS = {
    "done": (":material/check:", ""),
    "stopped": (":material/stop_circle:", ", stopped"),
    "failed": (":material/error:", ", failed"),
    "asked": (":material/question_mark:", ", then a question"),
}
_NODES = {
    "ingest": ":material/input:", "screen": ":material/search:", "recall": ":material/history:",
    "plan": ":material/lightbulb:", "test": ":material/science:", "verify": ":material/verified:",
    "reflect": ":material/psychology:", "conclude": ":material/flag:", "remember": ":material/save:",
}  # fmt: skip

Say = Callable[[str], None]


def draw_block(block: Block, key: str, say: Say | None) -> None:
    """The block is on the page; `say` takes what the user clicks on, None where it is too late for that."""
    match block:
        case Words():
            st.markdown(inert_lines(block.text))
        case Problem():
            st.warning(inert_sentence(block.text), icon=":material/info:")
        case Question():
            st.info(
                f"**{inert_sentence(block.text[:1].upper() + block.text[1:], 1_200)}**",
                icon=":material/contact_support:",
            )
        case ModelCard():
            _draw_model(block)
        case Steps():
            draw_steps(block.events, block.ended)
        case Card():
            draw_card(block)
        case Certified():
            draw_certificate(block, key)
        case Code():
            _draw_code(block, key)
        case Grid():
            _draw_grid(block)
        case Choices():
            if say is not None:
                _draw_choices(block, key, say)
        case Pictures():
            draw_pictures(block, key)
        case _:
            assert_never(block)


def draw_steps(events: Sequence[dict[str, Any]], ended: str) -> None:
    """What was done is folded into one line."""
    icon, words = _ENDINGS[ended]
    number = sum(1 for event in events if event.get("kind") == "step")
    with st.expander(f"{number} step{'' if number == 1 else 's'}{words}", icon=icon):
        st.markdown(steps_text(events[:STEPS_SHOWN]))
        if len(events) > STEPS_SHOWN:
            st.markdown(f"… and {len(events) - STEPS_SHOWN} more")


def steps_text(events: Sequence[dict[str, Any]]) -> str:
    """Return the events as Markdown, one a line."""
    return "  \n".join(_step_text(event) for event in events)


def _step_text(event: dict[str, Any]) -> str:
    node, message = str(event.get("node", "")), inert_sentence(str(event.get("message", "")), 240)
    if event.get("kind") == "warning":
        return f":material/warning: :orange[{message}]"
    return f"{_NODES.get(node, ':material/arrow_right:')} :gray[{inert(node, 20)}] {message}"


def _draw_model(card: ModelCard) -> None:
    summary = card.summary
    variables, rows = summary.get("variables", 0), summary.get("constraints", summary.get("rows", 0))
    size = f"{_counted(variables, 'variable')} ({summary.get('integers', 0):,} integer), {_counted(rows, 'row')}"
    name = "" if card.name == card.side else f" {inert(card.name)}"
    st.markdown(f":material/description: **{card.side}**{name}: {inert_sentence(size)}")
    if card.algebra:
        # What a language model wrote is to be looked at before it is accepted.
        with st.expander("As it was understood", expanded=bool(summary.get("written_by"))):
            st.code(code_of(card.algebra), language=None)
    for note in card.notes:
        st.markdown(f":orange[:material/warning: {inert_sentence(note)}]")


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _draw_code(block: Code, key: str) -> None:
    lines = block.text.splitlines()
    if len(lines) <= LINES_SHOWN * 2 and max(map(len, lines), default=0) <= LONGEST_CODE_LINE:
        st.code(block.text, language=block.language, wrap_lines=block.language != "python")
    else:
        more = len(lines) - LINES_SHOWN
        rest = [f"… {more} more lines in the file"] if more > 0 else ["… the whole lines are in the file"]
        st.code(code_of([*lines[:LINES_SHOWN], *rest]), language=None)
    st.download_button(
        f"Save {block.file_name}",
        block.text,
        file_name=block.file_name,
        mime="application/json" if block.language == "json" else "text/plain",
        key=f"{key}-save",
        on_click="ignore",
        icon=":material/download:",
    )


def _draw_grid(grid: Grid) -> None:
    rows = [dict(zip(grid.header, map(inert_sentence, row), strict=True)) for row in grid.rows[:ROWS_SHOWN]]
    st.table(rows, border="horizontal")
    if len(grid.rows) > ROWS_SHOWN:
        st.markdown(f"… and {len(grid.rows) - ROWS_SHOWN} more rows")


def _draw_choices(block: Choices, key: str, say: Say) -> None:
    with st.container(horizontal=True, gap="small", key=f"{key}-choices"):
        for number, text in enumerate(block.texts):
            st.button(inert(text, 80), key=f"{key}-choice-{number}", on_click=say, args=(text,))
