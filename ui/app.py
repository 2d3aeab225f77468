"""The entry of the page: `streamlit run ui/app.py`, or `quasikarp ui`, which also sets limits and the address."""

import streamlit as st

from ui.page.benchmarks_page import benchmarks_page
from ui.page.chat_page import chat_page
from ui.page.memory_page import memory_page
from ui.page.style import ICON, STYLE

st.set_page_config(page_title="quasikarp", page_icon=ICON, layout="centered")
st.html(f"<style>{STYLE}</style>")
st.navigation(
    [
        st.Page(chat_page, title="Chat", icon=":material/forum:", default=True),
        st.Page(memory_page, title="Memory", icon=":material/psychology:", url_path="memory"),
        st.Page(benchmarks_page, title="Benchmarks", icon=":material/monitoring:", url_path="benchmarks"),
    ],
    position="top",
).run()
