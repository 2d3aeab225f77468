from __future__ import annotations

import doctest

import process_misbehaviour as misbehaviour
import pytest

from tools.solvers import conformance
from tools.solvers.backends.backend import Backend, refuse_nothing
from tools.solvers.conformance import KnownWrong, run_solver_tests
from tools.solvers.gateway import backends

PESSIMIST = Backend(
    name="pessimist", family="test", library="json", scope="milp", refusal=refuse_nothing,
    solve=misbehaviour.answer_wrongly,
)  # fmt: skip


@pytest.mark.parametrize("backend", ["auto", *(backend.name for backend in backends())])
def test_a_backend_knows_the_answers(backend: str) -> None:
    outcomes = run_solver_tests(backend)
    assert {outcome.verdict for outcome in outcomes} <= {"right", "refused"}
    assert sum(outcome.verdict == "right" for outcome in outcomes) >= 20


def test_a_backend_for_everything_refuses_nothing() -> None:
    for backend in ("auto", "highs", "gscip"):
        assert all(outcome.verdict == "right" for outcome in run_solver_tests(backend))


def test_a_wrong_backend_is_rejected_with_every_wrong_model() -> None:
    with pytest.raises(AssertionError, match=r"pessimist answers \d+ models wrongly") as caught:
        run_solver_tests(PESSIMIST)
    assert "lp: two products: status 'infeasible', expected 'optimal'" in str(caught.value)
    assert "milp: parity" not in str(caught.value)


def test_a_known_wrong_answer_is_reported_with_its_reason() -> None:
    known_wrong = {}
    with pytest.raises(AssertionError) as caught:
        run_solver_tests(PESSIMIST)
    for line in str(caught.value).splitlines()[1:]:
        known_wrong["pessimist", line.rpartition(": status")[0]] = KnownWrong("infeasible", "it sees no way")
    outcomes = run_solver_tests(PESSIMIST, known_wrong=known_wrong)
    wrong = [outcome for outcome in outcomes if outcome.verdict == "known wrong"]
    assert len(wrong) == len(known_wrong) > 20
    assert {outcome.note for outcome in wrong} == {"it sees no way"}


def test_the_example_runs() -> None:
    assert doctest.testmod(conformance).failed == 0
