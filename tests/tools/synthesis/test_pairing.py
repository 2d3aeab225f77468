import pytest
from small_models import model
from synthesis_checks import prover, read
from synthesis_models import ARCS, PATHS, flow, lot_sizing

from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.synthesis.pairing import Pairing, pair_optima

PRODUCTION = "x0 = X00 + X01 + X02; x1 = X11 + X12; x2 = X22"
STOCK = "i0 = X01 + X02; i1 = X02 + X12; y0 = y0; y1 = y1; y2 = y2"
ARC_SUMS = "; ".join(f"{arc} = {' + '.join(p for p, arcs in PATHS.items() if arc in arcs)}" for arc in ARCS)


def lots() -> tuple[Formulation, Formulation, dict[str, AffineExpression]]:
    ours, theirs = lot_sizing(fractions=False)
    reference, candidate = ours.model(), theirs.model()
    return reference, candidate, read(f"{PRODUCTION}; {STOCK}", reference, candidate)


def flows() -> tuple[Formulation, Formulation, dict[str, AffineExpression]]:
    ours, theirs = flow()
    reference, candidate = ours.model(), theirs.model()
    return reference, candidate, read(ARC_SUMS, reference, candidate)


def mistaken(candidate: Formulation, true: dict[str, AffineExpression], found: Pairing) -> list[str]:
    """Return the paired values that the true map does not have, where the point is a solution."""
    wrong = []
    for pair in found.pairs:
        assert candidate.is_feasible(pair.point)
        at = dict(zip(candidate.variables, pair.point, strict=True))
        wrong += [name for name, value in pair.values.items() if true[name].evaluate(at) != value]
    return wrong


@pytest.mark.parametrize("models", [lots, flows])
@pytest.mark.parametrize("known", ["nothing", "some", "everything"])
def test_pairs_hold_for_the_true_map(models, known: str) -> None:
    reference, candidate, true = models()
    names = {"nothing": [], "some": sorted(true)[:2], "everything": sorted(true)}[known]
    found = pair_optima(prover(reference), prover(candidate), {name: true[name] for name in names}, count=12, seed=1)
    assert found.pairs
    assert any(pair.values for pair in found.pairs)
    assert mistaken(candidate, true, found) == []
    assert found.broken == ()


def test_ends_of_the_objective_pair_what_has_one_value_there() -> None:
    """min x + 2y with x + y ≥ 3, x ≤ 2: x = 2, y = 1, and z is free; u, v are x, y."""
    reference = model(
        {"x": (0, 2), "y": (0, 9), "z": (0, 9)}, minimize={"x": 1, "y": 2}, rows=[({"x": 1, "y": 1}, 3, None)]
    )
    candidate = model({"v": (0, 9), "u": (0, 2)}, minimize={"u": 1, "v": 2}, rows=[({"u": 1, "v": 1}, 3, None)])
    found = pair_optima(prover(reference), prover(candidate), {}, count=2)
    assert {tuple(pair.point): dict(pair.values) for pair in found.pairs} == {
        (1, 2): {"x": 2, "y": 1},
        (9, 2): {"x": 2, "y": 9},
    }
    assert found.broken == ()


def test_a_constant_between_the_objectives_is_left_to_the_offset() -> None:
    reference = model({"x": (3, 8)}, minimize={"x": 2}, constant=50)
    candidate = model({"u": (0, 5)}, minimize={"u": 2}, constant=-7)
    found = pair_optima(prover(reference), prover(candidate), {}, count=2)
    assert {tuple(pair.point): dict(pair.values) for pair in found.pairs} == {(0,): {"x": 3}, (5,): {"x": 8}}


@pytest.mark.parametrize("wrong", ["ab = 3 - sabt", "sa = sbt; sb = sat + sabt", "ab = sat; at = sabt"])
def test_a_wrong_partial_map_is_broken_at_solutions(wrong: str) -> None:
    """The image of a broken point cannot be completed to a reference solution of the same cost."""
    reference, candidate, _ = flows()
    known = read(wrong, reference, candidate)
    found = pair_optima(prover(reference), prover(candidate), known, count=40, seed=1)
    assert found.broken
    for point in found.broken:
        assert candidate.is_feasible(point)
        at = dict(zip(candidate.variables, point, strict=True))
        image = {name: expression.evaluate(at) for name, expression in known.items()}
        offset = candidate.cost_value(point)
        assert completions(reference, image, offset) == "infeasible"


def completions(reference: Formulation, image: dict, cost: object) -> str:
    """Say whether some reference solution has these values and this cost; both models' objectives are alike."""
    rows = [({reference.variable_index[name]: 1}, value) for name, value in image.items()]
    rows.append((dict(reference.cost_terms), cost))
    spec = [({reference.variables[j]: a for j, a in terms.items()}, side, side) for terms, side in rows]
    spec += [
        (
            {reference.variables[j]: a for j, a in reference.row_terms(i).items()},
            reference.row_lower.finite(i),
            reference.row_upper.finite(i),
        )
        for i in range(len(reference.rows))
    ]
    bounds = {n: (reference.lower.finite(j), reference.upper.finite(j)) for j, n in enumerate(reference.variables)}
    return prover(model(bounds, rows=spec)).minimise({}).status


def test_enough_pairs_end_the_search() -> None:
    """Two points determine an affine function of one variable."""
    reference = model({"x": (0, 5), "y": (0, 5)}, minimize={"x": 1, "y": 1}, rows=[({"x": 1, "y": -1}, 0, 0)])
    candidate = model({"u": (0, 5)}, minimize={"u": 2})
    known = {"x": AffineExpression.variable("u")}
    every = pair_optima(prover(reference), prover(candidate), known, count=20)
    enough = pair_optima(prover(reference), prover(candidate), known, count=20, enough=2)
    assert len(enough.pairs) == 2
    assert len(every.pairs) > 2
    assert all(pair.values["y"] == pair.point[0] for pair in every.pairs)


def test_large_models_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    reference, candidate, true = flows()
    monkeypatch.setattr("tools.synthesis.pairing.LARGEST_ASKED", 4)
    assert pair_optima(prover(reference), prover(candidate), true, count=4) == Pairing((), ())


def test_an_unbounded_direction_gives_no_pair() -> None:
    reference = model({"x": (0, None)}, minimize={"x": 1})
    candidate = model({"u": (0, None)}, minimize={"u": 1})
    found = pair_optima(prover(reference), prover(candidate), {}, count=2)
    assert [dict(pair.values) for pair in found.pairs] == [{"x": 0}]
    assert found.broken == ()
