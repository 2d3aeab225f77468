"""The child process of one job: a JSON line in on stdin, event lines out on stdout, the last one its result or error.

Run as `python -m ui.running.worker`. While it has no request it loads one job after the other; then it loads what the
request needs, says `{"ready": true}`, and begins. When stdin ends before its job does, who started it is gone, and it
ends with all its children.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import threading
from collections.abc import Mapping
from typing import Any, TextIO

from tools.errors import InputError
from ui.running.child import answers_only, die_before_the_parent, fault_of, limit_memory
from ui.running.family import end_own_family, remove_own_scratch
from ui.running.jobs.registry import NAMES, job_of, load
from ui.safe_text import safe_sentence

_MESSAGE = 1000
_MARGIN = 1.0
_TOO_LARGE = "the job needs more memory than one process may use"


def main() -> None:
    """Do the one job that stdin asks for, or none where it ends first."""
    answers = answers_only()
    die_before_the_parent()
    _load_until_asked()
    line = sys.stdin.buffer.readline()
    if not line.endswith(b"\n"):
        remove_own_scratch()
        return
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    _say(answers, _answer(line, answers))


def _load_until_asked() -> None:
    for name in NAMES:
        if select.select([0], [], [], 0)[0]:
            return
        load(name)


def _answer(line: bytes, answers: TextIO) -> str:
    """Return the last line: the job's result, or what went wrong."""

    def emit(event: Mapping[str, Any]) -> None:
        message = safe_sentence(str(event.get("message", "")), _MESSAGE)
        _say(answers, _line({**event, "message": message}))

    try:
        asked = _parsed(line)
        request = asked["request"]
        job = job_of(request)
        _say(answers, _line({"ready": True}))
        limit_memory(int(asked["memory_bytes"]))
        # The parent ends what takes too long; this ends it where the parent is gone and no thread here gets its turn.
        signal.setitimer(signal.ITIMER_REAL, asked["seconds"] + _MARGIN)
        return _line({"kind": "result", "data": job(request, emit)})
    except Exception as error:
        kind, message = fault_of(error, _TOO_LARGE)
        return _line({"kind": "error", "error": {"kind": kind, "message": safe_sentence(message, _MESSAGE)}})


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        asked: dict[str, Any] = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"the request is not JSON: {str(error)[:100]}") from error
    if not isinstance(asked, dict) or not isinstance(asked.get("request"), dict):
        raise InputError("the request is no JSON object")
    return asked


def _line(data: Mapping[str, Any]) -> str:
    return json.dumps(data, allow_nan=False)


def _say(answers: TextIO, line: str) -> None:
    print(line, file=answers, flush=True)


def _end_with_the_parent() -> None:
    while os.read(0, 1):  # not through sys.stdin, whose lock would be held when the interpreter ends
        pass
    end_own_family()


if __name__ == "__main__":
    main()
