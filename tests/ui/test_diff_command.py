"""`quasikarp diff` ends as diff does: 0 the same, 1 different, 2 unusable."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ui.cli import app

MODEL = "minimize\n obj: x + y\nsubject to\n cap: x + 3 y >= 2\nend\n"


def run(folder: Path, second: str, *words: str) -> Any:
    for name, text in (("a.lp", MODEL), ("b.lp", second)):
        (folder / name).write_text(text, encoding="utf-8")
    return CliRunner().invoke(app, ["diff", str(folder / "a.lp"), str(folder / "b.lp"), *words])


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [("3 y", "3 y", 0), ("x + 3 y >= 2", "-2 x - 6 y <= -4", 0), ("3 y", "4 y", 1), ("minimize", "?", 2)],
)
def test_exit_codes(old: str, new: str, code: int, tmp_path: Path) -> None:
    result = run(tmp_path, MODEL.replace(old, new))
    assert result.exit_code == code
    assert result.stderr.count("\n") == (code == 2)
    assert bool(result.stdout) == (code != 2)


def test_json(tmp_path: Path) -> None:
    result = run(tmp_path, MODEL.replace("3 y", "4 y"), "--json")
    data = json.loads(result.stdout)
    assert result.exit_code == 1
    assert data["schema"] == "quasikarp/difference/1"
    assert data["coefficients"] == [{"row": "cap", "variable": "y", "old": "3", "new": "4"}]


def test_a_missing_file(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["diff", str(tmp_path / "a.lp"), str(tmp_path / "b.lp")])
    assert result.exit_code == 2
    assert "does not exist" in result.stderr


def test_long_names_are_shortened(tmp_path: Path) -> None:
    result = run(tmp_path, MODEL.replace("y", "q" * 200))
    assert result.exit_code == 1
    assert max(map(len, result.stdout.split("\n"))) < 200
