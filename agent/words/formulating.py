"""From a problem in words to an exact formulation: a language model writes algebra, which we read and check."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any

from agent.language.asking import ask_for
from agent.language.chat import ChatModel, Message, ModelError
from agent.language.choice import chosen_model
from agent.language.configuration import LanguageModel
from agent.language.ledger import Ledger
from agent.language.one_line import one_line
from agent.language.tokens import count_tokens
from agent.prompts import prompt
from agent.words.algebra_answer import WrittenAlgebra, answer_of, document_from
from agent.words.number_notes import number_notes
from agent.words.problem_data import ProblemData, data_in, data_of
from tools.algebra.document import AlgebraDocument, Index, ParameterDocument, Values
from tools.algebra.grounding import ground, index_sets
from tools.algebra.index_sets import IndexSet
from tools.algebra.limits import MOST_ENTRIES
from tools.algebra.printing import algebra_lines
from tools.algebra.tables import table_of
from tools.errors import InputError
from tools.formulation.model import Formulation

ROUNDS = 3
"""How often a model may write the algebra: what our parser finds wrong is told to it."""

LONGEST_INSTRUCTION = 4_000
_FAULT = 600
_NOTE = 300


@dataclass(frozen=True)
class Draft:
    """A formulation that a language model wrote, to be looked at before it is used.

    `assumptions` are what the model says it assumed, `checks` what we found: numbers made up or forgotten, data that is
    not used. `text` and `data` are what it was made from.
    """

    document: AlgebraDocument
    formulation: Formulation
    assumptions: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    text: str = ""
    data: ProblemData = field(default_factory=ProblemData)

    @property
    def notes(self) -> tuple[str, ...]:
        """Everything that a reader should know besides the algebra."""
        return (*self.checks, *(f"assumed: {assumption}" for assumption in self.assumptions))


def formulate(
    text: str,
    model: ChatModel,
    ledger: Ledger,
    data: Mapping[str, Any] | None = None,
    *,
    name: str = "",
    seconds: float = 300.0,
    rounds: int = ROUNDS,
) -> Draft:
    """Return the draft that `model` makes of `text` within `seconds`; `ledger` counts every question.

    `data` is a JSON object of numbers and labels (numbers exactly, as `load_exactly` gives them). It and the data that
    stands in the text (fenced JSON or CSV, tables) are shown to the model by name and in brief, and taken exactly.
    `name` is the formulation's where the model gives it none. Raises `InputError` where there is no text or too much of
    it, and `ModelError` where the model gives nothing usable.
    """
    if not text.strip():
        raise InputError("there are no words to make a formulation of")
    words, inside = data_in(text)
    found = data_of(data or {}).together(inside)
    return _written(model, ledger, _question(words, found, ledger), words, found, name, seconds, rounds)


def formulate_with(
    text: str,
    model: ChatModel | LanguageModel | None = None,
    data: Mapping[str, Any] | None = None,
    *,
    name: str = "",
    seconds: float = 300.0,
) -> Draft:
    """Return the draft that a language model makes of `text`: the given one, else the one that the environment names.

    A `LanguageModel` is opened and closed again. Look at the draft's algebra (`document`), `assumptions` and `checks`
    before you use its `formulation`. Raises `InputError` where there is no model, and as `formulate` does.
    """
    chosen = chosen_model("auto", model)
    if chosen.model is None:
        raise InputError(f"words need a language model, but {chosen.why_none}")
    with chosen.opened() as opened:
        return formulate(text, opened, chosen.ledger(), data, name=name, seconds=seconds)


def draft_of(document: AlgebraDocument) -> Draft:
    """Return `document` as a draft that can be revised; its parameters with indices are shown to a model as data.

    Raises `InputError` where it cannot be grounded.
    """
    sets = index_sets(document)
    formulation = ground(document)
    parameters = {name: _in_full(found, sets) for name, found in document.parameters.items()}
    numbers = {name: found.values for name, found in parameters.items() if isinstance(found.values, tuple | Mapping)}
    text = "\n".join(algebra_lines(document))
    return Draft(replace(document, parameters=parameters), formulation, text=text, data=ProblemData(numbers))


def _in_full(found: ParameterDocument, sets: Mapping[str, IndexSet]) -> ParameterDocument:
    """Return a parameter without default: models have no word for one."""
    if found.default is None or found.indices is None:
        return found
    table = table_of(found, sets)
    spans = [sets[name] for name in found.indices]
    if prod(span.size for span in spans) > MOST_ENTRIES:
        raise InputError(f"a parameter with a default and more than {MOST_ENTRIES} entries cannot be revised in words")

    def filled(key: tuple[Index, ...]) -> Values:
        if len(key) == len(spans):
            return table.value(key) or 0
        return {index: filled((*key, index)) for index in spans[len(key)]}

    return replace(found, values=filled(()), default=None)


def revise(
    draft: Draft,
    instruction: str,
    model: ChatModel,
    ledger: Ledger,
    *,
    seconds: float = 300.0,
    rounds: int = ROUNDS,
) -> Draft:
    """Return what `model` makes of `draft` when told `instruction` in words; raises as `formulate` does.

    Numbers of the instruction count as numbers of the text from then on.
    """
    if not instruction.strip() or len(instruction) > LONGEST_INSTRUCTION:
        raise InputError(f"a correction is a text of 1 to {LONGEST_INSTRUCTION} characters")
    written = json.dumps(answer_of(draft.document, draft.data, draft.assumptions), ensure_ascii=False)
    question = [
        *_question(draft.text or "(not known any more)", draft.data, ledger),
        Message("assistant", written),
        Message(
            "user", f"Change the model as follows, leave the rest as it is, and answer with all of it:\n{instruction}"
        ),
    ]
    _require_short(question, ledger)
    text = f"{draft.text}\n\nCorrection: {instruction}"
    return _written(model, ledger, question, text, draft.data, draft.document.name, seconds, rounds)


def _question(words: str, data: ProblemData, ledger: Ledger) -> list[Message]:
    told = f"Data, to be referred to by name:\n{data.preview()}\n\n" if data.names else ""
    question = [Message("system", prompt("formulation")), Message("user", f"{told}The problem:\n\n{words}")]
    _require_short(question, ledger)
    return question


def _require_short(question: list[Message], ledger: Ledger) -> None:
    tokens = sum(count_tokens(message.text) for message in question)
    most = ledger.limits.prompt_tokens
    if tokens > most:
        raise InputError(
            f"the problem is too long for one question to the language model: about {tokens} tokens, at most {most}; "
            "shorten it, or give its data as JSON or CSV"
        )


def _written(
    model: ChatModel,
    ledger: Ledger,
    question: list[Message],
    text: str,
    data: ProblemData,
    name: str,
    seconds: float,
    rounds: int,
) -> Draft:
    deadline = time.monotonic() + seconds
    conversation = question
    fault = ""
    for _ in range(rounds):
        answer = ask_for(
            model, conversation, WrittenAlgebra, "formulation", ledger, seconds=deadline - time.monotonic()
        )
        try:
            document = document_from(answer, data, f"llm:{model.name}")
            document = replace(document, name=document.name or name)
            formulation = ground(document)
        except InputError as error:
            fault = one_line(str(error), _FAULT)
            written = answer.model_dump_json(by_alias=True)
            conversation = [
                *question,
                Message("assistant", written),
                Message("user", f"This cannot be used: {fault}. Put it right and answer with the whole model again."),
            ]
            continue
        assumptions = tuple(one_line(assumption, _NOTE) for assumption in answer.assumptions if assumption.strip())
        checks = (*data.left_out, *number_notes(document, text, data))
        return Draft(document, formulation, assumptions, checks, text, data)
    raise ModelError(
        f"the language model {model.name} wrote no usable formulation in {rounds} tries: {fault[:300]}", "malformed"
    )
