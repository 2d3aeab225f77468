"""Text made fit for Markdown shows itself: no mark has a meaning, nothing becomes a link, long text is shortened."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.page.inert import LONGEST, LONGEST_CODE_LINE, code_of, inert, inert_lines, inert_sentence

BARE = re.compile(r"(?<!\\)(?:\\\\)*([!-/:-@\[-`{-~])")


def read(markdown: str) -> str:
    """Return what a reader sees of Markdown in which every mark is escaped."""
    return re.sub(r"\\(.)", r"\1", markdown).replace("\u2060", "").replace("\u00a0", " ")


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_no_mark_is_left_bare(text: str) -> None:
    for made in (inert(text), inert_sentence(text), inert_lines(text)):
        assert not [match for match in BARE.finditer(made) if match[1] != "\\"]
        assert "\n" not in made.replace("  \n", "")


@given(st.text(string.ascii_letters + string.digits + string.punctuation + " ", max_size=50))
def test_plain_text_is_read_as_it_was(text: str) -> None:
    assert read(inert(text)) == text


@pytest.mark.parametrize("text", ["https://a.example/b", "HTTP://a.example", "www.a.example", "me@a.example", "x@y.z"])
def test_an_address_does_not_become_a_link(text: str) -> None:
    unescaped = re.sub(r"\\(.)", r"\1", inert(text))
    assert not re.search(r"https?://|www\.|@\w", unescaped, re.IGNORECASE)
    assert read(inert(text)) == text


@pytest.mark.parametrize("hidden", ["\u202e", "\x1b[31m", "\u2066", "\n", "\r", "\x00", "\ud800"])
def test_what_cannot_be_seen_is_shown_as_an_escape(hidden: str) -> None:
    assert hidden not in inert(f"a{hidden}b")
    assert "\\" in inert(f"a{hidden}b")


def test_long_text_is_shortened() -> None:
    assert len(read(inert("x" * 10_000))) == 60
    assert len(read(inert_sentence("a" * 10_000 + " b"))) < 100
    assert len(inert_lines("a\n" * 10_000)) < 4 * LONGEST


def test_lines_and_their_indent_stay() -> None:
    assert inert_lines("one\n  two\n\nthree") == "one  \n\u00a0\u00a0two  \n\u200b  \nthree"


def test_code_keeps_its_lines_but_for_long_ones() -> None:
    assert code_of(["\tx <= 3", "a*b"]) == "        x <= 3\na*b"
    assert len(code_of(["y" * 10_000])) == LONGEST_CODE_LINE
