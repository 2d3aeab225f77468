"""A recovery in the form that claims are decided in: affine over the candidate extended by functions, and what is
completed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from tools.claims.explain import breach_of
from tools.claims.inclusion import Breach, Pool
from tools.claims.objective_relation import ObjectiveRelation
from tools.claims.rounding import has_rounded_data
from tools.errors import MappingError
from tools.exact.prover import Proved, Prover
from tools.formulation.derive import Row, with_rows, with_variables
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineMapping
from tools.mapping.extension import Extension
from tools.mapping.forms import IndexMapping
from tools.mapping.total import NO_FUNCTIONS, TotalMapping

Point = Sequence[Fraction]


@dataclass(frozen=True, eq=False)
class Carrier:
    """The recovery of one hypothesis.

    `mapping` gives every reference variable over the variables of the candidate followed by the outputs of
    `extension`. Reference variables with an index in `completed` are completed: some values for them are claimed to
    exist, and `mapping` only names values that will do.
    """

    reference: Formulation
    candidate: Prover
    mapping: IndexMapping
    extension: Extension = NO_FUNCTIONS
    completed: frozenset[int] = frozenset()

    @classmethod
    def of(
        cls, reference: Formulation, candidate: Prover, recovery: TotalMapping, completed: frozenset[str] = frozenset()
    ) -> Carrier:
        """Return the carrier of `recovery`; raises `MappingError` on unmapped or unknown variables.

        Mapped variables must be affine in candidate variables: a function may only complete.
        """
        extended = recovery.extension.extend(candidate.model)
        mapping = IndexMapping.of(AffineMapping(recovery.expressions), reference, extended)
        inside = frozenset(reference.variable_index[name] for name in completed)
        n = len(candidate.model.variables)
        for j, terms in enumerate(mapping.terms):
            if j not in inside and any(k >= n for k in terms):
                raise MappingError(
                    f"{reference.variables[j]!r} is given by a function, which only a completed variable may be; "
                    "give it an affine expression or complete it"
                )
        return cls(reference, candidate, mapping, recovery.extension, inside)

    @property
    def is_plain(self) -> bool:
        """Whether the recovery is affine in candidate variables and completes nothing."""
        return not self.extension and not self.completed

    @classmethod
    def plain(cls, reference: Formulation, candidate: Prover, mapping: IndexMapping) -> Carrier:
        """Return the carrier of an affine recovery that completes nothing."""
        return cls(reference, candidate, mapping)

    def within(self, candidate: Prover) -> Carrier:
        """Return the same recovery over another prover of the same candidate."""
        other = replace(self, candidate=candidate)
        if self.extension and "extended" in self.__dict__:
            other.__dict__["extended"] = self.extended.within(candidate.budget)
        return other

    @cached_property
    def mapped(self) -> list[int]:
        """The indices of the mapped reference variables."""
        return [j for j in range(len(self.reference.variables)) if j not in self.completed]

    @cached_property
    def extended(self) -> Prover:
        """A prover over the extended candidate."""
        if not self.extension:
            return self.candidate
        return Prover(self.extension.extend(self.candidate.model), self.candidate.budget)

    def lifted(self, point: Point) -> list[Fraction] | None:
        """Return a candidate point with the function values added, None where a function is not defined."""
        if not self.extension:
            return list(point)
        names = self.candidate.model.variables
        try:
            values = self.extension.apply(dict(zip(names, point[: len(names)], strict=True)))
        except MappingError:
            return None
        return [*point[: len(names)], *(values[name] for name in self.extension.names)]

    def lifted_pool(self, pool: Pool) -> list[list[Fraction]]:
        """Return the points of `pool` at which every function is defined, extended."""
        return [lifted for lifted in map(self.lifted, pool) if lifted is not None]

    def shown(self, point: Point) -> Point:
        """Return the candidate's part of a point of the extended candidate."""
        return point if not self.extension else list(point[: len(self.candidate.model.variables)])

    def confirm(self, breach: Breach, relation: ObjectiveRelation | None, best: Fraction | None = None) -> Breach | str:
        """Return the breach at the functions' actual values, or why it refutes nothing.

        A point of the extended candidate need not lie on the functions' graph, and a completed variable may take other
        values than the named ones: then the fibre over the point must be shown to be empty. `best` is the reference's
        optimal value where the objective must reach it.
        """
        if self.is_plain:
            return breach
        model, reference = self.candidate.model, self.reference
        point = self.lifted(breach.point)
        if point is None or not model.is_feasible(point[: len(model.variables)]):
            return "a function of the mapping is not defined at a candidate point"
        image = self.mapping.apply(point)
        if breach.kind == "objective":
            limit = best if relation is None else relation(model.cost_value(point[: len(model.variables)]))
            if limit is not None and reference.cost_value(image) > limit:
                return replace(breach, point=point, amount=reference.cost_value(image) - limit)
            return "the objective fails only where the linear rows of a function are weaker than the function"
        violations = reference.violations(image, limit=1)
        if not violations:
            return "a statement fails only where the linear rows of a function are weaker than the function"
        if self.completed and not self._fibre_is_empty(image):
            return "the rule that completes a variable fails at a candidate point where other values may do"
        return replace(breach_of(violations[0], image), point=point)

    def _fibre_is_empty(self, image: Point) -> bool:
        reference = self.reference
        if has_rounded_data(reference) or has_rounded_data(self.candidate.model):
            return False
        rows: list[Row] = [(f"f {j}", {j: Fraction(1)}, image[j], image[j]) for j in self.mapped]
        return isinstance(Prover(with_rows(reference, rows), self.candidate.budget).empty(), Proved)

    def joint(self) -> tuple[Formulation, IndexMapping]:
        """Return the candidate with the completed variables added as free choices, and the mapping over it."""
        if self.is_plain:
            return self.candidate.model, self.mapping
        reference, n = self.reference, len(self.candidate.model.variables)
        chosen = sorted(self.completed)
        added = [
            (reference.variables[j], reference.lower.finite(j), reference.upper.finite(j), int(reference.kinds[j]))
            for j in chosen
        ]
        terms, constants = list(self.mapping.terms), list(self.mapping.constants)
        for place, j in enumerate(chosen):
            terms[j], constants[j] = {n + place: Fraction(1)}, Fraction(0)
        return with_variables(self.candidate.model, added), IndexMapping(constants, terms)
