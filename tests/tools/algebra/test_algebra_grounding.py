import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from algebra_documents import document, grounded, with_row

from tools.algebra.document import document_of
from tools.algebra.grounding import ground
from tools.algebra.limits import AlgebraLimits
from tools.errors import InputError, UnsupportedError
from tools.formulation.model import Formulation, Kind
from tools.formulation.read import read
from tools.formulation.write import write


def row(expression: str, *clauses: str, **changes: Any) -> tuple[dict[str, Fraction], Fraction | None, Fraction | None]:
    """The only row of a model as terms, lower and upper side."""
    model = grounded(with_row(expression, *clauses, **changes))
    assert len(model.rows) == 1
    terms = {model.variables[j]: a for j, a in model.row_terms(0).items()}
    return terms, model.row_lower.finite(0), model.row_upper.finite(0)


@pytest.mark.parametrize(
    ("expression", "terms", "lower", "upper"),
    [
        ("0.1*x[1] <= 1/3", {"x[1]": "1/10"}, None, "1/3"),
        ("1e-3*x[1] >= .5", {"x[1]": "1/1000"}, "1/2", None),
        ("x[1]/3 = 2^-2", {"x[1]": "1/3"}, "1/4", "1/4"),
        ("0.1000000000000000055511151231257827*x[1] <= 1", {"x[1]": "0.1000000000000000055511151231257827"}, None, "1"),
        ("x[1] + 2 <= 3*x[2] - x[1] + 5", {"x[1]": 2, "x[2]": -3}, None, 3),
        ("5 <= x[1] + 1", {"x[1]": 1}, 4, None),
        ("-1 <= x[1] - 2 <= 3*2", {"x[1]": 1}, 1, 8),
        ("6 >= x[1] >= 1", {"x[1]": 1}, 1, 6),
        ("x[1] ≤ 1", {"x[1]": 1}, None, 1),
        ("sum(x[i] for i in I if i != 2) == sum(c)", None, None, None),
        ("sum(i*x[i] for i in 2..3) <= sum(c[i] for i in I)", {"x[2]": 2, "x[3]": 3}, None, 6),
        ("sum(x[i] - x[j] for i in I for j in I if i < j) <= 0", {"x[1]": 2, "x[3]": -2}, None, 0),
        ("sum(c[i]*(x[i] + x[i]) for i in I, k in 1..2 if i == k or i > 2 and k == 1) <= 0",
         {"x[1]": 2, "x[2]": 4, "x[3]": 6}, None, 0),
        ("-(x[1] - -2**2) <= --1", {"x[1]": -1}, None, -3 + 8),
        ("max(c[i] for i in I)*x[1] <= min(4, 2, 3) + abs(-7)", {"x[1]": 3}, None, 9),
        ("(1 + 1)*(x[1] - x[1] + x[2])*c[3] >= 0", {"x[2]": 6}, 0, None),
        ("x['1'] <= 1", {"x[1]": 1}, None, 1),
        ("sum(x[i] for i in 2..1) <= 1", {}, None, 1),
        ("x[1] <= sum(1 for i in I if not i == 2)", {"x[1]": 1}, None, 2),
    ],
)  # fmt: skip
def test_rows_are_exact(expression: str, terms: Any, lower: Any, upper: Any) -> None:
    if terms is None:
        with pytest.raises(InputError, match="expected 'for'"):
            row(expression)
        return
    expected = {name: Fraction(value) for name, value in terms.items()}
    sides = tuple(None if side is None else Fraction(side) for side in (lower, upper))
    assert row(expression) == (expected, *sides)


def test_the_same_in_other_spelling() -> None:
    assert row(
        "sum(a[i][j]*x[i] for i in I for j in I) <= 1", parameters={"a": [[1, 2, 3]] * 3, "c": [1, 1, 1]}
    ) == row(
        "sum(a[i,j]*x[i] for i in I, j in I) <= 1",
        parameters={"a": {str(k): [1, 2, 3] for k in (1, 2, 3)}, "c": [1] * 3},
    )


def test_labels_and_sizes() -> None:
    model = grounded(
        {
            "schema": "quasikarp/algebra/1", "name": "shop", "sense": "maximize",
            "sets": {"City": ["Rome", "New York", 7], "T": "n", "S": {"from": 0, "to": "n - 1"}},
            "parameters": {
                "n": 2, "price": {"indices": ["City", "T"], "values": [[1, 2], {"1": 3, "2": "1/7"}, [5, 6]]},
                "extra": {"indices": ["S"], "values": {"1": 9}, "default": 4, "description": "rarely more"},
            },
            "variables": [
                {"name": "y", "indices": ["City", "t in T if t != 1"],
                 "kind": "continuous", "lower": None, "upper": "t"},
                {"name": "z", "kind": "binary"},
                {"name": "s", "indices": ["S"], "kind": "integer", "lower": "-n", "upper": "n/2"},
            ],
            "objective": "sum(price[c,2]*y[c,2] for c in City) + 3 - z",
            "constraints": [
                {"name": "only", "for": ["c in City if c != 'New York'"], "expression": "y[c,2] <= extra[0]*s[1]"},
                {"name": "one", "expression": "y[Rome,2] + y['New York',2] + y[7,2] >= extra[1]", "description": "all"},
            ],
        }
    )  # fmt: skip
    assert model.variables == ("y[Rome,2]", "y[New York,2]", "y[7,2]", "z", "s[0]", "s[1]")
    assert model.rows == ("only[Rome]", "only[7]", "one")
    assert list(model.objective) == [2, Fraction(1, 7), 6, -1, 0, 0]
    assert model.objective_constant == 3
    assert model.row_terms(1) == {2: 1, 5: -4}
    assert model.row_lower.finite(2) == 9
    assert (model.lower.finite(0), model.upper.finite(0), model.lower.finite(4), model.upper.finite(4)) == (
        None, 2, -2, 1,
    )  # fmt: skip
    assert [Kind(code) for code in model.kinds] == [Kind.CONTINUOUS] * 3 + [Kind.BINARY] + [Kind.INTEGER] * 2
    assert model.name == "shop"
    assert model.sense == "maximize"
    assert model.descriptions == {"one": "all"}


def test_a_numeric_label_is_a_number() -> None:
    assert row("sum(i*x[i] for i in I) <= 1", sets={"I": ["10", 20]}, parameters={"c": {"10": 1, "20": 2}})[0] == {
        "x[10]": 10,
        "x[20]": 20,
    }


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("x[1]*x[2] <= 1", "a product of variables is not linear"),
        ("2/x[1] <= 1", "a division by a variable"),
        ("x[1]**2 <= 1", "a power of a variable"),
        ("2**x[1] <= 1", "a power of a variable"),
        ("abs(x[1]) <= 1", "abs of a variable is not linear"),
        ("max(x[i] for i in I) <= 1", "max of a variable"),
        ("x[1] < 1", "a constraint with < is not closed"),
        ("x[x[1]] <= 1", "an index of x depends on a variable"),
        ("c[x[1]]*x[2] <= 1", "product of variables"),
        ("sum(1 for i in I if x[i] <= 1) <= x[1]", "x is a variable, but only constants"),
    ],
)
def test_what_is_not_linear_names_its_row(expression: str, message: str) -> None:
    with pytest.raises(UnsupportedError, match=message) as caught:
        grounded(with_row(expression))
    assert "constraint 'r'" in str(caught.value)
    assert repr(expression) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("x[1]", "a constraint is a comparison"),
        ("x[1] <= 1 and x[2] <= 1", "a constraint is a comparison"),
        ("1 <= x[1] >= 2", "two in one direction"),
        ("x[1] <= x[2] <= 3", "the sides of a double comparison must be constants"),
        ("x[4] <= 1", r"there is no variable x\[4\]"),
        ("c[0]*x[1] <= 1", r"the parameter c has no value at \[0\]; its indices run from \[1\] to \[3\]"),
        ("y <= x[1]", "unknown name 'y'; known here are c, x"),
        ("x[i] <= 1", "unknown name 'i'"),
        ("x[1] <= inf", "unknown name 'inf'"),
        ("x <= 1", r"takes 1 index in \[ \], found 0"),
        ("x[1,1] <= 1", r"takes 1 index in \[ \], found 2"),
        ("c*x[1] <= 1", "the parameter c needs 1 indices"),
        ("x[1/2] <= 1", "an index of x is 1/2, which is not a whole number"),
        ("I <= x[1]", "I is a set, but a number is expected"),
        ("sum(x[i] for i in K) <= 1", "'K' is not a set; known are I"),
        ("sum(x[i] for i in 1/2..3) <= 1", "the ends of a range"),
        ("sum(x[c] for c in I) <= 1", "the index 'c' has the name of a parameter"),
        ("sum(sum(x[i] for i in I) for i in I) <= 1", "the index 'i' is in use already"),
        ("sum(x[i] for i in I if i) <= 1", "a condition is a comparison"),
        ("sum(x[i] for i in I if i < 'a') <= 1", "labels have no order"),
        ("x[1] <= 'a'", "the label 'a' is no number"),
        ("(1 <= 2) + x[1] <= 1", "a comparison stands where"),
        ("x[1] <= 1/(2 - 2)", "a division by zero"),
        ("x[1] <= 0^-1", "a division by zero"),
        ("x[1] <= 2^(1/2)", "a whole exponent"),
        ("x[1] <= max(i for i in 2..1)", "the max over an empty set"),
        ("x[1] <= 1e999", "outside 1e-300"),
        ("x[1] <= 1e300*1e300", "outside 1e-300"),
        ("x[1] <= 10^400*10^400*10^400*10^400*10^400*10^400*10^400", "too many digits"),
        ("x[1] <= (10^400)^400", "too many digits"),
    ],
)  # fmt: skip
def test_what_is_wrong_names_the_row_and_quotes_it(expression: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        grounded(with_row(expression))
    assert "constraint 'r" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_row_of_a_family_is_named() -> None:
    with pytest.raises(InputError, match=r"constraint 'r\[3\]'.*no variable x\[4\].*'x\[i\+1\] <= 1'"):
        grounded(with_row("x[i+1] <= 1", "i in I"))


def variable(**changes: Any) -> list[dict[str, Any]]:
    return [{"name": "x", "indices": ["I"], "kind": "integer", "lower": 0, "upper": None} | changes]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sets": {"I": -1}}, "set 'I' cannot have -1 elements"),
        ({"sets": {"I": "1/2"}}, "set 'I': expected a whole number, found 1/2"),
        ({"sets": {"I": "n"}}, "set 'I': unknown name 'n'"),
        ({"parameters": {"c": {"indices": ["I"], "values": [1, 2]}}}, "parameter 'c': 2 values for the set I of 3"),
        ({"parameters": {"c": {"indices": ["I"], "values": {"1": 1}}}}, "1 entries for the set I of 3"),
        ({"parameters": {"c": {"indices": ["I"], "values": {"4": 1}}}}, "its index '4' is not in the set I"),
        ({"parameters": {"c": {"indices": ["K"], "values": [1]}}}, "its index 'K' is not a set"),
        ({"parameters": {"c": {"indices": ["I", "I"], "values": [1, 2, 3]}}}, "fewer indices than it declares"),
        ({"parameters": {"c": {"indices": [], "values": [1, 2, 3]}}}, "more indices than it declares"),
        ({"parameters": {"c": [1, [2], 3]}}, "more indices than others"),
        ({"parameters": {"x": 1, "c": [1, 2, 3]}}, "two things are called 'x'"),
        ({"constraints": [{"name": "r", "expression": "x[1] <= 1"}] * 2}, "two things are called 'r'"),
        ({"variables": variable(lower="i")}, "variable 'x': unknown name 'i'"),
        ({"variables": variable(lower="x[1]")}, "x is a variable, but only constants"),
        ({"variables": variable(upper="1/0")}, r"variable 'x\[1\]': a division by zero, in '1/0'"),
        ({"variables": variable(kind="binary", upper=2)}, r"bounds within \[0, 1\]"),
        ({"variables": variable(indices=["i in I", "i in I"])}, "the index 'i' is in use already"),
        ({"variables": variable(indices=["J"])}, "'J' is not a set"),
        ({"objective": "x[1] <= 1"}, "the objective: the objective is an expression"),
        ({"objective": "y"}, "the objective: unknown name 'y'"),
        ({"objective": "1e300*1e300*x[1]"}, "the objective: a number lies outside"),
    ],
)  # fmt: skip
def test_what_is_wrong_elsewhere_is_named_too(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        grounded(document(**changes))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        document(sets={"I": 10**9}),
        document(sets={"I": {"from": -(10**17), "to": "10^300"}}),
        document(variables=variable(indices=["I", "1..10^9"])),
        document(variables=variable(indices=["1..3000", "1..3000"])),
        with_row("x[1] <= 1", "i in I", "j in 1..10^8"),
        with_row("sum(x[1] for i in 1..10^9) <= 1"),
        with_row("sum(1 for i in 1..10^5 for j in 1..10^3) <= x[1]"),
        with_row("sum(1/i for i in 1..10^5) <= x[1]"),
    ],
)
def test_what_is_too_large_ends_before_it_is_written_out(data: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"too large|more than 500000|too many digits"):
        grounded(data)


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (AlgebraLimits(variables=2), "more than 2 variables"),
        (AlgebraLimits(rows=2), "more than 2 rows"),
        (AlgebraLimits(terms=3), "more than 3 terms"),
        (AlgebraLimits(steps=4), "more than 4 steps"),
    ],
)
def test_limits(limits: AlgebraLimits, message: str) -> None:
    data = with_row("x[i] + x[1] <= 1", "i in I")
    with pytest.raises(InputError, match=message):
        ground(document_of(data), limits=limits)


def test_algebra_is_read_like_any_model(tmp_path: Path) -> None:
    data = document(name="m", written_by="llm:some", description="what it is")
    for name in ("model.json", "model.algebra.json", "model.xyz", "model.json.gz"):
        path = tmp_path / name
        path.write_text(json.dumps(data), "utf-8")
        model = read(path)
        assert model.same_as(grounded(document()))
        assert (model.name, model.written_by, model.descriptions) == ("m", "llm:some", {"": "what it is"})
    write(model, tmp_path / "plain.json")
    assert read(tmp_path / "plain.json").written_by == "llm:some"


def test_errors_of_a_file_name_it(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(json.dumps(with_row("y <= 1")), "utf-8")
    with pytest.raises(InputError, match=r"model\.json: constraint 'r': unknown name 'y'"):
        read(path)
    path.write_text(json.dumps(document(sense="min")), "utf-8")
    with pytest.raises(InputError, match=r"model\.json: sense: expected minimize or maximize"):
        read(path)


def test_a_model_of_words_only_is_empty() -> None:
    model = grounded({"schema": "quasikarp/algebra/1", "sense": "minimize", "variables": [], "objective": 0})
    assert isinstance(model, Formulation)
    assert model.shape == (0, 0)
