"""JSON documents read without rounding a number, and pictures of their values for messages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from tools.errors import InputError, ParseError

_CONTROL = frozenset(chr(code) for code in range(32)) | {"\x7f"}


class MalformedError(Exception):
    """What is wrong with a document; becomes a `ParseError` that names the document."""


class JsonNumber(str):
    """The text of a JSON number, told apart from a string."""

    __slots__ = ()


@contextmanager
def as_parse_errors(source: str) -> Iterator[None]:
    """Raise what is wrong with a document in this block as a `ParseError` that names its source."""
    try:
        yield
    except ParseError:
        raise
    except (MalformedError, InputError) as error:
        raise ParseError(str(error), source=source) from error


def load_exactly(text: str, source: str) -> Any:
    """Return the JSON value in `text`, every number as a `JsonNumber`.

    Raises `ParseError` on what is no JSON, and `MalformedError` on keys that stand twice in one object and on constants
    such as NaN.
    """
    try:
        return json.loads(
            text, parse_float=JsonNumber, parse_int=JsonNumber, parse_constant=_no_constant,
            object_pairs_hook=_object_without_repetition,
        )  # fmt: skip
    except json.JSONDecodeError as error:
        raise ParseError(f"not JSON: {error.msg} (column {error.colno})", source=source, line=error.lineno) from error
    except RecursionError as error:
        raise ParseError("the JSON document is nested too deeply", source=source) from error


def object_of(item: Any, where: str, required: set[str], optional: set[str]) -> dict[str, Any]:
    """Return the object `item`; raises `MalformedError` where it is none, lacks a key, or has an unknown one."""
    if type(item) is not dict:
        raise MalformedError(f"{where}: expected an object, found {shown(item)}")
    missing = required - item.keys()
    if missing:
        raise MalformedError(f"{where}: the key {min(missing)!r} is missing")
    unknown = item.keys() - required - optional
    if unknown:
        known = ", ".join(sorted(required | optional))
        raise MalformedError(f"{where}: unknown key {min(unknown)[:60]!r}; known are {known}")
    return item


def text_of(item: Any, where: str) -> str:
    """Return the string `item`; raises `MalformedError` where it is none or holds what no name may hold."""
    text = words_of(item, where)
    if not _CONTROL.isdisjoint(text):
        raise MalformedError(f"{where}: control characters in {text[:60]!r}")
    return text


def words_of(item: Any, where: str) -> str:
    """Return the string `item`, which may have several lines; raises `MalformedError`."""
    if type(item) is not str:
        raise MalformedError(f"{where}: expected a string, found {shown(item)}")
    try:
        item.encode()
    except UnicodeEncodeError as error:
        raise MalformedError(f"{where}: half a character (a lone surrogate) in {item[:60]!r}") from error
    return item


def shown(item: Any) -> str:
    """Return a short picture of a JSON value for a message."""
    if type(item) is dict:
        return "an object"
    if type(item) is list:
        return "a list"
    if item is None:
        return "null"
    if type(item) is bool:
        return "true" if item else "false"
    return f"{item[:40]!r}" if isinstance(item, str) else "something else"


def _no_constant(word: str) -> NoReturn:
    raise MalformedError(f"{word} is not a number of this format; an infinite bound is null")


def _object_without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise MalformedError(f"the key {key[:60]!r} stands twice in one object")
            seen.add(key)
    return result
