"""The run on one pair for programs that are asynchronous: the same answers, while the event loop goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from agent.certifying import certify
from agent.events import Event
from agent.run import check, stream, verify
from agent.settings import Settings
from tools.certify.certificate import Certificate
from tools.claims.verify import Verification
from tools.mapping.affine import AffineMapping
from tools.report import Report

T = TypeVar("T")

_END = object()


async def acheck(reference: Any, candidate: Any, settings: Settings | None = None) -> Report:
    """Return what `check` returns; the work is done in a thread of its own. Raises what `check` raises.

    A task that is cancelled is done at once; what it began ends by itself within its limits.
    """
    return await _in_own_thread(lambda: check(reference, candidate, settings))


async def averify(
    reference: Any, candidate: Any, mapping: str | AffineMapping, *, time_limit: float = 120.0, seed: int = 0
) -> Verification:
    """Return what `verify` returns; the work is done in a thread of its own. Raises what `verify` raises."""
    return await _in_own_thread(lambda: verify(reference, candidate, mapping, time_limit=time_limit, seed=seed))


async def acertify(
    reference: Any, candidate: Any, report: Report, *, time_limit: float = 120.0, seed: int = 0
) -> Certificate:
    """Return what `certify` returns; the work is done in a thread of its own. Raises what `certify` raises."""
    return await _in_own_thread(lambda: certify(reference, candidate, report, time_limit=time_limit, seed=seed))


async def astream(
    reference: Any, candidate: Any, settings: Settings | None = None, *, answer: str | None = None
) -> AsyncIterator[Event]:
    """Yield what `stream` yields, as it happens. Raises what `stream` raises.

    A consumer that leaves early ends the run at its next event.
    """
    events = stream(reference, candidate, settings, answer=answer)
    # One thread for all steps: what a generator keeps for its thread, such as context variables, must stay there.
    thread = ThreadPoolExecutor(1, thread_name_prefix="quasikarp-run")
    loop = asyncio.get_running_loop()
    try:
        while (event := await loop.run_in_executor(thread, next, events, _END)) is not _END:
            assert isinstance(event, Event)
            yield event
    finally:
        thread.submit(events.close)  # it waits for the step that is under way
        thread.shutdown(wait=False)


async def _in_own_thread(action: Callable[[], T]) -> T:
    thread = ThreadPoolExecutor(1, thread_name_prefix="quasikarp-run")
    try:
        return await asyncio.get_running_loop().run_in_executor(thread, action)
    finally:
        thread.shutdown(wait=False)
