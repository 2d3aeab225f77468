"""Locks this process in before a stranger's code runs in it; there is no way back."""

from __future__ import annotations

import errno
import math
import os
import resource
import signal
import socket

from tools.sandbox.kernel import die_with_parent, drop_capabilities, forbid_new_privileges, leave_shared_namespaces
from tools.sandbox.landlock import restrict_files
from tools.sandbox.limits import SandboxLimits
from tools.sandbox.seccomp import install_filter


class ConfinementError(Exception):
    """A wall could not be put up, or did not hold when it was tried; the message says which."""


def confine(scratch: str, limits: SandboxLimits, parent: int) -> None:
    """This process has no network, writes beneath `scratch` only, and stays within `limits`.

    Raises `ConfinementError`, and then nothing of a stranger may be run.
    """
    try:
        die_with_parent(signal.SIGKILL)
        if os.getppid() != parent:
            raise ConfinementError("the process that asked is gone")
        _limit(limits)
        forbid_new_privileges()
        leave_shared_namespaces()
        restrict_files(scratch)
        drop_capabilities()
        install_filter()
    except (OSError, ValueError) as error:
        raise ConfinementError(f"{error}") from error
    _try_the_walls(scratch)


def _limit(limits: SandboxLimits) -> None:
    # One second more, so that the clock of the parent decides in the ordinary case.
    processor = math.ceil(limits.seconds) + 1
    for kind, value in (
        (resource.RLIMIT_CPU, processor),
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (allowed, allowed))


def _try_the_walls(scratch: str) -> None:
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
        try:
            socket.socket(family, socket.SOCK_STREAM).close()
        except PermissionError:
            continue
        except OSError as error:
            if error.errno in (errno.EAFNOSUPPORT, errno.EACCES):
                continue
            raise ConfinementError(f"a socket failed in an unexpected way: {error}") from error
        raise ConfinementError("a socket could be opened in spite of the filter")
    try:
        os.close(os.open(os.path.dirname(scratch), os.O_TMPFILE | os.O_WRONLY))
    except OSError:
        return
    raise ConfinementError("a file could be written outside the scratch folder")
