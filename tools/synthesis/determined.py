"""Reference variables that rows determine once others are mapped: by an equality, or by a candidate row like theirs."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression

_ZERO = AffineExpression(Fraction(0))


def determined(reference: Formulation, given: Mapping[str, AffineExpression]) -> dict[str, AffineExpression]:
    """Return `given` and every variable that is the only unmapped one of an equality, in turn until there are no more.

    Variables that their bounds fix are mapped to their value.
    """
    known = dict(given)
    for j, name in enumerate(reference.variables):
        value = reference.lower.finite(j)
        if name not in known and value is not None and value == reference.upper.finite(j):
            known[name] = AffineExpression(value)
    equalities = [
        i for i in range(len(reference.rows))
        if reference.row_lower.finite(i) is not None and reference.row_lower.finite(i) == reference.row_upper.finite(i)
    ]  # fmt: skip
    while True:
        waiting = []
        for i in equalities:
            found = _missing(reference, i, known)
            if found is None:
                waiting.append(i)
                continue
            name, coefficient, rest = found
            if name:
                known[name] = (AffineExpression(reference.row_lower[i]) - rest) * (1 / coefficient)
        if len(waiting) == len(equalities):
            return known
        equalities = waiting


def residuals(
    reference: Formulation, candidate: Formulation, given: Mapping[str, AffineExpression]
) -> dict[str, list[AffineExpression]]:
    """Return expressions for variables that are the only unmapped one of a row that a candidate row resembles.

    A candidate row with the same coefficients, up to one factor, on all the columns of the mapped part, whose sides are
    on the same side, gives what it has besides, divided by the variable's coefficient. Sides may differ: the constant
    then makes up for it in a second expression.
    """
    result: dict[str, list[AffineExpression]] = {}
    for i in range(len(reference.rows)):
        found = _missing(reference, i, given)
        if found is None or not found[0] or not found[2].terms:
            continue
        name, coefficient, rest = found
        image = {candidate.variable_index[v]: a for v, a in rest.terms.items()}
        first = min(image, key=lambda k: len(candidate.rows_of(k)))
        for r in candidate.rows_of(first).tolist():
            terms = candidate.row_terms(r)
            factor = image[first] / terms[first]
            if len(terms) <= len(image) or any(terms.get(k, 0) * factor != a for k, a in image.items()):
                continue
            left = {candidate.variables[k]: a * factor for k, a in terms.items() if k not in image}
            ours = (reference.row_lower.finite(i), reference.row_upper.finite(i))
            theirs = [candidate.row_lower.finite(r), candidate.row_upper.finite(r)]
            sides = [None if s is None else s * factor for s in (theirs if factor > 0 else theirs[::-1])]
            for our, their in zip(ours, sides, strict=True):
                if our is None or their is None:
                    continue
                expression = AffineExpression(Fraction(0), left) * (1 / coefficient)
                shift = (our - rest.constant - their) / coefficient
                options = result.setdefault(name, [])
                for constant in {Fraction(0), shift}:
                    shifted = expression + AffineExpression(constant)
                    if shifted not in options:
                        options.append(shifted)
    return result


def _missing(
    reference: Formulation, row: int, known: Mapping[str, AffineExpression]
) -> tuple[str, Fraction, AffineExpression] | None:
    """Return the only unmapped variable of the row, its coefficient and the image of the rest; None where several are.

    The name is empty where all are mapped.
    """
    name, coefficient = "", Fraction(1)
    constant = Fraction(0)
    terms: dict[str, Fraction] = {}
    entries = reference.row_terms(row)
    missing = [j for j in entries if reference.variables[j] not in known]
    if len(missing) > 1:
        return None
    for j, a in entries.items():
        expression = known.get(reference.variables[j])
        if expression is None:
            name, coefficient = reference.variables[j], a
            continue
        constant += a * expression.constant
        for v, c in expression.terms.items():
            terms[v] = terms.get(v, Fraction(0)) + a * c
    return name, coefficient, AffineExpression(constant, terms)
