"""An independent look at an "equivalent": are the recovery, the lifting and the objective relation really what is said?

Uses the two models and the report's JSON only, with plain fractions and SCIP; nothing of quasikarp that decides claims.
A requirement of one model, written in the variables of the other, is confirmed exactly where it is parallel to a row or
bound there, and at SCIP's tolerance where SCIP finds no point that breaks it.

    python -m benchmarks.confirm REFERENCE CANDIDATE REPORT.json
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from benchmarks.scip import FeasibleSet, exact_point
from tools.formulation.model import Formulation

Result = Literal["confirmed", "refuted", "unsure"]
Form = dict[int, Fraction]

ACCEPTED = 1e-6
"""A relative excess up to this is what SCIP allows itself."""

CLEAR = 1e-4
"""A relative excess from this on refutes even where the point could not be made exact."""

_ZERO = Fraction(0)


@dataclass(frozen=True)
class Confirmation:
    """The outcome: `reason` says what refutes, or what could not be looked at; `exact` and `solver` count checks."""

    result: Result
    reason: str
    exact: int = 0
    solver: int = 0


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
    return Confirmation(result, reason, checks.exact, checks.solver)


def _reformulation(checks: _Checks, reference: Formulation, candidate: Formulation, report: Mapping[str, Any]) -> None:
    mapping = report["mapping"]
    theirs, ours = _Source(checks, candidate), _Source(checks, reference)
    if mapping is None or report.get("candidate", {}).get("status") == "infeasible":
        # of two infeasible models everything is true, whatever the mapping
        if not theirs.set.largest({}).answer == ours.set.largest({}).answer == "infeasible":
            raise _UnsureError("SCIP does not call both models infeasible")
        return
    recovery = _recovery(mapping, reference, candidate)
    lifting = _lifting(mapping, recovery, reference, candidate)
    scale, offset = _relation(mapping)

    for i in range(len(reference.variables)):
        form, constant = lifting.pull_back(recovery.terms[i])
        form[i] = form.get(i, _ZERO) - 1
        form = {k: a for k, a in form.items() if a}
        ours.vanishes(form, constant + recovery.constants[i], f"recovery after lifting at {reference.variables[i]!r}")

    # sound: c_R∘f − s·c_C − t ≤ 0 on F(C); complete: s·c_C∘g + t − c_R ≤ 0 on F(R)
    pulled, constant = recovery.pull_back(reference.cost_terms)
    excess = _minus(pulled, candidate.cost_terms, scale)
    at_zero = constant + reference.cost_constant - scale * candidate.cost_constant - offset
    theirs.at_most(excess, -at_zero, "the objective of a recovered point")
    pulled, constant = lifting.pull_back(candidate.cost_terms)
    excess = _minus({k: scale * a for k, a in pulled.items()}, reference.cost_terms, Fraction(1))
    at_zero = scale * (constant + candidate.cost_constant) + offset - reference.cost_constant
    ours.at_most(excess, -at_zero, "the objective of a lifted point")

    theirs.maps_into(reference, recovery, "recovery")
    ours.maps_into(candidate, lifting, "lifting")


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
    if states[0] == "optimal":
        values = [-(answer.value or 0.0) for answer in answers]
        theirs = _optimal_points(theirs, answers[1].point or {}, values[1])
        pulled, constant = recovery.pull_back(reference.cost_terms)
        limit = Fraction(values[0] + 1e-5 * max(1.0, abs(values[0]))) - constant
        theirs.at_most(pulled, limit, "the objective of a recovered optimum")
    theirs.maps_into(reference, recovery, "recovery of an optimum")


def _optimal_points(source: _Source, point: Mapping[int, float], value: float) -> _Source:
    """Return the points that are as good as `point`, an optimum of cost `value`.

    SCIP keeps the cut at its tolerance only and so lets points in that are a little worse, and whose images may be off
    by more than that: small excesses are accepted, and only large ones refute.
    """
    from benchmarks.plain_model import PlainModel, Row

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


def _recovery(mapping: Mapping[str, Any], reference: Formulation, candidate: Formulation) -> Affine:
    if mapping["completed"]:
        raise _UnsureError(f"completed variables are not followed: {mapping['completed'][:3]}")
    missing = [name for name in reference.variables if name not in mapping["recovery"]]
    if missing:
        raise _RefutedError(f"the recovery has no expression for {missing[:3]}")
    return _affine(mapping["recovery"], reference, candidate)


def _lifting(mapping: Mapping[str, Any], recovery: Affine, reference: Formulation, candidate: Formulation) -> Affine:
    lifting = mapping["lifting"]
    if lifting is None:
        inverse = _inverse(recovery, len(candidate.variables))
        if inverse is None:
            raise _UnsureError("the report has no lifting, and the recovery cannot simply be inverted")
        return inverse
    other = sorted({entry["function"] for entry in lifting.values()} - {"affine"})
    if other:
        raise _UnsureError(f"liftings other than affine ones are not followed: {', '.join(other)}")
    missing = [name for name in candidate.variables if name not in lifting]
    if missing:
        raise _RefutedError(f"the lifting has no expression for {missing[:3]}")
    return _affine({name: entry["arguments"] for name, entry in lifting.items()}, candidate, reference)


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

    def seconds(self) -> float:
        """Return what is left for one solve; raises where nothing is."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise _UnsureError(f"out of time after {self.exact} exact checks and {self.solver} solves")
        return min(left, 10.0)


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
    """Print the confirmation as JSON; return 0 when confirmed, 1 when refuted, 3 when unsure."""
    from tools.formulation.read import read

    reference, candidate, report = arguments
    document = json.loads(Path(report).read_text())
    check = confirm_optima if document["contract"] == "quasi-karp" else confirm
    confirmation = check(read(reference), read(candidate), document, 120.0)
    print(json.dumps(vars(confirmation)))
    return {"confirmed": 0, "refuted": 1, "unsure": 3}[confirmation.result]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
