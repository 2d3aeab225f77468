"""`quasikarp draw`: pictures in files, and one line where that cannot be."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from tools.report import Report
from ui.cli import app

LP = "minimize\n obj: {0}\nsubject to\n cap: {0} + {1} >= 1\nend\n"


def run(*words: object, stdin: bytes | None = None) -> Any:
    return CliRunner().invoke(app, ["draw", *map(str, words)], input=stdin)


@pytest.fixture
def report(equivalent: Report, tmp_path: Path) -> Path:
    data = equivalent.to_json()
    for side in ("reference", "candidate"):
        data[side] |= {"variables": 2, "integers": 0, "constraints": 1, "nonzeros": 2}
    path = tmp_path / "report.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


@pytest.fixture
def models(tmp_path: Path) -> list[object]:
    (tmp_path / "r.lp").write_text(LP.format("x", "y"), encoding="utf-8")
    (tmp_path / "c.lp").write_text(LP.format("u", "v"), encoding="utf-8")
    return ["--reference", tmp_path / "r.lp", "--candidate", tmp_path / "c.lp"]


def test_an_svg_of_the_mapping(report: Path, tmp_path: Path) -> None:
    out = tmp_path / "mapping.svg"
    result = run(report, "--out", out)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"{out}: Reference variables (2)")
    assert ElementTree.fromstring(out.read_text(encoding="utf-8")).tag.endswith("svg")
    light = out.read_bytes()
    run(report, "--out", out, "--dark")
    assert out.read_bytes() != light


@pytest.mark.parametrize("kind", ["composition", "sparsity", "sets", "hypotheses"])
def test_every_kind_as_png(kind: str, report: Path, models: list[object], tmp_path: Path) -> None:
    out = tmp_path / "picture.PNG"
    assert run(report, "--kind", kind, *models, "--out", out).exit_code == 0
    assert out.read_bytes().startswith(b"\x89PNG")


def test_the_report_may_come_from_standard_input(report: Path, tmp_path: Path) -> None:
    assert run("-", "--out", tmp_path / "a.svg", stdin=report.read_bytes()).exit_code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--out", "a.pdf"], "--out a.pdf must end in .svg or .png"),
        (["--out", "a.svg", "--kind", "sets"], "--kind sets needs both models; add --reference FILE and"),
        (["--out", "a.svg", "--reference", "r.lp"], "--kind composition needs both models"),
        (["--out", "a.svg", "--kind", "pie"], "'pie' is not one of"),
        (["--out", "a.svg", "--kind", "sets", "--reference", "no.lp", "--candidate", "c.lp"], "no.lp does not exist"),
        (["--out", "a.svg", "--kind", "sets", "--reference", "c.lp", "--candidate", "r.lp"], "about another reference"),
        (["--out", "report.svg", "--kind", "sets", "--reference", "report.svg", "--candidate", "c.lp"], "overwrite"),
        (["--out", "no/folder/a.svg"], "cannot write"),
    ],
)  # fmt: skip
def test_faults_are_one_line(
    words: list[str], message: str, report: Path, models: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "report.svg").write_text("x", encoding="utf-8")
    before = set(tmp_path.iterdir())
    result = run(report, *words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert set(tmp_path.iterdir()) == before


def test_what_is_no_report_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text('{"schema": "quasikarp/report/1", "x": NaN}', encoding="utf-8")
    result = run(path, "--out", tmp_path / "a.svg")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert not (tmp_path / "a.svg").exists()
