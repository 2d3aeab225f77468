from fractions import Fraction

import pytest
from small_models import model
from synthesis_checks import plain, read
from synthesis_models import lot_sizing

from tools.formulation.model import Formulation
from tools.synthesis.determined import determined, residuals


def stocks() -> Formulation:
    """x0 − s0 = 3, s0 + x1 − 2 s1 = 4, and s2 fixed at 5."""
    return model(
        dict.fromkeys(("x0", "x1", "s0", "s1"), (0, None)) | {"s2": (5, 5)},
        rows=[({"x0": 1, "s0": -1}, 3, 3), ({"s0": 1, "x1": 1, "s1": -2}, 4, 4), ({"x0": 1, "s1": 1}, 0, 9)],
    )


def amounts() -> Formulation:
    return model({"p": (0, None), "q": (0, None)})


def test_equalities_determine_one_variable_after_the_other() -> None:
    given = read("x0 = p; x1 = q", stocks(), amounts())
    assert plain(determined(stocks(), given)) == {
        "x0": "p",
        "x1": "q",
        "s2": "5",
        "s0": "p - 3",
        "s1": "1/2*p + 1/2*q - 7/2",
    }


@pytest.mark.parametrize("rules", ["x1 = q", "s1 = q", ""])
def test_equalities_with_two_open_variables_and_inequalities_determine_nothing(rules: str) -> None:
    given = read(rules, stocks(), amounts())
    assert determined(stocks(), given).keys() == given.keys() | {"s2"}


def test_what_is_given_is_kept_even_where_an_equality_says_otherwise() -> None:
    given = read("x0 = p; s0 = q; s2 = p", stocks(), amounts())
    found = plain(determined(stocks(), given))
    assert {name: found[name] for name in given} == {"x0": "p", "s0": "q", "s2": "p"}
    assert "s1" not in found


def capped(side: int = 4) -> Formulation:
    """x + 2y + 3z ≤ side."""
    return model({"x": (0, 9), "y": (0, 9), "z": (0, 9)}, rows=[({"x": 1, "y": 2, "z": 3}, None, side)])


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (({"u": 1, "v": 2, "w": 6}, None, 4), {"2*w"}),
        (({"u": 5, "v": 10, "w": 30}, None, 20), {"2*w"}),
        (({"u": -1, "v": -2, "w": -6}, -4, None), {"2*w"}),
        (({"u": 1, "v": 2, "w": 6}, None, 10), {"2*w", "2*w - 2"}),
        (({"u": 1, "v": 2, "w": 6}, 4, None), set()),  # the side is on the other side
        (({"u": 1, "v": 3, "w": 6}, None, 4), set()),  # another coefficient
        (({"u": 1, "v": 2}, None, 4), set()),  # nothing besides
        (({"u": 1, "w": 6}, None, 4), set()),  # no v
    ],
)
def test_a_row_alike_suggests_what_it_has_besides(row: tuple, expected: set[str]) -> None:
    candidate = model(dict.fromkeys("uvw", (0, 9)), rows=[row])
    found = residuals(capped(), candidate, read("x = u; y = v", capped(), candidate))
    assert {str(e) for e in found.get("z", [])} == expected
    assert not found.keys() - {"z"}


def test_rows_with_two_open_variables_suggest_nothing() -> None:
    candidate = model(dict.fromkeys("uvw", (0, 9)), rows=[({"u": 1, "v": 2, "w": 6}, None, 4)])
    assert residuals(capped(), candidate, read("x = u", capped(), candidate)) == {}


def test_stock_follows_from_production_in_lot_sizing() -> None:
    """i_t = production up to t less demand up to t, so zero when every amount serves its own period."""
    ours, theirs = lot_sizing(fractions=False)
    reference, candidate = ours.model(), theirs.model()
    production = read("x0 = X00 + X01 + X02; x1 = X11 + X12; x2 = X22; y0 = y0; y1 = y1; y2 = y2", reference, candidate)
    found = determined(reference, production)
    assert found.keys() == set(reference.variables)
    at = dict.fromkeys(candidate.variables, Fraction(0)) | {"X00": Fraction(30), "X01": Fraction(20)}
    assert {name: found[name].evaluate(at) for name in ("i0", "i1")} == {"i0": 20, "i1": 0}
