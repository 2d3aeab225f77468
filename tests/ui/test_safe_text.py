import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.safe_text import safe, safe_sentence


@given(st.text(alphabet=st.characters(), max_size=300), st.integers(8, 80))
def test_it_is_one_inert_line_of_bounded_length(text: str, limit: int) -> None:
    shown = safe(text, limit)
    assert len(shown) <= limit
    assert all(c == " " or c.isprintable() for c in shown)
    shown.encode()


@given(st.text(alphabet="abcxyz_[],0123456789·≥ ", max_size=60))
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb", "a\\nb"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("[red]x[/red]", "[red]x[/red]"),
        ("left\u202eright", "left\\u202eright"),
        ("lone\udcff", "lone\\udcff"),
        ("\x9b2J", "\\x9b2J"),
    ],
)
def test_what_a_terminal_would_interpret_is_escaped(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_a_long_name_keeps_both_ends() -> None:
    shown = safe("x" * 10_000 + "_17", 30)
    assert shown.startswith("xxx")
    assert shown.endswith("_17")
    assert "…" in shown


def test_one_long_name_does_not_drown_a_sentence() -> None:
    shown = safe_sentence(f"row {'m' * 10_000} is\nbroken: 6·6 = 36", 100)
    assert shown.startswith("row mmm")
    assert shown.endswith("m is\\nbroken: 6·6 = 36")


@given(st.text(alphabet=st.characters(), max_size=300))
def test_a_sentence_is_inert_and_bounded(text: str) -> None:
    shown = safe_sentence(text, 80)
    assert len(shown) <= 80
    assert all(c == " " or c.isprintable() for c in shown)
