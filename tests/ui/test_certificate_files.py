"""Names of certificates stay in their folder and apart; files appear whole."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import InputError
from ui.certificate_files import certificate_name, ready_folder, write_certificate

IDS = st.one_of(st.text(min_size=1), st.integers(), st.integers(0, 30).map(str), st.sampled_from(["a", "A", "a-b"]))


def test_plain_ids_are_their_own_names() -> None:
    assert [certificate_name(name) for name in ("pair-1", "P_2", 7)] == ["pair-1.json", "P_2.json", "7.json"]
    assert certificate_name("7") != certificate_name(7)


@given(IDS)
def test_no_name_leads_out_of_the_folder(identifier: str | int) -> None:
    name = certificate_name(identifier)
    assert os.path.basename(name) == name
    assert not name.startswith((".", "-", "~"))
    assert len(name.encode()) < 150
    assert name.isascii()
    assert name.isprintable()


@given(IDS, IDS)
def test_no_two_ids_share_a_name(one: str | int, other: str | int) -> None:
    assert (certificate_name(one) == certificate_name(other)) == (json.dumps(one) == json.dumps(other))


@pytest.mark.parametrize(
    "hostile", ["../../etc/passwd", "/etc/passwd", ".", "..", "a/b", "a\0b", "\ud800", "x" * 10_000]
)
def test_hostile_ids(hostile: str, tmp_path: Path) -> None:
    folder = ready_folder(tmp_path / "made" / "here")
    write_certificate(folder / certificate_name(hostile), "{}\n")
    (written,) = folder.iterdir()
    assert written.read_text() == "{}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


def test_a_certificate_replaces_an_older_one(tmp_path: Path) -> None:
    for text in ("old", "new"):
        write_certificate(tmp_path / "a.json", text)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.json": "new"}


def test_an_unusable_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/none"), Path("a\0b")):
        with pytest.raises(InputError, match="--certificates"):
            ready_folder(folder)
