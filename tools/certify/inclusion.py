"""That a mapping carries a set into the feasible set of a model, statement by statement, with proofs."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from tools.certify.evidence import Evidence, Extended, NotCertifiedError
from tools.certify.space import ACTIVITY, Affine, Nodes, Space
from tools.claims.outcome import ObligationKind
from tools.exact.proofs import Form, grid, linear_bound, round_up
from tools.formulation.model import Formulation

ROWS = ["rows", []]
"""The proof that coefficients are integers on integers, which may be left out."""


def shortest(nodes: Nodes | None) -> Nodes | None:
    """Return a proof, or None where it is the one that may be left out."""
    return None if nodes == ACTIVITY else nodes


def image_of(form: Form, mapping: Sequence[Affine]) -> Affine:
    """Return form∘mapping, where mapping[i] is the expression of variable i."""
    constant, terms = Fraction(0), dict[int, Fraction]()
    for i, a in form.items():
        value = mapping[i]
        if value.constant:
            constant += a * value.constant
        for j, b in value.terms.items():
            product = a if b == 1 else a * b
            terms[j] = terms[j] + product if j in terms else product
    return Affine(constant, {j: a for j, a in terms.items() if a})


class Prove:
    """Finds the proof of each statement about one set, from evidence where there is some."""

    def __init__(self, space: Space, extended: Extended, evidence: Evidence, added: int = 0) -> None:
        self.space, self.extended, self.evidence, self.added = space, extended, evidence, added

    def at_least(self, kind: ObligationKind, index: int, value: Affine, low: Fraction) -> Nodes:
        """Return a proof of value ≥ low; raises `NotCertifiedError` where none is found."""
        target = low - value.constant
        known = self.evidence.get((kind, index), [])
        for proof in known:
            nodes = self.extended.read(proof, self.added)
            if nodes is not None and (len(known) == 1 or self._fits(nodes, value.terms, target)):
                return nodes
        found = self.space.prove(value.terms, target)
        if found is None and self.extended.functions:
            self.extended.derive_all()
            found = self.space.prove(value.terms, target)
        if found is None:
            raise NotCertifiedError(f"{kind} {index} has no exact proof within the limits")
        return found

    def _fits(self, nodes: Nodes, form: Form, target: Fraction) -> bool:
        """Say whether a proof that is a single bound shows this statement; there is one for each of two."""
        if len(nodes) != 1 or nodes[0][0] != "linear":
            return False
        bound = linear_bound(self.space.model, form, {i: Fraction(factor) for i, factor in nodes[0][1]})
        return bound is not None and round_up(bound, grid(self.space.model, form)) >= target


def inclusion(prove: Prove, target: Formulation, mapping: Sequence[Affine]) -> dict[str, Any]:
    """Return the proofs that mapping carries the set into F(target): rows, bounds and integrality."""
    rows: dict[str, list[Nodes | None]] = {}
    bounds: dict[str, list[Nodes | None]] = {}
    whole: dict[str, Any] = {}
    for i in range(len(target.rows)):
        low, high = target.row_lower.finite(i), target.row_upper.finite(i)
        if low is not None or high is not None:
            value = image_of(target.row_terms(i), mapping)
            _note(rows, i, _sides(prove, "row lower", "row upper", i, value, low, high))
    for j, value in enumerate(mapping):
        low, high = target.lower.finite(j), target.upper.finite(j)
        if low is not None or high is not None:
            _note(bounds, j, _sides(prove, "lower bound", "upper bound", j, value, low, high))
    for j in np.flatnonzero(target.integer).tolist():
        proof = prove.space.prove_whole(mapping[j])
        if proof is None:
            raise NotCertifiedError(f"integrality of {target.variables[j]!r} has no exact proof within the limits")
        if proof != ROWS:
            whole[str(j)] = proof
    return {"rows": rows, "bounds": bounds, "integral": whole}


def _sides(
    prove: Prove,
    below: ObligationKind,
    above: ObligationKind,
    index: int,
    value: Affine,
    low: Fraction | None,
    high: Fraction | None,
) -> list[Nodes | None]:
    return [
        None if low is None else prove.at_least(below, index, value, low),
        None if high is None else prove.at_least(above, index, -value, -high),
    ]


def _note(proofs: dict[str, list[Nodes | None]], index: int, sides: list[Nodes | None]) -> None:
    shortened = [shortest(nodes) for nodes in sides]
    if shortened != [None, None]:
        proofs[str(index)] = shortened


def identity(prove: Prove, mapped: Sequence[int], there_and_back: Sequence[Affine]) -> dict[str, list[Nodes | None]]:
    """Return the proofs that f_i(g(y)) = y_i on the set for every mapped i, whose left sides are given."""
    proofs: dict[str, list[Nodes | None]] = {}
    for i, value in zip(mapped, there_and_back, strict=True):
        change = value.plus(Affine(Fraction(0), {i: Fraction(1)}), -1)
        if change.terms or change.constant:
            _note(proofs, i, _sides(prove, "identity", "identity", i, change, Fraction(0), Fraction(0)))
    return proofs
