from collections.abc import Callable
from fractions import Fraction
from math import inf

from tools.formulation.model import Formulation
from ui.model_warnings import warnings_about


def test_a_clean_model_has_none(reference_model: Formulation) -> None:
    assert warnings_about(reference_model) == []


def test_each_oddity_is_one_sentence(build: Callable[..., Formulation]) -> None:
    variables = {"x": (0.0, 1.0, 0), "y": (3.0, 2.0, 0), "z": (-inf, inf, 0), "w": (0.0, 0.30000000000000004, 0)}
    rows = [("cap", {"x": 1, "w": 1}, 5.0, 4.0), ("none", {}, -inf, 1.0), ("nil", {}, -inf, 1.0)]
    assert warnings_about(build(variables, {"y": 1}, rows)) == [
        "2 rows without any variable: none, nil",
        "1 variable in no row and not in the objective: z",
        "1 variable with crossed bounds: y",
        "1 row with crossed bounds: cap",
        "1 number looks rounded by a computer; taken as written: 0.30000000000000004",
    ]


def test_long_lists_are_cut(build: Callable[..., Formulation]) -> None:
    (sentence,) = warnings_about(build({f"x{k}": (0.0, 1.0, 0) for k in range(100)}, {}, []))
    assert sentence == "100 variables in no row and not in the objective: x0, x1, x2, x3, x4 and 95 more"


def test_a_fraction_is_not_rounded(build: Callable[..., Formulation]) -> None:
    model = build({"x": (0.0, 1.0, 0)}, {"x": Fraction(1, 3)}, [("r", {"x": Fraction(2, 7)}, 0.0, 1.0)])
    assert warnings_about(model) == []
