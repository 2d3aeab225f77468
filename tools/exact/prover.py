"""Decide whether a linear form stays above a target on a feasible set: an exact proof, an exact point, or a reason."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from tools.exact.budget import Budget
from tools.exact.proofs import (
    NO_BOX,
    Box,
    BranchProof,
    EmptyProof,
    Form,
    LinearProof,
    Proof,
    SimplifiedProof,
    SolverProof,
    bounds_of,
    crossed_element,
    grid,
    holds,
    linear_bound,
    round_up,
    without_fixed,
)
from tools.exact.vertices import exact_multipliers, exact_vertex, rounded_multipliers, rounded_points
from tools.formulation.derive import elastic, magnified, submodel, with_row
from tools.formulation.model import Formulation
from tools.formulation.numbers import FloatArray
from tools.formulation.simplified import fixed_values, simplified
from tools.solvers.gateway import second_opinion, solve
from tools.solvers.problem import NumericProblem
from tools.solvers.result import SolveResult

WIDENING_ROWS = 150
"""Models with more rows are first relaxed to the rows around a form before the whole model is asked."""

SHORT_FORM = 6
"""Forms of at most this many variables are tried against each single row around them before a solver is asked."""

LARGEST_NEIGHBOURHOOD = 2000
"""Entries of rows that are looked at for that."""

AGREEMENT = 1e-6
"""Solver values are compared up to this, relative to the larger of the target and the form's largest coefficient."""

FINEST = 1e-9
"""Solvers drop coefficients of this size, and what is this share of a value is noise to them."""

FINEST_COST = 1e-7
"""Solvers take reduced costs of this size for 0."""

LARGEST_BELIEVED = 1e15
"""Doubles do not hold every whole number beyond."""

LARGEST_SIMPLIFIED = 200_000
"""Models with more nonzeros are not simplified before a solver is asked."""

INTEGRALITY_TOLERANCE = 1e-6
"""How far a float may be from an integer and still be rounded to it; what is rounded is checked exactly afterwards."""

BLIND_SPLIT = 10
"""Nodes charged for a split at an integral point that is feasible only within a solver's tolerance."""

SMALLEST_FRACTION = 1e-9
"""Branching splits on values as near to an integer as this: x ≤ 10⁷·b leaves b at 10⁻⁷."""

MAGNIFICATION = 10**7
"""How much closer a point is looked at when a solver's tolerance (1e-7) may have hidden what it breaks."""

SMALLEST_CLEAR_GAP = 1e-5
"""An infeasibility smaller than this may be hidden by tolerances in part."""


@dataclass(frozen=True)
class Proved:
    """The form is at least the target on the whole set; `proof` is exact unless it is a `SolverProof`."""

    proof: Proof | SolverProof


@dataclass(frozen=True)
class Refuted:
    """`point` lies in the set, exactly, and the form takes `value` < target there."""

    point: Sequence[Fraction]
    value: Fraction


@dataclass(frozen=True)
class Undecided:
    """Neither a proof nor a point was found; `reason` says which limit or difficulty ended the search."""

    reason: str


Answer = Proved | Refuted | Undecided


def evaluate(form: Form, point: Sequence[Fraction]) -> Fraction:
    """Return form · point exactly."""
    return sum((c * point[j] for j, c in form.items()), Fraction(0))


class Prover:
    """Answers questions about one formulation's feasible set; caches what questions share.

    `budget` bounds every answer. No answer depends on anything but the model and the budget.
    """

    def __init__(self, model: Formulation, budget: Budget, *, simplify: bool = True) -> None:
        self.model = model
        self.budget = budget
        self._simplify = simplify
        self._has_integers = bool(model.integer.any())

    def within(self, budget: Budget) -> Prover:
        """Return a prover over the same model with another budget; what was worked out about the model is shared."""
        other = copy.copy(self)
        other.budget = budget
        simpler = self.__dict__.get("simpler")
        if simpler is not None:
            other.__dict__["simpler"] = simpler.within(budget)
        return other

    @cached_property
    def numeric(self) -> NumericProblem:
        """The model in doubles."""
        return NumericProblem.of(self.model)

    @cached_property
    def _rows_by_pattern(self) -> Mapping[bytes, list[int]]:
        index: dict[bytes, list[int]] = {}
        starts, columns = self.model.indptr.tolist(), self.model.columns
        for i in range(len(self.model.rows)):
            index.setdefault(columns[starts[i] : starts[i + 1]].tobytes(), []).append(i)
        return index

    @cached_property
    def trivially_empty(self) -> EmptyProof | None:
        """A proof of emptiness by bounds that cross, if some do."""
        element = crossed_element(self.model)
        return None if element is None else EmptyProof({}, element)

    @cached_property
    def simpler(self) -> Prover | None:
        """A prover over the simplified model, where simplifying fixes variables; it has the same feasible set."""
        if not self._simplify or self.model.nonzeros > LARGEST_SIMPLIFIED:
            return None
        model = simplified(self.model)
        known = fixed_values(self.model)
        uses = np.isin(self.model.columns, np.array(list(known), dtype=np.int64))
        if len(fixed_values(model)) == len(known) and not uses.any():
            return None
        return Prover(model, self.budget, simplify=False)  # a proof names one simplification, not a chain of them

    def at_least(self, form: Form, target: Fraction, known: SolveResult | None = None) -> Answer:
        """Decide whether form·x ≥ target for every x of the set; cheapest arguments first.

        `known` is a result of minimising exactly this form, if the caller has one; it is not computed again then.
        """
        quick = self.quickly_at_least(form, target)
        if quick is not None:
            return Proved(quick)
        if self.trivially_empty is not None:
            return Proved(self.trivially_empty)
        if self.budget.expired:
            return Undecided("the time limit was reached")
        if self.simpler is not None:
            rest, constant = without_fixed(self.simpler.model, form)
            return _about_simplified(self.simpler.at_least(rest, target - constant), constant)
        if len(self.model.rows) > WIDENING_ROWS:
            local = self._proof_nearby(form, target)
            if local is not None:
                return Proved(local)
        relaxation = self._relax(form)
        proof = self._linear_proof(form, target, relaxation, NO_BOX)
        if proof is not None:
            return Proved(proof)
        point = self._point_below(form, target, relaxation)
        if point is not None:
            return Refuted(point, evaluate(form, point))
        if not self._has_integers:
            if relaxation.status == "infeasible":
                return self._agreed_infeasible(form, relaxation)
            return Undecided(f"the LP solver answered {relaxation.status!r} and no exact proof or point came of it")
        return self._integer_answer(form, target, known)

    def quickly_at_least(self, form: Form, target: Fraction) -> LinearProof | None:
        """Return a proof by a row up to a positive factor or by activity bounds, or None; needs no solver."""
        if form:
            key = np.array(sorted(form), dtype=np.int64)
            first = int(key[0])
            for row in self._rows_by_pattern.get(key.tobytes(), ()):
                terms = self.model.row_terms(row)
                factor = form[first] / terms[first]
                side = (self.model.row_lower if factor > 0 else self.model.row_upper).finite(row)
                if side is None or factor * side < target:
                    continue
                if all(form[j] == (a if factor == 1 else factor * a) for j, a in terms.items()):
                    return LinearProof({row: factor}, factor * side)
        step = grid(self.model, form)
        bound = linear_bound(self.model, form, {})
        if bound is not None and round_up(bound, step) >= target:
            return LinearProof({}, bound)
        return self._by_one_row(form, target, step) if 0 < len(form) <= SHORT_FORM else None

    def _by_one_row(self, form: Form, target: Fraction, step: Fraction | None) -> LinearProof | None:
        """Return a proof by one row that cancels a variable of the form, the rest being bounded by activity.

        x ≤ y follows so from Σ d·x ≤ u·y over binaries: on the row alone x − y ≤ 1 − d/u < 1, and it is whole.
        """
        work = 0
        for j, coefficient in form.items():
            for row in self.model.rows_of(j).tolist():
                work += int(self.model.indptr[row + 1] - self.model.indptr[row])
                if work > LARGEST_NEIGHBOURHOOD:
                    return None
                multiplier = coefficient / self.model.row_terms(row)[j]
                bound = linear_bound(self.model, form, {row: multiplier})
                if bound is not None and round_up(bound, step) >= target:
                    return LinearProof({row: multiplier}, bound)
        return None

    def empty(self) -> Proved | Undecided:
        """Prove that the set is empty, exactly or by two solvers; a point that shows otherwise gives `Undecided`."""
        if self.trivially_empty is not None:
            return Proved(self.trivially_empty)
        if self.simpler is not None:
            about_simpler = self.simpler.empty()
            return about_simpler if isinstance(about_simpler, Undecided) else Proved(_wrapped(about_simpler.proof))
        proof = self._emptiness(NO_BOX)
        if proof is not None:
            return Proved(proof)
        if not self._has_integers:
            relaxation = self._relax({})
            if relaxation.status == "optimal":
                return Undecided("no exact proof of infeasibility was found")
            return self._agreed_infeasible({}, relaxation)
        answer = self._integer_answer({}, Fraction(1))
        return Undecided("the set is not empty") if isinstance(answer, Refuted) else answer

    def linear_lower_bound(self, form: Form) -> LinearProof | None:
        """Return the best lower bound on `form` that multipliers near the LP duals prove exactly, or None."""
        result = self._relax(form)
        if result.status != "optimal" or result.row_duals is None:
            return None
        exact = exact_multipliers(self.model, form, result)
        best: LinearProof | None = None
        for multipliers in [*([] if exact is None else [exact]), *rounded_multipliers(result.row_duals.tolist())]:
            bound = linear_bound(self.model, form, multipliers)
            if bound is not None and (best is None or bound > best.bound):
                best = LinearProof(multipliers, bound)
            if best is not None and exact is not None:
                return best
        return best

    def exact_point(self, values: FloatArray, form: Form | None = None) -> list[Fraction] | None:
        """Return an exact point of the set with the integers of `values`, minimising `form` (the model's cost if None).

        None when the solver's point cannot be made exact.
        """
        for point in rounded_points(self.model, values.tolist()):
            if self.model.is_feasible(point) and form is None:
                return point
        fixed: dict[int, tuple[Fraction | None, Fraction | None]] = {}
        for j in np.flatnonzero(self.model.integer).tolist():
            value = Fraction(round(float(values[j])))
            fixed[j] = (value, value)
        aim = self.model.cost_terms if form is None else form
        return self._exact_from(self._relax(aim, fixed), aim, fixed)

    def _exact_from(self, result: SolveResult, form: Form, box: Box) -> list[Fraction] | None:
        vertex = exact_vertex(self.model, result, box)
        if vertex is not None and self.model.is_feasible(vertex):
            return vertex
        if result.point is None:
            return None
        if vertex is not None:
            close = self._solve_relaxed(self._around(result.point, box), form)
            vertex = exact_vertex(self.model, close, box)
            if vertex is not None and self.model.is_feasible(vertex):
                return vertex
        for point in rounded_points(self.model, result.point.tolist()):
            if self.model.is_feasible(point):
                return point
        return None

    def _around(self, values: FloatArray, box: Box) -> Formulation:
        """Return the model seen from close by, where a solver's tolerance does not hide what is broken."""
        return magnified(self.model, [Fraction(value) for value in values.tolist()], MAGNIFICATION, box)

    def _solve_relaxed(self, model: Formulation, form: Form) -> SolveResult:
        problem = NumericProblem.of(model).relaxed().with_cost(dense(form, len(model.variables)))
        return solve(problem, limits=self.budget.limits)

    def _relax(self, form: Form, box: Box = NO_BOX) -> SolveResult:
        problem = self.numeric.relaxed()
        if box:
            lower, upper = problem.lower.copy(), problem.upper.copy()
            for j, (low, high) in box.items():
                lower[j] = -np.inf if low is None else float(low)
                upper[j] = np.inf if high is None else float(high)
            problem = problem.with_bounds(lower, upper)
        return self._ask(problem, form)

    def _linear_proof(self, form: Form, target: Fraction, result: SolveResult, box: Box) -> Proof | None:
        if result.status == "infeasible":
            return self._emptiness(box)
        if result.status != "optimal" or result.row_duals is None or result.objective is None:
            return None
        step = grid(self.model, form)
        slack = AGREEMENT * max(magnitude(form), abs(float(target)))
        if result.objective < float(target) - slack - (0.0 if step is None else float(step)):
            return None
        for multipliers in rounded_multipliers(result.row_duals.tolist()):
            bound = linear_bound(self.model, form, multipliers, box)
            if bound is not None and round_up(bound, step) >= target:
                return LinearProof(multipliers, bound)
        exact = exact_multipliers(self.model, form, result)
        if exact is not None:
            bound = linear_bound(self.model, form, exact, box)
            if bound is not None and round_up(bound, step) >= target:
                return LinearProof(exact, bound)
        return None

    def _agreed_infeasible(self, form: Form, first: SolveResult) -> Proved | Undecided:
        """Without an exact proof, infeasibility of an LP stands when a solver with different code says so too."""
        if first.status == "infeasible":
            if self._has_too_fine_rows:
                return Undecided(
                    "a solver says infeasible; no exact proof was found and the numbers are too fine for it"
                )
            second = self.minimise_again(form, first)
            if second.status == "infeasible":
                return Proved(SolverProof((first.backend, second.backend), None))
        return Undecided("a solver says infeasible; no exact proof was found and no second solver agrees")

    def _enough(self, form: Form, target: Fraction) -> float:
        """Return the value from which on a solver's minimum counts as at least the target.

        On a grid it lies nearer to a point that reaches the target than to one that does not.
        """
        slack = AGREEMENT * max(magnitude(form), abs(float(target)))
        step = grid(self.model, form)
        least = float(target) - slack
        return least if step is None else max(least, float(round_up(target, step) - step / 2))

    def _is_too_fine(self, form: Form, target: Fraction, result: SolveResult) -> bool:
        """Say whether solvers that see no violation may miss one, as far as the sizes of the numbers tell.

        Where the form takes values on a grid, they must tell its points apart around the target.
        """
        if self._has_too_fine_rows:
            return True
        if result.status == "infeasible":
            return False
        sizes = [abs(float(c)) for c in form.values() if c]
        if sizes and min(sizes) < FINEST_COST * max(sizes):
            return True
        step = grid(self.model, form)
        return step is not None and float(step) <= 2 * FINEST * abs(float(target))

    @cached_property
    def _has_too_fine_rows(self) -> bool:
        """Whether solvers see other rows: they drop small coefficients, and doubles hold no more than 16 digits."""
        problem = self.numeric
        sizes, lengths = np.abs(problem.matrix.data), np.diff(problem.matrix.indptr)
        ends = np.abs(np.concatenate((problem.lower, problem.upper, problem.row_lower, problem.row_upper, sizes)))
        if (ends[np.isfinite(ends)] > LARGEST_BELIEVED).any():
            return True
        starts = problem.matrix.indptr[:-1][lengths > 0]
        largest = np.maximum.reduceat(sizes, starts) if len(starts) else sizes
        return bool((sizes < FINEST * np.maximum(1.0, np.repeat(largest, lengths[lengths > 0]))).any())

    def _emptiness(self, box: Box) -> EmptyProof | None:
        for j, (low, high) in box.items():
            if low is not None and high is not None and low > high:
                return EmptyProof({}, ("variable", j))
        relaxed, form = elastic(self.model, box)
        result = self._solve_relaxed(relaxed, form)
        if result.point is not None and result.objective is not None and result.objective < SMALLEST_CLEAR_GAP:
            relaxed, form = elastic(self._around(result.point[: len(self.model.variables)], box), NO_BOX)
            result = self._solve_relaxed(relaxed, form)
        if result.status != "optimal" or result.row_duals is None or result.objective is None:
            return None
        if result.objective <= 1e-9:
            return None
        candidates = list(rounded_multipliers(result.row_duals.tolist()))
        exact = exact_multipliers(relaxed, form, result)
        for multipliers in [*candidates, *([] if exact is None else [exact])]:
            bound = linear_bound(self.model, {}, multipliers, box)
            if bound is not None and bound > 0:
                return EmptyProof(multipliers)
        return None

    def _proof_nearby(self, form: Form, target: Fraction) -> Proof | None:
        rows = sorted({int(i) for j in form for i in self.model.rows_of(j)})
        if not rows or len(rows) > len(self.model.rows) // 2:
            return None
        local, columns = submodel(self.model, rows, form)
        position = {j: k for k, j in enumerate(columns)}
        prover = Prover(local, self.budget)
        local_form = {position[j]: c for j, c in form.items()}
        proof = prover._linear_proof(local_form, target, prover._relax(local_form), NO_BOX)
        if isinstance(proof, LinearProof):
            return LinearProof({rows[i]: value for i, value in proof.multipliers.items()}, proof.bound)
        if isinstance(proof, EmptyProof) and proof.crossed is None:
            return EmptyProof({rows[i]: value for i, value in proof.multipliers.items()})
        return None

    def _point_below(self, form: Form, target: Fraction, relaxation: SolveResult) -> list[Fraction] | None:
        """Return an exact point below the target that the relaxation alone gives, or None."""
        if relaxation.status == "optimal" and relaxation.point is not None:
            if self._has_integers:
                fractional = self._fractional(relaxation.point)
                if fractional is not None:
                    return None
                point = self.exact_point(relaxation.point, form)
            else:
                point = self._exact_from(relaxation, form, NO_BOX)
            return point if point is not None and evaluate(form, point) < target else None
        if relaxation.status == "unbounded":
            prover = Prover(with_row(self.model, form, lower=target - max(Fraction(1), abs(target))), self.budget)
            result = prover.minimise(form)
            if result.point is None:
                return None
            point = prover.exact_point(result.point, form)
            return point if point is not None and evaluate(form, point) < target else None
        return None

    def _fractional(self, values: FloatArray, tolerance: float = INTEGRALITY_TOLERANCE) -> int | None:
        """Return the integer variable whose value is farthest from an integer, or None when all are near one."""
        distance = np.where(self.model.integer, np.abs(values - np.round(values)), 0.0)
        worst = int(np.argmax(distance))
        return worst if distance[worst] > tolerance else None

    def _within(self, values: FloatArray, box: Box) -> FloatArray:
        """Return the values moved onto the box where a solver's tolerance let them leave it, so that branching ends."""
        moved = np.clip(values, self.numeric.lower, self.numeric.upper)
        for j, (low, high) in box.items():
            moved[j] = np.clip(
                moved[j], -np.inf if low is None else float(low), np.inf if high is None else float(high)
            )
        return moved

    def _open_integer(self, box: Box) -> int | None:
        """Return an integer variable whose bounds within the box differ, or None when the box fixes all of them."""
        for j in np.flatnonzero(self.model.integer).tolist():
            low, high = bounds_of(self.model, j, box)
            if low is None or high is None or low < high:
                return int(j)
        return None

    def minimise(self, form: Form) -> SolveResult:
        """Return what a solver says about minimising `form` over the set: a hint, not a proof."""
        return self._ask(self.numeric, form)

    def minimise_again(self, form: Form, first: SolveResult) -> SolveResult:
        """Return what a solver of another family than that of `first` says about minimising `form`."""
        return self._ask(self.numeric, form, first)

    def _ask(self, problem: NumericProblem, form: Form, first: SolveResult | None = None) -> SolveResult:
        """Minimise the form at unit size, since solvers stop at absolute gaps, and report the answer at its own."""
        size = magnitude(form)
        scaled = problem.with_cost(dense(form, len(self.model.variables)) / size)
        limits = self.budget.limits
        result = solve(scaled, limits=limits) if first is None else second_opinion(scaled, first, limits)
        return result if size == 1.0 else _resized(result, size)

    def _integer_answer(self, form: Form, target: Fraction, known: SolveResult | None = None) -> Answer:
        result = self.minimise(form) if known is None else known
        enough = self._enough(form, target)
        if result.status == "unbounded":
            point = self._point_below(form, target, result)
            if point is not None:
                return Refuted(point, evaluate(form, point))
        if result.point is not None and result.objective is not None and result.objective < float(target):
            point = self.exact_point(result.point, form)
            if point is not None and evaluate(form, point) < target:
                return Refuted(point, evaluate(form, point))
        tree = self._branch(form, target, NO_BOX, [self.budget.tree_nodes])
        if isinstance(tree, Refuted):
            return tree
        if tree is not None:
            return Proved(tree)
        if result.status == "infeasible" or (
            result.status == "optimal" and result.objective is not None and result.objective >= enough
        ):
            point = None if result.point is None else self.exact_point(result.point, form)
            if point is not None and evaluate(form, point) < target:
                return Refuted(point, evaluate(form, point))
            if self._is_too_fine(form, target, result):
                return Undecided("no exact proof was found, and the numbers are too fine for solvers to be believed")
            second = self.minimise_again(form, result)
            agrees = second.status == result.status and (
                result.status == "infeasible" or (second.objective is not None and second.objective >= enough)
            )
            if agrees:
                bound = None if result.status == "infeasible" else result.objective
                return Proved(SolverProof((result.backend, second.backend), bound))
            return Undecided(f"{result.backend} and {second.backend} do not agree ({result.status}, {second.status})")
        if result.status == "limit":
            return Undecided("a solver's work limit was reached")
        return Undecided(f"the MILP solver answered {result.status!r} and no exact point came of it")

    def _branch(self, form: Form, target: Fraction, box: Box, nodes: list[int]) -> Proof | Refuted | None:
        """Return an exact branch tree that shows form ≥ target within `box`, an exact point below the target, or None.

        `nodes` counts down.
        """
        if nodes[0] <= 0 or self.budget.expired:
            return None
        nodes[0] -= 1
        result = self._relax(form, box)
        proof = self._linear_proof(form, target, result, box)
        if proof is not None:
            return proof
        if result.status != "optimal" or result.point is None:
            return None
        values = self._within(result.point, box)
        variable = self._fractional(values, SMALLEST_FRACTION)
        if variable is None:
            point = self._exact_from(result, form, box)
            if point is not None and evaluate(form, point) < target:
                return Refuted(point, evaluate(form, point))
            proof = self._emptiness(box)
            variable = self._open_integer(box)
            if proof is not None or variable is None:
                return proof
            nodes[0] -= BLIND_SPLIT
        low, high = box.get(variable) or (self.model.lower.finite(variable), self.model.upper.finite(variable))
        value = int(np.floor(values[variable]))
        if high is not None and value >= high:
            value = math.ceil(high) - 1
        below = self._branch(form, target, {**box, variable: (low, Fraction(value))}, nodes)
        if below is None or isinstance(below, Refuted):
            return below
        above = self._branch(form, target, {**box, variable: (Fraction(value + 1), high)}, nodes)
        if above is None or isinstance(above, Refuted):
            return above
        return BranchProof(variable, value, below, above)


def magnitude(form: Form) -> float:
    """Return the power of two nearest to the largest coefficient of the form where that is below 1, else 1."""
    largest = max((abs(float(c)) for c in form.values()), default=0.0)
    return 1.0 if largest == 0.0 else min(1.0, 2.0 ** round(math.log2(largest)))


def _resized(result: SolveResult, size: float) -> SolveResult:
    return replace(
        result,
        objective=None if result.objective is None else result.objective * size,
        bound=None if result.bound is None else result.bound * size,
        row_duals=None if result.row_duals is None else result.row_duals * size,
        reduced_costs=None if result.reduced_costs is None else result.reduced_costs * size,
    )


def _wrapped(proof: Proof | SolverProof) -> Proof | SolverProof:
    return proof if isinstance(proof, SolverProof | SimplifiedProof) else SimplifiedProof(proof)


def _about_simplified(answer: Answer, constant: Fraction) -> Answer:
    """Return an answer about the simplified model, with fixed variables left out, as one about the model itself."""
    if isinstance(answer, Proved):
        return Proved(_wrapped(answer.proof))
    return Refuted(answer.point, answer.value + constant) if isinstance(answer, Refuted) else answer


def dense(form: Form, length: int) -> FloatArray:
    """Return the form as a float array (length,)."""
    cost = np.zeros(length)
    for j, c in form.items():
        cost[j] = float(c)
    return cost


def check(model: Formulation, form: Form, target: Fraction, answer: Answer) -> bool:
    """Re-check an exact answer against the raw model; solver-level and undecided answers give False."""
    if isinstance(answer, Refuted):
        return model.is_feasible(answer.point) and evaluate(form, answer.point) == answer.value < target
    if isinstance(answer, Proved) and not isinstance(answer.proof, SolverProof):
        return holds(model, form, target, answer.proof)
    return False
