"""Chains of transformations, whose maps must compose exactly."""

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transform_models import MODELS, solutions

from tools.errors import InputError
from tools.mapping.total import TotalMapping
from tools.transform.chain import random_chain, transform
from tools.transform.registry import TRANSFORMATIONS
from tools.transform.transformed import Transformed

NUMBERS = st.integers(0, 10_000)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(MODELS)), st.integers(0, 4), NUMBERS)
def test_maps_of_random_chains_lead_there_and_back(name: str, length: int, seed: int) -> None:
    model = MODELS[name]()
    made, chosen = random_chain(model, length, seed)
    assert (len(chosen), len(made.steps), made.contract) == (length, length, "reformulation")
    assert made.lifting is not None
    again = TotalMapping.from_json(made.lifting.to_json())
    for solution in list(solutions(model))[:60]:
        lifted = made.lifting.apply(solution)
        assert again.apply(solution) == lifted
        point = [lifted[variable] for variable in made.candidate.variables]
        assert made.candidate.is_feasible(point)
        assert made.recovery.apply(lifted) == solution
        cost = model.cost_value([solution[variable] for variable in model.variables])
        assert made.relation(made.candidate.cost_value(point)) == cost


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(MODELS)), NUMBERS)
def test_a_random_chain_depends_on_the_seed_alone(name: str, seed: int) -> None:
    first, second = (random_chain(MODELS[name](), 3, seed) for _ in range(2))
    assert first[1] == second[1]
    assert first[0].candidate.same_as(second[0].candidate)


def test_composition_is_associative() -> None:
    model = MODELS["knapsack"]()
    steps: list[Transformed] = []
    at = model
    for request in ("digits=2:c", "complement:a", "slack", "rename"):
        steps.append(transform(at, [request], 2))
        at = steps[-1].candidate
    one, two, three, four = steps
    left, right = one.then(two).then(three).then(four), one.then(two.then(three.then(four)))
    assert left.lifting is not None
    assert right.lifting is not None
    for solution in solutions(model):
        assert left.lifting.apply(solution) == right.lifting.apply(solution)
        assert left.recovery.apply(left.lifting.apply(solution)) == solution


def test_one_weak_step_weakens_the_chain() -> None:
    made = transform(MODELS["knapsack"](), ["digits:c", "objective-cut", "rename"])
    assert (made.contract, made.lifting) == ("quasi-karp", None)
    assert made.mapping_json()["lifting"] is None


def test_the_objective_relation_composes() -> None:
    made = transform(MODELS["lot"](), ["scale-objective", "flip-sense", "scale-objective"], 4)
    point = next(solutions(made.candidate))
    image = made.recovery.apply(point)
    value = made.candidate.cost_value([point[name] for name in made.candidate.variables])
    assert made.relation(value) == made.reference.cost_value([image[name] for name in made.reference.variables])
    assert made.relation.scale > 0
    assert made.relation.scale != Fraction(1)


def test_no_step_is_the_identity() -> None:
    model = MODELS["blend"]()
    made, chosen = random_chain(model, 0)
    assert chosen == []
    assert made.candidate is model


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ("nothing", "unknown transformation 'nothing'; known are "),
        ("big-m", "big-m does not apply: the model does not have a one-sided row"),
        ("digits:q", "digits: the model has no variable 'q'"),
        ("split:a*", "^$"),
        ("free-split:a", "free-split does not apply: variable 'a' is not a variable that its bounds"),
        ("digits=0:c", "digits: the base must lie between 2 and 1000, found 0"),
        ("epigraph:c", "epigraph acts on the whole model"),
        ("rename=2", "rename takes no number"),
    ],
)
def test_what_does_not_apply_says_why(request_: str, message: str) -> None:
    if message == "^$":
        assert transform(MODELS["knapsack"](), [request_]).steps == ("split of a",)
        return
    with pytest.raises(InputError, match=message.replace("[", r"\[")):
        transform(MODELS["knapsack"](), [request_])


def test_a_chain_of_kinds_that_never_apply_is_an_error() -> None:
    with pytest.raises(InputError, match="after 0 steps none of big-m applies"):
        random_chain(MODELS["knapsack"](), 1, kinds=["big-m"])
    with pytest.raises(InputError, match="0 to 1000 steps"):
        random_chain(MODELS["knapsack"](), 1001)


def test_every_kind_says_what_it_does_and_needs() -> None:
    for name, kind in TRANSFORMATIONS.items():
        assert kind.name == name
        assert kind.summary
        assert not kind.summary.endswith(".")
        assert kind.needs.split()[0] in ("a", "an", "one")
        assert (kind.__doc__ or "").count("Recovery") + (kind.__doc__ or "").count("recovery") >= 1
