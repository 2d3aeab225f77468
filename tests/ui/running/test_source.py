import os
from pathlib import Path
from typing import Any

import pytest

import ui.running.source
from tools.errors import InputError
from tools.formulation.json_format import format_json
from tools.formulation.lp_reader import parse_lp
from tools.formulation.mps_writer import mps_lines
from ui.running.source import Source

LP = "minimize\n obj: x + y\nsubject to\n cap: x + 2 y >= 3\nend\n"
MODEL = parse_lp(LP)
MPS, JSON = "".join(mps_lines(MODEL)), format_json(MODEL)
ALGEBRA = """{"schema": "quasikarp/algebra/1", "sense": "minimize", "objective": "x",
 "variables": [{"name": "x", "kind": "continuous", "lower": 0, "upper": null}],
 "constraints": [{"name": "low", "expression": "x >= 2"}]}"""


@pytest.mark.parametrize("text", [LP, MPS, JSON, LP.replace("\n", "\r\n"), "\ufeff" + LP])
def test_text_gives_the_model(text: str) -> None:
    model = Source.of({"text": text, "name": None}, "reference").model()
    assert model.same_as(MODEL)
    assert Source.of({"text": text}, "reference").algebra() is None


def test_a_model_is_called_what_the_source_is_called() -> None:
    assert Source.of({"text": LP}, "reference").model().name == "reference"
    assert Source.of({"text": LP, "name": "plan\x1b[2J"}, "reference").model().name == "plan\\x1b[2J"


def test_text_may_be_algebra(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(ALGEBRA, "utf-8")
    for data in ({"text": ALGEBRA}, {"path": str(tmp_path / "a.json")}):
        source = Source.of(data, "reference")
        assert source.model().variables == ("x",)
        document = source.algebra()
        assert document is not None
        assert document.constraints[0].expression == "x >= 2"


def test_a_path_gives_the_model_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "m.lp").write_text(LP, "utf-8")
    for path in (str(tmp_path / "m.lp"), "~/m.lp"):
        assert Source.of({"path": path}, "reference").model().same_as(MODEL)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, r'the reference must be \{"path": …\} or'),
        ("model.lp", "the reference must be"),
        ({}, "the reference must be"),
        ({"text": LP, "path": "x"}, "the reference must be"),
        ({"path": "x", "name": "y"}, "the reference must be"),
        ({"text": LP, "colour": "red"}, "the reference must be"),
        ({"text": 7}, "must be text"),
        ({"text": LP, "name": ["x"]}, "must be text"),
        ({"text": LP, "format": "xml"}, "unknown format 'xml' of the reference; use lp, mps, json, words"),
        ({"text": " \n "}, "the reference is empty"),
        ({"text": "x" * 101}, "has 101 characters; at most 100 are taken as text"),
        ({"text": "min\0"}, "zero character"),
        ({"path": "no/such.lp"}, "the reference no/such.lp does not exist; check the path"),
        ({"path": "a\0b"}, "does not exist"),
        ({"path": "x" * 10_000}, "File name too long"),
        ({"path": "../" * 2000 + "etc/passwd"}, "the reference"),
        ({"path": "/"}, "is a folder"),
        ({"path": "/dev/zero"}, "is no ordinary file"),
        ({"path": "\x1b[2J<b>"}, r"\\x1b\[2J<b> does not exist"),
    ],
)
def test_what_cannot_be_used_is_one_line(data: Any, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui.running.source, "LONGEST_TEXT", 100)
    with pytest.raises(InputError, match=words) as caught:
        Source.of(data, "reference")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.lp")
    with pytest.raises(InputError, match="no ordinary file"):
        Source.of({"path": str(tmp_path / "pipe.lp")}, "reference")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            {"text": "Minimize what is spent."},
            "reference: this is no model in LP, MPS or JSON; have a problem in words",
        ),
        ({"text": LP, "format": "mps"}, "reference"),
        ({"text": LP.replace(">=", ">= >="), "name": "my plan"}, "my plan, line 4"),
        ({"text": "{" * 100_000}, "reference"),
        ({"text": '{"schema": "quasikarp/model/1", "sense": NaN}'}, "reference"),
    ],
)
def test_a_text_that_is_no_model_is_one_line(data: Any, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        Source.of(data, "reference").model()
    assert "\n" not in str(caught.value)
