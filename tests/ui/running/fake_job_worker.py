"""A worker whose jobs misbehave in every way; started by tests as a script."""

import ctypes
import os
import subprocess
import sys
import time
import types
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

# The real jobs take seconds to load.
registry = types.ModuleType("ui.running.jobs.registry")
registry.NAMES = ()  # type: ignore[attr-defined]
registry.load = registry.job_of = lambda request: globals()[request["job"]]  # type: ignore[attr-defined]
sys.modules["ui.running.jobs.registry"] = registry

from tools.errors import InputError  # noqa: E402
from ui.running.worker import main  # noqa: E402

Request = dict[str, Any]


def echo(request: Request, emit: Any) -> Any:
    print("noise from a solver", flush=True)
    os.system("echo more noise")
    emit({"kind": "step", "node": "echo", "message": request["text"]})
    return {"said": request["text"], "pid": os.getpid()}


def sleep(request: Request, emit: Any) -> Any:
    emit({"kind": "step", "node": "sleep", "message": str(os.getpid())})
    time.sleep(1000)


def children(request: Request, emit: Any) -> Any:
    nap = [sys.executable, "-c", "import time; time.sleep(1000)"]
    found = [subprocess.Popen(nap, start_new_session=own) for own in (False, True)]
    for child in found:
        emit({"kind": "step", "node": "children", "message": str(child.pid)})
    if request.get("crash"):
        os.abort()
    time.sleep(1000)


def crash(request: Request, emit: Any) -> Any:
    ctypes.string_at(0)


def leave(request: Request, emit: Any) -> Any:
    print("last words", file=sys.stderr, flush=True)
    os._exit(7)


def killed(request: Request, emit: Any) -> Any:
    os.kill(os.getpid(), 9)


def close(request: Request, emit: Any) -> Any:
    os.closerange(3, 100)
    time.sleep(1000)


def memory(request: Request, emit: Any) -> Any:
    return {"size": len(bytearray(1 << 30))}


def events(request: Request, emit: Any) -> Any:
    for number in range(request["count"]):
        emit({"kind": "step", "node": "count", "message": str(number)})
    return {}


def flood(request: Request, emit: Any) -> Any:
    os.set_inheritable(request["stream"], True)
    while True:
        os.write(request["stream"], b"x" * 65536)


def nan(request: Request, emit: Any) -> Any:
    return {"value": float("nan")}


def bug(request: Request, emit: Any) -> Any:
    raise ZeroDivisionError("\x1b[2Joops " + "x" * 100_000)


def bad(request: Request, emit: Any) -> Any:
    raise InputError("row q\nis quadratic")


if __name__ == "__main__":
    main()
