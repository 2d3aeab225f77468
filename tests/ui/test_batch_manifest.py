import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools.errors import InputError
from ui.batch_manifest import Pair, UnusableLine, read_manifest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.lp", "b.lp"):
        (tmp_path / name).write_text("")
    return tmp_path


def entries(folder: Path, *lines: object) -> list[Pair | UnusableLine]:
    manifest = folder / "pairs.jsonl"
    manifest.write_bytes(b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines))
    return read_manifest(manifest)


GOOD = {"id": "1", "reference": "a.lp", "candidate": "b.lp"}


def test_a_line_names_a_pair_and_its_label_stays_behind(folder: Path) -> None:
    found = entries(folder, {**GOOD, "contract": "reformulation", "label": True, "more": [1]}, b"", {**GOOD, "id": 2})
    assert found == [
        Pair("1", folder / "a.lp", folder / "b.lp", "reformulation"),
        Pair(2, folder / "a.lp", folder / "b.lp", None),
    ]


@pytest.mark.parametrize(
    ("line", "identifier", "words"),
    [
        (b"{", None, "not JSON"),
        (b"[" * 100_000, None, "not JSON"),
        (b"\xff\xfe", None, "not UTF-8"),
        (b"[1]", None, "not an object"),
        ({"reference": "a.lp", "candidate": "b.lp"}, None, '"id"'),
        ({**GOOD, "id": ""}, None, '"id"'),
        ({**GOOD, "id": True}, None, '"id"'),
        ({**GOOD, "id": ["1"]}, None, '"id"'),
        ({"id": "1", "reference": "a.lp"}, "1", '"candidate" is missing'),
        ({**GOOD, "reference": 3}, "1", '"reference" is missing'),
        ({**GOOD, "reference": "c.lp"}, "1", "is not a file"),
        ({**GOOD, "reference": "."}, "1", "is not a file"),
        ({**GOOD, "reference": "\0"}, "1", "is not a file"),
        ({**GOOD, "reference": "n" * 5000}, "1", "is not a file"),
        ({**GOOD, "contract": "karp"}, "1", "unknown contract 'karp'"),
        ({**GOOD, "contract": ["quasi-karp"]}, "1", "unknown contract"),
    ],
)
def test_unusable_lines_say_what_to_change(folder: Path, line: object, identifier: object, words: str) -> None:
    (found,) = entries(folder, line)
    assert isinstance(found, UnusableLine)
    assert found.id == identifier
    assert found.message.startswith("line 1: ")
    assert words in found.message


def test_an_id_counts_once(folder: Path) -> None:
    found = entries(folder, GOOD, GOOD)
    assert found[1] == UnusableLine("1", "line 2: id '1' was already used on line 1; ids must differ")


def test_a_missing_manifest_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read the manifest"):
        read_manifest(tmp_path / "none.jsonl")


def test_a_byte_order_mark_is_no_error(folder: Path) -> None:
    (found,) = entries(folder, b"\xef\xbb\xbf" + json.dumps(GOOD).encode())
    assert isinstance(found, Pair)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.binary(max_size=40) | st.recursive(st.none() | st.text(), st.lists).map(lambda d: json.dumps(d).encode())
    )
)
def test_any_line_is_answered(tmp_path: Path, lines: list[bytes]) -> None:
    for entry in entries(tmp_path, *lines):
        assert isinstance(entry, UnusableLine)
        assert entry.message.startswith("line ")
