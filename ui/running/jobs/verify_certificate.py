"""A certificate is checked by the independent checker, against two models or as it states them itself."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import quasikarp_verify
from tools.errors import InputError
from tools.formulation.json_format import format_json
from ui.running.source import Source
from ui.safe_text import safe

_LINE = 2_000
_LINES = 40
_UNUSABLE = 2
_SPEAKER = "quasikarp-verify: "


def verify_certificate(request: Mapping[str, Any], emit: Callable[[Mapping[str, Any]], None]) -> dict[str, Any]:
    """Return {"valid", "lines", "notes"} of "certificate", checked against "reference" and "candidate" if given.

    "lines" are what the program quasikarp-verify prints, "notes" what its word does not cover.
    """
    given = [request.get(role) for role in ("reference", "candidate")]
    if (given[0] is None) != (given[1] is None):
        raise InputError("give both models, reference and candidate, or neither")
    notes: list[str] = []
    with TemporaryDirectory() as name:
        folder = Path(name)
        certificate = Source.of(request.get("certificate"), "certificate")
        files = [_file(certificate, folder, "certificate")]
        if given[0] is not None:
            for role, data in zip(("reference", "candidate"), given, strict=True):
                source = Source.of(data, role)
                files.append(_model_file(source, folder, role, notes))
        status, lines = _checked([str(file) for file in files], f"{folder}/")
    if status == _UNUSABLE:
        raise InputError(f"the checker cannot use what it was given: {' '.join(lines).removeprefix(_SPEAKER)}")
    return {"valid": status == 0, "lines": lines, "notes": notes}


def _model_file(source: Source, folder: Path, role: str, notes: list[str]) -> Path:
    if source.format == "words" or source.algebra() is not None:
        notes.append(f"the {role} is algebra, which the checker cannot read: quasikarp has written it out")
        path = folder / f"{role}.json"
        path.write_text(format_json(source.model()), encoding="utf-8")
        return path
    return _file(source, folder, role)


def _file(source: Source, folder: Path, role: str) -> Path:
    if source.path is not None:
        return source.path
    path = folder / f"{role}.{source.format if source.format in ('lp', 'mps') else 'json'}"
    try:
        path.write_text(source.text, encoding="utf-8")
    except UnicodeEncodeError as error:
        raise InputError(f"the {role} holds half a character (a lone surrogate); save it as UTF-8") from error
    return path


def _checked(arguments: list[str], folder: str) -> tuple[int, list[str]]:
    """Return the checker's exit status and what it prints, the temporary folder left out of it."""
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        status = quasikarp_verify.main(arguments)
    return status, list(_shown(printed.getvalue().replace(folder, "")))


def _shown(text: str) -> Iterator[str]:
    for line in text.splitlines()[:_LINES]:
        yield safe(line, _LINE)
