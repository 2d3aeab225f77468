"""A language model plans: what it says becomes hypotheses and lessons, and never more."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from agent.events import Event
from agent.language.chat import AnswerSchema, Message, ModelError, Reply, Usage
from agent.language.configuration import LanguageModel
from agent.language.scripted import Line, ScriptedModel
from agent.language.tokens import count_tokens
from agent.planners import registry
from agent.run import check, stream
from agent.settings import Settings
from tests.agent.fooling import lp
from tests.agent.model_answers import HALF_RIGHT, RIGHT, WRONG, digits_pair, proposing
from tools.formulation.model import Formulation
from tools.report import Report

PAIR = digits_pair()
LLM = Settings(planner="llm", memory="none", time_limit=20)


def asked(*lines: Line, settings: Settings = LLM, pair: tuple[Formulation, Formulation] = PAIR, **options: object):
    """Return the report, the events before it, and the model after a run in which it says these lines."""
    model = ScriptedModel(lines, "m", **options)  # type: ignore[arg-type]
    report, events = followed(pair, replace(settings, model=model))
    return report, events, model


def followed(pair: tuple[Formulation, Formulation], settings: Settings) -> tuple[Report, list[Event]]:
    *events, last = stream(*pair, settings)
    assert last.report is not None
    return last.report, events


def reasons(report: Report) -> list[str]:
    return [h.reason for h in report.hypotheses]


class TestThreeRounds:
    def test_wrong_then_half_right_then_right(self) -> None:
        report, events, model = asked(proposing(WRONG), proposing(HALF_RIGHT), proposing(RIGHT))
        assert report.verdict == "equivalent"
        assert report.mapping is not None
        assert report.mapping.origin == "llm:m"
        assert report.model_calls == len(model.asked) == 3
        assert [h.outcome for h in report.hypotheses] == ["refuted", "refuted", "verified"]
        trace = [f"{event.node}: {event.message}" for event in events if event.node in ("plan", "test", "verify")]
        assert [line.partition(" ")[0] for line in trace] == [
            "plan:", "test:", "plan:", "test:", "plan:", "test:", "verify:", "verify:",
        ]  # fmt: skip
        assert "hypothesis (llm:m): idea 1" in trace[0]
        assert "refuted (llm:m)" in trace[1]

    def test_each_question_holds_the_exact_facts_of_what_failed(self) -> None:
        _, _, model = asked(proposing(WRONG), proposing(HALF_RIGHT), proposing(RIGHT))
        first, second, third = (question.text for question in model.asked)
        assert "Tried so far" not in first
        assert f"(llm:m) {WRONG} → refuted: with this mapping the candidate solution with d_" in second
        assert "x_" in second.split("gives ")[1]
        assert "x_2 = d_2_1 + d_2_0" in third
        assert WRONG in third

    def test_the_report_says_what_it_took(self) -> None:
        report, _, _ = asked(
            proposing(WRONG), proposing(RIGHT), limits=LanguageModel("m", prices=(1.0, 2.0), money=100.0)
        )
        cost = report.costs["llm:m"]
        assert (cost.calls, cost.hypotheses) == (2, 2)
        assert cost.prompt_tokens > 1000 > cost.completion_tokens > 10
        assert cost.money == pytest.approx((cost.prompt_tokens + 2 * cost.completion_tokens) / 1e6)
        assert report.seconds["llm:m"] > 0
        assert report.planning == "the language model m"
        assert Report.from_json(report.to_json()) == report


class TestWhatIsUsed:
    def test_faulty_rules_are_left_out_and_told(self) -> None:
        rules = ["x_1 = 10*d_1_1 + d_1_0", "x_2 = 10*q_2_1 + d_2_0", "nonsense", "x_2 = 10*d_2_1 + d_2_0"]
        report, _, model = asked(proposing(rules), proposing(RIGHT))
        assert report.verdict == "equivalent"
        assert report.model_calls == 1
        assert len(model.asked) == 1
        (said, verified) = report.hypotheses
        assert "q_2_1" in said.reason
        assert "nonsense" in said.reason
        assert verified.outcome == "verified"

    def test_open_coefficients_are_filled(self) -> None:
        report, _, _ = asked(proposing("x[i] = ?*d[i,1] + ?*d[i,0]"))
        assert report.verdict == "equivalent"
        assert report.mapping is not None
        assert report.mapping.rules == (RIGHT,)

    def test_an_infeasible_fill_is_a_lesson(self) -> None:
        report, _, model = asked(proposing("x[i] = ?*d[i,1] + 100"), proposing(RIGHT))
        assert report.verdict == "equivalent"
        assert "no coefficients" in model.asked[1].text

    def test_variables_without_a_rule_are_completed(self) -> None:
        report, _, model = asked(proposing("x_1 = 10*d_1_1 + d_1_0"), proposing(RIGHT))
        assert report.verdict == "equivalent"
        tried = model.asked[1].text.partition("Tried so far")[2]
        assert "x_2 = 0 → refuted" in tried  # what x_2 was completed with did not do

    def test_several_hypotheses_in_one_answer_share_a_round(self) -> None:
        report, _, model = asked(proposing(WRONG, HALF_RIGHT, RIGHT))
        assert report.verdict == "equivalent"
        assert len(model.asked) == 1

    def test_a_refuted_mapping_of_a_model_decides_nothing(self) -> None:
        report, _, _ = asked(proposing(WRONG))
        assert (report.verdict, report.scope) == ("unknown", None)
        assert report.counterexample is not None

    def test_constant_maps_prove_nothing(self) -> None:
        optimum = check(*PAIR, Settings(memory="none", planner="symbolic"))
        assert optimum.verdict == "equivalent"
        report, _, _ = asked(proposing("x_1 = 75; x_2 = 0", "x_1 = 82; x_2 = 0", "x_1 = 57; x_2 = 35"))
        assert report.verdict == "unknown"


class TestTheEnd:
    def test_the_same_again_ends_it(self) -> None:
        report, _, model = asked(proposing(WRONG), repeat=True)
        assert report.verdict == "unknown"
        assert len(model.asked) == 3
        assert reasons(report)[1] == "it proposes again what it proposed before"
        assert "above the upper limit" in reasons(report)[0]

    def test_no_idea_ends_it(self) -> None:
        report, _, model = asked(proposing(remark="I give up"), repeat=True)
        assert report.verdict == "unknown"
        assert len(model.asked) == 1
        assert reasons(report) == ["it proposes nothing: I give up"]

    @pytest.mark.parametrize(
        ("limits", "said"), [({"calls": 2}, "2 calls"), ({"tokens": 3000}, "3000 tokens")], ids=["calls", "tokens"]
    )
    def test_limits_end_it_with_a_verdict(self, limits: dict[str, int], said: str) -> None:
        wrong = [proposing(f"x[i] = d[i,1] + {number}*d[i,0]") for number in range(2, 20)]
        report, _, model = asked(*wrong, limits=LanguageModel("m", **limits))  # type: ignore[arg-type]
        assert report.verdict == "unknown"
        assert len(model.asked) <= 2
        assert any(said in reason for reason in reasons(report))

    def test_rounds_end_it(self) -> None:
        wrong = [proposing(f"x[i] = d[i,1] + {number}*d[i,0]") for number in range(2, 20)]
        report, _, model = asked(*wrong, settings=replace(LLM, rounds=2))
        assert report.verdict == "unknown"
        assert "2 rounds" in report.reason
        assert len(model.asked) == 2


def test_a_killed_run_goes_on_with_what_it_has_spent(tmp_path: Path) -> None:
    def killed(messages: Sequence[Message]) -> str:
        raise KeyboardInterrupt

    settings = replace(LLM, checkpoint=tmp_path / "run.sqlite")
    with pytest.raises(KeyboardInterrupt):
        asked(proposing(WRONG), proposing(HALF_RIGHT), killed, settings=settings)
    report, events, model = asked(proposing(RIGHT), settings=settings)
    assert events[0].node == "resume"
    assert report.verdict == "equivalent"
    assert (report.model_calls, report.costs["llm:m"].calls) == (3, 3)
    assert [h.outcome for h in report.hypotheses] == ["refuted", "refuted", "verified"]
    assert WRONG in model.asked[0].text  # what failed before is told again


TROUBLES = [
    ModelError("the language model m cannot be reached", "unreachable", final=True),
    ModelError("the language model m refuses the key", "key", final=True),
]


class TestFailures:
    @pytest.mark.parametrize("trouble", TROUBLES, ids=lambda error: error.trouble)
    @pytest.mark.parametrize("planner", ["llm", "auto"])
    def test_a_model_that_cannot_be_used_leaves_planning_symbolic(self, trouble: ModelError, planner: str) -> None:
        report, events, model = asked(trouble, settings=replace(LLM, planner=planner), pair=hard_pair())  # type: ignore[arg-type]
        assert report.verdict == "equivalent"
        assert report.planning == f"symbolic ({trouble})"
        assert len(model.asked) == 1
        (warning,) = [event.message for event in events if event.kind == "warning"]
        assert warning == f"{trouble}; planning is symbolic"

    @pytest.mark.parametrize(
        "line", ["", "no", '{"hypotheses": 3}', '{"hypotheses": [{"rules": "x = y"}]}', "{" * 1000, '{"hypotheses": [']
    )
    def test_useless_answers_are_asked_again_a_few_times(self, line: str) -> None:
        report, events, model = asked(line, repeat=True)
        assert report.verdict == "equivalent"  # by the symbolic planners
        assert len(model.asked) == 4
        assert [event.message for event in events if event.kind == "warning"] == [
            f"{report.hypotheses[0].reason}; planning is symbolic"
        ]

    def test_a_useless_answer_before_a_right_one(self) -> None:
        report, _, model = asked("no", "no", proposing(RIGHT))
        assert report.mapping is not None
        assert report.mapping.origin == "llm:m"
        assert len(model.asked) == 3

    def test_a_client_that_crashes(self) -> None:
        def crash(messages: Sequence[Message]) -> str:
            raise ZeroDivisionError("secret")

        report, _, _ = asked(crash)
        assert report.verdict == "equivalent"
        assert report.planning == "symbolic (the language model m cannot be used: ZeroDivisionError)"
        assert "secret" not in str(report.to_json())

    def test_without_a_model_planning_is_symbolic(self) -> None:
        report, events = followed(PAIR, LLM)
        assert report.verdict == "equivalent"
        assert report.planning == "symbolic (no language model is configured)"
        assert [event.message for event in events if event.kind == "warning"] == [
            "no language model is configured; planning is symbolic"
        ]


def hard_pair() -> tuple[Formulation, Formulation]:
    """Return a pair that cheap planners leave to costly ones: a sum of parts with a row of its own on a part."""
    reference = lp("min 3 a + 2 b + c", "a + b + c >= 9", "a - b <= 4", bounds="a <= 6,b <= 7,c <= 2")
    candidate = lp(
        "min 3 p + 3 q + 2 r + s", "p + q + r + s >= 9", "p + q - r <= 4", "p + q <= 6", "p - 2 q <= 3",
        bounds="p <= 4,q <= 6,r <= 7,s <= 2",
    )  # fmt: skip
    return reference, candidate


class TestBesideOthers:
    AUTO = Settings(memory="none", time_limit=20)

    def test_what_is_cheap_comes_first(self) -> None:
        report, _, model = asked(proposing(RIGHT), settings=self.AUTO)
        assert report.verdict == "equivalent"
        assert report.model_calls == len(model.asked) == 0
        assert report.mapping is not None
        assert report.mapping.origin.startswith("symbolic:")
        assert report.planning == "symbolic, then the language model m"

    def test_with_a_mapping_of_the_user_nobody_is_asked(self) -> None:
        report, _, model = asked(proposing(RIGHT), settings=replace(LLM, mapping=RIGHT))
        assert report.verdict == "equivalent"
        assert not model.asked

    def test_hints_come_before_the_model(self) -> None:
        report, _, model = asked(proposing(WRONG), settings=replace(LLM, hints=(RIGHT,)))
        assert report.mapping is not None
        assert report.mapping.origin == "user:hint"
        assert not model.asked

    def test_planners_go_on_while_the_model_thinks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        proposed = threading.Event()
        costly = dict(registry.COSTLY_PLANNERS)

        def watched(context):
            proposed.set()
            yield from costly["synthesis"](context)

        monkeypatch.setattr(registry, "CHEAP_PLANNERS", {})
        monkeypatch.setattr(registry, "COSTLY_PLANNERS", {"synthesis": watched})
        model = SlowModel(proposed.wait, proposing("a = p + q; b = r; c = s"))
        report, _ = followed(hard_pair(), replace(self.AUTO, model=model))
        assert proposed.is_set()
        assert report.verdict == "equivalent"
        assert report.model_calls <= 1

    def test_an_answer_is_waited_for_when_nothing_else_is_left(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(registry, "CHEAP_PLANNERS", {})
        monkeypatch.setattr(registry, "COSTLY_PLANNERS", {})
        report, _ = followed(PAIR, replace(self.AUTO, model=SlowModel(lambda: time.sleep(0.5), proposing(RIGHT))))
        assert report.mapping is not None
        assert report.mapping.origin == "llm:slow"

    def test_an_answer_that_never_comes_is_given_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(registry, "CHEAP_PLANNERS", {})
        monkeypatch.setattr(registry, "COSTLY_PLANNERS", {})
        started, never = time.monotonic(), threading.Event()
        report, _ = followed(
            PAIR, replace(self.AUTO, time_limit=2.0, model=SlowModel(lambda: never.wait(30), proposing(RIGHT)))
        )
        assert report.verdict == "unknown"
        assert time.monotonic() - started < 15
        never.set()


class SlowModel:
    """Answers after it has waited."""

    name = "slow"
    waits = True

    def __init__(self, wait, text: str) -> None:
        self._wait = wait
        self._text = text

    def ask(
        self, messages: Sequence[Message], schema: AnswerSchema | None, *, most_tokens: int, seconds: float
    ) -> Reply:
        self._wait()
        return Reply(self._text, Usage(1, count_tokens(messages[0].text), 1))

    def close(self) -> None:
        pass


def test_a_refuted_mapping_of_a_model_gets_no_time_beyond_the_limit() -> None:
    def late(_: Sequence[Message]) -> str:
        time.sleep(2.5)
        return proposing(HALF_RIGHT)

    settings = replace(LLM, time_limit=2, contract="reformulation")
    report, events, _ = asked(proposing(WRONG), late, settings=settings)
    assert report.verdict == "unknown"
    assert report.hypotheses[0].outcome == "refuted"
    assert not [event.message for event in events if event.node == "verify"]
