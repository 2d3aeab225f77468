"""The few rules of style that the page has beside Streamlit's own."""

from __future__ import annotations

STYLE = """
/* Formulas scroll in themselves where the screen is narrow. */
.katex-display { margin: 0.25em 0 1em; max-width: 100%; overflow-x: auto; overflow-y: hidden; }
.stMainBlockContainer { padding-top: 4rem; padding-bottom: 2rem; }
.stChatMessage { overflow-wrap: anywhere; }
/* Long words in tables break rather than widen the page. */
.stTable td, .stTable th { overflow-wrap: anywhere; }
@media (max-width: 640px) {
  .stChatMessage { padding: 0.5rem; }
  [data-testid^="stChatMessageAvatar"] { display: none; }
}
"""

ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="7" fill="#0f6ab4"/>
<g fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"><path d="M7 12h17l-5-5"/>
<path d="M25 20H8l5 5"/></g></svg>"""
"""The page's icon; one of Streamlit's own would be fetched from another machine."""
