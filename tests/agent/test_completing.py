"""From some reference variables to all of them: which are completed, which mapped, and what is not proposed."""

from dataclasses import replace
from fractions import Fraction
from itertools import islice

import pytest
from fooling import lp

from agent.context import RunContext
from agent.hypothesis import Hypothesis
from agent.planners import completing
from agent.planners.completing import completed_hypotheses, with_completed
from agent.run import check
from agent.settings import Settings
from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.mapping.total import TotalMapping


def context(reference: Formulation, candidate: Formulation) -> RunContext:
    return RunContext(lambda: reference, lambda: candidate, Settings(), Budget.lasting(30))


def named(**names: str) -> dict[str, AffineExpression]:
    return {name: AffineExpression.variable(other) for name, other in names.items()}


def proposed(reference: Formulation, candidate: Formulation, **names: str) -> list[Hypothesis]:
    return list(completed_hypotheses(context(reference, candidate), named(**names), "here", "because"))


COSTS, COVER, BINARIES = "min 2 a + 3 b", "a + b >= 1", "a <= 1,b <= 1"
PLAIN = lp("min 2 u + 3 v", "u + v >= 1", bounds="u <= 1,v <= 1", integer="u v")
AWAY = lp(COSTS, COVER, "3 a + t <= 9", bounds=f"{BINARIES},1 <= t <= 9", integer="a b")
"""t has no cost, and what it leans on are binaries, which end the chain from the objective."""


def test_what_is_away_from_the_objective_counts_as_completed() -> None:
    found = proposed(AWAY, PLAIN, a="u", b="v")
    assert found
    for hypothesis in found:
        assert hypothesis.completed == {"t"}
        assert hypothesis.rationale == "because; completed: t"
        assert (hypothesis.origin, hypothesis.scope, hypothesis.structural) == ("here", "", False)
        expressions = hypothesis.recovery.expressions
        assert (str(expressions["a"]), str(expressions["b"])) == ("u", "v")


def test_what_the_objective_leans_on_must_come_out_affine_and_counts_as_mapped() -> None:
    reference = lp("min 2 x + 3 y", "x - s = 3", "y + s >= 4", bounds="x <= 9,y <= 9,s <= 9")
    candidate = lp("min 2 u + 3 v", "u >= 3", "u + v >= 7", bounds="u <= 9,v <= 9")
    (hypothesis,) = proposed(reference, candidate, x="u", y="v")
    assert hypothesis.completed == frozenset()
    assert hypothesis.rationale == "because"
    assert str(hypothesis.recovery.expressions["s"]) == "u - 3"


ORDER = lp(
    "min 5 s1 + 4 s2",
    "s1 - s2 + 6 o <= 4",
    "s2 - s1 - 6 o <= -3",
    bounds="s1 <= 4,s2 <= 3,o <= 1",
    integer="o",
)
"""Jobs of lengths 2 and 3 by time 6: o is 1 when the first comes first."""


def busy(t: int) -> str:
    """The slots in which a job is at work at time t."""
    return " + ".join(
        [f"z1{u}" for u in range(max(0, t - 1), min(t, 4) + 1)] + [f"y{u}" for u in range(max(0, t - 2), min(t, 3) + 1)]
    )


STARTS = lp(
    "min 5 z11 + 10 z12 + 15 z13 + 20 z14 + 4 y1 + 8 y2 + 12 y3",
    "z10 + z11 + z12 + z13 + z14 = 1",
    "y0 + y1 + y2 + y3 = 1",
    *(f"{busy(t)} <= 1" for t in range(6)),
    bounds=",".join([f"z1{t} <= 1" for t in range(5)] + [f"y{t} <= 1" for t in range(4)]),
    integer=" ".join([f"z1{t}" for t in range(5)] + [f"y{t}" for t in range(4)]),
)


def slots(name: str, count: int) -> AffineExpression:
    """Return the time that the binaries of one job select."""
    return AffineExpression(Fraction(0), {f"{name}{t}": Fraction(t) for t in range(count)})


def test_a_whole_variable_that_the_objective_leans_on_is_completed_by_a_function_only() -> None:
    start = {"s1": slots("z1", 5), "s2": slots("y", 4)}
    found = list(completed_hypotheses(context(ORDER, STARTS), start, "here", "because"))
    assert found
    functions = [hypothesis for hypothesis in found if hypothesis.recovery.extension]
    assert functions
    for hypothesis in found:
        outputs = set(hypothesis.recovery.extension.names)
        by_function = not outputs.isdisjoint(hypothesis.recovery.expressions["o"].terms)
        assert hypothesis.completed == ({"o"} if by_function else frozenset())


def test_a_function_for_what_must_be_mapped_is_not_proposed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A comparison may complete a whole order variable, and not the same variable where it is continuous."""
    start = {"s1": slots("z1", 5), "s2": slots("y", 4)}
    proposals = [each.recovery for each in completed_hypotheses(context(ORDER, STARTS), start, "here", "because")]
    by_function = [recovery for recovery in proposals if recovery.extension]
    continuous = ORDER.changed(kinds=(0,) * len(ORDER.variables))
    monkeypatch.setattr(completing, "complete", lambda *args, **options: iter(by_function))
    assert list(completed_hypotheses(context(ORDER, STARTS), start, "here", "because"))
    assert list(completed_hypotheses(context(continuous, STARTS), start, "here", "because")) == []


def test_a_cost_is_never_completed() -> None:
    """b has a cost, and whatever completes it must be affine and count as mapped."""
    for hypothesis in proposed(AWAY, PLAIN, a="u"):
        assert "b" not in hypothesis.completed


def test_a_variable_in_no_row_is_not_completed() -> None:
    reference = lp(COSTS, COVER, bounds=f"{BINARIES},idle <= 4", integer="a b")
    for hypothesis in proposed(reference, PLAIN, a="u", b="v"):
        assert hypothesis.completed == frozenset()


def test_what_no_value_completes_gives_nothing() -> None:
    """t ≥ 1 and 3a + t ≤ 3 leave no value where a = 1."""
    tight = lp(COSTS, COVER, "3 a + t <= 3", bounds=f"{BINARIES},1 <= t <= 9", integer="a b")
    assert proposed(tight, PLAIN, a="u", b="v") == []


def test_only_a_few_completions_are_proposed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completing, "COMPLETIONS", 1)
    assert len(proposed(AWAY, PLAIN, a="u", b="v")) == 1


def identity(reference: Formulation) -> Hypothesis:
    same = named(**{name: name for name in reference.variables})
    lifting = TotalMapping(same)
    return Hypothesis(TotalMapping(same), "here", "same names", "this mapping", lifting, structural=True)


def test_a_mapping_comes_first_as_it_is_and_then_with_variables_completed() -> None:
    hypothesis = identity(AWAY)
    first, second, *others = with_completed(context(AWAY, AWAY), hypothesis)
    assert first is hypothesis
    assert second.recovery == hypothesis.recovery
    assert second.completed == {"t"}
    assert (second.scope, second.lifting, second.structural) == ("", None, True)
    assert all(other.completed == {"t"} and other.scope == "" for other in others)


def test_what_cannot_be_completed_stays_as_it_is() -> None:
    whole = lp(COSTS, COVER, "3 a + t <= 9", bounds=f"{BINARIES},1 <= t <= 9", integer="a b t")
    feasible = lp("min", COVER, "3 a + t <= 9", bounds=f"{BINARIES},1 <= t <= 9", integer="a b")
    linked = lp("min 2 a + 3 b", "a + b + t >= 3", bounds="a <= 5,b <= 5,t <= 2")
    for reference in (whole, feasible, linked):
        hypothesis = identity(reference)
        assert list(with_completed(context(reference, reference), hypothesis)) == [hypothesis]


def test_a_constant_or_completed_variable_is_not_completed_once_more() -> None:
    hypothesis = identity(AWAY)
    done = replace(hypothesis, completed=frozenset({"t"}))
    constant = replace(
        hypothesis,
        recovery=TotalMapping({**hypothesis.recovery.expressions, "t": AffineExpression.number(2)}),
    )
    for each in (done, constant):
        assert list(with_completed(context(AWAY, AWAY), each)) == [each]


def test_completion_turns_a_narrower_range_away_from_the_objective_into_a_reformulation() -> None:
    """C keeps t within 1..2, which costs nothing: as a mapping it misses solutions, completed it does not."""
    narrow = lp(COSTS, COVER, "3 a + t <= 9", bounds=f"{BINARIES},1 <= t <= 2", integer="a b")
    report = check(AWAY, narrow, Settings("reformulation", time_limit=20))
    assert report.verdict == "equivalent"
    assert report.mapping is not None
    assert report.mapping.completed == ("t",)
    assert [hypothesis.outcome for hypothesis in islice(report.hypotheses, 2)] == ["refuted", "verified"]
