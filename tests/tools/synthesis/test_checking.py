from fractions import Fraction

import pytest
from small_models import model
from synthesis_checks import read

from tools.formulation.model import Formulation
from tools.synthesis.checking import broken_by


def reference() -> Formulation:
    return model(
        {"t": (0, 4)},
        {"a": (0, 3), "b": (0, 3)},
        minimize={"a": 2, "b": 3},
        constant=100,
        rows=[({"a": 1, "b": 1}, 2, 5), ({"a": 1, "t": -1}, None, 1)],
    )


def candidate() -> Formulation:
    return model({"w": (0, 9)}, {"u": (-9, 9), "v": (-9, 9)}, minimize={"u": 4, "v": 6})


def point(w: int | Fraction, u: int, v: int) -> list[Fraction]:
    return [Fraction(w), Fraction(u), Fraction(v)]


GOOD = [point(1, 1, 1), point(4, 2, 3), point(2, 3, 0)]


@pytest.mark.parametrize(
    ("rules", "point_", "broken"),
    [
        ("a = u; b = v; t = w", point(1, -1, 3), "the bounds of 'a'"),
        ("a = u; b = v; t = w", point(1, 1, 4), "the bounds of 'b'"),
        ("a = u; b = v; t = w", point(1, 0, 1), "row 'r0'"),
        ("a = u; b = v; t = w", point(1, 3, 0), "row 'r1'"),
        ("a = u; b = v; t = w", point(1, 3, 3), "row 'r0'"),
        ("a = 1/2*u; b = v; t = w", point(1, 1, 3), "the integrality of 'a'"),
        ("a = u; t = w", point(0, 3, 0), "row 'r1'"),
        ("a = u", point(0, 9, 0), "the bounds of 'a'"),
    ],
)
def test_the_first_thing_broken_is_named(rules: str, point_: list[Fraction], broken: str) -> None:
    assert broken_by(reference(), candidate(), read(rules, reference(), candidate()), [point_]) == broken


@pytest.mark.parametrize("rules", ["a = u; b = v; t = w", "a = u; b = v", "a = u", "t = w; a = 3 - v", ""])
def test_what_holds_is_not_broken_and_what_is_open_is_not_asked(rules: str) -> None:
    """The image of (1, 3, 0) breaks row r1 only where t is mapped; c_R∘f = c_C/2 is an increasing function."""
    assert broken_by(reference(), candidate(), read(rules, reference(), candidate()), GOOD) is None


@pytest.mark.parametrize(
    ("rules", "broken"),
    [
        ("a = u; b = v", None),
        ("a = 3 - u; b = 3 - v", "the objective"),  # decreasing
        ("a = v; b = u", "the objective"),  # not a function of the candidate's
        ("a = 1; b = 1", "the objective"),  # constant where the candidate's is not
        ("a = 3 - u", None),  # b is open, so the objective is not asked
    ],
)
def test_the_objective_is_an_increasing_function_of_the_candidates(rules: str, broken: str | None) -> None:
    """Costs of the candidate 10, 14 and 16; of the image 5, 7, 8, or 5, 6, 9 with a and b exchanged."""
    points = [point(0, 1, 1), point(0, 2, 1), point(0, 1, 2)]
    assert broken_by(reference(), candidate(), read(rules, reference(), candidate()), points) == broken


def test_at_equal_candidate_cost_images_must_cost_the_same() -> None:
    points = [point(0, 3, 0), point(0, 0, 2)]
    assert [candidate().cost_value(p) for p in points] == [12, 12]
    assert broken_by(reference(), candidate(), read("a = u; b = v", reference(), candidate()), points) is None
    exchanged = read("a = v; b = u", reference(), candidate())
    assert broken_by(reference(), candidate(), exchanged, points) == "the objective"


def test_three_points_on_no_line_break_the_objective() -> None:
    """min u + v against min x with x = u + v + w, w in 0..1: (cost, image) = (0,0), (1,2), (2,2)."""
    target = model(integer={"x": (0, 9)}, minimize={"x": 1})
    source = model(integer={"u": (0, 3), "v": (0, 3), "w": (0, 1)}, minimize={"u": 1, "v": 1})
    found = read("x = u + v + w", target, source)
    points = [[Fraction(v) for v in values] for values in ((0, 0, 0), (0, 1, 1), (1, 1, 0))]
    assert broken_by(target, source, found, points[:2]) is None
    assert broken_by(target, source, found, points) == "the objective"


def test_without_points_nothing_is_broken() -> None:
    assert broken_by(reference(), candidate(), read("a = 99*u; b = v", reference(), candidate()), []) is None
