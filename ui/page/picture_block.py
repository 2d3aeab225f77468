"""Pictures of a pair on the page: drawn by a job when somebody opens them, to be saved as SVG or PNG."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import streamlit as st

from tools.errors import InputError
from ui.chat.blocks import Pictures
from ui.chat.models import source_of
from ui.page.inert import inert_sentence
from ui.page.workspace import current_desk
from ui.running.run import Limits, Run

DRAWING_SECONDS = 60.0


def draw_pictures(block: Pictures, key: str) -> None:
    """A button that draws, or the pictures in the colours of the page."""
    dark = st.context.theme.type == "dark"
    place = f"{key}-pictures-{'dark' if dark else 'light'}"
    if place not in st.session_state:
        try:
            sources = {
                side: source_of(model, current_desk().room.shelf)
                for side, model in (("reference", block.reference), ("candidate", block.candidate))
            }
        except InputError as error:
            st.warning(inert_sentence(str(error)))
            return
        job = {"job": "draw", "report": block.report, **sources, "dark": dark, "png": True}
        st.session_state[place] = Run.start(job, limits=Limits(DRAWING_SECONDS))
    _show(place, key)


@st.fragment(run_every=1.0)
def _drawing(place: str) -> None:
    if st.session_state[place].state != "running":
        st.rerun()
    st.markdown(":material/brush: drawing …")


def _show(place: str, key: str) -> None:
    run: Run = st.session_state[place]
    if run.state == "running":
        _drawing(place)
        return
    if run.result is None:
        reason = "" if run.error is None else f": {run.error['message']}"
        st.warning(inert_sentence(f"the pictures could not be drawn{reason}"))
        return
    pictures: list[dict[str, Any]] = run.result["pictures"]
    if not pictures:
        st.markdown("There is nothing to draw for this pair.")
        return
    for tab, picture in zip(st.tabs([picture["title"] for picture in pictures]), pictures, strict=True):
        with tab:
            st.image(picture["svg"], width="stretch", alt=picture["caption"])
            st.caption(inert_sentence(picture["caption"]))
            with st.container(horizontal=True):
                for suffix, mime, data in (
                    ("svg", "image/svg+xml", picture["svg"]),
                    ("png", "image/png", b64decode(picture["png_base64"])),
                ):
                    st.download_button(
                        suffix.upper(),
                        data,
                        file_name=f"{picture['kind']}.{suffix}",
                        mime=mime,
                        key=f"{place}-{picture['kind']}-{suffix}",
                        on_click="ignore",
                        icon=":material/download:",
                    )
