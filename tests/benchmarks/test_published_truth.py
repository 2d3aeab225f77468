from fractions import Fraction

import pytest

from benchmarks.published_truth import optima_carry_over
from benchmarks.transform_bases import OWN
from tools.errors import InputError
from tools.formulation.lp_reader import parse_lp
from tools.mapping.affine import AffineExpression, AffineMapping
from tools.transform.chain import transform
from tools.transform.registry import TRANSFORMATIONS

pytest.importorskip("pyscipopt")


@pytest.mark.slow
@pytest.mark.parametrize("base", ["blend", "integer_knapsack", "lot_sizing"])
def test_true_maps_carry_optima_over(base: str) -> None:
    model = OWN[base]()
    for kind in [kind for kind in TRANSFORMATIONS if TRANSFORMATIONS[kind].places(model)]:
        try:
            made = transform(model, [kind], 0)
        except InputError:  # some kinds find out only then that there is nothing to do
            continue
        assert optima_carry_over(model, made.candidate, made.affine_recovery, 20).result == "carried", kind


def identity(**scales: int) -> AffineMapping:
    return AffineMapping({name: AffineExpression(Fraction(0), {name: Fraction(a)}) for name, a in scales.items()})


def test_one_lost_optimum_among_several_is_found() -> None:
    reference = parse_lp("max a + b\nst\n s: a + b <= 10\n m: a <= 6\ngeneral\n a b\nend")
    candidate = parse_lp("max a + b\nst\n s: a + b <= 10\ngeneral\n a b\nend")
    found = optima_carry_over(reference, candidate, identity(a=1, b=1), 20)
    assert found.result == "lost"
    assert "row 'm' fails" in found.reason
    assert optima_carry_over(candidate, reference, identity(a=1, b=1), 20).result == "carried"


@pytest.mark.parametrize(
    ("text", "mapping", "reason"),
    [
        ("max x\nst\n c: x <= 4.4\nend", identity(x=1), "'x' is no integer"),
        ("max x\nst\n c: x <= 3\ngeneral\n x\nend", identity(x=1), "the objective fails"),
        ("max x\nst\n c: x >= 3\ngeneral\n x\nend", identity(x=1), "unbounded"),
        ("max x\nst\n c: x <= 4\ngeneral\n x\nend", AffineMapping({}), "'x' is not mapped"),
        ("max x\nst\n c: x <= 4\ngeneral\n x\nend", identity(x=2), "row 'c' fails by 3.5"),
        (
            "max x\nst\n c: x <= 4\ngeneral\n x\nend",
            AffineMapping({"x": AffineExpression(Fraction(9))}),
            "row 'c' fails",
        ),
    ],
)
def test_what_is_lost_is_named(text: str, mapping: AffineMapping, reason: str) -> None:
    reference = parse_lp("max x\nst\n c: x <= 4.5\ngeneral\n x\nend")
    found = optima_carry_over(reference, parse_lp(text), mapping, 20)
    assert found.result == "lost", found
    assert reason in found.reason


def test_two_infeasible_models_lose_nothing() -> None:
    empty = parse_lp("max x\nst\n c: x <= -1\nend")
    assert optima_carry_over(empty, empty, AffineMapping({}), 20).result == "carried"


def test_a_row_that_fails_by_far_is_settled() -> None:
    reference = parse_lp("max a + b\nst\n s: a + b <= 10\n m: a - b <= 0\ngeneral\n a b\nend")
    candidate = parse_lp("max a + b\nst\n s: a + b <= 10\n m: a - b >= 8\ngeneral\n a b\nend")
    assert optima_carry_over(reference, candidate, identity(a=1, b=1), 20).result == "lost"
