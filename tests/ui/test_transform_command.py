import json
from pathlib import Path

import pytest
from test_cli import run

from tools.formulation.read import read
from tools.mapping.reading import read_mapping
from tools.transform.registry import TRANSFORMATIONS
from ui.transform_command import list_transformations, transform_model


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "model.lp"
    path.write_text(
        "minimize\n obj: 2 x + 3 y\nsubject to\n c: 5 x + 3 y >= 22\nbounds\n x <= 40\n y <= 4\ngeneral\n x y\nend\n",
        "utf-8",
    )
    return path


def test_people_see_steps_contract_and_recovery(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = transform_model(
        path, ["digits:x", "scale-objective"], random_steps=0, seed=0, out=None, mapping_out=None, as_json=False
    )
    text = capsys.readouterr().out
    assert code == 0
    assert text.startswith("1. digits of x\n2. scale-objective\nreference: 2 variables (2 integer), 1 rows")
    assert "contract: reformulation" in text
    assert "objective: reference value = " in text
    assert "  x = x_digit0 + 10*x_digit1\n" in text or "  x = 10*x_digit1 + x_digit0\n" in text


def test_the_written_candidate_and_maps_fit_each_other(path: Path, tmp_path: Path) -> None:
    out, maps = tmp_path / "candidate.lp", tmp_path / "maps.json"
    transform_model(path, ["digits:x", "slack"], random_steps=2, seed=1, out=out, mapping_out=maps, as_json=True)
    reference, candidate = read(path), read(out)
    mapping = read_mapping(maps, reference.variables, candidate.variables)
    assert set(mapping.recovery.expressions) == {"x", "y"}
    assert mapping.lifting is not None
    assert mapping.lifting.as_affine() is None


def test_json_holds_the_candidate_unless_it_is_written(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for out in (None, tmp_path / "candidate.json"):
        transform_model(path, ["rename"], random_steps=0, seed=0, out=out, mapping_out=None, as_json=True)
        document = json.loads(capsys.readouterr().out)
        assert (document["schema"], document["contract"]) == ("quasikarp/transform/1", "reformulation")
        assert (document["model"] is None) == (out is not None)


def test_the_list_names_every_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert list_transformations(as_json=False) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(TRANSFORMATIONS)
    assert list_transformations(as_json=True) == 0
    assert [kind["name"] for kind in json.loads(capsys.readouterr().out)["kinds"]] == list(TRANSFORMATIONS)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "--apply KIND or --random N"),
        (["--apply", "digitise"], "unknown transformation 'digitise'; known are add-equality, "),
        (["--apply", "digits:z"], "digits: the model has no variable 'z'"),
        (["--apply", "free-split:x"], "free-split does not apply: variable 'x' is not a variable that its bounds"),
        (["--apply", "digits=1:x"], "the base must lie between 2 and 1000, found 1"),
        (["--apply", "rename:x"], "rename acts on the whole model"),
        (["--apply", "slack=3"], "slack takes no number"),
        (["--apply", "rename", "--out", "{model}"], "is the model itself"),
        (["--apply", "rename", "--out", "a.lp", "--mapping-out", "a.lp"], "name the same file"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(path: Path, options: list[str], message: str) -> None:
    result = run("transform", str(path), *(option.format(model=path) for option in options))
    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_no_model_is_an_error_except_for_the_list() -> None:
    assert run("transform").returncode == 2
    result = run("transform", "--list")
    assert (result.returncode, result.stderr) == (0, "")
