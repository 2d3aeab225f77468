import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from memory.loaders.equiva_formulation import KIND_OF_SUFFIX, EquivaFormulationLoader
from memory.loaders.pairs import LoaderOptions, SeedPair, Unreadable
from tools.errors import InputError
from tools.sandbox.errors import CodeError

needs_gurobipy = pytest.mark.skipif(
    importlib.util.find_spec("gurobipy") is None, reason="gurobipy is not installed (pip install gurobipy)"
)
CODE = LoaderOptions(allow_code=True)


def lp(variable: str) -> str:
    return f"min {variable}\nst\n c: {variable} >= 1\nend\n"


def code(variable: str, path: str = "parameters.json") -> str:
    return (
        "import json\nimport gurobipy as gp\n"
        f"with open({path!r}) as f:\n    data = json.load(f)\n"
        f"m = gp.Model()\nx = m.addVar(name={variable!r}, vtype=gp.GRB.INTEGER)\n"
        "m.addConstr(x >= data['Need'])\nm.setObjective(x)\nm.optimize()\nprint(x.x)\n"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in ("2", "10"):
        instance = tmp_path / number
        instance.mkdir()
        (instance / "model.lp").write_text(lp("x"))
        (instance / "optimus-code.py").write_text(code("x"))
        (instance / "description.txt").write_text("Größe")
        for suffix in "cj":
            (instance / f"{number}_{suffix}").mkdir()
            (instance / f"{number}_{suffix}" / "model.lp").write_text(lp(suffix))
    return tmp_path


def entries(source: Path, options: LoaderOptions = CODE) -> list[SeedPair | Unreadable]:
    return list(EquivaFormulationLoader().pairs(source, options))


def one(source: Path, name: str, options: LoaderOptions = CODE) -> SeedPair:
    (found,) = (entry for entry in entries(source, options) if entry.id == name)
    assert isinstance(found, SeedPair), found
    return found


def test_every_variant_is_paired_with_its_original(folder: Path) -> None:
    found = entries(folder, LoaderOptions())
    assert [entry.id for entry in found] == ["2_c", "2_j", "10_c", "10_j"]
    pair = one(folder, "2_c")
    assert (pair.kind, pair.text, pair.contract, pair.mapping) == ("renaming", "Größe", None, None)
    assert [model.variables for model in pair.load()] == [("x",), ("c",)]


def test_suffixes_that_are_labels_have_no_kind(folder: Path) -> None:
    assert one(folder, "2_j").kind == ""
    assert not {"j", "k", "l"} & set(KIND_OF_SUFFIX)


def test_the_key_covers_both_models_and_the_description(folder: Path) -> None:
    keys = {one(folder, "2_c").key}
    for path, text in (
        (folder / "2" / "model.lp", lp("y")), (folder / "2" / "2_c" / "model.lp", lp("z")),
        (folder / "2" / "description.txt", "other"),
    ):  # fmt: skip
        path.write_text(text)
        keys.add(one(folder, "2_c").key)
    assert len(keys) == 4


def test_code_is_run_with_permission_only(folder: Path) -> None:
    (folder / "2" / "model.lp").unlink()
    found = entries(folder, LoaderOptions())
    assert found[0] == Unreadable("2_c", "the reference is code; pass --allow-code to run it in the sandbox")
    assert isinstance(found[2], SeedPair)


@needs_gurobipy
def test_code_with_its_parameters_becomes_the_model(folder: Path) -> None:
    variant = folder / "2" / "2_c"
    (variant / "model.lp").unlink()
    (variant / "optimus-code.py").write_text(code("n", "/home/author/2_c/parameters.json"))
    (variant / "parameters.json").write_text('{"Need": 2.5}')
    candidate = one(folder, "2_c").load()[1]
    assert (candidate.variables, str(candidate.row_lower[0]), bool(candidate.integer[0])) == (("n",), "5/2", True)


@needs_gurobipy
def test_parameters_come_from_the_description_where_they_are_not_written_down(folder: Path) -> None:
    variant = folder / "2" / "2_c"
    (variant / "model.lp").unlink()
    (variant / "optimus-code.py").write_text(code("n", "data.json"))
    (variant / "problem_info.json").write_text('{"parameters": {"Need": {"value": 4, "shape": []}, "Other": 1}}')
    assert one(folder, "2_c").load()[1].row_lower[0] == 4


@needs_gurobipy
def test_code_that_fails_is_an_error_of_its_pair(folder: Path) -> None:
    variant = folder / "2" / "2_c"
    (variant / "model.lp").unlink()
    (variant / "optimus-code.py").write_text("import socket\nsocket.socket()")
    with pytest.raises(CodeError, match="not permitted"):
        one(folder, "2_c").load()


def test_a_side_without_model_and_code_is_unreadable(folder: Path) -> None:
    (folder / "2" / "2_c" / "model.lp").unlink()
    found = entries(folder)
    assert found[0] == Unreadable("2_c", "the candidate has neither model.lp nor code (optimus-code.py)")
    assert isinstance(found[1], SeedPair)


def test_one_bad_file_costs_its_own_pairs(folder: Path) -> None:
    variant = folder / "2" / "2_c"
    (variant / "model.lp").unlink()
    (variant / "optimus-code.py").write_text(code("n"))
    (variant / "problem_info.json").write_text("[" * 100_000)
    found = entries(folder)
    assert isinstance(found[0], Unreadable)
    assert found[0].reason.startswith("candidate: problem_info.json is not JSON")
    assert all(isinstance(entry, SeedPair) for entry in found[1:])


def test_without_variants_there_are_no_pairs(folder: Path, tmp_path: Path) -> None:
    plain = tmp_path / "nlp4lp" / "7"
    plain.mkdir(parents=True)
    (plain / "optimus-code.py").write_text(code("x"))
    (plain / "other_c").mkdir()
    assert EquivaFormulationLoader().recognises(plain.parent)
    with pytest.raises(InputError, match="no variants <id>_<suffix>"):
        entries(plain.parent)


def lines(path: Path, *records: object) -> Path:
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in records), encoding="utf-8")
    return path


def record(variation: object, variable: str, **more: object) -> dict[str, Any]:
    info = {"parameters": {"Need": {"value": 2, "shape": []}}}
    return {
        "instance_id": 5, "variation_id": variation, "description": f"text {variable}",
        "problem_info": json.dumps(info), "optimus_code": code(variable), **more,
    }  # fmt: skip


@needs_gurobipy
@pytest.mark.parametrize(("original", "variant"), [(None, "c"), ("", "_c"), ("5", "5_c"), ("original", "c")])
def test_json_lines_give_the_same_pairs(tmp_path: Path, original: object, variant: object) -> None:
    source = lines(tmp_path / "test.jsonl", record(variant, "n"), record(original, "x"))
    pair = one(source, "5_c")
    assert (pair.kind, pair.text) == ("renaming", "text x")
    assert [(model.variables, model.row_lower[0]) for model in pair.load()] == [(("x",), 2), (("n",), 2)]


def test_bad_lines_cost_themselves_only(tmp_path: Path) -> None:
    source = lines(
        tmp_path / "test.jsonl",
        "{", "[]", record(None, "x"), record("c", "n"), record("c", "n"), record("../x", "n"),
        record("d", "n", instance_id=[]), record("e", "n", problem_info="{"), record("f", "n", optimus_code=3),
        record("g", "n", instance_id=6),
    )  # fmt: skip
    found = {entry.id: entry for entry in entries(source)}
    reasons = {name: entry.reason for name, entry in found.items() if isinstance(entry, Unreadable)}
    assert isinstance(found["5_c"], SeedPair)
    assert set(reasons) == {"line 1", "line 2", "line 5", "line 6", "line 7", "5_e", "5_f", "6_g"}
    assert "twice" in reasons["line 5"]
    assert "problem_info" in reasons["5_e"]
    assert reasons["6_g"] == "reference: the reference is missing"


def test_what_is_recognised(folder: Path, tmp_path: Path) -> None:
    loader = EquivaFormulationLoader()
    assert loader.recognises(folder)
    assert not loader.recognises(folder / "2" / "2_c")
    assert loader.recognises(lines(tmp_path / "a.jsonl", record("c", "n")))
    assert not loader.recognises(lines(tmp_path / "b.jsonl", {"reference": "a", "candidate": "b"}))
    assert not loader.recognises(lines(tmp_path / "c.txt", record("c", "n")))
    assert not loader.recognises(tmp_path / "absent")
