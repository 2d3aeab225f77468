"""Memory learns from a data set on the server's disk, with progress and a way to stop; for the machine's user only."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from ui.page.audience import is_private
from ui.page.inert import inert, inert_sentence
from ui.page.options import page_options
from ui.running.run import Limits, Run

MOST_PAIRS = 2_000
USUAL_PAIRS = 20
CHECK_SECONDS = 20.0
"""What one pair may take."""

EVENTS_SHOWN = 6
REFUSED_SHOWN = 20
EVERY = 0.7


@dataclass
class Seeding:
    """The one seeding of this server: its run, and how many pairs were asked for."""

    run: Run | None = None
    count: int = 0


@st.cache_resource(show_spinner=False)
def _seeding() -> Seeding:
    return Seeding()


def draw_seeding() -> None:
    """A form that starts a seeding, or the one under way, and what came of the last one."""
    if not is_private():
        st.info(
            "Folders are read only where the page is served to this machine alone (quasikarp ui --host 127.0.0.1). "
            "Use `quasikarp memory seed SOURCE` on the server instead.",
            icon=":material/lock:",
        )
        return
    seeding = _seeding()
    if seeding.run is not None and seeding.run.state == "running":
        _under_way()
        return
    from memory.loaders.registry import LOADERS

    st.markdown(
        "Give a folder of models, a manifest of pairs (`pairs.jsonl`), or a copy of a data set. Its pairs are checked "
        "like any other, and what is verified or refuted is kept. Repeated, it goes on where it was."
    )
    with st.form("seeding", border=False):
        source = st.text_input(
            "Folder or file on this machine", placeholder="examples/models/digits", key="seed-source"
        )
        count = st.number_input("Pairs at most", 1, MOST_PAIRS, USUAL_PAIRS, key="seed-count")
        kind = st.selectbox(
            "Kind of data set", list(LOADERS), index=None, placeholder="told by what it holds",
            key="seed-kind",
        )  # fmt: skip
        if st.form_submit_button("Learn from it", icon=":material/school:"):
            _start(seeding, source.strip(), int(count), kind)
    if seeding.run is not None:
        _draw_end(seeding.run)


def _start(seeding: Seeding, source: str, count: int, kind: str | None) -> None:
    if not source:
        st.warning("Name the folder or file of the data set first.")
        return
    options = page_options()
    job = {
        "job": "seed",
        "source": source,
        "loader": kind,
        "memory": options.memory,
        "count": count,
        "settings": {"planner": "symbolic", "time_limit": CHECK_SECONDS},
    }
    seeding.run, seeding.count = Run.start(job, limits=Limits(60.0 + 2 * CHECK_SECONDS * count)), count
    st.rerun()


@st.fragment(run_every=EVERY)
def _under_way() -> None:
    seeding = _seeding()
    run = seeding.run
    if run is None or run.state != "running":
        st.rerun()
    else:
        done = sum(event["kind"] == "step" for event in run.events)
        st.progress(min(done / max(1, seeding.count), 1.0), text=f"{done} of at most {seeding.count} pairs")
        _draw_events(run)
        st.button("Stop", key="seed-stop", icon=":material/stop_circle:", on_click=run.stop)


def _draw_events(run: Run) -> None:
    lines = [inert_sentence(str(event["message"]), 200) for event in run.events[-EVENTS_SHOWN:]]
    st.markdown("  \n".join(lines) or ":gray[starting …]")


def _draw_end(run: Run) -> None:
    if run.state == "stopped":
        st.info(
            "Stopped. What was learned stays, and the same source goes on from there.", icon=":material/stop_circle:"
        )
    elif run.error is not None:
        st.error(inert_sentence(run.error["message"]))
    elif run.result is not None:
        result = run.result
        outcomes = ", ".join(f"{count} {inert(outcome)}" for outcome, count in result["outcomes"].items() if count)
        pairs = "1 pair" if result["pairs"] == 1 else f"{result['pairs']} pairs"
        st.success(
            f"{pairs}: {outcomes or 'none'}; new records: {result['new_records']}, in all: {result['records']}.",
            icon=":material/school:",
        )
        for note in result["notes"]:
            st.warning(inert_sentence(note))
        refused = result["refused"]
        if refused:
            with st.expander(f"{len(refused)} could not be read"):
                rows = [{"pair": inert(r["id"]), "reason": inert_sentence(r["reason"], 300)} for r in refused]
                st.table(rows[:REFUSED_SHOWN], border="horizontal", hide_index=True)
