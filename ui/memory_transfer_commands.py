"""`quasikarp memory export` and `import`: records as text, one JSON object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from memory.memory import Memory
from memory.record import LARGEST_DOCUMENT, Record
from tools.errors import InputError
from ui.check_command import require_files
from ui.memory_access import input_errors, opened
from ui.memory_refused import Refused, print_refused
from ui.warning_lines import WarningLines

SCHEMA = "quasikarp/memory-import/1"

_TOGETHER = 500
_LONGEST_LINE = 4 * LARGEST_DOCUMENT
"""Bytes: a character has at most four."""


def export_records(file: Path | None, wanted: str | None) -> int:
    """Write every record to the file, or to stdout for None, in the order in which they came; return 0.

    The file is written whole or not at all.
    """
    with opened(wanted) as memory, ExitStack() as stack:
        if file is None:
            _write_records(memory, sys.stdout.buffer)
            return 0
        from ui.whole_file import replacing

        target = stack.enter_context(replacing(file, option="FILE"))
        with target.open("wb") as stream:
            count = _write_records(memory, stream)
    print(f"{file}: {_records(count)}")
    return 0


def _write_records(memory: Memory, stream: BinaryIO) -> int:
    count = 0
    with input_errors():
        for record in memory.store:
            stream.write(record.to_text().encode() + b"\n")
            count += 1
        stream.flush()
        unreadable = memory.store.counts()["unreadable"]
    if unreadable:
        some = "1 unreadable record is" if unreadable == 1 else f"{unreadable} unreadable records are"
        WarningLines().show(f"{some} left out")
    return count


def import_records(file: Path | None, wanted: str | None, *, as_json: bool) -> int:
    """Every record of the file is in the memory; say how many are new and which lines cannot be read; return 0.

    Raises `InputError` where the file cannot be read or holds lines but no record.
    """
    refused: list[Refused] = []
    count = new = 0
    with ExitStack() as stack:
        stream = stack.enter_context(_opened_file(file))
        memory = stack.enter_context(opened(wanted))
        together: list[tuple[int, Record]] = []
        for number, line in _lines(stream):
            try:
                together.append((number, _record(line)))
            except InputError as error:
                refused.append(Refused(f"line {number}", str(error)))
            if len(together) == _TOGETHER:
                new += _kept(memory, together, refused)
                count, together = count + len(together), []
        new += _kept(memory, together, refused)
        count += len(together)
        if new:
            memory.settle()
    name = "standard input" if file is None else str(file)
    if refused and not count:
        raise InputError(f"{name} holds no record of memory; {refused[0].id}: {refused[0].reason}")
    if as_json:
        data = {"schema": SCHEMA, "new": new, "refused": [vars(entry) for entry in refused]}
        sys.stdout.write(json.dumps(data, indent=2) + "\n")
    else:
        print(f"{name}: {_records(count)}, {new} of them new")
        print_refused("Lines that cannot be read", refused)
    return 0


@contextmanager
def _opened_file(file: Path | None) -> Iterator[BinaryIO]:
    if file is None:
        yield sys.stdin.buffer
        return
    require_files(file)
    try:
        stream = file.open("rb")
    except OSError as error:
        raise InputError(f"cannot read {file}: {error.strerror}") from error
    with stream:
        yield stream


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield each line that is not blank with its number; of one that is too long, the beginning."""
    number = 0
    while line := stream.readline(_LONGEST_LINE + 1):
        number += 1
        rest = line
        while len(rest) > _LONGEST_LINE and not rest.endswith(b"\n"):
            rest = stream.readline(_LONGEST_LINE + 1)
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip():
            yield number, line


def _record(line: bytes) -> Record:
    if len(line) > _LONGEST_LINE:
        raise InputError(f"a line of more than {_LONGEST_LINE} bytes is no record")
    try:
        return Record.from_text(line.decode("utf-8").rstrip("\r\n"))
    except UnicodeDecodeError as error:
        raise InputError("the line is not UTF-8 text") from error


def _kept(memory: Memory, numbered: list[tuple[int, Record]], refused: list[Refused]) -> int:
    """Return how many of the records are new; one that the store refuses costs only itself."""
    try:
        return memory.learn(record for _, record in numbered)
    except InputError:
        pass
    new = 0
    for number, record in list(numbered):
        try:
            new += memory.learn([record])
        except InputError as error:
            refused.append(Refused(f"line {number}", str(error)))
            numbered.remove((number, record))
    return new


def _records(count: int) -> str:
    return "1 record" if count == 1 else f"{count} records"
