"""Reads a solution from a file, whatever solver wrote it. A new format is one file here and one entry in `FORMATS`."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

from tools.bounded_file import bounded_content
from tools.errors import InputError, ParseError
from tools.solutions import cbc_sol, cplex_xml, glpk_sol, highs_sol, json_values, name_value, scip_sol
from tools.solutions.solution import Solution, SolutionFormat

LARGEST_FILE = 256_000_000
"""Bytes of a solution, after decompression, that are read at all."""

FORMATS: tuple[SolutionFormat, ...] = (
    json_values.FORMAT,
    cplex_xml.FORMAT,
    highs_sol.FORMAT,
    scip_sol.FORMAT,
    cbc_sol.FORMAT,
    glpk_sol.FORMAT,
    name_value.FORMAT,
)
"""In the order in which they are tried; the last one takes what no other recognised."""

_GZIP_MAGIC = b"\x1f\x8b"


def read_solution(path: str | Path) -> Solution:
    """Return the solution in a file, plain or compressed by gzip; the content tells the format.

    Raises `InputError` with one line that names the file and, where known, the line at fault.
    """
    shown = str(path)
    content = bounded_content(Path(path), LARGEST_FILE, repr(shown))
    if content[:2] == _GZIP_MAGIC:
        try:
            with gzip.open(io.BytesIO(content)) as unpacked:
                content = unpacked.read(LARGEST_FILE + 1)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise ParseError(f"the compressed file is damaged ({error})", source=shown) from error
        if len(content) > LARGEST_FILE:
            raise InputError(f"{shown!r} has more than {LARGEST_FILE} bytes once decompressed")
    if b"\0" in content:
        raise ParseError("this is a binary file, not a solution", source=shown)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return parse_solution(text.replace("\r\n", "\n").replace("\r", "\n"), shown)


def parse_solution(text: str, source: str = "<text>") -> Solution:
    """Return the solution in a text of any known format; raises `ParseError`."""
    if not text.strip():
        raise ParseError("an empty file; expected a solution", source=source)
    return next(known for known in FORMATS if known.recognises(text)).parse(text, source)
