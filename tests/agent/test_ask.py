"""A run that would end "unknown" asks for a hint, waits in its checkpoint, and goes on with the answer."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from agent.events import Event
from agent.language.scripted import ScriptedModel
from agent.run import check, stream
from agent.settings import Settings
from tests.agent.model_answers import RIGHT, WRONG, digits_pair, proposing
from tools.errors import InputError
from tools.formulation.write import write


def asking(folder: Path, **changes: object) -> Settings:
    """Return settings under which nobody but the user has an idea."""
    model = ScriptedModel([proposing()], repeat=True)
    return Settings(ask=True, checkpoint=folder / "run.sqlite", planner="llm", model=model, **changes)  # type: ignore[arg-type]


def last(settings: Settings, answer: str | None = None) -> Event:
    return list(stream(*digits_pair(), settings, answer=answer))[-1]


def test_a_hint_turns_unknown_into_equivalent(tmp_path: Path) -> None:
    settings = asking(tmp_path)
    question = last(settings)
    assert (question.kind, question.report and question.report.verdict) == ("question", "unknown")
    assert "x_1 = " in question.message
    answered = last(settings, RIGHT)
    assert answered.kind == "report"
    assert answered.report is not None
    assert answered.report.verdict == "equivalent"
    assert answered.report.mapping is not None
    assert answered.report.mapping.origin == "user:hint"
    hinted = check(*digits_pair(), Settings(hints=(RIGHT,)))
    assert answered.report.claims == hinted.claims


def test_a_wrong_hint_is_refuted_as_a_mapping_of_the_users_is(tmp_path: Path) -> None:
    settings = asking(tmp_path)
    last(settings)
    answered = last(settings, WRONG).report
    given = check(*digits_pair(), Settings(mapping=WRONG))
    assert answered is not None
    assert (answered.verdict, answered.scope) == (given.verdict, given.scope) == ("not_equivalent", "this mapping")
    assert answered.counterexample is not None


@pytest.mark.parametrize(
    ("hint", "told"),
    [
        ("x_1 = nonsense", "'nonsense' is not in the candidate"),
        ("x_1 = d_1_0", "leave 1 variable"),
        ("x_1 = = 3", "the hint cannot be used"),
    ],
)
def test_a_hint_that_cannot_be_used_is_asked_again(tmp_path: Path, hint: str, told: str) -> None:
    settings = asking(tmp_path)
    last(settings)
    again = last(settings, hint)
    assert again.kind == "question"
    assert told in again.message
    answered = last(settings, RIGHT)
    assert answered.report is not None
    assert answered.report.verdict == "equivalent"


def test_open_coefficients_are_filled(tmp_path: Path) -> None:
    settings = asking(tmp_path)
    last(settings)
    answered = last(settings, "x[i] = ?*d[i,1] + ?*d[i,0]").report
    assert answered is not None
    assert answered.verdict == "equivalent"


@pytest.mark.parametrize("nothing", ["", "  \n"])
def test_an_empty_answer_ends_the_run_as_it_stands(tmp_path: Path, nothing: str) -> None:
    settings = asking(tmp_path)
    question = last(settings)
    answered = last(settings, nothing)
    assert answered.kind == "report"
    assert answered.report == question.report
    with pytest.raises(InputError, match="no question waits"):
        last(settings, RIGHT)


def test_a_question_waits_and_is_asked_again_without_work(tmp_path: Path) -> None:
    settings = asking(tmp_path)
    question = last(settings)
    events = list(stream(*digits_pair(), settings))
    assert events == [question]


def test_the_last_question_is_bounded_by_rounds(tmp_path: Path) -> None:
    settings = asking(tmp_path, rounds=2)
    last(settings)
    assert last(settings, "x_1 = nonsense").kind == "question"
    assert last(settings, "x_1 = nonsense").kind == "report"


def test_a_run_that_has_an_answer_does_not_ask(tmp_path: Path) -> None:
    settings = Settings(ask=True, checkpoint=tmp_path / "run.sqlite")
    assert last(settings).kind == "report"
    with pytest.raises(InputError, match="no question waits"):
        last(settings, RIGHT)


def test_a_mistaken_answer_loses_nothing(tmp_path: Path) -> None:
    settings = asking(tmp_path, rounds=1)
    last(settings)
    assert last(settings, "x_1 = nonsense").kind == "report"
    before = sorted(path.name for path in tmp_path.iterdir())
    stored = (tmp_path / "run.sqlite").read_bytes()
    with pytest.raises(InputError, match="no question waits"):
        last(settings, RIGHT)
    assert (tmp_path / "run.sqlite").read_bytes() == stored
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_an_answer_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no question waits"):
        last(asking(tmp_path), RIGHT)
    with pytest.raises(InputError, match="checkpoint file"):
        last(Settings(ask=True))


def test_another_process_takes_the_answer(tmp_path: Path) -> None:
    reference, candidate = digits_pair()
    write(reference, tmp_path / "r.json"), write(candidate, tmp_path / "c.json")
    code = """
import json, sys
from pathlib import Path
from agent.language.scripted import ScriptedModel
from agent.run import stream
from agent.settings import Settings

folder = Path(sys.argv[1])
model = ScriptedModel(['{"hypotheses": [], "remark": ""}'], repeat=True)
settings = Settings(ask=True, checkpoint=folder / "run.sqlite", planner="llm", model=model)
event = list(stream(folder / "r.json", folder / "c.json", settings, answer=json.loads(sys.argv[2])))[-1]
print(event.kind, event.report.verdict)
"""

    def run(answer: str | None) -> str:
        command = [sys.executable, "-c", code, str(tmp_path), json.dumps(answer)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    assert run(None) == "question unknown"
    assert run(RIGHT) == "report equivalent"
