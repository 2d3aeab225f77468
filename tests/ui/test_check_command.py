import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

import ui.check_command
from agent.events import Event
from agent.settings import Settings
from tools.errors import InputError, QuasikarpError
from tools.report import CertificateSummary, Report
from ui.check_command import check_pair

Install = Callable[..., list[Settings]]
Pair = tuple[Path, Path]


def test_json_is_one_object_that_reads_back(
    agent_says: Install, refuted: Report, pair: Pair, capfd: pytest.CaptureFixture[str]
) -> None:
    agent_says(refuted)
    assert check_pair(*pair, Settings(), as_json=True, out=None) == 1
    captured = capfd.readouterr()
    assert Report.from_json(json.loads(captured.out)) == refuted
    assert captured.err == ""


@pytest.mark.parametrize(("name", "code"), [("equivalent", 0), ("undecided", 3)])
def test_people_get_the_headline_first(
    agent_says: Install,
    pair: Pair,
    capfd: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
    name: str,
    code: int,
) -> None:
    agent_says(request.getfixturevalue(name))
    assert check_pair(*pair, Settings(), as_json=False, out=None) == code
    captured = capfd.readouterr()
    assert captured.out.startswith(f"{name} under quasi-karp")
    assert "\x1b" not in captured.out + captured.err


def test_models_of_the_same_file_name_are_told_apart(
    agent_says: Install, equivalent: Report, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    agent_says(equivalent)
    paths = [tmp_path / side / "model.lp" for side in ("old", "new")]
    for path in paths:
        path.parent.mkdir()
        path.write_text("")
    check_pair(paths[0], paths[1], Settings(), as_json=False, out=None)
    assert "new/model.lp" in capfd.readouterr().out.splitlines()[0]


@pytest.mark.parametrize("as_json", [True, False])
def test_warnings_are_lines_on_stderr_and_change_nothing_else(
    agent_says: Install, refuted: Report, pair: Pair, capfd: pytest.CaptureFixture[str], as_json: bool
) -> None:
    agent_says(refuted)
    check_pair(*pair, Settings(), as_json=as_json, out=None)
    expected = capfd.readouterr()
    agent_says(refuted, warnings=["no memory", "odd \x1b[31m\nname", "no memory"])
    assert check_pair(*pair, Settings(), as_json=as_json, out=None) == 1
    captured = capfd.readouterr()
    assert captured.out == expected.out
    assert captured.err == "quasikarp: warning: no memory\nquasikarp: warning: odd \\x1b[31m\\nname\n"


def test_warnings_come_out_when_the_check_fails_later(
    agent_says: Install, pair: Pair, capfd: pytest.CaptureFixture[str]
) -> None:
    agent_says(InputError("no"), warnings=["no memory"])
    with pytest.raises(InputError):
        check_pair(*pair, Settings(), as_json=True, out=None)
    assert capfd.readouterr().err == "quasikarp: warning: no memory\n"


def test_the_agent_gets_the_settings(agent_says: Install, equivalent: Report, pair: Pair) -> None:
    calls = agent_says(equivalent)
    settings = Settings(contract="reformulation", seed=7, hints=("x = u",))
    check_pair(*pair, settings, as_json=True, out=None)
    assert calls == [settings]


def test_out_receives_the_report(agent_says: Install, equivalent: Report, pair: Pair, tmp_path: Path) -> None:
    agent_says(equivalent)
    out = tmp_path / "report.json"
    check_pair(*pair, Settings(), as_json=False, out=out)
    assert Report.from_json(json.loads(out.read_text())) == equivalent


@pytest.mark.parametrize("name", ["missing/report.json", "reference.lp", "."])
def test_an_unusable_out_is_refused_before_the_check(
    agent_says: Install, equivalent: Report, pair: Pair, name: str
) -> None:
    calls = agent_says(equivalent)
    before = pair[0].read_text()
    with pytest.raises(InputError, match="--out"):
        check_pair(*pair, Settings(), as_json=False, out=pair[0].parent / name)
    assert calls == []
    assert pair[0].read_text() == before


def test_a_failed_check_leaves_no_out(agent_says: Install, pair: Pair, tmp_path: Path) -> None:
    agent_says(InputError("no"))
    with pytest.raises(InputError):
        check_pair(*pair, Settings(), as_json=False, out=tmp_path / "report.json")
    assert sorted(os.listdir(tmp_path)) == ["candidate.lp", "reference.lp"]


@pytest.mark.parametrize("missing", [0, 1])
def test_a_missing_model_is_named(pair: Pair, missing: int) -> None:
    pair[missing].unlink()
    with pytest.raises(InputError, match=f"{pair[missing].name} does not exist"):
        check_pair(*pair, Settings(), as_json=False, out=None)


def test_a_run_without_a_report_is_an_error(monkeypatch: pytest.MonkeyPatch, pair: Pair) -> None:
    def stream(*_: object) -> Iterator[Event]:
        yield Event("step", "ingest", "read")

    monkeypatch.setattr(ui.check_command, "stream", stream)
    with pytest.raises(QuasikarpError, match="without a report"):
        check_pair(*pair, Settings(), as_json=False, out=None)


def test_what_solvers_print_is_not_in_the_answer(
    monkeypatch: pytest.MonkeyPatch, equivalent: Report, pair: Pair, capfd: pytest.CaptureFixture[str]
) -> None:
    def stream(*_: object) -> Iterator[Event]:
        os.write(1, b"Welcome to the solver\n")
        yield Event("report", "conclude", "done", equivalent)

    monkeypatch.setattr(ui.check_command, "stream", stream)
    check_pair(*pair, Settings(), as_json=True, out=None)
    json.loads(capfd.readouterr().out)


@pytest.fixture
def proofs(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str | None]]:
    """Let certificates be this text and show the verdict or not; returns what was required, as a list."""

    def install(*, verdict: bool) -> list[str | None]:
        calls: list[str | None] = []

        def certified(
            reference: Path, candidate: Path, report: Report, settings: Settings, require: str | None
        ) -> tuple[Report, str]:
            calls.append(require)
            gaps = {} if verdict else {"value": "no exact bound"}
            report = replace(report, certificate=CertificateSummary("0" * 64, verdict, gaps))
            if require and not verdict:
                reason = "equivalent, but not shown exactly: no exact bound"
                report = replace(report, verdict="unknown", scope=None, reason=reason)
            return report, "the proof\n"

        monkeypatch.setattr(ui.check_command, "certified", certified)
        return calls

    return install


def test_a_certificate_is_written_and_told(
    agent_says: Install,
    proofs: Callable[..., list[str | None]],
    equivalent: Report,
    pair: Pair,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    agent_says(equivalent)
    proofs(verdict=True)
    file = tmp_path / "my proof.json"
    file.write_text("an older one")
    assert check_pair(*pair, Settings(), as_json=False, out=None, certificate=file) == 0
    assert file.read_text() == "the proof\n"
    captured = capfd.readouterr()
    assert "In the certificate: the verdict, status" in captured.out
    assert f"check it: quasikarp-verify '{file}' {pair[0]} {pair[1]}\n" in captured.out
    assert captured.err == ""


def test_with_json_stdout_is_the_report_s_alone(
    agent_says: Install,
    proofs: Callable[..., list[str | None]],
    equivalent: Report,
    pair: Pair,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    agent_says(equivalent)
    proofs(verdict=False)
    file = tmp_path / "proof.json"
    assert check_pair(*pair, Settings(), as_json=True, out=None, certificate=file) == 0
    captured = capfd.readouterr()
    assert json.loads(captured.out)["certificate"] == {
        "sha256": "0" * 64, "verdict": False, "gaps": {"value": "no exact bound"},
    }  # fmt: skip
    assert captured.err.startswith(f"certificate: {file} (status")
    assert "not in it: value – no exact bound)" in captured.err


@pytest.mark.parametrize(("verdict", "code"), [(True, 0), (False, 3)])
def test_what_no_certificate_shows_is_unknown_where_exact_is_required(
    agent_says: Install,
    proofs: Callable[..., list[str | None]],
    equivalent: Report,
    pair: Pair,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    verdict: bool,
    code: int,
) -> None:
    agent_says(equivalent)
    calls = proofs(verdict=verdict)
    assert check_pair(*pair, Settings(), as_json=False, out=None, require="exact") == code
    assert calls == ["exact"]
    assert ("not shown exactly: no exact bound" in capfd.readouterr().out) is not verdict
    assert sorted(os.listdir(tmp_path)) == ["candidate.lp", "reference.lp"]


@pytest.mark.parametrize("name", ["missing/proof.json", "reference.lp", ".", "report.json"])
def test_an_unusable_certificate_is_refused_before_the_check(
    agent_says: Install, equivalent: Report, pair: Pair, name: str
) -> None:
    calls = agent_says(equivalent)
    folder = pair[0].parent
    before = pair[0].read_text()
    with pytest.raises(InputError, match="--certificate"):
        check_pair(*pair, Settings(), as_json=False, out=folder / "report.json", certificate=folder / name)
    assert calls == []
    assert pair[0].read_text() == before
    assert sorted(os.listdir(folder)) == ["candidate.lp", "reference.lp"]


def test_a_pipe_cannot_be_certified(agent_says: Install, equivalent: Report, pair: Pair, tmp_path: Path) -> None:
    calls = agent_says(equivalent)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="can be read only once; save it as a file"):
        check_pair(tmp_path / "pipe", pair[1], Settings(), as_json=False, out=None, require="exact")
    assert calls == []


@pytest.mark.parametrize(("require", "verdict"), [(None, "equivalent"), ("exact", "undecided")])
def test_a_failure_to_certify_costs_no_answer(
    agent_says: Install,
    equivalent: Report,
    pair: Pair,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    require: Literal["exact"] | None,
    verdict: str,
) -> None:
    def certified(*arguments: object) -> None:
        raise ZeroDivisionError("oops")

    agent_says(equivalent)
    monkeypatch.setattr(ui.check_command, "certified", certified)
    file, out = tmp_path / "proof.json", tmp_path / "report.json"
    with pytest.raises(ZeroDivisionError):
        check_pair(*pair, Settings(), as_json=False, out=out, certificate=file, require=require)
    assert capfd.readouterr().out.startswith(f"{verdict} under quasi-karp")
    assert Report.from_json(json.loads(out.read_text())).exit_code == (3 if require else 0)
    assert not file.exists()
    assert sorted(os.listdir(tmp_path)) == ["candidate.lp", "reference.lp", "report.json"]
