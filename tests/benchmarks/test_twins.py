import json
from pathlib import Path

import pytest
from benchmark_models import build

from benchmarks.twins import load, main
from tools.formulation.write import write


@pytest.mark.slow
def test_a_folder_of_models_is_run_once_and_summed_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    models, folder, table = tmp_path / "models", tmp_path / "work", tmp_path / "twins.md"
    models.mkdir()
    write(build("bic", [({0: 1, 1: 2}, 1, None), ({1: 1, 2: 3}, None, 5)], [1, 2, -3]), models / "one.lp")
    write(build("cc", [({0: 1, 1: 1}, 2, None), ({0: 1, 1: -1}, 0, 0)], [1, 2]), models / "two.mps")
    (models / "broken.lp").write_text("Minimize\n x +\n")
    arguments = [str(models), "--folder", str(folder), "--summary", str(table), "--time-limit", "20"]
    assert main(arguments) == 0
    records = load(folder / "results.jsonl", 0)
    assert records["broken.lp", "solve"]["status"] == "unreadable"
    for name in ("one.lp", "two.mps"):
        twin = records[name, "twin"]
        assert twin["verdict"] == "equivalent"
        assert set(twin["claims"].values()) == {"proved/exact"}
        assert twin["confirmation"]["result"] == "confirmed"
        assert records[name, "mutant"]["mutation"]["kind"]
        for task in ("named/reformulation", "named/quasi-karp", "free/reformulation", "free/quasi-karp"):
            assert "error" not in records[name, task]
    text = table.read_text()
    assert '**False "equivalent": 0.' in text
    assert "| **all** | 2 | 2 |" in text

    before = (folder / "results.jsonl").read_text()
    assert main(arguments) == 0
    assert (folder / "results.jsonl").read_text() == before
    capsys.readouterr()


def test_a_folder_without_models_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path), "--folder", str(tmp_path / "work")]) == 2
    assert "no model files" in capsys.readouterr().out


def test_half_a_line_of_results_is_passed_over(tmp_path: Path) -> None:
    record = {"file": "a.lp", "task": "twin", "seed": 0}
    results = tmp_path / "results.jsonl"
    results.write_text(json.dumps(record) + "\n" + json.dumps({**record, "seed": 1}) + '\n{"file": "b')
    assert load(results, 0) == {("a.lp", "twin"): record}
