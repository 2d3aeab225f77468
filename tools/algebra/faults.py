"""What is wrong with a piece of algebra, before it is known where the piece stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tools.errors import InputError, UnsupportedError

_TEXT_SHOWN = 100


class FaultError(Exception):
    """What is wrong, in words; becomes an `InputError`, or an `UnsupportedError` where the algebra is not linear."""

    def __init__(self, message: str, *, unsupported: bool = False) -> None:
        super().__init__(message)
        self.unsupported = unsupported


@contextmanager
def placed(where: str, text: str = "") -> Iterator[None]:
    """Turn a fault inside into an `InputError` that says where it is ("constraint 'cap[3]'") and quotes `text`."""
    try:
        yield
    except FaultError as fault:
        quoted = f", in {_shortened(text)!r}" if text else ""
        kind = UnsupportedError if fault.unsupported else InputError
        raise kind(f"{where}: {fault}{quoted}") from None


def _shortened(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _TEXT_SHOWN else flat[: _TEXT_SHOWN - 1] + "…"
