"""What is known of one model by itself: its status, and bounds on its optimal value with their proofs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from tools.claims.rounding import has_rounded_data, loosened
from tools.exact.proofs import Proof, SolverProof, grid
from tools.exact.prover import AGREEMENT, Proved, Prover, Refuted, evaluate, magnitude
from tools.formulation.model import Formulation
from tools.formulation.numbers import ExactVector
from tools.report import Strength

Status = Literal["optimal", "infeasible", "unbounded", "unknown"]

BETTER_POINTS = 4
"""How often a better point than the solver's "optimal" one may turn up before its bound is given up."""


@dataclass(frozen=True)
class Facts:
    """Status and optimal value (as minimisation, constant included) of one model.

    `point` is an exact feasible point of cost `upper`; `lower` a proved bound (`lower_proof`; a `SolverProof` makes it
    hold only as far as solvers are trusted, and the optimal value may lie up to `gap` below it); `infeasible_proof` and
    `ray` support the other statuses. `strength` is that of the status; `value` the optimal value in the model's own
    sense, for people.
    """

    status: Status
    strength: Strength
    detail: str
    point: Sequence[Fraction] | None = None
    upper: Fraction | None = None
    lower: Fraction | None = None
    lower_proof: Proof | SolverProof | None = None
    infeasible_proof: Proof | SolverProof | None = None
    ray: Sequence[Fraction] | None = None
    value: float | None = None
    gap: Fraction = Fraction(0)

    @property
    def lower_exact(self) -> bool:
        """Whether `lower` has an exact proof."""
        return self.lower is not None and not isinstance(self.lower_proof, SolverProof)

    @property
    def solved(self) -> bool:
        """Whether the bounds meet: the optimal value is `upper`, at least as far as solvers are trusted."""
        return self.upper is not None and self.upper == self.lower


def find_facts(prover: Prover) -> Facts:
    """Return what can be shown about `prover.model` within its budget."""
    model = prover.model
    if prover.trivially_empty is not None:
        return _infeasible(prover)
    result = prover.minimise(model.cost_terms)
    if result.status == "infeasible":
        return _infeasible(prover)
    if result.status == "unbounded":
        return _unbounded(prover)
    if result.point is None:
        return Facts("unknown", "solver", f"the solver ended with {result.status!r}: {result.message}")
    point: Sequence[Fraction] | None = prover.exact_point(result.point, model.cost_terms)
    if point is None and isinstance(prover.empty(), Proved):
        return _infeasible(prover)
    if point is None:
        return Facts("unknown", "solver", "the solver's solution could not be made exact")
    for _ in range(BETTER_POINTS):
        upper = model.cost_value(point)
        answer = prover.at_least(model.cost_terms, upper - model.cost_constant, known=result)
        if not isinstance(answer, Refuted):
            break
        point, upper = answer.point, model.cost_constant + answer.value
    value = float(upper if model.sense == "minimize" else -upper)
    if isinstance(answer, Proved):
        strength: Strength = "exact"
        if isinstance(answer.proof, SolverProof) and not _relaxation_is_bounded(prover):
            strength = "solver"
        how = "proved" if not isinstance(answer.proof, SolverProof) else "two solvers agree"
        gap = _gap(model, upper) if isinstance(answer.proof, SolverProof) else Fraction(0)
        detail = f"optimal value {value:g} ({how})"
        return Facts("optimal", strength, detail, point, upper, upper, answer.proof, value=value, gap=gap)
    if _relaxation_is_bounded(prover):
        detail = f"a feasible point and a bound exist; the optimal value is not settled ({_reason(answer)})"
        return Facts("optimal", "exact", detail, point, upper, None, value=None)
    return Facts("unknown", "solver", f"feasible; {_reason(answer)}", point, upper)


def _gap(model: Formulation, upper: Fraction) -> Fraction:
    """Return how far below `upper` solvers may miss a value: nothing where costs lie on a coarser grid."""
    slack = Fraction(AGREEMENT * max(magnitude(model.cost_terms), abs(float(upper - model.cost_constant))))
    step = grid(model, model.cost_terms)
    return slack if step is None or step <= slack else Fraction(0)


def _reason(answer: object) -> str:
    return str(getattr(answer, "reason", "a better point exists than the solver returned"))


def _relaxation_is_bounded(prover: Prover) -> bool:
    """Say whether some finite lower bound of the cost has an exact linear proof."""
    return prover.linear_lower_bound(prover.model.cost_terms) is not None


def _infeasible(prover: Prover) -> Facts:
    answer = prover.empty()
    if isinstance(answer, Proved):
        if has_rounded_data(prover.model) and not isinstance(
            Prover(loosened(prover.model), prover.budget).empty(), Proved
        ):
            return Facts("unknown", "solver", "rounding: infeasible by a margin too small for data that look rounded")
        strength: Strength = "solver" if isinstance(answer.proof, SolverProof) else "exact"
        how = "two solvers agree" if strength == "solver" else "proved"
        return Facts("infeasible", strength, f"infeasible ({how})", infeasible_proof=answer.proof)
    return Facts("unknown", "solver", f"a solver says infeasible; {answer.reason}")


def _unbounded(prover: Prover) -> Facts:
    """Prove unboundedness: an exact feasible point, and a rational ray of the recession cone that improves."""
    result = prover.minimise({})
    if result.status == "infeasible":
        return _infeasible(prover)
    point = None if result.point is None else prover.exact_point(result.point)
    if point is None:
        return Facts("unknown", "solver", "a solver says unbounded, but no exact feasible point was found")
    ray = improving_ray(prover)
    if ray is None:
        return Facts("unknown", "solver", "a solver says unbounded, but no exact improving ray was found")
    return Facts("unbounded", "exact", "a feasible point and an improving ray", point=point, ray=ray)


def improving_ray(prover: Prover) -> list[Fraction] | None:
    """Return an exact rational ray r of the LP relaxation's recession cone with c·r < 0, or None.

    With rational data some multiple of r is integral, so that a feasible point plus it stays feasible.
    """
    cone = recession(prover.model)
    cone_prover = Prover(cone, prover.budget)
    result = cone_prover.minimise(cone.cost_terms)
    if result.point is None or result.objective is None or result.objective >= -1e-9:
        return None
    ray = cone_prover.exact_point(result.point, cone.cost_terms)
    return ray if ray is not None and evaluate(cone.cost_terms, ray) < 0 else None


def recession(model: Formulation) -> Formulation:
    """Return the recession cone of the LP relaxation, cut to the box [-1, 1], with the model's minimisation cost."""
    n = len(model.variables)
    cone_rows = [
        ExactVector.of(0 if vector.finite(i) is not None else vector.floats[i].item() for i in range(len(vector)))
        for vector in (model.row_lower, model.row_upper)
    ]
    low = ExactVector.of(0 if model.lower.finite(j) is not None else -1 for j in range(n))
    high = ExactVector.of(0 if model.upper.finite(j) is not None else 1 for j in range(n))
    return Formulation.build(
        variables=model.variables,
        lower=low,
        upper=high,
        kinds=[0] * n,
        objective=model.cost,
        rows=model.rows,
        row_lower=cone_rows[0],
        row_upper=cone_rows[1],
        indptr=model.indptr,
        columns=model.columns,
        coefficients=model.coefficients,
    )
