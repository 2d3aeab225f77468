"""`assert_reformulates`: silent for what holds, and a message that needs no second run for what does not."""

from pathlib import Path
from typing import Any

import pytest

import agent.run
import quasikarp as qk
from agent.settings import Settings
from tools.errors import InputError
from tools.formulation.lp_reader import parse_lp
from tools.formulation.model import Formulation
from tools.report import Report
from ui.asserting import assert_reformulates

EXAMPLES = Path(__file__).parents[2] / "examples" / "models"
ALONE: dict[str, Any] = {"memory": "none", "settings": Settings(planner="symbolic", time_limit=20)}


def pair(name: str) -> tuple[Path, Path]:
    return EXAMPLES / name / "reference.lp", EXAMPLES / name / "candidate.lp"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, undecided: Report) -> list[tuple[Any, Any, Settings]]:
    """Let the check end undecided; what it was asked is in the list."""
    calls: list[tuple[Any, Any, Settings]] = []

    def check(reference: Any, candidate: Any, settings: Settings) -> Report:
        calls.append((reference, candidate, settings))
        return undecided

    monkeypatch.setattr(agent.run, "check", check)
    return calls


def test_what_holds_gives_its_report() -> None:
    report = assert_reformulates(*pair("complement"), contract="reformulation", **ALONE)
    assert (report.verdict, report.contract) == ("equivalent", "reformulation")
    assert qk.assert_reformulates is assert_reformulates


def test_what_does_not_hold_shows_the_broken_row_and_the_point() -> None:
    with pytest.raises(AssertionError) as caught:
        assert_reformulates(*map(str, pair("production")), **ALONE)
    message = str(caught.value)
    assert message.startswith("not equivalent under quasi-karp")
    assert "row machine: 6 chairs + 4 tables = 36 > 24" in message
    assert "candidate point" in message
    assert "candidate.lp" in message
    assert "\x1b" not in message


def test_the_message_has_no_colours_wherever_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with pytest.raises(AssertionError) as caught:
        assert_reformulates(*pair("production"), **ALONE)
    assert "\x1b" not in str(caught.value)


def test_unknown_fails_and_says_what_to_try(asked: list[Any]) -> None:
    with pytest.raises(AssertionError) as caught:
        assert_reformulates(*pair("complement"))
    message = str(caught.value)
    assert message.startswith("undecided under quasi-karp")
    assert "--hint" in message.split("Claims")[1]


def test_keywords_replace_settings(asked: list[tuple[Any, Any, Settings]]) -> None:
    base = Settings(seed=7, time_limit=3, rounds=2)
    with pytest.raises(AssertionError):
        assert_reformulates(
            *pair("complement"), settings=base, time_limit=5, contract="reformulation", hints="x = y", memory="none"
        )
    settings = asked[0][2]
    assert (settings.seed, settings.rounds, settings.time_limit) == (7, 2, 5)
    assert (settings.contract, settings.hints, settings.memory) == ("reformulation", ("x = y",), "none")
    with pytest.raises(AssertionError):
        assert_reformulates(*pair("complement"))
    assert asked[1][2] == Settings()


def test_a_mapping_is_verified_alone() -> None:
    mapping = EXAMPLES / "digits" / "mapping.txt"
    report = assert_reformulates(*pair("digits"), mapping=mapping, **ALONE)
    assert report.mapping is not None
    assert report.mapping.origin == "user:mapping"


def test_models_of_cvxpy() -> None:
    import cvxpy as cp

    x, y = cp.Variable(2, integer=True, name="x"), cp.Variable(2, integer=True, name="y")
    reference = cp.Problem(cp.Minimize(cp.sum(x)), [x >= 0, x <= 5, x[0] + 2 * x[1] >= 3])
    candidate = cp.Problem(cp.Minimize(cp.sum(5 - y)), [y >= 0, y <= 5, y[0] + 2 * y[1] <= 12])
    assert_reformulates(reference, candidate, contract="reformulation", **ALONE)
    z = cp.Variable(2, integer=True, name="x")
    wrong = cp.Problem(cp.Minimize(cp.sum(z)), [z >= 0, z <= 5, z[0] + z[1] >= 1])
    with pytest.raises(AssertionError, match=r"row .*: .*x\[0\].* = "):
        assert_reformulates(reference, wrong, **ALONE)


def test_models_of_mathopt() -> None:
    from ortools.math_opt.python import mathopt

    def model(sign: int, name: str) -> Any:
        made = mathopt.Model(name=name)
        x, y = (made.add_integer_variable(lb=0, ub=9, name=letter) for letter in "xy")
        made.add_linear_constraint(sign * (x + 2 * y) <= sign * 8 if sign > 0 else sign * (x + 2 * y) >= sign * 8)
        made.maximize(x + y)
        return made

    assert_reformulates(model(1, "first"), model(-3, "second"), contract="reformulation", **ALONE)


def test_formulations_without_names_are_called_by_their_roles() -> None:
    def formulation(limit: int) -> Formulation:
        return parse_lp(f"maximize\n obj: x + y\nsubject to\n cap: x + 2 y <= {limit}\nbounds\n x <= 2\nend")

    assert_reformulates(formulation(3), formulation(3), **ALONE)
    with pytest.raises(AssertionError, match="not every optimum of the candidate maps to an optimum of the reference"):
        assert_reformulates(formulation(3), formulation(4), **ALONE)


def test_what_cannot_be_read_is_no_assertion(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        assert_reformulates(tmp_path / "missing.lp", tmp_path / "missing.lp")
    with pytest.raises(InputError):
        assert_reformulates(*pair("complement"), contract="maybe")  # type: ignore[arg-type]
    with pytest.raises(InputError):
        assert_reformulates(object(), object())


def test_pytest_hides_the_frame() -> None:
    with pytest.raises(AssertionError) as caught:
        assert_reformulates(*pair("production"), **ALONE)
    assert caught.traceback[-1].ishidden(caught)
    assert len(caught.traceback) == 2
