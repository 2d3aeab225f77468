"""A certificate on the page: what it shows, what it lacks, and the file to save."""

from __future__ import annotations

import streamlit as st

from tools.errors import InputError
from ui.chat.blocks import Certified
from ui.page.inert import inert, inert_sentence
from ui.page.workspace import current_desk

_REASON = 300


def draw_certificate(block: Certified, key: str) -> None:
    """The certificate is on the page, with a button that saves it; one line where its text is gone."""
    with st.container(border=True):
        verdict = ":green-badge[:material/verified: **Certified**] the verdict is shown exactly"
        if not block.shows_verdict:
            verdict = ":orange-badge[:material/help: **Not certified**] the verdict is not shown exactly"
        st.markdown(verdict)
        if block.shown:
            st.markdown("Shown: " + ", ".join(f"{inert(name)} {inert(result)}" for name, result in block.shown))
        for name, reason in block.lacking:
            st.markdown(f":gray[Not in it: {inert(name)}, {inert_sentence(reason, _REASON)}]")
        try:
            text = current_desk().room.shelf.get(block.key)
        except InputError as error:
            st.warning(inert_sentence(str(error)))
            return
        st.download_button(
            "Save certificate.json",
            text,
            file_name="certificate.json",
            mime="application/json",
            key=f"{key}-certificate",
            on_click="ignore",
            icon=":material/download:",
        )
