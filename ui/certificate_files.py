"""The certificates of a batch: one file a pair in a folder, under a name that is made of the pair's id."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from pathlib import Path

from tools.errors import InputError
from ui.batch_manifest import Identifier
from ui.whole_file import replacing

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_OPTION = "--certificates"


def certificate_name(identifier: Identifier) -> str:
    """Return the file name for a pair: plain ids as they are, others simplified and told apart by their hash.

    No two ids share a name, and no name leads out of the folder.
    """
    written = json.dumps(identifier)
    if isinstance(identifier, int):
        plain = len(written) <= 100 and identifier >= 0
    else:
        plain = _PLAIN.fullmatch(identifier) is not None and not identifier.isdigit()
    if plain:
        return f"{identifier}.json"
    simple = re.sub(r"[^A-Za-z0-9_-]+", "-", written.strip('"')[:60]).strip("-") or "id"
    return f"{simple}.{hashlib.sha256(written.encode()).hexdigest()[:16]}.json"


def ready_folder(folder: Path) -> Path:
    """Return the folder, which exists and can be written to; raises `InputError` where that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"cannot write to the folder {folder}: {reason}; choose another {_OPTION}") from error
    return folder.resolve()


def write_certificate(path: Path, text: str) -> None:
    """The certificate is in the file, whole; raises `InputError` where that cannot be done."""
    with replacing(path, option=_OPTION) as target:
        target.write_text(text, encoding="utf-8")
