from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

from tools.solvers.audit import dual_bound
from tools.solvers.gateway import backends, solve
from tools.solvers.problem import NumericProblem
from tools.solvers.result import BasisStatus

FOLDER = (
    Path(os.environ.get("QUASIKARP_SHARED_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))
    / "highs_instances"
)
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"the folder of real models {FOLDER} is absent"),
]


def _read(name: str) -> NumericProblem:
    import highspy

    model = highspy.Highs()
    model.silent()
    model.readModel(str(FOLDER / name))
    lp = model.getLp()
    data = (np.array(lp.a_matrix_.value_), np.array(lp.a_matrix_.index_), np.array(lp.a_matrix_.start_))
    return NumericProblem.build(
        cost=lp.col_cost_, lower=lp.col_lower_, upper=lp.col_upper_,
        integer=[kind == highspy.HighsVarType.kInteger for kind in lp.integrality_] or None,
        matrix=sp.csc_array(data, shape=(lp.num_row_, lp.num_col_)), row_lower=lp.row_lower_, row_upper=lp.row_upper_,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["25fv47.mps", "perold.mps", "stair.mps", "scrs8.mps", "egout.mps", "lseu.mps"])
def test_all_backends_agree_on_the_optimum(name: str) -> None:
    problem = _read(name)
    results = [solve(problem, backend=backend) for backend in backends() if backend.refusal(problem) is None]
    assert {result.status for result in results} == {"optimal"}
    for result in results:
        assert result.objective == pytest.approx(results[0].objective, rel=1e-6)
        if result.row_duals is not None:
            assert dual_bound(problem, result.row_duals) == pytest.approx(results[0].objective, rel=1e-5)
        if result.column_basis is not None and result.row_basis is not None:
            basic = np.concatenate((result.column_basis, result.row_basis)) == BasisStatus.BASIC
            assert basic.sum() == len(problem.row_lower)


@pytest.mark.parametrize("name", ["klein1.mps", "vol1.mps", "refinery.mps", "bgetam.mps", "woodinfe.mps"])
def test_infeasible_programs_come_with_a_farkas_proof(name: str) -> None:
    problem = _read(name)
    result = solve(problem)
    assert (result.backend, result.status) == ("highs", "infeasible")
    assert result.dual_ray is not None
    assert solve(problem, backend="glop").status == "infeasible"


def test_an_unbounded_program_comes_with_a_ray() -> None:
    result = solve(_read("gas11.mps"))
    assert result.status == "unbounded"
    assert result.ray is not None
    assert result.point is not None


@pytest.mark.parametrize(
    ("name", "optimum"), [("bound_implied.mps", 0.0), ("issue-2585.lp", -175.91), ("issue-2173.mps", -26770.8075)]
)
def test_models_that_presolve_gets_wrong(name: str, optimum: float) -> None:
    result = solve(_read(name))
    assert (result.backend, result.status) == ("gscip", "optimal")
    assert result.objective == pytest.approx(optimum, rel=1e-5)
