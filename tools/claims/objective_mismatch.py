"""Objectives that no relation σ fits: a refutation of sound and complete together where σ cannot be read off.

Let f be injective on F(C), sound and complete for some σ. For x ∈ F(C), completeness gives an x' with f(x') = f(x) and
σ(c_C(x')) ≤ c_R(f(x)); injectivity says x' = x; soundness gives the reverse inequality. So c_R(f(x)) = s·c_C(x) + t on
all of F(C), with s > 0. Points of F(C) at which no such s and t fit refute every σ at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tools.claims.explain import number
from tools.claims.outcome import Witness
from tools.claims.rounding import is_significant
from tools.exact.prover import Prover
from tools.formulation.model import Formulation
from tools.mapping.forms import IndexMapping

MOST_POINTS = 24
"""Points of the candidate that are looked at."""

Sample = tuple[Fraction, Fraction, Sequence[Fraction]]
"""c_C(x), c_R(f(x)) and x, both objectives as minimisation."""


@dataclass(frozen=True)
class Mismatch:
    """A witness that no σ fits, and the exact candidate points that together show it."""

    witness: Witness
    points: Sequence[Sequence[Fraction]]


def objective_mismatch(
    reference: Formulation, candidate: Prover, recovery: IndexMapping, pool: Sequence[Sequence[Fraction]]
) -> Mismatch | None:
    """Return a point at which the objectives contradict what other points force σ to be, or None.

    The caller has made sure that `recovery` is injective on the candidate's feasible set.
    """
    samples: list[Sample] = []
    for point in _points(reference, candidate, recovery, pool):
        samples.append((candidate.model.cost_value(point), reference.cost_value(recovery.apply(point)), point))
        conflict = _conflict(samples, reference, candidate.model)
        if conflict is not None:
            explanation = f"no objective relation fits this mapping, which is one-to-one: {conflict}"
            image = recovery.apply(point)
            witness = Witness("sound", "candidate", point, image, "objective", Fraction(1), explanation)
            return Mismatch(witness, [sample for *_, sample in samples])
        if len(samples) >= MOST_POINTS:
            return None
    return None


def _points(
    reference: Formulation, candidate: Prover, recovery: IndexMapping, pool: Sequence[Sequence[Fraction]]
) -> Iterator[Sequence[Fraction]]:
    yield from (point for point in pool if candidate.model.is_feasible(point))
    image, _ = recovery.pull_back(reference.cost_terms)
    own = dict(candidate.model.cost_terms)
    forms = [own, image, _negated(own), _negated(image)]
    forms += [{k: Fraction(sign)} for k in sorted({*own, *image})[:MOST_POINTS] for sign in (-1, 1)]
    for form in forms:
        if candidate.budget.expired:
            return
        result = candidate.minimise(form)
        point = None if result.point is None else candidate.exact_point(result.point)
        if point is not None:
            yield point


def _negated(form: dict[int, Fraction]) -> dict[int, Fraction]:
    return {k: -a for k, a in form.items()}


def _conflict(samples: Sequence[Sample], *models: Formulation) -> str | None:
    """Return in words why no s > 0 and t fit the samples, or None.

    The line is drawn through the samples of least and greatest candidate cost, so that no rounding is magnified.
    """
    u, v, _ = min(samples, key=lambda sample: sample[0])
    u2, v2, _ = max(samples, key=lambda sample: sample[0])
    own, image, _ = samples[-1]
    for other_own, other_image, _ in samples[:-1]:
        if other_own != own or other_image == image:
            continue
        if is_significant(abs(image - other_image), abs(image) + abs(other_image) + 1, *models):
            costs = f"{number(other_image)} and {number(image)}"
            return f"two candidate solutions of cost {number(own)} have images of cost {costs}"
    if u == u2 or not is_significant(u2 - u, abs(u) + abs(u2) + 1, *models):
        return None
    if v2 <= v and is_significant(v - v2, abs(v) + abs(v2) + 1, *models):
        return (
            f"candidate solutions of cost {number(u)} and {number(u2)} have images of cost {number(v)} and "
            f"{number(v2)}, which do not increase"
        )
    for middle, found, _ in samples:
        expected = v + (v2 - v) / (u2 - u) * (middle - u)
        if found != expected and is_significant(abs(found - expected), abs(v) + abs(v2) + 1, *models):
            return (
                f"candidate solutions of cost {number(u)}, {number(middle)} and {number(u2)} have images of cost "
                f"{number(v)}, {number(found)} and {number(v2)}, which lie on no line"
            )
    return None
