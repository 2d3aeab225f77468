"""Work shared out to processes whose records go into one file, so that a run that was ended goes on from there."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
Key = TypeVar("Key", bound=Hashable)
Record = dict[str, Any]


def shared_out(run: Callable[[Sequence[T]], object], tasks: Sequence[T], jobs: int) -> bool:
    """Let each of `jobs` forked processes run its share of the tasks, and say whether all ended well."""
    context = multiprocessing.get_context("fork")
    runners = [context.Process(target=run, args=(tasks[k::jobs],)) for k in range(jobs)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    return not any(runner.exitcode for runner in runners)


def last_records(results: Path, seed: int, key: Callable[[Record], Key]) -> dict[Key, Record]:
    """Return the last whole record of each key that was run with `seed`; none where there is no file yet."""
    if not results.exists():
        return {}
    records = [json.loads(line) for line in results.read_text().splitlines() if line.endswith("}")]
    return {key(record): record for record in records if record["seed"] == seed}
