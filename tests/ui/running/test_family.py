import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from ui.running.family import MARK, end_family

NAP = (sys.executable, "-c", "print(flush=True); import time; time.sleep(1000)")

Nap = Callable[[str], subprocess.Popen[bytes]]


@pytest.fixture
def nap() -> Iterator[Nap]:
    made: list[subprocess.Popen[bytes]] = []

    def start(mark: str) -> subprocess.Popen[bytes]:
        environment = {**os.environ, MARK: mark}
        process = subprocess.Popen(NAP, env=environment, start_new_session=True, stdout=subprocess.PIPE)
        made.append(process)
        assert process.stdout is not None
        process.stdout.readline()
        return process

    yield start
    for process in made:
        process.kill()
        process.communicate()


def test_a_family_ends_and_others_go_on(nap: Nap) -> None:
    ours, another, spared, theirs = nap("ours"), nap("ours"), nap("ours"), nap("theirs")
    end_family("ours", spare=spared.pid)
    assert ours.wait(5) == another.wait(5) == -9
    assert spared.poll() is None
    assert theirs.poll() is None
    end_family("nobody's")
    assert theirs.poll() is None


def test_nobody_ends_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MARK, "own")
    end_family("own")
