"""Models and problems as a job gets them: a path, or text with its format, which is told by content where unsaid."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from tools.errors import InputError
from tools.formulation.content import begins_like_json, begins_like_lp, begins_like_mps, holds_algebra, holds_problem
from tools.formulation.model import Formulation
from ui.safe_text import safe

if TYPE_CHECKING:
    from tools.algebra.document import AlgebraDocument

Format = Literal["lp", "mps", "json", "words"]

LONGEST_TEXT = 64_000_000
"""Characters of a model given as text."""

_LONGEST_NAME = 200
_LOOKED_AT = 1_000_000

_MPS_ROWS = re.compile(r"^ROWS\s*$", re.IGNORECASE | re.MULTILINE)
_LP_ROWS = re.compile(r"(?:^|\s)(?:subject\s+to|such\s+that|s\.?\s?t\.?)(?=\s)", re.IGNORECASE)
_LP_SECTION = re.compile(
    r"^\s*(?:subject\s+to|such\s+that|s\.?\s?t\.?|bounds?|generals?|gen|integers?|int|binar(?:y|ies)|bin|end)\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_RELATION = re.compile(r"[<>=]")


@dataclass(frozen=True)
class Source:
    """A model: the path of its file, or its text. Raises `InputError` where it is neither or too long."""

    path: Path | None = None
    text: str = ""
    format: Format | None = None
    name: str = ""

    @classmethod
    def of(cls, data: object, role: str) -> Source:
        """Return what {"path"} or {"text", "format"?, "name"?} says; `role` names it in messages and by default."""
        given = {key: value for key, value in data.items() if value is not None} if isinstance(data, Mapping) else {}
        if set(given) != {"path"} and not {"text"} <= set(given) <= {"text", "format", "name"}:
            raise InputError(f'the {role} must be {{"path": …}} or {{"text": …, "format": …, "name": …}}')
        if not all(isinstance(value, str) for value in given.values()):
            raise InputError(f"path, text, format and name of the {role} must be text")
        if "path" in given:
            return cls(_file(given["path"], role))
        text, kind = given["text"], given.get("format")
        if kind is not None and kind not in get_args(Format):
            raise InputError(f"unknown format {safe(kind)!r} of the {role}; use {', '.join(get_args(Format))}")
        if not text.strip():
            raise InputError(f"the {role} is empty; give a model in LP, MPS or JSON")
        if len(text) > LONGEST_TEXT:
            raise InputError(
                f"the {role} has {len(text)} characters; at most {LONGEST_TEXT} are taken as text, give its file's path"
            )
        if "\0" in text:
            raise InputError(f"the {role} holds a zero character; give a model in LP, MPS or JSON")
        text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        return cls(None, text, kind or format_of(text), safe(given.get("name") or role, _LONGEST_NAME))

    def model(self) -> Formulation:
        """Return the formulation that it holds; raises `InputError`."""
        if self.path is not None:
            from tools.formulation.read import read

            return read(self.path)
        if self.format == "words":
            raise InputError(
                f"{self.name}: this is no model in LP, MPS or JSON; have a problem in words formulated first"
            )
        from tools.formulation.read import read_text

        return read_text(self.text, format=self.format, name=self.name)

    def algebra(self) -> AlgebraDocument | None:
        """Return the algebra that it holds, None where it holds another model; raises `InputError`."""
        if self.path is not None:
            from tools.formulation.read import read_algebra

            return read_algebra(self.path)
        if self.format != "json" or not holds_algebra(self.text):
            return None
        from tools.algebra.document import parse_document

        return parse_document(self.text, source=self.name, name=self.name)


def format_of(text: str) -> Format:
    """Return the format of a model's text: "words" where it is neither LP nor MPS nor JSON of a model."""
    start = text[:_LOOKED_AT].lstrip("\ufeff")
    if begins_like_json(start):
        return "words" if holds_problem(start) else "json"
    if begins_like_mps(start) and _MPS_ROWS.search(start):
        return "mps"
    # A sentence may begin with "Minimize"; it has no line that is a section of LP, and no row.
    if begins_like_lp(start) and (
        _LP_SECTION.search(start)
        or (_LP_ROWS.search(start) and _RELATION.search(start))
        or not start.strip().count(" ")
    ):
        return "lp"
    return "words"


def _file(path: str, role: str) -> Path:
    """Return the path of an ordinary file: a device or a pipe could keep the reader waiting for ever."""
    found = Path(path).expanduser() if path.startswith("~") else Path(path)
    try:
        if found.is_dir():
            raise InputError(f"{safe(path, 200)} is a folder; name the {role}'s file in it")
        if found.is_file():
            return found
        exists = found.exists()
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"cannot read the {role} {safe(path, 200)}: {reason}") from error
    what = "is no ordinary file" if exists else "does not exist; check the path"
    raise InputError(f"the {role} {safe(path, 200)} {what}")
