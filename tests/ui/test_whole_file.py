import os
from pathlib import Path

import pytest

from tools.errors import InputError
from ui.whole_file import replacing


def test_the_file_appears_whole(tmp_path: Path) -> None:
    target = tmp_path / "model.mps.gz"
    target.write_text("old")
    with replacing(target) as temporary:
        assert temporary.suffixes == target.suffixes
        temporary.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert os.listdir(tmp_path) == [target.name]


def test_an_error_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    with pytest.raises(FileNotFoundError), replacing(target) as temporary:
        temporary.with_name("absent").read_text()
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", ["missing/out.json", ".", "n" * 300, "nul\0.json"])
def test_what_cannot_be_written_is_found_at_once(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="--out"), replacing(tmp_path / name):
        pytest.fail("entered")


@pytest.mark.parametrize("name", ["missing/out.json", "."])
def test_the_path_is_called_what_the_user_calls_it(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="FILE") as found, replacing(tmp_path / name, option="FILE"):
        pytest.fail("entered")
    assert "--out" not in str(found.value)


def test_an_input_is_not_overwritten(tmp_path: Path) -> None:
    model = tmp_path / "model.lp"
    model.write_text("model")
    with pytest.raises(InputError, match="overwrite"), replacing(tmp_path / "." / "model.lp", keep=(model,)):
        pytest.fail("entered")
    assert model.read_text() == "model"


def test_a_device_is_written_to_and_not_replaced() -> None:
    with replacing(Path("/dev/null")) as target:
        target.write_text("gone")
    assert Path("/dev/null").is_char_device()


def test_a_link_keeps_pointing(tmp_path: Path) -> None:
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    with replacing(tmp_path / "link.json") as temporary:
        temporary.write_text("new")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_text() == "new"
