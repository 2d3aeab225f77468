"""The manifest of a batch: one JSON object a line, each naming a pair of models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from tools.errors import InputError
from tools.report import Contract
from ui.safe_text import safe

Identifier = str | int


@dataclass(frozen=True)
class Pair:
    """A usable line: the pair's id, its models, and the contract when the line names one."""

    id: Identifier
    reference: Path
    candidate: Path
    contract: Contract | None


@dataclass(frozen=True)
class UnusableLine:
    """A line that cannot be checked; `message` begins with its number and says what to change."""

    id: Identifier | None
    message: str


def read_manifest(manifest: Path) -> list[Pair | UnusableLine]:
    """Return one entry for each line that is not blank; paths are taken relative to the manifest's folder.

    Fields other than id, reference, candidate and contract are ignored: a label never gets beyond this function.
    Raises `InputError` when the manifest itself cannot be read.
    """
    try:
        content = manifest.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read the manifest {manifest}: {error.strerror}") from error
    return list(_entries(content.removeprefix(b"\xef\xbb\xbf"), manifest.parent))


def _entries(content: bytes, folder: Path) -> Iterator[Pair | UnusableLine]:
    first_use: dict[Identifier, int] = {}
    for number, line in enumerate(content.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            data = _object(line)
        except InputError as error:
            yield UnusableLine(None, f"line {number}: {error}")
            continue
        identifier: Identifier | None = None
        try:
            identifier = _identifier(data)
            if identifier in first_use:
                raise InputError(
                    f"id {safe(str(identifier))!r} was already used on line {first_use[identifier]}; ids must differ"
                )
            first_use[identifier] = number
            yield _pair(identifier, data, folder)
        except InputError as error:
            yield UnusableLine(identifier, f"line {number}: {error}")


def _object(line: bytes) -> dict[str, Any]:
    try:
        data = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InputError("the line is not UTF-8 text") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"the line is not JSON ({safe(str(error), 100)})") from error
    if not isinstance(data, dict):
        raise InputError('the line is not an object such as {"id": "1", "reference": "a.lp", "candidate": "b.lp"}')
    return data


def _identifier(data: dict[str, Any]) -> Identifier:
    value = data.get("id")
    if isinstance(value, str) and value:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise InputError('"id" must be a text that is not empty, or an integer')


def _pair(identifier: Identifier, data: dict[str, Any], folder: Path) -> Pair:
    paths = {}
    for key in ("reference", "candidate"):
        text = data.get(key)
        if not isinstance(text, str) or not text:
            raise InputError(f'"{key}" is missing; it must name a model file')
        paths[key] = folder / text
        if not _is_file(paths[key]):
            raise InputError(f'"{key}" names {safe(text, 200)!r}, which is not a file relative to the manifest')
    contract = data.get("contract")
    if contract is not None and contract not in get_args(Contract):
        raise InputError(f"unknown contract {safe(str(contract))!r}; use one of {', '.join(get_args(Contract))}")
    return Pair(identifier, paths["reference"], paths["candidate"], contract)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
