from fractions import Fraction
from typing import Any

import pytest
from benchmark_models import build

from benchmarks.confirm import confirm, confirm_optima
from benchmarks.confirm_points import Relation, sample, wrong_lifting, wrong_recovery
from benchmarks.scip import FeasibleSet
from tools.formulation.model import Formulation
from tools.mapping.total import TotalMapping

NUMBER = build("i", [({0: 1}, None, 3)], [-5])
BITS = build("bb", [], [-5, -10])


def affine(constant: str, **terms: str) -> dict[str, Any]:
    return {"constant": constant, "terms": {f"x[{name[1:]}]": value for name, value in terms.items()}}


def digits(base: int = 2) -> list[dict[str, Any]]:
    return [{"function": "digits", "arguments": {"of": affine("0", x0="1"), "base": base, "outputs": ["d0", "d1"]}}]


def digit(place: int, base: int = 2) -> dict[str, Any]:
    arguments = {"constant": "0", "terms": {f"d{place}": "1"}, "where": digits(base)}
    return {"function": "digits", "arguments": arguments}


def report(lifting: dict[str, Any] | None, **fields: Any) -> dict[str, Any]:
    mapping = {
        "recovery": {"x[0]": affine("0", x0="1", x1="2")},
        "lifting": lifting,
        "completed": [],
        "completed_by": None,
        "objective": {"scale": "1", "offset": "0"},
    }
    return {"mapping": mapping | fields, "contract": "reformulation"}


def bits(base: int = 2) -> dict[str, Any]:
    return {"x[0]": digit(0, base), "x[1]": digit(1, base)}


def test_a_sample_is_exact_and_without_repetition() -> None:
    model = build("ic", [({0: 1, 1: 1}, 2, None)], [1, 2])
    points = list(sample(FeasibleSet(model, 10.0), model))
    assert len(points) >= 3
    assert len({tuple(point) for point in points}) == len(points)
    assert all(model.is_feasible(point) for point in points)


def test_digits_are_sampled_and_wrong_digits_refuted() -> None:
    found = confirm(NUMBER, BITS, report(bits()), 20.0)
    assert found.result == "sampled", found.reason
    assert found.points >= 3
    assert confirm(NUMBER, BITS, report(bits(base=3)), 20.0).result == "refuted"
    assert confirm(NUMBER, BITS, report({"x[0]": digit(1), "x[1]": digit(0)}), 20.0).result == "refuted"
    assert confirm_optima(NUMBER, BITS, report(bits()), 20.0).result == "confirmed"


@pytest.mark.parametrize("contract", [confirm, confirm_optima])
def test_variables_completed_by_functions_are_executed(contract: Any) -> None:
    # the number carries the cost; its bits, tied to it by an equation, are integers without a cost
    both = build("ibb", [({0: 1, 1: -1, 2: -2}, 0, 0)], [-5, 0, 0])
    lifting = {"x[0]": {"function": "affine", "arguments": affine("0", x0="1")}}
    mapping: dict[str, Any] = {"recovery": {"x[0]": affine("0", x0="1")}, "completed": ["x[1]", "x[2]"]}
    good = report(lifting, **mapping, completed_by={"x[1]": digit(0), "x[2]": digit(1)})
    assert contract(both, NUMBER, good, 20.0).result == "sampled"
    ternary = report(lifting, **mapping, completed_by={"x[1]": digit(0, 3), "x[2]": digit(1, 3)})
    assert contract(both, NUMBER, ternary, 20.0).result == "refuted"
    # right at the optimum, which is 3, and not at 1 and 2
    same_digit = report(lifting, **mapping, completed_by={"x[1]": digit(1), "x[2]": digit(1)})
    assert contract(both, NUMBER, same_digit, 20.0).result == ("refuted" if contract is confirm else "sampled")
    silent = report(lifting, **mapping)
    assert contract(both, NUMBER, silent, 20.0).result == "unsure"


def test_without_a_lifting_points_are_looked_for() -> None:
    assert confirm(NUMBER, BITS, report(None), 20.0).result == "sampled"
    one_bit = build("bb", [({0: 1, 1: 1}, None, 1)], [-5, -10])
    found = confirm(NUMBER, one_bit, report(None), 20.0)
    assert found.result == "refuted"
    assert "no candidate solution" in found.reason


def test_an_affinely_completed_variable_is_confirmed_in_full() -> None:
    free = build("cc", [({0: 1, 1: 1}, 0, None)], [1, 0])
    tight = build("cc", [({0: 1, 1: 1}, 4, 4)], [1, 0])
    for reference in (free, tight):
        identity = {"x[0]": affine("0", x0="1")}
        lifting = {"x[0]": {"function": "affine", "arguments": affine("0", x0="1")}}
        completed = {**identity, "x[1]": affine("4", x0="-1")}
        found = report(lifting, recovery=completed, completed=["x[1]"])
        # x[0] is continuous and has a cost, so what a row ties to it is left alone
        assert confirm(reference, build("c", [], [1]), found, 20.0).result == "unsure"
    binary = build("bc", [({0: 1, 1: -1}, 0, None)], [1, 0])
    found = report(lifting, recovery={**identity, "x[1]": affine("0")}, completed=["x[1]"])
    assert confirm(binary, build("b", [], [1]), found, 20.0).result == "confirmed"
    found = report(lifting, recovery={**identity, "x[1]": affine("1")}, completed=["x[1]"])
    assert confirm(binary, build("b", [], [1]), found, 20.0).result == "refuted"


def test_what_is_wrong_at_a_point_is_named() -> None:
    recovery = TotalMapping.from_json({"x[0]": {"function": "affine", "arguments": affine("0", x0="1", x1="2")}})
    lifting = TotalMapping.from_json(bits())
    same, dear = Relation(Fraction(1), Fraction(0)), Relation(Fraction(1), Fraction(-1))
    bit_point, number_point = [Fraction(1), Fraction(1)], [Fraction(3)]
    assert wrong_recovery(bit_point, recovery, NUMBER, BITS, same) is None
    assert "more than -16" in str(wrong_recovery(bit_point, recovery, NUMBER, BITS, dear))
    small = NUMBER.changed(row_upper=type(NUMBER.row_upper).of([2]))
    assert "row 'r0' by 1" in str(wrong_recovery(bit_point, recovery, small, BITS, None))
    assert wrong_lifting(number_point, lifting, recovery, NUMBER, BITS, same, []) is None
    doubled = TotalMapping.from_json({"x[0]": {"function": "affine", "arguments": affine("0", x0="2", x1="2")}})
    assert "comes back as" in str(wrong_lifting(number_point, lifting, doubled, NUMBER, BITS, same, []))
    assert wrong_lifting(number_point, lifting, doubled, NUMBER, BITS, same, ["x[0]"]) is None
    assert "no expression for ['x[1]']" in str(wrong_recovery(bit_point, recovery, BITS, BITS, None))


def test_models_are_as_the_tests_suppose() -> None:
    assert isinstance(NUMBER, Formulation)
    assert [str(value) for value in (NUMBER.cost_terms[0], BITS.cost_terms[1])] == ["-5", "-10"]
