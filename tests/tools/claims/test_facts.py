from dataclasses import replace
from fractions import Fraction

import pytest
from brute_force import Model
from random_pairs import random_case
from small_models import model

from tools.claims.facts import Facts, find_facts, improving_ray
from tools.exact.budget import Budget
from tools.exact.proofs import SolverProof, holds
from tools.exact.prover import Prover
from tools.formulation.model import Formulation


def facts(formulation: Formulation, **changes: int) -> Facts:
    return find_facts(Prover(formulation, replace(Budget(), **changes)))


@pytest.mark.parametrize("start", range(0, 120, 40))
def test_status_and_value_agree_with_the_definition(start: int) -> None:
    for seed in range(start, start + 40):
        formulation = random_case(seed).candidate.build()
        found, truth = facts(formulation), Model(formulation)
        if "?" in truth.status or found.status == "unknown":
            continue
        assert found.status == truth.status, seed
        if found.solved and not truth.is_cut_off:
            assert found.upper == truth.best, seed


def test_the_value_has_the_sign_of_the_models_own_sense() -> None:
    found = facts(model(integer={"x": (0, 3)}, maximize={"x": 2}, constant=1))
    assert (found.upper, found.lower, found.value) == (-7, -7, 7.0)
    assert found.solved
    assert found.lower_exact


def test_an_unbounded_model_has_an_exact_point_and_ray() -> None:
    formulation = model(
        integer={"x": (0, None), "y": (0, None)}, maximize={"x": 1}, rows=[({"x": 3, "y": -2}, None, 1)]
    )
    found = facts(formulation)
    assert (found.status, found.strength) == ("unbounded", "exact")
    assert found.point is not None
    assert found.ray is not None
    for multiple in (0, 6, 600):
        assert formulation.is_feasible([p + multiple * r for p, r in zip(found.point, found.ray, strict=True)])
    assert found.ray[0] > 0


def test_a_slab_without_integer_points_is_not_unbounded() -> None:
    slab = model(integer={"x": (0, None), "y": (0, None)}, maximize={"x": 1}, rows=[({"x": 3, "y": -3}, 1, 2)])
    assert facts(slab).status in ("infeasible", "unknown")


def test_a_bounded_model_has_no_improving_ray() -> None:
    assert improving_ray(Prover(model(continuous={"x": (0, None)}, minimize={"x": 1}), Budget())) is None
    assert improving_ray(Prover(model(continuous={"x": (None, 0)}, minimize={"x": 1}), Budget())) is not None


def test_an_infeasible_model_has_a_proof() -> None:
    formulation = model(continuous={"x": (0, 1), "y": (0, 1)}, rows=[({"x": 1, "y": 1}, "2.0000001", None)])
    found = facts(formulation)
    assert (found.status, found.strength) == ("infeasible", "exact")
    assert found.infeasible_proof is not None
    assert not isinstance(found.infeasible_proof, SolverProof)
    assert holds(formulation, {}, Fraction(1), found.infeasible_proof)


def test_rows_that_miss_each_other_by_less_than_a_tolerance_are_infeasible() -> None:
    rows = [({"x": 1, "y": -1}, -1, -1), ({"x": "0.9999999", "y": "-0.9999999"}, None, -1)]
    found = facts(model(continuous={"x": (-1, -1), "y": (-1, 2)}, maximize={"x": -2, "y": -1}, rows=rows))
    assert (found.status, found.strength) == ("infeasible", "exact")


def test_a_proof_that_ran_out_of_nodes_leaves_solver_strength() -> None:
    names = [f"x{j}" for j in range(9)]
    odd = model(integer=dict.fromkeys(names, (0, 1)), rows=[(dict.fromkeys(names, 2), 9, 9)])
    assert facts(odd, tree_nodes=2).strength == "solver"
    knapsack = model(
        integer=dict.fromkeys(names, (0, 1)),
        minimize=dict.fromkeys(names, 2),
        rows=[(dict.fromkeys(names, 2), 9, None)],
    )
    found = facts(knapsack, tree_nodes=1)
    assert found.upper == 10
    assert found.strength == "exact"


def test_what_only_a_last_digit_makes_infeasible_is_not_called_so() -> None:
    rows = [({"x": 0.1 * 3}, None, "0.9"), ({"x": 1}, 3, None)]
    found = facts(model(continuous={"x": (0, 10)}, rows=rows))
    assert found.status != "infeasible"
    assert found.strength == "solver"
