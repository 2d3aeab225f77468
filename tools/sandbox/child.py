"""What runs in the child process: locks itself in, runs the code, and writes one JSON answer to the file it was given.

The answer has one key: "done", "model", "not linear", "failed" (the code raised), or "refused" (nothing was run).
"""

from __future__ import annotations

import builtins
import contextlib
import json
import os
import re
import sys
from collections.abc import Callable
from typing import Any

from tools.sandbox.capture import Capture, NotLinearError, SolveReachedError
from tools.sandbox.confine import ConfinementError, confine
from tools.sandbox.limits import SandboxLimits

CODE_NAME = "code.py"
_LONGEST_ERROR = 300


def main(answer_descriptor: int) -> None:
    """The answer to the job on the standard input is in the file."""
    job = json.loads(sys.stdin.buffer.read())
    answer = _answer(job, os.getcwd())
    with os.fdopen(answer_descriptor, "w", encoding="ascii") as stream:
        json.dump(answer, stream)
    # Destructors and exit handlers of the code have nothing to add.
    os._exit(0)


def _answer(job: dict[str, Any], scratch: str) -> dict[str, Any]:
    try:
        confine(scratch, SandboxLimits(**job["limits"]), job["parent"])
    except ConfinementError as error:
        return {"refused": str(error)}
    try:
        return _built(job) if job["gurobipy"] else _done(job)
    except BaseException as error:  # whatever the code raises, SystemExit included
        return {"failed": _said(error)}


def _done(job: dict[str, Any]) -> dict[str, Any]:
    _run(job)
    return {"done": True}


def _built(job: dict[str, Any]) -> dict[str, Any]:
    import gurobipy

    capture = Capture(gurobipy)
    try:
        with contextlib.suppress(SolveReachedError):
            _run(job)
        model = capture.model()
    except NotLinearError as error:
        return {"not linear": str(error)}
    if model is None:
        return {"failed": "it made no gurobipy model"}
    return {"model": model}


def _run(job: dict[str, Any]) -> None:
    builtins.open = _finding_supplied_files(builtins.open, frozenset(job["files"]))
    sys.argv = [CODE_NAME, *job["arguments"]]
    try:
        exec(compile(job["code"], CODE_NAME, "exec"), {"__name__": "__main__", "__builtins__": builtins})
    except SystemExit as error:
        if error.code not in (None, 0):
            raise


def _finding_supplied_files(opened: Callable[..., Any], supplied: frozenset[str]) -> Callable[..., Any]:
    """Return `open` that finds a supplied file also under the path that it had on its author's machine."""
    folder = os.getcwd()

    def open_supplied(file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        try:
            return opened(file, mode, *arguments, **named)
        except OSError:
            name = re.split(r"[\\/]", os.fsdecode(file))[-1] if isinstance(file, str | os.PathLike) else ""
            if name not in supplied or set(mode) & set("wax+"):
                raise
            return opened(os.path.join(folder, name), mode, *arguments, **named)

    return open_supplied


def _said(error: BaseException) -> str:
    try:
        text = " ".join(str(error).split())
    except BaseException:
        text = "an error without text"
    return f"{type(error).__name__}: {text}"[:_LONGEST_ERROR]
