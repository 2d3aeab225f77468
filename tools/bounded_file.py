"""A file read whole, unless it is too large."""

from __future__ import annotations

from pathlib import Path

from tools.errors import InputError


def bounded_content(path: Path, most_bytes: int, name: str) -> bytes:
    """Return the bytes of a file; raises `InputError`, which calls it `name`, where it cannot be read or is larger."""
    try:
        with path.open("rb") as stream:
            found = stream.read(most_bytes + 1)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {name}: {getattr(error, 'strerror', None) or error}") from error
    if len(found) > most_bytes:
        raise InputError(f"{name} has more than {most_bytes} bytes")
    return found
