"""The fields of a request in JSON, each of the type that is needed; another is an `InputError` that names the field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.errors import InputError


def text_of(request: Mapping[str, Any], name: str, default: str | None = None) -> str | None:
    """Return a text, or the default where it is missing or null."""
    value = request.get(name)
    if value is None:
        return default
    if not isinstance(value, str):
        raise _wrong(name, "text", value)
    return value


def whole_of(request: Mapping[str, Any], name: str, default: int) -> int:
    """Return a whole number, or the default where it is missing or null."""
    value = request.get(name)
    if value is None:
        return default
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(name, "a whole number", value)
    return value


def number_of(request: Mapping[str, Any], name: str, default: float) -> float:
    """Return a number, or the default where it is missing or null."""
    value = request.get(name)
    if value is None:
        return default
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _wrong(name, "a number", value)
    return value


def truth_of(request: Mapping[str, Any], name: str) -> bool:
    """Return true or false, false where it is missing or null."""
    value = request.get(name)
    if value is not None and not isinstance(value, bool):
        raise _wrong(name, "true or false", value)
    return bool(value)


def texts_of(request: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return a list of texts, empty where it is missing or null."""
    value = request.get(name)
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or not all(isinstance(text, str) for text in value):
        raise _wrong(name, "a list of texts", value)
    return tuple(value)


def object_of(request: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return an object, empty where it is missing or null."""
    value = request.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise _wrong(name, "an object", value)
    return value


def _wrong(name: str, expected: str, value: object) -> InputError:
    return InputError(f"{name} must be {expected}, found {str(value)[:60]!r}")
