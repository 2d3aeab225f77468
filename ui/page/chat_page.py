"""The chat: what was said, the work under way with a button that stops it, and a place to say more."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from tools.errors import InputError
from ui.chat.blocks import Turn
from ui.chat.desk import Desk
from ui.chat.pasted import Upload
from ui.page.drawing import draw_block, steps_text
from ui.page.inert import code_of, inert, inert_sentence
from ui.page.limits import LARGEST_FILE_MB, LONGEST_MESSAGE, MODEL_FILES
from ui.page.workspace import begin_conversation, current_desk, current_key, draw_sidebar, trouble

EXAMPLES_FIRST = ("production", "digits", "knapsack", "transport", "complement")
TURNS_SHOWN = 30
STEPS_SHOWN = 8
LINES_SHOWN = 12
EVERY = 0.6
"""Seconds between two looks at the work under way."""

_WORKING = {
    "read": "Reading the model",
    "check": "Checking",
    "explain": "Explaining",
    "recall": "Asking memory",
    "formulate": "Writing the algebra",
    "interpret": "Understanding",
    "drop": "Taking the row out",
    "diff": "Comparing",
    "certify": "Proving it exactly",
    "verify_certificate": "Checking the certificate",
}


def chat_page() -> None:
    """The conversation of this address is on the page, and goes on; or one line why there can be none."""
    try:
        _chat()
    except InputError as error:
        st.error(inert_sentence(str(error)), icon=":material/error:")


def _chat() -> None:
    desk = current_desk()
    desk.advance()
    draw_sidebar()
    for told in filter(None, (trouble(), desk.unkept)):
        st.warning(inert_sentence(told), icon=":material/error:")
    conversation = desk.conversation
    if not conversation.turns:
        _welcome()
    shown = conversation.turns
    if len(shown) > TURNS_SHOWN and not st.toggle(f"Show {len(shown) - TURNS_SHOWN} earlier answers"):
        shown = shown[-TURNS_SHOWN:]
    first, key = len(conversation.turns) - len(shown), current_key()
    for number, turn in enumerate(shown, first):
        _draw_turn(turn, f"{key}-{number}", number == len(conversation.turns) - 1 and not desk.is_working)
    if desk.is_working:
        with st.chat_message("assistant", avatar=":material/compare_arrows:"):
            _work_under_way()
    message = st.chat_input(
        "Paste or drop two models, or say help",
        accept_file="multiple",
        file_type=MODEL_FILES,
        max_chars=LONGEST_MESSAGE,
        max_upload_size=LARGEST_FILE_MB,
        key="message",
    )
    if message:
        uploads = [Upload(file.name, file.getvalue()) for file in message.files]
        _say(message.text or "", uploads)
        st.rerun()


def _say(text: str, uploads: list[Upload] | None = None) -> None:
    with suppress(InputError):  # where no conversation can be kept, the page says so itself
        if current_desk().say(text, uploads or ()):
            begin_conversation()


def _draw_turn(turn: Turn, key: str, is_last: bool) -> None:
    if turn.said:
        with st.chat_message("user", avatar=":material/person:"):
            _draw_said(turn.said)
    if turn.blocks:
        with st.chat_message("assistant", avatar=":material/compare_arrows:"):
            for number, block in enumerate(turn.blocks):
                draw_block(block, f"{key}-{number}", _say if is_last else None)


def _draw_said(text: str) -> None:
    lines = text.splitlines()
    if len(lines) <= 1:
        st.markdown(inert(text, 600))
    else:
        st.code(code_of(lines[:LINES_SHOWN]), language=None)
        if len(lines) > LINES_SHOWN:
            st.caption(f"… and {len(lines) - LINES_SHOWN} more lines")


@st.fragment(run_every=EVERY)
def _work_under_way() -> None:
    desk = current_desk()
    if desk.advance() or not desk.is_working:
        st.rerun()
    work = desk.conversation.work
    label = "Working" if work is None else _WORKING[work.purpose]
    if desk.is_waiting:
        label = "Waiting: the machine is busy with other checks"
    with st.status(f"{label} …", expanded=True):
        _draw_latest(desk)
        st.button("Stop", key="stop", icon=":material/stop_circle:", on_click=_stop)


def _stop() -> None:
    with suppress(InputError):
        current_desk().stop()


def _draw_latest(desk: Desk) -> None:
    events = desk.events
    if len(events) > STEPS_SHOWN:
        st.markdown(f":gray[{len(events) - STEPS_SHOWN} steps before]")
    st.markdown(steps_text(events[-STEPS_SHOWN:]) or ":gray[starting]")


def _welcome() -> None:
    st.title("Is the rewritten model still the same problem?")
    st.markdown(
        "Give two formulations, as **LP**, **MPS** or **JSON**: paste them below or drop the files there. "
        "The first one is the *reference* that you trust, the second the *candidate*. The answer is a verified mapping "
        "from candidate to reference solutions, or a counterexample, or an honest “undecided”."
    )
    st.markdown("Or look at an example:")
    with st.container(horizontal=True, key="examples"):
        for name in EXAMPLES_FIRST:
            st.button(name, key=f"example-{name}", on_click=_say, args=(f"example {name}",))
