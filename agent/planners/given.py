"""What the user proposes: a whole mapping to be verified, or hints that are tried before anything else."""

from __future__ import annotations

from collections.abc import Iterator

from agent.context import RunContext
from agent.hypothesis import HINT, Attempt, Hypothesis
from agent.planners.from_rules import hypotheses_from_rules
from tools.errors import MappingError
from tools.mapping.affine import AffineExpression, AffineMapping
from tools.mapping.reading import read_mapping
from tools.mapping.rules import expand
from tools.mapping.syntax import Rule, parse_rules
from tools.mapping.total import TotalMapping


def given_hypotheses(context: RunContext) -> Iterator[Hypothesis | Attempt]:
    """Yield the prescribed mapping, and the mapping that all hints make together.

    Raises `MappingError` (an input error) when rules are malformed, name unknown variables or leave others unmapped.
    """
    settings = context.settings
    if settings.mapping is not None:
        read = read_mapping(settings.mapping, context.reference.variables, context.candidate.variables)
        yield Hypothesis(
            read.total,
            "user:mapping",
            "the mapping that the user gave",
            "this mapping",
            read.lifting,
            read.recovery.completed,
        )
    yield from hinted_hypotheses(context, "\n".join(settings.hints))


def hinted_hypotheses(context: RunContext, text: str) -> Iterator[Hypothesis | Attempt]:
    """Yield the mapping that the rules in `text` make together, none where there are no rules.

    A hint may leave out reference variables whose name the candidate shares. Where a hint has open coefficients `?`,
    they are filled, and variables without a hint or a shared name are completed. Raises `MappingError` (an input error)
    when rules are malformed, name unknown variables or leave other variables unmapped.
    """
    rules = parse_rules(text)
    if any(rule.is_sketch for rule in rules):
        yield from hypotheses_from_rules(context, rules, HINT, "the sketch that the user hinted at")
    elif rules:
        hinted = _from_hints(context, rules)
        yield Hypothesis(
            TotalMapping.from_affine(hinted),
            HINT,
            "the rules that the user hinted at",
            "this mapping",
            completed=hinted.completed,
        )


def _from_hints(context: RunContext, rules: list[Rule]) -> AffineMapping:
    reference, candidate = context.reference.variables, context.candidate.variables
    hinted = expand(rules, reference, candidate, partial=True)
    expressions = dict(hinted.expressions)
    known = context.candidate.variable_index
    missing = []
    for name in reference:
        if name in expressions:
            continue
        if name in known:
            expressions[name] = AffineExpression.variable(name)
        else:
            missing.append(name)
    if missing:
        raise MappingError(
            f"the hints leave {len(missing)} variable(s) unmapped, such as {missing[0]!r}; add a rule for each"
        )
    return AffineMapping({name: expressions[name] for name in reference}, hinted.completed)
