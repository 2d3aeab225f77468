"""The way of the memory commands to a memory, and to a record in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from agent.hypothesis import MEMORY
from memory.locations import NONE, VARIABLE, location_of
from memory.memory import Memory
from memory.stores.errors import MemoryStoreError
from tools.errors import InputError
from ui.safe_text import safe
from ui.warning_lines import WarningLines

_SHOWN_MATCHES = 5


def place(wanted: str | None) -> str:
    """Return the folder or URL that `--memory` asks for; raises `InputError` where it asks for none."""
    location = location_of(wanted)
    if location is None:
        said = f"--memory {NONE}" if wanted is not None else f"{VARIABLE}={NONE}"
        raise InputError(f"{said} means no memory; name a folder or a server's URL with --memory")
    return location


@contextmanager
def opened(wanted: str | None) -> Iterator[Memory]:
    """Yield the open memory; what it has to tell is printed as warnings at the end.

    Raises `InputError` where it cannot be opened.
    """
    location = place(wanted)
    with input_errors():
        memory = Memory.open(location)
    with memory:
        yield memory
        lines = WarningLines()
        for note in memory.store.notes:
            lines.show(note)


@contextmanager
def input_errors() -> Iterator[None]:
    """A memory that cannot be read in this block is an unusable input."""
    try:
        yield
    except MemoryStoreError as error:
        raise InputError(str(error)) from error


def ids_of(memory: Memory, beginnings: Sequence[str]) -> list[str]:
    """Return the ids that begin like this, each once; raises `InputError` where none does, or more than one."""
    with input_errors():
        known = memory.store.ids()
    return list(dict.fromkeys(_id_of(known, text, memory.store.location) for text in beginnings))


def _id_of(known: Sequence[str], text: str, location: str) -> str:
    beginning = text.strip().removeprefix(MEMORY)  # as reports name a record
    if beginning in known:
        return beginning
    found = [id for id in known if id.startswith(beginning)] if beginning else []
    if len(found) == 1:
        return found[0]
    if not found:
        raise InputError(f"no record {safe(text)!r} in the memory {location}; quasikarp memory list shows the ids")
    some = ", ".join(safe(id) for id in found[:_SHOWN_MATCHES])
    more = f" and {len(found) - _SHOWN_MATCHES} more" if len(found) > _SHOWN_MATCHES else ""
    raise InputError(f"{len(found)} records begin with {safe(text)!r}: {some}{more}; give more of the id")
