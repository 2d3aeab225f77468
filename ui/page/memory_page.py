"""The memory page."""

from __future__ import annotations

import streamlit as st


def memory_page() -> None:
    """The memory page is on the screen."""
    st.title("memory")
