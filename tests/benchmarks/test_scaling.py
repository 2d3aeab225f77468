import json
from pathlib import Path

import pytest

from benchmarks.scaling import main, plot, table

ROW = {"family": "generic LP", "format": "lp", "size": 10, "nonzeros": 10, "rows": 2, "variables": 5}
MEASURED = {"verdict": "equivalent", "read_seconds": 0.1, "check_seconds": 0.3, "ratio": 3.0, "runs": 3}


def test_a_failure_is_a_row_too() -> None:
    text = table([ROW | MEASURED | {"peak_mb": 100, "stages": {"plan": 0.2}}, ROW | {"verdict": "killed after 9 s"}])
    assert "| generic LP | lp | 10 | 2 | 5 | equivalent | 0.100 | 0.300 | 3.0 | 3 | 100 |" in text
    assert "| killed after 9 s |  |  |" in text
    assert "plan 0.20 s" in text


def test_the_plot_is_written_whatever_failed(tmp_path: Path) -> None:
    plot([ROW | MEASURED, ROW | {"verdict": "killed"}], tmp_path / "a.png")
    plot([ROW | {"verdict": "killed"}], tmp_path / "b.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "b.png").exists()


@pytest.mark.slow
def test_a_small_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--sizes", "100", "--families", "generic MILP", "--formats", "lp", "--repeat", "1"]
    assert main([*arguments, "--results", str(tmp_path)]) == 0
    row = json.loads(capsys.readouterr().out.splitlines()[0])
    assert row["verdict"] == "equivalent"
    assert row["ratio"] == pytest.approx(row["check_seconds"] / row["read_seconds"], rel=0.1)
    assert row["peak_mb"] > 10
    assert (tmp_path / "scaling.png").exists()
