"""Whose page this is: the address holds an unguessable key, under which the user's conversations are kept."""

from __future__ import annotations

import streamlit as st

from tools.errors import InputError
from ui.chat.conversation import Conversation, Room
from ui.chat.desk import Desk, Desks
from ui.chat.history import History, Workspace
from ui.page.inert import inert
from ui.page.options import page_options
from ui.running.spare import SPARE

LISTED = 15
"""Conversations that the sidebar lists, the latest first."""

_KEY = "w"
_CONVERSATION = "c"


@st.cache_resource(show_spinner=False)
def _desks() -> Desks:
    """Return the desks of this server; from now on a worker waits for the next job."""
    SPARE.keep()
    return Desks()


@st.cache_resource(show_spinner=False)
def _history() -> History:
    return History(page_options().history_folder())


def current_workspace() -> Workspace:
    """Return the workspace of this address; a new one where the address has none that can be used."""
    key = st.query_params.get(_KEY, "")
    if not History.is_key(key):
        key = History.new_key()
        st.query_params[_KEY] = key
    return _history().workspace(key)


def current_id() -> str:
    """Return the id of the conversation of this address, the latest one or a new one where it has none."""
    workspace = current_workspace()
    wanted = st.query_params.get(_CONVERSATION, "")
    if not workspace.is_id(wanted):
        kept = workspace.listed()
        wanted = kept[0].id if kept else workspace.new_id()
        st.query_params[_CONVERSATION] = wanted
    return wanted


def current_desk() -> Desk:
    """Return the desk of the conversation of this address."""
    workspace, identifier = current_workspace(), current_id()

    def make(may_start: object) -> Desk:
        try:
            conversation = workspace.load(identifier)
        except InputError:
            conversation = Conversation()
        return Desk(
            conversation,
            _room(workspace, identifier),
            lambda changed: workspace.save(identifier, changed),
            may_start=may_start,  # type: ignore[arg-type]
        )

    return _desks().desk((workspace.key, identifier), make)


def current_room() -> Room:
    """Return what surrounds the conversation of this address."""
    return current_desk().room


def begin_conversation() -> None:
    """From now on the address is that of a new conversation."""
    st.query_params[_CONVERSATION] = current_workspace().new_id()


def _room(workspace: Workspace, identifier: str) -> Room:
    options = page_options()
    model = options.language_model()
    return Room(
        shelf=workspace.shelf,
        memory=options.memory,
        model=None if model is None else model.to_json(),
        language_model=model is not None,
        planner=options.planner,
        checkpoint=lambda conversation: workspace.checkpoint_of(identifier, conversation),
    )


def draw_sidebar() -> None:
    """The user's conversations and what the page relies on are beside the chat."""
    workspace, current = current_workspace(), current_id()
    with st.sidebar:
        st.button("New conversation", icon=":material/add:", on_click=begin_conversation, width="stretch")
        for kept in workspace.listed()[:LISTED]:
            with st.container(horizontal=True, gap="small", key=f"kept-{kept.id}"):
                st.button(
                    inert(kept.title, 40),
                    key=f"open-{kept.id}",
                    on_click=_open,
                    args=(kept.id,),
                    type="secondary" if kept.id == current else "tertiary",
                    width="stretch",
                )
                st.button(
                    "", key=f"delete-{kept.id}", icon=":material/delete:", help="Delete this conversation",
                    on_click=_delete, args=(kept.id,), type="tertiary",
                )  # fmt: skip
        model = page_options().language_model()
        st.caption(
            "No language model: say things as the help lists them." if model is None else f"Asks {inert(model.name)}."
        )
        st.caption("The address of this page opens these conversations: keep it to yourself.")


def _open(identifier: str) -> None:
    st.query_params[_CONVERSATION] = identifier


def _delete(identifier: str) -> None:
    workspace = current_workspace()
    _desks().forget((workspace.key, identifier))
    workspace.delete(identifier)
    if st.query_params.get(_CONVERSATION) == identifier:
        del st.query_params[_CONVERSATION]
