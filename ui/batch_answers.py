"""The answers of a batch: a file that only ever grows by whole lines, and from which a stopped batch resumes."""

from __future__ import annotations

import fcntl
import json
import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from tools.errors import InputError
from tools.report import SCHEMA
from ui.batch_manifest import Identifier

_LINE_START = json.dumps({"schema": SCHEMA, "id": ""})[:-3].encode()
MANIFEST_ERROR = "manifest"


class Answers:
    """The open answers file; use it as a context manager.

    Opening keeps every whole line and drops a half-written last one. `tally` counts the answers by verdict (or
    "error"), `unshown` those whose verdict no certificate shows. Raises `InputError` when the file cannot be written,
    is in use by another batch, or holds anything that no batch has written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tally: Counter[str] = Counter()
        self.unshown = 0
        self._answered: set[tuple[Identifier | None, str | None]] = set()
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise InputError(f"cannot write {path}: {reason}; choose another --out") from error
        try:
            self._resume()
        except BaseException:
            os.close(self._file)
            raise
        self.earlier = self.tally.total()

    def __enter__(self) -> Answers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._file)

    def has(self, identifier: Identifier | None, manifest_error: str | None = None) -> bool:
        """Say whether this pair, or this error about a line of the manifest, has its answer already."""
        return (identifier, manifest_error) in self._answered

    def add(self, identifier: Identifier | None, content: Mapping[str, Any]) -> None:
        """Append one answer (a report, or {"error": {"kind", "message"}}) as a line that is safely on disk."""
        answer = {"schema": SCHEMA, "id": identifier, **{k: v for k, v in content.items() if k != "schema"}}
        line = json.dumps(answer, allow_nan=False).encode() + b"\n"
        length = os.fstat(self._file).st_size
        try:
            while line:
                line = line[os.write(self._file, line) :]
            os.fsync(self._file)
        except OSError as error:
            os.ftruncate(self._file, length)
            raise InputError(
                f"cannot write {self.path}: {error.strerror}; make room and run the same command again"
            ) from error
        self._note(answer)

    def _resume(self) -> None:
        if not self.path.is_file():
            raise InputError(f"--out {self.path} is not a regular file; choose another")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InputError(f"another batch is writing to {self.path}; wait for it or choose another --out") from error
        whole = 0
        with os.fdopen(os.dup(self._file), "rb") as content:
            for number, line in enumerate(content, start=1):
                if not line.endswith(b"\n"):
                    if line[: len(_LINE_START)] != _LINE_START[: len(line)]:
                        raise self._foreign(number)
                    break
                try:
                    answer = json.loads(line)
                    self._note(answer)
                except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                    raise self._foreign(number) from error
                whole += len(line)
        os.ftruncate(self._file, whole)

    def _note(self, answer: Mapping[str, Any]) -> None:
        if answer["schema"] != SCHEMA:
            raise ValueError("not a line of a batch")
        error = answer.get("error")
        self.tally["error" if error is not None else answer["verdict"]] += 1
        if error is None and answer["verdict"] != "unknown":
            self.unshown += not (answer.get("certificate") or {}).get("verdict")
        manifest_error = None if error is None or error["kind"] != MANIFEST_ERROR else error["message"]
        self._answered.add((answer["id"], manifest_error))

    def _foreign(self, number: int) -> InputError:
        return InputError(f"{self.path}, line {number} was not written by a batch; choose another --out")
