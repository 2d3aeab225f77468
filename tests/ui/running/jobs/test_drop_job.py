from collections.abc import Callable
from typing import Any

import pytest

from tools.errors import InputError
from tools.formulation.read import read_text

Done = Callable[..., dict[str, Any]]
LP = "Minimize\n obj: x + y\nSubject To\n cap: x + y >= 4\n other: x - y <= 1\n{}End\n"


def models(reference: str = "", candidate: str = "") -> dict[str, Any]:
    return {
        "reference": {"text": LP.format(reference), "format": "lp", "name": "old"},
        "candidate": {"text": LP.format(candidate).replace("cap", "limit"), "format": "lp", "name": "new"},
    }


def test_the_row_is_gone_and_nothing_else(done: Done) -> None:
    found = done("drop", models=models(), row="cap", others={})
    assert (found["side"], found["row"], found["rows"]) == ("reference", "cap", 1)
    left = read_text(found["model_json"])
    assert list(left.rows) == ["other"]
    assert list(left.variables) == ["x", "y"]
    assert "x + y >= 4" in found["line"]


def test_rows_dropped_before_stay_out(done: Done) -> None:
    found = done("drop", models=models(), row="cap", others={"reference": ["other"]})
    assert list(read_text(found["model_json"]).rows) == []


def test_a_row_that_both_have_needs_a_side(done: Done) -> None:
    assert done("drop", models=models(), row="other", others={})["sides"] == ["reference", "candidate"]


def test_a_row_that_nobody_has(done: Done) -> None:
    found = done("drop", models=models(), row="capp", others={})
    assert found["sides"] == []
    assert "cap" in found["closest"]["reference"]


def test_case_is_forgiven_only_where_it_decides(done: Done) -> None:
    assert done("drop", models=models(), row="CAP", others={})["row"] == "cap"
    twice = models(reference=" CAP: x >= 0\n Cap: y >= 0\n")
    assert done("drop", models=twice, row="cAP", others={})["sides"] == []


def test_no_model_is_said(done: Done) -> None:
    with pytest.raises(InputError, match="no model yet"):
        done("drop", models={}, row="cap", others={})
