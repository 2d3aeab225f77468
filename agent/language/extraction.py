"""One JSON object out of a model's text, strictly: nothing is repaired, and nothing that is ambiguous is guessed."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

LONGEST_ANSWER = 200_000
"""Characters of an answer that are looked at."""

DEEPEST = 40
"""Levels of nesting that an answer may have."""

_THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL)
_FENCE = re.compile(r"```[a-zA-Z]*[ \t]*\n(.*?)```", re.DOTALL)


class AnswerError(Exception):
    """Why a text is not the answer that was asked for, in words that may be sent back to the model."""


def json_object(text: str) -> dict[str, Any]:
    """Return the one JSON object that `text` is, or that stands alone in a code fence or in prose around it.

    Thoughts between `<think>` tags are dropped. Raises `AnswerError` where there is none, or more than one.
    """
    if len(text) > LONGEST_ANSWER:
        raise AnswerError(f"the answer is longer than {LONGEST_ANSWER} characters")
    bare = _THOUGHTS.sub("", text).strip()
    if not bare:
        raise AnswerError("the answer is empty")
    fenced = [found.strip() for found in _FENCE.findall(bare) if found.lstrip().startswith("{")]
    if len(fenced) > 1:
        raise AnswerError("the answer holds several JSON objects; give one")
    if fenced:
        bare = fenced[0]
    start = bare.find("{")
    if start < 0:
        raise AnswerError("the answer holds no JSON object")
    _require_shallow(bare)
    decoder = json.JSONDecoder(object_pairs_hook=_without_repetition, parse_constant=_no_constant)
    try:
        value, end = decoder.raw_decode(bare, start)
    except json.JSONDecodeError as error:
        where = bare[max(0, error.pos - 20) : error.pos + 20].replace("\n", " ")
        raise AnswerError(f"not JSON: {error.msg} near {where!r}") from None
    except ValueError as error:  # a number with too many digits
        raise AnswerError(f"not JSON: {error}") from None
    if "{" in bare[end:]:
        raise AnswerError("the answer holds text with braces after its JSON object; give the object alone")
    if not isinstance(value, dict):
        raise AnswerError("the answer is not a JSON object")
    return value


def _require_shallow(text: str) -> None:
    depth = deepest = 0
    for character in text:
        if character in "{[":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "}]":
            depth -= 1
    if deepest > DEEPEST:
        raise AnswerError(f"the answer is nested deeper than {DEEPEST} levels")


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise AnswerError(f"the key {key[:60]!r} occurs twice")
        found[key] = value
    return found


def _no_constant(word: str) -> NoReturn:
    raise AnswerError(f"{word} is not a number of JSON")
