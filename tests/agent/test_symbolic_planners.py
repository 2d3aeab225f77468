"""What each symbolic planner proposes, and that a planner that fails costs only its own hypotheses."""

from time import perf_counter

import pytest
from fooling import lp

from agent.context import RunContext
from agent.hypothesis import Hypothesis
from agent.planners import registry
from agent.planners.isomorphism import isomorphism_hypotheses
from agent.planners.names import names_hypotheses
from agent.planners.near_isomorphism import near_isomorphism_hypotheses
from agent.run import check
from agent.settings import Settings
from tools.errors import SolverError
from tools.exact.budget import Budget
from tools.formulation.model import Formulation


def context(reference: Formulation, candidate: Formulation) -> RunContext:
    return RunContext(lambda: reference, lambda: candidate, Settings(), Budget())


def renamings(hypotheses: list[Hypothesis]) -> list[dict[str, str]]:
    return [{name: str(e) for name, e in hypothesis.recovery.expressions.items()} for hypothesis in hypotheses]


def model(a: str, b: str) -> Formulation:
    rows = [f"need: 5 {a} + 3 {b} + c >= 7"]
    return lp(f"minimize 2 {a} + 3 {b} + 5 c", *rows, bounds=f"{a} <= 9,{b} <= 8,c <= 7", integer=f"{a} {b} c")


def test_equal_names_give_the_identity_with_its_scope() -> None:
    found = list(names_hypotheses(context(model("a", "b"), model("a", "b"))))
    assert renamings(found)[0] == {"a": "a", "b": "b", "c": "c"}
    assert found[0].scope == "this mapping"


def test_spelling_of_indices_does_not_matter() -> None:
    found = list(names_hypotheses(context(model("x[1]", "x[2]"), model("X_1", "X_2"))))
    assert renamings(found)[0] == {"x[1]": "X_1", "x[2]": "X_2", "c": "c"}
    assert found[0].scope == ""


def test_families_of_similar_name_and_equal_indices_are_paired() -> None:
    found = list(names_hypotheses(context(model("ship[1]", "ship[2]"), model("shipped(1)", "shipped(2)"))))
    assert renamings(found) == [{"ship[1]": "shipped(1)", "ship[2]": "shipped(2)", "c": "c"}]


def test_very_long_names_are_compared_in_no_time() -> None:
    started = perf_counter()
    found = list(names_hypotheses(context(model("ship" * 5_000, "b"), model("ship" * 5_000 + "ped", "b"))))
    assert renamings(found) == [{"ship" * 5_000: "ship" * 5_000 + "ped", "b": "b", "c": "c"}]
    assert perf_counter() - started < 2


def test_unlike_names_give_nothing() -> None:
    assert list(names_hypotheses(context(model("a", "b"), model("u", "v")))) == []


def test_the_isomorphism_is_found_whatever_the_names() -> None:
    found = list(isomorphism_hypotheses(context(model("a", "b"), model("c0", "zz"))))
    assert renamings(found)[0] == {"a": "c0", "b": "zz", "c": "c"}


def test_a_tightened_bound_still_gives_a_near_isomorphism() -> None:
    reference = model("a", "b")
    narrowed = lp("minimize 2 u + 3 v + 5 w", "5 u + 3 v + w >= 7", bounds="u <= 4,v <= 8,w <= 7", integer="u v w")
    assert list(isomorphism_hypotheses(context(reference, narrowed))) == []
    found = renamings(list(near_isomorphism_hypotheses(context(reference, narrowed))))
    assert found == [{"a": "u", "b": "v", "c": "w"}]


def test_a_planner_that_fails_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: RunContext) -> None:
        raise SolverError("no solver today")

    monkeypatch.setitem(registry.PLANNERS, "names", broken)
    report = check(model("a", "b"), model("a", "b"))
    assert report.verdict == "equivalent"
    assert report.mapping is not None
    assert report.mapping.origin == "symbolic:isomorphism"
