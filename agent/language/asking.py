"""Ask for an answer of a given form: what comes back is validated, and what is wrong with it is told to the model."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from agent.language.chat import AnswerSchema, ChatModel, Message, ModelError
from agent.language.extraction import AnswerError, json_object
from agent.language.ledger import Ledger
from agent.language.tokens import count_tokens

Form = TypeVar("Form", bound=BaseModel)

ERRORS_SHOWN = 5
ANSWER_SHOWN = 2_000
"""Characters of a faulty answer that are sent back with what is wrong about it."""


def ask_for(
    model: ChatModel,
    messages: Sequence[Message],
    form: type[Form],
    name: str,
    ledger: Ledger,
    *,
    seconds: float,
    tries: int = 2,
) -> Form:
    """Return an answer that `form` has validated, within so many seconds in all.

    `name` is what the form is called (letters, digits, underscores). What is wrong with an answer goes back to the
    model, `tries` questions in all. Every question is counted in `ledger`. Raises `ModelError`: of the trouble
    "malformed" where no answer has the form, of the trouble "limit" where the ledger's limits are reached.
    """
    schema = AnswerSchema(name, closed_schema(form))
    conversation = list(messages)
    deadline = time.monotonic() + seconds
    for attempt in range(tries):
        prompt = sum(count_tokens(message.text) for message in conversation)
        reached = ledger.reached(prompt)
        if reached:
            raise ModelError(reached, "limit", final=True)
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise ModelError(f"the language model {model.name} gave no usable answer in time", "timeout")
        try:
            reply = model.ask(
                conversation,
                schema,
                most_tokens=ledger.most_tokens(prompt),
                seconds=min(remaining, ledger.limits.seconds),
            )
        except ModelError as error:
            ledger.add(error.usage)
            raise
        ledger.add(reply.usage)
        try:
            return form.model_validate(json_object(reply.text), strict=True)
        except AnswerError as error:
            fault = str(error)
        except ValidationError as error:
            fault = described(error)
        if attempt + 1 < tries:
            conversation = [
                *messages,
                Message("assistant", reply.text[:ANSWER_SHOWN] or "(nothing)"),
                Message("user", f"This answer cannot be used: {fault}. Answer again: one JSON object, nothing else."),
            ]
    raise ModelError(f"the language model {model.name} gave no usable answer: {fault[:200]}", "malformed")


def closed_schema(form: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON schema of a form as strict endpoints want it.

    Every property is required, no other is allowed, and nothing refers to another place of the schema.
    """
    schema = form.model_json_schema()
    definitions = schema.pop("$defs", {})

    def closed(part: Any) -> Any:
        if isinstance(part, list):
            return [closed(entry) for entry in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:
            return closed(definitions[part["$ref"].rpartition("/")[2]])
        kept = {key: closed(value) for key, value in part.items() if key not in ("title", "default", "description")}
        if "properties" in part:
            kept["properties"] = {name: closed(value) for name, value in part["properties"].items()}
            kept["required"] = list(part["properties"])
            kept["additionalProperties"] = False
        return kept

    return dict(closed(schema))


def described(error: ValidationError) -> str:
    """Return the first few faults in one line: where, and what is wrong."""
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    shown = [f"{'.'.join(map(str, fault['loc'])) or 'the object'}: {fault['msg']}" for fault in faults[:ERRORS_SHOWN]]
    more = f" (and {len(faults) - ERRORS_SHOWN} more)" if len(faults) > ERRORS_SHOWN else ""
    return "; ".join(shown)[:1000] + more
