import time
from collections.abc import Iterator

import pytest

from ui.running.process import WorkerProcess
from ui.running.run import Limits, Run
from ui.running.spare import Spare

COMMAND = ("sh", "-c", 'echo "{\\"ready\\": true}"; cat > /dev/null')


@pytest.fixture
def spare() -> Iterator[Spare]:
    made = Spare(COMMAND)
    yield made
    made.close()


def test_without_keep_a_worker_is_made_when_it_is_taken(spare: Spare) -> None:
    worker = spare.take()
    assert worker.alive
    assert spare._waiting is None
    worker.close()


def test_the_worker_that_waited_is_taken_and_replaced(spare: Spare) -> None:
    spare.keep()
    waiting = spare._waiting
    spare.keep()
    assert spare._waiting is waiting
    taken = spare.take()
    assert taken is waiting
    assert isinstance(spare._waiting, WorkerProcess)
    assert spare._waiting is not taken
    taken.close()


def test_a_worker_that_died_while_it_waited_is_not_given_out(spare: Spare) -> None:
    spare.keep()
    waiting = spare._waiting
    assert waiting is not None
    waiting.kill()
    while waiting.alive:
        time.sleep(0.01)
    taken = spare.take()
    assert taken.alive
    assert taken is not waiting
    taken.close()


def test_a_closed_spare_keeps_nothing(spare: Spare) -> None:
    spare.keep()
    waiting = spare._waiting
    spare.close()
    assert waiting is not None
    assert not waiting.alive
    spare.take().close()
    assert spare._waiting is None


def test_a_kept_spare_serves_runs(fakes: Spare) -> None:
    found = [Run.start({"job": "echo", "text": "x"}, limits=Limits(30), spare=fakes) for _ in range(3)]
    assert all(run.wait(30) and run.state == "finished" for run in found)
    pids = {run.result["pid"] for run in found if run.result}
    assert pids == {run.pid for run in found}
    assert len(pids) == 3
