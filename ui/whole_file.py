"""Output files that are written completely or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.errors import InputError


@contextmanager
def replacing(path: Path, *, keep: tuple[Path, ...] = (), option: str = "--out") -> Iterator[Path]:
    """Yield a writable temporary path with the same suffixes; leaving cleanly moves it to `path`, an error removes it.

    The temporary file exists from the start, so an unwritable folder is found before any work is done. Anything that
    is not a regular file (a pipe, /dev/null) is yielded itself. Raises `InputError` when `path` cannot be written or
    is one of `keep`, the files that must survive; it calls the path what the user does, `option`.
    """
    try:
        target = path.resolve()
        if any(target == other.resolve() for other in keep):
            raise InputError(f"{option} {path} would overwrite an input file; choose another name")
        if target.is_dir():
            raise InputError(f"{option} {path} is a folder; give the name of a file in it")
        special = path.exists() and not path.is_file()
        temporary = target.with_name(f".{os.getpid()}-{target.name}")
        if not special:
            os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except (OSError, ValueError) as error:
        raise InputError(_unwritable(path, error, option)) from error
    if special:
        yield path
        return
    try:
        yield temporary
        try:
            os.replace(temporary, target)
        except OSError as error:
            raise InputError(_unwritable(path, error, option)) from error
    finally:
        temporary.unlink(missing_ok=True)


def _unwritable(path: Path, error: Exception, option: str) -> str:
    reason = error.strerror if isinstance(error, OSError) else error
    return f"cannot write {path}: {reason}; choose another {option}"
