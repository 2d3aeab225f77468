from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import pytest
from small_models import model
from synthesis_checks import differing, plain, prover, read
from synthesis_models import flow, scheduling

from tools.claims.verify import Pair, verify_pair
from tools.exact.budget import Budget
from tools.exact.proofs import holds
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression, AffineMapping
from tools.mapping.forms import IndexMapping
from tools.mapping.rules import parse_rules
from tools.synthesis import fill as filling
from tools.synthesis.fill import Filled, fill
from tools.synthesis.pairing import Paired
from tools.synthesis.points import sample_points
from tools.synthesis.sketch import Sketch, read_sketch, support_sketch


def reference() -> Formulation:
    """min 3x + 2y with 2x + y ≥ 31, x in 0..99, y in 0..10."""
    return model(integer={"x": (0, 99), "y": (0, 10)}, minimize={"x": 3, "y": 2}, rows=[({"x": 2, "y": 1}, 31, None)])


def digits() -> Formulation:
    """The same with x = 10·d1 + d0."""
    return model(
        integer={"d1": (0, 9), "d0": (0, 9), "v": (0, 10)},
        minimize={"d1": 30, "d0": 3, "v": 2},
        rows=[({"d1": 20, "d0": 2, "v": 1}, 31, None)],
    )


def sketch(rules: str, target: Formulation, source: Formulation) -> Sketch:
    return read_sketch(parse_rules(rules.replace(";", "\n")), target.variables, source.variables)


def found(result: Filled) -> Mapping[str, AffineExpression]:
    assert result.expressions is not None, result.reason
    assert not result.refuted
    return result.expressions


def test_digits_get_their_values_exactly() -> None:
    result = fill(sketch("x = ?*d1 + ?*d0; y = v", reference(), digits()), reference(), prover(digits()))
    assert plain(found(result)) == {"x": "d0 + 10*d1", "y": "v"}


@pytest.mark.parametrize("rules", ["x = ?*d1 + ?*d0 + ?; y = ?*v", "x = 10*d1 + ?*d0; y = ?*v + ?"])
def test_sketches_that_leave_more_or_less_open_have_the_same_fill(rules: str) -> None:
    result = fill(sketch(rules, reference(), digits()), reference(), prover(digits()))
    assert plain(found(result)) == {"x": "d0 + 10*d1", "y": "v"}


def test_where_no_row_is_mapped_nothing_is_asked_for_and_nothing_taken() -> None:
    result = fill(sketch("x = ?*d1 + ?*d0", reference(), digits()), reference(), prover(digits()))
    assert plain(found(result)) == {"x": "0"}


def test_thirds_are_found_exactly() -> None:
    """The costs 3x + 2y and u + 2v carry over with scale 1 only, so x = u/3."""
    target = model({"x": (0, 4), "y": (0, 9)}, minimize={"x": 3, "y": 2}, rows=[({"x": 1, "y": 1}, 2, 10)])
    source = model({"u": (0, 12), "v": (0, 9)}, minimize={"u": 1, "v": 2}, rows=[({"u": 1, "v": 3}, 6, 30)])
    result = fill(sketch("x = ?*u; y = v", target, source), target, prover(source))
    assert plain(found(result)) == {"x": "1/3*u", "y": "v"}


def test_what_is_filled_with_everything_open_is_sound() -> None:
    """Many maps send path flows to arc flows of the same cost; whichever is found, the claims prove it sound."""
    ours, theirs = flow()
    target, (candidate, _) = ours.model(), theirs.disguised(2)
    result = fill(support_sketch(ours.variables, candidate.variables), target, prover(candidate), seed=1)
    mapping = IndexMapping.of(AffineMapping(found(result)), target, candidate)
    verified = verify_pair(Pair(target, candidate, Budget()), mapping)
    assert (verified.claims["sound"].result, verified.claims["sound"].strength) == ("proved", "exact")


def test_start_times_are_filled_within_a_sum() -> None:
    ours, theirs = scheduling()
    names = {f"z{j}{t}": f"z[{j},{t}]" for j in range(3) for t in range(6)}
    target, source = ours.model(), theirs.model()
    source = source.changed(variables=tuple(names[name] for name in source.variables))
    target = target.changed(variables=tuple(f"s[{n[1:]}]" if n[0] == "s" else n for n in target.variables))
    result = fill(sketch("s[j] = sum(?*z[j,t] for t)", target, source), target, prover(source))
    true = read("s[j] = sum(t*z[j,t] for t)", target, source)
    assert differing(source, found(result), true) == []


@pytest.mark.parametrize(("given", "expected"), [((4,), "x = u"), ((4, 2), "x = 2*u"), ((4, 1, 2), "x = 4*u")])
def test_the_points_given_are_fitted(monkeypatch: pytest.MonkeyPatch, given: tuple[int, ...], expected: str) -> None:
    """x ≥ 4 at the points given and no others; the smallest whole coefficient is taken."""
    monkeypatch.setattr(filling, "sample_points", lambda source, count, seed, points=(): [*map(tuple, points)])
    monkeypatch.setattr(filling, "separating_points", lambda *args: [])
    target, source = model(integer={"x": (4, 99)}, minimize={"x": 1}), model(integer={"u": (1, 5)}, minimize={"u": 1})
    result = fill(sketch("x = ?*u", target, source), target, prover(source), points=[[Fraction(u)] for u in given])
    assert f"x = {found(result)['x']}" == expected
    assert result.reason == f"fits {len(given)} exact points"


def unreachable() -> tuple[Formulation, Formulation]:
    """x + y = 7 from u in 1..5 alone: x = p·u and y = q·u would need p + q = 7 and 5(p + q) = 7."""
    target = model(integer={"x": (0, 9), "y": (0, 9)}, minimize={"x": 1}, rows=[({"x": 1, "y": 1}, 7, 7)])
    return target, model(integer={"u": (1, 5)}, minimize={"u": 1})


def test_an_impossible_sketch_is_refuted_with_an_exact_certificate() -> None:
    target, source = unreachable()
    result = fill(sketch("x = ?*u; y = ?*u", target, source), target, prover(source))
    assert result.expressions is None
    assert result.refuted
    assert result.conditions is not None
    assert result.certificate is not None
    assert len(result.conditions.variables) == 2
    assert holds(result.conditions, {}, Fraction(1), result.certificate)


def test_with_a_constant_the_same_sketch_is_filled() -> None:
    target, source = unreachable()
    expressions = plain(found(fill(sketch("x = u; y = ?*u + ?", target, source), target, prover(source))))
    assert expressions == {"x": "u", "y": "7 - u"}


def test_conditions_are_those_that_a_fill_needs() -> None:
    """The true coefficients satisfy them; coefficients that carry some point out of the reference do not."""
    source = prover(digits())
    problem = filling._FillProblem(
        sketch("x = ?*d1 + ?*d0; y = v", reference(), digits()), [("x", 0), ("x", 1)], reference(), digits()
    )
    assert problem.fit(sample_points(source, 24, 0)) is not None
    conditions = problem.necessary()
    assert conditions.is_feasible([Fraction(10), Fraction(1)])
    for wrong in ((0, 0), (11, 1), (10, -1)):
        assert not conditions.is_feasible([Fraction(w) for w in wrong])


def test_what_only_the_objective_forbids_is_not_refuted() -> None:
    """x = ?·u can satisfy every row, but no increasing function carries −x to u."""
    target = model({"x": (0, 9)}, maximize={"x": 1})
    source = model({"u": (0, 5)}, minimize={"u": 1})
    result = fill(sketch("x = ?*u", target, source), target, prover(source))
    assert result.expressions is None
    assert not result.refuted
    assert result.certificate is None
    assert "objective" in result.reason


def test_whole_coefficients_are_preferred_for_whole_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """x ≥ u − 1/2 over u = 0..5 holds for x = 9/10·u as well, at a smaller sum of sizes; nothing is rounded."""
    monkeypatch.setattr(filling, "DENOMINATORS", (10**6,))
    target = model(integer={"x": (0, 9)}, continuous={"t": (0, 9)}, rows=[({"x": 2, "t": -2}, -1, None)])
    source = model(integer={"u": (0, 5)}, minimize={"u": 1})
    result = fill(sketch("x = ?*u; t = u", target, source), target, prover(source), points=[[Fraction(5)]])
    assert plain(found(result)) == {"x": "u", "t": "u"}


def free_stock() -> tuple[Formulation, Formulation]:
    """z is bound by nothing but 0 ≤ z ≤ 9."""
    target = model({"x": (0, 5), "z": (0, 9)}, minimize={"x": 1}, rows=[({"x": 1, "z": 1}, 0, 20)])
    return target, model({"u": (0, 5), "v": (0, 3)}, minimize={"u": 1})


def pair(u: int, v: int, **values: int) -> Paired:
    return Paired((Fraction(u), Fraction(v)), {name: Fraction(value) for name, value in values.items()})


def test_pairs_are_honoured() -> None:
    target, source = free_stock()
    wanted = support_sketch(["x", "z"], ["u", "v"])
    assert plain(found(fill(wanted, target, prover(source))))["z"] == "0"
    pairs = [pair(0, 0, z=9), pair(5, 0, z=9), pair(5, 3, z=3, x=5)]
    assert plain(found(fill(wanted, target, prover(source), pairs=pairs))) == {"x": "u", "z": "9 - 2*v"}


@pytest.mark.parametrize("value", [10, 99])
def test_pairs_that_nothing_can_have_refute_nothing(value: int) -> None:
    target, source = free_stock()
    result = fill(support_sketch(["x", "z"], ["u", "v"]), target, prover(source), pairs=[pair(0, 0, z=value)])
    assert result.expressions is None
    assert not result.refuted
    assert result.certificate is None
    assert "paired" in result.reason


def test_pairs_about_variables_outside_the_sketch_are_left_aside() -> None:
    target, source = free_stock()
    result = fill(support_sketch(["z"], ["u", "v"]), target, prover(source), pairs=[pair(1, 1, x=99, z=4)])
    assert found(result)["z"].evaluate({"u": Fraction(1), "v": Fraction(1)}) == 4


def test_large_programs_are_stated_anew_each_time_and_small_ones_once() -> None:
    few, many = np.ones(10), np.ones(1 + filling.LARGEST_PARAMETER // 64)
    assert filling._Program(few, 8, 5, []).stated is not None
    assert filling._Program(many, 8, 5, []).stated is None
    assert filling._Program(few, 8, filling.LARGEST_PARAMETER, []).stated is None


def test_large_programs_give_the_same_fill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "LARGEST_PARAMETER", 0)
    stated = []
    original = filling._Program._problem
    monkeypatch.setattr(filling._Program, "_problem", lambda self, parts: stated.append(1) or original(self, parts))
    result = fill(sketch("x = ?*d1 + ?*d0; y = v", reference(), digits()), reference(), prover(digits()))
    assert plain(found(result)) == {"x": "d0 + 10*d1", "y": "v"}
    assert stated
    target, source = unreachable()
    assert fill(sketch("x = ?*u; y = ?*u", target, source), target, prover(source)).refuted


def test_too_many_open_coefficients_are_not_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "LARGEST_FILL", 5)
    result = fill(support_sketch(["x", "y"], ["d1", "d0"]), reference(), prover(digits()))
    assert (result.expressions, result.refuted) == (None, False)
    assert "6 coefficients" in result.reason


def test_an_empty_candidate_gives_a_reason_and_refutes_nothing() -> None:
    empty = model(integer={"u": (0, 5)}, minimize={"u": 1}, rows=[({"u": 2}, 1, 1)])
    result = fill(support_sketch(["x"], ["u"]), reference(), prover(empty))
    assert (result.expressions, result.refuted) == (None, False)
    assert "no exact point" in result.reason


def test_the_same_seed_gives_the_same_fill() -> None:
    ours, theirs = flow()
    wanted = support_sketch(ours.variables, theirs.variables)
    first, again = (fill(wanted, ours.model(), prover(theirs.model()), seed=4) for _ in range(2))
    assert plain(found(first)) == plain(found(again))
