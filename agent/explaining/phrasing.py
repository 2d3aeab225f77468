"""The explanation in the order and with the captions of a language model; what is said of the models stays ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from agent.explaining.captions import LONGEST_CAPTION, fault_of
from agent.explaining.fact import Fact
from agent.explaining.facts import facts_of
from agent.explaining.inert import inert
from agent.explaining.manner import COMMAND_LINE, Manner
from agent.explaining.template import INDENT, explain
from agent.explaining.vocabulary import GROUNDED, PHRASES, WORDS
from agent.hypothesis import LANGUAGE_MODEL
from agent.language.asking import ask_for
from agent.language.chat import ChatModel, Message, ModelError
from agent.language.choice import Chosen
from agent.language.configuration import LanguageModel
from agent.language.ledger import Ledger
from agent.language.tokens import count_tokens
from agent.prompts import prompt
from tools.report import Report

LONGEST_QUESTION = 500
MOST_PARTS = 12
FACTS_NEEDED = 3
"""Facts, the verdict included, below which there is nothing to choose from."""

TEMPLATE: Literal["template"] = "template"
_FAULTS_TOLD = 4
_NOTE_WIDTH = 300


@dataclass(frozen=True)
class Explanation:
    """A text on a verdict, and who wrote it: "template", or "llm:" with the name of a language model.

    `note` says why the template was used although a model was asked, and is empty otherwise.
    """

    text: str
    written_by: str
    note: str = ""

    def __str__(self) -> str:
        return self.text


def explain_with(
    report: Report,
    model: ChatModel | LanguageModel | None = None,
    *,
    question: str = "",
    seconds: float = 60.0,
    manner: Manner = COMMAND_LINE,
) -> Explanation:
    """Return the explanation of a verdict: the template's, or `phrase` where a language model is given.

    A `LanguageModel` is opened and closed again; raises `InputError` where that cannot be done at all. Advice is in the
    words for where the reader asks, which `manner` holds.
    """
    if model is None:
        return Explanation(explain(report, manner), TEMPLATE)
    chosen = Chosen(model)
    with chosen.opened() as opened:
        return phrase(report, opened, chosen.ledger(), question=question, seconds=seconds, manner=manner)


class Part(BaseModel):
    """One fact, and what leads over to it."""

    model_config = ConfigDict(extra="forbid")

    caption: str = Field("", max_length=LONGEST_CAPTION)
    fact: int


class Wording(BaseModel):
    """What a language model makes of the facts."""

    model_config = ConfigDict(extra="forbid")

    parts: list[Part] = Field(min_length=1, max_length=MOST_PARTS)


def phrase(
    report: Report,
    model: ChatModel,
    ledger: Ledger,
    *,
    question: str = "",
    seconds: float = 60.0,
    manner: Manner = COMMAND_LINE,
) -> Explanation:
    """Return an explanation that a language model ordered and led over, or the template's where that fails.

    The text begins with the template's sentence on the verdict. The model sees nothing but the facts and the question;
    its own words stand in «these marks», and are captions that `captions.fault_of` lets pass, checked one by one: one
    that is at fault is told back once, and then the template is used, with a note why. Takes `seconds` at most.
    """
    facts = facts_of(report, manner)
    shown, messages = _messages(facts, inert(question, LONGEST_QUESTION), ledger.limits.prompt_tokens)
    if shown < FACTS_NEEDED:
        return Explanation(explain(report, manner), TEMPLATE, "the prompt of the language model may not be long enough")
    try:
        wording = ask_for(model, messages, _checked(facts[:shown]), "explanation", ledger, seconds=seconds)
    except ModelError as error:
        return Explanation(explain(report, manner), TEMPLATE, inert(str(error), _NOTE_WIDTH))
    name = inert(model.name, 60)
    return Explanation(_told(facts, wording, name), f"{LANGUAGE_MODEL}{name}")


def _messages(facts: Sequence[Fact], question: str, most_tokens: int) -> tuple[int, list[Message]]:
    """Return how many facts fit, and the messages with these; the first fact is the verdict, number 0."""
    allowed = " ".join(sorted(WORDS)) + ". Only in these phrases: " + ", ".join(PHRASES)
    allowed += ". Only where the fact that follows uses the word: " + " ".join(sorted(GROUNDED)) + "."
    system = f"{prompt('explanation')} {allowed}"
    asked = f"The reader asks: {question}" if question else "The reader wants to understand the verdict."
    left = most_tokens - count_tokens(system) - count_tokens(asked)
    lines: list[str] = []
    for number, fact in enumerate(facts):
        line = f"{number}. {fact.whole}"
        left -= count_tokens(line) + 1
        if left < 0:
            break
        lines.append(line)
    text = "\n".join(["Facts:", *lines, "", asked])
    return len(lines), [Message("system", system), Message("user", text)]


def _checked(facts: Sequence[Fact]) -> type[Wording]:
    """Return the form of an answer about these facts; what is wrong with a caption is said as ours, not the model's."""

    class Explained(Wording):
        @model_validator(mode="after")
        def _is_sound(self) -> Explained:
            faults = wording_faults(self, facts)
            if faults:
                raise ValueError("; ".join(faults[:_FAULTS_TOLD]))
            return self

    return Explained


def wording_faults(wording: Wording, facts: Sequence[Fact]) -> list[str]:
    """Return what is wrong with each part, in words for the model: unknown facts, repetitions, captions at fault."""
    faults = []
    used: set[int] = set()
    for place, part in enumerate(wording.parts):
        if not 0 <= part.fact < len(facts):
            faults.append(f"parts.{place}: there is no fact {part.fact}")
            continue
        if part.fact in used:
            faults.append(f"parts.{place}: fact {part.fact} is told twice")
        used.add(part.fact)
        fault = fault_of(part.caption, facts[part.fact].whole)
        if fault:
            faults.append(f"parts.{place}.caption: {fault}")
    if not faults and used == {0}:
        faults.append("parts: choose facts besides the verdict")
    return faults


def _told(facts: Sequence[Fact], wording: Wording, name: str) -> str:
    blocks = [
        facts[0].text,
        f"The order and the words in «these marks» are the language model's ({name}); all else is from the report.",
    ]
    for part in wording.parts:
        fact = facts[part.fact]
        if part.fact == 0:
            continue
        text = f"«{part.caption}» {fact.text}" if part.caption else fact.text
        blocks.append("\n".join((text, *(f"{INDENT}{line}" for line in fact.lines))))
    return "\n\n".join(blocks)
