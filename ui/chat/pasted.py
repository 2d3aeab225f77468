"""Models in what a user pastes or uploads: one text taken apart into models, each with its side where one is said."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath

from tools.errors import InputError
from tools.formulation.content import Format, format_of
from ui.chat.naming import SIDE_WORDS
from ui.chat.phrases import Side
from ui.running.source import LONGEST_TEXT
from ui.safe_text import safe

MOST_MODELS = 4
"""Models that are taken from one message."""

_NAME_WIDTH = 100

_LABEL = re.compile(
    r"^[ \t]*(?:#+ ?)?\**(?:and )?(?:(?:the|my|here is the|this is the) )?(reference|candidate|original|reformulation)"
    r"(?: model)?(?: is)?\**[ \t]*:\**[ \t]*",
    re.IGNORECASE,
)
_FENCE = re.compile(r"^[ \t]*```[^\n]*$", re.MULTILINE)
_LP_OBJECTIVE = re.compile(
    r"^[ \t]*(?:minimi[sz]e|minimum|min|maximi[sz]e|maximum|max)(?:[ \t]*:?[ \t]*$|[ \t].*$)", re.IGNORECASE
)
_LP_END = re.compile(r"^[ \t]*end[ \t]*$", re.IGNORECASE)
_MPS_START = re.compile(r"^(?:NAME\b.*|ROWS[ \t]*)$", re.IGNORECASE)
_MPS_END = re.compile(r"^ENDATA[ \t]*$", re.IGNORECASE)
_NAME_WORDS: dict[str, Side] = {
    **SIDE_WORDS, "ref": "reference", "old": "reference", "base": "reference", "before": "reference",
    "cand": "candidate", "new": "candidate", "reformulated": "candidate", "after": "candidate",
}  # fmt: skip


@dataclass(frozen=True)
class Given:
    """A model that the user gave: its text and format, what it is called, and its side where one was said."""

    text: str
    format: Format
    name: str = ""
    side: Side | None = None


@dataclass(frozen=True)
class Upload:
    """A file that the user gave: the name it had, and its bytes."""

    name: str
    content: bytes


def given_in(text: str) -> tuple[Given, ...]:
    """Return the models and labelled problems in a message, in their order; empty where it holds none.

    A side may be said before each ("reference:"); models may stand in fences of backticks, or follow one another, LP
    up to its "End", MPS up to "ENDATA". Words count only behind a side. Raises `InputError` on too many models.
    """
    found: list[Given] = []
    for side, part in _labelled(text):
        models = [Given(text, kind, side=None if k else side) for k, (text, kind) in enumerate(_models(part))]
        if not models and side is not None and part.strip():
            models = [Given(part.strip(), format_of(part), side=side)]
        found += models
    if len(found) > MOST_MODELS:
        raise InputError(f"there are {len(found)} models in one message; give the reference and the candidate")
    return tuple(found)


def given_file(upload: Upload) -> Given:
    """Return the model or problem in words that a file holds; raises `InputError` where it is no text."""
    name = safe(PureWindowsPath(PurePosixPath(upload.name).name).name, _NAME_WIDTH) or "model"
    content = upload.content
    try:
        if content[:2] == b"\x1f\x8b":
            with gzip.open(io.BytesIO(content)) as unpacked:
                content = unpacked.read(LONGEST_TEXT + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{name}: the compressed file is damaged ({error})") from error
    if len(content) > LONGEST_TEXT:
        raise InputError(f"{name} holds more than {LONGEST_TEXT} bytes; check it with `quasikarp check` instead")
    if b"\0" in content:
        raise InputError(f"{name} is a binary file, not a model in LP, MPS or JSON")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    if not text.strip():
        raise InputError(f"{name} is empty; give a model in LP, MPS or JSON, or a problem in words")
    return Given(text, _format_of_file(name, text), name, side_of_name(name))


def side_of_name(name: str) -> Side | None:
    """Return the side that a file's name says, None where it says none or both."""
    words = re.split(r"[^a-z]+", name.lower())
    sides = {_NAME_WORDS[word] for word in words if word in _NAME_WORDS}
    return sides.pop() if len(sides) == 1 else None


def _format_of_file(name: str, text: str) -> Format:
    stem = name.lower().removesuffix(".gz")
    if stem.endswith((".lp", ".mps")):
        return "lp" if stem.endswith(".lp") else "mps"
    if stem.endswith(".json") and text.lstrip()[:1] != "{":
        return "json"  # where it says what is wrong
    return "words" if stem.endswith((".md", ".tex")) else format_of(text)


def _labelled(text: str) -> Iterator[tuple[Side | None, str]]:
    """Yield the parts of a text, each with the side that stands before it.

    A row of an LP model may be called "reference:" as well: inside a model, only a label on a line of its own before
    the next model counts.
    """
    lines = text.splitlines(keepends=True)
    side: Side | None = None
    part: list[str] = []
    within = False
    for number, line in enumerate(lines):
        label = _LABEL.match(line)
        if label and (not within or (not line[label.end() :].strip() and _begins_model(lines[number + 1 :][:3]))):
            yield side, "".join(part)
            side, part, within = SIDE_WORDS[label.group(1).lower()], [line[label.end() :]], False
            continue
        part.append(line)
        within = not _ends(line) and (within or _begins(line))
    yield side, "".join(part)


def _begins(line: str) -> bool:
    return bool(_LP_OBJECTIVE.match(line.rstrip()) or _MPS_START.match(line.rstrip()))


def _ends(line: str) -> bool:
    return bool(_LP_END.match(line.rstrip()) or _MPS_END.match(line.rstrip()) or _FENCE.match(line.rstrip()))


def _begins_model(lines: list[str]) -> bool:
    first = next((line for line in lines if line.strip() and line.lstrip()[:1] not in ("\\", "*")), "")
    return _begins(first) or first.lstrip()[:3] == "```" or first.lstrip()[:1] == "{"


def _models(text: str) -> Iterator[tuple[str, Format]]:
    fences = [match.span() for match in _FENCE.finditer(text)]
    if len(fences) >= 2:
        for (_, opened), (closed, _) in zip(fences[::2], fences[1::2]):
            yield from _plain_models(text[opened:closed].strip("\n"))
        return
    yield from _plain_models(text)


def _plain_models(text: str) -> Iterator[tuple[str, Format]]:
    """Yield the models of a text without fences: one JSON document, or LP and MPS one after the other."""
    if text.lstrip()[:1] == "{":
        if format_of(text) == "json":
            yield text, "json"
        return
    lines = text.splitlines(keepends=True)
    start = 0
    for begin, stop in _stretches(lines):
        if begin >= start:
            first = _with_comments(lines, start, begin)
            model = "".join(lines[first:stop])
            if format_of(model) in ("lp", "mps"):
                yield model, format_of(model)
                start = stop


def _stretches(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Yield from where to where a model may reach: from its first line to its end, or to the end of all."""
    begin: int | None = None
    ends = _LP_END
    for number, line in enumerate(lines):
        bare = line.rstrip("\r\n")
        if begin is None:
            if _begins(bare):
                begin, ends = number, _MPS_END if _MPS_START.match(bare) else _LP_END
        elif ends.match(bare):
            yield begin, number + 1
            begin = None
    if begin is not None:
        yield begin, len(lines)


def _with_comments(lines: list[str], start: int, begin: int) -> int:
    while begin > start and lines[begin - 1].lstrip()[:1] in ("\\", "*"):
        begin -= 1
    return begin
