import time
from typing import Any

import pytest

from agent.words.number_notes import MOST_NOTES, number_notes
from agent.words.problem_data import ProblemData
from tools.algebra.document import SCHEMA, document_of


def notes(text: str, *numbers: Any, data: ProblemData | None = None) -> list[str]:
    """The notes on a model whose objective has these numbers."""
    document = document_of(
        {
            "schema": SCHEMA, "sense": "minimize", "objective": " + ".join([*map(str, numbers), "x"]),
            "variables": [{"name": "x", "kind": "continuous", "lower": None, "upper": None}],
        }
    )  # fmt: skip
    return list(number_notes(document, text, data or ProblemData()))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("costs 12.50 each", "12.5"),
        ("5kg of flour", 5),
        ("1,250 crates", 1250),
        ("1{,}250 crates", 1250),
        (r"1\,250 crates", 1250),
        ("2,5 Liter", "2.5"),
        ("a share of 15%", "0.15"),
        (r"a share of 15\%", "3/20"),
        ("15 percent may be lost", "0.85"),
        ("grows by 15%", "1.15"),
        ("1/3 of it", "1/3"),
        (r"\frac{1}{3} of it", "1/3"),
        ("2 million", 2000000),
        ("3e-2 of it", "0.03"),
        ("three ovens", 3),
        ("half of it", "0.5"),
        ("two dozens", "12*2"),
        ("twice as much", 2),
        (r"$x \ge 5$", 5),
        ("$2x + 3y$", "2 + 3"),
    ],
)
def test_numbers_have_their_source(text: str, number: Any) -> None:
    assert notes(text, number) == []


@pytest.mark.parametrize(
    "text", ["x_5 and x_{5}", "1. first\n2) second\n(3) third", "## 4 Costs", "A12 and v1.5.2", r"\\[2pt]"]
)
def test_what_is_no_number_of_the_model(text: str) -> None:
    assert notes(text) == []


def test_what_is_used_nowhere() -> None:
    assert notes("7 ovens, 1,000 crates, 7 again and 1 more", 1) == [
        "the number 7 of the text is used nowhere",
        "the number 1,000 of the text is used nowhere",
    ]
    assert notes("the 4 cities", data=ProblemData({"c": (5, 6, 7, 8)})) == ["the data c are used nowhere"]


def test_what_occurs_nowhere() -> None:
    assert set(notes("nothing", 7, "1/7", 0, 1)) == {
        "the number 7 in the objective occurs nowhere in the text",
        "the number 1/7 in the objective occurs nowhere in the text",
    }
    assert notes("a part of 30 in 400", "30/400") == []


def test_notes_are_bounded() -> None:
    many = notes(" ".join(str(k) for k in range(100, 200)), *range(200, 300))
    assert len(many) == 2 * (MOST_NOTES + 1)
    assert many[MOST_NOTES] == "and 90 more numbers that occur nowhere in the text"
    assert all(len(note) < 150 for note in notes("9" * 5_000 + " and " + "8" * 900, "7" * 900))


@pytest.mark.parametrize("piece", ["_{", "\\\\[", "\\frac{", "1,", "1/", "# ", "(1", "\\ref{", "0.", "1e", "| "])
def test_hostile_texts_take_no_time(piece: str) -> None:
    started = time.monotonic()
    notes(piece * (100_000 // len(piece)))
    assert time.monotonic() - started < 10
