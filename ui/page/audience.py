"""Who may reach this page: what reads the machine's folders or destroys records is for its own user only."""

from __future__ import annotations

import streamlit as st

from tools.errors import InputError
from ui.page.server import is_loopback

_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip")


def is_private() -> bool:
    """Say whether the page is served to this machine alone, and not handed on by a proxy."""
    address = st.get_option("server.address")
    try:
        return (
            bool(address) and is_loopback(str(address)) and not any(name in st.context.headers for name in _FORWARDED)
        )
    except InputError:  # a name: nobody knows who reaches it
        return False
