"""A model and a candidate made from it, with the true recovery and lifting."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tools.claims.objective_relation import ObjectiveRelation
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression, AffineMapping
from tools.mapping.total import TotalMapping
from tools.report import Contract


@dataclass(frozen=True)
class Transformed:
    """A reference, a candidate that was made from it, and how solutions correspond.

    `recovery` is affine, from candidate to reference. Where `contract` is "reformulation", `lifting` maps the
    reference's solutions into the candidate, recovery after lifting is the identity, and the optimal values are related
    by `relation`. Where it is "quasi-karp" the candidate has fewer solutions, optimal ones among them, and `lifting` is
    None. `steps` says what was done, in order.
    """

    reference: Formulation
    candidate: Formulation
    recovery: TotalMapping
    lifting: TotalMapping | None
    relation: ObjectiveRelation
    contract: Contract = "reformulation"
    steps: tuple[str, ...] = ()

    @classmethod
    def nothing(cls, model: Formulation) -> Transformed:
        """Return the model as its own candidate."""
        same = TotalMapping({name: AffineExpression.variable(name) for name in model.variables})
        return cls(model, model, same, same, ObjectiveRelation(Fraction(1), Fraction(0)))

    def then(self, later: Transformed) -> Transformed:
        """Return this transformation followed by `later`, whose reference is this one's candidate; maps compose."""
        lifting = None
        if self.lifting is not None and later.lifting is not None:
            lifting = later.lifting.after(self.lifting)
        weak = "quasi-karp" in (self.contract, later.contract)
        return Transformed(
            self.reference,
            later.candidate,
            self.recovery.after(later.recovery),
            lifting,
            ObjectiveRelation(
                self.relation.scale * later.relation.scale,
                self.relation.scale * later.relation.offset + self.relation.offset,
            ),
            "quasi-karp" if weak else "reformulation",
            (*self.steps, *later.steps),
        )

    @property
    def affine_recovery(self) -> AffineMapping:
        """The recovery as an affine mapping, which it always is."""
        affine = self.recovery.as_affine()
        assert affine is not None
        return affine

    def mapping_json(self) -> dict[str, Any]:
        """Return the maps in the form that `quasikarp check --mapping` reads."""
        return {
            "recovery": self.affine_recovery.to_json(),
            "completed": [],
            "lifting": None if self.lifting is None else self.lifting.to_json(),
            "objective": {"scale": str(self.relation.scale), "offset": str(self.relation.offset)},
        }
