from fractions import Fraction

import pytest
from random_formulations import vector

from tools.errors import InputError
from tools.formulation.decimal_rows import decimal_row, decimal_term, limit_text
from tools.formulation.literals import exact_number
from tools.formulation.model import Formulation, Kind


def row(a: Fraction, side: Fraction) -> Formulation:
    return Formulation.build(
        variables=["x"], lower=vector([Fraction(0)]), upper=vector([float("inf")]), kinds=[Kind.CONTINUOUS],
        objective=vector([Fraction(0)]), rows=["r"], row_lower=vector([side]), row_upper=vector([float("inf")]),
        indptr=[0, 1], columns=[0], coefficients=vector([a]),
    )  # fmt: skip


def test_decimals_stay() -> None:
    found = decimal_row(row(Fraction(1, 8), Fraction(5, 2)), 0, "LP")
    assert (found.lower, found.upper, found.terms) == ("2.5", None, [(0, "0.125")])


def test_fractions_are_multiplied_by_the_least_integer() -> None:
    found = decimal_row(row(Fraction(1, 6), Fraction(2, 7)), 0, "LP")
    assert (found.lower, found.terms) == ("6", [(0, "3.5")])


def test_a_side_that_would_read_as_infinite_is_refused() -> None:
    with pytest.raises(InputError, match="infinite"):
        decimal_row(row(Fraction(1), Fraction(10**20)), 0, "LP")
    with pytest.raises(InputError, match="infinite"):
        decimal_row(row(Fraction(1, 3), Fraction(10**20 - 1)), 0, "LP")


def test_other_fractions_are_refused() -> None:
    with pytest.raises(InputError, match="the cost is 1/3, which LP files cannot hold exactly; write JSON instead"):
        decimal_term(exact_number(Fraction(1, 3)), "the cost", "LP")
    with pytest.raises(InputError, match="a long fraction"):
        decimal_term(exact_number(Fraction(10**80, 3**90)), "the cost", "LP")
    assert limit_text(vector([float("-inf")]), 0, "the bound", "LP") is None
