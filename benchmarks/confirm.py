"""An independent look at an "equivalent": are the recovery, the lifting and the objective relation really what is said?

Uses the two models and the report's JSON only, with plain fractions and SCIP; nothing of quasikarp that decides claims.
A requirement of one model, written in the variables of the other, is confirmed exactly where it is parallel to a row or
bound there, and at SCIP's tolerance where SCIP finds no point that breaks it. Where functions other than affine ones
take part, or no lifting is given, points are mapped or looked for instead: the outcome is then "sampled" at best.

    python -m benchmarks.confirm REFERENCE CANDIDATE REPORT.json
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from benchmarks.confirm_points import Relation, sample, wrong_lifting, wrong_recovery
from benchmarks.plain_model import PlainModel, Row
from benchmarks.scip import FeasibleSet, exact_point
from tools.errors import MappingError
from tools.formulation.model import Formulation
from tools.mapping.total import TotalMapping

Result = Literal["confirmed", "sampled", "refuted", "unsure"]
Form = dict[int, Fraction]

ACCEPTED = 1e-6
"""A relative excess up to this is what SCIP allows itself."""

CLEAR = 1e-4
"""A relative excess from this on refutes even where the point could not be made exact."""

_ZERO = Fraction(0)


@dataclass(frozen=True)
class Confirmation:
    """The outcome: `reason` says what refutes, or what could not be looked at; the rest counts checks.

    "sampled" is "confirmed" but for parts that only looked at `points` many points, none of which went wrong.
    """

    result: Result
    reason: str
    exact: int = 0
    solver: int = 0
    points: int = 0


@dataclass(frozen=True)
class Affine:
    """y_i = constants[i] + Σ terms[i][k]·x_k for every variable i of the model mapped into."""

    constants: Sequence[Fraction]
    terms: Sequence[Mapping[int, Fraction]]

    def pull_back(self, form: Mapping[int, Fraction]) -> tuple[Form, Fraction]:
        """Return form∘self as terms and a constant."""
        constant, result = _ZERO, dict[int, Fraction]()
        for i, weight in form.items():
            constant += weight * self.constants[i]
            for k, a in self.terms[i].items():
                result[k] = result.get(k, _ZERO) + weight * a
        return {k: a for k, a in result.items() if a}, constant


class _UnsureError(Exception):
    """Something that this script cannot follow; the message says what."""


class _RefutedError(Exception):
    """A statement of the report is wrong; the message says which."""


def confirm(reference: Formulation, candidate: Formulation, report: Mapping[str, Any], seconds: float) -> Confirmation:
    """Return whether the mapping of `report` makes `candidate` a reformulation (sound and complete) of `reference`."""
    return _confirmation(_reformulation, reference, candidate, report, seconds)


def confirm_optima(
    reference: Formulation, candidate: Formulation, report: Mapping[str, Any], seconds: float
) -> Confirmation:
    """Return whether both models have the same status and the recovery of `report` carries optima to optima."""
    return _confirmation(_optima, reference, candidate, report, seconds)


def _confirmation(
    look: Callable[[_Checks, Formulation, Formulation, Mapping[str, Any]], None],
    reference: Formulation,
    candidate: Formulation,
    report: Mapping[str, Any],
    seconds: float,
) -> Confirmation:
    checks = _Checks(time.monotonic() + seconds)
    result: Result = "confirmed"
    reason = ""
    try:
        look(checks, reference, candidate, report)
    except _RefutedError as wrong:
        result, reason = "refuted", str(wrong)
    except _UnsureError as doubt:
        result, reason = "unsure", str(doubt)
    if result == "confirmed" and checks.points:
        result, reason = "sampled", f"{checks.points} points were looked at and nothing was wrong"
    return Confirmation(result, reason, checks.exact, checks.solver, checks.points)


def _reformulation(checks: _Checks, reference: Formulation, candidate: Formulation, report: Mapping[str, Any]) -> None:
    mapping = report["mapping"]
    theirs, ours = _Source(checks, candidate), _Source(checks, reference)
    if mapping is None or report.get("candidate", {}).get("status") == "infeasible":
        # of two infeasible models everything is true, whatever the mapping
        if not theirs.set.largest({}).answer == ours.set.largest({}).answer == "infeasible":
            raise _UnsureError("SCIP does not call both models infeasible")
        return
    scale, offset = _relation(mapping)
    total = _total_recovery(mapping)
    recovery = _recovery(mapping, reference, candidate)
    lifting = _lifting(mapping, recovery, reference, candidate)
    relation = Relation(scale, offset)

    # sound: c_R∘f − s·c_C − t ≤ 0 on F(C); complete: s·c_C∘g + t − c_R ≤ 0 on F(R)
    if recovery is None:
        for point in checks.sample(theirs):
            _require_nothing(wrong_recovery(point, total, reference, candidate, relation))
    else:
        pulled, constant = recovery.pull_back(reference.cost_terms)
        excess = _minus(pulled, candidate.cost_terms, scale)
        at_zero = constant + reference.cost_constant - scale * candidate.cost_constant - offset
        theirs.at_most(excess, -at_zero, "the objective of a recovered point")
        theirs.maps_into(reference, recovery, "recovery")
    completed = mapping["completed"]
    if lifting is None and mapping["lifting"] is None:
        for point in checks.sample(ours):
            _require_reached(checks, point, mapping, reference, candidate, relation)
        return
    if recovery is None or lifting is None:
        back = _total_lifting(mapping, lifting, reference, candidate)
        for point in checks.sample(ours):
            _require_nothing(wrong_lifting(point, back, total, reference, candidate, relation, completed))
        return
    for i, name in enumerate(reference.variables):
        if name in completed:
            continue
        form, constant = lifting.pull_back(recovery.terms[i])
        form[i] = form.get(i, _ZERO) - 1
        form = {k: a for k, a in form.items() if a}
        ours.vanishes(form, constant + recovery.constants[i], f"recovery after lifting at {name!r}")
    pulled, constant = lifting.pull_back(candidate.cost_terms)
    excess = _minus({k: scale * a for k, a in pulled.items()}, reference.cost_terms, Fraction(1))
    at_zero = scale * (constant + candidate.cost_constant) + offset - reference.cost_constant
    ours.at_most(excess, -at_zero, "the objective of a lifted point")
    ours.maps_into(candidate, lifting, "lifting")


def _require_nothing(wrong: str | None) -> None:
    if wrong is not None:
        raise _RefutedError(wrong)


def _require_reached(
    checks: _Checks,
    point: Sequence[Fraction],
    mapping: Mapping[str, Any],
    reference: Formulation,
    candidate: Formulation,
    relation: Relation,
) -> None:
    """Raise unless SCIP finds a candidate solution that is mapped to `point` and costs no more."""
    plain = PlainModel.of(candidate)
    plain.rows = [replace(row, name=f"r{k}") for k, row in enumerate(plain.rows)]
    for name, expression in mapping["recovery"].items():
        if name not in mapping["completed"]:
            terms = {candidate.variable_index[k]: Fraction(a) for k, a in expression["terms"].items()}
            value = point[reference.variable_index[name]] - Fraction(expression["constant"])
            plain.rows.append(Row(f"r{len(plain.rows)}", terms, value, value))
    cost = reference.cost_constant + sum((a * point[k] for k, a in reference.cost_terms.items()), _ZERO)
    limit = (cost - relation.offset) / relation.scale - candidate.cost_constant
    plain.rows.append(Row(f"r{len(plain.rows)}", dict(candidate.cost_terms), None, limit))
    checks.solver += 1
    found = FeasibleSet(plain.formulation(), checks.seconds()).largest({})
    if found.answer == "infeasible":
        raise _RefutedError("SCIP finds no candidate solution that is mapped to a certain reference solution")
    if found.point is None:
        raise _UnsureError(f"SCIP does not settle whether a reference solution is reached ({found.answer})")


def _optima(checks: _Checks, reference: Formulation, candidate: Formulation, report: Mapping[str, Any]) -> None:
    theirs, ours = _Source(checks, candidate), _Source(checks, reference)
    answers = [source.set.largest(_negative(source.model.cost_terms)) for source in (ours, theirs)]
    states = [answer.answer for answer in answers]
    if "limit" in states:
        raise _UnsureError("SCIP ran out of time on an optimum")
    if states[0] != states[1]:
        raise _RefutedError(f"SCIP calls the reference {states[0]} and the candidate {states[1]}")
    if states[0] == "infeasible":
        return
    mapping = report["mapping"]
    if mapping is None:
        raise _UnsureError("the report has no mapping")
    recovery = _recovery(mapping, reference, candidate)
    if recovery is None and states[0] == "unbounded":
        raise _UnsureError("functions are not followed on unbounded models")
    if states[0] == "optimal":
        values = [-(answer.value or 0.0) for answer in answers]
        theirs = _optimal_points(theirs, answers[1].point or {}, values[1])
        if recovery is None:
            total = _total_recovery(mapping)
            for point in checks.sample(theirs):
                _require_nothing(wrong_recovery(point, total, reference, candidate, None))
                image = total.apply(dict(zip(candidate.variables, point, strict=True)))
                cost = sum((a * image[reference.variables[k]] for k, a in reference.cost_terms.items()), _ZERO)
                if cost > values[0] + 1e-5 * max(1.0, abs(values[0])):
                    raise _RefutedError(f"a recovered optimum costs {cost}, more than {values[0]:g}")
            return
        pulled, constant = recovery.pull_back(reference.cost_terms)
        limit = Fraction(values[0] + 1e-5 * max(1.0, abs(values[0]))) - constant
        theirs.at_most(pulled, limit, "the objective of a recovered optimum")
    assert recovery is not None
    theirs.maps_into(reference, recovery, "recovery of an optimum")


def _optimal_points(source: _Source, point: Mapping[int, float], value: float) -> _Source:
    """Return the points that are as good as `point`, an optimum of cost `value`.

    SCIP keeps the cut at its tolerance only and so lets points in that are a little worse, and whose images may be off
    by more than that: small excesses are accepted, and only large ones refute.
    """
    model = source.model
    exact = exact_point(model, point)
    size = max(1.0, abs(value))
    if exact is None:
        limit, slack = Fraction(value + 1e-7 * size), 1e-6 * size
    else:
        limit, slack = model.cost_value(exact) - model.cost_constant, 1e-7 * size
    plain = PlainModel.of(model)
    name = "cost cut"
    while name in model.row_index:
        name += "'"
    plain.rows.append(Row(name, dict(model.cost_terms), None, limit))
    accepted = ACCEPTED + slack
    return _Source(source.checks, plain.formulation(), accepted, max(1e-2, 100 * accepted), exact is not None)


def _recovery(mapping: Mapping[str, Any], reference: Formulation, candidate: Formulation) -> Affine | None:
    """Return the recovery with its completed variables where all of it is affine, else None."""
    _require_completable(mapping["completed"], reference)
    by_function = mapping.get("completed_by") or {}
    missing = [name for name in reference.variables if name not in mapping["recovery"] and name not in by_function]
    completed = [name for name in missing if name in mapping["completed"]]
    if completed:
        raise _UnsureError(f"the report does not say how {completed[:3]} are completed")
    if missing:
        raise _RefutedError(f"the recovery has no expression for {missing[:3]}")
    affine = {name: entry["arguments"] for name, entry in by_function.items() if entry["function"] == "affine"}
    if len(affine) < len(by_function) or any("where" in arguments for arguments in affine.values()):
        return None
    return _affine({**mapping["recovery"], **affine}, reference, candidate)


def _require_completable(completed: Sequence[str], model: Formulation) -> None:
    """Raise where a completed variable carries cost, or is continuous and tied to one that might.

    More careful than it need be: every row of a continuous linked variable counts, whatever it limits.
    """
    linked, frontier = set(model.cost_terms), list(model.cost_terms)
    while frontier:
        j = frontier.pop()
        if model.integer[j]:
            continue
        fresh = {k for i in model.rows_of(j).tolist() for k in model.row_terms(i)} - linked
        linked |= fresh
        frontier += fresh
    for name in completed:
        j = model.variable_index[name]
        if model.cost_terms.get(j):
            raise _RefutedError(f"{name!r} has a cost and must not be completed")
        if j in linked and not model.integer[j]:
            raise _UnsureError(f"{name!r} is completed, and may be what carries the objective")


def _lifting(
    mapping: Mapping[str, Any], recovery: Affine | None, reference: Formulation, candidate: Formulation
) -> Affine | None:
    """Return the lifting where it is affine, or the recovery is simply inverted; else None."""
    lifting = mapping["lifting"]
    if lifting is None:
        return None if recovery is None else _inverse(recovery, len(candidate.variables))
    missing = [name for name in candidate.variables if name not in lifting]
    if missing:
        raise _RefutedError(f"the lifting has no expression for {missing[:3]}")
    if any(entry["function"] != "affine" or "where" in entry["arguments"] for entry in lifting.values()):
        return None
    return _affine({name: entry["arguments"] for name, entry in lifting.items()}, candidate, reference)


def _total_recovery(mapping: Mapping[str, Any]) -> TotalMapping:
    entries = {name: {"function": "affine", "arguments": value} for name, value in mapping["recovery"].items()}
    return _read({**entries, **(mapping.get("completed_by") or {})})


def _total_lifting(
    mapping: Mapping[str, Any], inverse: Affine | None, reference: Formulation, candidate: Formulation
) -> TotalMapping:
    if mapping["lifting"] is not None:
        return _read(mapping["lifting"])
    assert inverse is not None
    return _read(
        {
            name: {
                "function": "affine",
                "arguments": {
                    "constant": str(inverse.constants[k]),
                    "terms": {reference.variables[i]: str(a) for i, a in inverse.terms[k].items()},
                },
            }
            for k, name in enumerate(candidate.variables)
        }
    )


def _read(entries: Mapping[str, Any]) -> TotalMapping:
    try:
        return TotalMapping.from_json(dict(entries))
    except MappingError as error:
        raise _UnsureError(str(error)) from None


def _affine(expressions: Mapping[str, Any], target: Formulation, source: Formulation) -> Affine:
    constants, terms = [], []
    for name in target.variables:
        expression = expressions[name]
        constants.append(Fraction(expression["constant"]))
        unknown = [k for k in expression["terms"] if k not in source.variable_index]
        if unknown:
            raise _RefutedError(f"the expression of {name!r} names {unknown[0]!r}, which is no variable there")
        terms.append({source.variable_index[k]: Fraction(a) for k, a in expression["terms"].items()})
    return Affine(constants, terms)


def _inverse(recovery: Affine, size: int) -> Affine | None:
    found: dict[int, tuple[Fraction, Form]] = {}
    for i, terms in enumerate(recovery.terms):
        if len(terms) == 1:
            ((k, a),) = terms.items()
            found.setdefault(k, (-recovery.constants[i] / a, {i: 1 / a}))
    if len(found) < size:
        return None
    return Affine([found[k][0] for k in range(size)], [found[k][1] for k in range(size)])


def _relation(mapping: Mapping[str, Any]) -> tuple[Fraction, Fraction]:
    if mapping["objective"] is None:
        raise _UnsureError("the report has no objective relation")
    scale = Fraction(mapping["objective"]["scale"])
    if scale <= 0:
        raise _RefutedError(f"the objective scale {scale} is not positive")
    return scale, Fraction(mapping["objective"]["offset"])


def _minus(first: Mapping[int, Fraction], second: Mapping[int, Fraction], weight: Fraction) -> Form:
    result = dict(first)
    for k, a in second.items():
        result[k] = result.get(k, _ZERO) - weight * a
    return {k: a for k, a in result.items() if a}


def _negative(form: Mapping[int, Fraction]) -> Form:
    return {k: -a for k, a in form.items()}


@dataclass
class _Checks:
    """The deadline, and how many checks were settled exactly and by SCIP."""

    deadline: float
    exact: int = 0
    solver: int = 0
    points: int = 0

    def seconds(self) -> float:
        """Return what is left for one solve; raises where nothing is."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise _UnsureError(f"out of time after {self.exact} exact checks and {self.solver} solves")
        return min(left, 10.0)

    def sample(self, source: _Source) -> Iterator[list[Fraction]]:
        """Yield exact points of the source until time is out; raises where there is none."""
        before = self.points
        for point in sample(source.set, source.model):
            self.points += 1
            yield point
            if time.monotonic() > self.deadline:
                return
        if self.points == before:
            raise _UnsureError("no point could be made exact")


@dataclass
class _Source:
    """The model whose feasible points are mapped: what it states literally, and its set in SCIP."""

    checks: _Checks
    model: Formulation
    accepted: float = ACCEPTED
    clear: float = CLEAR
    exact_counts: bool = True
    _set: FeasibleSet | None = None
    _stated: dict[tuple[tuple[int, Fraction], ...], tuple[Fraction | None, Fraction | None]] | None = field(
        default=None, repr=False
    )

    @property
    def set(self) -> FeasibleSet:
        """The feasible set in SCIP, loaded at first use."""
        seconds = self.checks.seconds()
        if self._set is None:
            self._set = FeasibleSet(self.model, seconds)
        self.checks.solver += 1
        return self._set

    @property
    def stated(self) -> dict[tuple[tuple[int, Fraction], ...], tuple[Fraction | None, Fraction | None]]:
        """Every row and bound, with leading coefficient 1, and its tightest sides."""
        if self._stated is None:
            self._stated = {}
            for form, low, high in _requirements(self.model):
                key, lead = _normal(form)
                sides = [None if side is None else side / lead for side in (low, high)]
                below, above = sides if lead > 0 else reversed(sides)
                old_below, old_above = self._stated.get(key, (None, None))
                lows = [side for side in (below, old_below) if side is not None]
                highs = [side for side in (above, old_above) if side is not None]
                self._stated[key] = (max(lows, default=None), min(highs, default=None))
        return self._stated

    def at_most(self, form: Form, limit: Fraction, what: str) -> None:
        """Raise unless form ≤ limit holds on the whole set."""
        if not form:
            if limit >= 0:
                self.checks.exact += 1
                return
        else:
            key, lead = _normal(form)
            below, above = self.stated.get(key, (None, None))
            side = above if lead > 0 else below
            if side is not None and side * lead <= limit:
                self.checks.exact += 1
                return
        size = max(1.0, abs(float(limit)))
        extreme = self.set.beyond(form, float(limit))
        if extreme.answer == "infeasible" or extreme.bound <= float(limit) + self.accepted * size:
            return
        self._reject_with(extreme.point, form, limit, what)
        raise _UnsureError(f"SCIP neither proves nor refutes {what} ({extreme.answer})")

    def vanishes(self, form: Form, constant: Fraction, what: str) -> None:
        """Raise unless form + constant = 0 on the whole set."""
        if form or constant:
            self.at_most(form, -constant, what)
            self.at_most(_negative(form), constant, what)
        else:
            self.checks.exact += 1

    def whole(self, form: Mapping[int, Fraction], constant: Fraction, what: str) -> None:
        """Raise unless form + constant is an integer on the whole set."""
        model = self.model
        if constant.denominator == 1 and all(model.integer[k] and a.denominator == 1 for k, a in form.items()):
            self.checks.exact += 1
            return
        extreme = self.set.fractional(form, constant, min(0.25, 10 * self.clear))
        if extreme.answer == "infeasible":
            return
        if extreme.point is not None:
            raise _RefutedError(f"{what} is not an integer at some point")
        raise _UnsureError(f"SCIP does not settle whether {what} is an integer")

    def maps_into(self, target: Formulation, mapping: Affine, label: str) -> None:
        """Raise unless the image of the set under `mapping` lies in the feasible set of `target`."""
        for what, form, low, high in _named_requirements(target):
            pulled, constant = mapping.pull_back(form)
            if high is not None:
                self.at_most(pulled, high - constant, f"{label}: {what}")
            if low is not None:
                self.at_most(_negative(pulled), constant - low, f"{label}: {what}")
        for i, name in enumerate(target.variables):
            if target.integer[i]:
                self.whole(mapping.terms[i], mapping.constants[i], f"{label}: {name!r}")

    def _reject_with(self, point: Mapping[int, float] | None, form: Form, limit: Fraction, what: str) -> None:
        if point is None:
            return
        exact = exact_point(self.model, point) if self.exact_counts else None
        if exact is not None and sum((a * exact[k] for k, a in form.items()), _ZERO) > limit:
            raise _RefutedError(f"{what} fails at an exact point")
        value = math.fsum(float(a) * point[k] for k, a in form.items())
        size = max(1.0, abs(float(limit)), *(abs(float(a) * point[k]) for k, a in form.items()))
        if value - float(limit) >= self.clear * size:
            raise _RefutedError(f"{what} fails by {value - float(limit):g}")


def _requirements(model: Formulation) -> Iterator[tuple[Form, Fraction | None, Fraction | None]]:
    for _, form, low, high in _named_requirements(model):
        if form:
            yield form, low, high


def _named_requirements(model: Formulation) -> Iterator[tuple[str, Form, Fraction | None, Fraction | None]]:
    for i, name in enumerate(model.rows):
        yield f"row {name!r}", model.row_terms(i), model.row_lower.finite(i), model.row_upper.finite(i)
    for j, name in enumerate(model.variables):
        yield f"bound of {name!r}", {j: Fraction(1)}, model.lower.finite(j), model.upper.finite(j)


def _normal(form: Mapping[int, Fraction]) -> tuple[tuple[tuple[int, Fraction], ...], Fraction]:
    """Return the form divided by its leading coefficient, as a key, and that coefficient."""
    lead = form[min(form)]
    return tuple(sorted((k, a / lead) for k, a in form.items())), lead


def main(arguments: Sequence[str]) -> int:
    """Print the confirmation as JSON; return 0 when confirmed, 1 when refuted, 3 when sampled or unsure."""
    from tools.formulation.read import read

    reference, candidate, report = arguments
    document = json.loads(Path(report).read_text())
    check = confirm_optima if document["contract"] == "quasi-karp" else confirm
    confirmation = check(read(reference), read(candidate), document, 120.0)
    print(json.dumps(vars(confirmation)))
    return {"confirmed": 0, "refuted": 1, "sampled": 3, "unsure": 3}[confirmation.result]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
