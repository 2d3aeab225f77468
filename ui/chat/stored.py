"""Frozen values written as JSON text and read back strictly: another form is refused, never bent into shape."""

from __future__ import annotations

import json
from collections.abc import Hashable
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from tools.errors import InputError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_Value = TypeVar("_Value")


class Stored:
    """A dataclass that is kept: fields that it does not have are an error when it is read."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}


def written(value: Stored) -> str:
    """Return `value` as JSON text; half characters (lone surrogates), which no file can hold, become "?"."""
    text = json.dumps(value, default=vars, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode("utf-8")


def read_back(kind: type[_Value], text: str) -> _Value:
    """Return the value of that kind that `written` wrote; raises `InputError` on anything else."""
    from pydantic import ValidationError

    try:
        value: _Value = _adapter(cast(Hashable, kind)).validate_json(text, strict=True)
    except (ValidationError, ValueError, RecursionError) as error:
        raise InputError(f"this is no {getattr(kind, '__name__', 'value').lower()} of the chat") from error
    return value


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
