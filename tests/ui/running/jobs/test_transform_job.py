import json
from collections.abc import Callable
from typing import Any

import pytest

from tools.errors import InputError

Done = Callable[..., dict[str, Any]]
SOURCE = {"text": "min\n o: 2 x + 3 y\nst\n c: 5 x + 3 y >= 22\nbounds\n x <= 40\n y <= 4\ngeneral\n x y\nend"}


@pytest.mark.parametrize("kind", ["lp", "json"])
def test_the_candidate_is_a_reformulation_by_the_mapping(done: Done, kind: str) -> None:
    made = done("transform", source=SOURCE, steps=["digits:x", "slack"], random=1, seed=1, format=kind)
    assert made["format"] == kind
    assert made["steps"][0] == "digits of x"
    assert len(made["steps"]) == 3
    assert made["rules"][0].startswith("x = ")
    candidate = {"text": made["candidate"]}
    found = done("verify", reference=SOURCE, candidate=candidate, mapping=json.dumps(made["mapping"]))
    assert found["report"]["verdict"] == "equivalent"


def test_the_seed_decides(done: Done) -> None:
    made = [done("transform", source=SOURCE, random=2, seed=seed)["candidate"] for seed in (3, 3, 4)]
    assert made[0] == made[1] != made[2]


def test_what_lp_cannot_hold_is_json(done: Done) -> None:
    document = {
        "schema": "quasikarp/formulation/1", "name": "m", "sense": "minimize", "rows": [],
        "objective": {"terms": {"a b": 1}},
        "variables": [{"name": "a b", "kind": "continuous", "lower": "1/3", "upper": None}],
    }  # fmt: skip
    source = {"text": json.dumps(document)}
    assert done("transform", source=source, steps=["scale-objective"])["format"] == "json"
    with pytest.raises(InputError):
        done("transform", source=source, steps=["scale-objective"], format="lp")


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({}, "say what to do"),
        ({"steps": ["digitz:x"]}, "digitz"),
        ({"steps": ["digits:nobody"]}, "nobody"),
        ({"steps": "digits"}, "steps must be a list"),
        ({"random": -1}, "at most 1000 steps, and not fewer than none"),
        ({"random": 10**9}, "at most 1000 steps"),
        ({"random": 1, "format": "xml"}, "lp or json, not as 'xml'"),
    ],
)
def test_what_cannot_be_done_is_one_line(done: Done, request_: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        done("transform", source=SOURCE, **request_)
    assert "\n" not in str(caught.value)
