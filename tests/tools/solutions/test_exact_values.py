"""Values of programs as exact numbers."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from tools.errors import InputError
from tools.solutions.exact_values import exact_values


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, 3),
        (True, 1),
        (0.1, Fraction(1, 10)),
        (1e-9, Fraction(1, 10**9)),
        (Fraction(1, 3), Fraction(1, 3)),
        (Decimal("0.10"), Fraction(1, 10)),
        (" -2.5e3 ", -2500),
        ("1/3", Fraction(1, 3)),
        (np.int64(7), 7),
        (np.float64(0.1), Fraction(1, 10)),
        (np.float32(0.1), Fraction(1, 10)),
        (np.array(0.1), Fraction(1, 10)),
        (np.True_, 1),
    ],
)
def test_a_number_is_what_it_shows(value: Any, expected: Fraction) -> None:
    found = exact_values({"x": value})["x"]
    assert found == expected
    assert type(found) is Fraction


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), np.float32("nan"), Decimal("NaN"), Decimal("Infinity"), Decimal("1e999999"), "x", "",
     None, 1j, [1], np.array([1.0]), np.array("x"), "1e9999"],
)  # fmt: skip
def test_anything_else_is_refused_by_name(value: Any) -> None:
    with pytest.raises(InputError, match="the value of 'some name'"):
        exact_values({"some name": value})


def test_a_solution_maps_names() -> None:
    with pytest.raises(InputError, match="dict"):
        exact_values([("x", 1)])  # type: ignore[arg-type]
    with pytest.raises(InputError, match="by text"):
        exact_values({3: 1})  # type: ignore[dict-item]
