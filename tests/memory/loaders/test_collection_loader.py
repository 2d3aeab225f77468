"""A folder of data sets: each read by its own loader, what is none listed, and one that fails costs itself."""

import json

from memory.loaders.pairs import LoaderOptions, SeedPair, Unreadable
from memory.loaders.registry import LOADERS, loader_for

MODEL = "min\n x\nst\n c: x >= 1\nend\n"


def collection(tmp_path):
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "m.lp").write_text(MODEL)
        line = {"id": "a", "reference": "m.lp", "candidate": "m.lp"}
        (folder / "pairs.jsonl").write_text(json.dumps(line) + "\nnonsense\n")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "m.lp").write_text(MODEL)
    (tmp_path / "README.txt").write_text("not a folder")
    return tmp_path


def test_every_data_set_of_a_folder_is_read(tmp_path):
    source = collection(tmp_path)
    loader = loader_for(source, None)
    assert loader.name == "collection"
    found = list(loader.pairs(source, LoaderOptions()))
    assert [one.id for one in found if isinstance(one, SeedPair)] == ["one/a", "two/a"]
    unreadable = {one.id: one.reason for one in found if isinstance(one, Unreadable)}
    assert "by itself" in unreadable["models"]
    assert len(unreadable) == 3
    reference, _ = next(one for one in found if isinstance(one, SeedPair)).load()
    assert reference.variables == ("x",)


def test_a_data_set_and_a_folder_of_models_are_no_collection(tmp_path):
    source = collection(tmp_path)
    assert loader_for(source / "one", None).name == "manifest"
    assert loader_for(source / "models", None).name == "transformations"
    assert not LOADERS["collection"].recognises(source / "README.txt")
    assert not LOADERS["collection"].recognises(tmp_path / "absent")
