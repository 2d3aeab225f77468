import copy
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import InputError
from tools.formulation.lp_reader import parse_lp
from tools.sandbox.built_model import formulation_from_built
from tools.sandbox.errors import CodeError

GOOD: dict[str, Any] = {
    "name": "m", "sense": 1, "constant": 0.5,
    "variables": ["x", "y"], "lower": [0.0, -5.0], "upper": [1e100, 5.0], "kinds": ["C", "B"], "objective": [1.0, 0.1],
    "rows": ["c"], "senses": [">"], "sides": [1.0], "starts": [0, 2], "columns": [0, 1], "coefficients": [1.0, 2.5],
}  # fmt: skip


def test_a_good_description_becomes_the_model() -> None:
    expected = parse_lp("min x + 0.1 y + 0.5\nst\n c: x + 2.5 y >= 1\nbinary\n y\nend")
    assert formulation_from_built(GOOD).same_as(expected)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sense", 0), ("sense", "1"), ("sense", True), ("constant", math.inf), ("constant", None),
        ("variables", ["x"]), ("variables", "xy"), ("variables", [1, 2]), ("lower", [0.0]), ("lower", [math.nan, 0.0]),
        ("lower", ["0", "1"]), ("upper", [10**400, 1]), ("kinds", ["C", "Z"]), ("kinds", [0, 1]), ("objective", [1.0]),
        ("objective", [math.inf, 1.0]), ("rows", []), ("senses", ["?"]), ("senses", [None]), ("sides", [1.0, 2.0]),
        ("sides", [-1e300]), ("starts", [0, 3]), ("starts", [0, 10**30]), ("starts", [0.0, 2.0]), ("columns", [0, 2]),
        ("columns", [0, -1]), ("columns", [0, 0]), ("coefficients", [1.0, math.nan]), ("coefficients", [True, 1.0]),
    ],
)  # fmt: skip
def test_anything_else_is_refused(key: str, value: object) -> None:
    sign = {"senses": [">"]} if key != "sides" else {"senses": ["<"]}
    with pytest.raises(CodeError):
        formulation_from_built({**copy.deepcopy(GOOD), **sign, key: value})


@pytest.mark.parametrize("key", [key for key in GOOD if key != "name"])
def test_nothing_may_be_missing(key: str) -> None:
    with pytest.raises(CodeError):
        formulation_from_built({k: v for k, v in GOOD.items() if k != key})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(data=JSON, key=st.sampled_from(sorted(GOOD)))
def test_hostile_data_never_escapes_as_another_error(data: object, key: str) -> None:
    for hostile in (data, {**GOOD, key: data}):
        try:
            formulation_from_built(hostile)
        except InputError:
            continue
