"""Models and problems as a job gets them: a path, or text with its format, which is told by content where unsaid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from tools.errors import InputError
from tools.formulation.content import Format, format_of, holds_algebra
from tools.formulation.model import Formulation
from ui.safe_text import safe

if TYPE_CHECKING:
    from tools.algebra.document import AlgebraDocument

LONGEST_TEXT = 64_000_000
"""Characters of a model given as text."""

_LONGEST_NAME = 200


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
