from tests.tools.normal_form.reduction_check import check_reduction, small_model
from tools.exact.budget import Budget
from tools.normal_form.minimisation import Minimisation

VARIABLES = {"x": (0, 3, "I"), "y": (0, 2, "C")}


def test_a_maximisation_becomes_a_minimisation() -> None:
    model = small_model(VARIABLES, {"r": ({"x": 1, "y": 1}, None, 4)}, {"x": 2, "y": -1}, sense="maximize", constant=7)
    reduction = Minimisation().apply(model, Budget())
    assert reduction is not None
    assert reduction.reduced.sense == "minimize"
    assert list(reduction.reduced.objective) == [-2, 1]
    assert reduction.reduced.objective_constant == -7
    check_reduction(reduction)


def test_a_minimisation_stays() -> None:
    model = small_model(VARIABLES, {}, {"x": 2})
    assert not Minimisation().accepts(model)
    assert Minimisation().apply(model, Budget()) is None
