"""Rules in the kernel about files: this process writes in one folder only and reads little more than Python itself."""

from __future__ import annotations

import contextlib
import errno
import os
import struct
import sys
from collections.abc import Iterator, Sequence
from ctypes import addressof, create_string_buffer

from tools.sandbox.kernel import system_call

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_VERSION, _BENEATH = 1, 1

_WRITE_FILE, _READ_FILE, _READ_FOLDER = 1 << 1, 1 << 2, 1 << 3
_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
"""All rights about files that each version of Landlock knows."""

_READING = _READ_FILE | _READ_FOLDER
_TCP = 0b11
_SCOPES = 0b11

_SYSTEM = (
    "/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/dev/null", "/dev/urandom",
    "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu",
)  # fmt: skip


def restrict_files(scratch: str) -> None:
    """This process writes beneath `scratch` only, and reads there, from Python's folders and the system's libraries.

    Raises `OSError` where the kernel has no Landlock.
    """
    try:
        version = system_call(_CREATE, 0, 0, _VERSION)
    except OSError as error:
        raise OSError(
            error.errno or errno.ENOSYS, "the kernel offers no Landlock (Linux 5.13 or newer has it)"
        ) from error
    rights = next(_RIGHTS[known] for known in sorted(_RIGHTS, reverse=True) if known <= version)
    described = struct.pack("QQQ", rights, _TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    attributes = create_string_buffer(described, len(described))
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = system_call(_CREATE, addressof(attributes), size, 0)
    try:
        _allow(ruleset, scratch, rights)
        _allow(ruleset, "/dev/null", _WRITE_FILE)
        for path in _readable():
            # What is absent here needs no rule.
            with contextlib.suppress(OSError):
                _allow(ruleset, path, _READING)
        system_call(_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _readable() -> Iterator[str]:
    yield from _SYSTEM
    yield from _without_roots((sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix, *sys.path))


def _without_roots(paths: Sequence[str]) -> list[str]:
    """Return the real paths, those left out that hold the whole machine or somebody's home."""
    homes = {os.path.realpath(os.path.expanduser("~")), "/", "/home", "/root"}
    return sorted({os.path.realpath(path) for path in paths if path} - homes)


def _allow(ruleset: int, path: str, rights: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not os.path.isdir(path):
            rights &= ~_READ_FOLDER
        described = struct.pack("=Qi", rights, descriptor)
        rule = create_string_buffer(described, len(described))
        system_call(_ADD_RULE, ruleset, _BENEATH, addressof(rule), 0)
    finally:
        os.close(descriptor)
