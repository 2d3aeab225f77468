"""Pairs of models for tests of completions, and a proof of what a completion claims that shares no code with it."""

import itertools
from collections.abc import Callable, Sequence
from fractions import Fraction

from small_models import model

from tools.completion.complete import complete
from tools.exact.budget import Budget
from tools.exact.prover import Proved, Prover
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.mapping.total import TotalMapping

Equations = Sequence[tuple[AffineExpression, AffineExpression]]


def var(name: str) -> AffineExpression:
    return AffineExpression.variable(name)


def total(*names: str, **weights: int) -> AffineExpression:
    return AffineExpression(Fraction(0), {**dict.fromkeys(names, Fraction(1)), **weights})


def first(source: Formulation, target: Formulation, partial, **options) -> TotalMapping | None:
    return next(complete(Prover(source, Budget()), target, partial, **options), None)


def proved(source: Formulation, target: Formulation, found: TotalMapping, equations: Equations = ()) -> bool:
    """Prove conditions, bounds, rows and equations on the extended source; integrality by whole coefficients."""
    for stage, conditions in found.extension.stages(source):
        prover = Prover(stage, Budget())
        for condition in conditions:
            if not _within(prover, condition.expression, condition.lower, condition.upper):
                return False
            if condition.integral and not _is_whole(stage, condition.expression):
                return False
    extended = found.extension.extend(source)
    prover = Prover(extended, Budget())
    forms = [(var(name), target.lower.finite(j), target.upper.finite(j)) for j, name in enumerate(target.variables)]
    forms += [
        (
            AffineExpression(Fraction(0), {target.variables[j]: a for j, a in target.row_terms(i).items()}),
            target.row_lower.finite(i),
            target.row_upper.finite(i),
        )
        for i in range(len(target.rows))
    ]
    if not all(_within(prover, form.substitute(found.expressions), low, high) for form, low, high in forms):
        return False
    if not all(_within(prover, e.substitute(found.expressions) - y, Fraction(0), Fraction(0)) for e, y in equations):
        return False
    whole = [name for j, name in enumerate(target.variables) if target.integer[j]]
    return all(_is_whole(extended, found.expressions[name]) for name in whole)


def _within(prover: Prover, expression: AffineExpression, low: Fraction | None, high: Fraction | None) -> bool:
    for side, sign in ((low, 1), (high, -1)):
        if side is None:
            continue
        form = {prover.model.variable_index[v]: sign * a for v, a in expression.terms.items()}
        if not isinstance(prover.at_least(form, sign * (side - expression.constant)), Proved):
            return False
    return True


def _is_whole(source: Formulation, expression: AffineExpression) -> bool:
    numbers = (expression.constant, *expression.terms.values())
    return all(number.denominator == 1 for number in numbers) and all(
        source.integer[source.variable_index[v]] for v in expression.terms
    )


def assignment(n: int, arc: Callable[[int, int], str]) -> tuple[dict, list]:
    """Return binaries and degree rows of tours over nodes 0 … n − 1."""
    binaries = {arc(i, j): (0, 1) for i, j in itertools.permutations(range(n), 2)}
    rows = [({arc(i, j): 1 for j in range(n) if j != i}, 1, 1) for i in range(n)]
    rows += [({arc(j, i): 1 for j in range(n) if j != i}, 1, 1) for i in range(n)]
    return binaries, rows


def tour_by_positions(n: int, arc, position: Callable[[int], str]) -> Formulation:
    """Return Miller, Tucker and Zemlin's model, the depot being node 0."""
    binaries, rows = assignment(n, arc)
    positions = {position(i): (1, n - 1) for i in range(1, n)}
    for i, j in itertools.permutations(range(1, n), 2):
        rows.append(({position(i): 1, position(j): -1, arc(i, j): n - 1}, None, n - 2))
    return model(positions, binaries, minimize={arc(0, 1): 3, arc(1, 2): 1}, rows=rows)


def tour_by_flow(n: int, arc, flow: Callable[[int, int], str]) -> Formulation:
    """Return Gavish and Graves' single-commodity flow model: node 0 sends n − 1 units, every other node keeps one."""
    binaries, rows = assignment(n, arc)
    flows = {flow(i, j): (0, n - 1) for i, j in itertools.permutations(range(n), 2)}
    for i in range(1, n):
        balance = {flow(j, i): 1 for j in range(n) if j != i} | {flow(i, j): -1 for j in range(n) if j != i}
        rows.append((balance, 1, 1))
    rows += [({flow(i, j): 1, arc(i, j): 1 - n}, None, 0) for i, j in itertools.permutations(range(n), 2)]
    return model(flows, binaries, minimize={arc(0, 1): 3, arc(1, 2): 1}, rows=rows)


def tour_by_flows(n: int, arc, flow: Callable[[int, int, int], str]) -> Formulation:
    """Return Wong's multi-commodity flow model: one unit from node 0 to each other node k."""
    binaries, rows = assignment(n, arc)
    flows = {flow(k, i, j): (0, 1) for k in range(1, n) for i, j in itertools.permutations(range(n), 2)}
    for k in range(1, n):
        for i in range(n):
            balance = {flow(k, i, j): 1 for j in range(n) if j != i} | {flow(k, j, i): -1 for j in range(n) if j != i}
            supply = 1 if i == 0 else -1 if i == k else 0
            rows.append((balance, supply, supply))
        rows += [({flow(k, i, j): 1, arc(i, j): -1}, None, 0) for i, j in itertools.permutations(range(n), 2)]
    return model(flows, binaries, minimize={arc(0, 1): 3, arc(1, 2): 1}, rows=rows)
