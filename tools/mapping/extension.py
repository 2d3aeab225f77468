"""A model extended by values that total functions define, so that affine maps from it may use them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tools.errors import MappingError
from tools.formulation.derive import Row, with_rows, with_variables
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.mapping.functions.protocol import Condition, TotalFunction


@dataclass(frozen=True)
class Extension:
    """Functions applied one after the other; a later one may use the outputs of earlier ones.

    Where all conditions hold on F(P), every point of F(P) has exactly one extension by `apply`, and that lies in
    F(`extend`(P)): what holds on the extended model holds for every point of F(P) with its function values.
    """

    functions: tuple[TotalFunction, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.functions)

    @property
    def names(self) -> list[str]:
        """The names of all outputs, in order."""
        return [output.name for function in self.functions for output in function.outputs]

    def extend(self, model: Formulation) -> Formulation:
        """Return `model` with the outputs as variables (indices after its own) and the graph rows of all functions.

        Raises `MappingError` where an output has a name that is taken or a function uses an unknown variable.
        """
        if not self.functions:
            return model
        taken = set(model.variables)
        for function in self.functions:
            _check_sources(function, taken)
            for output in function.outputs:
                if output.name in taken:
                    raise MappingError(
                        f"the function {function.name!r} defines {output.name!r}, a name that is taken; rename it"
                    )
                taken.add(output.name)
        outputs = [output for function in self.functions for output in function.outputs]
        extended = with_variables(model, [(o.name, o.lower, o.upper, int(o.kind)) for o in outputs])
        index = extended.variable_index
        rows: list[Row] = []
        for function in self.functions:
            for row in function.graph():
                constant = row.expression.constant
                rows.append(
                    (
                        row.label,
                        {index[name]: value for name, value in row.expression.terms.items()},
                        None if row.lower is None else row.lower - constant,
                        None if row.upper is None else row.upper - constant,
                    )
                )
        return with_rows(extended, rows)

    def stages(self, model: Formulation) -> Iterator[tuple[Formulation, Sequence[Condition]]]:
        """Yield for each function the model extended by the earlier ones, and the conditions to be proved there."""
        for k, function in enumerate(self.functions):
            conditions = list(function.conditions())
            if conditions:
                yield Extension(self.functions[:k]).extend(model), conditions

    def apply(self, point: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Return `point` with all outputs added; raises `MappingError` where a function is not defined."""
        values = dict(point)
        for function in self.functions:
            values.update(function.evaluate(values))
        return values

    def substitute(self, replacements: Mapping[str, AffineExpression]) -> Extension:
        """Return the extension with source variables replaced in every function."""
        return Extension(tuple(function.substitute(replacements) for function in self.functions))

    def needed_for(self, names: Mapping[str, object] | set[str]) -> Extension:
        """Return the functions on which the values of `names` depend, directly or not, in order."""
        wanted = set(names)
        kept: list[TotalFunction] = []
        for function in reversed(self.functions):
            if any(output.name in wanted for output in function.outputs):
                kept.append(function)
                wanted.update(name for expression in function.inputs for name in expression.terms)
        return Extension(tuple(reversed(kept)))


def _check_sources(function: TotalFunction, known: set[str]) -> None:
    for expression in function.inputs:
        for name in expression.terms:
            if name not in known:
                raise MappingError(
                    f"the function {function.name!r} uses {name!r}, which is neither a variable of the model nor the "
                    "output of an earlier function"
                )
