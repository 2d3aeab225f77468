import json
import os
from pathlib import Path

import pytest

from tools.errors import InputError
from tools.formulation.read import read
from ui.read_command import read_model


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.lp"
    path.write_text("maximize\n obj: 5 x + 4 y\nsubject to\n cap: 3 x + 2 y <= 10.5\ngeneral\n x\nend\n", "utf-8")
    return path


def test_people_see_algebra(model: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert read_model(model, as_json=False, out=None) == 0
    assert "maximize 5 x + 4 y\n  cap: 3 x + 2 y <= 10.5\n" in capfd.readouterr().out


def test_json_is_one_object(model: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert read_model(model, as_json=True, out=None) == 0
    summary = json.loads(capfd.readouterr().out)
    assert (summary["variables"], summary["integers"], summary["constraints"]) == (2, 1, 1)


@pytest.mark.parametrize("suffix", [".lp", ".mps", ".json"])
def test_out_converts_by_suffix(model: Path, suffix: str) -> None:
    out = model.with_name(f"converted{suffix}")
    read_model(model, as_json=False, out=out)
    original, converted = read(model), read(out)
    assert converted.variables == original.variables
    assert converted.row_upper == original.row_upper
    assert converted.cost == original.cost
    assert converted.kinds.tolist() == original.kinds.tolist()


def test_an_unknown_suffix_leaves_nothing(model: Path) -> None:
    with pytest.raises(InputError):
        read_model(model, as_json=False, out=model.with_name("model.xlsx"))
    assert os.listdir(model.parent) == ["model.lp"]


def test_the_model_itself_is_not_overwritten(model: Path) -> None:
    with pytest.raises(InputError, match="overwrite"):
        read_model(model, as_json=False, out=model)
