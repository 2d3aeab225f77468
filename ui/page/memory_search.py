"""What memory knows of a pair that the user pastes, drops, or is talking about in the chat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from tools.errors import InputError
from ui.chat.models import source_of
from ui.chat.pasted import Upload, given_file
from ui.page.card import draw_rules
from ui.page.inert import inert, inert_sentence
from ui.page.limits import LARGEST_FILE_MB, LONGEST_MESSAGE, MODEL_FILES
from ui.page.options import page_options
from ui.page.record_card import OUTCOMES
from ui.page.workspace import current_desk
from ui.running.run import Limits, Run

SEARCH_SECONDS = 60.0
RULES_SHOWN = 6
EVERY = 0.7

_RUN = "memory-search"

Source = dict[str, Any]


def draw_search(show: Callable[[str], None]) -> None:
    """A form for two models, and what memory answered to the last one; `show` shows the record of an id."""
    st.markdown("Does memory know this pair, or one like it? Models are LP, MPS or JSON.")
    _offer_chats_pair()
    with st.form("search", border=False):
        for column, side in zip(st.columns(2), ("reference", "candidate"), strict=True):
            with column:
                st.text_area(side.capitalize(), key=f"ask-{side}", height=160, max_chars=LONGEST_MESSAGE)
                st.file_uploader(
                    f"or the file of the {side}",
                    type=MODEL_FILES,
                    key=f"ask-{side}-file",
                    max_upload_size=LARGEST_FILE_MB,
                )
        if st.form_submit_button("Ask memory", icon=":material/search:"):
            try:
                _start(_given("reference"), _given("candidate"))
            except InputError as error:
                st.warning(inert_sentence(str(error)))
    run: Run | None = st.session_state.get(_RUN)
    if run is not None and run.state == "running":
        _under_way()
    elif run is not None:
        _draw_answer(run, show)


def _offer_chats_pair() -> None:
    try:
        desk = current_desk()
    except InputError:  # nowhere to keep conversations: the chat says so
        return
    pair = desk.conversation.pair
    if pair is None:
        return
    names = " and ".join(inert(model.name, 30) for model in pair)
    if st.button(f"Ask about the chat's pair: {names}", key="ask-chat", icon=":material/forum:"):
        try:
            _start(*(source_of(model, desk.room.shelf) for model in pair))
        except InputError as error:
            st.warning(inert_sentence(str(error)))


def _given(side: str) -> Source:
    """Return the model of a side as the source of a job; raises `InputError` where there is none."""
    file: UploadedFile | None = st.session_state[f"ask-{side}-file"]
    text: str = st.session_state[f"ask-{side}"] or ""
    if file is not None:
        given = given_file(Upload(file.name, file.getvalue()))
        return {"text": given.text, "format": given.format, "name": given.name}
    if not text.strip():
        raise InputError(f"the {side} is missing: paste it or choose its file")
    return {"text": text, "name": side}


def _start(reference: Source, candidate: Source) -> None:
    old: Run | None = st.session_state.get(_RUN)
    if old is not None:
        old.stop()
    job = {"job": "recall", "reference": reference, "candidate": candidate, "memory": page_options().memory}
    st.session_state[_RUN] = Run.start(job, limits=Limits(SEARCH_SECONDS))


@st.fragment(run_every=EVERY)
def _under_way() -> None:
    run: Run = st.session_state[_RUN]
    if run.state != "running":
        st.rerun()
    else:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(":material/search: asking memory …")
            st.button("Stop", key="ask-stop", icon=":material/stop_circle:", on_click=run.stop)


def _draw_answer(run: Run, show: Callable[[str], None]) -> None:
    if run.error is not None:
        st.error(inert_sentence(run.error["message"]))
        return
    if run.result is None:
        st.info("Stopped.")
        return
    for note in run.result["notes"]:
        st.info(inert_sentence(note))
    same, similar = run.result["same"], run.result["similar"]
    if not same and not similar:
        st.markdown("Memory knows neither this pair nor one like it.")
    if same:
        st.subheader("This very pair", anchor=False)
    for number, record in enumerate(same):
        _draw_found(record, record["rules"], f"same-{number}", show)
    if similar:
        st.subheader("The most similar in memory", anchor=False)
        st.caption("The rules are those of the template: Y is a reference family; Qa, Qb, … are candidate families.")
    for number, record in enumerate(similar):
        _draw_found(record, record["template"], f"similar-{number}", show)


def _draw_found(record: dict[str, Any], rules: list[str], key: str, show: Callable[[str], None]) -> None:
    with st.container(border=True):
        likeness = f" :blue-badge[similarity {record['similarity']:.2f}]" if "similarity" in record else ""
        st.markdown(
            f"{OUTCOMES.get(record['outcome'], '')}{likeness} **{inert(record['kind'], 60)}**  \n"
            f"{inert(record['candidate']['name'], 30)} → {inert(record['reference']['name'], 30)}"
        )
        draw_rules(rules[:RULES_SHOWN])
        if st.button("Show the record", key=f"show-{key}", icon=":material/open_in_full:"):
            show(record["id"])
