"""Pairs that a manifest lists: one JSON object a line, each naming two model files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, get_args

from memory.loaders.pairs import LoaderOptions, SeedPair, Unreadable
from memory.loaders.sources import (
    LONGEST_TEXT,
    content,
    file_digest,
    first_objects,
    is_file,
    is_folder,
    json_object,
    key_of,
    numbered_lines,
    read_both,
    shown,
)
from tools.errors import InputError
from tools.report import Contract

MANIFEST = "pairs.jsonl"
_VERSION = "manifest 1"
_LONGEST_PATH = 1000


class ManifestLoader:
    """Reads `pairs.jsonl`: `id`, `reference`, `candidate` and optionally `contract`, `mapping`, `kind`, `text`.

    Paths are relative to the manifest. `mapping` is rules, a JSON object, or the path of a file that holds one of them.
    Other fields are ignored: a label never gets beyond this file.
    """

    name = "manifest"
    summary = f"a {MANIFEST}, or a folder with one: a line names a reference and a candidate"

    def recognises(self, source: Path) -> bool:
        """Say whether `source` is a manifest or holds one."""
        if is_folder(source):
            return is_file(source / MANIFEST)
        return source.suffix == ".jsonl" and any({"reference", "candidate"} <= set(o) for o in first_objects(source))

    def pairs(self, source: Path, options: LoaderOptions) -> Iterator[SeedPair | Unreadable]:
        """Yield one entry a line that is not blank; raises `InputError` when there is no manifest to read."""
        manifest = source / MANIFEST if is_folder(source) else source
        digests: dict[Path, bytes] = {}
        first_use: dict[str, int] = {}
        for number, line in numbered_lines(manifest):
            name = f"line {number}"
            try:
                data = json_object(line, "the line")
                name = _identifier(data)
                if name in first_use:
                    raise InputError(f"the id was already used on line {first_use[name]}; ids must differ")
                first_use[name] = number
                yield _pair(name, data, manifest.parent, digests)
            except InputError as error:
                yield Unreadable(name, f"line {number}: {error}")


def _identifier(data: dict[str, Any]) -> str:
    value = data.get("id")
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise InputError('"id" must be a text that is not empty, or an integer')


def _pair(name: str, data: dict[str, Any], folder: Path, digests: dict[Path, bytes]) -> SeedPair:
    reference, candidate = (_model_file(data, side, folder) for side in ("reference", "candidate"))
    contract = _contract(data)
    mapping = _mapping(data.get("mapping"), folder)
    kind, text = _text(data, "kind"), _text(data, "text")
    for path in (reference, candidate):
        if path not in digests:  # many pairs share their reference
            digests[path] = file_digest(path)
    return SeedPair(
        id=name,
        key=key_of(
            _VERSION, digests[reference], digests[candidate], contract or "",
            json.dumps(mapping, sort_keys=True), kind, text,
        ),
        load=partial(read_both, reference, candidate),
        contract=contract,
        mapping=mapping,
        kind=kind,
        text=text,
    )  # fmt: skip


def _model_file(data: dict[str, Any], side: str, folder: Path) -> Path:
    value = data.get(side)
    if not isinstance(value, str) or not value:
        raise InputError(f'"{side}" is missing; it must name a model file')
    if not is_file(folder / value):
        raise InputError(f'"{side}" names {shown(value)!r}, which is not a file relative to the manifest')
    return folder / value


def _contract(data: dict[str, Any]) -> Contract | None:
    value = data.get("contract")
    for known in get_args(Contract):
        if value == known:
            found: Contract = known
            return found
    if value is not None:
        raise InputError(f"unknown contract {shown(str(value))!r}; use one of {', '.join(get_args(Contract))}")
    return None


def _text(data: dict[str, Any], field: str) -> str:
    value = data.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InputError(f'"{field}" must be a text')
    return value[:LONGEST_TEXT]


def _mapping(value: object, folder: Path) -> Mapping[str, Any] | str | None:
    if value is None or isinstance(value, dict):
        return value
    if not isinstance(value, str) or not value.strip():
        raise InputError('"mapping" must be rules, an object, or the path of a file that holds one of them')
    if len(value) <= _LONGEST_PATH and "\n" not in value and is_file(folder / value):
        try:
            value = content(folder / value).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError('the file that "mapping" names is not UTF-8 text') from error
    elif Path(value).suffix.lower() in (".json", ".txt", ".map", ".rules") and "=" not in value:
        raise InputError(f'"mapping" names {shown(value)!r}, which is not a file relative to the manifest')
    return json_object(value, "the mapping") if value.lstrip()[:1] == "{" else value
