"""What `import quasikarp as qk` gives, with models of cvxpy and OR-tools: the five-line script and what follows it."""

import asyncio
from pathlib import Path
from typing import Any

import cvxpy as cp
import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command
from ortools.math_opt.python import mathopt

import quasikarp as qk
from tests.agent.model_answers import RIGHT, digits_pair
from tools.errors import InputError
from tools.formulation.read import read_text


def crates() -> cp.Problem:
    """Counts x[0], x[1] up to 99."""
    x = cp.Variable(2, integer=True, name="x")
    rows = [12 * x[0] + 9 * x[1] <= 1000, 4 * x[0] + 2 * x[1] <= 300, x >= 0, x <= 99]
    return cp.Problem(cp.Maximize(7 * x[0] + 5 * x[1]), rows)


def digits(volume: float = 300) -> mathopt.Model:
    """The same counts as decimal digits d_i_1, d_i_0."""
    model = mathopt.Model(name="digits")
    d = [[model.add_integer_variable(lb=0, ub=9, name=f"d_{i}_{k}") for k in (0, 1)] for i in (0, 1)]
    count = [d[i][0] + 10 * d[i][1] for i in (0, 1)]
    model.maximize(7 * count[0] + 5 * count[1])
    model.add_linear_constraint(12 * count[0] + 9 * count[1] <= 1000)
    model.add_linear_constraint(4 * count[0] + 2 * count[1] <= volume)
    return model


SETTINGS = qk.Settings(contract="reformulation")


def test_check_and_recover() -> None:
    report = qk.check(crates(), digits(), SETTINGS)
    assert report.verdict == "equivalent"
    solution = {"d_0_0": 3, "d_0_1": 1, "d_1_0": 7.0, "d_1_1": 2}
    assert report.recover(solution) == {"x[0]": 13, "x[1]": 27}
    assert report.lift({"x[0]": 13, "x[1]": 27}) == solution


def test_stream_ends_with_the_report_of_check() -> None:
    *steps, last = qk.stream(crates(), digits(), SETTINGS)
    assert {event.kind for event in steps} == {"step"}
    assert steps[0].node == "ingest"
    assert last.report is not None
    assert last.report.verdict == "equivalent"


def test_asynchronous_twins() -> None:
    async def run() -> tuple[Any, Any, Any, Any]:
        report = await qk.acheck(crates(), digits(), SETTINGS)
        events = [event async for event in qk.astream(crates(), digits(), SETTINGS)]
        verification = await qk.averify(crates(), digits(), "x[0] = d_0_0 + 10*d_0_1\nx[1] = d_1_0 + 10*d_1_1")
        certificate = await qk.acertify(crates(), digits(), report)
        return report, events, verification, certificate

    report, events, verification, certificate = asyncio.run(run())
    assert report.verdict == events[-1].report.verdict == "equivalent"
    assert verification.claims["sound"].result == "proved"
    assert certificate.certified["sound"] == "proved"


def test_a_certificate_holds_models_that_are_no_files() -> None:
    import json

    import quasikarp_verify

    report = qk.check(crates(), digits(), SETTINGS)
    certificate = qk.certify(crates(), digits(), report)
    assert isinstance(certificate, qk.Certificate)
    checked = quasikarp_verify.Certificate(json.loads(certificate.text))
    assert checked.shows["sound"] == checked.shows["complete"] == "proved"
    assert certificate.document["verdict"] == "equivalent"


def test_a_run_resumes_from_its_checkpoint(tmp_path: Path) -> None:
    settings = qk.Settings(contract="reformulation", checkpoint=tmp_path / "run.sqlite")
    events = qk.stream(crates(), digits(), settings)
    for event in events:
        if event.node == "screen":
            break
    events.close()
    resumed = list(qk.stream(crates(), digits(), settings))
    assert resumed[0].node == "resume"
    assert "ingest" not in {event.node for event in resumed}
    assert resumed[-1].report is not None
    assert resumed[-1].report.verdict == "equivalent"


def test_assert_reformulates() -> None:
    assert qk.assert_reformulates(crates(), digits(), contract="reformulation").verdict == "equivalent"
    rules = "x[0] = d_0_0 + 10*d_0_1\nx[1] = d_1_0 + 10*d_1_1"
    with pytest.raises(AssertionError, match=r"(?s)not equivalent.*Counterexample"):
        qk.assert_reformulates(crates(), digits(volume=400), mapping=rules)


def test_the_graph_is_an_ordinary_one() -> None:
    graph = qk.build_graph()
    with qk.run_context(crates(), digits(), SETTINGS) as context:
        updates = list(graph.stream({}, context=context, stream_mode="updates"))
    assert next(iter(updates[0])) == "ingest"
    assert updates[-1]["conclude"]["report"]["verdict"] == "equivalent"


def test_the_graph_with_a_checkpointer_of_ones_own_asks_by_an_interrupt() -> None:
    from agent.language.scripted import ScriptedModel

    graph = qk.build_graph(InMemorySaver())
    config: Any = {"configurable": {"thread_id": "mine"}}
    nobody = ScriptedModel(['{"hypotheses": [], "remark": ""}'], repeat=True)
    settings = qk.Settings(ask=True, planner="llm", model=nobody)
    with qk.run_context(*digits_pair(), settings) as context:
        graph.invoke({}, config, context=context)
    waiting = graph.get_state(config)
    assert waiting.next == ("ask",)
    assert "x_1 = " in waiting.interrupts[0].value
    with qk.run_context(*digits_pair(), settings) as context:
        state = graph.invoke(Command(resume=RIGHT), config, context=context)
    assert state["report"]["verdict"] == "equivalent"


def test_a_run_goes_on_with_its_own_models_only() -> None:
    from agent.language.scripted import ScriptedModel

    graph = qk.build_graph(InMemorySaver())
    config: Any = {"configurable": {"thread_id": "mine"}}
    nobody = ScriptedModel(['{"hypotheses": [], "remark": ""}'], repeat=True)
    settings = qk.Settings(ask=True, planner="llm", model=nobody)
    reference, candidate = digits_pair()
    with qk.run_context(reference, candidate, settings) as context:
        graph.invoke({}, config, context=context)
    with qk.run_context(reference, reference, settings) as other, pytest.raises(InputError, match="another candidate"):
        graph.invoke(Command(resume="x_1 = x_1\nx_2 = x_2"), config, context=other)


def test_a_run_goes_on_under_its_own_contract_only() -> None:
    """What fulfils quasi-karp must not be reported as a reformulation."""
    low = "Minimize\n obj: x + y\nSubject To\n c: x + y >= 1\nBounds\n y <= {}\nEnd\n"
    reference, candidate = read_text(low.format(9)), read_text(low.format(4))
    graph = qk.build_graph(InMemorySaver())
    config: Any = {"configurable": {"thread_id": "mine"}}
    with qk.run_context(reference, candidate) as context:
        graph.invoke({}, config, context=context, interrupt_before=["conclude"])
    with qk.run_context(reference, candidate, SETTINGS) as other, pytest.raises(InputError, match="began under quasi"):
        graph.invoke(None, config, context=other)


@pytest.mark.parametrize("name", qk.__all__)
def test_every_name_is_documented(name: str) -> None:
    assert (getattr(qk, name).__doc__ or "").strip()
