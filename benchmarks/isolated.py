"""One piece of work in a child process of its own, so that a crash or a hang costs that piece only."""

from __future__ import annotations

import multiprocessing
import os
import resource
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

import psutil

Tell = Callable[[float, dict[str, Any]], None]
"""Tell the parent what is known so far, and how many more seconds the work may take from now."""


def isolated(work: Callable[[Tell], None], seconds: float) -> dict[str, Any]:
    """Return all that `work` told in a forked child, and "error" where it raised, crashed or ran out of time.

    "peak_mb" is the child's largest resident memory, its own children not counted.
    """
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(work, there), daemon=False)
    child.start()
    there.close()
    known: dict[str, Any] = {}
    deadline = time.monotonic() + seconds
    try:
        while True:
            if not here.poll(max(0.0, deadline - time.monotonic())):
                known["error"] = "killed: it overran its time"
                return known
            more, told = here.recv()
            known |= told
            if more is None:
                return known
            deadline = time.monotonic() + more
    except EOFError:
        child.join(5.0)
        known["error"] = f"the process ended with code {child.exitcode}"
        return known
    finally:
        here.close()
        _end(child)


def _child(work: Callable[[Tell], None], pipe: Connection) -> None:
    def tell(seconds: float, told: dict[str, Any]) -> None:
        pipe.send((seconds, told))

    last: dict[str, Any] = {}
    try:
        work(tell)
    except Exception:  # the parent records whatever happened and goes on
        last["error"] = traceback.format_exc(limit=-6)
    last["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    pipe.send((None, last))
    pipe.close()


def _end(child: multiprocessing.process.BaseProcess) -> None:
    """End the child and the solver processes that it started, which have process groups of their own."""
    child.join(2.0)
    try:
        started = psutil.Process(child.pid).children(recursive=True) if child.is_alive() else []
    except psutil.NoSuchProcess:
        started = []
    if child.is_alive():
        child.kill()
        child.join()
    for process in started:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    child.close()


def quiet_output() -> None:
    """Send everything that this process prints from here on to nowhere; solvers print what nobody asked for."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)
