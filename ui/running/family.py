"""A worker's whole family ends with it: grandchildren in sessions of their own too, and those that lost their parent.

Solvers live in sessions of their own, which a signal to the worker's process group does not reach. All of a family
carry one mark in their environment, because children inherit it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
from pathlib import Path

MARK = "QUASIKARP_WORKER"
"""The environment variable that holds the mark of a family."""

SCRATCH = "quasikarp-run-"
"""How the name of a worker's folder for temporary files begins."""

_SWEEPS = 5


def end_family(mark: str, *, spare: int | None = None) -> None:
    """No process with this mark runs any more, but for the one with the id `spare`."""
    import psutil

    for _ in range(_SWEEPS):
        found = False
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                if process.pid not in (spare, os.getpid()) and process.environ().get(MARK) == mark:
                    process.kill()
                    found = True
        if not found:
            return


def remove_own_scratch() -> None:
    """The folder for temporary files that this worker was given is gone; where it was given none, nothing happens."""
    folder = Path(os.environ.get("TMPDIR", ""))
    if MARK in os.environ and folder.name.startswith(SCRATCH):
        shutil.rmtree(folder, ignore_errors=True)


def end_own_family() -> None:
    """This process and its family are gone, and so is their folder for temporary files."""
    with contextlib.suppress(Exception):  # it ends, whatever happens
        end_family(os.environ[MARK], spare=os.getpid())
        remove_own_scratch()
    os.kill(os.getpid(), signal.SIGKILL)
