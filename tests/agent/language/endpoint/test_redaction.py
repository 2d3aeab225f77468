import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.language.endpoint.redaction import Redactor, WireMask

KEY = "sk-aa/sk-aa+sk"


@given(st.text("sk-a/+x", max_size=12), st.text("sk-a/+x", max_size=12), st.lists(st.integers(1, 9), max_size=20))
def test_a_secret_is_masked_however_it_is_split_and_nothing_is_lost(
    before: str, after: str, lengths: list[int]
) -> None:
    sent = (before + KEY + after).encode()
    mask, shown, place = WireMask([KEY]), b"", 0
    for length in [*lengths, len(sent)]:
        if place < len(sent):
            shown += mask.masked(sent[place : place + length])
            place += length
    shown += mask.masked(b"")
    assert len(shown) == len(sent)
    assert shown == sent.replace(KEY.encode(), b"*" * len(KEY))


def test_what_cannot_begin_a_secret_is_passed_on_at_once() -> None:
    mask = WireMask([KEY])
    assert mask.masked(b"data: {}\n\n") == b"data: {}\n\n"
    assert mask.masked(b"data: sk-a") == b"data: "
    assert mask.masked(b"b") == b"sk-ab"


@pytest.mark.parametrize("form", [KEY, KEY.upper(), json.dumps(KEY), "sk-aa%2Fsk-aa%2Bsk", "sk-aa/sk-aa%2Bsk"])
def test_a_secret_is_taken_out_in_every_form(form: str) -> None:
    shown = Redactor([KEY]).shown(f"wrong\n{form}\x1b[2J!")
    assert shown.replace('"', "") == "wrong [key] [2J!"


def test_a_secret_that_line_ends_or_the_cut_divide_is_taken_out() -> None:
    redactor = Redactor([KEY])
    assert redactor.shown("x" * 195 + KEY) == "x" * 195 + "[key]"
    assert KEY not in redactor.shown(KEY * 100, 10_000)


def test_short_words_are_no_secrets() -> None:
    assert Redactor(["none", "", "EMPTY"]).text("none is EMPTY") == "none is EMPTY"
    assert WireMask(["none"]).masked(b"none") == b"none"
    assert "none" not in repr(Redactor(["none" * 9])) + repr(WireMask(["none" * 9]))
