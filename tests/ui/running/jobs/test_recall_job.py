from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools.errors import InputError

Done = Callable[..., dict[str, Any]]
Example = Callable[[str], dict[str, Any]]

MODEL = "minimize\n cost: 5 {0} + 4 {1}\nst\n a: 6 {0} + 4 {1} >= {2}\n b: {0} + 2 {1} >= 6\nend\n"


def copied(names: str, factor: int = 1) -> dict[str, str]:
    return {"text": MODEL.format(*names, 24 * factor)}


def test_what_memory_knows_of_a_pair_and_of_similar_ones(done: Done, tmp_path: Path) -> None:
    memory = str(tmp_path / "memory")
    pair = {"reference": copied("pq"), "candidate": copied("uv")}
    settings = {"memory": memory, "planner": "symbolic", "time_limit": 20}
    assert done("check", **pair, settings=settings)["report"]["verdict"] == "equivalent"

    found = done("recall", **pair, memory=memory)
    (record,) = found["same"]
    assert (record["outcome"], record["contract"]) == ("verified", "quasi-karp")
    assert record["rules"] == ["p = u", "q = v"]
    assert record["claims"]["sound"]["result"] == "proved"
    assert record["reference"]["variables"] == 2
    assert found["similar"] == []

    found = done("recall", reference=copied("st", 2), candidate=copied("ij", 2), memory=memory)
    assert found["same"] == []
    (similar,) = found["similar"]
    assert similar["id"] == record["id"]
    assert 0.9 < similar["similarity"] <= 1
    assert similar["template"]


def test_without_memory_there_is_a_note(done: Done, example: Example, tmp_path: Path) -> None:
    pair = example("complement")
    assert done("recall", **pair, memory="none") == {"same": [], "similar": [], "notes": ["there is no memory to ask"]}
    found = done("recall", **pair, memory=str(tmp_path / "nothing"))
    assert found["same"] == found["similar"] == []
    assert "is empty" in found["notes"][0]
    assert not (tmp_path / "nothing").exists()


def test_a_memory_that_cannot_be_read_is_one_line(done: Done, example: Example, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no memory")
    with pytest.raises(InputError) as caught:
        done("recall", **example("complement"), memory=str(tmp_path / "file"))
    assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match="no http"):
        done("recall", **example("complement"), memory="ftp://x")
