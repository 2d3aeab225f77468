from collections.abc import Callable
from fractions import Fraction
from itertools import islice

import pytest
from small_models import model
from synthesis_checks import differing, in_disguise, plain, prover, read
from synthesis_models import ARCS, PATHS, Draft, clusters, coverage, covers, flow, lot_sizing, scheduling, tours

from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.mapping.rules import parse_rules
from tools.synthesis.checking import broken_by
from tools.synthesis.points import sample_points
from tools.synthesis.sketch import read_sketch
from tools.synthesis.sketched import Sketched
from tools.synthesis.synthesise import synthesise

Models = Callable[[], tuple[Draft, Draft]]

SERVED = "z0 = x00 + x01; z1 = x11 + x12; z2 = x20 + x22 + x23; z3 = x33; y0 = y0; y1 = y1; y2 = y2; y3 = y3"
ARC_SUMS = "; ".join(f"{arc} = {' + '.join(p for p, arcs in PATHS.items() if arc in arcs)}" for arc in ARCS)
STARTS = "s0 = z01 + 2*z02 + 3*z03 + 4*z04; s1 = z11 + 2*z12 + 3*z13; s2 = z21 + 2*z22 + 3*z23 + 4*z24 + 5*z25"
PRODUCTION = "x0 = X00 + X01 + X02; x1 = X11 + X12; x2 = X22; i0 = X01 + X02; i1 = X02 + X12; y1 = y1; y2 = y2; y0 = y0"
SHARES = "x0 = 30*X00 + 20*X01 + 40*X02; x1 = 20*X11 + 40*X12; x2 = 40*X22; i0 = 20*X01 + 40*X02; i1 = 40*X02 + 40*X12"
COMPLEMENTS = "; ".join(f"c{v} = 1 - s{v}" for v in range(5))
MEDIANS = "; ".join(
    [f"open{j} = b{j}{j}" for j in range(4)] + [f"a{i}{j} = b{i}{j}" for i in range(4) for j in range(4)]
)


@pytest.fixture(autouse=True)
def few_points(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small models need few points and optima to be told apart."""
    monkeypatch.setattr("tools.synthesis.synthesise.POINTS", 14)
    monkeypatch.setattr("tools.synthesis.fill.POINTS", 14)
    monkeypatch.setattr("tools.synthesis.synthesise.DIRECTIONS", 8)
    monkeypatch.setattr("tools.synthesis.pairing.SLICES", 1)


def disguised(models: Models, rules: str, seed: int) -> tuple[Formulation, Formulation, dict[str, AffineExpression]]:
    """Return both models, the candidate's names in disguise, and the expressions that the rules mean."""
    ours, theirs = models()
    candidate, meaning = theirs.disguised(seed)
    return ours.model(), candidate, in_disguise(read(rules, ours.model(), theirs.model()), meaning)


@pytest.mark.parametrize(
    ("models", "rules", "left_out"),
    [
        (coverage, SERVED, ""),
        (flow, ARC_SUMS, ""),
        (scheduling, STARTS, "o01 o02 o12"),
        (lambda: lot_sizing(fractions=False), PRODUCTION, ""),
        (covers, COMPLEMENTS, ""),
        (clusters, MEDIANS, ""),
        (tours, "; ".join(f"x{i}{j} = w{i}{j}" for i in range(4) for j in range(4) if i != j), "u1 u2 u3"),
    ],
    ids=["aggregates", "arc flows", "start times", "production", "complements", "selected sets", "tours"],
)
def test_the_true_map_comes_first_whatever_the_names(models: Models, rules: str, left_out: str) -> None:
    """Expressions are compared on all candidate solutions: x = 10 − u is the same as x = v where u + v = 10."""
    reference, candidate, true = disguised(models, rules, 7)
    found = next(synthesise(reference, prover(candidate)))
    assert found.left_out == tuple(left_out.split())
    assert set(found.expressions) == set(true)
    assert differing(candidate, found.expressions, true) == []


def test_production_is_found_from_shares_of_demands() -> None:
    """The set-up of the first period is 1 in every solution, and may be given as anything that is."""
    reference, candidate, true = disguised(lambda: lot_sizing(fractions=True), SHARES, 7)
    found = next(synthesise(reference, prover(candidate)))
    assert differing(candidate, {name: found.expressions[name] for name in true}, true) == []
    always = {"y0": AffineExpression.number(1)}
    assert differing(candidate, {"y0": found.expressions["y0"]}, always) == []


def small() -> tuple[Formulation, Formulation]:
    """x = 10·d1 + d0, the names of y shared."""
    reference = model(
        integer={"x": (0, 39), "y": (0, 9)}, minimize={"x": 3, "y": 2}, rows=[({"x": 2, "y": 1}, 31, None)]
    )
    candidate = model(
        integer={"d1": (0, 3), "d0": (0, 9), "y": (0, 9)},
        minimize={"d1": 30, "d0": 3, "y": 2},
        rows=[({"d1": 20, "d0": 2, "y": 1}, 31, None)],
    )
    return reference, candidate


def test_a_sketch_comes_first_and_is_filled() -> None:
    reference, candidate = small()
    sketch = read_sketch(parse_rules("x = ?*d1 + ?*d0\ny = y"), reference.variables, candidate.variables)
    found = next(synthesise(reference, prover(candidate), sketches=[sketch]))
    assert found.origin == "sketch"
    assert plain(found.expressions) == {"x": "d0 + 10*d1", "y": "y"}


def test_a_sketch_that_cannot_be_filled_is_passed_over() -> None:
    reference, candidate = small()
    sketch = read_sketch(parse_rules("x = ?*y\ny = ?*d1"), reference.variables, candidate.variables)
    found = list(islice(synthesise(reference, prover(candidate), sketches=[sketch]), 3))
    assert found
    assert all(each.origin != "sketch" for each in found)
    assert {"x": "d0 + 10*d1", "y": "y"} in [plain(each.expressions) for each in found]


def test_shared_names_are_extended() -> None:
    reference, candidate = small()
    found = next(synthesise(reference, prover(candidate)))
    assert found.origin == "names"
    assert plain(found.expressions) == {"x": "d0 + 10*d1", "y": "y"}


def every(models: Models, most: int, seed: int = 0) -> tuple[Formulation, Formulation, list[Sketched]]:
    ours, theirs = models()
    reference, (candidate, _) = ours.model(), theirs.disguised(3)
    return reference, candidate, list(islice(synthesise(reference, prover(candidate), seed=seed), most))


def test_nothing_comes_twice_and_all_holds_at_other_points_and_the_same_comes_again() -> None:
    reference, candidate, found = every(flow, 4)
    assert len(found) > 2
    again = every(flow, 2)[2]
    assert [plain(each.expressions) for each in again] == [plain(each.expressions) for each in found[:2]]
    maps = [tuple(sorted(plain(each.expressions).items())) for each in found]
    assert len(maps) == len(set(maps))
    for each in found:
        assert set(each.left_out) == set(reference.variables) - set(each.expressions)
        assert {reference.variables[j] for j in reference.cost_terms} <= set(each.expressions)
        assert broken_by(reference, candidate, each.expressions, sample_points(prover(candidate), 10, 99)) is None


def test_witnesses_that_are_sent_are_respected() -> None:
    ours, theirs = flow()
    reference, candidate = ours.model(), theirs.model()
    search = synthesise(reference, prover(candidate))
    first = next(search)
    witness = sample_points(prover(candidate), 1, 5)[-1]
    second = search.send([witness, [Fraction(99)] * len(witness)])  # the latter is no candidate solution
    assert plain(second.expressions) != plain(first.expressions)
    assert broken_by(reference, candidate, second.expressions, [witness]) is None


def test_models_that_are_no_relatives_give_no_map_that_a_solver_separates() -> None:
    """A knapsack against a covering problem of other data: what is proposed at all fits every sampled point."""
    reference = model(
        integer=dict.fromkeys("abc", (0, 1)),
        minimize={"a": 3, "b": 5, "c": 7},
        rows=[({"a": 2, "b": 3, "c": 4}, 5, None)],
    )
    candidate = model(
        integer=dict.fromkeys("uvw", (0, 1)),
        maximize={"u": 13, "v": 17, "w": 29},
        rows=[({"u": 5, "v": 7, "w": 11}, None, 13)],
    )
    points = [
        [Fraction(v) for v in values]
        for values in ((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0))
        if candidate.is_feasible([Fraction(v) for v in values])
    ]
    for each in synthesise(reference, prover(candidate)):
        assert broken_by(reference, candidate, each.expressions, points) is None


def test_an_empty_candidate_gives_nothing() -> None:
    empty = model(integer={"u": (0, 5)}, minimize={"u": 1}, rows=[({"u": 2}, 1, 1)])
    assert list(synthesise(small()[0], prover(empty))) == []
