"""A language model says which documented command a user's free words mean; what it says is parsed like any command."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from agent.language.asking import ask_for
from agent.language.chat import ChatModel, Message
from agent.language.choice import Chosen
from agent.language.configuration import LanguageModel
from agent.language.ledger import Ledger
from agent.language.one_line import one_line
from agent.prompts import prompt

LONGEST_WORDS = 2_000
LONGEST_COMMAND = 1_000
NONE = "none"

_CONTEXT = 300


class Meaning(BaseModel):
    """What a language model makes of the words."""

    model_config = ConfigDict(extra="forbid")

    command: str = Field(max_length=LONGEST_COMMAND)


def phrase_from_words(
    text: str,
    model: ChatModel | LanguageModel,
    forms: Sequence[str],
    context: str = "",
    *,
    ledger: Ledger | None = None,
    seconds: float = 30.0,
) -> str | None:
    """Return the command that `text` means as the language model writes it, None where it finds none.

    `forms` are the commands that exist, `context` says in a line what is loaded. What comes back is one line of text
    that nobody has parsed: it must go through the same grammar as what a user types. Raises `ModelError` where the
    model gives no usable answer, `InputError` where it cannot be reached in principle.
    """
    chosen = Chosen(model)
    asked = {"words": one_line(text, LONGEST_WORDS), "situation": one_line(context, _CONTEXT)}
    messages = [
        Message("system", "\n".join([prompt("interpreting"), "", *(f"- {form}" for form in forms)])),
        Message("user", json.dumps(asked, ensure_ascii=False)),
    ]
    with chosen.opened() as opened:
        meaning = ask_for(opened, messages, Meaning, "command", ledger or chosen.ledger(), seconds=seconds)
    command = one_line(meaning.command, LONGEST_COMMAND)
    return None if not command or command.casefold().strip("\"'`. ") == NONE else command
