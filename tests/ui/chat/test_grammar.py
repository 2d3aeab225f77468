"""Text becomes phrases, tolerantly; no text makes the grammar raise or slow."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.chat.answering import dropping
from ui.chat.forms import FORMS
from ui.chat.grammar import LONGEST_SAID, understood
from ui.chat.phrases import (
    Accept,
    Answer,
    Check,
    Correct,
    Drop,
    Example,
    GiveReport,
    NoIdea,
    Phrase,
    Restore,
    Similar,
    Swap,
    TimeLimit,
    Try,
    Verify,
    Want,
    Why,
)

PIECES = [example for form in FORMS for example, _ in form.examples] + [
    '"',
    "`",
    "x = ",
    ";",
    "\n",
    "drop row",
    " of the ",
]
SAYINGS: list[tuple[str, Phrase]] = [
    ("So, why not??", Why()),
    ("Why is that so?", Why()),
    ("explain the row cap, please", Why("explain the row cap, please")),
    ("Please swap them.", Swap()),
    ("Now check the other way round!", Swap()),
    ("is the candidate a reformulation of the reference?", Check()),
    ("only optima matter", Want("quasi-karp")),
    ("What if all solutions matter?", Want("reformulation")),
    ("show me the similar pairs that you know", Similar()),
    ("Give me the JSON report, please", GiveReport()),
    ("what if we drop row cap in the reference?", Drop("cap", "reference")),
    ("What happens if constraint Cap_2 were removed?", Drop("Cap_2")),
    ("without cap", Drop("cap")),
    ("drop a", Drop("a")),
    ("drop row my row", Drop("my row")),
    ("drop row `a b` of the candidate", Drop("a b", "candidate")),
    ('drop row "say \\"hi\\"" from the original model', Drop('say "hi"', "reference")),
    ("what if row cap of the candidate is missing", Drop("cap", "candidate")),
    ("put cap back", Restore("cap")),
    ('restore row "my row"', Restore("my row")),
    ("take 30 seconds", TimeLimit(30.0)),
    ("at most 1.5 min", TimeLimit(90.0)),
    ("load the production example", Example("production")),
    ("maybe x = ?*a + ?", Try(("x = ?*a + ?",))),
    ("What about x = a?", Try(("x = a",))),
    ("x[i] = sum(t*z[i,t] for t).", Try(("x[i] = sum(t*z[i,t] for t)",))),
    ("`a;b` = 3; y = 2", Try(("`a;b` = 3", "y = 2"))),
    ("x = = 3", Try(("x = = 3",))),
    ("check this mapping only: x = a\ny = b", Verify(("x = a", "y = b"))),
]


@pytest.mark.parametrize(("text", "phrase"), SAYINGS)
def test_it_is_understood_in_many_ways(text: str, phrase: Phrase) -> None:
    assert understood(text) == phrase


@pytest.mark.parametrize("text", ["", "  ", "hello", "thanks", "x >= 3", "x == y", "mumble the row", "a" * 3_000])
def test_what_is_no_command_is_none(text: str) -> None:
    assert understood(text) is None


def test_rules_are_the_answer_where_the_agent_has_asked() -> None:
    assert understood("x = a", asked=True) == Answer(("x = a",))
    assert understood("try x = a", asked=True) == Answer(("x = a",))
    assert understood("verify x = a", asked=True) == Verify(("x = a",))
    assert understood("no idea", asked=True) == NoIdea()


def test_a_draft_is_accepted_or_corrected() -> None:
    assert understood("Yes, that's right.", draft=True) == Accept()
    assert understood("no: the budget is 200", draft=True) == Correct("the budget is 200")


@given(
    st.text(max_size=40).filter(lambda name: name.strip() and "\ue000" not in name),
    st.sampled_from(["reference", "candidate"]),
)
def test_the_phrase_that_names_a_row_is_understood_as_that_row(name: str, side: str) -> None:
    assert understood(dropping(name, side)) == Drop(name, side)  # type: ignore[arg-type]


@given(
    st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=12).map("".join)),
    st.booleans(),
    st.booleans(),
)
def test_no_text_makes_it_raise(text: str, asked: bool, draft: bool) -> None:
    understood(text, asked=asked, draft=draft)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        " ",
        "a ",
        "row ",
        "drop row ",
        " of the ",
        "is ",
        '"',
        "`",
        "\\",
        "x[",
        "what if ",
        "the ",
        "=",
        "x=",
        ";",
        "not ",
    ],
)
@pytest.mark.parametrize("lead", ["", "drop row ", "x = ", "what if row ", "put ", '"', "example ", "time limit "])
def test_long_texts_are_read_quickly(lead: str, piece: str) -> None:
    started = time.perf_counter()
    understood(lead + piece * (11_000 // len(piece)))
    assert time.perf_counter() - started < 0.5


def test_what_is_too_long_is_no_command() -> None:
    started = time.perf_counter()
    assert understood("x = a\n" * (LONGEST_SAID // 6 + 1)) is None
    understood("x = a; " * (LONGEST_SAID // 7))
    assert time.perf_counter() - started < 2
