from dataclasses import replace
from fractions import Fraction

import pytest
from small_models import mapping, model, renaming

from tools.claims.carrier import Carrier
from tools.claims.facts import Facts, find_facts
from tools.claims.objective_relation import ObjectiveRelation
from tools.claims.optimality import decide_optima, decide_optimum, decide_status, decide_value
from tools.claims.outcome import Claim
from tools.exact.budget import Budget
from tools.exact.proofs import SolverProof
from tools.exact.prover import Prover
from tools.formulation.model import Formulation
from tools.mapping.forms import IndexMapping

SAME = ObjectiveRelation(Fraction(1), Fraction(0))
SAID = SolverProof(("one", "another"), 0.0)


def facts(formulation: Formulation) -> Facts:
    return find_facts(Prover(formulation, Budget()))


def on_word(known: Facts) -> Facts:
    """Return the facts with the bound resting on solvers."""
    return replace(known, lower_proof=SAID)


def unsettled(known: Facts) -> Facts:
    return replace(known, lower=None, lower_proof=None)


def square(**options: object) -> Formulation:
    """min x + y over x + y ≥ 1: the optima are a segment."""
    return model(continuous={"x": (0, 2), "y": (0, 2)}, minimize={"x": 1, "y": 1}, rows=[({"x": 1, "y": 1}, 1, None)])


def half() -> Formulation:
    """The same without the optima beyond x = 1/2."""
    return model(
        continuous={"x": (0, "1/2"), "y": (0, 2)}, minimize={"x": 1, "y": 1}, rows=[({"x": 1, "y": 1}, 1, None)]
    )


def optima(reference: Formulation, candidate: Formulation, recovery: IndexMapping, ours: Facts, theirs: Facts) -> Claim:
    return decide_optima(Carrier.plain(reference, Prover(candidate, Budget()), recovery), ours, theirs)


def optimum(
    reference: Formulation, candidate: Formulation, recovery: IndexMapping, ours: Facts, theirs: Facts
) -> Claim:
    return decide_optimum(Carrier.plain(reference, Prover(candidate, Budget()), recovery), ours, theirs)


def test_one_good_optimum_does_not_speak_for_all() -> None:
    recovery = renaming(half(), square())
    arguments = half(), square(), recovery, facts(half()), facts(square())
    every, one = optima(*arguments), optimum(*arguments)
    assert (every.result, every.strength) == ("refuted", "exact")
    assert every.witness is not None
    assert square().cost_value(every.witness.point) == 1
    assert not half().is_feasible(every.witness.point)
    assert (one.result, one.strength) == ("proved", "exact")


def test_images_that_are_feasible_but_dearer_are_found() -> None:
    reference = model(
        continuous={"x": (0, 2), "y": (0, 2)}, minimize={"x": 1, "y": 2}, rows=[({"x": 1, "y": 1}, 1, None)]
    )
    recovery = renaming(reference, square())
    claim = optima(reference, square(), recovery, facts(reference), facts(square()))
    assert claim.result == "refuted"
    assert claim.witness is not None
    assert claim.witness.violates == "objective"


def test_no_optimum_that_maps_well_refutes_the_weakest_claim() -> None:
    shifted = mapping(square(), square(), {"x": (1, {"x": 1}), "y": (0, {"y": 1})})
    claim = optimum(square(), square(), shifted, facts(square()), facts(square()))
    assert (claim.result, claim.strength) == ("refuted", "exact")


@pytest.mark.parametrize("side", ["reference", "candidate", "both"])
def test_a_solvers_word_on_either_bound_is_all_that_is_claimed(side: str) -> None:
    recovery = renaming(square(), square())
    ours, theirs = facts(square()), facts(square())
    ours = on_word(ours) if side != "candidate" else ours
    theirs = on_word(theirs) if side != "reference" else theirs
    assert optimum(square(), square(), recovery, ours, theirs).strength == "solver"
    provers = Prover(square(), Budget()), Prover(square(), Budget())
    assert decide_value(ours, theirs, SAME, provers) == replace(
        decide_value(facts(square()), facts(square()), SAME, provers), strength="solver"
    )
    claim = optima(square(), square(), recovery, ours, theirs)
    assert claim.strength == ("exact" if side == "candidate" else "solver")


def test_a_refutation_rests_on_the_optimality_of_its_witness() -> None:
    recovery = renaming(half(), square())
    arguments = half(), square(), recovery, facts(half())
    assert optima(*arguments, on_word(facts(square()))).strength == "solver"
    assert optima(*arguments, unsettled(facts(square()))).result == "unknown"


def test_values_that_are_not_settled_prove_nothing() -> None:
    recovery = renaming(square(), square())
    known, open_ = facts(square()), unsettled(facts(square()))
    provers = Prover(square(), Budget()), Prover(square(), Budget())
    for ours, theirs in ((known, open_), (open_, known), (open_, open_)):
        assert decide_value(ours, theirs, SAME, provers).result == "unknown"
        assert optimum(square(), square(), recovery, ours, theirs).result == "unknown"
    assert optima(square(), square(), recovery, open_, known).result == "unknown"
    assert optima(square(), square(), recovery, known, open_).result == "proved"


def test_a_bound_on_one_side_refutes_equal_values() -> None:
    dearer = model(continuous={"x": (1, 2), "y": (1, 2)}, minimize={"x": 1, "y": 1})
    provers = Prover(square(), Budget()), Prover(dearer, Budget())
    claim = decide_value(unsettled(facts(square())), facts(dearer), SAME, provers)
    assert (claim.result, claim.strength) == ("refuted", "exact")
    claim = decide_value(unsettled(facts(square())), on_word(facts(dearer)), SAME, provers)
    assert claim.strength == "solver"
    assert decide_value(facts(square()), unsettled(facts(dearer)), SAME, provers).result == "unknown"
    assert decide_value(facts(square()), facts(dearer), None, provers).result == "unknown"


def statuses() -> dict[str, Facts]:
    return {
        "optimal": facts(square()),
        "infeasible": facts(model(continuous={"x": (0, 1)}, rows=[({"x": 1}, 2, None)])),
        "unbounded": facts(model(continuous={"x": (None, 1)}, minimize={"x": 1})),
        "unknown": Facts("unknown", "solver", "not known"),
    }


def test_statuses_are_compared_and_carry_the_weaker_strength() -> None:
    for one, ours in statuses().items():
        for other, theirs in statuses().items():
            claim = decide_status(ours, theirs)
            expected = "unknown" if "unknown" in (one, other) else "proved" if one == other else "refuted"
            assert claim.result == expected
            if expected != "unknown":
                assert claim.strength == "exact"
                assert decide_status(replace(ours, strength="solver"), theirs).strength == "solver"
                assert decide_status(ours, replace(theirs, strength="solver")).strength == "solver"


def test_without_an_optimum_the_claims_about_optima_follow_from_the_statuses() -> None:
    recovery = renaming(square(), square())
    for one, ours in statuses().items():
        for other, theirs in statuses().items():
            if (one, other) == ("optimal", "optimal"):
                continue
            for decide in (optima, optimum):
                result = decide(square(), square(), recovery, ours, theirs).result
                if other == "unknown" or (other == "optimal" and one == "unknown"):
                    assert result == "unknown"
                else:
                    assert result == ("refuted" if other == "optimal" else "proved")
