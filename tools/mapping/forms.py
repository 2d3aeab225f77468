"""A mapping by variable index, for exact computation: the inner form of `AffineMapping`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tools.errors import MappingError
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression, AffineMapping

ZERO = Fraction(0)


@dataclass(frozen=True, eq=False)
class IndexMapping:
    """y_i = constants[i] + Σ terms[i][k]·x_k for every variable i of the model that is mapped into.

    Zero coefficients are dropped on construction.
    """

    constants: Sequence[Fraction]
    terms: Sequence[Mapping[int, Fraction]]

    def __post_init__(self) -> None:
        if not all(all(terms.values()) for terms in self.terms):
            object.__setattr__(self, "terms", [{k: a for k, a in terms.items() if a} for terms in self.terms])

    @classmethod
    def of(cls, mapping: AffineMapping, target: Formulation, source: Formulation) -> IndexMapping:
        """Return `mapping` in indices; raises `MappingError` on unmapped target or unknown source variables."""
        missing = [name for name in target.variables if name not in mapping.expressions]
        if missing:
            raise MappingError(
                f"{len(missing)} variable(s) are not mapped, such as {missing[0]!r}; every one needs a rule"
            )
        unknown = [name for name in mapping.expressions if name not in target.variable_index]
        if unknown:
            raise MappingError(f"the mapping assigns {unknown[0]!r}, which is not a variable of the target model")
        constants, terms = [], []
        for name in target.variables:
            expression = mapping.expressions[name]
            constants.append(expression.constant)
            try:
                terms.append({source.variable_index[k]: value for k, value in expression.terms.items()})
            except KeyError as error:
                raise MappingError(
                    f"the rule for {name!r} names {error.args[0]!r}, which is not a variable of the source model"
                ) from error
        return cls(constants, terms)

    def named(self, target: Formulation, source: Formulation, completed: frozenset[str] = frozenset()) -> AffineMapping:
        """Return the mapping by names."""
        return AffineMapping(
            {
                name: AffineExpression(
                    self.constants[i], {source.variables[k]: value for k, value in self.terms[i].items()}
                )
                for i, name in enumerate(target.variables)
            },
            completed,
        )

    def apply(self, point: Sequence[Fraction]) -> list[Fraction]:
        """Return the image of an exact point."""
        return [
            constant + sum((a * point[k] for k, a in terms.items() if point[k]), ZERO)
            for constant, terms in zip(self.constants, self.terms, strict=True)
        ]

    def pull_back(self, form: Mapping[int, Fraction]) -> tuple[dict[int, Fraction], Fraction]:
        """Return form∘mapping as (terms without zeros, constant)."""
        constant = ZERO
        result: dict[int, Fraction] = {}
        for i, coefficient in form.items():
            if self.constants[i]:
                constant += coefficient * self.constants[i]
            for k, a in self.terms[i].items():
                product = coefficient if a == 1 else coefficient * a
                if k in result:
                    result[k] += product
                else:
                    result[k] = product
        return {k: value for k, value in result.items() if value}, constant

    def is_monomial(self) -> bool:
        """Say whether every variable is a·x_k + c with distinct k, or a constant."""
        used = [k for terms in self.terms for k in terms]
        return all(len(terms) <= 1 for terms in self.terms) and len(set(used)) == len(used)
