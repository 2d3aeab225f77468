"""A filter in the kernel that closes off the network and other processes for the rest of this process's life.

Sockets of every family are denied, so that not even a daemon of this machine can be asked to reach another one; so are
new processes and threads, signals, tracing, mounts, io_uring (which could open sockets past the filter), changes of
limits, and changes of owner, mode, times or attributes of files, which Landlock does not cover.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct

from tools.sandbox.kernel import prctl
from tools.sandbox.system_calls import PROCESSORS

_PR_SET_SECCOMP, _FILTER = 22, 2
_KILL, _DENY, _ALLOW = 0x80000000, 0x00050000 | errno.EPERM, 0x7FFF0000
_ABSENT = 0x00050000 | errno.ENOSYS

_LOAD, _EQUAL, _AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
"""Offsets in the kernel's `struct seccomp_data`; an argument has eight bytes, the low half first."""

_O_ACCMODE_AND_TRUNC = 0o3 | 0o1000
_TRUNC_ONLY = 0o1000

_HARMLESS_IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""Is this a terminal, how large, bytes waiting, blocking or not, inherited or not."""

_FCNTL_SIGNALS = (8, 10, 15)
"""F_SETOWN, F_SETSIG, F_SETOWN_EX: they make the kernel send signals to others."""

_CONDITIONAL = ("ioctl", "fcntl", "prlimit64", "open", "openat", "clone3", "openat2")

Instruction = tuple[int, int, int, int]


class UnknownProcessorError(OSError):
    """The numbers of this processor's system calls are not known here."""


def filter_program(machine: str) -> list[Instruction]:
    """Return the filter as (code, jump if true, jump if false, value); raises `UnknownProcessorError`."""
    processor = PROCESSORS.get(machine)
    if processor is None:
        raise UnknownProcessorError(
            errno.ENOSYS, f"no filter for the processor {machine!r}, only for {', '.join(PROCESSORS)}"
        )
    numbers = processor.numbers
    program: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, processor.audit_mark),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if machine == "x86_64":  # a second set of numbers for the same calls
        program += [(_AT_LEAST, 0, 1, 0x40000000), (_RETURN, 0, 0, _KILL)]
    for name, number in numbers.items():
        if name not in _CONDITIONAL:
            program += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _DENY)]
    # The C library falls back to the older call, which is filtered by its arguments or denied.
    for name in ("clone3", "openat2"):
        program += [(_EQUAL, 0, 1, numbers[name]), (_RETURN, 0, 0, _ABSENT)]
    program += _on(numbers["ioctl"], [(_LOAD, 0, 0, _argument(1)), *_one_of(_HARMLESS_IOCTLS, _ALLOW, _DENY)])
    program += _on(numbers["fcntl"], [(_LOAD, 0, 0, _argument(1)), *_one_of(_FCNTL_SIGNALS, _DENY, _ALLOW)])
    # Limits may be asked for, not set: the address of the new limit must be null.
    for_reading = [(_LOAD, 0, 0, _argument(2)), (_EQUAL, 1, 0, 0), (_RETURN, 0, 0, _DENY)]
    for_reading += [(_LOAD, 0, 0, _argument(2) + 4), (_EQUAL, 1, 0, 0), (_RETURN, 0, 0, _DENY), (_RETURN, 0, 0, _ALLOW)]
    program += _on(numbers["prlimit64"], for_reading)
    # Opening for reading and truncating truncates, which the first versions of Landlock do not see.
    for name, position in (("open", 1), ("openat", 2)):
        if name in numbers:
            program += _on(
                numbers[name],
                [
                    (_LOAD, 0, 0, _argument(position)),
                    (_AND, 0, 0, _O_ACCMODE_AND_TRUNC),
                    *_one_of((_TRUNC_ONLY,), _DENY, _ALLOW),
                ],
            )
    return [*program, (_RETURN, 0, 0, _ALLOW)]


def install_filter() -> None:
    """The filter holds for this process until it ends; raises `OSError` where the kernel refuses."""
    program = filter_program(platform.machine())
    packed = b"".join(struct.pack("HBBI", *instruction) for instruction in program)
    instructions = ctypes.create_string_buffer(packed, len(packed))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(instructions)))
    prctl(_PR_SET_SECCOMP, _FILTER, ctypes.addressof(header))


def _argument(position: int) -> int:
    return _ARGUMENTS + 8 * position


def _on(number: int, body: list[Instruction]) -> list[Instruction]:
    """Return `body` for this call only; every path through it must return."""
    return [(_EQUAL, 0, len(body), number), *body]


def _one_of(values: tuple[int, ...], answer: int, otherwise: int) -> list[Instruction]:
    listed = [step for value in values for step in ((_EQUAL, 0, 1, value), (_RETURN, 0, 0, answer))]
    return [*listed, (_RETURN, 0, 0, otherwise)]
