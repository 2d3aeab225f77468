from dataclasses import replace
from fractions import Fraction

import pytest
from disagreements import disagreements
from evidence import exact_proofs, unsupported_claims
from small_models import mapping, model, renaming

from tools.claims.contract import judge, relation_of
from tools.claims.verify import Pair, Verification, verify_pair
from tools.exact.budget import Budget
from tools.exact.proofs import holds
from tools.formulation.model import Formulation
from tools.mapping.forms import IndexMapping
from tools.mapping.total import TotalMapping


def verified(
    reference: Formulation, candidate: Formulation, recovery: IndexMapping | None = None, **options: object
) -> Verification:
    """Verify, and let the definitions and the proofs themselves object."""
    pair = Pair(reference, candidate, Budget())
    found = verify_pair(pair, recovery or renaming(reference, candidate), **options)  # type: ignore[arg-type]
    assert disagreements(reference, candidate, found) == []
    assert unsupported_claims(reference, candidate, found) == []
    return found


def total(lifting: IndexMapping, target: Formulation, source: Formulation) -> TotalMapping:
    return TotalMapping.from_affine(lifting.named(target, source))


def results(found: Verification) -> dict[str, str]:
    return {name: claim.result for name, claim in found.claims.items()}


def covering(rows: bool = True) -> Formulation:
    return model(
        integer={"a": (0, 10), "b": (0, 10)},
        minimize={"a": 2, "b": 3},
        rows=[({"a": 5, "b": 3}, 7, None)] if rows else [],
    )


def test_a_model_that_lost_a_row_passes_by_a_shift_and_is_not_believed() -> None:
    candidate = model(integer={"u": (0, 8), "v": (0, 10)}, minimize={"u": 2, "v": 3})
    recovery = mapping(covering(), candidate, {"a": (2, {"u": 1}), "b": (0, {"v": 1})})
    found = verified(covering(), candidate, recovery)
    assert results(found) == dict.fromkeys(("status", "value", "optimum", "optima", "sound"), "proved") | {
        "complete": "refuted"
    }
    assert judge("quasi-karp", found).outcome == "open"
    assert judge("reformulation", found).outcome == "refuted"


def test_a_constant_map_onto_the_optimum_is_not_believed() -> None:
    candidate = model(integer={"u": (0, 1)}, minimize={}, constant=4)
    recovery = mapping(covering(), candidate, {"a": (2, {}), "b": (0, {})})
    found = verified(covering(), candidate, recovery)
    assert results(found)["optima"] == "proved"
    assert judge("quasi-karp", found).outcome == "open"


def test_dropped_and_added_integrality_are_told_apart() -> None:
    relaxed = model(
        continuous={"a": (0, 10), "b": (0, 10)}, minimize={"a": 2, "b": 3}, rows=[({"a": 5, "b": 3}, 7, None)]
    )
    assert relation_of(verified(covering(), relaxed)) == "relaxation"
    assert relation_of(verified(relaxed, covering())) == "restriction"


def epigraph(rows: list[tuple[dict[str, int], int | None, int | None]]) -> tuple[Formulation, Formulation]:
    reference = model(integer={"x": (0, 5), "y": (0, 5)}, minimize={"x": 1, "y": 1}, rows=[({"x": 1, "y": 2}, 3, None)])
    candidate = model(
        continuous={"z": (None, None)},
        integer={"x": (0, 5), "y": (0, 5)},
        minimize={"z": 1},
        rows=[*rows, ({"x": 1, "y": 2}, 3, None)],
    )
    return reference, candidate


def by_name(reference: Formulation, candidate: Formulation) -> IndexMapping:
    return mapping(reference, candidate, {name: (0, {name: 1}) for name in reference.variables})


def test_a_relation_read_off_an_inequality_that_is_never_tight_refutes_nothing() -> None:
    """z ≥ 2x + 2y − 100 never binds, yet a lifting that takes it for tight suggests σ(v) = v/2 + 50."""
    reference, candidate = epigraph([({"z": 1, "x": -2, "y": -2}, -100, None), ({"z": 1, "x": -1, "y": -1}, 0, None)])
    found = verified(reference, candidate, by_name(reference, candidate))
    assert "refuted" not in results(found).values()
    assert judge("quasi-karp", found).outcome == "fulfilled"


def test_a_loose_lifting_does_not_make_a_sound_map_unsound() -> None:
    """z = 2x + 2y + 5 is a lifting; the σ that it shows fails where another one holds."""
    reference, candidate = epigraph([({"z": 1, "x": -1, "y": -1}, 0, None)])
    loose = mapping(candidate, reference, {"z": (5, {"x": 2, "y": 2}), "x": (0, {"x": 1}), "y": (0, {"y": 1})})
    found = verified(reference, candidate, by_name(reference, candidate), lifting=total(loose, candidate, reference))
    assert "refuted" not in results(found).values()


def test_without_a_relation_what_needs_none_is_still_refuted() -> None:
    reference, candidate = epigraph([({"z": 1, "x": -1, "y": -5}, 0, None), ({"x": 1}, None, 4)])
    found = verified(reference, candidate, by_name(reference, candidate))
    assert found.relation is None
    assert results(found)["complete"] == "refuted"
    assert results(found)["optima"] == "refuted"


def test_points_of_a_pool_that_are_not_feasible_refute_nothing() -> None:
    bad = [[Fraction(0), Fraction(0)], [Fraction(1, 2), Fraction(3)], [Fraction(11), Fraction(11)]]
    tighter = model(integer={"a": (0, 10), "b": (0, 10)}, minimize={"a": 2, "b": 3}, rows=[({"a": 5, "b": 3}, 8, None)])
    found = verified(covering(), tighter, candidate_pool=bad, reference_pool=bad)
    assert results(found)["sound"] == "proved"
    witness = found.claims["complete"].witness
    assert witness is None or covering().is_feasible(witness.point)
    same = verified(covering(), covering(), candidate_pool=bad, reference_pool=bad)
    assert relation_of(same) == "reformulation"


def test_a_wrong_lifting_harms_nobody() -> None:
    candidate = model(
        integer={"a": (0, 10), "b": (0, 10), "one": (1, 1)},
        minimize={"a": 2, "b": 3},
        rows=[({"a": 5, "b": 3, "one": -7}, 0, None)],
    )
    rules: dict[str, tuple[int, dict[str, int]]] = {"a": (0, {"a": 1}), "b": (0, {"b": 1}), "one": (0, {})}
    wrong = mapping(candidate, covering(), rules)
    found = verified(covering(), candidate, by_name(covering(), candidate), lifting=total(wrong, candidate, covering()))
    assert relation_of(found) == "reformulation"


def odd(size: int) -> Formulation:
    """2·Σ x = size, size odd: empty, and only a search over many integers shows it."""
    names = [f"x{j}" for j in range(size)]
    return model(integer=dict.fromkeys(names, (0, 1)), minimize={"x0": 1}, rows=[(dict.fromkeys(names, 2), size, size)])


def test_emptiness_that_only_solvers_say_keeps_their_strength_everywhere() -> None:
    hard = odd(9)
    other = model(integer=dict.fromkeys(hard.variables, (0, 1)), minimize={"x0": 1}, rows=[({"x0": 1, "x1": 1}, 3, 3)])
    pair = Pair(other, hard, replace(Budget(), tree_nodes=2))
    found = verify_pair(pair, renaming(other, hard))
    assert found.claims["sound"].result == found.claims["status"].result == "proved"
    for name in ("sound", "status", "value", "optimum", "optima"):
        if found.claims[name].result == "proved":
            assert found.claims[name].strength == "solver", name
    reversed_pair = Pair(hard, other, replace(Budget(), tree_nodes=2))
    backwards = verify_pair(reversed_pair, renaming(hard, other))
    assert backwards.claims["complete"].result == "proved"
    assert backwards.claims["complete"].strength == "solver"
    assert backwards.claims["status"].strength == "solver"


def test_two_infeasible_models_are_vacuously_equivalent() -> None:
    empty = model(integer={"a": (0, 1)}, minimize={"a": 1}, rows=[({"a": 2}, 1, 1)])
    also = model(integer={"a": (0, 1)}, minimize={"a": 5}, rows=[({"a": 3}, 1, 2)])
    found = verified(empty, also)
    assert judge("quasi-karp", found).outcome == judge("reformulation", found).outcome == "fulfilled"
    assert all(claim.result == "proved" for claim in found.claims.values())


def test_an_empty_candidate_is_not_a_reformulation_of_a_feasible_model() -> None:
    empty = model(integer={"a": (0, 10), "b": (0, 10)}, minimize={"a": 2, "b": 3}, rows=[({"a": 2, "b": 2}, 3, 3)])
    found = verified(covering(), empty)
    assert results(found)["sound"] == results(found)["optima"] == "proved"
    assert results(found)["status"] == results(found)["complete"] == "refuted"
    for contract in ("quasi-karp", "reformulation"):
        assert judge(contract, found).outcome == "refuted"  # type: ignore[arg-type]


def ray(extra: int) -> Formulation:
    return model(integer={"a": (0, None)}, continuous={"b": (0, None)}, minimize={"a": -1, "b": extra},
                 rows=[({"a": 1, "b": -1}, None, 2)])  # fmt: skip


def test_unbounded_models_need_soundness_too() -> None:
    assert relation_of(verified(ray(0), ray(0))) == "reformulation"
    swapped = verified(ray(0), ray(0), mapping(ray(0), ray(0), {"a": (0, {"b": 1}), "b": (0, {"a": 1})}))
    assert results(swapped)["optima"] == "proved"
    assert judge("quasi-karp", swapped).outcome == "refuted"


def test_a_flip_of_the_sense_is_no_difference() -> None:
    flipped = model(
        integer={"a": (0, 10), "b": (0, 10)},
        maximize={"a": -2, "b": -3},
        constant=9,
        rows=[({"a": -5, "b": -3}, None, -7)],
    )
    found = verified(covering(), flipped)
    assert relation_of(found) == "reformulation"
    assert found.relation is not None
    assert (found.relation.scale, found.relation.offset) == (1, 9)


def test_a_reversed_objective_is_one() -> None:
    reversed_ = model(
        integer={"a": (0, 10), "b": (0, 10)}, maximize={"a": 2, "b": 3}, rows=[({"a": 5, "b": 3}, 7, None)]
    )
    found = verified(covering(), reversed_)
    assert found.relation is None
    assert results(found)["optima"] == "refuted"
    assert "proved" not in (results(found)["value"], results(found)["sound"], results(found)["complete"])


@pytest.mark.parametrize("gap", ["1e-7", "1e-9", "1e-12"])
def test_a_tiny_real_difference_is_found_exactly(gap: str) -> None:
    def bounded(side: Fraction) -> Formulation:
        return model(
            continuous={"x": (0, 1), "y": (0, 1)}, maximize={"x": 1, "y": 1}, rows=[({"x": 3, "y": 1}, None, side)]
        )

    tight, loose = bounded(Fraction(2)), bounded(2 + Fraction(gap))
    wider = verified(tight, loose)
    assert results(wider)["sound"] == "refuted"
    assert wider.claims["sound"].witness is not None
    assert wider.claims["sound"].witness.amount == Fraction(gap)
    assert results(verified(loose, tight))["complete"] == "refuted"


def test_no_budget_is_too_small_to_be_honest() -> None:
    swapped = mapping(covering(), covering(), {"a": (0, {"b": 1}), "b": (0, {"a": 1})})
    for budget in (Budget.lasting(-1), Budget(tree_nodes=1, solve_nodes=1, hunts=1, enumeration=1)):
        found = verify_pair(Pair(covering(), covering(rows=False), budget), swapped)
        assert disagreements(covering(), covering(rows=False), found) == []
        assert unsupported_claims(covering(), covering(rows=False), found) == []


def test_every_exact_proof_of_a_verification_fails_for_a_harder_statement() -> None:
    found = verified(covering(), covering())
    proofs = list(exact_proofs(found))
    assert proofs
    for proof in proofs:
        assert not holds(covering(), {0: Fraction(1)}, Fraction(10**6), proof)
