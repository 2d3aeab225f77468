"""Learning from a data set: each pair is checked like any other, and what was found goes into memory.

Loaders only yield pairs. Which pairs have been dealt with is marked in the memory itself, so that a seeding that was
stopped goes on where it was, and one that is repeated changes nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from agent.recollection import Recollection
from agent.run import stream
from agent.settings import Settings
from memory.learning import Provenance
from memory.loaders.pairs import SeedPair, Unreadable
from memory.memory import Memory
from memory.record import SCHEMA
from memory.stores.errors import MemoryStoreError
from tools.errors import InputError, QuasikarpError

SeedOutcome = Literal["verified", "refuted", "unknown", "unreadable", "done before"]


@dataclass(frozen=True)
class Seeded:
    """What became of one pair of a data set: `detail` is the verdict's reason, or why it could not be read."""

    id: str
    outcome: SeedOutcome
    detail: str
    new_records: int = 0


def seed(
    memory: Memory, pairs: Iterable[SeedPair | Unreadable], settings: Settings, source: str = "seed"
) -> Iterator[Seeded]:
    """Yield what became of each pair, in their order.

    `settings` say how long one pair may take and which contract holds where the pair says none. A pair without verdict
    is tried again only with more time. Raises `MemoryStoreError` where the memory cannot be written.
    """
    new_records = 0
    for pair in pairs:
        if isinstance(pair, Unreadable):
            yield Seeded(pair.id, "unreadable", pair.reason)
            continue
        key = _key(pair, settings)
        done = memory.store.marked(key)
        if done is not None and _settled(done, settings):
            yield Seeded(pair.id, "done before", done.split(" ")[0])
            continue
        result = _checked(memory, pair, settings, source)
        if result.outcome != "unreadable":
            memory.store.mark(key, f"{result.outcome} {settings.time_limit:g}")
        new_records += result.new_records
        yield result
    if new_records:
        memory.settle()


def _key(pair: SeedPair, settings: Settings) -> str:
    contract = pair.contract or settings.contract
    return hashlib.sha256("\0".join((SCHEMA, pair.key, contract)).encode()).hexdigest()


def _settled(note: str, settings: Settings) -> bool:
    outcome, _, seconds = note.partition(" ")
    return outcome != "unknown" or float(seconds or 0) >= settings.time_limit


def _checked(memory: Memory, pair: SeedPair, settings: Settings, source: str) -> Seeded:
    """Check one pair, with memory; any failure to read or check it costs this pair only."""
    mapping = pair.mapping if pair.mapping is None or isinstance(pair.mapping, str) else json.dumps(pair.mapping)
    recollection = Recollection(memory=memory, provenance=Provenance(f"{source}:{pair.id}", pair.kind, pair.text))
    before = len(memory.store)
    try:
        reference, candidate = pair.load()
        asked = replace(settings, contract=pair.contract or settings.contract, mapping=mapping)
        report = None
        for event in stream(reference, candidate, asked, recollection=recollection):
            report = event.report or report
    except MemoryStoreError:
        raise
    except (InputError, MemoryError, RecursionError) as error:
        return Seeded(pair.id, "unreadable", str(error) or type(error).__name__)
    except QuasikarpError as error:
        return Seeded(pair.id, "unknown", str(error))
    except Exception as error:
        return Seeded(pair.id, "unreadable", f"{type(error).__name__}: {error}")
    if recollection.failed:
        raise MemoryStoreError(recollection.warnings[-1].removeprefix("going on without memory: "))
    assert report is not None
    outcomes: dict[str, SeedOutcome] = {"equivalent": "verified", "not_equivalent": "refuted"}
    return Seeded(pair.id, outcomes.get(report.verdict, "unknown"), report.reason, len(memory.store) - before)
