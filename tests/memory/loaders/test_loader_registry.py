import json
from pathlib import Path

import pytest

from memory.loaders.registry import LOADERS, loader_for
from tools.errors import InputError

LP = "min x\nst\n c: x >= 1\nend\n"


def test_the_names_are_the_keys() -> None:
    assert list(LOADERS) == ["manifest", "formulation-bench", "equiva-formulation", "transformations", "collection"]
    assert all(loader.name == name and loader.summary for name, loader in LOADERS.items())


def test_a_source_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "a.lp").write_text(LP)
    assert loader_for(tmp_path / "models", None).name == "transformations"
    assert loader_for(tmp_path / "models" / "a.lp", None).name == "transformations"
    (tmp_path / "models" / "pairs.jsonl").write_text("{}")
    assert loader_for(tmp_path / "models", None).name == "manifest"
    assert loader_for(tmp_path / "models", "transformations").name == "transformations"
    (tmp_path / "fb" / "problems").mkdir(parents=True)
    (tmp_path / "fb" / "dataset.json").write_text("{}")
    assert loader_for(tmp_path / "fb", None).name == "formulation-bench"
    (tmp_path / "ef" / "1").mkdir(parents=True)
    (tmp_path / "ef" / "1" / "optimus-code.py").touch()
    assert loader_for(tmp_path / "ef", None).name == "equiva-formulation"


def test_anything_else_is_an_error_that_lists_the_loaders(tmp_path: Path) -> None:
    listed = "manifest, formulation-bench, equiva-formulation, transformations"
    with pytest.raises(InputError, match=f"no data set known here; name its kind: {listed}"):
        loader_for(tmp_path, None)
    with pytest.raises(InputError, match=f"unknown kind of data set 'x'; known are {listed}"):
        loader_for(tmp_path, "x")
    both = tmp_path / "both.jsonl"
    both.write_text(json.dumps({"reference": "a", "candidate": "b", "instance_id": 1, "optimus_code": ""}))
    with pytest.raises(InputError, match=f"may be read as manifest and equiva-formulation; name its kind: {listed}"):
        loader_for(both, None)
    for absent in (tmp_path / "absent", Path("a\0b")):
        for name in (None, "manifest"):
            with pytest.raises(InputError, match="no file or folder"):
                loader_for(absent, name)
