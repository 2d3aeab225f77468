"""Each check that keeps a fooling pair out is needed: with the check taken away, the test of that pair fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
import test_fooling as fooling

from agent.nodes import conclude, reflect
from agent.planners import given
from tools.claims import (
    completeness,
    contract,
    facts,
    inclusion,
    invariants,
    objective_relation,
    optimality,
    rounding,
    verify,
)
from tools.claims.inclusion import Inclusion, Requirement
from tools.claims.objective_relation import ObjectiveRelation
from tools.claims.outcome import Claim
from tools.exact import prover
from tools.exact.prover import Prover, Undecided
from tools.mapping.affine import AffineExpression, AffineMapping
from tools.mapping.reading import ReadMapping

Guard = Callable[[pytest.MonkeyPatch], None]


def always(answer: object) -> Callable[..., Any]:
    """Return a function that answers the same whatever it is asked."""
    return lambda *args, **kwargs: answer


def without(kinds: tuple[str, ...], patch: pytest.MonkeyPatch) -> None:
    """Ask nothing of these kinds of the image of a mapping."""
    original = inclusion.requirements

    def some(*args: Any) -> Iterator[Requirement]:
        return (wanted for wanted in original(*args) if wanted.kind not in kinds)

    patch.setattr(inclusion, "requirements", some)


def rows(patch: pytest.MonkeyPatch) -> None:
    """The image satisfies every row."""
    without(("row lower", "row upper"), patch)


def bounds(patch: pytest.MonkeyPatch) -> None:
    """The image satisfies every bound."""
    without(("lower bound", "upper bound"), patch)


def integrality(patch: pytest.MonkeyPatch) -> None:
    """The image is integral, in either direction."""
    patch.setattr(inclusion, "_integral_by_coefficients", always(True))


def objective_of_the_image(patch: pytest.MonkeyPatch) -> None:
    """The image is worth no less than σ promises."""
    patch.setattr(inclusion, "objective_requirement", always(Requirement("objective", 0, {}, Fraction(0))))


def the_other_direction(patch: pytest.MonkeyPatch) -> None:
    """A lifting is verified before it proves completeness."""
    patch.setattr(completeness, "include", always(Inclusion((), None, ())))


def identities(patch: pytest.MonkeyPatch) -> None:
    """A lifting is inverse to the recovery."""
    patch.setattr(completeness.CompletenessCheck, "_identity_requirements", always([]))


def every_optimum(patch: pytest.MonkeyPatch) -> None:
    """Every optimum carries over, not one of them."""
    patch.setattr(verify, "decide_optima", lambda *args: replace(verify.decide_optimum(*args[:3]), name="optima"))


def statuses(patch: pytest.MonkeyPatch) -> None:
    """The statuses agree."""
    patch.setattr(verify, "decide_status", always(Claim("status", "proved", "exact", "")))


def values(patch: pytest.MonkeyPatch) -> None:
    """The optimal values agree."""
    patch.setattr(verify, "decide_value", always(Claim("value", "proved", "exact", "")))


def chosen_mappings(patch: pytest.MonkeyPatch) -> None:
    """A mapping that was made to fit counts only when it is complete."""
    patch.setattr(verify, "chosen_because", always(None))


def sound_where_nothing_is_optimal(patch: pytest.MonkeyPatch) -> None:
    """Without an optimum, quasi-karp asks for soundness."""
    patch.setattr(contract, "_needed_for_quasi_karp", always(("status", "optima")))


def sigma_is_read_off(patch: pytest.MonkeyPatch) -> None:
    """σ is read off the objectives rather than assumed."""
    patch.setattr(verify, "read_relation", always(ObjectiveRelation(Fraction(1), Fraction(0))))


def proportion(patch: pytest.MonkeyPatch, change: Callable[[Fraction | None, Any, Any], Fraction | None]) -> None:
    """Change what is said of the factor between two objectives."""
    original = objective_relation._proportion
    patch.setattr(objective_relation, "_proportion", lambda image, own: change(original(image, own), image, own))


def sigma_is_increasing(patch: pytest.MonkeyPatch) -> None:
    """σ has a positive scale."""
    proportion(patch, lambda scale, image, own: None if scale is None else abs(scale))


def sigma_has_any_scale(patch: pytest.MonkeyPatch) -> None:
    """σ may have another scale than 1."""
    proportion(patch, lambda scale, image, own: scale if scale == 1 else None)


def sigma_of_constants(patch: pytest.MonkeyPatch) -> None:
    """Two constant objectives are related with scale 1."""
    proportion(patch, lambda scale, image, own: scale if own else None)
    sigma_modulo_what_is_fixed(patch)


def sigma_is_exact(patch: pytest.MonkeyPatch) -> None:
    """Coefficients that are nearly proportional are not proportional."""

    def nearly(scale: Fraction | None, image: dict[int, Fraction], own: dict[int, Fraction]) -> Fraction | None:
        ratios = [image[k] / own[k] for k in own if k in image]
        close = len(ratios) == len(own) == len(image) and max(ratios) - min(ratios) <= max(ratios) / 10**6
        return ratios[0] if close else scale

    proportion(patch, nearly)


def sigma_modulo_what_is_fixed(patch: pytest.MonkeyPatch) -> None:
    """σ is read modulo equalities and fixed variables."""
    patch.setattr(objective_relation, "_modulo_equalities", always(None))
    sigma_off_liftings(patch)


def sigma_off_liftings(patch: pytest.MonkeyPatch) -> None:
    """σ is read off a lifting where the recovery does not show it."""
    patch.setattr(verify, "_relation_by_lifting", always(None))


def sigma_off_a_lifting_refutes_nothing(patch: pytest.MonkeyPatch) -> None:
    """What fails for a σ that a lifting shows may hold for another."""
    patch.setattr(verify, "_whatever_the_relation", lambda *args: (args[3], args[4]))


def exact_comparison(patch: pytest.MonkeyPatch) -> None:
    """Numbers are compared exactly: here a violation below 1/1000 does not count."""
    for module in (inclusion, completeness):
        patch.setattr(module, "is_significant", lambda amount, *rest: amount > Fraction(1, 1000))


def unit_size(patch: pytest.MonkeyPatch) -> None:
    """Solvers, which stop at absolute gaps, minimise a form at unit size."""
    patch.setattr(prover, "magnitude", always(1.0))


def gaps_of_solvers(patch: pytest.MonkeyPatch) -> None:
    """What two solvers call optimal may not be so."""
    patch.setattr(facts, "_gap", always(Fraction(0)))
    patch.setattr(Prover, "_is_too_fine", always(False))
    patch.setattr(Prover, "_enough", lambda self, form, target: float(target) - prover.AGREEMENT)


def rounded_data(patch: pytest.MonkeyPatch) -> None:
    """The last digit of data that look rounded decides nothing."""
    for module in (rounding, facts, invariants, optimality):
        patch.setattr(module, "has_rounded_data", always(False))


def invariants_of_both_models(patch: pytest.MonkeyPatch) -> None:
    """Numbers of solutions and dimensions refute every mapping."""
    for module in (conclude, reflect):
        patch.setattr(module, "reformulation_impossible", always(None))


def emptiness(patch: pytest.MonkeyPatch) -> None:
    """Infeasibility is proved."""
    patch.setattr(Prover, "empty", always(Undecided("not asked")))


def vacuity(patch: pytest.MonkeyPatch) -> None:
    """What speaks of no point holds."""
    patch.setattr(verify, "_vacuous", lambda claim, facts, which: claim)


def rays(patch: pytest.MonkeyPatch) -> None:
    """Unboundedness is shown by an improving ray."""
    patch.setattr(facts, "improving_ray", always(None))


def unmapped_variables(patch: pytest.MonkeyPatch) -> None:
    """A mapping is read strictly: here it is zero for everything."""

    def zero(text: str, reference: tuple[str, ...], candidate: tuple[str, ...]) -> ReadMapping:
        return ReadMapping(AffineMapping({name: AffineExpression.number(0) for name in reference}))

    patch.setattr(given, "read_mapping", zero)


NEEDED: list[tuple[Guard, Callable[..., None], tuple[Any, ...]]] = [
    (rows, fooling.test_a_dropped_row_that_does_not_bind, ("",)),
    (rows, fooling.test_a_dropped_row_that_does_not_bind, ("a b",)),
    (the_other_direction, fooling.test_an_extra_row_that_keeps_the_optimum, ("", fooling.THIS)),
    (invariants_of_both_models, fooling.test_an_extra_row_that_keeps_the_optimum, ("a b", fooling.ANY)),
    (sigma_is_read_off, fooling.test_another_objective_with_the_same_best_solution, ("",)),
    (integrality, fooling.test_integrality_dropped_where_the_optimum_happens_to_be_integral, ("",)),
    (integrality, fooling.test_integrality_added_where_the_optimum_happens_to_be_integral, ("a",)),
    (chosen_mappings, fooling.test_a_rank_one_mapping_between_unrelated_models, ("", fooling.THIS)),
    (chosen_mappings, fooling.test_the_constant_mapping_onto_an_optimum, (False,)),
    (identities, fooling.test_the_constant_mapping_onto_an_optimum, (False,)),
    (values, fooling.test_a_slack_with_the_wrong_sign, ("",)),
    (rows, fooling.test_a_slack_with_the_wrong_sign, ("",)),
    (values, fooling.test_a_big_m_too_small_that_cuts_the_optimum, ("",)),
    (the_other_direction, fooling.test_a_big_m_too_small_that_cuts_no_optimum, ("",)),
    (rows, fooling.test_an_equality_relaxed_on_the_side_where_there_is_slack, ("",)),
    (values, fooling.test_an_equality_relaxed_on_the_side_that_binds, ("",)),
    (every_optimum, fooling.test_constant_objectives, ("",)),
    (sigma_of_constants, fooling.test_constant_objectives, ("",)),
    (every_optimum, fooling.test_an_objective_replaced_by_a_constant, ("", fooling.THIS)),
    (every_optimum, fooling.test_several_optima_of_which_a_lucky_one_maps_right, ("",)),
    (the_other_direction, fooling.test_exchanging_the_roles_changes_the_answer, ("",)),
    (sigma_is_read_off, fooling.test_variables_exchanged_in_the_mapping, (False,)),
    (
        unmapped_variables,
        fooling.test_a_mapping_that_is_incomplete_or_names_strangers_is_an_error,
        ("a = a",),
    ),
    (emptiness, fooling.test_identical_infeasible_models_are_vacuously_equivalent, ("",)),
    (vacuity, fooling.test_unlike_infeasible_models_are_vacuously_equivalent, ("",)),
    (rays, fooling.test_identical_unbounded_models, ("",)),
    (sound_where_nothing_is_optimal, fooling.test_unbounded_models_with_variables_exchanged, ("",)),
    (statuses, fooling.test_only_the_candidate_is_infeasible, ("",)),
    (statuses, fooling.test_only_the_reference_is_infeasible, ("",)),
    (statuses, fooling.test_only_the_candidate_is_unbounded, ("",)),
    (statuses, fooling.test_only_the_reference_is_unbounded, ("",)),
    (values, fooling.test_a_shift_by_a_bound, (False,)),
    (rows, fooling.test_a_complement, ()),
    (sigma_has_any_scale, fooling.test_an_objective_scaled_far, ("", "0.000000002 a + 0.000000003 b")),
    (unit_size, fooling.test_a_small_objective_and_a_dropped_row, ("a b",)),
    (rows, fooling.test_a_dropped_row_with_small_coefficients, ("",)),
    (unit_size, fooling.test_a_wrong_objective_below_every_tolerance, ()),
    (gaps_of_solvers, fooling.test_an_objective_with_a_part_below_every_tolerance, ()),
    (sigma_is_exact, fooling.test_a_large_objective_off_by_little, ()),
    (sigma_is_increasing, fooling.test_maximising_against_minimising_the_negative, ("",)),
    (exact_comparison, fooling.test_a_coefficient_off_by_one_in_ten_thousand_over_the_reals, ()),
    (exact_comparison, fooling.test_a_coefficient_off_by_one_in_ten_thousand_in_integers, ()),
    (rows, fooling.test_duplicate_and_empty_rows, ("",)),
    (emptiness, fooling.test_an_empty_row_that_cannot_hold, ("",)),
    (sigma_modulo_what_is_fixed, fooling.test_fixed_variables, ("",)),
    (values, fooling.test_fixed_variables, ("",)),
    (identities, fooling.test_a_variable_that_appears_nowhere, ("", fooling.AFFINE)),
    (bounds, fooling.test_a_variable_that_appears_nowhere, ("", fooling.AFFINE)),
    (chosen_mappings, fooling.test_a_shift_that_hides_a_lost_row, (False, "7/5", fooling.THIS)),
    (sigma_off_liftings, fooling.test_an_epigraph_variable_held_by_an_inequality, ("",)),
    (objective_of_the_image, fooling.test_an_epigraph_variable_held_from_the_wrong_side, ("",)),
    (sigma_off_a_lifting_refutes_nothing, fooling.test_an_epigraph_variable_held_from_the_wrong_side, ("",)),
    (sigma_off_a_lifting_refutes_nothing, fooling.test_an_epigraph_variable_with_a_floor, ()),
    (rounded_data, fooling.test_data_rounded_by_floating_point, ("",)),
    (exact_comparison, fooling.test_a_tiny_difference_of_short_numbers_is_real, ("0.300001",)),
    (rounded_data, fooling.test_rounded_data_that_make_a_model_infeasible, ("",)),
    (rounded_data, fooling.test_rounded_data_that_cut_an_integer_solution, ()),
]


@pytest.mark.parametrize(
    ("guard", "fooled", "arguments"), NEEDED, ids=[f"{g.__name__}-{t.__name__}" for g, t, _ in NEEDED]
)
def test_without_the_check_the_pair_fools(
    monkeypatch: pytest.MonkeyPatch, guard: Guard, fooled: Callable[..., None], arguments: tuple[Any, ...]
) -> None:
    guard(monkeypatch)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        fooled(*arguments)


def test_every_fooling_pair_is_listed_with_its_check() -> None:
    tests = {name for name, value in vars(fooling).items() if name.startswith("test_") and callable(value)}
    assert {fooled.__name__ for _, fooled, _ in NEEDED} == tests
