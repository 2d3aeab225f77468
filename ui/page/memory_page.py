"""The memory page: what was learned from checks, what it knows of a pair, learning from a data set, forgetting."""

from __future__ import annotations

from functools import partial
from typing import get_args

import streamlit as st

from memory.locations import location_of
from memory.memory import Memory
from memory.record import Outcome
from tools.errors import InputError
from ui.memory_access import input_errors
from ui.page.audience import is_private
from ui.page.charts import draw_bars
from ui.page.inert import inert, inert_sentence
from ui.page.memory_listing import MOST_LISTED, Entry, Known, Listing
from ui.page.memory_search import draw_search
from ui.page.memory_seeding import draw_seeding
from ui.page.options import page_options
from ui.page.record_card import OUTCOMES, draw_record
from ui.page.result_tables import Bars
from ui.safe_text import safe

PAGE = 15
"""Records that are listed at once."""

KINDS_DRAWN = 12

_FORGOTTEN, _FAILED = "memory-forgotten", "memory-failed"


@st.cache_resource(show_spinner=False, max_entries=4)
def _known(location: str) -> Known:
    return Known()


def memory_page() -> None:
    """What memory holds is on the page, or what to do where there is none."""
    st.title("Memory")
    try:
        location = location_of(page_options().memory)
    except InputError as error:
        st.error(inert_sentence(str(error)))
        return
    if location is None:
        st.info(
            "This page was started without a memory. Start it with `quasikarp ui --memory DIR` to have verified "
            "mappings remembered; without --memory (and QUASIKARP_MEMORY) they are kept in your data folder.",
            icon=":material/psychology:",
        )
        return
    show = partial(_show_record, location)
    records, search, seeding = st.tabs(["Records", "Ask about a pair", "Learn from a data set"])
    with records:
        _draw_records(location, show)
    with search:
        draw_search(show)
    with seeding:
        draw_seeding()


def _draw_records(location: str, show: partial[None]) -> None:
    if (said := st.session_state.pop(_FORGOTTEN, None)) is not None:
        st.success(said, icon=":material/check:")
    if (failure := st.session_state.pop(_FAILED, None)) is not None:
        st.error(inert_sentence(failure))
    try:
        with input_errors(), Memory.open(location) as memory:
            listing = _known(location).listing(memory.store)
            notes = list(memory.store.notes)
    except InputError as error:
        st.error(inert_sentence(str(error)), icon=":material/error:")
        return
    for note in notes:
        st.warning(inert_sentence(note))
    if not listing.records:
        st.info(
            "Nothing is known yet. Check a pair in the chat, or learn from a data set: what is verified or refuted is "
            "remembered here.",
            icon=":material/psychology:",
        )
        return
    _draw_counts(listing)
    found = _filtered(listing)
    if not found:
        st.markdown("No such records.")
        return
    pages = -(-len(found) // PAGE)
    page = st.pagination(pages, key=f"memory-pages-{pages}") if pages > 1 else 1
    for entry in found[(page - 1) * PAGE : page * PAGE]:
        _draw_entry(entry, show)
    if listing.records > MOST_LISTED:
        st.caption(f"The newest {MOST_LISTED:,} are listed; `quasikarp memory list` has all.")


def _draw_counts(listing: Listing) -> None:
    verified = sum(entry.outcome == "verified" for entry in listing.entries)
    with st.container(horizontal=True):
        st.metric("verified", f"{verified:,}", width="content")
        st.metric("refuted", f"{len(listing.entries) - verified:,}", width="content")
        if listing.unreadable:
            st.metric("unreadable", f"{listing.unreadable:,}", width="content", help="damaged or altered; left out")
    kinds = listing.kinds()[:KINDS_DRAWN]
    if len(kinds) > 1:
        with st.expander("By kind", icon=":material/bar_chart:"):
            names = tuple(dict.fromkeys(safe(kind, 60) or "(none)" for kind, _, _ in kinds))
            if len(names) == len(kinds):
                series = (
                    ("verified", tuple(float(verified) for _, verified, _ in kinds)),
                    ("refuted", tuple(float(refuted) for _, _, refuted in kinds)),
                )
                draw_bars(Bars("records", names, series, stacked=True), "Records by kind")


def _filtered(listing: Listing) -> list[Entry]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input("Search", placeholder="name, rule, source, id", key="memory-text")
        kinds = [kind for kind, _, _ in listing.kinds()]
        kind = st.selectbox("Kind", kinds, index=None, placeholder="any", format_func=_kind_text, key="memory-kind")
        outcome = st.pills("Outcome", get_args(Outcome), key="memory-outcome")
    return [entry for entry in listing.entries if entry.fits(outcome, kind, text)]


def _kind_text(kind: str) -> str:
    return safe(kind, 60) or "(none)"


def _draw_entry(entry: Entry, show: partial[None]) -> None:
    candidate, reference = (inert(name, 30) or "(no name)" for name in (entry.candidate, entry.reference))
    with st.container(horizontal=True, vertical_alignment="center", border=True, key=f"record-{entry.id}"):
        st.markdown(
            f"{OUTCOMES[entry.outcome]} **{inert(entry.kind) or '(none)'}**  \n"
            f"{candidate} → {reference} "
            f":gray[· {inert(entry.contract)} · {inert(entry.source, 40)}]",
            width="stretch",
        )
        if st.button("Show", key=f"show-{entry.id}", icon=":material/open_in_full:", type="tertiary"):
            show(entry.id)


@st.dialog("Record", width="large", icon=":material/psychology:")
def _show_record(location: str, id: str) -> None:
    if _FORGOTTEN in st.session_state or _FAILED in st.session_state:
        st.rerun()  # which closes the dialog; the page behind it says what happened
    try:
        with input_errors(), Memory.open(location) as memory:
            records = memory.store.get([id])
    except InputError as error:
        st.error(inert_sentence(str(error)))
        return
    if not records:
        st.warning("This record is gone, or damaged: it cannot be read any more.")
        return
    draw_record(records[0], partial(_forget, location, id) if is_private() else None)


def _forget(location: str, id: str) -> None:
    """The record is gone, or not for a reason; the page says which when it is drawn next."""
    try:
        with input_errors(), Memory.open(location) as memory:
            gone = memory.store.forget([id])
    except InputError as error:
        st.session_state[_FAILED] = str(error)
    else:
        st.session_state[_FORGOTTEN] = f"The record {'is' if gone else 'was already'} gone."
