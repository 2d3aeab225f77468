import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tools.errors import InputError
from tools.report import Report

Done = Callable[..., dict[str, Any]]


def test_all_pictures_of_a_report(done: Done, equivalent: Report, events: list[Mapping[str, Any]]) -> None:
    found = done("draw", report=equivalent.to_json(), reference=None, candidate=None)
    assert [picture["kind"] for picture in found["pictures"]] == ["composition", "hypotheses"]
    assert {key for picture in found["pictures"] for key in picture} == {"kind", "title", "caption", "svg"}
    assert [event["message"] for event in events] == [picture["title"] for picture in found["pictures"]]
    json.dumps(found)


def test_models_one_kind_darkness_and_png(done: Done, equivalent: Report) -> None:
    data = equivalent.to_json()
    for side in ("reference", "candidate"):
        data[side] |= {"variables": 2, "constraints": 1, "nonzeros": 2}
    sources = {
        "reference": {"text": "minimize\n x\nsubject to\n c: x + y >= 1\nend\n"},
        "candidate": {"text": "minimize\n u\nsubject to\n c: u + v >= 1\nend\n"},
    }
    (light,) = done("draw", report=data, **sources, kind="sets", png=True)["pictures"]
    (dark,) = done("draw", report=data, **sources, kind="sets", dark=True)["pictures"]
    assert b64decode(light["png_base64"]).startswith(b"\x89PNG")
    assert "png_base64" not in dark
    assert light["svg"] != dark["svg"]
    assert len(done("draw", report=data, **sources)["pictures"]) == 4


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"kind": "pie\x1b"}, "unknown kind of picture"),
        ({"kind": "sets"}, "cannot be drawn: it needs both models"),
        ({"dark": "yes"}, "dark must be true or false"),
        ({"reference": {"path": "no/such.lp"}}, "does not exist"),
        ({"report": 7}, "report must be an object"),
    ],
)
def test_faults_are_one_line(done: Done, equivalent: Report, more: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        done("draw", **{"report": equivalent.to_json(), **more})
    assert str(caught.value).isprintable()
