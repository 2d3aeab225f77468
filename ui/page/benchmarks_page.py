"""The benchmarks page."""

from __future__ import annotations

import streamlit as st


def benchmarks_page() -> None:
    """The benchmarks page is on the screen."""
    st.title("benchmarks")
