"""One command in a process of its own: its exit status, output, seconds and largest memory."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_WATCH = """
import json, os, resource, signal, sys, time
seconds, megabytes, out, *command = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_AS, (int(megabytes) << 20,) * 2)
started = time.monotonic()
child = os.fork()
if child == 0:
    handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    os.execv(command[0], command)
signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
signal.setitimer(signal.ITIMER_REAL, float(seconds))
_, status, usage = os.wait4(child, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), time.monotonic() - started, usage.ru_maxrss / 1024]))
"""
"""Run between us and the command: a child's largest memory is never below that of the process that started it."""


@dataclass(frozen=True)
class Measured:
    """How a command ended: `status` is its exit status, negative where a signal ended it, -9 when it took too long."""

    status: int
    output: str
    seconds: float
    peak_mb: float


def measured(command: Sequence[str], seconds: float, megabytes: int) -> Measured:
    """Return how the command, whose first part is a path, ended within these limits; standard error is output too."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        watcher = [sys.executable, "-I", "-S", "-c", _WATCH, str(seconds), str(megabytes), str(out), *command]
        told = subprocess.run(watcher, stdout=subprocess.PIPE, check=True, text=True).stdout
        status, wall, peak = json.loads(told)
        return Measured(status, out.read_text(errors="replace"), round(wall, 3), round(peak, 1))
