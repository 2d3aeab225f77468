from fractions import Fraction

import pytest
from small_models import mapping, model, renaming

from tools.claims.facts import Facts
from tools.claims.objective_relation import ObjectiveRelation
from tools.claims.optimality import decide_value
from tools.claims.rounding import has_rounded_data, is_significant, loosened
from tools.claims.verify import Pair, verify_pair
from tools.exact.budget import Budget
from tools.exact.proofs import LinearProof
from tools.exact.prover import Prover
from tools.formulation.model import Formulation


@pytest.mark.parametrize("number", [0.1 * 3, 1 / 3, 100.1 * 3, "0.33333333333333333333", "1234567.890123456789"])
def test_results_of_float_arithmetic_and_long_decimals_look_rounded(number: float | str) -> None:
    assert has_rounded_data(model(continuous={"x": (0, number)}))
    assert has_rounded_data(model(continuous={"x": (0, 1)}, minimize={"x": number}))
    assert has_rounded_data(model(continuous={"x": (0, 1)}, constant=number))
    assert has_rounded_data(model(continuous={"x": (0, 1)}, rows=[({"x": number}, 0, None)]))
    identity = model(continuous={"x": (0, 1)})
    assert has_rounded_data(mapping(identity, identity, {"x": (0, {"x": number})}))
    assert has_rounded_data(mapping(identity, identity, {"x": (number, {})}))


@pytest.mark.parametrize("number", ["1/3", "22/7", "0.125", 12345678901234567890, "1e-9", 0.3])
def test_exact_quotients_and_short_decimals_do_not(number: float | str) -> None:
    formulation = model(continuous={"x": (0, number)}, minimize={"x": number}, rows=[({"x": number}, 0, None)])
    assert not has_rounded_data(formulation)


def test_only_rounded_data_need_a_margin() -> None:
    plain, rounded = model(continuous={"x": (0, 1)}), model(continuous={"x": (0, 1 / 3)})
    tiny = Fraction(1, 10**30)
    assert is_significant(tiny, Fraction(1), plain)
    assert not is_significant(tiny, Fraction(1), plain, rounded)
    assert not is_significant(Fraction(1, 10**17), Fraction(1, 10**17), rounded)
    assert is_significant(Fraction(1, 10**6), Fraction(10), rounded)
    assert not is_significant(Fraction(1, 10**6), Fraction(10**4), rounded)


def test_loosening_moves_every_side_outwards() -> None:
    formulation = model(continuous={"x": (-2, 2000)}, rows=[({"x": 1}, 5, None)])
    moved = loosened(formulation)
    margin = Fraction(1, 10**9)
    assert moved.lower[0] == -2 - 2 * margin
    assert moved.upper[0] == 2000 + 2000 * margin
    assert (moved.row_lower[0], moved.row_upper.finite(0)) == (5 - 5 * margin, None)


def written_by_a_program(factor: float) -> tuple[Formulation, Formulation]:
    """Three rows in tenths, and the same multiplied by `factor` in floating-point arithmetic."""
    rows = [((0.1, 0.2), 0.7), ((0.3, -0.1), 0.2), ((-0.7, 1.1), 1.3)]
    reference = model(
        integer={"x": (0, 9), "y": (0, 9)},
        maximize={"x": 1, "y": 2},
        rows=[({"x": a, "y": b}, None, side) for (a, b), side in rows],
    )
    candidate = model(
        integer={"x": (0, 9), "y": (0, 9)},
        maximize={"x": 1, "y": 2},
        rows=[({"x": a * factor, "y": b * factor}, None, side * factor) for (a, b), side in rows],
    )
    return reference, candidate


@pytest.mark.parametrize("factor", [0.1, 1 / 3, 1.1, 1e-3 / 7, 3e5 / 7])
def test_a_twin_written_in_floats_is_never_refuted(factor: float) -> None:
    reference, candidate = written_by_a_program(factor)
    for first, second in ((reference, candidate), (candidate, reference)):
        found = verify_pair(Pair(first, second, Budget()), renaming(first, second))
        assert all(claim.result != "refuted" for claim in found.claims.values()), found.claims


def test_a_real_difference_among_rounded_data_is_refuted() -> None:
    reference, _ = written_by_a_program(1.0)
    _, candidate = written_by_a_program(1 / 3)
    different = model(
        integer={"x": (0, 9), "y": (0, 9)},
        maximize={"x": 1, "y": 2},
        rows=[(dict(zip("xy", candidate.row_terms(i).values(), strict=True)), None, candidate.row_upper[i])
              for i in range(2)],
    )  # fmt: skip
    found = verify_pair(Pair(reference, different, Budget()), renaming(reference, different))
    assert found.claims["sound"].result == "refuted"


def test_a_mapping_with_a_rounded_third_is_not_refuted_by_its_last_digit() -> None:
    reference = model(continuous={"x": (0, 1)}, minimize={"x": 3}, rows=[({"x": 3}, 3, None)])
    candidate = model(continuous={"u": (0, 3)}, minimize={"u": 1}, rows=[({"u": 1}, 3, None)])
    found = verify_pair(
        Pair(reference, candidate, Budget()), mapping(reference, candidate, {"x": (0, {"u": 0.3333333333333333})})
    )
    assert all(claim.result != "refuted" for claim in found.claims.values()), found.claims
    wrong = verify_pair(
        Pair(reference, candidate, Budget()), mapping(reference, candidate, {"x": (0, {"u": 0.3333333})})
    )
    assert wrong.claims["sound"].result == "refuted"


def valued(formulation: Formulation, value: int) -> Facts:
    exact = Fraction(value)
    return Facts("optimal", "exact", "", [Fraction(-value)], exact, exact, LinearProof({}, exact))


def test_an_optimal_value_that_hangs_on_a_last_digit_refutes_nothing() -> None:
    """max x with 0.1·3·x ≤ 0.9: exactly 2, and 3 as it was meant."""
    meant = model(integer={"x": (0, 10)}, maximize={"x": 1}, rows=[({"x": "0.3"}, None, "0.9")])
    written = model(integer={"x": (0, 10)}, maximize={"x": 1}, rows=[({"x": 0.1 * 3}, None, "0.9")])
    other = model(integer={"x": (0, 10)}, maximize={"x": 1}, rows=[({"x": "0.31"}, None, "0.9")])
    same = ObjectiveRelation(Fraction(1), Fraction(0))

    def value(first: tuple[Formulation, int], second: tuple[Formulation, int]) -> str:
        facts = [valued(*side) for side in (first, second)]
        provers = (Prover(first[0], Budget()), Prover(second[0], Budget()))
        return decide_value(facts[0], facts[1], same, provers).result

    assert value((meant, -3), (written, -2)) == "unknown"
    assert value((written, -2), (meant, -3)) == "unknown"
    assert value((meant, -3), (other, -2)) == "refuted"
    assert value((other, -2), (meant, -3)) == "refuted"
    assert value((written, -2), (other, -2)) == "proved"
