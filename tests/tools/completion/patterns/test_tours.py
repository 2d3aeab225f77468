import pytest
from lifting_proofs import identical, unproved
from tour_models import by_flow, by_order, by_paths, by_positions, by_subsets

from tools.completion.complete import complete
from tools.completion.patterns.tours import TourPattern
from tools.exact.budget import Budget
from tools.exact.prover import Prover
from tools.formulation.numbers import ExactVector
from tools.mapping.affine import AffineExpression

SIZE = 5


@pytest.fixture(autouse=True)
def tours_alone(monkeypatch):
    monkeypatch.setattr("tools.completion.search.PATTERNS", (TourPattern(),))


@pytest.fixture(scope="module")
def sources():
    return {build: Prover(build(SIZE), Budget()) for build in (by_positions, by_flow, by_paths, by_subsets)}


def lift(source, target):
    return next(complete(source, target, identical(target, "x")), None)


@pytest.mark.parametrize("source", [by_positions, by_flow, by_paths, by_subsets])
@pytest.mark.parametrize(
    "target",
    [
        by_positions(SIZE),
        by_positions(SIZE, low=-3, lifted=True),
        by_positions(SIZE, depot=3),
        by_flow(SIZE),
        by_flow(SIZE, collecting=True),
        by_paths(SIZE),
        by_order(SIZE),
    ],
    ids=["positions", "lifted", "other depot", "flow", "collecting", "paths", "order"],
)
def test_each_formulation_lifts_to_each(sources, source, target):
    lifting = lift(sources[source], target)
    assert lifting is not None
    assert unproved(sources[source].model, target, lifting) == []


def test_the_other_way_round_is_found_too(sources):
    """A target whose arcs run against the source's has positions that count from the end."""
    target = by_positions(SIZE)
    turned = {
        name: AffineExpression.variable("x{1}_{0}".format(*name[1:].split("_"))) for name in identical(target, "x")
    }
    lifting = next(complete(sources[by_flow], target, turned), None)
    assert lifting is not None
    assert unproved(sources[by_flow].model, target, lifting) == []


def test_positions_that_are_too_narrow_find_nothing(sources):
    """With one place less than nodes no lifting exists, and none is proposed."""
    target = by_positions(SIZE)
    highest = [target.upper.finite(j) for j in range(len(target.variables))]
    less = [high - 1 if name[0] == "u" else high for name, high in zip(target.variables, highest)]
    assert lift(sources[by_flow], target.changed(upper=ExactVector.of(less))) is None
