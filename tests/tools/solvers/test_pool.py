from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator

import pytest

from tools.solvers.pool import WorkerPool
from tools.solvers.process import WorkerError

MEMORY = 4 << 30


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    created = WorkerPool()
    yield created
    created.close()


def _pid(pool: WorkerPool, library: str = "json") -> int:
    return int(pool.call(library, os.getpid, (), 10, MEMORY))


def test_a_worker_is_reused_for_its_library_only(pool: WorkerPool) -> None:
    first = _pid(pool)
    assert _pid(pool) == first
    assert _pid(pool, "csv") != first


def test_a_dead_idle_worker_is_replaced(pool: WorkerPool) -> None:
    first = _pid(pool)
    os.kill(first, 9)
    time.sleep(0.1)
    assert _pid(pool) != first


def test_two_threads_work_at_the_same_time(pool: WorkerPool) -> None:
    pool.start("json")
    _pid(pool)
    barrier = threading.Barrier(2, timeout=10)
    pids: list[int] = []

    def work() -> None:
        barrier.wait()
        pool.call("json", time.sleep, (0.3,), 10, MEMORY)
        pids.append(_pid(pool))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pids) == 2


def test_closing_fails_the_calls_that_run_and_the_pool_works_on(pool: WorkerPool) -> None:
    _pid(pool)
    failures: list[WorkerError] = []

    def work() -> None:
        try:
            pool.call("json", time.sleep, (60,), 120, MEMORY)
        except WorkerError as error:
            failures.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.3)
    pool.close()
    thread.join(10)
    assert [error.kind for error in failures] == ["crash"]
    assert _pid(pool) > 0
