from hypothesis import given, settings

from tests.tools.normal_form.reduction_check import small_models
from tools.exact.proofs import linear_bound
from tools.formulation.model import Formulation
from tools.normal_form.activities import Activities, rough_activities
from tools.normal_form.draft import Draft


@given(small_models())
@settings(max_examples=60, deadline=None)
def test_activities_agree_in_doubles_and_fractions_and_after_bounds_are_dropped(model: Formulation) -> None:
    draft = Draft(model)
    activities = Activities(draft.rows, draft.lower, draft.upper)
    smallest, largest = rough_activities(model)
    for row in range(len(model.rows)):
        low, high = activities.of(row, largest=False), activities.of(row, largest=True)
        assert (float("-inf") if low is None else float(low)) == smallest[row]
        assert (float("inf") if high is None else float(high)) == largest[row]
    for j in range(len(model.variables)):
        for upper in (True, False):
            activities.drop_bound(j, upper=upper, rows=model.rows_of(j).tolist())
            fresh = Activities(draft.rows, activities.lower, activities.upper)
            for row in range(len(model.rows)):
                for side in (True, False):
                    assert activities.of(row, largest=side) == fresh.of(row, largest=side)
                    for k in draft.rows[row]:
                        rest = fresh.of(row, largest=side, without=k)
                        assert activities.of(row, largest=side, without=k) == rest


@given(small_models())
@settings(max_examples=40, deadline=None)
def test_the_smallest_activity_is_the_bound_of_the_form_without_integers(model: Formulation) -> None:
    relaxed = model.changed(kinds=[0] * len(model.variables))
    draft = Draft(relaxed)
    activities = Activities(draft.rows, draft.lower, draft.upper)
    for row in range(len(model.rows)):
        assert activities.of(row, largest=False) == linear_bound(relaxed, draft.rows[row], {})
