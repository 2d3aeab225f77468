"""The kind of reformulation in a few words: what the mapping does to variables, and what became of the numbers."""

from __future__ import annotations

from collections.abc import Mapping

from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression


def kind_of(
    reference: Formulation,
    candidate: Formulation,
    expressions: Mapping[str, AffineExpression],
    with_functions: bool = False,
) -> str:
    """Return words joined by "+", such as "digits+more-rows": the same for the same sort of change."""
    words = {word for name, expression in expressions.items() for word in _words(name, expression)}
    if with_functions:
        words.add("completed")
    for what, before, after in (
        ("variables", len(reference.variables), len(candidate.variables)),
        ("rows", len(reference.rows), len(candidate.rows)),
    ):
        if after != before:
            words.add(f"{'more' if after > before else 'fewer'}-{what}")
    return "+".join(sorted(words)) or "same"


def _words(name: str, expression: AffineExpression) -> set[str]:
    words = {"shift"} if expression.constant else set()
    sizes = sorted({abs(a) for a in expression.terms.values()})
    if not expression.terms:
        return {"constant"}
    if len(expression.terms) == 1:
        ((other, a),) = expression.terms.items()
        if a == -1:
            words.add("negation")
        elif a != 1:
            words.add("scaling")
        elif other != name:
            words.add("renaming")
        return words
    signs = {a > 0 for a in expression.terms.values()}
    if sizes == [1]:
        return words | {"sum" if len(signs) == 1 else "difference"}
    powers = [sizes[0] * base**k for base in (2, 10) for k in range(len(sizes))]
    geometric = len(sizes) == len(expression.terms) and sizes[0] == 1
    if geometric and (sizes == powers[: len(sizes)] or sizes == powers[len(sizes) :]):
        return words | {"digits"}
    return words | {"combination"}
