import json
from pathlib import Path

import pytest
from benchmark_models import build

from benchmarks.discovery import family, load, main, manifest_name, read_manifest
from tools.formulation.write import write


def manifest(folder: Path, *lines: dict[str, object]) -> Path:
    path = folder / "pairs.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.mark.slow
def test_pairs_are_checked_once_and_summed_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    models, work, out = tmp_path / "models", tmp_path / "work", tmp_path / "out"
    models.mkdir()
    one = build("bic", [({0: 1, 1: 2}, 1, None), ({1: 1, 2: 3}, None, 5)], [1, 2, -3])
    write(one, models / "one.lp")
    write(one.changed(variables=["p", "q", "r"]), models / "other.lp")
    write(build("bic", [({0: 1, 1: 2}, 1, None), ({1: 1, 2: 3}, None, 1)], [1, 2, -3]), models / "cut.lp")
    path = manifest(
        models,
        {"id": "same:1", "reference": "one.lp", "candidate": "other.lp", "contract": "reformulation", "label": True},
        {"id": "cut:1", "reference": "one.lp", "candidate": "cut.lp", "contract": "reformulation", "label": True},
        {"id": "lost:1", "reference": "one.lp", "candidate": "nowhere.lp", "optimal_values": [1.0, None]},
    )
    arguments = [str(path), "--folder", str(work), "--out", str(out), "--time-limit", "20"]
    assert main(arguments) == 0
    records = load(work / "results.jsonl", 0)
    same = records["models", "same:1", "reformulation"]
    assert same["verdict"] == "equivalent"
    assert same["confirmation"]["result"] == "confirmed"
    assert same["models"]["candidate"]["integers"] == 2
    assert records["models", "cut:1", "reformulation"]["verdict"] == "not_equivalent"
    assert "nowhere.lp" in records["models", "lost:1", "quasi-karp"]["error"]
    text = (out / "discovery_models.md").read_text()
    assert "Verdicts against a stated label: 1." in text
    assert "| reformulation | **all** | 2 | 1 (50%) | 1 |" in text
    document = json.loads((out / "discovery_models.json").read_text())
    assert [record["id"] for record in document["pairs"]] == ["same:1", "cut:1", "lost:1"]

    before = (work / "results.jsonl").read_text()
    assert main(arguments) == 0
    assert (work / "results.jsonl").read_text() == before
    assert main([*arguments, "--contract", "quasi-karp", "--limit-pairs", "1"]) == 0
    assert ("models", "same:1", "quasi-karp") in load(work / "results.jsonl", 0)
    capsys.readouterr()


def test_unusable_manifests_are_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = manifest(tmp_path, {"id": "a", "reference": "a.lp"})
    with pytest.raises(ValueError, match="line 1 lacks candidate"):
        read_manifest(path)
    assert main([str(path)]) == 2
    assert "line 1 lacks candidate" in capsys.readouterr().err
    path.write_text("\n{not json\n")
    assert main([str(path)]) == 2
    assert "line 2 is no JSON" in capsys.readouterr().err
    pair: dict[str, object] = {"id": "a", "reference": "a.lp", "candidate": "b.lp"}
    assert main([str(manifest(tmp_path, pair, pair))]) == 2
    assert "same id" in capsys.readouterr().err
    assert main([str(manifest(tmp_path))]) == 2
    assert main([str(tmp_path / "missing.jsonl")]) == 2


def test_names_of_manifests_and_families(tmp_path: Path) -> None:
    assert manifest_name(tmp_path / "classics" / "pairs.jsonl") == "classics"
    assert manifest_name(tmp_path / "mine.jsonl") == "mine"
    assert family("lot_sizing:stock<-location") == "lot_sizing"
    assert family("p6_ab") == "p6"
    assert family("nl4opt-138") == "nl4opt"


def test_the_last_record_of_a_pair_counts(tmp_path: Path) -> None:
    record = {"manifest": "m", "id": "a", "contract": "quasi-karp", "seed": 0, "verdict": "unknown"}
    later = {**record, "verdict": "equivalent"}
    results = tmp_path / "results.jsonl"
    results.write_text("\n".join([json.dumps(record), json.dumps(later), json.dumps({**record, "seed": 1}), '{"man']))
    assert load(results, 0) == {("m", "a", "quasi-karp"): later}
