"""Every transformation on small models: both maps by plain loops, the claims engine, and mutated maps rejected."""

from fractions import Fraction

import pytest
from transform_models import MODELS, solutions

from tools.errors import InputError
from tools.formulation.model import Formulation
from tools.mapping.total import TotalMapping
from tools.report import ClaimName, Result
from tools.testing import run_reformulation_tests
from tools.transform.chain import transform
from tools.transform.registry import TRANSFORMATIONS
from tools.transform.transformed import Transformed

FITTING = {kind: [name for name in MODELS if rule.places(MODELS[name]())] for kind, rule in TRANSFORMATIONS.items()}
EVERY_PAIR = [(kind, name) for kind, names in FITTING.items() for name in names]
ONE_PAIR = [(kind, names[len(kind) % len(names)]) for kind, names in FITTING.items()]


def made(kind: str, name: str, seed: int) -> Transformed:
    try:
        return transform(MODELS[name](), [kind], seed)
    except InputError as error:
        # Places are found cheaply; only the rewriting itself finds out that, say, there is no optimal solution.
        if TRANSFORMATIONS[kind].contract == "reformulation" or "does not apply" not in str(error):
            raise
        pytest.skip(str(error))


def cost(model: Formulation, point: dict[str, Fraction]) -> Fraction:
    return model.cost_value([point[name] for name in model.variables])


def feasible(model: Formulation, point: dict[str, Fraction]) -> bool:
    return model.is_feasible([point[name] for name in model.variables])


def test_each_kind_applies_somewhere() -> None:
    assert all(FITTING.values())


@pytest.mark.parametrize(("kind", "name"), EVERY_PAIR)
def test_solutions_are_carried_both_ways(kind: str, name: str) -> None:
    for seed in (0, 1):
        result = made(kind, name, seed)
        reference, candidate, sigma = result.reference, result.candidate, result.relation
        if result.lifting is not None:
            for solution in solutions(reference):
                lifted = result.lifting.apply(solution)
                assert feasible(candidate, lifted), (solution, lifted)
                assert result.recovery.apply(lifted) == solution
                assert sigma(cost(candidate, lifted)) == cost(reference, solution)
        for solution in solutions(candidate, most=3000):
            image = result.recovery.apply(solution)
            assert feasible(reference, image), (solution, image)
            assert cost(reference, image) <= sigma(cost(candidate, solution))


@pytest.mark.parametrize(("kind", "name"), ONE_PAIR)
def test_the_engine_proves_the_maps_and_rejects_mutants(kind: str, name: str) -> None:
    result = made(kind, name, 3)
    lifting = result.lifting
    expect: dict[ClaimName, Result] = {"sound": "proved", "optima": "proved"}
    if lifting is not None:
        expect["complete"] = "proved"
    run_reformulation_tests(
        result.reference, result.candidate, result.affine_recovery, lifting=lifting, expect=expect, seed=1
    )


@pytest.mark.parametrize(("kind", "name"), EVERY_PAIR)
def test_the_same_seed_gives_the_same_candidate_and_maps_survive_json(kind: str, name: str) -> None:
    first, second = made(kind, name, 5), made(kind, name, 5)
    assert first.candidate.same_as(second.candidate)
    assert first.mapping_json() == second.mapping_json()
    lifting = first.lifting
    if lifting is not None:
        again = TotalMapping.from_json(lifting.to_json())
        for solution in list(solutions(first.reference))[:20]:
            assert again.apply(solution) == lifting.apply(solution)


def test_full_digits_keep_a_row_that_capped_digits_share() -> None:
    model = MODELS["unbounded_counts"]()
    full = transform(model, ["digits=3:m"])
    capped = transform(model, ["capped-digits=3:m"])
    assert [str(full.candidate.upper[j]) for j in range(1, 6)] == ["2"] * 5
    assert [str(capped.candidate.upper[j]) for j in range(1, 6)] == ["2", "2", "2", "2", "1"]
    assert "m_limit" in full.candidate.rows
    assert "m_limit" in capped.candidate.rows


def test_truncated_digits_keep_the_optimum_and_lose_larger_numbers() -> None:
    model = MODELS["unbounded_counts"]()
    result = transform(model, ["truncated-digits:m"])
    assert (result.contract, result.lifting) == ("quasi-karp", None)
    assert len(result.candidate.variables) == len(model.variables)


def test_a_contract_of_less_than_reformulation_is_said() -> None:
    weak = {name for name, kind in TRANSFORMATIONS.items() if kind.contract == "quasi-karp"}
    assert weak == {"truncated-digits", "objective-cut", "symmetry-breaking", "merge-columns"}
