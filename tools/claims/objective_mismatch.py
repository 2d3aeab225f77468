"""Objectives that no relation σ fits: a refutation of sound and complete together where σ cannot be read off.

Let f be injective on F(C), sound and complete for some σ. For x ∈ F(C), completeness gives an x' with f(x') = f(x) and
σ(c_C(x')) ≤ c_R(f(x)); injectivity says x' = x; soundness gives the reverse inequality. So c_R(f(x)) = s·c_C(x) + t on
all of F(C), with s > 0. Points of F(C) at which no such s and t fit refute every σ at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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


def objective_mismatch(
    reference: Formulation, candidate: Prover, recovery: IndexMapping, pool: Sequence[Sequence[Fraction]]
) -> Witness | None:
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
            return Witness("sound", "candidate", point, image, "objective", Fraction(1), explanation)
        if len(samples) >= MOST_POINTS:
            return None
    return None


def _points(
    reference: Formulation, candidate: Prover, recovery: IndexMapping, pool: Sequence[Sequence[Fraction]]
) -> Iterator[Sequence[Fraction]]:
    yield from pool
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
    """Return in words why no s > 0 and t fit the samples, the last of them included, or None."""
    own, image, _ = samples[-1]
    for u, v, _ in samples[:-1]:
        scale = abs(image) + abs(v) + 1
        if u == own and v != image and is_significant(abs(image - v), scale, *models):
            return f"two candidate solutions of cost {number(own)} have images of cost {number(v)} and {number(image)}"
        if (own - u) * (image - v) < 0 and is_significant(abs(image - v), scale, *models):
            return (
                f"candidate solutions of cost {number(u)} and {number(own)} have images of cost {number(v)} and "
                f"{number(image)}, in the opposite order"
            )
        if u != own and v == image and is_significant(abs(own - u), abs(own) + abs(u) + 1, *models):
            return f"candidate solutions of cost {number(u)} and {number(own)} have images of one cost, {number(v)}"
    u, v, _ = samples[0]
    other = next((sample for sample in samples[1:-1] if sample[0] != u), None)
    if other is None:
        return None
    u2, v2, _ = other
    expected = v + (v2 - v) / (u2 - u) * (own - u)
    if is_significant(abs(image - expected), abs(image) + abs(expected) + 1, *models) and image != expected:
        return (
            f"candidate solutions of cost {number(u)}, {number(u2)} and {number(own)} have images of cost {number(v)}, "
            f"{number(v2)} and {number(image)}, which lie on no line"
        )
    return None
