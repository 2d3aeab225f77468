"""Writes a formulation to a file, in the format that the file's name asks for."""

from __future__ import annotations

import gzip
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from tools.errors import InputError
from tools.formulation.json_format import json_lines
from tools.formulation.lp_writer import lp_lines
from tools.formulation.model import Formulation
from tools.formulation.mps_writer import mps_lines

_WRITERS: dict[str, Callable[[Formulation], Iterable[str]]] = {
    ".lp": lp_lines,
    ".mps": mps_lines,
    ".json": json_lines,
}


def write(formulation: Formulation, path: str | os.PathLike[str]) -> None:
    """Write the file at `path` whole or not at all; `.lp`, `.mps` or `.json`, compressed where `.gz` follows.

    Reading it gives the same model back. Raises `InputError` where the format cannot hold the model (JSON always can)
    or the file cannot be written.
    """
    target = Path(path)
    lines, compressed = writer_of(target)
    text = "".join(lines(formulation))
    try:
        content = text.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"{str(target)!r}: a name holds half a character (a lone surrogate); rename it") from error
    try:
        # mtime 0: the same model gives the same bytes
        _replace(target, gzip.compress(content, compresslevel=6, mtime=0) if compressed else content)
    except OSError as error:
        raise InputError(f"cannot write {str(target)!r}: {error.strerror or error}") from error


def writer_of(target: Path) -> tuple[Callable[[Formulation], Iterable[str]], bool]:
    """Return what writes a file of that name, and whether it is compressed; raises `InputError` on other names."""
    compressed = target.suffix.lower() == ".gz"
    extension = (target.with_suffix("") if compressed else target).suffix.lower()
    lines = _WRITERS.get(extension)
    if lines is None:
        raise InputError(f"{str(target)!r}: write to a name that ends in .lp, .mps or .json (and .gz)")
    return lines, compressed


def _replace(target: Path, content: bytes) -> None:
    """Put `content` at `target` by renaming a finished file, so that no reader sees half of it."""
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(temporary, 0o666 & ~umask)
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
