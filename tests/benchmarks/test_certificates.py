import json
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.certificates import load, main
from benchmarks.measured import measured


@pytest.mark.slow
def test_a_manifest_is_run_once_and_summed_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An LP pair that is equivalent, one that is not, and one that cannot be read; the checker reads the files too."""
    lp = "Minimize\n obj: {cost} {x}\nSubject To\n c: {x} >= {least}\nEnd\n"
    for name, values in {
        "one": {"cost": 1, "x": "x", "least": 2},
        "two": {"cost": 2, "x": "y", "least": 1},
        "three": {"cost": 1, "x": "x", "least": 3},
    }.items():
        (tmp_path / f"{name}.lp").write_text(lp.format(**values))
    pairs: list[dict[str, Any]] = [
        {"id": "scaled", "reference": "one.lp", "candidate": "two.lp", "contract": "reformulation"},
        {"id": "other", "reference": "one.lp", "candidate": "three.lp", "contract": "reformulation"},
        {"id": "absent", "reference": "one.lp", "candidate": "none.lp"},
    ]
    manifest = tmp_path / "small.jsonl"
    manifest.write_text("".join(json.dumps(pair) + "\n" for pair in pairs))
    folder, out = tmp_path / "work", tmp_path / "out"
    arguments = ["--sources", "discovery", "--manifests", str(manifest), "--time-limit", "10", "--folder", str(folder)]
    assert main([*arguments, "--out", str(out)]) == 0
    records = load(folder / "results.jsonl", 0)
    scaled = records["discovery", "small/scaled"]
    assert scaled["verdict"] == "equivalent"
    assert scaled["verdict_certified"]
    assert all(claim["certified"] for claim in scaled["claims"].values())
    assert (scaled["checker_status"], scaled["checker_files"]) == (0, 2)
    assert (folder / "certificates" / scaled["certificate"]).stat().st_size == scaled["certificate_bytes"]
    assert 0 < scaled["checker_seconds"] < 10
    assert 5 < scaled["checker_mb"] < 500
    assert records["discovery", "small/other"]["checker_status"] == 0
    assert "none.lp" in records["discovery", "small/absent"]["skipped"]
    text = (out / "certificates.md").read_text()
    assert "**Certificates that the checker accepts: 2 of 2**, 2 of them with both model files." in text

    before = (folder / "results.jsonl").read_text()
    assert main([*arguments, "--out", str(out)]) == 0
    assert (folder / "results.jsonl").read_text() == before
    capsys.readouterr()


def test_no_manifest_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--sources", "discovery", "--manifests", str(tmp_path / "none.jsonl")]) == 2
    assert "none.jsonl" in capsys.readouterr().err


def test_a_command_is_measured_by_itself() -> None:
    run = measured([sys.executable, "-c", "print('said'); raise SystemExit(3)"], 20.0, 2000)
    assert (run.status, run.output) == (3, "said\n")
    ballast = bytearray(150 << 20)
    ballast[:: 1 << 12] = b"x" * len(ballast[:: 1 << 12])
    small = measured([sys.executable, "-c", "pass"], 20.0, 2000)
    assert small.peak_mb < 60  # that of the process which asks does not count
    large = measured([sys.executable, "-c", "b = bytearray(80 << 20); b[::4096] = b'x' * len(b[::4096])"], 20.0, 2000)
    assert 80 < large.peak_mb < 150
    del ballast


def test_what_takes_too_long_or_too_much_is_ended() -> None:
    slow = measured([sys.executable, "-c", "import time; time.sleep(30)"], 0.5, 2000)
    assert slow.status == -9
    assert slow.seconds < 10
    greedy = measured([sys.executable, "-c", "bytearray(800 << 20)"], 20.0, 400)
    assert greedy.status == 1
    assert "MemoryError" in greedy.output
