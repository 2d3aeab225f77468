import pytest

from benchmarks.generated_models import FAMILIES, renamed_and_reordered
from tools.solvers.gateway import solve
from tools.solvers.problem import NumericProblem


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_its_size_and_an_optimum_that_a_copy_shares(family: str) -> None:
    model = FAMILIES[family](400, 3)
    assert 300 <= model.nonzeros <= 500
    assert FAMILIES[family](400, 3).same_as(model)
    assert not FAMILIES[family](400, 4).same_as(model)
    copy = renamed_and_reordered(model, 1)
    assert not set(copy.variables) & set(model.variables)
    first, second = solve(NumericProblem.of(model).relaxed()), solve(NumericProblem.of(copy).relaxed())
    assert first.status == second.status == "optimal"
    assert first.objective == pytest.approx(second.objective, rel=1e-6)
