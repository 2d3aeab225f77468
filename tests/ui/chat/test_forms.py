"""What is documented is understood, and the documentation is the table of forms."""

from pathlib import Path

import pytest

from ui.chat.forms import FORMS, HEADER, rows, table
from ui.chat.grammar import understood
from ui.chat.phrases import Phrase

PAGE = Path(__file__).parents[3] / "docs" / "chat.md"
EXAMPLES = [example for form in FORMS for example in form.examples]


@pytest.mark.parametrize(("text", "phrase"), EXAMPLES)
def test_every_example_is_understood(text: str, phrase: Phrase) -> None:
    assert understood(text, draft=True) == phrase
    assert understood(f"  {text}  ", draft=True) == phrase


def test_every_phrase_but_the_answer_is_documented() -> None:
    documented = {type(phrase) for _, phrase in EXAMPLES}
    assert {kind.__name__ for kind in Phrase.__args__} - {kind.__name__ for kind in documented} == {"Answer"}


def test_the_page_has_the_table_of_forms() -> None:
    assert table() in PAGE.read_text(encoding="utf-8")


def test_the_help_has_every_form() -> None:
    assert len(rows()) == len(FORMS)
    assert all(len(row) == len(HEADER) for row in rows())
