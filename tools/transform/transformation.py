"""What a transformation of a model is: where it applies, how it rewrites a draft, and the two maps it leaves."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar, Literal

from tools.claims.objective_relation import ObjectiveRelation
from tools.errors import InputError
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.mapping.extension import Extension
from tools.mapping.functions.protocol import TotalFunction
from tools.mapping.total import TotalMapping
from tools.report import Contract
from tools.transform.draft import Draft
from tools.transform.transformed import Transformed

WHOLE_MODEL = "the whole model"
"""The one place of a transformation that acts on everything at once."""

SAME_VALUES = ObjectiveRelation(Fraction(1), Fraction(0))


@dataclass
class Maps:
    """What differs from "every variable is the variable of the same name".

    `recovery` gives reference variables that the candidate lacks or means differently, in candidate variables;
    `lifting` gives candidate variables in reference variables and in outputs of `functions`, which apply in order.
    """

    recovery: dict[str, AffineExpression] = field(default_factory=dict)
    lifting: dict[str, AffineExpression] = field(default_factory=dict)
    functions: list[TotalFunction] = field(default_factory=list)
    relation: ObjectiveRelation = SAME_VALUES


@dataclass(frozen=True)
class Parameter:
    """A whole number that a transformation takes: what it is, its smallest and largest value, and the default."""

    meaning: str
    least: int
    most: int
    default: int


class Transformation(ABC):
    """One rule that turns a model into another, with the maps between their solutions.

    A new one is a class in a file of its own under `kinds/`, its test, and one line in `tools/transform/registry.py`.
    Its docstring states the rule in mathematics, with what it assumes and both maps.
    """

    name: ClassVar[str]
    """The word for it on the command line."""

    summary: ClassVar[str]
    """One line that says what it does."""

    acts_on: ClassVar[Literal["variables", "rows", "the model"]]
    needs: ClassVar[str]
    """What a place must be, as in "'x' is not …": "a bounded integer variable"."""

    contract: ClassVar[Contract] = "reformulation"
    parameter: ClassVar[Parameter | None] = None
    most: ClassVar[int | None] = 4
    """How many places are chosen at most where none are named; None for no limit."""

    @abstractmethod
    def places(self, model: Formulation) -> Sequence[str]:
        """Return the names of the variables or rows that it can act on (`WHOLE_MODEL` where it acts on all at once)."""

    @abstractmethod
    def rewrite(self, draft: Draft, chosen: Sequence[str], rng: random.Random, parameter: int) -> Maps:
        """Rewrite `draft` at the chosen places and return the maps; raises `InputError` where it turns out to fail."""

    def apply(
        self, model: Formulation, chosen: Sequence[str], rng: random.Random, parameter: int | None = None
    ) -> Transformed:
        """Return `model` transformed at the chosen places; raises `InputError` where that is not possible."""
        draft = Draft.of(model)
        if parameter is None:
            parameter = 0 if self.parameter is None else self.parameter.default
        maps = self.rewrite(draft, chosen, rng, parameter)
        candidate = draft.formulation(model.name)
        shown = "" if list(chosen) == [WHOLE_MODEL] else f" of {_listed(chosen)}"
        return Transformed(
            reference=model,
            candidate=candidate,
            recovery=_complete(maps.recovery, model, candidate, Extension()),
            lifting=None
            if self.contract == "quasi-karp"
            else _complete(maps.lifting, candidate, model, Extension(tuple(maps.functions))),
            relation=maps.relation,
            contract=self.contract,
            steps=(f"{self.name}{shown}",),
        )


def _complete(
    given: dict[str, AffineExpression], target: Formulation, source: Formulation, extension: Extension
) -> TotalMapping:
    expressions = {}
    for name in target.variables:
        if name not in given and name not in source.variable_index:
            raise InputError(f"the transformation gives no expression for {name!r}")
        expressions[name] = given.get(name) or AffineExpression.variable(name)
    return TotalMapping(expressions, extension)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
