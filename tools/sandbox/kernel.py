"""System calls that Python does not offer, through the C library. Used in the child process only."""

from __future__ import annotations

import ctypes
import os

_LIBRARY = ctypes.CDLL(None, use_errno=True)

_CLONE_NEWUSER, _CLONE_NEWNET, _CLONE_NEWIPC = 0x10000000, 0x40000000, 0x08000000
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CAPABILITY_VERSION_3 = 0x20080522


def system_call(number: int, *arguments: int) -> int:
    """Return what the system call gives; raises `OSError` where it fails."""
    result = int(_LIBRARY.syscall(ctypes.c_long(number), *(ctypes.c_long(argument) for argument in arguments)))
    return _checked(result, f"system call {number}")


def prctl(option: int, value: int, third: int = 0) -> None:
    """The process attribute is set; raises `OSError` where that fails."""
    rest = [ctypes.c_ulong(number) for number in (value, third, 0, 0)]
    _checked(int(_LIBRARY.prctl(ctypes.c_int(option), *rest)), f"prctl {option}")


def die_with_parent(signal_number: int) -> None:
    """This process gets the signal when its parent ends."""
    prctl(_PR_SET_PDEATHSIG, signal_number)


def forbid_new_privileges() -> None:
    """No later step of this process can gain privileges; unprivileged filters need that."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def leave_shared_namespaces() -> None:
    """This process sees no network interface where the kernel permits; elsewhere the filter has to do alone."""
    for flags in (_CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWIPC, _CLONE_NEWNET | _CLONE_NEWIPC):
        if _LIBRARY.unshare(ctypes.c_int(flags)) == 0:
            return


def drop_capabilities() -> None:
    """This process has no capability, even as root; raises `OSError` where that fails."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _checked(int(_LIBRARY.capset(ctypes.byref(header), ctypes.byref(nothing))), "capset")


def _checked(result: int, what: str) -> int:
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result
