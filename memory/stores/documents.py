"""A record as the text that a store keeps, and back: what goes in comes out, and what was altered does not."""

from __future__ import annotations

from memory.record import Record
from tools.errors import InputError


def document(record: Record) -> str:
    """Return the record as text that `readable` reads; raises `InputError` for a record that would not come back."""
    try:
        text = record.to_text()
        text.encode()
        Record.from_text(text)
    except (ValueError, TypeError, RecursionError) as error:  # NaN, lone surrogates, objects that JSON does not know
        raise InputError(f"a record cannot be kept as text: {str(error)[:200]}") from error
    return text


def readable(text: object, id: str) -> Record | None:
    """Return the record with this id that `document` wrote, or None if the text is anything else."""
    if not isinstance(text, str):
        return None
    try:
        record = Record.from_text(text)
    except (InputError, ValueError, TypeError, RecursionError):
        return None
    return record if record.id == id else None
