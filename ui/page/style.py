"""The few rules of style that the page has beside Streamlit's own."""

from __future__ import annotations

STYLE = """
/* Formulas stand on the left, like everything else, and scroll in themselves where the screen is narrow. */
.katex-display { text-align: left; margin: 0.25em 0; overflow-x: auto; overflow-y: hidden; }
.katex-display > .katex { text-align: left; }
.stMainBlockContainer { padding-top: 4rem; padding-bottom: 2rem; }
.stChatMessage { overflow-wrap: anywhere; }
/* Long words in tables break rather than widen the page. */
.stTable td, .stTable th { overflow-wrap: anywhere; }
"""
