import json
from itertools import islice
from pathlib import Path

import pytest

import quasikarp
from memory.loaders import transformations
from memory.loaders.pairs import LoaderOptions, SeedPair, Unreadable
from memory.loaders.transformations import TransformationsLoader
from tools.errors import InputError
from tools.transform.registry import TRANSFORMATIONS

KNAPSACK = "max 5 x + 4 y + 3 z\nst\n c: 2 x + 3 y + z <= 5\nbounds\n x <= 3\n y <= 3\n z <= 3\ngeneral\n x y z\nend"
BLEND = "min 2 a + 3 b\nst\n c: a + b >= 2\n d: a - b = 0.5\nbounds\n a <= 9\n b <= 9\nend"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deep").mkdir()
    (tmp_path / "größe.lp").write_text(KNAPSACK)
    (tmp_path / "deep" / "blend.lp").write_text(BLEND)
    (tmp_path / "notes.txt").write_text("not a model")
    return tmp_path


def made(source: Path, count: int, seed: int = 0) -> list[SeedPair]:
    found = list(TransformationsLoader().pairs(source, LoaderOptions(count=count, seed=seed)))
    pairs = [entry for entry in found if isinstance(entry, SeedPair)]
    assert len(pairs) == len(found)
    return pairs


def test_singles_come_first_and_then_short_chains(folder: Path) -> None:
    pairs = made(folder, 120)
    assert len(pairs) == 120
    lengths = [pair.kind.count("+") + 1 for pair in pairs]
    singles = lengths.index(2)
    assert set(lengths[:singles]) == {1}
    assert set(lengths[singles:]) == {2, 3}
    assert len({pair.id for pair in pairs}) == len({pair.key for pair in pairs}) == 120
    assert len({pair.kind for pair in pairs[:singles]}) > len(TRANSFORMATIONS) / 2


def test_the_mapping_is_right(folder: Path) -> None:
    for pair in made(folder, 12):
        reference, candidate = pair.load()
        assert not isinstance(pair.mapping, str | None)
        shown = quasikarp.verify(reference, candidate, json.dumps(pair.mapping))
        results = {name: claim.result for name, claim in shown.claims.items()}
        assert results["sound"] == "proved", pair.id
        assert pair.contract == "quasi-karp" or results["complete"] == "proved", pair.id


def test_equal_seeds_give_equal_pairs_and_others_do_not(folder: Path) -> None:
    first, again, other = made(folder, 60), made(folder, 60), made(folder, 60, seed=1)
    assert first == again
    assert [pair.load()[1].content_hash for pair in first] == [pair.load()[1].content_hash for pair in again]
    assert not {pair.key for pair in first} & {pair.key for pair in other}


def test_a_model_gives_the_same_pairs_in_any_company(folder: Path) -> None:
    alone = {pair.id: pair for pair in made(folder / "größe.lp", 30)}
    together = {pair.id: pair for pair in made(folder, 60)}
    shared = set(alone) & set(together)
    assert len(shared) > 10
    assert all(alone[name] == together[name] for name in shared)


def test_the_key_covers_the_file(folder: Path) -> None:
    before = {pair.key for pair in made(folder / "größe.lp", 5)}
    (folder / "größe.lp").write_text(KNAPSACK.replace("5 x", "6 x"))
    assert not before & {pair.key for pair in made(folder / "größe.lp", 5)}


def test_a_renaming_is_called_so(folder: Path) -> None:
    (pair,) = made(folder / "größe.lp", 1)
    assert (pair.kind, pair.contract, pair.id) == ("renaming", "reformulation", "größe.lp: renaming")
    assert set(pair.load()[1].variables) == {"v1", "v2", "v3"}


def test_it_is_lazy(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []
    original = transformations.read
    monkeypatch.setattr(transformations, "read", lambda path, **named: read.append(path) or original(path, **named))
    transformations._read.cache_clear()
    (first,) = islice(TransformationsLoader().pairs(folder, LoaderOptions()), 1)
    assert first.id == "deep/blend.lp: renaming"
    assert read == [folder / "deep" / "blend.lp"]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_no_more_pairs_than_asked_for(folder: Path, count: int) -> None:
    assert len(made(folder, count)) == count


def test_what_cannot_be_read_is_said_once(folder: Path) -> None:
    (folder / "broken.lp").write_text("nonsense")
    (folder / "other.json").write_text("[]")
    found = list(TransformationsLoader().pairs(folder, LoaderOptions(count=50)))
    unreadable = [entry for entry in found if isinstance(entry, Unreadable)]
    assert [entry.id for entry in unreadable] == ["broken.lp", "other.json"]
    assert len(found) == 52


def test_large_models_are_left_out_with_the_reason(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transformations, "MOST_NONZEROS", 3)
    found = list(TransformationsLoader().pairs(folder, LoaderOptions(count=5)))
    assert found[0] == Unreadable("deep/blend.lp", "it has 4 nonzeros, 2 variables and 2 rows; at most 3 are taken")


def test_a_model_to_which_nothing_applies_is_unreadable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transformations, "TRANSFORMATIONS", {"product": TRANSFORMATIONS["product"]})
    found = list(TransformationsLoader().pairs(folder / "deep", LoaderOptions(count=5)))
    assert found == [Unreadable("blend.lp", "no transformation applies to it")]


def test_a_folder_without_models_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    with pytest.raises(InputError, match="holds no model file"):
        list(TransformationsLoader().pairs(tmp_path, LoaderOptions()))


def test_what_is_recognised(folder: Path) -> None:
    loader = TransformationsLoader()
    assert loader.recognises(folder)
    assert loader.recognises(folder / "deep" / "blend.lp")
    assert not loader.recognises(folder / "notes.txt")
    assert not loader.recognises(folder / "absent")
    (folder / "pairs.jsonl").touch()
    assert not loader.recognises(folder)


def test_the_solvers_instances_give_pairs(shared_data: Path) -> None:
    entries = TransformationsLoader().pairs(shared_data / "highs_instances", LoaderOptions(count=20))
    assert sum(isinstance(entry, SeedPair) for entry in entries) == 20
