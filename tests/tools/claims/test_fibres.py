from fractions import Fraction

import pytest
from disagreements import disagreements
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import exact, model

from tools.claims.fibres import fibre_requirements
from tools.claims.objective_relation import ObjectiveRelation
from tools.claims.verify import Pair, verify_pair
from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.mapping.forms import IndexMapping

SAME = ObjectiveRelation(Fraction(1), Fraction(0))


def sums(weights: list[object], constant: object = 0) -> IndexMapping:
    terms = {k: exact(a) for k, a in enumerate(weights)}  # type: ignore[arg-type]
    return IndexMapping([exact(constant)], [terms])  # type: ignore[arg-type]


def applies(reference: Formulation, candidate: Formulation, recovery: IndexMapping) -> bool:
    return fibre_requirements(reference, candidate, recovery, SAME) is not None


def test_digits_reach_every_number_below_a_hundred_and_not_one_more() -> None:
    digits = model(integer={"t": (0, 9), "o": (0, 9)})
    assert applies(model(integer={"x": (0, 99)}), digits, sums([10, 1]))
    assert not applies(model(integer={"x": (0, 100)}), digits, sums([10, 1]))
    assert not applies(model(integer={"x": (-1, 5)}), digits, sums([10, 1]))
    assert not applies(model(integer={"x": (0, 99)}), model(integer={"t": (0, 9), "o": (0, 8)}), sums([10, 1]))


def test_negative_weights_and_constants_are_counted_from_the_right_end() -> None:
    pair = model(integer={"p": (0, 3), "q": (0, 2)})
    assert applies(model(integer={"x": (-2, 3)}), pair, sums([1, -1]))
    assert not applies(model(integer={"x": (-3, 3)}), pair, sums([1, -1]))
    assert applies(model(integer={"x": (0, 5)}), pair, sums([1, -1], 2))
    assert not applies(model(integer={"x": (0, 5)}), pair, sums([1, -1], "3/2"))
    assert applies(model(integer={"x": (0, 2)}), pair, sums(["1/2", "1/2"]))


@pytest.mark.parametrize(
    "candidate",
    [
        model(integer={"u": ("0.3", "0.7"), "w": (0, 3)}),
        model(integer={"u": (1, 0), "w": (0, 3)}),
        model(continuous={"u": (1, 0), "w": (0, 5)}),
        model(continuous={"u": (1, 0), "w": (None, None)}),
    ],
    ids=["no integer between", "crossed integer", "crossed", "crossed beside a free one"],
)
def test_members_without_any_value_reach_nothing(candidate: Formulation) -> None:
    reference = model(integer={"y": (1, 1)}, minimize={"y": 1})
    recovery = sums([1, 1])
    assert not applies(reference, candidate, recovery)
    found = verify_pair(Pair(reference, candidate, Budget()), recovery)
    assert found.claims["complete"].result == "refuted"
    assert found.claims["status"].result == "refuted"


def test_continuous_members_fill_an_interval() -> None:
    halves = model(continuous={"p": (0, "1/2"), "q": (None, 1)})
    assert applies(model(continuous={"x": (None, "3/2")}), halves, sums([1, 1]))
    assert not applies(model(continuous={"x": (None, 2)}), halves, sums([1, 1]))
    assert not applies(
        model(continuous={"x": (0, 1)}), model(continuous={"p": (0, 1)}, integer={"q": (0, 1)}), sums([1, 1])
    )
    assert not applies(model(continuous={"x": (0, 1)}), model(integer={"p": (0, 1), "q": (0, 1)}), sums([1, 1]))


def test_rows_that_see_more_than_the_sums_are_left_alone() -> None:
    reference = model(integer={"x": (0, 3)})
    assert not applies(reference, model(integer={"p": (0, 1), "q": (0, 2)}, rows=[({"p": 1}, None, 1)]), sums([1, 1]))
    assert not applies(reference, model(integer={"p": (0, 1), "q": (0, 2)}, minimize={"q": 1}), sums([1, 1]))
    assert not applies(reference, model(integer={"p": (0, 3), "q": (0, 2)}), sums([1]))
    twice = IndexMapping([Fraction(0)] * 2, [{0: Fraction(1)}, {0: Fraction(1)}])
    assert not applies(model(integer={"x": (0, 3), "y": (0, 3)}), model(integer={"p": (0, 3)}), twice)


@settings(max_examples=25)
@given(st.data())
def test_the_lemma_agrees_with_the_definition(data: st.DataObject) -> None:
    small = st.integers(-2, 2)
    weights = data.draw(st.lists(small.filter(bool), min_size=2, max_size=2))
    bounds = [(low, low + data.draw(st.integers(-1, 3))) for low in (data.draw(small), data.draw(small))]
    low = data.draw(small)
    constant, factor, side = data.draw(small), data.draw(small.filter(bool)), data.draw(st.integers(-4, 4))
    reference = model(
        integer={"x": (low, low + data.draw(st.integers(0, 4)))},
        minimize={"x": factor},
        rows=[({"x": factor}, None, side)],
    )
    terms = {name: factor * a for name, a in zip("pq", weights, strict=True)}
    candidate = model(
        integer=dict(zip("pq", bounds, strict=True)),
        minimize=terms,
        constant=factor * constant,
        rows=[(terms, None, side - factor * constant)],
    )
    recovery = sums(list(weights), constant)
    found = verify_pair(Pair(reference, candidate, Budget()), recovery)
    assert disagreements(reference, candidate, found) == []
