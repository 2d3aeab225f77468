"""Reads expressions from rules, and compares them on a whole feasible set with exact proofs."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tools.exact.budget import Budget
from tools.exact.proofs import SolverProof
from tools.exact.prover import Proved, Prover
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.mapping.rules import expand, parse_rules


def prover(model: Formulation) -> Prover:
    return Prover(model, Budget(solve_seconds=5.0))


def read(rules: str, reference: Formulation, candidate: Formulation) -> dict[str, AffineExpression]:
    """Return the expressions that rules, separated by semicolons, give for some reference variables."""
    return dict(
        expand(
            parse_rules(rules.replace(";", "\n")), reference.variables, candidate.variables, partial=True
        ).expressions
    )


def in_disguise(expressions: Mapping[str, AffineExpression], meaning: Mapping[str, str]) -> dict[str, AffineExpression]:
    """Return expressions over meanings as expressions over the names that have them."""
    alias = {name: AffineExpression.variable(disguise) for disguise, name in meaning.items()}
    return {name: expression.substitute(alias) for name, expression in expressions.items()}


def plain(expressions: Mapping[str, AffineExpression]) -> dict[str, str]:
    """Return each expression as text, its variables in order."""
    return {name: str(AffineExpression(e.constant, dict(sorted(e.terms.items())))) for name, e in expressions.items()}


def differing(
    candidate: Formulation, one: Mapping[str, AffineExpression], other: Mapping[str, AffineExpression]
) -> list[str]:
    """Return the names whose two expressions are not shown, exactly, to be equal at every candidate solution."""
    return [name for name in one.keys() | other.keys() if not _equal(prover(candidate), one.get(name), other.get(name))]


def _equal(candidate: Prover, one: AffineExpression | None, other: AffineExpression | None) -> bool:
    if one is None or other is None:
        return False
    difference = one - other
    form = {candidate.model.variable_index[name]: a for name, a in difference.terms.items()}
    sides = [(form, -difference.constant), ({k: -a for k, a in form.items()}, difference.constant)]
    return all(_is_shown(candidate, terms, target) for terms, target in sides)


def _is_shown(candidate: Prover, form: Mapping[int, Fraction], target: Fraction) -> bool:
    answer = candidate.at_least(form, target)
    return isinstance(answer, Proved) and not isinstance(answer.proof, SolverProof)
