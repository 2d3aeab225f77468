import io

import pytest

from ui.running.ending import cause_of_end, how_it_ended, worker_environment


@pytest.mark.parametrize(
    ("code", "said", "kind", "words"),
    [
        (7, b"", "crash", "exit status 7"),
        (-11, b"first\n\x1b[2Jlast\n\n", "crash", "signal SIGSEGV, \\x1b[2Jlast"),
        (-9, b"", "memory", "signal SIGKILL"),
        (-6, b"terminate called after throwing 'std::bad_alloc'", "memory", "bad_alloc"),
        (1, b"\xff" * 10_000, "crash", "exit status 1, \\xff"),
    ],
)
def test_the_end_of_a_worker_is_one_line(code: int, said: bytes, kind: str, words: str) -> None:
    found, message = cause_of_end(code, io.BytesIO(said))
    assert found == kind
    assert words in message
    assert len(message) < 300
    assert "\n" not in message
    assert how_it_ended(code, io.BytesIO(said)) in message


def test_numerical_libraries_of_a_worker_use_one_thread_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert worker_environment()["OMP_NUM_THREADS"] == "1"
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert worker_environment()["OMP_NUM_THREADS"] == "3"
