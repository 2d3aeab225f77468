from collections.abc import Callable
from typing import Any

Done = Callable[..., dict[str, Any]]
LP = "Minimize\n obj: x + y\nSubject To\n cap: x + y >= {}\nEnd\n"


def source(side: int, format: str = "lp") -> dict[str, Any]:
    return {"text": LP.format(side), "format": format, "name": "model"}


def test_the_same_and_different(done: Done) -> None:
    assert done("diff", reference=source(4), candidate=source(4))["same"] is True
    found = done("diff", reference=source(4), candidate=source(5))
    assert found["same"] is False
    assert "cap" in found["text"]
    assert "\x1b" not in found["text"]
