"""Decide whether a mapping carries one feasible set into another: the engine behind sound and behind liftings."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from tools.claims.objective_relation import ObjectiveRelation
from tools.claims.outcome import Obligation, ObligationKind
from tools.claims.renaming import Settled, settle_renamed
from tools.claims.rounding import is_significant
from tools.exact.proofs import Form
from tools.exact.prover import Answer, Proved, Prover, Refuted, Undecided
from tools.formulation.derive import with_rows, with_variables
from tools.formulation.model import Formulation, Kind
from tools.mapping.forms import IndexMapping

Pool = Sequence[Sequence[Fraction]]


@dataclass(frozen=True)
class Requirement:
    """form·x + constant ≥ 0 must hold on the source (the image of one row side, bound or the objective)."""

    kind: ObligationKind
    index: int
    form: Form
    constant: Fraction


@dataclass(frozen=True)
class Breach:
    """An exact source point whose image breaks a requirement of the target by `amount` > 0."""

    kind: ObligationKind
    index: int
    point: Sequence[Fraction]
    amount: Fraction


@dataclass(frozen=True)
class Inclusion:
    """What was found: everything in `obligations` is proved; `breach` refutes; `open_reasons` are left undecided."""

    obligations: tuple[Obligation, ...]
    breach: Breach | None
    open_reasons: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every obligation was proved."""
        return self.breach is None and not self.open_reasons


def requirements(target: Formulation, mapping: IndexMapping, settled: Settled) -> Iterator[Requirement]:
    """Yield what rows and bounds of `target` require of the image of `mapping`, one inequality each.

    What `settled` covers is left out.
    """
    for i in np.flatnonzero(~(settled.row_lower & settled.row_upper)).tolist():
        low = None if settled.row_lower[i] else target.row_lower.finite(i)
        high = None if settled.row_upper[i] else target.row_upper.finite(i)
        if low is None and high is None:
            continue
        form, constant = mapping.pull_back(target.row_terms(i))
        if low is not None:
            yield Requirement("row lower", i, form, constant - low)
        if high is not None:
            yield Requirement("row upper", i, {k: -a for k, a in form.items()}, high - constant)
    for j in np.flatnonzero(~(settled.lower & settled.upper)).tolist():
        low = None if settled.lower[j] else target.lower.finite(j)
        high = None if settled.upper[j] else target.upper.finite(j)
        if low is not None:
            yield Requirement("lower bound", j, mapping.terms[j], mapping.constants[j] - low)
        if high is not None:
            yield Requirement(
                "upper bound", j, {k: -a for k, a in mapping.terms[j].items()}, high - mapping.constants[j]
            )


def objective_requirement(
    target: Formulation, source: Formulation, mapping: IndexMapping, relation: ObjectiveRelation
) -> Requirement:
    """Return σ(c_source(x)) − c_target(mapping(x)) ≥ 0 as a requirement on the source."""
    image, constant = mapping.pull_back(target.cost_terms)
    form = {k: -a for k, a in image.items()}
    for k, a in source.cost_terms.items():
        scaled = a if relation.scale == 1 else relation.scale * a
        form[k] = form[k] + scaled if k in form else scaled
    form = {k: a for k, a in form.items() if a}
    return Requirement("objective", 0, form, relation(source.cost_constant) - constant - target.cost_constant)


def include(
    target: Formulation,
    mapping: IndexMapping,
    prover: Prover,
    relation: ObjectiveRelation | None,
    *,
    pool: Pool = (),
    extra: Sequence[Requirement] = (),
) -> Inclusion:
    """Decide mapping(F(source)) ⊆ F(target) and, with `relation`, c_target(mapping(x)) ≤ σ(c_source(x)).

    The source is `prover.model`. `pool` holds exact points of the source, tried before any solver. Requirements that a
    row, a bound or activity proves are settled first, so that a refutation is found before costly proofs are tried.
    """
    source = prover.model
    settled = settle_renamed(target, source, mapping)
    obligations: list[Obligation] = settled.obligations
    pending: list[Requirement] = []
    wanted = list(extra)
    if relation is not None:
        wanted.append(objective_requirement(target, source, mapping, relation))
    for requirement in itertools.chain(requirements(target, mapping, settled), wanted):
        proof = prover.quickly_at_least(requirement.form, -requirement.constant)
        if proof is None:
            pending.append(requirement)
        else:
            obligations.append(Obligation(requirement.kind, requirement.index, proof))
    fractional: list[int] = []
    for j in np.flatnonzero(target.integer & ~settled.integrality).tolist():
        if _integral_by_coefficients(source, mapping.constants[j], mapping.terms[j]):
            obligations.append(Obligation("integrality", j, None))
        else:
            fractional.append(j)

    breach = _breach_in_pool(pending, fractional, mapping, pool, target, source)
    if breach is not None:
        return Inclusion(tuple(obligations), breach, ())
    reasons: list[str] = []
    for requirement in pending:
        answer = prover.at_least(requirement.form, -requirement.constant)
        breach = _settle(requirement, answer, obligations, reasons, mapping, target, source)
        if breach is not None:
            return Inclusion(tuple(obligations), breach, tuple(reasons))
        if len(reasons) >= prover.budget.patience or prover.budget.expired:
            reasons.append(f"{len(pending)} statements needed a solver; the search stopped early")
            break
    for j in fractional:
        breach = _settle_integrality(j, mapping, prover, obligations, reasons, target)
        if breach is not None:
            return Inclusion(tuple(obligations), breach, tuple(reasons))
        if len(reasons) >= prover.budget.patience or prover.budget.expired:
            reasons.append(f"{len(fractional)} integrality statements were open; the search stopped early")
            break
    return Inclusion(tuple(obligations), None, tuple(dict.fromkeys(reasons)))


def describe(kind: ObligationKind, index: int, model: Formulation) -> str:
    """Return "row cap", "bound x ≥ 0" … for messages."""
    if kind in ("row lower", "row upper"):
        return f"row {model.rows[index]}"
    if kind == "lower bound":
        return f"bound {model.variables[index]} ≥ {model.lower[index]}"
    if kind == "upper bound":
        return f"bound {model.variables[index]} ≤ {model.upper[index]}"
    if kind == "integrality":
        return f"integrality of {model.variables[index]}"
    return "objective"


def _scale(form: Form, constant: Fraction, point: Sequence[Fraction]) -> Fraction:
    return abs(constant) + sum((abs(a * point[k]) for k, a in form.items()), Fraction(0))


def _settle(
    requirement: Requirement,
    answer: Answer,
    obligations: list[Obligation],
    reasons: list[str],
    mapping: IndexMapping,
    target: Formulation,
    source: Formulation,
) -> Breach | None:
    """Record a proof or a reason; return the breach when the answer refutes beyond rounding."""
    subject = describe(requirement.kind, requirement.index, target)
    if isinstance(answer, Proved):
        obligations.append(Obligation(requirement.kind, requirement.index, answer.proof))
    elif isinstance(answer, Undecided):
        reasons.append(f"{subject}: {answer.reason}")
    else:
        amount = -(answer.value + requirement.constant)
        scale = _scale(requirement.form, requirement.constant, answer.point)
        if is_significant(amount, scale, mapping, target, source):
            return Breach(requirement.kind, requirement.index, answer.point, amount)
        reasons.append(f"{subject}: rounding: broken by only {float(amount):.1e}, and the data look rounded")
    return None


def _breach_in_pool(
    pending: Sequence[Requirement],
    fractional: Sequence[int],
    mapping: IndexMapping,
    pool: Pool,
    target: Formulation,
    source: Formulation,
) -> Breach | None:
    for point in pool:
        for requirement in pending:
            value = requirement.constant + sum((a * point[k] for k, a in requirement.form.items()), Fraction(0))
            if value >= 0:
                continue
            scale = _scale(requirement.form, requirement.constant, point)
            if is_significant(-value, scale, mapping, target, source) and source.is_feasible(point):
                return Breach(requirement.kind, requirement.index, point, -value)
        for j in fractional:
            breach = _fraction_breach(j, mapping, point, target, source)
            if breach is not None and source.is_feasible(point):
                return breach
    return None


def _fraction_breach(
    j: int, mapping: IndexMapping, point: Sequence[Fraction], target: Formulation, source: Formulation
) -> Breach | None:
    value = mapping.constants[j] + sum((a * point[k] for k, a in mapping.terms[j].items()), Fraction(0))
    distance = min(value - math.floor(value), math.ceil(value) - value)
    if distance and is_significant(distance, max(Fraction(1), abs(value)), mapping, target, source):
        return Breach("integrality", j, point, distance)
    return None


def _integral_by_coefficients(source: Formulation, constant: Fraction, terms: Mapping[int, Fraction]) -> bool:
    return constant.denominator == 1 and all(a.denominator == 1 and source.integer[k] for k, a in terms.items())


def integral_by_equalities(
    source: Formulation, constant: Fraction, terms: Mapping[int, Fraction]
) -> dict[int, Fraction] | None:
    """Return multipliers of equality rows: without them the expression has integer coefficients on integer variables.

    Each step substitutes one offending variable by an equality row that contains it; at most 20 steps.
    """
    rest, rows = dict(terms), dict[int, Fraction]()
    for _ in range(20):
        offending = [k for k, a in rest.items() if a.denominator != 1 or not source.integer[k]]
        if not offending:
            return rows if constant.denominator == 1 else None
        k = offending[0]
        for i in source.rows_of(k).tolist():
            low = source.row_lower.finite(i)
            if i in rows or low is None or low != source.row_upper.finite(i):
                continue
            row = source.row_terms(i)
            factor = rest[k] / row[k]
            trial = dict(rest)
            for other, a in row.items():
                trial[other] = trial.get(other, Fraction(0)) - factor * a
            trial = {other: a for other, a in trial.items() if a}
            if sum(1 for o, a in trial.items() if a.denominator != 1 or not source.integer[o]) < len(offending):
                rest, constant = trial, constant + factor * low
                rows[i] = factor
                break
        else:
            return None
    return None


def _settle_integrality(
    j: int,
    mapping: IndexMapping,
    prover: Prover,
    obligations: list[Obligation],
    reasons: list[str],
    target: Formulation,
) -> Breach | None:
    """Decide that mapping_j is an integer on the whole source.

    Write it k + θ with k integer: θ in [0, ½] and θ in [−½, 0] cover every value, and θ must be 0 in both.
    """
    source = prover.model
    rows = integral_by_equalities(source, mapping.constants[j], mapping.terms[j])
    if rows is not None:
        note = "modulo the equalities " + ", ".join(source.rows[i] for i in rows)
        obligations.append(Obligation("integrality", j, None, note))
        return None
    half = Fraction(1, 2)
    n = len(source.variables)
    terms = dict(mapping.terms[j])
    for sign, low, high in ((1, Fraction(0), half), (-1, -half, Fraction(0))):
        extended = with_rows(
            with_variables(
                source, [("whole part", None, None, Kind.INTEGER), ("fraction", low, high, Kind.CONTINUOUS)]
            ),
            [("split", {**terms, n: Fraction(-1), n + 1: Fraction(-1)}, -mapping.constants[j], -mapping.constants[j])],
        )
        answer = Prover(extended, prover.budget).at_least({n + 1: Fraction(-sign)}, Fraction(0))
        if isinstance(answer, Refuted):
            point = list(answer.point[:n])
            breach = _fraction_breach(j, mapping, point, target, source)
            if breach is not None:
                return breach
            reasons.append(f"integrality of {target.variables[j]}: rounding: the data look rounded")
            return None
        if isinstance(answer, Undecided):
            reasons.append(f"integrality of {target.variables[j]}: {answer.reason}")
            return None
        note = f"the fraction of its value in [{low}, {high}] is 0, on the source with whole part and fraction split"
        obligations.append(Obligation("integrality", j, answer.proof, note))
    return None
