r"""One call that tests a mapping between two models in every way: for people who write their own transformations.

>>> from tools.formulation.lp_reader import parse_lp
>>> text = "min 2 {0} + 3 {1}\nst\n 5 {0} + 3 {1} >= {2}\nbounds\n {3} <= {0} <= {4}\n {1} <= 4\ngeneral\n {0} {1}\nend"
>>> reference = parse_lp(text.format("x", "y", 22, 3, 7))
>>> candidate = parse_lp(text.format("u", "v", 7, 0, 4))
>>> result = run_reformulation_tests(reference, candidate, "x = u + 3\n y = v")
>>> result.claims["complete"], result.exhaustive, result.candidate_points
('proved', True, 21)
>>> run_reformulation_tests(reference, candidate, "x = u + 2\n y = v")  # doctest: +ELLIPSIS
Traceback (most recent call last):
AssertionError: sound: expected 'proved', found 'refuted', at the candidate solution (u = 1, v = 1): row R0: ...

The verdict of the claims engine is compared with an oracle that shares no code with it: every solution of both models
where they are few, exact sample points otherwise, judged by plain loops over fractions.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

from tools.claims.objective_relation import ObjectiveRelation
from tools.claims.outcome import Witness
from tools.claims.verify import Pair, Verification, verify_pair
from tools.errors import InputError
from tools.exact.budget import Budget
from tools.exact.prover import Prover
from tools.formulation.derive import boxed
from tools.formulation.json_format import format_json, parse_json
from tools.formulation.model import Formulation
from tools.formulation.read import read
from tools.mapping.affine import AffineExpression, AffineMapping
from tools.mapping.forms import IndexMapping
from tools.mapping.printing import compact_rules
from tools.mapping.reading import read_mapping
from tools.mapping.rules import expand, parse_rules
from tools.mapping.total import TotalMapping
from tools.report import CLAIM_NAMES, ClaimName, Result

LARGEST_LIST = 10_000
"""Boxes with more integer points than this are sampled rather than listed."""

SAMPLES = 24
"""Extreme points that are sampled from a set that is not listed; midpoints between them come on top."""

MUTANTS_OF_A_KIND = 3
"""Mutated mappings of each kind (coefficient, sign, constant, exchange) that are tried."""

_SAMPLING_BOX = 100
_SHOWN = 8
_PRECEDENCE: tuple[ClaimName, ...] = ("sound", "complete", "optima", "optimum", "value", "status")

Point = Sequence[Fraction]


@dataclass(frozen=True)
class Mutant:
    """A mapping with one change; "rejected" (not all that was proved is proved) or "still correct", and why."""

    change: str
    outcome: Literal["rejected", "still correct"]
    reason: str


@dataclass(frozen=True)
class ReformulationTestResult:
    """What was tested. `exhaustive`: both models were listed completely, so that the oracle decides every claim.

    `claims` and `relation` are what the engine shows; the points are those on which it agrees with the oracle.
    """

    claims: Mapping[ClaimName, Result]
    relation: ObjectiveRelation | None
    exhaustive: bool
    candidate_points: int
    reference_points: int
    mutants: tuple[Mutant, ...]


def run_reformulation_tests(
    reference: object,
    candidate: object,
    mapping: AffineMapping | str | Path,
    *,
    lifting: TotalMapping | AffineMapping | None = None,
    relation: ObjectiveRelation | None = None,
    expect: Mapping[ClaimName, Result] | None = None,
    seed: int = 0,
) -> ReformulationTestResult:
    """Return what was tested, having raised `AssertionError` at the first thing that is not as it should be.

    `mapping` is the recovery, from candidate to reference variables (rules, a file, or the object); the models are
    anything that `tools.formulation.read.read` takes. Tested are, in this order:

    - serialisation: both models, the mapping (as JSON and as rules) and the lifting come back from text unchanged;
    - claims: the engine's six claims are as in `expect` (claims it does not name may be anything; None expects all six
      to be proved), and the objective relation is `relation` if that is given;
    - brute force: no solution of either model, listed or sampled, contradicts a claim that was proved, no listing
      contradicts one that was refuted, and every witness is what it says;
    - both directions: with a lifting g (`lifting`, else the one that proves complete) every listed or sampled
      reference solution y has g(y) in the candidate, f(g(y)) = y, and a value that carries over;
    - purity: the inputs are unchanged, and a second run of the engine gives the same answer;
    - mutants: with a coefficient, a sign or a constant changed or two variables exchanged, the engine must not prove
      what the oracle contradicts; a mutant that stays accepted is one that the oracle finds right.

    The message names the claim and the point. Raises `InputError` for models or mappings that cannot be used.
    """
    target, source = read(reference), read(candidate)
    recovery = mapping if isinstance(mapping, AffineMapping) else _recovery(mapping, target, source)
    total = TotalMapping.from_affine(lifting) if isinstance(lifting, AffineMapping) else lifting
    before = _fingerprint(target, source, recovery, total)
    _require_serialisable(target, source, recovery, total)

    pair = Pair(target, source, Budget(seed=seed))
    verification = _verify(pair, recovery, total)
    _require_expected(verification, dict.fromkeys(CLAIM_NAMES, "proved") if expect is None else expect, target, source)
    if relation is not None and verification.relation != relation:
        raise AssertionError(f"the objective relation: expected {relation}, found {verification.relation}")

    oracle = _Oracle.of(target, source, seed)
    _require(oracle.contradiction(verification), "the claims")
    if total is not None:
        _require(oracle.broken_lifting(verification, total), "the lifting")

    again = _verify(Pair(target, source, Budget(seed=seed)), recovery, total)
    if _essence(again) != _essence(verification):
        raise AssertionError(f"a second run differs: {_essence(verification)} became {_essence(again)}")
    mutants = tuple(_tried_mutants(pair, recovery, verification, oracle, seed))
    if _fingerprint(target, source, recovery, total) != before:
        raise AssertionError("a model, the mapping or the lifting was changed while it was tested")
    return ReformulationTestResult(
        claims={name: claim.result for name, claim in verification.claims.items()},
        relation=verification.relation,
        exhaustive=oracle.all_candidate and oracle.all_reference,
        candidate_points=len(oracle.candidate_points),
        reference_points=len(oracle.reference_points),
        mutants=mutants,
    )


def mutated(mapping: AffineMapping, seed: int = 0) -> Iterator[tuple[str, AffineMapping]]:
    """Yield (what was changed, mapping): one coefficient, sign or constant changed, or two variables exchanged.

    At most `MUTANTS_OF_A_KIND` of each kind, chosen by `seed`.
    """
    generator = random.Random(seed)
    given = mapping.expressions

    def some(items: list[tuple[str, str]]) -> list[tuple[str, str]]:
        return generator.sample(items, min(len(items), MUTANTS_OF_A_KIND))

    def replaced(changes: Mapping[str, AffineExpression]) -> AffineMapping:
        return AffineMapping({**given, **changes}, mapping.completed)

    places = [(target, name) for target, expression in given.items() for name in expression.terms]
    for target, name in some(places):
        old = given[target].terms[name]
        new = old + 1 if old != -1 else old - 1
        terms = {**given[target].terms, name: new}
        yield (
            f"coefficient of {name} in {target}: {old} → {new}",
            replaced({target: AffineExpression(given[target].constant, terms)}),
        )
    for target, name in some(places):
        terms = {**given[target].terms, name: -given[target].terms[name]}
        yield f"sign of {name} in {target}", replaced({target: AffineExpression(given[target].constant, terms)})
    for target, _ in some([(target, "") for target in given]):
        old = given[target].constant
        yield (
            f"constant of {target}: {old} → {old + 1}",
            replaced({target: AffineExpression(old + 1, given[target].terms)}),
        )
    for one, other in some([*itertools.islice(itertools.combinations(given, 2), 1000)]):
        if given[one] != given[other]:
            yield f"{one} and {other} exchanged", replaced({one: given[other], other: given[one]})


@dataclass(frozen=True)
class _Oracle:
    """Exact points of both models, all of them where `all_…`, and what they say about a verification."""

    reference: Formulation
    candidate: Formulation
    reference_points: Sequence[Point]
    candidate_points: Sequence[Point]
    all_reference: bool
    all_candidate: bool

    @classmethod
    def of(cls, reference: Formulation, candidate: Formulation, seed: int) -> _Oracle:
        ours, theirs = _listed(reference), _listed(candidate)
        return cls(
            reference,
            candidate,
            _sampled(reference, seed) if ours is None else ours,
            _sampled(candidate, seed) if theirs is None else theirs,
            ours is not None,
            theirs is not None,
        )

    def contradiction(self, found: Verification) -> str | None:
        """Return which claim the points contradict, and at which point, or None."""
        checks = {
            "sound": self._sound(found),
            "complete": self._complete(found),
            **(self._optimal(found) if self.all_reference and self.all_candidate else {}),
        }
        for name in CLAIM_NAMES:
            claim = found.claims[name]
            wrong = self._false_witness(found, claim.witness)
            if wrong is not None:
                return f"{name}: its witness is none: {wrong}"
            if name not in checks or claim.result == "unknown":
                continue
            truth, why = checks[name]
            if truth is not None and truth != (claim.result == "proved"):
                return f"{name} is {claim.result} ({claim.detail}), but {why}"
        if found.lifting is not None and found.claims["complete"].result == "proved":
            return self.broken_lifting(found, found.lifting)
        return None

    def broken_lifting(self, found: Verification, lifting: TotalMapping) -> str | None:
        """Return at which reference solution y the lifting g fails: g(y) infeasible, f(g(y)) ≠ y, or a worse value."""
        for y in self.reference_points:
            lifted = lifting.apply(dict(zip(self.reference.variables, y, strict=True)))
            x = [lifted[name] for name in self.candidate.variables]
            at = f"at the reference solution {_shown(self.reference, y)}, lifted to {_shown(self.candidate, x)}"
            broken = _broken(self.candidate, x)
            if broken is not None:
                return f"complete: {at}, {broken}"
            if _image(found.recovery, x) != list(y):
                back = _shown(self.reference, _image(found.recovery, x))
                return f"complete: {at}, the recovery leads back to {back}"
            if found.relation is not None and found.relation(_cost(self.candidate, x)) > _cost(self.reference, y):
                return f"complete: {at}, the value {_cost(self.candidate, x)} is worse than it may be"
        return None

    def _sound(self, found: Verification) -> tuple[bool | None, str]:
        for x in self.candidate_points:
            image = _image(found.recovery, x)
            at = f"at the candidate solution {_shown(self.candidate, x)}, mapped to {_shown(self.reference, image)}"
            broken = _broken(self.reference, image)
            if broken is not None:
                return False, f"{at}, {broken}"
            if found.relation is not None and _cost(self.reference, image) > found.relation(_cost(self.candidate, x)):
                return False, f"{at}, the value {_cost(self.reference, image)} is worse than it may be"
        return True if self.all_candidate else None, "every candidate solution maps to a reference solution"

    def _complete(self, found: Verification) -> tuple[bool | None, str]:
        if not self.all_candidate:
            return None, ""
        best: dict[tuple[Fraction, ...], Fraction] = {}
        for x in self.candidate_points:
            image, cost = tuple(_image(found.recovery, x)), _cost(self.candidate, x)
            best[image] = min(cost, best.get(image, cost))
        for y in self.reference_points:
            cheapest = best.get(tuple(y))
            at = f"at the reference solution {_shown(self.reference, y)}"
            if cheapest is None:
                return False, f"{at}, no candidate solution maps to it"
            if found.relation is not None and found.relation(cheapest) > _cost(self.reference, y):
                return False, f"{at}, the best candidate solution that maps to it is worse than it may be"
        return True if self.all_reference else None, "every reference solution is reached"

    def _optimal(self, found: Verification) -> dict[str, tuple[bool | None, str]]:
        """Return status, value, optimum and optima of two models whose solutions are all listed."""
        ours, theirs = self.reference_points, self.candidate_points
        best = min((_cost(self.reference, y) for y in ours), default=None)
        cheapest = min((_cost(self.candidate, x) for x in theirs), default=None)
        relation = found.relation
        value: bool | None = best is cheapest is None
        if best is not None and cheapest is not None:
            value = None if relation is None else relation(cheapest) == best
        optima = [x for x in theirs if _cost(self.candidate, x) == cheapest]
        good = []
        for x in optima:
            image = _image(found.recovery, x)
            good.append(_broken(self.reference, image) is None and _cost(self.reference, image) == best)
        wrong = next((x for x, fine in zip(optima, good, strict=True) if not fine), None)
        at = "all are listed" if wrong is None else f"of the optimum {_shown(self.candidate, wrong)} the image is none"
        return {
            "status": ((best is None) == (cheapest is None), f"there are {len(ours)} and {len(theirs)} solutions"),
            "value": (value, f"the optimal values are {best} and {cheapest}"),
            "optimum": (any(good) or not optima, at),
            "optima": (all(good), at),
        }

    def _false_witness(self, found: Verification, witness: Witness | None) -> str | None:
        if witness is None:
            return None
        owner = self.candidate if witness.point_of == "candidate" else self.reference
        broken = _broken(owner, witness.point)
        if broken is not None:
            return f"{_shown(owner, witness.point)} is no solution of the {witness.point_of}: {broken}"
        if witness.claim == "sound":
            image = _image(found.recovery, witness.point)
            limit = None if found.relation is None else found.relation(_cost(self.candidate, witness.point))
            if _broken(self.reference, image) is None and (limit is None or _cost(self.reference, image) <= limit):
                return (
                    f"{_shown(self.candidate, witness.point)} maps to {_shown(self.reference, image)}, which is right"
                )
        return None


def _tried_mutants(
    pair: Pair, recovery: AffineMapping, verification: Verification, oracle: _Oracle, seed: int
) -> Iterator[Mutant]:
    proved = [name for name, claim in verification.claims.items() if claim.result == "proved"]
    for change, mutant in mutated(recovery, seed):
        found = _verify(pair, mutant, None)
        wrong = oracle.contradiction(found)
        if wrong is not None:
            raise AssertionError(f"a mutant ({change}) is judged wrongly: {wrong}")
        lost = [name for name in _PRECEDENCE if name in proved and found.claims[name].result != "proved"]
        if lost:
            claim = found.claims[lost[0]]
            yield Mutant(change, "rejected", f"{lost[0]} is {claim.result}: {claim.detail}")
        else:
            everything = oracle.all_candidate and oracle.all_reference
            points = len(oracle.candidate_points) + len(oracle.reference_points)
            reason = "every solution of both models" if everything else f"{points} sampled solutions"
            yield Mutant(change, "still correct", f"right on {reason}")


def _recovery(mapping: str | Path, reference: Formulation, candidate: Formulation) -> AffineMapping:
    return read_mapping(mapping, reference.variables, candidate.variables).recovery


def _verify(pair: Pair, recovery: AffineMapping, lifting: TotalMapping | None) -> Verification:
    reference, candidate = pair.reference.model, pair.candidate.model
    return verify_pair(pair, IndexMapping.of(recovery, reference, candidate), lifting=lifting)


def _require(contradiction: str | None, subject: str) -> None:
    if contradiction is not None:
        raise AssertionError(f"{subject}: {contradiction}")


def _require_expected(
    found: Verification, expect: Mapping[ClaimName, Result], reference: Formulation, candidate: Formulation
) -> None:
    strangers = [name for name in expect if name not in CLAIM_NAMES]
    if strangers:
        raise InputError(f"'expect' names {strangers[0]!r}; the claims are {', '.join(CLAIM_NAMES)}")
    for name in (name for name in _PRECEDENCE if name in expect):
        claim = found.claims[name]
        if claim.result == expect[name]:
            continue
        where = ""
        if claim.witness is not None:
            owner = candidate if claim.witness.point_of == "candidate" else reference
            where = f", at the {claim.witness.point_of} solution {_shown(owner, claim.witness.point)}"
        raise AssertionError(f"{name}: expected {expect[name]!r}, found {claim.result!r}{where}: {claim.detail}")


def _require_serialisable(
    reference: Formulation, candidate: Formulation, recovery: AffineMapping, lifting: TotalMapping | None
) -> None:
    for label, model in (("reference", reference), ("candidate", candidate)):
        if not parse_json(format_json(model)).same_as(model):
            raise AssertionError(f"the {label} changes when it is written to JSON and read back")
    if AffineMapping.from_json(json.loads(json.dumps(recovery.to_json())), recovery.completed) != recovery:
        raise AssertionError("the mapping changes when it is written to JSON and read back")
    rules = compact_rules(recovery, reference.variables, candidate.variables)
    again = expand(
        parse_rules("\n".join(rules)), reference.variables, candidate.variables, completed=recovery.completed
    )
    if again != recovery:
        raise AssertionError(f"the mapping changes when it is written as rules and read back: {'; '.join(rules)}")
    if lifting is not None and TotalMapping.from_json(json.loads(json.dumps(lifting.to_json()))) != lifting:
        raise AssertionError("the lifting changes when it is written to JSON and read back")


def _fingerprint(
    reference: Formulation, candidate: Formulation, recovery: AffineMapping, lifting: TotalMapping | None
) -> tuple[str, ...]:
    """Return texts that tell any change of the inputs; the hashes are computed anew, not taken from a cache."""
    return (
        dataclasses.replace(reference).content_hash,
        dataclasses.replace(candidate).content_hash,
        json.dumps(recovery.to_json()),
        "" if lifting is None else json.dumps(lifting.to_json()),
    )


def _essence(found: Verification) -> tuple[object, ...]:
    lifting = found.lifting
    return (
        {name: (claim.result, claim.strength, claim.detail) for name, claim in found.claims.items()},
        found.relation,
        found.chosen,
        None if lifting is None else lifting.to_json(),
    )


def _image(recovery: IndexMapping, x: Point) -> list[Fraction]:
    """Return f(x), by definition."""
    return [
        sum((a * x[k] for k, a in terms.items()), constant)
        for constant, terms in zip(recovery.constants, recovery.terms, strict=True)
    ]


def _cost(model: Formulation, point: Point) -> Fraction:
    """Return the objective at the point, as minimisation, from the raw data."""
    value = sum((c * at for c, at in zip(model.objective, point, strict=True)), model.objective_constant)
    return value if model.sense == "minimize" else -value


def _broken(model: Formulation, point: Point) -> str | None:
    """Return the first bound, integrality or row that the point breaks, from the raw data, or None."""
    for j, value in enumerate(point):
        name, low, high = model.variables[j], model.lower.finite(j), model.upper.finite(j)
        if low is not None and value < low:
            return f"{name} = {value} is below {low}"
        if high is not None and value > high:
            return f"{name} = {value} is above {high}"
        if model.kinds[j] and value.denominator != 1:
            return f"{name} = {value} is not an integer"
    for i in range(len(model.rows)):
        start, stop = int(model.indptr[i]), int(model.indptr[i + 1])
        activity = sum((model.coefficients[k] * point[int(model.columns[k])] for k in range(start, stop)), Fraction(0))
        low, high = model.row_lower.finite(i), model.row_upper.finite(i)
        if low is not None and activity < low:
            return f"row {model.rows[i]} is {activity}, below {low}"
        if high is not None and activity > high:
            return f"row {model.rows[i]} is {activity}, above {high}"
    return None


def _listed(model: Formulation) -> list[Point] | None:
    """Return every solution, or None unless all variables are integer in a small box."""
    ranges: list[range] = []
    size = 1
    for j in range(len(model.variables)):
        low, high = model.lower.finite(j), model.upper.finite(j)
        if not model.kinds[j] or low is None or high is None:
            return None
        ranges.append(range(math.ceil(low), math.floor(high) + 1))
        size *= len(ranges[-1])
        if size > LARGEST_LIST:
            return None
    points = ([Fraction(value) for value in values] for values in itertools.product(*ranges))
    return [point for point in points if _broken(model, point) is None]


def _sampled(model: Formulation, seed: int) -> list[Point]:
    """Return exact solutions: extreme ones in seeded directions, and midpoints where the integer parts agree."""
    generator = random.Random(seed)
    n = len(model.variables)
    provers = [Prover(boxed(model, _SAMPLING_BOX), Budget(seed=seed)), Prover(model, Budget(seed=seed))]
    directions: list[dict[int, Fraction]] = [{}, dict(model.cost_terms), {j: -c for j, c in model.cost_terms.items()}]
    while len(directions) < SAMPLES:
        support = generator.sample(range(n), min(n, generator.randint(1, 6)))
        directions.append({j: Fraction(generator.choice((-3, -1, 1, 2))) for j in support})
    points: list[Point] = []
    for direction in directions:
        for prover in provers:
            values = prover.minimise(direction).point
            point = None if values is None else prover.exact_point(values)
            if point is not None and _broken(model, point) is None:
                if point not in points:
                    points.append(point)
                break
    middles: list[Point] = []
    for one, other in itertools.pairwise(points):
        middle = [(a + b) / 2 for a, b in zip(one, other, strict=True)]
        if _broken(model, middle) is None and middle not in points:
            middles.append(middle)
    return points + middles


def _shown(model: Formulation, point: Iterable[Fraction]) -> str:
    parts = [f"{name} = {value}" for name, value in zip(model.variables, point, strict=True) if value]
    more = f", … ({len(parts) - _SHOWN} more)" if len(parts) > _SHOWN else ""
    return f"({', '.join(parts[:_SHOWN])}{more})" if parts else "(all zero)"
