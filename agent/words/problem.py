"""Problems in words as people keep them: a text file, a folder in the layout of NLP4LP, or one JSON file of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.bounded_file import bounded_content
from tools.errors import InputError
from tools.formulation.exact_json import as_parse_errors, load_exactly

TEXT_SUFFIXES = (".md", ".tex", ".txt")
MOST_BYTES = 64 << 20
LONGEST_TEXT = 400_000
"""Characters of a text; a language model takes far fewer."""

_OURS = re.compile(r'"schema"\s*:\s*"quasikarp/')
_INFO, _PARAMETERS, _DESCRIPTION = "problem_info.json", "parameters.json", "description.txt"
_TEXT_KEYS = ("parametrized_description", "description")


@dataclass(frozen=True)
class Problem:
    """A problem in words, with the data that comes beside it, every number of it exact."""

    text: str
    data: Mapping[str, Any] = field(default_factory=dict)


def is_problem(path: Path) -> bool:
    """Say whether `path` is a text, a folder of NLP4LP or a JSON file of it, rather than a model; never raises."""
    try:
        if path.is_dir():
            return any((path / name).is_file() for name in (_INFO, _DESCRIPTION))
        if path.suffix.lower() in TEXT_SUFFIXES:
            return True
        if path.suffix.lower() != ".json":
            return False
        if _OURS.search(_text(path)):
            return False
        found = _json(path)
    except (OSError, ValueError, InputError):
        return False
    return isinstance(found, dict) and "schema" not in found and any(key in found for key in _TEXT_KEYS)


def read_problem(path: Path) -> Problem:
    """Return the problem at `path`; raises `InputError` where it cannot be read."""
    if path.is_dir():
        return _from_folder(path)
    if path.suffix.lower() == ".json":
        info = _json(path)
        if not isinstance(info, dict):
            raise InputError(f"{path} holds no JSON object")
        return _from_info(info, path)
    return Problem(_bounded(_text(path), path))


def _from_folder(folder: Path) -> Problem:
    data = _json(folder / _PARAMETERS) if (folder / _PARAMETERS).is_file() else {}
    if not isinstance(data, dict):
        raise InputError(f"{folder / _PARAMETERS} holds no JSON object")
    if (folder / _INFO).is_file():
        info = _json(folder / _INFO)
        if not isinstance(info, dict):
            raise InputError(f"{folder / _INFO} holds no JSON object")
        found = _from_info(info, folder / _INFO)
        return Problem(found.text, data or found.data)
    if (folder / _DESCRIPTION).is_file():
        return Problem(_bounded(_text(folder / _DESCRIPTION), folder / _DESCRIPTION), data)
    raise InputError(f"{folder} is a folder without {_INFO} or {_DESCRIPTION}; give a model file or such a folder")


def _from_info(info: Mapping[str, Any], path: Path) -> Problem:
    """Return a problem_info as text: what it describes, and what it says of each of its parts."""
    text = next((info[key] for key in _TEXT_KEYS if isinstance(info.get(key), str) and info[key].strip()), "")
    if not text:
        raise InputError(f"{path}: neither {' nor '.join(map(repr, _TEXT_KEYS))} holds a text")
    parts = [text.strip()]
    stated = info.get("parameters")
    parameters = stated if isinstance(stated, dict) else {}
    for title, entries in (("Parameters", parameters), ("Variables", info.get("variables"))):
        if isinstance(entries, dict) and entries:
            parts.append("\n".join([f"{title}:", *(_declared(name, entry) for name, entry in entries.items())]))
    objective = info.get("objective")
    if isinstance(objective, dict):
        parts.append(f"Objective: {_explained(objective)}")
    constraints = info.get("constraints")
    if isinstance(constraints, list) and constraints:
        told = [f"- {_explained(entry)}" for entry in constraints if isinstance(entry, dict)]
        parts.append("\n".join(["Constraints:", *told]))
    values = {
        name: entry["value"] if isinstance(entry, dict) else entry
        for name, entry in parameters.items()
        if not isinstance(entry, dict) or "value" in entry
    }
    return Problem(_bounded("\n\n".join(parts), path), values)


def _declared(name: str, entry: Any) -> str:
    if not isinstance(entry, dict):
        return f"- {name}"
    shape = entry.get("shape")
    sizes = f" [{', '.join(map(str, shape))}]" if isinstance(shape, list) and shape else ""
    kind = f" ({entry['type']})" if isinstance(entry.get("type"), str) else ""
    words = entry.get("description", entry.get("definition", ""))
    return f"- {name}{sizes}{kind}: {words if isinstance(words, str) else ''}"


def _explained(entry: Mapping[str, Any]) -> str:
    pieces = [entry.get(key) for key in ("description", "formulation")]
    return "; ".join(" ".join(piece.split()) for piece in pieces if isinstance(piece, str) and piece.strip())


def _json(path: Path) -> Any:
    text = _text(path)
    with as_parse_errors(str(path)):
        return load_exactly(text, str(path))


def _text(path: Path) -> str:
    content = bounded_content(path, MOST_BYTES, str(path))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text") from error


def _bounded(text: str, path: Path) -> str:
    if len(text) > LONGEST_TEXT:
        raise InputError(f"{path} has a text of {len(text)} characters; at most {LONGEST_TEXT} are read")
    return text.replace("\r\n", "\n")
