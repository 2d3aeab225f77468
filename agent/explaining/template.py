"""The explanation without a language model: the facts of a report, put into paragraphs."""

from __future__ import annotations

from collections.abc import Iterable

from agent.explaining.fact import Fact, Topic
from agent.explaining.facts import facts_of
from agent.explaining.manner import COMMAND_LINE, Manner
from tools.report import Report

PARAGRAPHS: tuple[tuple[Topic, ...], ...] = (
    ("verdict", "reason"),
    ("mapping", "objective"),
    ("counterexample",),
    ("claims", "certainty"),
    ("tried",),
    ("limits", "next"),
    ("models",),
)
"""Which facts stand together, in the order of the text."""

INDENT = "  "


def explain(report: Report, manner: Manner = COMMAND_LINE) -> str:
    """Return the explanation of a verdict, plain text: paragraphs of one line each, and indented lines for rules.

    It begins with the verdict. Everything in it is in the report; names from models are shortened and inert.
    Advice is in the words for where the reader asks.
    """
    facts = facts_of(report, manner)
    parts = [paragraph(fact for fact in facts if fact.topic in topics) for topics in PARAGRAPHS]
    return "\n\n".join(part for part in parts if part)


def paragraph(facts: Iterable[Fact]) -> str:
    """Return the facts as running text, the lines of each below it."""
    text = ""
    for fact in facts:
        text += f"{'' if not text or text.endswith(chr(10)) else ' '}{fact.text}"
        if fact.lines:
            text += "\n" + "\n".join(f"{INDENT}{line}" for line in fact.lines) + "\n"
    return text.rstrip("\n")
