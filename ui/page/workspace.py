"""Whose page this is: the address holds an unguessable key, under which the user's conversations are kept."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial

import streamlit as st

from tools.errors import InputError
from ui.chat.conversation import Conversation, Room
from ui.chat.desk import Desk, Desks
from ui.chat.history import History
from ui.page.inert import inert, inert_sentence
from ui.page.options import page_options
from ui.running.spare import SPARE

LISTED = 15
"""Conversations that the sidebar lists, the latest first."""

_TOKEN = "w"
_CONVERSATION = "c"
_TROUBLE = "trouble"


@st.cache_resource(show_spinner=False)
def _desks() -> Desks:
    """Return the desks of this server; from now on a worker waits for the next job."""
    SPARE.keep()
    return Desks()


@st.cache_resource(show_spinner=False)
def _history() -> History:
    return History(page_options().history_folder())


def current_token() -> str:
    """Return the token of this address's workspace; a new one where the address has none that can be used."""
    token: str = _addressed(_TOKEN)
    if not _history().is_workspace(token):
        token = _history().new_workspace()
        st.query_params[_TOKEN] = st.session_state[_TOKEN] = token
    return token


def current_key() -> str:
    """Return the key of this address's conversation, of the latest one, or of a new one where it has none."""
    token, wanted = current_token(), _addressed(_CONVERSATION)
    if not History.is_key(wanted):
        kept = _history().conversations(token)
        wanted = kept[0].key if kept else _history().new_key()
        _open(wanted)
    return wanted


def _addressed(part: str) -> str:
    """Return a part of the address, put back from this session where another page of ours has dropped it."""
    if part not in st.query_params and part in st.session_state:
        st.query_params[part] = st.session_state[part]
    value: str = st.query_params.get(part, "")
    st.session_state[part] = value
    return value


def current_desk() -> Desk:
    """Return the desk of this address's conversation; of a new one, with a reason, where that cannot be read."""
    history, token, key = _history(), current_token(), current_key()

    def make(may_start: Callable[[], bool]) -> Desk:
        is_kept = any(entry.key == key for entry in history.conversations(token))
        conversation = history.load(token, key) if is_kept else Conversation()
        save = partial(history.save, token, key)
        return Desk(conversation, _room(history, token, key), save, may_start=may_start)

    try:
        return _desks().desk((token, key), make)
    except InputError as error:
        begin_conversation()
        if current_key() == key:
            raise
        st.session_state[_TROUBLE] = str(error)
        return current_desk()


def trouble() -> str:
    """Return why the conversation that was asked for is not the one on the page; told once, empty where it is."""
    found: str = st.session_state.pop(_TROUBLE, "")
    return found


def begin_conversation() -> None:
    """From now on the address is that of a new conversation."""
    _open(_history().new_key())


def _room(history: History, token: str, key: str) -> Room:
    options = page_options()
    model = options.language_model()
    return Room(
        shelf=history.shelf(token),
        memory=options.memory,
        model=None if model is None else model.to_json(),
        language_model=model is not None,
        planner=options.planner,
        checkpoint=partial(_checkpoint, history, token, key),
    )


def _checkpoint(history: History, token: str, key: str, conversation: Conversation) -> str | None:
    try:
        return history.checkpoint_of(token, key, conversation)
    except OSError:  # a check does without
        return None


def draw_sidebar() -> None:
    """The user's conversations and what the page relies on are beside the chat."""
    current = current_key()
    with st.sidebar:
        st.button("New conversation", icon=":material/add:", on_click=begin_conversation, width="stretch")
        for kept in _history().conversations(current_token())[:LISTED]:
            with st.container(horizontal=True, gap="small", wrap=False, key=f"kept-{kept.key}"):
                st.button(
                    inert(kept.title or kept.trouble, 80),  # the page cuts what is too wide
                    key=f"open-{kept.key}",
                    on_click=_open,
                    args=(kept.key,),
                    type="secondary" if kept.key == current else "tertiary",
                    width="stretch",
                )
                st.button(
                    "", key=f"delete-{kept.key}", icon=":material/delete:", help="Delete this conversation",
                    on_click=_delete, args=(kept.key,), type="tertiary",
                )  # fmt: skip
        model = page_options().language_model()
        if model is None:
            st.caption("No language model: say things as the help lists them.")
        else:
            st.caption(f"Language model: {inert(model.name)}")
        st.caption("The address of this page opens these conversations: keep it to yourself.")


def _open(key: str) -> None:
    st.query_params[_CONVERSATION] = st.session_state[_CONVERSATION] = key


def _delete(key: str) -> None:
    with suppress(InputError):  # where the folder cannot be used, the page says so itself
        _forget(current_token(), key)


def _forget(token: str, key: str) -> None:
    _desks().forget((token, key))
    try:
        _history().delete(token, key)
    except InputError as error:
        st.toast(inert_sentence(str(error)))
        return
    if st.query_params.get(_CONVERSATION) == key:
        begin_conversation()
