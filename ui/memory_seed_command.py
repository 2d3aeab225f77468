"""`quasikarp memory seed`: the pairs of a data set checked, and what was found kept."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import get_args

from agent.seeding import Seeded, SeedOutcome, seed
from agent.settings import Settings
from memory.loaders.pairs import LoaderOptions
from memory.loaders.registry import loader_for
from memory.memory import Memory
from memory.stores.errors import MemoryStoreError
from ui.memory_access import opened
from ui.memory_refused import Refused, print_refused
from ui.quiet_stdout import quiet_stdout
from ui.safe_text import safe

SCHEMA = "quasikarp/memory-seed/1"

_OUTCOMES: tuple[SeedOutcome, ...] = get_args(SeedOutcome)


class _Tally:
    """What became of the pairs so far."""

    def __init__(self) -> None:
        self.outcomes: Counter[SeedOutcome] = Counter()
        self.refused: list[Refused] = []
        self.new_records = 0

    def add(self, seeded: Seeded) -> None:
        self.outcomes[seeded.outcome] += 1
        self.new_records += seeded.new_records
        if seeded.outcome == "unreadable":
            self.refused.append(Refused(seeded.id, seeded.detail))

    def text(self) -> str:
        return ", ".join(f"{self.outcomes[outcome]} {outcome}" for outcome in _OUTCOMES)


def seed_memory(
    source: Path,
    wanted: str | None,
    settings: Settings,
    *,
    loader: str | None,
    allow_code: bool,
    count: int,
    as_json: bool,
) -> int:
    """Every pair of the source was dealt with, now or before; print what came of it and return 0.

    Stopped in any way, the same call goes on from there; Ctrl-C prints what came of it so far. Raises `InputError`
    where the source as a whole or the memory cannot be used.
    """
    chosen = loader_for(source, loader)
    options = LoaderOptions(allow_code=allow_code, count=count, seed=settings.seed)
    tally = _Tally()
    with opened(wanted) as memory:
        begun = False
        try:
            with quiet_stdout(), ExitStack() as stack:
                advance = _progress(stack)
                pairs = chosen.pairs(source, options)
                for seeded in seed(memory, pairs, settings, source=source.resolve().name or chosen.name):
                    begun = True
                    tally.add(seeded)
                    advance(tally)
            begun = True
        except KeyboardInterrupt:
            raise KeyboardInterrupt(
                "interrupted; what was learned stays, and the same command goes on from there"
            ) from None
        finally:
            if begun:
                _print_summary(tally, source, chosen.name, memory, as_json=as_json)
    return 0


def _progress(stack: ExitStack) -> Callable[[_Tally], None]:
    """Return what shows the tally, on a terminal only. A loader is lazy, so nobody knows how many pairs there are."""
    from ui.consoles import progress_console

    console = progress_console()
    if not console.is_terminal:
        return lambda tally: None
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(bar_width=20), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    progress = stack.enter_context(Progress(*columns, console=console, transient=True))
    bar = progress.add_task("no pair yet", total=None)

    def advance(tally: _Tally) -> None:
        progress.update(bar, description=f"{tally.outcomes.total()} pairs: {tally.text()}")

    return advance


def _print_summary(tally: _Tally, source: Path, loader: str, memory: Memory, *, as_json: bool) -> None:
    try:
        records: int | None = len(memory.store)
    except MemoryStoreError:  # the reason is told already: it is why this is the end
        records = None
    if as_json:
        data = {
            "schema": SCHEMA,
            "source": str(source),
            "loader": loader,
            "location": memory.store.location,
            **{outcome.replace(" ", "_"): tally.outcomes[outcome] for outcome in _OUTCOMES},
            "new_records": tally.new_records,
            "records": records,
            "refused": [vars(entry) for entry in tally.refused],
        }
        sys.stdout.write(json.dumps(data, indent=2) + "\n")
        return
    total = tally.outcomes.total()
    pairs = "1 pair" if total == 1 else f"{total} pairs"
    print(f"{safe(str(source), 200)} ({loader}): {pairs}, {tally.text()}")
    in_all = "" if records is None else f", {records} in all"
    print(f"{memory.store.location}: {tally.new_records} new records{in_all}")
    print_refused("Could not be loaded", tally.refused)
