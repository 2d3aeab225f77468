"""Child processes that answer pairs, each pair isolated: what kills one costs that pair alone."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from tools.errors import QuasikarpError
from ui.batch_worker import failure
from ui.running.ending import cause_of_end, how_it_ended, worker_environment
from ui.running.family import MARK, end_family

WORKER_COMMAND = (sys.executable, "-P", "-m", "ui.batch_worker")
_START_SECONDS = 180.0
_LONGEST_ANSWER = 1 << 30

Answer = dict[str, Any]


@dataclass(frozen=True)
class Task:
    """One pair as the pool sees it: the line to send, and the seconds after which its worker is killed.

    `warn` gets what the user should be told besides the answer.
    """

    request: bytes
    seconds: float
    deliver: Callable[[Answer], None]
    warn: Callable[[str], None]


async def answer_all(tasks: Iterable[Task], jobs: int, command: Sequence[str] = WORKER_COMMAND) -> None:
    """Every task's `deliver` has been called with its answer, in the order of completion.

    Workers are started as needed, at most `jobs` at a time, and all are gone when this returns, raises or is
    cancelled. Raises what `deliver` raises.
    """
    queue = iter(tasks)
    servers = [asyncio.ensure_future(_serve(queue, command)) for _ in range(jobs)]
    try:
        await asyncio.gather(*servers)
    finally:
        for server in servers:
            if not server.cancelling():  # a second cancel would interrupt the stopping of its worker
                server.cancel()
        await asyncio.gather(*servers, return_exceptions=True)


async def _serve(tasks: Iterator[Task], command: Sequence[str]) -> None:
    worker: _Worker | None = None
    try:
        for task in tasks:
            if worker is None:
                worker = await _Worker.start(command)
            answer = await worker.ask(task)
            if not worker.usable and worker.asked > 1 and _may_be_inherited(answer):
                # Earlier pairs may have used this process up; a fresh one decides.
                await worker.stop()
                worker = await _Worker.start(command)
                answer = await worker.ask(task)
            if not worker.usable:
                await worker.stop()
                worker = None
            task.deliver(answer)
    finally:
        if worker is not None:
            await worker.stop()


def _may_be_inherited(answer: Answer) -> bool:
    return answer["error"]["kind"] in ("crash", "memory")


class _Worker:
    def __init__(self, process: asyncio.subprocess.Process, errors: IO[bytes], mark: str) -> None:
        self._process = process
        self._mark = mark
        self._errors = errors
        self.asked = 0
        self.usable = True

    @classmethod
    async def start(cls, command: Sequence[str]) -> _Worker:
        errors = tempfile.TemporaryFile()  # noqa: SIM115 -- `stop` closes it
        mark = secrets.token_hex(8)
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            limit=_LONGEST_ANSWER,
            start_new_session=True,  # so that Ctrl-C reaches the parent alone
            env={**worker_environment(), MARK: mark},
        )
        worker = cls(process, errors, mark)
        try:
            async with asyncio.timeout(_START_SECONDS):
                if not await worker._line():
                    await process.wait()
                    raise QuasikarpError(f"a worker process could not start: {worker._end()}")
        except BaseException:
            await worker.stop()
            raise
        return worker

    async def ask(self, task: Task) -> Answer:
        assert self._process.stdin is not None
        self.asked += 1
        try:
            async with asyncio.timeout(task.seconds):
                self._process.stdin.write(task.request)
                await self._process.stdin.drain()
                line = await self._line()
        except TimeoutError:
            self.usable = False
            return failure("timeout", f"no answer within {task.seconds:g} seconds; the worker was stopped")
        except ConnectionError:
            line = b""
        if not line.endswith(b"\n"):
            self.usable = False
            await self._process.wait()
            return failure(*self._cause())
        given = json.loads(line)
        for warning in given["warnings"]:
            task.warn(warning)
        answer: Answer = given["answer"]
        self.usable = "error" not in answer or answer["error"]["kind"] == "input"
        return answer

    async def stop(self) -> None:
        """Leave neither the process nor its children behind."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        end_family(self._mark)
        await self._process.communicate()  # closes the pipes too
        self._errors.close()

    async def _line(self) -> bytes:
        assert self._process.stdout is not None
        return await self._process.stdout.readline()

    def _cause(self) -> tuple[str, str]:
        return cause_of_end(self._process.returncode, self._errors)

    def _end(self) -> str:
        return how_it_ended(self._process.returncode, self._errors)
