from __future__ import annotations

import operator
import os
import time
from collections.abc import Iterator

import numpy as np
import pytest

from tools.solvers.process import Worker, WorkerError

MEMORY = 4 << 30


@pytest.fixture
def worker() -> Iterator[Worker]:
    started = Worker("json")
    yield started
    started.close()


def test_a_call_returns_its_value_again_and_again(worker: Worker) -> None:
    assert worker.call(operator.add, (2, 3), 10, MEMORY) == 5
    assert worker.call(operator.add, (2, 4), 10, MEMORY) == 6
    assert worker.call(os.getpid, (), 10, MEMORY) != os.getpid()


def test_messages_larger_than_a_pipe_pass(worker: Worker) -> None:
    large = np.arange(3_000_000, dtype=np.float64)
    assert np.array_equal(worker.call(np.negative, (large,), 10, MEMORY), -large)


def test_an_exception_is_a_message_and_the_worker_lives(worker: Worker) -> None:
    with pytest.raises(WorkerError, match="ZeroDivisionError") as caught:
        worker.call(operator.truediv, (1, 0), 10, MEMORY)
    assert caught.value.kind == "raised"
    assert worker.alive


def test_a_value_that_cannot_be_pickled_is_a_message(worker: Worker) -> None:
    with pytest.raises(WorkerError) as caught:
        worker.call(operator.attrgetter, ("x", 1), 10, MEMORY)
    assert caught.value.kind == "raised"


def test_a_call_that_does_not_return_is_killed(worker: Worker) -> None:
    started = time.monotonic()
    worker.call(os.getpid, (), 10, MEMORY)
    with pytest.raises(WorkerError, match="did not answer in time") as caught:
        worker.call(time.sleep, (60,), 0.2, MEMORY)
    assert caught.value.kind == "deadline"
    assert time.monotonic() - started < 10
    assert not worker.alive


def test_a_crash_names_its_signal(worker: Worker) -> None:
    with pytest.raises(WorkerError, match="SIGABRT") as caught:
        worker.call(os.abort, (), 10, MEMORY)
    assert caught.value.kind == "crash"
    assert not worker.alive


def test_a_missing_library_is_a_message() -> None:
    with pytest.raises(WorkerError, match=r"ModuleNotFoundError.*no_such_library"):
        Worker("no_such_library").call(os.getpid, (), 10, MEMORY)


def test_an_interrupt_between_request_and_answer_ends_the_worker(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.call(os.getpid, (), 10, MEMORY)

    def interrupted(deadline: float) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(worker, "_receive", interrupted)
    with pytest.raises(KeyboardInterrupt):
        worker.call(os.getpid, (), 10, MEMORY)
    assert not worker.alive
