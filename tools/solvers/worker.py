"""The child process in which solvers run: it answers pickled calls on a pipe and never prints to its caller's output.

Started by `tools.solvers.process`. A message is eight bytes of length (big endian) and a pickle. A request is
(function, arguments, seconds, memory bytes); an answer is ("value", value) or ("raised", exception name, text).
"""

from __future__ import annotations

import importlib
import os
import pickle
import resource
import signal
import struct
import threading
import time
from typing import Any, BinaryIO

LENGTH = struct.Struct(">Q")

_PARENT_CHECK_SECONDS = 1.0


def serve(library: str) -> None:
    """Answer requests until the caller closes the pipe; `library` is imported before the first answer."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    # Solvers print banners with C code: descriptors 0 and 1 themselves must lead nowhere.
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    _send(answers, _answer(importlib.import_module, (library,), lambda module: module.__name__))
    while True:
        header = requests.read(LENGTH.size)
        if len(header) < LENGTH.size:
            return
        _empty_error_log()
        function, arguments, seconds, memory_bytes = pickle.loads(requests.read(LENGTH.unpack(header)[0]))
        # The caller kills first; the alarm ends a hung solve whose caller is gone.
        signal.setitimer(signal.ITIMER_REAL, seconds)
        _limit_memory(memory_bytes)
        _send(answers, _answer(function, arguments, lambda value: value))
        signal.setitimer(signal.ITIMER_REAL, 0)


def _answer(function: Any, arguments: tuple[Any, ...], shown: Any) -> bytes:
    try:
        return pickle.dumps(("value", shown(function(*arguments))), protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        return pickle.dumps(("raised", type(error).__name__, str(error)[:2000]))


def _send(answers: BinaryIO, payload: bytes) -> None:
    answers.write(LENGTH.pack(len(payload)) + payload)
    answers.flush()


def _limit_memory(memory_bytes: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    allowed = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
    resource.setrlimit(resource.RLIMIT_AS, (allowed, hard))


def _empty_error_log() -> None:
    # Descriptor 2 is a file that the caller reads only after a crash; it must not grow for ever.
    os.lseek(2, 0, os.SEEK_SET)
    os.ftruncate(2, 0)


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_PARENT_CHECK_SECONDS)
    os._exit(1)
