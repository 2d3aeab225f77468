"""What changed between models that share names, and what is only written differently."""

import json
import time
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.formulation.difference import BoundChange, CoefficientChange, KindChange, difference
from tools.formulation.lp_reader import parse_lp
from tools.formulation.model import Formulation

BASE = """\
minimize
 obj: x + 2 y + 3 z
subject to
 cap: x + 3 y <= 10
 link: 1 <= x - z <= 2
 need: x + y + z >= 4
bounds
 x <= 10
 y <= 10
 z <= 10
general
 x
end
"""


def changed(*changes: tuple[str, str]) -> Formulation:
    text = BASE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return parse_lp(text)


A = changed()


def found(*changes: tuple[str, str]) -> dict[str, Any]:
    """Return what is not empty in the difference."""
    there = difference(A, changed(*changes))
    return {
        name: value for name, value in vars(there).items() if value and name not in ("shared_variables", "shared_rows")
    }


def test_a_model_is_the_same_as_itself() -> None:
    there = difference(A, A)
    assert there.same
    assert (there.shared_variables, there.shared_rows) == (3, 3)
    assert found() == {}


@pytest.mark.parametrize(
    ("old", "new", "what", "value"),
    [
        ("x <= 10", "2 <= x <= 12", "bounds", (BoundChange("x", "lower", Fraction(0), Fraction(2)),
                                             BoundChange("x", "upper", Fraction(10), Fraction(12)))),
        (" z <= 10\n", "", "bounds", (BoundChange("z", "upper", Fraction(10), None),)),
        ("general\n x", "general\n x y", "kinds", (KindChange("y", True),)),
        ("general\n x\n", "", "kinds", (KindChange("x", False),)),
        ("3 y", "4 y", "coefficients", (CoefficientChange("cap", "y", Fraction(3), Fraction(4)),)),
        ("x + 3 y", "x + 3 y - z", "coefficients", (CoefficientChange("cap", "z", Fraction(0), Fraction(-1)),)),
        ("<= 10", "<= 11", "sides", (BoundChange("cap", "upper", Fraction(10), Fraction(11)),)),
        ("<= 10", ">= 10", "sides", (BoundChange("cap", "lower", None, Fraction(10)),
                                     BoundChange("cap", "upper", Fraction(10), None))),
        ("3 z", "0.5 z", "objective", (CoefficientChange(None, "z", Fraction(3), Fraction(1, 2)),)),
        ("minimize", "maximize", "sense", ("minimize", "maximize")),
        ("3 z", "3 z + 7", "constant", (Fraction(0), Fraction(7))),
    ],
)  # fmt: skip
def test_one_change_is_found_alone(old: str, new: str, what: str, value: Any) -> None:
    assert found((old, new)) == {what: value}
    assert not difference(A, changed((old, new))).same


def test_new_and_lost_rows_and_variables() -> None:
    there = found(("need: x + y + z >= 4", "more: x + w >= 4"))
    assert there.pop("rows_only_in_a") == ("need",)
    assert there.pop("rows_only_in_b") == ("more",)
    assert there == {"variables_only_in_b": ("w",)}


@pytest.mark.parametrize(
    ("old", "new", "factor"),
    [
        ("x + 3 y <= 10", "2 x + 6 y <= 20", 2),
        ("x + 3 y <= 10", "- x - 3 y >= -10", -1),
        ("1 <= x - z <= 2", "-1 <= - 0.5 x + 0.5 z <= -0.5", Fraction(-1, 2)),
    ],
)
def test_a_multiple_of_a_row_is_the_same_row(old: str, new: str, factor: Fraction) -> None:
    there = difference(A, changed((old, new)))
    assert there.same
    assert [scale for _, scale in there.scaled] == [factor]


def test_a_multiple_with_another_side_is_told_in_the_scale_of_a() -> None:
    there = found(("x + y + z >= 4", "- 2 x - 2 y - 2 z <= -10"))
    assert there == {"sides": (BoundChange("need", "lower", Fraction(4), Fraction(5), Fraction(-2)),)}


def test_what_is_a_change_of_one_coefficient_stays_one() -> None:
    a = parse_lp("minimize\n obj: x\nsubject to\n c: 2 x + 0 y <= 3\nend")
    b = parse_lp("minimize\n obj: x\nsubject to\n c: 4 x + 0 y <= 3\nend")
    assert difference(a, b).coefficients == (CoefficientChange("c", "x", Fraction(2), Fraction(4)),)


def test_other_names_and_places_of_rows() -> None:
    there = difference(
        A, changed(("cap: x + 3 y <= 10\n", ""), ("x + y + z >= 4", "x + y + z >= 4\n limit: x + 3 y <= 10"))
    )
    assert there.same
    assert there.renamed == (("cap", "limit"),)
    assert there.reordered


def test_rows_that_swap_their_names_are_no_change() -> None:
    there = difference(A, changed(("cap:", "tmp:"), ("need:", "cap:"), ("tmp:", "need:")))
    assert there.same
    assert set(there.renamed) == {("cap", "need"), ("need", "cap")}


def test_a_row_that_is_repeated_is_one_more_row() -> None:
    there = difference(A, changed(("x + y + z >= 4", "x + y + z >= 4\n again: x + y + z >= 4")))
    assert there.rows_only_in_b == ("again",)
    assert not there.renamed


def test_the_negative_objective_with_the_other_sense_is_the_same() -> None:
    there = difference(A, changed(("minimize\n obj: x + 2 y + 3 z", "maximize\n obj: - x - 2 y - 3 z")))
    assert there.same
    assert there.negated_objective


def test_nothing_shared() -> None:
    other = parse_lp("minimize\n obj: a\nsubject to\n cap: a >= 1\nend")
    there = difference(A, other)
    assert (there.shared_variables, there.shared_rows) == (0, 0)
    assert not there.same
    assert (there.rows_only_in_a, there.rows_only_in_b) == (A.rows, ("cap",))


def test_json_is_plain_and_exact() -> None:
    data = difference(A, changed(("<= 10", "<= 10.1"), ("z <= 10\n", "z <= inf\n"))).to_json()
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["sides"] == [{"row": "cap", "side": "upper", "old": "10", "new": "101/10", "factor": "1"}]
    assert data["bounds"] == [{"variable": "z", "side": "upper", "old": "10", "new": None}]
    assert data["same"] is False


@given(st.integers(0, 10**6))
def test_writing_a_model_otherwise_never_makes_a_difference(seed: int) -> None:
    random = Random(seed)
    order = list(range(len(A.variables)))
    random.shuffle(order)
    rows = ["cap: x + 3 y <= 10", "link: x - z <= 2", "low: x - z >= 1", "need: x + y + z >= 4"]
    scaled = []
    for row in rows:
        name, _, rest = row.partition(": ")
        model = parse_lp(f"minimize\n obj: x\nsubject to\n {rest}\nend")
        factor = random.choice([1, -1, 2, -3])
        terms = " ".join(f"{'+' if c * factor >= 0 else '-'} {abs(c * factor)} {model.variables[j]}"
                         for j, c in model.row_terms(0).items())  # fmt: skip
        low, high = model.row_lower.finite(0), model.row_upper.finite(0)
        upper = (high is not None) == (factor > 0)
        limit = high if high is not None else low
        assert limit is not None
        scaled.append(f"{random.choice([name, 'other_' + name])}: {terms} {'<=' if upper else '>='} {limit * factor}")
    random.shuffle(scaled)
    start, end = BASE.split("subject to\n")[0], BASE[BASE.index("bounds") :]
    plain, other = (parse_lp(start + "subject to\n" + "\n".join(lines) + "\n" + end) for lines in (rows, scaled))
    assert difference(plain, other).same
    assert difference(other, plain).same


def test_large_models_take_time_in_proportion() -> None:
    def large(shift: int) -> Formulation:
        lines = (f"c{i}: " + " + ".join(f"{(i + j) % 7 + 1} x{(5 * i + 11 * j) % 4000}" for j in range(5))
                 + f" <= {i % 9 + shift}" for i in range(4000))  # fmt: skip
        return parse_lp("minimize\n obj: x1\nsubject to\n" + "\n".join(lines) + "\nend")

    a, b = large(0), large(1)
    start = time.perf_counter()
    assert not difference(a, b).same
    assert time.perf_counter() - start < 5
