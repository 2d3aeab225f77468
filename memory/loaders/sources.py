"""Reading what a data set holds: bounded, with one clear line for everything that is not as expected."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.bounded_file import bounded_content
from tools.errors import InputError
from tools.formulation.model import Formulation
from tools.formulation.read import read

MOST_BYTES = 256 << 20
"""Of one file of a data set that is not a model."""

LONGEST_TEXT = 20_000
"""Characters of a description; what is longer is cut."""

_SHOWN = 120


def content(path: Path) -> bytes:
    """Return the bytes of a file; raises `InputError` where that is not possible or it is too large."""
    return bounded_content(path, MOST_BYTES, shown(str(path)))


def json_object(text: bytes | str, what: str) -> dict[str, Any]:
    """Return the JSON object that `text` holds; raises `InputError` that begins with `what`."""
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        found = json.loads(decoded)
    except UnicodeDecodeError as error:
        raise InputError(f"{what} is not UTF-8 text") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{what} is not JSON ({shown(str(error))})") from error
    if not isinstance(found, dict):
        raise InputError(f"{what} is not a JSON object")
    return found


def numbered_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield each line that is not blank with its number; raises `InputError` where the file cannot be read."""
    for number, line in enumerate(content(path).removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if line.strip():
            yield number, line


def first_objects(path: Path, most: int = 20, most_bytes: int = 1 << 20) -> list[dict[str, Any]]:
    """Return the JSON objects among the first lines of a file; never raises, so it serves to recognise one."""
    try:
        with path.open("rb") as stream:
            start = stream.read(most_bytes)
    except (OSError, ValueError):
        return []
    objects = []
    for line in start.removeprefix(b"\xef\xbb\xbf").split(b"\n")[:most]:
        try:
            objects.append(json_object(line, "the line"))
        except InputError:
            continue
    return objects


def is_file(path: Path) -> bool:
    """Say whether there is a file; False too where the name is impossible."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_folder(path: Path) -> bool:
    """Say whether there is a folder; False too where the name is impossible."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def read_both(reference: Path, candidate: Path) -> tuple[Formulation, Formulation]:
    """Return the models in two files; raises `InputError`."""
    return read(reference), read(candidate)


def key_of(*parts: bytes | str) -> str:
    """Return the SHA-256 (hex) of the parts, told apart from each other by their lengths."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()


def file_digest(path: Path) -> bytes:
    """Return the SHA-256 of a file's bytes; raises `InputError` where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").digest()
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {shown(str(path))}: {getattr(error, 'strerror', None) or error}") from error


def shown(text: str) -> str:
    """Return `text` as one line that is short and safe to print."""
    return repr(text[:_SHOWN])[1:-1]
