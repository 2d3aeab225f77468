import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.loaders.manifest import ManifestLoader
from memory.loaders.pairs import LoaderOptions, SeedPair, Unreadable
from tools.errors import InputError

A = "min x\nst\n c: x >= 1\nend\n"
B = "min y\nst\n c: y >= 1\nend\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.lp").write_text(A)
    (tmp_path / "größe").mkdir()
    (tmp_path / "größe" / "b.lp").write_text(B)
    return tmp_path


def entries(folder: Path, *lines: object) -> list[SeedPair | Unreadable]:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    (folder / "pairs.jsonl").write_bytes(text.encode("utf-8", "surrogateescape"))
    return list(ManifestLoader().pairs(folder, LoaderOptions()))


def line(**more: object) -> dict[str, object]:
    return {"id": "one", "reference": "a.lp", "candidate": "größe/b.lp", **more}


def only(found: Sequence[SeedPair | Unreadable]) -> SeedPair:
    (pair,) = found
    assert isinstance(pair, SeedPair), pair
    return pair


def test_a_line_becomes_a_pair_that_loads_later(folder: Path) -> None:
    pair = only(entries(folder, line(contract="quasi-karp", kind="renaming", text="a word problem", label=True)))
    assert (pair.id, pair.contract, pair.kind, pair.text) == ("one", "quasi-karp", "renaming", "a word problem")
    assert pair.mapping is None
    reference, candidate = pair.load()
    assert (reference.variables, candidate.variables) == (("x",), ("y",))


def test_a_folder_and_its_manifest_read_the_same(folder: Path) -> None:
    (from_folder,) = entries(folder, line())
    (from_file,) = ManifestLoader().pairs(folder / "pairs.jsonl", LoaderOptions())
    assert from_folder == from_file


def test_a_label_changes_nothing(folder: Path) -> None:
    plain, yes, no = (only(entries(folder, line(**more))) for more in ({}, {"label": True}, {"label": False}))
    assert plain == yes == no
    assert "label" not in repr(yes)


@pytest.mark.parametrize(
    "change",
    [{"contract": "reformulation"}, {"mapping": "x = y"}, {"mapping": {"recovery": {}}}, {"kind": "k"}, {"text": "t"}],
)
def test_the_key_covers_what_is_read(folder: Path, change: dict[str, object]) -> None:
    assert only(entries(folder, line())).key != only(entries(folder, line(**change))).key


def test_the_key_covers_the_files_and_nothing_else(folder: Path) -> None:
    before = only(entries(folder, line())).key
    assert only(entries(folder, line(id="two", note="x"))).key == before
    (folder / "a.lp").write_text(A.replace("1", "2"))
    assert only(entries(folder, line())).key != before


def test_a_mapping_may_be_rules_an_object_or_a_file(folder: Path) -> None:
    (folder / "m.json").write_text('{"recovery": {"x": "y"}}')
    (folder / "m.txt").write_text("x = y\n")
    given = ["x = y", {"recovery": {}}, "m.json", "m.txt", "# rules\nx = y"]
    found = [only(entries(folder, line(mapping=mapping))).mapping for mapping in given]
    assert found == ["x = y", {"recovery": {}}, {"recovery": {"x": "y"}}, "x = y\n", "# rules\nx = y"]


def test_blank_lines_and_a_byte_order_mark_are_passed_over(folder: Path) -> None:
    assert only(entries(folder, "\ufeff" + json.dumps(line()), "", "   ")).id == "one"


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ("[" * 100_000, "not JSON"),
        ("\udcff", "UTF-8"),
        ('{"id": 1' + "0" * 5000 + "}", "not JSON"),
        ({"reference": "a.lp", "candidate": "a.lp"}, '"id"'),
        (line(id=True), '"id"'),
        (line(id=" "), '"id"'),
        (line(reference=3), '"reference" is missing'),
        (line(candidate="absent.lp"), "'absent.lp', which is not a file"),
        (line(candidate="."), "not a file"),
        (line(candidate="a\0b"), "not a file"),
        (line(candidate="x" * 10_000), "not a file"),
        (line(contract="equivalent"), "unknown contract"),
        (line(contract=["quasi-karp"]), "unknown contract"),
        (line(mapping=7), '"mapping"'),
        (line(mapping=""), '"mapping"'),
        (line(mapping="absent.json"), "'absent.json', which is not a file"),
        (line(mapping="{broken"), "the mapping is not JSON"),
        (line(kind=1), '"kind"'),
        (line(text={}), '"text"'),
    ],
)
def test_a_bad_line_costs_itself_only(folder: Path, bad: object, expected: str) -> None:
    found = entries(folder, bad, line(id="good"))
    assert isinstance(found[0], Unreadable)
    assert found[0].reason.startswith("line 1: ")
    assert expected in found[0].reason
    assert "\n" not in found[0].reason
    assert isinstance(found[1], SeedPair)


def test_ids_must_differ_and_may_be_numbers(folder: Path) -> None:
    first, second = entries(folder, line(id=7), line(id="7"))
    assert first.id == "7"
    assert isinstance(second, Unreadable)
    assert "already used on line 1" in second.reason


def test_a_model_that_cannot_be_read_is_an_error_of_load(folder: Path) -> None:
    (folder / "a.lp").write_text("no model")
    with pytest.raises(InputError, match=r"a\.lp"):
        only(entries(folder, line())).load()


def test_what_is_recognised(folder: Path) -> None:
    loader = ManifestLoader()
    assert not loader.recognises(folder)
    entries(folder, line())
    assert loader.recognises(folder)
    assert loader.recognises(folder / "pairs.jsonl")
    (folder / "other.jsonl").write_text('{"instance_id": 1}\n')
    assert not loader.recognises(folder / "other.jsonl")
    assert not loader.recognises(folder / "absent")
    assert not loader.recognises(Path("a\0b"))


def test_a_missing_manifest_is_an_error_of_the_whole(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot read .*pairs\.jsonl"):
        list(ManifestLoader().pairs(tmp_path, LoaderOptions()))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(key=st.sampled_from(["id", "reference", "candidate", "contract", "mapping", "kind", "text"]), value=JSON)
def test_hostile_fields_never_raise(tmp_path_factory: pytest.TempPathFactory, key: str, value: object) -> None:
    folder = tmp_path_factory.mktemp("manifest")
    (folder / "a.lp").write_text(A)
    (found,) = entries(folder, {"id": "one", "reference": "a.lp", "candidate": "a.lp", key: value})
    assert isinstance(found, SeedPair | Unreadable)


def test_the_shared_manifests_load(shared_data: Path) -> None:
    found = list(ManifestLoader().pairs(shared_data / "formulation_bench", LoaderOptions()))
    assert len(found) == 23
    assert all(isinstance(pair, SeedPair) for pair in found)
    # Two of its pairs consist of the same bytes.
    assert len({pair.key for pair in found if isinstance(pair, SeedPair)}) == 22
    first = found[0]
    assert isinstance(first, SeedPair)
    assert first.contract == "reformulation"
    assert first.load()[0].shape == (75, 1275)
