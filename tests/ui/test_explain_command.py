"""`quasikarp explain`: reports in, words out, and one line where that cannot be."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import ui.explain_command
from agent.explaining.phrasing import Explanation
from agent.explaining.template import explain
from agent.language.configuration import LanguageModel
from tools.errors import InputError
from tools.report import Report
from ui.cli import app
from ui.explain_command import explain_report, read_report


def written(report: Report, folder: Path) -> Path:
    path = folder / "report.json"
    path.write_text(json.dumps(report.to_json()), encoding="utf-8")
    return path


def run(*words: str, stdin: bytes | None = None) -> Any:
    return CliRunner().invoke(app, ["explain", *words], input=stdin)


@pytest.mark.parametrize("name", ["equivalent", "refuted", "undecided"])
def test_the_template_is_printed_without_any_model(
    name: str, tmp_path: Path, request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str]
) -> None:
    report = request.getfixturevalue(name)
    assert explain_report(written(report, tmp_path), question="", model=None, as_json=False) == 0
    captured = capfd.readouterr()
    assert captured.out.split() == explain(report).split()
    assert captured.err == ""
    assert max(map(len, captured.out.split("\n"))) <= 100
    assert not any(line.endswith(" ") for line in captured.out.split("\n"))


def test_json_is_one_object(refuted: Report, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    explain_report(written(refuted, tmp_path), question="", model=None, as_json=True)
    data = json.loads(capfd.readouterr().out)
    assert data["schema"] == "quasikarp/explanation/1"
    assert data["text"] == explain(refuted)
    assert data["verdict"] == refuted.verdict
    assert data["written_by"] == "template"
    assert data["facts"][0]["topic"] == "verdict"


def test_the_command_reads_standard_input(refuted: Report) -> None:
    result = run("-", stdin=json.dumps({**refuted.to_json(), "id": "a"}).encode())
    assert result.exit_code == 0
    assert result.stdout.startswith("No, with this mapping")


def test_a_question_without_a_model_costs_a_line(
    refuted: Report, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    explain_report(written(refuted, tmp_path), question="why?", model=None, as_json=False)
    captured = capfd.readouterr()
    assert captured.out.split() == explain(refuted).split()
    assert captured.err.count("\n") == 1
    assert "--model" in captured.err


def test_a_model_that_fails_costs_a_line(
    refuted: Report, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def failing(report: Report, model: Any, *, question: str) -> Explanation:
        asked.append((model, question))
        return Explanation(explain(report), "template", "the model is \x1b[31m\naway")

    monkeypatch.setattr(ui.explain_command, "explain_with", failing)
    model = LanguageModel("m")
    assert explain_report(written(refuted, tmp_path), question="why?", model=model, as_json=False) == 0
    captured = capfd.readouterr()
    assert captured.err == ("quasikarp: warning: the model is \\x1b[31m\\naway; the explanation is the template's\n")
    assert captured.out.split() == explain(refuted).split()
    assert asked == [(model, "why?")]


def test_the_environment_names_the_model(refuted: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[Any] = []

    def told(report: Report, model: Any, *, question: str) -> Explanation:
        found.append(model)
        return Explanation("text", "llm:m")

    monkeypatch.setattr(ui.explain_command, "explain_with", told)
    path = str(written(refuted, tmp_path))
    assert run(path).stdout == "text\n"
    monkeypatch.setenv("QUASIKARP_MODEL", "m")
    run(path)
    run(path, "--model", "other", "--base-url", "http://127.0.0.1:9/v1")
    assert found == [None, LanguageModel("m"), LanguageModel("other", "http://127.0.0.1:9/v1")]


BAD = [
    (b"", "not JSON"),
    (b"hello", "not JSON"),
    (b"[]", "expected a JSON object"),
    (b"null", "expected a JSON object"),
    (b"{}", "not a report"),
    (b'{"schema": "quasikarp/report/2"}', "not a report"),
    (b'{"schema": "quasikarp/report/1"}', "'verdict' is missing"),
    (b'{"schema": "quasikarp/report/1", "id": "a", "error": {"kind": "input"}}', "could not be checked"),
    (b'{"schema": NaN}', "NaN is not a number"),
    (b'{"schema": ' + b"1" * 5000 + b"}", "not a report"),
    (b"\xff\xfe\x00", "UTF-8"),
    (b"[" * 100_000, "nested too deeply"),
    (b'{"a":' * 100_000, "nested too deeply"),
    (b'{"schema": 1}\n{"schema": 1}\n', "more than one JSON value"),
    (b'{"schema": "quasikarp/report/1", "verdict": "\\u001b[31m\\nyes"}', "'verdict' must be one of"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "says"), BAD, ids=[says for _, says in BAD])
def test_bad_input_is_one_line(raw: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(raw)
    for result in (run(str(path)), run("-", stdin=raw)):
        assert result.exit_code == 2
        assert result.stdout == ""
        assert says in result.stderr
        assert result.stderr.count("\n") == 1
        assert "\x1b" not in result.stderr
        assert "Traceback" not in result.stderr


def test_wrong_types_in_any_field_are_one_line(refuted: Report, tmp_path: Path) -> None:
    data = refuted.to_json()
    for field in data:
        for value in (None, 7, "x", [], {"a": []}, [[]], True):
            path = tmp_path / "bad.json"
            path.write_text(json.dumps({**data, field: value}), encoding="utf-8")
            result = run(str(path))
            assert result.exit_code in (0, 2), (field, value)
            assert result.stderr.count("\n") == (result.exit_code == 2)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.json", tmp_path):
        with pytest.raises(InputError):
            read_report(path)
    assert run(str(tmp_path / "missing.json")).exit_code == 2


def test_a_long_question_is_refused(refuted: Report, tmp_path: Path) -> None:
    result = run(str(written(refuted, tmp_path)), "--question", "q" * 501)
    assert result.exit_code == 2
    assert "501 characters" in result.stderr


def test_a_base_url_needs_a_model(refuted: Report, tmp_path: Path) -> None:
    result = run(str(written(refuted, tmp_path)), "--base-url", "http://127.0.0.1:9/v1")
    assert result.exit_code == 2
    assert "--model" in result.stderr


def test_no_standard_input_is_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match="standard input"):
        read_report(Path("-"))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"{}")))
    with pytest.raises(InputError, match="standard input"):
        read_report(Path("-"))


def test_a_check_explains_itself_in_a_pipe(quasikarp: list[str]) -> None:
    folder = Path(__file__).resolve().parents[2] / "examples" / "models" / "production"
    pair = [str(folder / "reference.lp"), str(folder / "candidate.lp")]
    report = subprocess.run([*quasikarp, "check", *pair, "--json"], capture_output=True, check=False).stdout
    result = subprocess.run([*quasikarp, "explain", "-"], input=report, capture_output=True, check=False)
    assert result.returncode == 0
    assert b"row machine" in result.stdout
    assert result.stderr == b""
