"""Models are found in what people paste, whole and with the side that was said."""

import gzip
from contextlib import suppress

import pytest
from chat_partner import MODELS
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import InputError
from ui.chat.pasted import Upload, given_file, given_in, side_of_name

R = (MODELS / "production" / "reference.lp").read_text()
C = (MODELS / "production" / "candidate.lp").read_text()
MPS = "NAME X\nROWS\n N obj\n L c\nCOLUMNS\n x obj 1 c 1\nRHS\n RHS c 3\nENDATA\n"
NAMED = R.replace("machine:", "reference:")


@pytest.mark.parametrize(
    ("text", "sides", "models"),
    [
        (R, [None], [R]),
        (R + C, [None, None], [R, C]),
        (f"reference:\n{R}\ncandidate:\n{C}", ["reference", "candidate"], [R, C]),
        (f"**Candidate:**\n{C}", ["candidate"], [C]),
        (f"Mine:\n```lp\n{R}```\nand the candidate:\n```\n{C}```\n", [None, "candidate"], [R, C]),
        (f"{MPS}{R}", [None, None], [MPS, R]),
        (f"Look at this.\n{R}It is mine.", [None], [R]),
        (NAMED, [None], [NAMED]),
        ('{"schema": "quasikarp/formulation/1"}', [None], ['{"schema": "quasikarp/formulation/1"}']),
        ("candidate: ship 20 crates", ["candidate"], ["ship 20 crates"]),
        ("Minimize the cost of shipping 20 crates", [], []),
        ("what if row cap is dropped?", [], []),
    ],
)
def test_models_and_their_sides(text: str, sides: list[str | None], models: list[str]) -> None:
    found = given_in(text)
    assert [model.side for model in found] == sides
    assert [model.text.strip() for model in found] == [model.strip() for model in models]


def test_too_many_models_are_refused() -> None:
    with pytest.raises(InputError, match="5 models in one message"):
        given_in(R * 5)


@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("reference.lp", "reference"),
        ("my-NEW-model.mps", "candidate"),
        ("original_v2.lp.gz", "reference"),
        ("renewed.lp", None),
        ("old_and_new.lp", None),
    ],
)
def test_names_of_files_say_sides(name: str, side: str | None) -> None:
    assert side_of_name(name) == side


def test_files_are_read_whatever_they_are_called() -> None:
    found = given_file(Upload("../../etc/C:\\x\\reference.lp.gz", gzip.compress(R.encode())))
    assert (found.name, found.text, found.format, found.side) == ("reference.lp.gz", R, "lp", "reference")
    assert given_file(Upload("story.md", b"Ship 20 crates.")).format == "words"
    assert given_file(Upload("list.json", b"[1, 2]")).format == "json"  # whose reader says what is wrong
    assert "\x1b" not in given_file(Upload("a\x1b[31m.lp", R.encode())).name


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"", "empty"), (b"\0\1", "binary"), (b"\x1f\x8b\x00", "damaged"), (gzip.compress(R.encode())[:-9], "damaged")],
)
def test_what_is_no_text_is_refused_in_one_line(content: bytes, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        given_file(Upload("x.lp", content))


@given(
    st.text(max_size=200) | st.lists(st.sampled_from([R, C, MPS, "reference:\n", "```\n", "End\n", "x"])).map("".join)
)
def test_no_text_makes_it_raise_anything_else(text: str) -> None:
    with suppress(InputError):
        given_in(text)
