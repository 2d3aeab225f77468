"""The asynchronous twins give the same answers, and the event loop goes on meanwhile."""

import asyncio
import threading
from pathlib import Path

import pytest

from agent.asynchronous import acheck, astream, averify
from agent.events import Event
from agent.run import check, verify
from agent.settings import Settings
from tests.agent.model_answers import RIGHT, digits_pair
from tools.errors import InputError


def test_the_same_report() -> None:
    found, expected = asyncio.run(acheck(*digits_pair())).to_json(), check(*digits_pair()).to_json()
    found.pop("seconds"), expected.pop("seconds")
    assert found == expected


def test_the_same_verification() -> None:
    found = asyncio.run(averify(*digits_pair(), RIGHT))
    expected = verify(*digits_pair(), RIGHT)
    assert {name: claim.result for name, claim in found.claims.items()} == {
        name: claim.result for name, claim in expected.claims.items()
    }


def test_events_arrive_while_the_loop_goes_on(tmp_path: Path) -> None:
    async def run() -> tuple[list[Event], int]:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                await asyncio.sleep(0)
                ticks += 1

        ticking = asyncio.create_task(tick())
        events = [event async for event in astream(*digits_pair(), Settings(checkpoint=tmp_path / "run.sqlite"))]
        ticking.cancel()
        return events, ticks

    events, ticks = asyncio.run(run())
    assert events[-1].report is not None
    assert events[-1].report.verdict == "equivalent"
    assert ticks > len(events) > 3


def test_two_runs_at_once() -> None:
    async def both() -> list[str]:
        return [report.verdict for report in await asyncio.gather(acheck(*digits_pair()), acheck(*digits_pair()[::-1]))]

    assert asyncio.run(both())[0] == "equivalent"


def test_errors_reach_the_caller() -> None:
    async def run() -> None:
        async for _ in astream("missing.lp", "missing.lp"):
            pass

    with pytest.raises(InputError, match="missing"):
        asyncio.run(run())


def test_a_consumer_that_leaves_ends_the_run() -> None:
    async def first() -> str:
        events = astream(*digits_pair())
        event = await anext(events)
        await events.aclose()  # type: ignore[attr-defined]
        return event.node

    assert asyncio.run(first()) == "ingest"
    for thread in threading.enumerate():
        if thread.name.startswith("quasikarp-run"):
            thread.join(20)
            assert not thread.is_alive()
