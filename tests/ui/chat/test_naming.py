"""Sentences that name something keep the name as it was written."""

import pytest

from ui.chat.naming import named
from ui.chat.phrases import Drop, Restore, TimeLimit


@pytest.mark.parametrize("name", ["Cap", "c[1,2]", "a.b", "Row-7", "ä_1", "x$y"])
def test_names_keep_their_spelling(name: str) -> None:
    assert named(f"drop row {name}") == Drop(name)
    assert named(f"Could you please drop the constraint {name} of the candidate?") == Drop(name, "candidate")
    assert named(f"put row {name} back in") == Restore(name)


def test_quotes_keep_blanks_and_words_of_the_grammar() -> None:
    assert named('drop row "cap of the candidate"') == Drop("cap of the candidate")
    assert named("drop row `two  blanks` of the reference") == Drop("two  blanks", "reference")


def test_units_of_time() -> None:
    assert [named(f"time limit {text}") for text in ("5", "5 s", "5min", "0.5 hours")] == [
        TimeLimit(seconds) for seconds in (5.0, 5.0, 300.0, 1800.0)
    ]
    assert named("time limit soon") is None
