from __future__ import annotations

import doctest
import threading
import time
from collections.abc import Callable

import numpy as np
import process_misbehaviour as misbehaviour
import pytest

from tools.errors import SolverError
from tools.solvers import gateway
from tools.solvers.backends.backend import Backend, refuse_nothing
from tools.solvers.gateway import backends, second_opinion, shutdown, solve, warm_up
from tools.solvers.limits import Limits
from tools.solvers.problem import NumericProblem
from tools.solvers.result import SolveResult

INF = float("inf")
LP = NumericProblem.build(cost=[1, 1], lower=[0, 0], upper=[4, 4], matrix=[[1, 2]], row_lower=[3], row_upper=[9])
MILP = NumericProblem.build(
    cost=[1, 1], lower=[0, 0], upper=[4, 4], matrix=[[1, 2]], row_lower=[3], row_upper=[9], integer=[True, True]
)


def _backend(run: Callable[[NumericProblem, Limits], SolveResult], name: str = "misbehaving") -> Backend:
    return Backend(name=name, family="test", library="json", scope="milp", refusal=refuse_nothing, solve=run)


def test_the_example_runs() -> None:
    assert doctest.testmod(gateway).failed == 0


def test_defaults_are_chosen_by_kind() -> None:
    lp, milp = solve(LP), solve(MILP)
    assert (lp.backend, lp.objective) == ("highs", 1.5)
    assert (milp.backend, milp.objective) == ("gscip", 2.0)
    assert lp.column_basis is not None
    assert lp.row_duals is not None
    assert lp.reduced_costs is not None
    assert np.allclose(LP.matrix.T @ lp.row_duals + lp.reduced_costs, LP.cost)
    assert lp.seconds > 0


def test_an_unknown_backend_is_named() -> None:
    with pytest.raises(SolverError, match="no solver backend 'gurobi'; choose one of 'highs'"):
        solve(LP, backend="gurobi")


def test_a_refused_problem_is_a_failure_with_the_reason() -> None:
    result = solve(MILP, backend="glop")
    assert result.status == "failed"
    assert "linear programs only" in result.message


def test_a_second_opinion_comes_from_other_code() -> None:
    family = {backend.name: backend.family for backend in backends()}
    for problem in (LP, MILP):
        for backend in backends():
            if backend.refusal(problem) is None:
                first = solve(problem, backend=backend.name)
                second = second_opinion(problem, first)
                assert family[second.backend] != family[first.backend]
                assert second.status == first.status
                assert second.objective == pytest.approx(first.objective)


def test_arithmetic_needs_no_second_opinion() -> None:
    first = solve(NumericProblem.build(cost=[1], lower=[2], upper=[1]))
    assert first.status == "infeasible"
    assert second_opinion(LP, first) is first


def test_where_the_default_fails_the_next_backend_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = _backend(misbehaviour.crash)
    monkeypatch.setattr(gateway, "MILP_ORDER", (broken, *gateway.MILP_ORDER))
    assert (solve(MILP).status, solve(MILP).backend) == ("optimal", "gscip")
    monkeypatch.setattr(gateway, "MILP_ORDER", (broken,))
    result = solve(MILP)
    assert result.status == "failed"
    assert "misbehaving: " in result.message
    assert "SIGABRT" in result.message


def test_a_second_opinion_that_hits_its_limit_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "_GRACE_SECONDS", 0.1)
    hanging = _backend(misbehaviour.hang)
    monkeypatch.setattr(gateway, "MILP_ORDER", (hanging, *gateway.MILP_ORDER))
    second = second_opinion(MILP, solve(MILP, backend="highs"), Limits(seconds=2))
    assert (second.status, second.backend) == ("optimal", "gscip")


def test_a_hanging_solver_is_killed_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "_GRACE_SECONDS", 0.1)
    result = solve(LP, backend=_backend(misbehaviour.hang), limits=Limits(seconds=0.2))
    assert result.status == "limit"
    assert "killed" in result.message
    assert result.seconds < 5
    assert solve(LP).status == "optimal"


def test_a_real_solver_that_ignores_its_clock_is_killed() -> None:
    # The presolve of HiGHS 1.12 does not end on this parity puzzle and looks at no clock.
    puzzle = NumericProblem.build(
        cost=[-1, 0, 0, 0], lower=[-INF] * 4, upper=[INF] * 4, integer=[True] * 4,
        matrix=[[1, 1, -2, 0], [1, -1, 0, -2]], row_lower=[0, 0.5], row_upper=[0.5, 1.5],
    )  # fmt: skip
    result = solve(puzzle, backend="highs", limits=Limits(seconds=0.2))
    assert result.status in {"limit", "infeasible"}
    assert result.seconds < 10


def test_a_crash_is_a_failure_and_the_next_call_works() -> None:
    crashing = _backend(misbehaviour.crash)
    for _ in range(2):
        result = solve(LP, backend=crashing)
        assert result.status == "failed"
        assert "SIGABRT" in result.message
        assert "check failed: x == y" in result.message
    assert solve(LP, backend=_backend(misbehaviour.answer_wrongly)).status == "infeasible"


def test_the_memory_limit_holds_and_the_next_call_works() -> None:
    started = time.monotonic()
    result = solve(LP, backend=_backend(misbehaviour.fill_memory), limits=Limits(memory_bytes=1 << 30))
    assert result.status == "failed"
    assert "memory" in result.message
    assert time.monotonic() - started < 10
    assert solve(LP, backend=_backend(misbehaviour.answer_wrongly)).status == "infeasible"


def test_an_exception_in_a_backend_is_a_failure() -> None:
    result = solve(LP, backend=_backend(misbehaviour.raise_something))
    assert (result.status, result.message) == ("failed", "ZeroDivisionError: inside the solver")


def test_what_solvers_print_reaches_nobody(capfd: pytest.CaptureFixture[str]) -> None:
    assert solve(LP, backend=_backend(misbehaviour.print_loudly)).message == "printed"
    for backend in backends():
        solve(LP if backend.scope == "lp" else MILP, backend=backend)
    assert capfd.readouterr() == ("", "")


def test_threads_get_their_own_answers() -> None:
    wrong: list[object] = []

    def work(target: float) -> None:
        for step in range(20):
            value = target + step
            problem = LP.with_bounds([value, 0], [value, 99]).with_rows([[1, 1]], [0], [200])
            result = solve(problem.with_cost([1, 0]).with_rows([[1, 0]], [value], [value]))
            if result.status != "infeasible" and result.objective != pytest.approx(value):
                wrong.append(result)

    threads = [threading.Thread(target=work, args=(100.0 * k,)) for k in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_shutdown_and_warm_up_may_come_at_any_time() -> None:
    shutdown()
    shutdown()
    warm_up()
    assert solve(LP).status == "optimal"
    shutdown()
    assert solve(MILP).status == "optimal"


def test_limits_end_a_search_with_the_best_point_and_a_bound() -> None:
    generator = np.random.default_rng(1)
    weights = generator.integers(50, 100, (10, 40))
    packing = NumericProblem.build(
        cost=-weights.sum(axis=0), lower=np.zeros(40), upper=np.ones(40), integer=np.ones(40, dtype=bool),
        matrix=weights, row_lower=np.full(10, -INF), row_upper=weights.sum(axis=1) // 2,
    )  # fmt: skip
    for backend in ("highs", "gscip", "cp_sat"):
        result = solve(packing, backend=backend, limits=Limits(seconds=20, nodes=20))
        assert result.status == "limit", backend
        assert result.point is not None
        assert result.objective is not None
        assert result.bound is not None
        assert result.bound < result.objective < 0


def test_the_same_seed_repeats_the_answer() -> None:
    generator = np.random.default_rng(3)
    problem = NumericProblem.build(
        cost=np.ones(12), lower=np.zeros(12), upper=np.full(12, 5.0), integer=np.ones(12, dtype=bool),
        matrix=generator.integers(0, 4, (6, 12)), row_lower=np.full(6, 9.0), row_upper=np.full(6, INF),
    )  # fmt: skip
    for backend in ("highs", "gscip", "cp_sat"):
        first, second = (solve(problem, backend=backend, limits=Limits(seed=7)) for _ in range(2))
        assert np.array_equal(first.point, second.point)
