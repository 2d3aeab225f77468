import os
import time

from benchmarks.isolated import Tell, isolated


def test_everything_told_arrives() -> None:
    def work(tell: Tell) -> None:
        tell(5.0, {"a": 1})
        tell(5.0, {"b": 2})

    known = isolated(work, 5.0)
    assert known["peak_mb"] > 1
    assert (known["a"], known["b"], "error" in known) == (1, 2, False)


def test_a_crash_a_hang_and_an_exception_keep_what_was_told() -> None:
    def crash(tell: Tell) -> None:
        tell(5.0, {"a": 1})
        os._exit(7)

    def hang(tell: Tell) -> None:
        tell(0.2, {"a": 1})
        time.sleep(60)

    def fail(tell: Tell) -> None:
        tell(5.0, {"a": 1})
        raise ValueError("no luck")

    for work, word in ((crash, "code 7"), (hang, "overran"), (fail, "no luck")):
        known = isolated(work, 5.0)
        assert known["a"] == 1
        assert word in known["error"]
