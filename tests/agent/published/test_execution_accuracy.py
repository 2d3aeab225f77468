import pytest
from published_models import digits, lp

from agent.published.execution_accuracy import execution_accuracy


def test_equal_values_agree_whatever_the_models() -> None:
    found = execution_accuracy(*digits())
    assert found.absolute
    assert found.relative
    assert found.values == pytest.approx((141, 141))
    assert execution_accuracy(digits()[0], lp("max q", "c: q <= 141")).absolute


def test_large_values_agree_relatively_only() -> None:
    found = execution_accuracy(lp("max q", "c: q <= 100000000"), lp("max q", "c: q <= 100000001"))
    assert (found.absolute, found.relative) == (False, True)


def test_values_are_those_that_the_models_state() -> None:
    one, other = lp("max q", "c: q <= 3"), lp("min -1 q", "c: q <= 3")
    found = execution_accuracy(one, other)
    assert found.values == pytest.approx((3, -3))
    assert not found.relative


def test_models_without_optimum_do_not_agree() -> None:
    endless = lp("max q", "c: q >= 3")
    found = execution_accuracy(endless, endless)
    assert (found.absolute, found.relative, found.values) == (False, False, (None, None))
    assert "unbounded and unbounded" in found.why
