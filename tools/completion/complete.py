"""Total mappings into a target model from some of its variables, given as affine expressions in source variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tools.claims.objective_relation import ObjectiveRelation
from tools.completion.rows import OBJECTIVE, OpenRow
from tools.completion.samples import Samples
from tools.completion.search import Fuel, completions
from tools.completion.state import Proposal, State, Task
from tools.exact.budget import Budget
from tools.exact.prover import Prover
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.mapping.extension import Extension
from tools.mapping.total import TotalMapping

BLOCKS = 200
"""How many blocks of open variables one completion may look at beyond …"""

BLOCKS_A_VARIABLE = 4
"""… so many for each variable of the target."""

Equation = tuple[AffineExpression, AffineExpression]
"""An expression in target variables, and the one in source variables that it must equal."""


def complete(
    source: Prover,
    target: Formulation,
    partial: Mapping[str, AffineExpression],
    *,
    equations: Sequence[Equation] = (),
    objective: ObjectiveRelation | None = None,
    budget: Budget | None = None,
    notes: list[str] | None = None,
) -> Iterator[TotalMapping]:
    """Yield maps from F(source) to F(target) that extend `partial`, lazily, the likeliest first; none is proved.

    Every map satisfies at all sample points of the source: rows, bounds and integrality of the target, `equations`
    (target expression equals source expression), and, with `objective`, c_T(map(x)) ≤ objective(c_S(x)) between
    minimisation forms: for a lifting pass the inverse of the relation that its recovery has. What was tried in vain is
    added to `notes`.

    >>> from tools.formulation.lp_reader import parse_lp
    >>> stock = parse_lp("min p1 + p2 + h s\\nst\\n p1 - s = 3\\n p2 + s = 4\\nend".replace("h ", "2 "))
    >>> plain = parse_lp("min 3 q1 + q2\\nst\\n q1 + q2 = 7\\n q1 >= 3\\nend")
    >>> given = {"p1": AffineExpression.variable("q1"), "p2": AffineExpression.variable("q2")}
    >>> found = next(complete(Prover(plain, Budget()), stock, given))
    >>> str(found.expressions["s"])
    'q1 - 3'
    """
    prover = source if budget is None else Prover(source.model, budget)
    task = Task(Samples(prover), target, [] if notes is None else notes)
    if not task.samples.points:
        task.notes.append("no point of the source was found, so nothing can be tried")
        return
    state = State.start(task, _rows(task, equations, objective))
    begun = state.with_proposal(Proposal(dict(partial))) if partial else state
    if begun is None:
        task.notes.append("at a sample point of the source, the expressions given break a row or bound of the target")
        return
    seen: set[TotalMapping] = set()
    for state in completions(begun, Fuel(BLOCKS + BLOCKS_A_VARIABLE * len(target.variables))):
        if not state.holds_at_samples():
            continue
        found = _mapping(state)
        if found not in seen:
            seen.add(found)
            yield found


def _rows(task: Task, equations: Sequence[Equation], objective: ObjectiveRelation | None) -> list[OpenRow]:
    model, names = task.model, task.target.variables
    rows: list[OpenRow] = []
    for left, right in equations:
        side = right - AffineExpression.number(left.constant)
        rows.append(OpenRow("equation", left.terms, side, side))
    for i, label in enumerate(model.rows):
        low, high = model.row_lower.finite(i), model.row_upper.finite(i)
        terms = {names[j]: a for j, a in model.row_terms(i).items()}
        lower = None if low is None else AffineExpression.number(low)
        upper = lower if low == high else None if high is None else AffineExpression.number(high)
        rows.append(OpenRow(label, terms, lower, upper))
    if objective is not None:
        cost = {names[j]: a for j, a in task.target.cost_terms.items()}
        source = task.source
        constant = objective(source.cost_constant) - task.target.cost_constant
        terms = {source.variables[j]: objective.scale * a for j, a in source.cost_terms.items()}
        rows.append(OpenRow(OBJECTIVE, cost, None, AffineExpression(constant, terms)))
    return rows


def _mapping(state: State) -> TotalMapping:
    expressions = {name: state.known[name] for name in state.task.target.variables}
    used = {name for expression in expressions.values() for name in expression.terms}
    return TotalMapping(expressions, Extension(state.functions).needed_for(used))
