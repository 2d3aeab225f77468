import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

import ui.batch_command
from agent.settings import Settings
from tools.errors import InputError, QuasikarpError
from tools.report import Report
from ui.batch_command import check_batch

FAKE = (sys.executable, str(Path(__file__).with_name("fake_worker.py")))


@pytest.fixture(autouse=True)
def report_of_the_fake_worker(equivalent: Report, tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text(json.dumps(equivalent.to_json()))


def manifest_of(folder: Path, *names: str, **more: str) -> Path:
    for name in names:
        (folder / f"{name}.lp").write_text("")
    lines = [{"id": name, "reference": f"{name}.lp", "candidate": f"{name}.lp", **more} for name in names]
    path = folder / "pairs.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def answers_in(out: Path) -> dict[Any, dict[str, Any]]:
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    found = {line["id"]: line for line in lines}
    assert len(found) == len(lines)
    return found


def asked(folder: Path) -> list[str]:
    return [line.split()[0] for line in (folder / "asked.txt").read_text().splitlines()]


def test_every_pair_is_answered_and_the_line_s_contract_counts(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    names = [f"good-{k}" for k in range(6)]
    manifest = manifest_of(tmp_path, *names, contract="reformulation", label="equivalent")
    out = tmp_path / "out.jsonl"
    settings = Settings(hints=("a = b",))
    assert check_batch(manifest, settings, out=out, jobs=2, command=FAKE) == 0
    found = answers_in(out)
    assert set(found) == set(names)
    for answer in found.values():
        report = Report.from_json(answer)
        assert (report.contract, report.reason) == ("reformulation", "a = b")
        assert "label" not in answer
    captured = capfd.readouterr()
    assert "6 answers (6 equivalent)" in captured.out
    assert captured.err == ""


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("crash", "crash", "SIGSEGV"),
        ("exit", "crash", "exit status 7, last words"),
        ("hang", "timeout", "no answer within"),
        ("memory", "memory", "fewer --jobs"),
        ("bug", "internal", "ZeroDivisionError: oops"),
        ("bad", "input", "bad.lp, line 2: odd"),
    ],
)
def test_what_happens_to_one_pair_costs_that_pair_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, kind: str, words: str
) -> None:
    monkeypatch.setattr(ui.batch_command, "GRACE_SECONDS", 0.5)
    manifest = manifest_of(tmp_path, "good-1", name, "good-2")
    out = tmp_path / "out.jsonl"
    assert check_batch(manifest, Settings(time_limit=1), out=out, jobs=1, command=FAKE) == 0
    found = answers_in(out)
    assert found[name]["error"]["kind"] == kind
    assert words in found[name]["error"]["message"]
    assert found["good-1"]["verdict"] == found["good-2"]["verdict"] == "equivalent"


def test_solvers_in_sessions_of_their_own_end_with_their_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ui.batch_command, "GRACE_SECONDS", 0.5)
    out = tmp_path / "out.jsonl"
    assert check_batch(manifest_of(tmp_path, "family"), Settings(time_limit=1), out=out, jobs=1, command=FAKE) == 0
    assert answers_in(out)["family"]["error"]["kind"] == "timeout"
    child = int((tmp_path / "child.txt").read_text())
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE


def test_warnings_are_told_once_and_are_in_no_answer(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    manifest = manifest_of(tmp_path, "forgetful-1", "good-1", "forgetful-2", "forgetful-3")
    out = tmp_path / "out.jsonl"
    assert check_batch(manifest, Settings(memory="/dev/null/x"), out=out, jobs=2, command=FAKE) == 0
    captured = capfd.readouterr()
    assert captured.err.splitlines() == [
        "quasikarp: warning: going on without\\nmemory",
        "quasikarp: warning: memory was /dev/null/x",
    ]
    assert "going on without" not in captured.out + out.read_text()
    assert {answer["verdict"] for answer in answers_in(out).values()} == {"equivalent"}


def test_a_crash_that_an_earlier_pair_may_have_caused_is_tried_once_more(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    check_batch(manifest_of(tmp_path, "good-1", "tired"), Settings(), out=out, jobs=1, command=FAKE)
    assert answers_in(out)["tired"]["verdict"] == "equivalent"
    assert asked(tmp_path) == ["good-1", "tired", "tired"]


def test_it_resumes_and_redoes_a_half_written_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    manifest = manifest_of(tmp_path, "good-1", "good-2", "good-3")
    out = tmp_path / "out.jsonl"
    check_batch(manifest, Settings(), out=out, jobs=1, command=FAKE)
    whole = out.read_bytes()
    out.write_bytes(whole[:-20])
    (tmp_path / "asked.txt").unlink()
    check_batch(manifest, Settings(), out=out, jobs=1, command=FAKE)
    assert out.read_bytes() == whole
    assert asked(tmp_path) == ["good-3"]
    assert "3 answers, 2 of them from before" in capfd.readouterr().out
    (tmp_path / "asked.txt").unlink()
    check_batch(manifest, Settings(), out=out, jobs=1, command=FAKE)
    assert out.read_bytes() == whole
    assert not (tmp_path / "asked.txt").exists()


def test_unusable_lines_are_answered_once(tmp_path: Path) -> None:
    manifest = manifest_of(tmp_path, "good-1")
    manifest.write_text(manifest.read_text() + "{\n\n" + '{"id": "x"}\n')
    out = tmp_path / "out.jsonl"
    for _ in range(2):
        assert check_batch(manifest, Settings(), out=out, jobs=1, command=FAKE) == 0
        assert set(answers_in(out)) == {None, "x", "good-1"}
        assert answers_in(out)["x"]["error"]["kind"] == "manifest"


def test_an_empty_manifest_is_done(tmp_path: Path) -> None:
    manifest = manifest_of(tmp_path)
    assert check_batch(manifest, Settings(), out=tmp_path / "out.jsonl", jobs=None) == 0
    assert (tmp_path / "out.jsonl").read_text() == ""


@pytest.mark.parametrize("name", ["pairs.jsonl", "good-1.lp"])
def test_inputs_are_not_written_to(tmp_path: Path, name: str) -> None:
    manifest = manifest_of(tmp_path, "good-1")
    before = (tmp_path / name).read_text()
    with pytest.raises(InputError, match="overwrite"):
        check_batch(manifest, Settings(), out=tmp_path / name, jobs=1, command=FAKE)
    assert (tmp_path / name).read_text() == before


def test_a_missing_mapping_file_is_found_before_any_pair(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"rules\.txt does not exist"):
        check_batch(
            manifest_of(tmp_path, "good-1"),
            Settings(mapping=tmp_path / "rules.txt"),
            out=tmp_path / "out.jsonl",
            jobs=1,
            command=FAKE,
        )
    assert not (tmp_path / "out.jsonl").exists()


def test_a_worker_that_cannot_start_is_no_answer(tmp_path: Path) -> None:
    broken = (sys.executable, "-c", "raise SystemExit('no such module')")
    out = tmp_path / "out.jsonl"
    with pytest.raises(QuasikarpError, match="could not start: exit status 1, no such module"):
        check_batch(manifest_of(tmp_path, "good-1"), Settings(), out=out, jobs=1, command=broken)
    assert out.read_text() == ""


@pytest.mark.parametrize(("stop", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_it_leaves_whole_lines_no_workers_and_resumes(tmp_path: Path, stop: signal.Signals, code: int) -> None:
    names = [f"slow-{k}" for k in range(5)]
    manifest, out = manifest_of(tmp_path, *names), tmp_path / "out.jsonl"
    program = (
        "import sys; from ui.batch_command import Path, Settings, check_batch; from ui.outcome import exit_code_of\n"
        "manifest, out, *command = sys.argv[1:]\n"
        "run = lambda: check_batch(Path(manifest), Settings(), out=Path(out), jobs=2, command=command)\n"
        "sys.exit(exit_code_of(run, debug=False))"
    )
    command = [sys.executable, "-c", program, str(manifest), str(out), *FAKE]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while (not out.exists() or not out.read_bytes()) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(stop)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == code
    assert "run the same command again to go on" in output
    assert "Traceback" not in errors
    workers = {int(line.split()[1]) for line in (tmp_path / "asked.txt").read_text().splitlines()}
    assert not [pid for pid in workers if _runs(pid)]
    before = answers_in(out)
    assert 0 < len(before) < len(names)
    assert check_batch(manifest, Settings(), out=out, jobs=2, command=FAKE) == 0
    assert set(answers_in(out)) == set(names)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_each_pair_has_a_certificate_of_its_own_and_resumes(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    manifest = manifest_of(tmp_path, "good-1", "good-2", "uncertain-3")
    out, folder = tmp_path / "out.jsonl", tmp_path / "new" / "proofs"
    check_batch(manifest, Settings(), out=out, jobs=2, command=FAKE, certificates=folder)
    found = answers_in(out)
    assert {name: found[name]["certificate_file"] for name in found} == {name: f"{name}.json" for name in found}
    assert {path.name: path.read_text() for path in folder.iterdir()} == {f"{name}.json": name for name in found}
    assert "1 verdicts are shown by no certificate" in capfd.readouterr().out
    whole = out.read_bytes()
    out.write_bytes(whole[:-20])
    (tmp_path / "asked.txt").unlink()
    check_batch(manifest, Settings(), out=out, jobs=1, command=FAKE, certificates=folder)
    assert len(asked(tmp_path)) == 1
    assert answers_in(out) == found


def test_exact_may_be_required_without_files(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    check_batch(
        manifest_of(tmp_path, "good-1", "uncertain-2"), Settings(), out=out, jobs=1, command=FAKE, require="exact"
    )
    found = answers_in(out)
    assert (found["good-1"]["verdict"], found["uncertain-2"]["verdict"]) == ("equivalent", "unknown")
    assert "certificate_file" not in found["good-1"]


def test_earlier_answers_without_a_certificate_are_counted(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    manifest, out = manifest_of(tmp_path, "good-1"), tmp_path / "out.jsonl"
    check_batch(manifest, Settings(), out=out, jobs=1, command=FAKE)
    assert "shown by no certificate" not in capfd.readouterr().out
    check_batch(manifest, Settings(), out=out, jobs=1, command=FAKE, require="exact")
    assert "1 verdicts are shown by no certificate" in capfd.readouterr().out


@pytest.mark.parametrize("place", ["file", "file/below", "models"])
def test_certificates_go_where_they_harm_nothing(tmp_path: Path, place: str) -> None:
    manifest = manifest_of(tmp_path, "good-1")
    (tmp_path / "file").write_text("")
    (tmp_path / "models").mkdir()
    model = tmp_path / "models" / "good-1.json"
    model.write_text("a model")
    line = {"id": "good-1", "reference": "models/good-1.json", "candidate": "good-1.lp"}
    manifest.write_text(json.dumps(line) + "\n")
    with pytest.raises(InputError, match="--certificates"):
        check_batch(
            manifest, Settings(), out=tmp_path / "out.jsonl", jobs=1, command=FAKE, certificates=tmp_path / place
        )
    assert model.read_text() == "a model"
    assert not (tmp_path / "out.jsonl").exists()
