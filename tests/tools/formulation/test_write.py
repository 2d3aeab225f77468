import gzip
from pathlib import Path

import pytest

from tools.errors import InputError
from tools.formulation.lp_reader import parse_lp
from tools.formulation.model import Formulation
from tools.formulation.read import read
from tools.formulation.write import write


@pytest.fixture
def model() -> Formulation:
    return parse_lp("min x + 2 y\nst\n c: x + y >= 1\nend")


def test_an_unknown_ending_is_refused(model: Formulation, tmp_path: Path) -> None:
    for name in ("m.xlsx", "m", "m.gz"):
        with pytest.raises(InputError, match=r"\.lp, \.mps or \.json"):
            write(model, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_refused_model_leaves_the_old_file(model: Formulation, tmp_path: Path) -> None:
    path = tmp_path / "m.lp"
    write(model, path)
    before = path.read_bytes()
    unwritable = parse_lp("min x\nst\n c: x >= 1\nend", name="m")
    blank = Formulation(**{**vars(unwritable), "variables": ("a b",)})
    with pytest.raises(InputError, match="blank"):
        write(blank, path)
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == ["m.lp"]


def test_a_folder_that_is_not_there(model: Formulation, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot write"):
        write(model, tmp_path / "absent" / "m.lp")


def test_the_same_model_gives_the_same_bytes(model: Formulation, tmp_path: Path) -> None:
    first, second = tmp_path / "a.json.gz", tmp_path / "b.json.gz"
    write(model, first)
    write(model, second)
    assert first.read_bytes() == second.read_bytes()
    assert gzip.decompress(first.read_bytes()).startswith(b'{"schema": "quasikarp/formulation/1"')
    assert read(first).same_as(model)


def test_a_written_file_is_readable_by_others(model: Formulation, tmp_path: Path) -> None:
    path = tmp_path / "m.mps"
    write(model, path)
    assert path.stat().st_mode & 0o400
    highspy = pytest.importorskip("highspy")
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    assert highs.readModel(str(path)) == highspy.HighsStatus.kOk
    assert list(highs.getLp().a_matrix_.value_) == [1, 1]
