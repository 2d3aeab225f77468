import pytest
from small_models import model
from synthesis_checks import prover, read
from synthesis_models import ARCS, PATHS, flow

from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.synthesis.separation import separating_points

ARC_SUMS = "; ".join(f"{arc} = {' + '.join(p for p, arcs in PATHS.items() if arc in arcs)}" for arc in ARCS)


def flows() -> tuple[Formulation, Formulation]:
    ours, theirs = flow()
    return ours.model(), theirs.model()


def test_the_true_map_is_not_separated() -> None:
    reference, candidate = flows()
    assert separating_points(reference, prover(candidate), read(ARC_SUMS, reference, candidate), 6) == []


@pytest.mark.parametrize(
    "wrong", ["sa = sat", "sb = sbt + sabt", "ab = sat", "bt = sbt; sb = sbt", "at = 2*sat", "ab = sabt - 1"]
)
def test_a_wrong_map_is_separated_by_exact_points_that_break_it(wrong: str) -> None:
    reference, candidate = flows()
    expressions = read(ARC_SUMS, reference, candidate) | read(wrong, reference, candidate)
    points = separating_points(reference, prover(candidate), expressions, 3)
    assert 0 < len(points) <= 3
    for point in points:
        assert candidate.is_feasible(point)
        at = dict(zip(candidate.variables, point, strict=True))
        assert not reference.is_feasible([expressions[name].evaluate(at) for name in reference.variables])


def test_rows_with_an_unmapped_variable_are_not_asked() -> None:
    """sa = sat breaks only rows that hold sb or ab, or the capacity of neither."""
    reference, candidate = flows()
    assert separating_points(reference, prover(candidate), read("sa = sat", reference, candidate), 3) == []
    both = read("sa = sat; sb = sbt", reference, candidate)
    assert separating_points(reference, prover(candidate), both, 3) != []


def test_integrality_of_the_candidate_is_respected() -> None:
    """x ≤ 2 holds at the integers of 2u ≤ 5, and not at u = 5/2."""
    target = model(integer={"x": (0, 2)})
    whole = model(integer={"u": (0, 9)}, rows=[({"u": 2}, None, 5)])
    relaxed = model({"u": (0, 9)}, rows=[({"u": 2}, None, 5)])
    same = {"x": AffineExpression.variable("u")}
    assert separating_points(target, prover(whole), same, 3) == []
    assert [list(map(str, point)) for point in separating_points(target, prover(relaxed), same, 3)] == [["5/2"]]


def test_constants_of_the_map_count() -> None:
    """u from 0 to 5 becomes x from 3 to 8 by x = u + 3 or x = 8 − u, and by no other shift."""
    target, source = model({"x": (3, 8)}), model({"u": (0, 5)})
    for rule, separated in (("x = u + 3", 0), ("x = 8 - u", 0), ("x = u + 4", 1), ("x = u + 2", 1), ("x = u", 1)):
        assert len(separating_points(target, prover(source), read(rule, target, source), 3)) == separated


def test_a_limit_on_questions_ends_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    reference, candidate = flows()
    expressions = read(ARC_SUMS, reference, candidate) | read("at = 2*sat", reference, candidate)
    monkeypatch.setattr("tools.synthesis.separation.MOST_ROWS", 0)
    assert separating_points(reference, prover(candidate), expressions, 3) == []
