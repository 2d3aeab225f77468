"""Checksums of an index's binary files: chroma reads damaged ones without complaint, answers wrongly, or never ends."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Checksums = dict[str, list[int]]
"""Path within the folder to size, time of last change (ns), CRC-32."""

_BLOCK = 1 << 20


def checksums(folder: Path, known: Mapping[str, Any]) -> Checksums:
    """Return the checksums of the files in subfolders; those unchanged in size and time since `known` are not read.

    The SQLite file above them changes with every write, and checks itself.
    """
    sums: Checksums = {}
    for path in sorted(folder.glob("*/*")):
        name, state = str(path.relative_to(folder)), path.stat()
        before = known.get(name)
        if isinstance(before, list) and before[:2] == [state.st_size, state.st_mtime_ns]:
            sums[name] = before
        else:
            sums[name] = [state.st_size, state.st_mtime_ns, _crc(path)]
    return sums


def same_content(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Say whether two lists of checksums have the same files with the same content, whenever these were written."""
    return {name: (entry[0], entry[2]) for name, entry in first.items()} == {
        name: (entry[0], entry[2]) for name, entry in second.items()
    }


def _crc(path: Path) -> int:
    value = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            value = zlib.crc32(block, value)
    return value
