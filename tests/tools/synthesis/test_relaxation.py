from fractions import Fraction

import pytest
from small_models import model
from synthesis_checks import plain, read
from synthesis_models import covers, flow

from tools.claims.verify import Pair, verify_pair
from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression, AffineMapping
from tools.mapping.forms import IndexMapping
from tools.mapping.rules import parse_rules
from tools.synthesis.relaxation import fill_on_relaxation
from tools.synthesis.sketch import Sketch, read_sketch, support_sketch


def fills(target: Formulation, source: Formulation, sketch: Sketch | None = None, **options: bool) -> list[dict]:
    wanted = support_sketch(target.variables, source.variables) if sketch is None else sketch
    return fill_on_relaxation(wanted, target, source, budget=Budget(solve_seconds=5.0), **options)


def is_sound(target: Formulation, source: Formulation, expressions: dict[str, AffineExpression]) -> bool:
    mapping = IndexMapping.of(AffineMapping(expressions), target, source)
    sound = verify_pair(Pair(target, source, Budget()), mapping).claims["sound"]
    return (sound.result, sound.strength) == ("proved", "exact")


def test_flows_on_arcs_from_flows_on_paths() -> None:
    ours, theirs = flow()
    target, (source, _) = ours.model(), theirs.disguised(3)
    found = fills(target, source)
    assert found
    assert is_sound(target, source, found[0])


def test_a_vertex_cover_is_what_no_independent_set_holds() -> None:
    """Costs differ by vertex, so each c_v = 1 − s_v is what remains."""
    ours, theirs = covers()
    found = fills(ours.model(), theirs.model())
    assert [plain(each) for each in found] == [{f"c{v}": f"1 - s{v}" for v in range(5)}]


def test_what_only_holds_over_the_integers_is_not_found() -> None:
    """2u ≤ 5 gives u ≤ 2 in integers, and u ≤ 5/2 on the relaxation."""
    source = model(integer={"u": (0, 9)}, maximize={"u": 1}, rows=[({"u": 2}, None, 5)])
    sketch = read_sketch(parse_rules("x = ?*u"), ["x"], ["u"])
    assert fills(model(integer={"x": (0, 2)}, maximize={"x": 1}), source, sketch) == []
    found = fills(model(integer={"x": (0, "5/2")}, maximize={"x": 1}), source, sketch)
    assert [plain(each) for each in found] == [{"x": "u"}]


@pytest.mark.parametrize(
    ("rows", "tops", "shown"),
    [
        ([({"u": 1, "v": 1}, None, 7)], (9, 9), True),
        ([({"u": -2, "v": -2}, -14, None)], (9, 9), True),
        ([({"u": 1}, None, 4), ({"v": 1, "w": -1}, None, 2), ({"w": 1}, None, 1)], (9, 9), True),
        ([], (4, 3), True),
        ([({"u": 1, "v": 1}, None, 8)], (9, 9), False),
        ([({"u": 1, "v": 1}, 7, None)], (9, 9), False),
        ([], (4, 4), False),
    ],
)
def test_multipliers_of_rows_of_either_sense_and_of_bounds_show_what_holds(
    rows: list, tops: tuple[int, int], shown: bool
) -> None:
    """The costs force x = u + v, and x ≤ 7 is to be shown."""
    target = model({"x": (0, 7)}, minimize={"x": 1})
    source = model({"u": (0, tops[0]), "v": (0, tops[1]), "w": (0, 9)}, minimize={"u": 1, "v": 1}, rows=rows)
    sketch = read_sketch(parse_rules("x = ?*u + ?*v"), ["x"], source.variables)
    assert [plain(each) for each in fills(target, source, sketch)] == ([{"x": "u + v"}] if shown else [])


def test_the_sketch_limits_what_is_used_and_given_expressions_stay() -> None:
    target = model({"x": (0, 9), "y": (0, 9)}, minimize={"x": 1, "y": 1}, rows=[({"x": 1, "y": 1}, 4, 9)])
    source = model({"u": (0, 9), "v": (0, 9)}, minimize={"u": 1, "v": 1}, rows=[({"u": 1, "v": 1}, 4, 9)])
    given = read("x = v", target, source)
    found = fills(target, source, support_sketch(["y"], ["u"], given))
    assert [plain(each) for each in found] == [{"x": "v", "y": "u"}]
    assert fills(target, source, support_sketch(["y"], ["v"], given)) == []


def test_the_objective_carries_over_in_its_unit_and_is_not_turned() -> None:
    """With costs of x three times those of u, x is a third of u."""
    target, source = model({"x": (0, 3)}, minimize={"x": 3}), model({"u": (0, 9)}, minimize={"u": 1})
    sketch = read_sketch(parse_rules("x = ?*u + ?"), ["x"], ["u"])
    assert plain(fills(target, source, sketch)[-1]) == {"x": "1/3*u"}
    turned = Sketch({"x": AffineExpression(Fraction(3), {"u": Fraction(-1, 3)})}, {"x": (AffineExpression.number(1),)})
    assert fills(target, source, turned) == []


def test_large_products_are_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = flow()
    monkeypatch.setattr("tools.synthesis.relaxation.LARGEST_RELAXATION", 10)
    assert fills(ours.model(), theirs.model()) == []


def test_equalities_of_the_candidate_help_to_carry_the_objective() -> None:
    """3x carries over to u + v only because v = 2u."""
    target = model({"x": (0, 3)}, minimize={"x": 3})
    sketch = read_sketch(parse_rules("x = ?*u"), ["x"], ["u", "v"])
    for row, expected in ((({"u": 2, "v": -1}, 0, 0), [{"x": "u"}]), (({"u": 2, "v": -1}, 0, None), [])):
        source = model({"u": (0, 3), "v": (0, 6)}, minimize={"u": 1, "v": 1}, rows=[row])
        assert [plain(each) for each in fills(target, source, sketch)] == expected
