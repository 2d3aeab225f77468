import json
import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import ui.words_command
from agent.language.chat import ModelError
from agent.language.configuration import LanguageModel
from agent.language.scripted import Line, ScriptedModel
from tools.errors import InputError
from tools.formulation.read import read
from ui.read_command import read_model
from ui.words_command import Wording, with_room

WORDS = "Minimize what is spent on 3 sorts of crates, at least 40 of them, of which each costs 2.\n"
NAMED = LanguageModel("some-model")

Install = Callable[..., ScriptedModel]


def answer(need: int = 40, kind: str = "continuous") -> str:
    return json.dumps(
        {
            "name": "crates", "description": "what to buy", "sense": "minimize",
            "sets": [{"name": "I", "labels": [], "labels_from": "", "first": 1, "last": 3}],
            "parameters": [],
            "variables": [
                {"name": "x", "indices": ["I"], "kind": kind, "lower": 0, "upper": None, "description": "bought"}
            ],
            "objective": "sum(2*x[i] for i in I)",
            "constraints": [
                {"name": "need", "for": [], "expression": f"sum(x[i] for i in I) >= {need}", "description": ""}
            ],
            "assumptions": ["crates can be split"],
        }
    )  # fmt: skip


@pytest.fixture
def model_says(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Let the command open a language model that says these lines."""

    def install(lines: Sequence[Line], *, typed: Sequence[str] | None = None) -> ScriptedModel:
        model = ScriptedModel(lines, name="some-model")
        monkeypatch.setattr(ui.words_command, "open_chat", lambda configuration: model)
        if typed is not None:
            answers = iter(typed)
            monkeypatch.setattr(Wording, "interactive", lambda self: self.ask)
            monkeypatch.setattr(ui.words_command, "_typed", lambda: next(answers))
        return model

    return install


@pytest.fixture
def problem(tmp_path: Path) -> Path:
    path = tmp_path / "problem.md"
    path.write_text(WORDS, "utf-8")
    return path


def run(path: Path, *corrections: str, **options: Any) -> int:
    wording = Wording(corrections, NAMED, ask=options.pop("ask", True))
    return read_model(path, **({"as_json": False, "out": None} | options), wording=wording)


def test_words_are_shown_as_algebra_and_written(
    problem: Path, model_says: Install, capfd: pytest.CaptureFixture[str]
) -> None:
    model_says([answer()])
    out, algebra = problem.with_name("m.json"), problem.with_name("m.algebra.json")
    assert run(problem, out=out, algebra=algebra) == 0
    shown = capfd.readouterr().out
    assert "minimize sum(2*x[i] for i in I)\n" in shown
    assert "  need: sum(x[i] for i in I) >= 40\n" in shown
    assert "  need: x[1] + x[2] + x[3] >= 40\n" in shown
    assert "note: assumed: crates can be split\n" in shown
    assert shown.endswith("note: written by the language model some-model: check it before you use it\n")
    assert read(out).written_by == "llm:some-model"
    assert read(out).descriptions == {"": "what to buy", "x": "bought"}
    assert read(algebra).same_as(read(out))
    assert sorted(os.listdir(problem.parent)) == ["m.algebra.json", "m.json", "problem.md"]


def test_a_written_model_says_so_whenever_it_is_read(
    problem: Path, model_says: Install, capfd: pytest.CaptureFixture[str]
) -> None:
    model_says([answer()])
    out, algebra = problem.with_name("m.json"), problem.with_name("m.algebra.json")
    run(problem, out=out, algebra=algebra)
    for path in (out, algebra):
        capfd.readouterr()
        assert read_model(path, as_json=False, out=None) == 0
        shown = capfd.readouterr().out
        assert "written by the language model some-model: check it before you use it" in shown
        assert ("need: sum(x[i] for i in I) >= 40" in shown) == (path == algebra)


def test_edited_algebra_needs_no_model(problem: Path, model_says: Install) -> None:
    model_says([answer()])
    algebra, out = problem.with_name("m.algebra.json"), problem.with_name("m.lp")
    run(problem, algebra=algebra)
    algebra.write_text(algebra.read_text("utf-8").replace(">= 40", ">= 41/2"), "utf-8")
    assert read_model(algebra, as_json=False, out=out) == 0
    assert read(out).row_lower[0] * 2 == 41


def test_json_tells_everything(problem: Path, model_says: Install, capfd: pytest.CaptureFixture[str]) -> None:
    model_says([answer(50)], typed=[])
    assert run(problem, as_json=True) == 0
    summary = json.loads(capfd.readouterr().out)
    assert summary["written_by"] == "llm:some-model"
    assert summary["algebra"]["constraints"][0]["expression"] == "sum(x[i] for i in I) >= 50"
    assert summary["notes"] == [
        "the number 50 in constraint need occurs nowhere in the text",
        "the number 40 of the text is used nowhere",
        "assumed: crates can be split",
    ]


def test_corrections_of_the_command_line(problem: Path, model_says: Install) -> None:
    model = model_says([answer(), answer(kind="integer"), answer(45, "integer")])
    out = problem.with_name("m.json")
    run(problem, "whole crates", "at least 45", out=out)
    assert read(out).integer.all()
    assert read(out).row_lower[0] == 45
    assert model.asked[2].messages[-1].text.endswith("at least 45")


def test_corrections_on_a_terminal(problem: Path, model_says: Install, capfd: pytest.CaptureFixture[str]) -> None:
    failure = ModelError("no connection to the model", "unreachable")
    model = model_says([answer(), failure, answer(kind="integer")], typed=["more", "whole crates", ""])
    out = problem.with_name("m.json")
    run(problem, out=out)
    assert read(out).integer.all()
    captured = capfd.readouterr()
    assert captured.err.count("What should change? Enter accepts the model as it is.") == 3
    assert "quasikarp: no connection to the model; the model stays as it was" in captured.err
    assert captured.out.count("need: sum(x[i] for i in I) >= 40") == 2
    assert len(model.asked) == 3


def test_yes_asks_nothing(problem: Path, model_says: Install, capfd: pytest.CaptureFixture[str]) -> None:
    model_says([answer()], typed=[])
    assert run(problem, ask=False) == 0
    assert "What should change?" not in capfd.readouterr().err


def test_algebra_is_corrected_in_words(problem: Path, model_says: Install) -> None:
    model_says([answer(), answer(kind="integer")])
    algebra, out = problem.with_name("m.algebra.json"), problem.with_name("m.json")
    run(problem, algebra=algebra)
    run(algebra, "whole crates", out=out)
    assert read(out).integer.all()


def test_a_folder_of_nlp4lp(tmp_path: Path, model_says: Install) -> None:
    folder = tmp_path / "12"
    folder.mkdir()
    (folder / "problem_info.json").write_text('{"parametrized_description": "Buy Need crates."}', "utf-8")
    (folder / "parameters.json").write_text('{"Need": 12.5}', "utf-8")
    written = json.loads(answer())
    written["parameters"] = [{"name": "Need", "indices": [], "values": None, "data": "Need", "description": ""}]
    written["constraints"][0]["expression"] = "sum(x[i] for i in I) >= Need"
    model = model_says([json.dumps(written)])
    out = tmp_path / "m.json"
    assert run(folder, out=out) == 0
    assert read(out).row_lower[0] * 2 == 25
    assert "- Need = 12.5" in model.asked[0].messages[-1].text


def test_a_text_that_is_a_model_needs_no_language_model(tmp_path: Path) -> None:
    path = tmp_path / "model.txt"
    path.write_text("Minimize\n o: x\nSubject To\n c: x >= 1\nEnd\n", "utf-8")
    assert read_model(path, as_json=False, out=None) == 0


def test_without_a_model_one_line_says_how_to_name_one(problem: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_model(problem, as_json=False, out=None)
    assert str(caught.value) == (
        f"{problem}: words need a language model, but no language model is configured; name one with --model NAME "
        "(and --base-url URL) or QUASIKARP_MODEL; LP, MPS, JSON and algebra need none"
    )


@pytest.mark.parametrize("lines", [[ModelError("the key is refused", "key")], [answer() + answer()] * 2])
def test_a_model_that_fails_is_one_line_and_writes_nothing(
    problem: Path, model_says: Install, lines: list[Line]
) -> None:
    model_says(lines)
    with pytest.raises(InputError, match=r"the key is refused|no usable answer"):
        run(problem, out=problem.with_name("m.json"), algebra=problem.with_name("a.json"))
    assert os.listdir(problem.parent) == ["problem.md"]


def test_files_that_would_be_lost(problem: Path, model_says: Install) -> None:
    lp = problem.with_name("model.lp")
    lp.write_text("Minimize\n o: x\nEnd\n", "utf-8")
    with pytest.raises(InputError, match="is not algebra, so there is none to write"):
        read_model(lp, as_json=False, out=None, algebra=problem.with_name("a.json"))
    with pytest.raises(InputError, match="is a model already; --correct is for problems in words"):
        run(lp, "more")
    model = model_says([answer()] * 3)
    for out, algebra, message in (
        (problem, None, "--out .* would overwrite the model itself"),
        (None, problem, "--algebra .* would overwrite an input file"),
        (lp.with_name("a.xlsx"), None, r"ends in \.lp, \.mps or \.json"),
        (lp.with_name("absent") / "a.json", None, "there is no folder"),
        (lp.with_name("a.json"), lp.with_name("a.json"), "name one file"),
    ):
        with pytest.raises(InputError, match=message):
            run(problem, out=out, algebra=algebra)
    assert problem.read_text("utf-8") == WORDS
    assert model.asked == []


def test_limits_of_the_user_stay() -> None:
    assert with_room(LanguageModel("m", calls=3)).calls == 3
    assert with_room(LanguageModel("m")).answer_tokens > LanguageModel("m").answer_tokens
    assert with_room(LanguageModel("m", "http://localhost", "secret")).api_key == "secret"


@pytest.mark.parametrize("name", ["problem.md", "problem.tex", "problem.txt"])
def test_the_command_line_wants_words_to_be_read_first(tmp_path: Path, quasikarp: list[str], name: str) -> None:
    path = tmp_path / name
    path.write_text(WORDS, "utf-8")
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("OPENAI_", "QUASIKARP_MODEL"))
    }
    for arguments, message in (
        (["check", str(path), str(path)], f"quasikarp read {name} --out problem.model.json"),
        (["read", str(path)], "words need a language model, but no language model is configured"),
    ):
        done = subprocess.run(
            [*quasikarp, *arguments], capture_output=True, text=True, env=environment, check=False, timeout=120
        )
        assert done.returncode == 2
        assert message in done.stderr
        assert done.stderr.count("\n") == 1
        assert done.stdout == ""
