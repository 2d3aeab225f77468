import importlib.util
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from memory.loaders import formulation_bench
from memory.loaders.formulation_bench import FormulationBenchLoader
from memory.loaders.pairs import LoaderOptions, SeedPair, Unreadable
from tools.errors import InputError
from tools.formulation.model import Formulation
from tools.formulation.read import read
from tools.sandbox.errors import CodeError

needs_packages = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("formulation_bench", "gurobipy")),
    reason="formulation-bench or gurobipy is not installed (pip install formulation-bench gurobipy)",
)
CODE = LoaderOptions(allow_code=True)


def formulation(variable: str, parameter: str, factor: int) -> dict[str, Any]:
    return {
        "valid": True,
        "parameters": {parameter: {"description": "need", "type": "continuous", "shape": []}},
        "assumptions": [
            {"description": "", "formulation": "", "explicit": False, "code": {"python": f"assert {parameter} >= 0"}}
        ],
        "variables": {variable: {"description": "amount", "type": "integer", "shape": []}},
        "constraints": [
            {
                "description": "", "formulation": "", "explicit": True,
                "code": {"gurobipy": f"model.addConstr({factor} * {variable} >= {parameter})"},
            }
        ],
        "objective": {
            "description": "", "formulation": "",
            "code": {"gurobipy": f"model.setObjective({factor} * {variable}, GRB.MINIMIZE)"},
        },
    }  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "dataset.json", {
        "problems": [3],
        "reformulations": [
            {"a": {"problem": 3, "formulation": "a"}, "b": {"problem": 3, "formulation": "b"}, "reformulation": True}
        ],
    })  # fmt: skip
    problem = tmp_path / "problems" / "p3"
    write(problem / "problem.json", {"name": "toy", "np_hard": False, "parameters": {}})
    write(problem / "data.json", {"Need": 3})
    (problem / "description.md").write_text("Buy enough.")
    write(problem / "formulations" / "a" / "formulation.json", formulation("x", "need", 1))
    (problem / "formulations" / "a" / "gen_params.py").write_text(
        "import json, sys\nneed = json.load(open(sys.argv[1]))['Need'] / 10\n"
        "json.dump({'need': need}, open(sys.argv[2], 'w'))"
    )
    write(problem / "formulations" / "b" / "formulation.json", formulation("y", "twice", 2))
    write(tmp_path / "reformulations" / "p3" / "a_b" / "map.json", {
        "parameters": {"twice": {"formulation": "", "code": {"python": "twice = 2 * need"}}}
    })  # fmt: skip
    return tmp_path


def write(path: Path, data: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data))


def change(path: Path, **fields: object) -> None:
    write(path, {**json.loads(path.read_text()), **fields})


def only(folder: Path, options: LoaderOptions = CODE) -> SeedPair | Unreadable:
    (found,) = FormulationBenchLoader().pairs(folder, options)
    return found


def pair(folder: Path) -> SeedPair:
    found = only(folder)
    assert isinstance(found, SeedPair), found
    return found


def test_without_permission_no_code_runs(folder: Path) -> None:
    found = only(folder, LoaderOptions())
    assert found == Unreadable("p3_ab", "its formulations are code; pass --allow-code to run it in the sandbox")


def test_without_permission_shipped_files_are_read(folder: Path) -> None:
    (folder / "lp").mkdir()
    for name in "ab":
        (folder / "lp" / f"p3_{name}.lp").write_text(f"min {name}\nst\n c: {name} >= 1\nend")
    found = only(folder, LoaderOptions())
    assert isinstance(found, SeedPair)
    assert [model.variables for model in found.load()] == [("a",), ("b",)]


@needs_packages
def test_both_sides_are_built_and_parameters_follow_the_map(folder: Path) -> None:
    found = pair(folder)
    assert (found.id, found.contract, found.kind, found.text) == ("p3_ab", "reformulation", "", "Buy enough.")
    reference, candidate = found.load()
    assert (reference.variables, candidate.variables) == (("x",), ("y",))
    assert reference.row_lower[0] == Fraction(3, 10)
    assert candidate.row_lower[0] == Fraction(6, 10)
    assert candidate.row_terms(0) == {0: Fraction(2)}
    assert reference.lower.finite(0) is None


@needs_packages
def test_the_label_is_never_seen(folder: Path) -> None:
    before = pair(folder)
    data = json.loads((folder / "dataset.json").read_text())
    data["reformulations"][0]["reformulation"] = False
    write(folder / "dataset.json", data)
    assert pair(folder) == before
    del data["reformulations"][0]["reformulation"]
    write(folder / "dataset.json", data)
    assert pair(folder) == before


@needs_packages
def test_the_key_covers_every_file(folder: Path) -> None:
    problem = folder / "problems" / "p3"
    keys = {pair(folder).key}
    for path in (
        problem / "data.json", problem / "formulations" / "a" / "formulation.json",
        problem / "formulations" / "b" / "formulation.json", folder / "reformulations" / "p3" / "a_b" / "map.json",
    ):  # fmt: skip
        change(path, extra=1)
        keys.add(pair(folder).key)
    assert len(keys) == 5


@needs_packages
def test_an_assertion_that_fails_is_an_error_of_the_pair(folder: Path) -> None:
    write(folder / "problems" / "p3" / "data.json", {"Need": -1})
    with pytest.raises(CodeError, match="AssertionError"):
        pair(folder).load()


@needs_packages
def test_missing_parameters_are_named(folder: Path) -> None:
    (folder / "problems" / "p3" / "formulations" / "a" / "gen_params.py").unlink()
    with pytest.raises(InputError, match=r"no parameter 'need'.*gen_params\.py"):
        pair(folder).load()
    write(folder / "problems" / "p3" / "formulations" / "a" / "parameters.json", {"need": 5})
    assert pair(folder).load()[0].row_lower[0] == 5


@needs_packages
@pytest.mark.parametrize("missing", ["reformulations/p3/a_b/map.json", "problems/p3/formulations/b/formulation.json"])
def test_missing_files_are_named(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    found = only(folder)
    assert found == Unreadable("p3_ab", f"{missing} is missing")


@needs_packages
def test_data_of_another_form_is_an_error_of_the_pair(folder: Path) -> None:
    write(folder / "problems" / "p3" / "formulations" / "b" / "formulation.json", {"valid": True})
    with pytest.raises(InputError, match="formulation-bench cannot read the pair: KeyError"):
        pair(folder).load()


@needs_packages
def test_hostile_code_stays_in_the_sandbox(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "owned"
    write(folder / "problems" / "p3" / "formulations" / "b" / "formulation.json", {
        **formulation("y", "twice", 2), "imports": [f"open({str(target)!r}, 'w')"],
    })  # fmt: skip
    with pytest.raises(CodeError, match="denied"):
        pair(folder).load()
    assert not target.exists()


@pytest.mark.parametrize(
    "entry",
    [None, [], {}, {"a": 1, "b": 2}, {"a": {"problem": True, "formulation": "a"}, "b": {}},
     {"a": {"problem": 3, "formulation": "../../../etc"}, "b": {"problem": 3, "formulation": "b"}}],
)  # fmt: skip
def test_a_bad_entry_costs_itself_only(folder: Path, entry: object) -> None:
    change(folder / "dataset.json", reformulations=[entry])
    found = only(folder, LoaderOptions())
    assert isinstance(found, Unreadable)
    assert found.id == "entry 1"


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"reformulations": 3}'])
def test_a_bad_dataset_file_is_an_error_of_the_whole(folder: Path, text: str) -> None:
    (folder / "dataset.json").write_text(text)
    with pytest.raises(InputError, match=r"dataset\.json"):
        list(FormulationBenchLoader().pairs(folder, LoaderOptions()))


def test_without_the_package_the_error_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formulation_bench.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="pip install formulation-bench gurobipy"):
        only(folder)


def test_what_is_recognised(folder: Path, tmp_path: Path) -> None:
    loader = FormulationBenchLoader()
    assert loader.recognises(folder)
    assert not loader.recognises(folder / "problems")
    assert not loader.recognises(folder / "dataset.json")
    (folder / "pairs.jsonl").touch()
    assert not loader.recognises(folder)


def test_importing_the_loader_loads_no_package_of_the_data_set() -> None:
    code = (
        "import sys, memory.loaders.registry\n"
        "assert not {'gurobipy', 'formulation_bench', 'jinja2'} & {name.partition('.')[0] for name in sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).resolve().parents[3], check=True, timeout=60)


def by_names(model: Formulation) -> object:
    names = model.variables
    columns = {
        names[j]: (model.lower.finite(j), model.upper.finite(j), int(model.kinds[j]), model.objective[j])
        for j in range(len(names))
    }
    rows = sorted(
        (sorted((names[j], a) for j, a in model.row_terms(i).items()), str(model.row_lower.finite(i)),
         str(model.row_upper.finite(i)))
        for i in range(len(model.rows))
    )  # fmt: skip
    return model.sense, columns, rows


@needs_packages
@pytest.mark.parametrize("name", ["p12_ab", "p16_ab"])
def test_the_code_builds_what_gurobi_wrote(shared_data: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "gurobipy", raising=False)  # cvxpy imports every solver it finds, in other tests
    folder = shared_data / "formulation_bench"
    (found,) = (entry for entry in FormulationBenchLoader().pairs(folder, CODE) if entry.id == name)
    assert isinstance(found, SeedPair)
    for model, letter in zip(found.load(), name[-2:]):
        assert by_names(model) == by_names(read(folder / "lp" / f"{name[:-2]}{letter}.lp"))
    assert "gurobipy" not in sys.modules
