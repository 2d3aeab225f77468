"""An independent look at a "not equivalent": does the counterexample of a report break what it is said to break?

Uses the two models and the report's JSON only, with plain fractions and SCIP.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from benchmarks.confirm import Confirmation
from benchmarks.plain_model import PlainModel, Row
from benchmarks.scip import FeasibleSet
from tools.formulation.model import Formulation
from tools.mapping.total import TotalMapping

TOLERANCE = 1e-6


def confirm_witness(
    reference: Formulation, candidate: Formulation, report: Mapping[str, Any], seconds: float
) -> Confirmation:
    """Return whether the report's counterexample, or the statuses it speaks of, show that the pair is not equivalent.

    "confirmed": the point is feasible where it should be and what is said of it holds; "refuted": it does not;
    "unsure": SCIP does not settle it, or the report shows no point.
    """
    witness = report["counterexample"]
    states = [FeasibleSet(model, seconds).largest(_negative(model.cost_terms)) for model in (reference, candidate)]
    if report["claims"]["status"]["result"] == "refuted":
        found = [state.answer for state in states]
        if "limit" in found:
            return Confirmation("unsure", "SCIP ran out of time", solver=2)
        differ = found[0] != found[1]
        return Confirmation("confirmed" if differ else "refuted", f"SCIP calls the models {found}", solver=2)
    if witness is None:
        if report["claims"]["value"]["result"] == "refuted" or "objective" in report["reason"]:
            return _values(reference, candidate, report, states[0].value, states[1].value)
        return Confirmation("unsure", "the report has no counterexample")
    ours = witness["point_of"] == "candidate"
    owner = candidate if ours else reference
    point = [Fraction(witness["point"].get(name, "0")) for name in owner.variables]
    broken = owner.violations(point, limit=1)
    if broken:
        return Confirmation("refuted", f"the point is not a solution of the {witness['point_of']}: {broken[0]}")
    mapping = report["mapping"]
    if mapping is None:
        return Confirmation("unsure", "the report has no mapping")
    relation = mapping["objective"]
    if not ours:
        return _unreached(candidate, reference, mapping, point, relation, seconds)
    entries = {name: {"function": "affine", "arguments": value} for name, value in mapping["recovery"].items()}
    image = TotalMapping.from_json(entries).apply(dict(zip(candidate.variables, point, strict=True)))
    mapped = [image[name] for name in reference.variables]
    if reference.violations(mapped, limit=1):
        wrong = True
    elif witness["claim"] == "sound" and relation is not None:
        limit = Fraction(relation["scale"]) * candidate.cost_value(point) + Fraction(relation["offset"])
        wrong = reference.cost_value(mapped) > limit
    else:
        best = states[0].value
        worst = -TOLERANCE if best is None else -best + TOLERANCE * max(1.0, abs(best))
        wrong = float(reference.cost_value(mapped) - reference.cost_constant) > worst
    if not wrong:
        return Confirmation("refuted", "the image of the point is as it should be", exact=1)
    if witness["claim"] in ("optima", "optimum"):
        best = states[1].value
        if best is None:
            return Confirmation("unsure", f"SCIP calls the candidate {states[1].answer}", solver=1)
        excess = float(candidate.cost_value(point) - candidate.cost_constant) + best
        if excess > TOLERANCE * max(1.0, abs(best)):
            return Confirmation("refuted", f"the point is worse than an optimal one by {excess:g}", solver=1)
    return Confirmation("confirmed", "the point is a solution and its image is none", exact=1)


def _values(
    reference: Formulation, candidate: Formulation, report: Mapping[str, Any], ours: float | None, theirs: float | None
) -> Confirmation:
    relation = None if report["mapping"] is None else report["mapping"]["objective"]
    if ours is None or theirs is None or relation is None:
        return Confirmation("unsure", "values cannot be compared")
    best = -ours + float(reference.cost_constant)
    image = float(Fraction(relation["scale"])) * (-theirs + float(candidate.cost_constant))
    difference = abs(best - image - float(Fraction(relation["offset"])))
    differ = difference > TOLERANCE * max(1.0, abs(best))
    return Confirmation("confirmed" if differ else "refuted", f"the values differ by {difference:g}", solver=2)


def _unreached(
    candidate: Formulation,
    reference: Formulation,
    mapping: Mapping[str, Any],
    point: list[Fraction],
    relation: Mapping[str, str] | None,
    seconds: float,
) -> Confirmation:
    """Say whether no candidate solution maps to `point` at a value that carries over."""
    plain = PlainModel.of(candidate)
    index = candidate.variable_index
    for i, name in enumerate(reference.variables):
        expression = mapping["recovery"].get(name)
        if expression is not None:
            terms = {index[v]: Fraction(a) for v, a in expression["terms"].items()}
            side = point[i] - Fraction(expression["constant"])
            plain.rows.append(Row(f"pin {i} of the witness", terms, side, side))
    if relation is not None:
        # scale·c_C(x) + offset ≤ c_R(point)
        limit = (reference.cost_value(point) - Fraction(relation["offset"])) / Fraction(relation["scale"])
        plain.rows.append(Row("cost of the witness", dict(candidate.cost_terms), None, limit - candidate.cost_constant))
    if any(not row.terms and not _holds(row) for row in plain.rows):
        return Confirmation("confirmed", "nothing maps to the point", exact=1)
    answer = FeasibleSet(plain.formulation(), seconds).largest({}).answer
    if answer == "infeasible":
        return Confirmation("confirmed", "SCIP finds no candidate solution that maps to the point", solver=1)
    if answer == "limit":
        return Confirmation("unsure", "SCIP ran out of time", solver=1)
    return Confirmation("refuted", "a candidate solution maps to the point", solver=1)


def _holds(row: Row) -> bool:
    return (row.lower is None or row.lower <= 0) and (row.upper is None or row.upper >= 0)


def _negative(form: Mapping[int, Fraction]) -> dict[int, Fraction]:
    return {k: -a for k, a in form.items()}
