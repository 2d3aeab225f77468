from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import model
from test_proofs import SMALL, integer_models, points_of

from tools.exact.budget import Budget
from tools.exact.proofs import BranchProof, EmptyProof, LinearProof, Proof, SolverProof, holds
from tools.exact.prover import Proved, Prover, Refuted, Undecided, check, evaluate
from tools.formulation.model import Formulation

ONE = Fraction(1)


def prover(formulation: Formulation, **changes: int) -> Prover:
    return Prover(formulation, replace(Budget(), **changes))


@settings(max_examples=60)
@given(st.data())
def test_answers_agree_with_trying_every_point_and_recheck(data: st.DataObject) -> None:
    formulation = data.draw(integer_models())
    form = {j: c for j in range(len(formulation.variables)) if (c := data.draw(SMALL))}
    target = data.draw(st.integers(-8, 8).map(lambda v: Fraction(v, 2)))
    answer = prover(formulation).at_least(form, target)
    least = min((evaluate(form, point) for point in points_of(formulation)), default=None)
    assert isinstance(answer, Proved if least is None or least >= target else Refuted)
    assert check(formulation, form, target, answer)
    empty = prover(formulation).empty()
    assert isinstance(empty, Proved) == (least is None)


def polygon(margin: str) -> Formulation:
    """x + y ≤ 1 and x + 3y ≤ 2 with corner (1/2, 1/2), where x + 2y is 3/2; the second side is moved by `margin`."""
    rows = [({"x": 1, "y": 1}, None, 1), ({"x": 1, "y": 3}, None, 2 + Fraction(margin))]
    return model(continuous={"x": (0, 1), "y": (0, 1)}, rows=rows)


@pytest.mark.parametrize("margin", ["1e-7", "1e-9", "1e-12"])
def test_a_tiny_excess_is_refuted_by_an_exact_point(margin: str) -> None:
    form, target = {0: -ONE, 1: Fraction(-2)}, Fraction(-3, 2)
    assert isinstance(prover(polygon("0")).at_least(form, target), Proved)
    answer = prover(polygon(margin)).at_least(form, target)
    assert isinstance(answer, Refuted)
    assert answer.value == target - Fraction(margin) / 2
    assert check(polygon(margin), form, target, answer)


@pytest.mark.parametrize("gap", ["1e-6", "1e-7", "1e-8", "1e-9"])
def test_a_tiny_gap_is_proved_empty_although_solvers_accept_it(gap: str) -> None:
    rows = [({"x": 1, "y": 1}, None, 1), ({"x": 1, "y": 1}, 1 + Fraction(gap), None)]
    formulation = model(continuous={"x": (0, 5), "y": (0, 5)}, rows=rows)
    answer = prover(formulation).empty()
    assert isinstance(answer, Proved)
    assert not isinstance(answer.proof, SolverProof)
    assert holds(formulation, {}, ONE, answer.proof)


def test_touching_rows_are_not_empty() -> None:
    rows = [({"x": 1, "y": "0.9999999"}, None, 1), ({"x": 1, "y": 1}, 1, None)]
    formulation = model(continuous={"x": (0, 5), "y": (0, 5)}, rows=rows)
    assert prover(formulation).empty() == Undecided("no exact proof of infeasibility was found")


def test_near_parallel_rows_do_not_fool_anyone() -> None:
    """The best corner (½, ½) is worth 3.5e-8 more than (1, 0), which solvers take for optimal."""
    rows = [({"x": 1, "y": 1}, None, 1), ({"x": 1, "y": "1.0000001"}, None, "1.00000005")]
    formulation = model(continuous={"x": (0, 2), "y": (0, 2)}, rows=rows)
    form, best = {0: -ONE, 1: Fraction("-1.00000007")}, Fraction("-1.000000035")
    for target in (-ONE, best + Fraction(1, 10**12)):
        assert not isinstance(prover(formulation).at_least(form, target), Proved)
    for target in (best, Fraction("-1.0000001")):
        assert not isinstance(prover(formulation).at_least(form, target), Refuted)


def test_big_m_is_not_taken_for_slack() -> None:
    """x ≤ 10^7·b with b = 10^-7 fractional: integrality of b makes x zero or costs 1."""
    rows = [({"x": 1, "b": -(10**7)}, None, 0)]
    formulation = model(continuous={"x": (0, 1)}, integer={"b": (0, 1)}, rows=rows)
    tempting = {0: -ONE, 1: ONE}  # b − x ≥ 0 holds on integers, not on the relaxation
    answer = prover(formulation).at_least(tempting, Fraction(0))
    assert isinstance(answer, Proved)
    assert isinstance(answer.proof, BranchProof)
    assert check(formulation, tempting, Fraction(0), answer)
    refuted = prover(formulation).at_least(tempting, Fraction(1, 10**8))
    assert isinstance(refuted, Refuted)


def test_forms_of_very_different_size_are_decided_exactly() -> None:
    formulation = model(continuous={"x": (0, "1e9"), "y": (0, "1e-9")}, rows=[({"x": "1e-9", "y": "1e9"}, None, 1)])
    form = {0: Fraction(-1, 10**9), 1: Fraction(-(10**9))}
    assert isinstance(prover(formulation).at_least(form, Fraction(-1)), Proved)
    answer = prover(formulation).at_least(form, -1 + Fraction(1, 10**6))
    assert isinstance(answer, Refuted)
    assert check(formulation, form, -1 + Fraction(1, 10**6), answer)


def parity(size: int) -> Formulation:
    """2·Σ x = size with odd size: empty over the integers, and branching has to try many of them."""
    names = [f"x{j}" for j in range(size)]
    return model(integer=dict.fromkeys(names, (0, 1)), rows=[(dict.fromkeys(names, 2), size, size)])


def test_work_that_runs_out_never_becomes_an_exact_answer() -> None:
    answer = prover(parity(9), tree_nodes=3).empty()
    assert isinstance(answer, Proved)
    assert isinstance(answer.proof, SolverProof)
    assert not check(parity(9), {}, ONE, answer)
    expired = Prover(parity(9), Budget.lasting(-1))
    assert isinstance(expired.at_least({0: ONE}, ONE), Undecided)


def test_enough_nodes_prove_the_same_exactly() -> None:
    answer = prover(parity(5)).empty()
    assert isinstance(answer, Proved)
    assert not isinstance(answer.proof, SolverProof)
    assert holds(parity(5), {}, ONE, answer.proof)


def mutated(proof: Proof) -> list[Proof]:
    """Return the proof with one thing changed, in every way that drops something it needs."""
    if isinstance(proof, BranchProof):
        leaf = LinearProof({}, Fraction(0))
        return [
            replace(proof, below=leaf),
            replace(proof, above=leaf),
            *(replace(proof, below=changed) for changed in mutated(proof.below)),
            *(replace(proof, above=changed) for changed in mutated(proof.above)),
        ]
    if isinstance(proof, EmptyProof) and proof.crossed is not None:
        return []
    changes: list[Mapping[int, Fraction]] = []
    for row, value in proof.multipliers.items():
        rest = {i: a for i, a in proof.multipliers.items() if i != row}
        changes += [rest, {**rest, row: -value}]
    return [replace(proof, multipliers=change) for change in changes]


def test_a_found_proof_that_is_changed_fails_or_stays_true() -> None:
    formulation = model(
        integer={"x": (0, 10), "y": (0, 10), "z": (0, 10)},
        rows=[({"x": 4, "y": 6, "z": 10}, 13, None), ({"x": 2, "y": 1}, None, 3), ({"y": 1, "z": 1}, None, 4)],
    )
    form, target = {0: Fraction(3), 1: Fraction(4), 2: Fraction(7)}, Fraction(10)
    least = min(evaluate(form, point) for point in points_of(formulation))
    answer = prover(formulation).at_least(form, least)
    assert isinstance(answer, Proved)
    assert not isinstance(answer.proof, SolverProof)
    assert holds(formulation, form, least, answer.proof)
    assert not holds(formulation, form, least + 1, answer.proof)
    assert least <= target
    changes = mutated(answer.proof)
    assert any(not holds(formulation, form, least, change) for change in changes)
    assert not any(holds(formulation, form, least + 1, change) for change in changes)


def test_a_row_up_to_a_factor_needs_no_solver() -> None:
    formulation = model(continuous={"x": (0, None), "y": (0, None)}, rows=[({"x": 2, "y": -4}, None, 6)])
    quick = prover(formulation).quickly_at_least({0: Fraction(-1), 1: Fraction(2)}, Fraction(-3))
    assert quick == LinearProof({0: Fraction(-1, 2)}, Fraction(-3))
    assert prover(formulation).quickly_at_least({0: Fraction(-1), 1: Fraction(2)}, Fraction(-2)) is None


def test_a_local_proof_names_the_rows_of_the_whole_model() -> None:
    names = [f"x{j}" for j in range(400)]
    rows = [({names[j]: 2, names[j + 1]: 2}, 3, None) for j in range(0, 400, 2)]
    formulation = model(integer=dict.fromkeys(names, (0, 1)), rows=rows)
    form, target = {396: ONE, 397: ONE}, Fraction(2)
    answer = prover(formulation).at_least(form, target)
    assert isinstance(answer, Proved)
    assert check(formulation, form, target, answer)


def test_an_unbounded_direction_gives_an_exact_point_below() -> None:
    formulation = model(integer={"x": (0, None), "y": (0, None)}, rows=[({"x": 3, "y": -3}, 0, 0)])
    answer = prover(formulation).at_least({0: -ONE}, Fraction(-(10**6)))
    assert isinstance(answer, Refuted)
    assert check(formulation, {0: -ONE}, Fraction(-(10**6)), answer)


def test_an_empty_lattice_slab_is_not_called_unbounded() -> None:
    """1 ≤ 3x − 3y ≤ 2 has no integer point, though solvers have called it unbounded."""
    formulation = model(integer={"x": (0, None), "y": (0, None)}, rows=[({"x": 3, "y": -3}, 1, 2)])
    answer = prover(formulation).at_least({0: -ONE}, Fraction(0))
    assert not isinstance(answer, Refuted)


def test_bounds_from_linear_proofs_hold() -> None:
    formulation = model(continuous={"x": (None, None), "y": (None, None)},
                        rows=[({"x": 1, "y": 2}, 3, None), ({"x": 2, "y": 1}, 3, None)])  # fmt: skip
    proof = prover(formulation).linear_lower_bound({0: ONE, 1: ONE})
    assert proof is not None
    assert proof.bound == 2
    assert holds(formulation, {0: ONE, 1: ONE}, Fraction(2), proof)
    assert prover(formulation).linear_lower_bound({0: ONE}) is None


def test_a_zero_coefficient_in_a_form_is_harmless() -> None:
    formulation = model(integer={"x": (0, 3), "y": (0, 3)})
    assert isinstance(prover(formulation).at_least({0: Fraction(0)}, Fraction(0)), Proved)
    assert isinstance(prover(formulation).at_least({0: Fraction(0)}, ONE), Refuted)


def test_a_difference_below_the_integrality_tolerance_is_refuted_by_branching() -> None:
    """Solvers take x = −1.0000003 for an integer and answer −3e-7, which no exact point has; x = −2 gives −2e-7."""
    rows = [
        ({"x": 2, "y": "1.0000001"}, -2, -1),
        ({"x": "1.9999998", "y": "1.0000001"}, "-2.0000001", -1),
        ({"y": 1, "k": -1, "t": -1}, 0, 0),
    ]
    formulation = model(
        continuous={"y": (1, 2), "t": ("-1/2", 0)}, integer={"x": (-2, 1), "k": (None, None)}, rows=rows
    )
    answer = prover(formulation).at_least({1: ONE}, Fraction(0))
    assert isinstance(answer, Refuted)
    assert answer.value < Fraction(-1, 10**8)
    assert check(formulation, {1: ONE}, Fraction(0), answer)


def test_a_gap_below_the_integrality_tolerance_is_proved_by_branching() -> None:
    rows = [({"x": 1, "y": "1/5"}, "-1/3", "-1/3"), ({"x": 1, "y": "0.20000002"}, "-0.33333334", "-1/3"),
            ({"x": "2/3", "y": "-1.0000001"}, None, -1)]  # fmt: skip
    formulation = model(continuous={"x": (-1, 0)}, integer={"y": (-1, "3/2")}, rows=rows)
    answer = prover(formulation).empty()
    assert isinstance(answer, Proved)
    assert not isinstance(answer.proof, SolverProof)
    assert holds(formulation, {}, ONE, answer.proof)


def test_branching_ends_where_points_leave_the_box_by_a_tolerance() -> None:
    """x − y = 2.0000001 has no integer solution, and solvers accept (2, 0)."""
    rows = [({"x": 1, "y": -1}, "2.0000001", "2.0000001")]
    formulation = model(integer={"x": (2, 3), "y": (0, 1)}, rows=rows)
    answer = prover(formulation).empty()
    assert isinstance(answer, Proved)
    assert not isinstance(answer.proof, SolverProof)
    assert holds(formulation, {}, ONE, answer.proof)


def test_models_fixed_up_to_a_last_digit_are_simplified_once() -> None:
    formulation = model(
        continuous={"x": ("1/3", 0.3333333333333333), "y": (0.3333333333333333, "1/3"), "z": (0, 1)},
        rows=[({"x": 1, "y": 1, "z": 1}, 1, None), ({"z": 3}, 1, 1)],
    )
    assert isinstance(prover(formulation).at_least({2: ONE}, Fraction(1, 3)), Proved)
    whole = prover(
        model(continuous={"y": (0.3333333333333333, "1/3"), "z": (0, 1)}, rows=[({"y": 1, "z": 1}, 1, None)])
    )
    assert isinstance(whole.at_least({1: ONE}, Fraction(2, 3)), Proved)
    assert isinstance(whole.at_least({1: ONE}, Fraction(2, 3) + Fraction(1, 10**18)), Refuted | Undecided)


def test_proofs_on_the_simplified_model_are_about_the_model_itself() -> None:
    formulation = model(
        integer={"x": (0, 9), "y": (0, 9), "one": (1, 1)},
        rows=[({"x": 2}, 4, 4), ({"x": 1, "y": 2, "one": 5}, 12, None), ({"y": 3, "one": 1}, None, 20)],
    )
    for form, least in (({1: ONE}, 3), ({0: ONE, 1: Fraction(2), 2: Fraction(-1)}, 7), ({2: ONE}, 1)):
        answer = prover(formulation).at_least(form, Fraction(least))
        assert isinstance(answer, Proved)
        assert check(formulation, form, Fraction(least), answer)
        assert not holds(formulation, form, Fraction(least + 1), answer.proof)  # type: ignore[arg-type]
        beyond = prover(formulation).at_least(form, Fraction(least + 1))
        assert isinstance(beyond, Refuted)
        assert check(formulation, form, Fraction(least + 1), beyond)


def test_solvers_are_not_believed_about_coefficients_that_they_drop() -> None:
    """1e-12 u − 2 x = −1 has the solution u = 1e12, x = 1; without its small coefficient it has none in integers."""
    formulation = model({"u": (0, 10**12)}, {"x": (0, 1)}, rows=[({"u": "1e-12", "x": -2}, -1, -1)])
    assert formulation.is_feasible([Fraction(10**12), ONE])
    for nodes in (0, 100):
        answer = prover(formulation, tree_nodes=nodes).empty()
        assert isinstance(answer, Undecided), answer
    assert "too fine" in prover(formulation, tree_nodes=0).empty().reason  # type: ignore[union-attr]


def test_solvers_are_not_believed_about_differences_that_doubles_do_not_hold() -> None:
    """a (x + y) − b z ≥ 5 a − 2 holds at (5, 0, 0), where a x + b y − a z is 5 a; two solvers say at least 5 a + 4."""
    a, b = 9999999999999998, 9999999999999999
    rows = [({"x": a, "y": a, "z": -b}, 5 * a - 2, None)]
    formulation = model(integer={"x": (0, 6), "y": (0, 6), "z": (0, 6)}, rows=rows)
    for nodes in (0, 10, 1000):
        answer = prover(formulation, tree_nodes=nodes).at_least(
            {0: Fraction(a), 1: Fraction(b), 2: Fraction(-a)}, Fraction(5 * a + 4)
        )
        assert not isinstance(answer, Proved), answer
