"""EquivaFormulation on NLP4LP's word problems: variants of a model, told apart by a suffix.

A folder an instance (`<id>/`, variants in `<id>/<id>_<suffix>/`), or one JSON object a line. A side is its `model.lp`
where there is one, else what its gurobipy code builds in the sandbox: descriptions and code disagree at times, and the
code is what runs. The data set is CC BY-NC-SA: it is read where the user has it, never shipped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

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
    shown,
)
from tools.errors import InputError
from tools.formulation.model import Formulation
from tools.formulation.read import read
from tools.sandbox.run import run_gurobipy_code

_VERSION = "equiva-formulation 1"
_LP, _CODE, _INFO, _PARAMETERS = "model.lp", "optimus-code.py", "problem_info.json", "parameters.json"
_SUFFIX = re.compile(r"[A-Za-z0-9]{1,20}")

KIND_OF_SUFFIX: Mapping[str, str] = {
    "c": "renaming",
    "d": "digits",
    "e": "valid inequality",
    "f": "objective in a constraint",
    "g": "slack",
    "h": "sum of two",
    "i": "scaling",
}
"""The classes published as equivalent. The others (j, k, l) have no kind here: their names would be labels."""


@dataclass(frozen=True)
class _Side:
    """One formulation: an LP file, or code with the files that it reads."""

    lp: Path | None = None
    code: str | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    text: str = ""

    @property
    def parts(self) -> list[bytes | str]:
        """What `load` reads."""
        if self.lp is not None:
            return ["lp", file_digest(self.lp)]
        return ["code", self.code or "", *(part for name in sorted(self.files) for part in (name, self.files[name]))]

    def unusable(self, allow_code: bool) -> str:
        """Return why there is no model to be had, or nothing."""
        if self.lp is not None or (self.code and allow_code):
            return ""
        if self.code:
            return "is code; pass --allow-code to run it in the sandbox"
        return f"has neither {_LP} nor code ({_CODE})"

    def load(self) -> Formulation:
        """Return the model; raises `InputError`."""
        return read(self.lp) if self.lp is not None else run_gurobipy_code(self.code or "", self.files)


class EquivaFormulationLoader:
    """Reads EquivaFormulation: the reference is instance `<id>`, each candidate a variant `<id>_<suffix>` of it."""

    name = "equiva-formulation"
    summary = "EquivaFormulation or NLP4LP with variants, as folders or JSON lines; runs its code with permission"

    def recognises(self, source: Path) -> bool:
        """Say whether `source` has instances with code or a problem_info of that layout."""
        if is_folder(source):
            try:
                return any(_is_instance(folder) for folder in _folders(source)[:200])
            except InputError:
                return False
        return source.suffix == ".jsonl" and any(
            "instance_id" in found and {"optimus_code", "problem_info"} & set(found) for found in first_objects(source)
        )

    def pairs(self, source: Path, options: LoaderOptions) -> Iterator[SeedPair | Unreadable]:
        """Yield one entry a variant; raises `InputError` where there is no variant at all (NLP4LP alone)."""
        entries = _in_folders(source, options) if is_folder(source) else _in_lines(source, options)
        empty = True
        for entry in entries:
            empty = False
            yield entry
        if empty:
            raise InputError(f"{shown(str(source))!r} has no variants <id>_<suffix>, so it holds no pairs")


def _in_folders(source: Path, options: LoaderOptions) -> Iterator[SeedPair | Unreadable]:
    for instance in _folders(source):
        variants = [
            folder for folder in _folders(instance)
            if folder.name.startswith(f"{instance.name}_") and _SUFFIX.fullmatch(_suffix(folder, instance))
        ]  # fmt: skip
        if not variants:
            continue
        reference: _Side | str = _attempt(partial(_side_in_folder, instance))
        for variant in variants:
            yield _pair(
                variant.name,
                _suffix(variant, instance),
                reference,
                _attempt(partial(_side_in_folder, variant)),
                options.allow_code,
            )


def _suffix(variant: Path, instance: Path) -> str:
    return variant.name[len(instance.name) + 1 :]


def _in_lines(source: Path, options: LoaderOptions) -> Iterator[SeedPair | Unreadable]:
    found: dict[str, dict[str, dict[str, Any]]] = {}
    broken: list[Unreadable] = []
    for number, line in numbered_lines(source):
        try:
            data = json_object(line, "the line")
            instance, suffix = _instance_and_suffix(data)
            variants = found.setdefault(instance, {})
            if suffix in variants:
                raise InputError(f"instance {shown(instance)!r} has this variation twice")
            variants[suffix] = data
        except InputError as error:
            broken.append(Unreadable(f"line {number}", f"line {number}: {error}"))
    yield from broken
    for instance, variants in found.items():
        reference: _Side | str = "the reference is missing"
        if "" in variants:
            reference = _attempt(partial(_side_in_line, variants[""]))
        for suffix, data in variants.items():
            if suffix:
                candidate = _attempt(partial(_side_in_line, data))
                yield _pair(f"{instance}_{suffix}", suffix, reference, candidate, options.allow_code)


def _instance_and_suffix(data: dict[str, Any]) -> tuple[str, str]:
    """Return the instance and the suffix of its variation, empty for the original."""
    instance = data.get("instance_id")
    if isinstance(instance, bool) or not isinstance(instance, int | str) or not str(instance).strip():
        raise InputError('"instance_id" must be a text or a number')
    name, variation = str(instance), data.get("variation_id")
    if variation is None:
        return name, ""
    suffix = str(variation).removeprefix(name).removeprefix("_")
    if suffix.lower() in ("", "original", "base", "none"):
        return name, ""
    if not _SUFFIX.fullmatch(suffix):
        raise InputError(f'"variation_id" must be a letter such as c, found {shown(suffix)!r}')
    return name, suffix


def _pair(
    name: str, suffix: str, reference: _Side | str, candidate: _Side | str, allow_code: bool
) -> SeedPair | Unreadable:
    for label, side in (("reference", reference), ("candidate", candidate)):
        if isinstance(side, str):
            return Unreadable(name, f"{label}: {side}")
        reason = side.unusable(allow_code)
        if reason:
            return Unreadable(name, f"the {label} {reason}")
    assert not isinstance(reference, str)
    assert not isinstance(candidate, str)
    kind = KIND_OF_SUFFIX.get(suffix, "")
    try:
        key = key_of(_VERSION, *reference.parts, "candidate", *candidate.parts, kind, reference.text)
    except InputError as error:
        return Unreadable(name, str(error))
    return SeedPair(id=name, key=key, load=partial(_load_both, reference, candidate), kind=kind, text=reference.text)


def _load_both(reference: _Side, candidate: _Side) -> tuple[Formulation, Formulation]:
    return reference.load(), candidate.load()


def _attempt(make: partial[_Side]) -> _Side | str:
    """Return the side, or why it cannot be had: one bad file costs its own pairs only."""
    try:
        return make()
    except InputError as error:
        return str(error)


def _side_in_folder(folder: Path) -> _Side:
    described = folder / "description.txt"
    text = content(described).decode("utf-8", "replace")[:LONGEST_TEXT] if is_file(described) else ""
    if is_file(folder / _LP):
        return _Side(lp=folder / _LP, text=text)
    if not is_file(folder / _CODE):
        return _Side(text=text)
    files = {name: content(folder / name) for name in (_PARAMETERS, _INFO) if is_file(folder / name)}
    if _PARAMETERS not in files and _INFO in files:
        files[_PARAMETERS] = _values(json_object(files[_INFO], _INFO))
    code = content(folder / _CODE).decode("utf-8", "replace")
    return _Side(code=code, files=_under_every_name(files), text=text)


def _side_in_line(data: dict[str, Any]) -> _Side:
    described = data.get("description")
    text = described[:LONGEST_TEXT] if isinstance(described, str) else ""
    code = data.get("optimus_code")
    if not isinstance(code, str) or not code.strip():
        return _Side(text=text)
    info = data.get("problem_info")
    if isinstance(info, str):
        info = json_object(info, '"problem_info"')
    files: dict[str, bytes] = {}
    if isinstance(info, dict):
        files = {_INFO: json.dumps(info).encode(), _PARAMETERS: _values(info)}
    if isinstance(data.get("parameters"), dict):
        files[_PARAMETERS] = json.dumps(data["parameters"]).encode()
    return _Side(code=code, files=_under_every_name(files), text=text)


def _under_every_name(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files, the parameters also as `data.json`, as the oldest code calls them."""
    return {**files, **({"data.json": files[_PARAMETERS]} if _PARAMETERS in files else {})}


def _values(info: Mapping[str, Any]) -> bytes:
    """Return the values of the parameters that a problem_info states, as JSON."""
    stated = info.get("parameters")
    if not isinstance(stated, dict):
        return b"{}"
    return json.dumps(
        {
            name: entry["value"] if isinstance(entry, dict) and "value" in entry else entry
            for name, entry in stated.items()
        }
    ).encode()


def _is_instance(folder: Path) -> bool:
    return is_file(folder / _CODE) or is_file(folder / _INFO)


def _folders(source: Path) -> list[Path]:
    """Return the folders in a folder, numbers in their order; raises `InputError`."""
    try:
        found = [entry for entry in source.iterdir() if is_folder(entry)]
    except OSError as error:
        raise InputError(f"cannot list {shown(str(source))}: {error.strerror}") from error
    return sorted(found, key=_by_number)


def _by_number(folder: Path) -> tuple[bool, int, str]:
    number = folder.name.isdecimal()
    return not number, len(folder.name) if number else 0, folder.name
