import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tools.errors import InputError

Done = Callable[..., dict[str, Any]]
SETTINGS = {"time_limit": 20, "planner": "symbolic"}


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    lines = []
    for number in range(3):
        for role, name in (("r", "x"), ("c", "u")):
            text = f"minimize\n o: {name}\nst\n c: {name} >= {number + 1}\nend\n"
            (tmp_path / f"{role}{number}.lp").write_text(text, "utf-8")
        lines.append(json.dumps({"id": f"p{number}\x1b", "reference": f"r{number}.lp", "candidate": f"c{number}.lp"}))
    (tmp_path / "c1.lp").write_text("nonsense")
    (tmp_path / "pairs.jsonl").write_text("\n".join(lines))
    return tmp_path / "pairs.jsonl"


def test_pairs_are_learned_and_a_second_time_passed_over(
    done: Done, pairs: Path, tmp_path: Path, events: list[Mapping[str, Any]]
) -> None:
    request = {"source": str(pairs), "memory": str(tmp_path / "memory"), "settings": SETTINGS}
    found = done("seed", **request, count=2)
    assert found["pairs"] == 2
    assert {outcome: count for outcome, count in found["outcomes"].items() if count} == {"verified": 1, "unreadable": 1}
    assert [refused["id"] for refused in found["refused"]] == ["p1\\x1b"]
    assert found["new_records"] == found["records"] >= 1
    assert [event["message"].split()[0] for event in events] == ["1:", "2:"]
    again = done("seed", **request)
    assert again["outcomes"]["done before"] == 1
    assert again["outcomes"]["verified"] == 1
    json.dumps(again, allow_nan=False)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({}, "name the folder or file"),
        ({"source": "/no/such/place"}, "no file or folder at"),
        ({"source": "/dev/null", "loader": "tarot"}, "unknown kind of data set 'tarot'"),
        ({"source": "/tmp", "count": 0}, "count must be at least 1"),
        ({"source": "/tmp", "allow_code": 1}, "allow_code must be true or false"),
        ({"source": "/tmp", "loader": "manifest", "memory": "none"}, "no memory"),
    ],
)
def test_what_cannot_be_done_is_one_line(done: Done, request_: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        done("seed", **request_)
    assert "\n" not in str(caught.value)
