"""`quasikarp memory forget`: records removed."""

from __future__ import annotations

from collections.abc import Sequence

from tools.errors import InputError
from ui.memory_access import ids_of, input_errors, opened


def forget_records(beginnings: Sequence[str], wanted: str | None, *, everything: bool, sure: bool) -> int:
    """The records are gone, all or none of them; say how many and return 0."""
    if everything == bool(beginnings):
        raise InputError("name the records to forget, or all of them with --all --yes; not both")
    with opened(wanted) as memory:
        if everything and not sure:
            with input_errors():
                count = len(memory.store)
            raise InputError(f"--all would remove {count} records from {memory.store.location}; add --yes to do it")
        if everything:
            with input_errors():
                ids = memory.store.ids()
        else:
            ids = ids_of(memory, beginnings)
        gone = memory.store.forget(ids)
        if everything:
            memory.store.clear_marks()  # else the same seeding would find everything done
        print(f"{gone} {'record is' if gone == 1 else 'records are'} gone, {len(memory.store)} left")
    return 0
