"""What a language model proposes, as data: each rule is read like a user's, and what cannot be used is told back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from agent.context import RunContext
from agent.hypothesis import Attempt, Hypothesis
from agent.language.one_line import one_line
from agent.planners.from_rules import hypotheses_from_rules
from tools.errors import MappingError
from tools.mapping.rules import Work, expand
from tools.mapping.syntax import Rule, parse_rules
from tools.synthesis.sketch import read_sketch

MOST_HYPOTHESES = 5
MOST_RULES = 60
LONGEST_RULE = 600
MOST_FAULTS = 4
"""Faulty rules of one hypothesis that the model is told about."""

WORK_LIMIT = 1_000_000
"""Terms that the rules of one hypothesis may expand to, each of them at most half of what is left: one that expands
without end leaves something to those after it."""

FILL_SHARE = 8
"""The fill of its open coefficients may use one part in this many of the run's work limits for a single question."""

_FORM = ConfigDict(extra="ignore")

# The schema asks for less than what is taken: small models go on for as long as they may.
_Rule = Annotated[str, Field(json_schema_extra={"maxLength": 300})]
_Note = Annotated[str, Field(max_length=2_000, json_schema_extra={"maxLength": 160})]


class ProposedMapping(BaseModel):
    """One mapping as the model writes it."""

    model_config = _FORM

    rules: list[_Rule] = Field(max_length=MOST_RULES, json_schema_extra={"maxItems": 30})
    completed: list[_Note] = Field(default_factory=list, max_length=MOST_RULES, json_schema_extra={"maxItems": 10})
    objective: _Note = ""
    rationale: _Note = ""


class Answer(BaseModel):
    """What the model proposes, the likeliest first."""

    model_config = _FORM

    hypotheses: list[ProposedMapping] = Field(max_length=MOST_HYPOTHESES, json_schema_extra={"maxItems": 3})
    remark: _Note = ""


def hypotheses_of(
    context: RunContext, proposed: ProposedMapping, origin: str, share_of_time: float
) -> Iterator[Hypothesis | Attempt]:
    """Yield the hypotheses that a proposed mapping makes, and what could not be used of it.

    Faulty rules are left out, and what they would have mapped is completed where it can be. Open coefficients and
    completions may take a share of the time left.
    """
    rules, faults = usable_rules(context, proposed.rules, proposed.completed)
    if faults:
        yield Attempt(origin, tuple(proposed.rules), "; ".join(faults))
    if not rules:
        if not faults:
            yield Attempt(origin, (), "it holds no rule")
        return
    rationale = one_line(proposed.rationale, 200) or "no reason was given"
    if proposed.objective.strip():
        rationale += f" (of the objective it says: {one_line(proposed.objective, 100)})"  # σ is read off, not believed
    budget = context.budget.smaller(FILL_SHARE).ending(context.budget.remaining * share_of_time)
    try:
        yield from hypotheses_from_rules(context, rules, origin, rationale, budget=budget, work=Work(WORK_LIMIT))
    except MappingError as error:
        yield Attempt(origin, tuple(rule.text for rule in rules), one_line(str(error), 300))


def usable_rules(
    context: RunContext, texts: Sequence[str], completed: Sequence[str] = ()
) -> tuple[list[Rule], list[str]]:
    """Return the rules that can be read and expanded by themselves, and what is wrong with the others.

    Rules for variables that are to be completed are left out: values for them are sought anew.
    """
    ours, theirs = context.names
    left_out = {text.strip() for text in completed}
    usable: list[Rule] = []
    faults: list[str] = []
    left = WORK_LIMIT
    for text in texts:
        line = text.strip()
        if not line:
            continue
        try:
            if len(line) > LONGEST_RULE:
                raise MappingError(f"the rule {line[:60]!r}… is longer than {LONGEST_RULE} characters")
            for rule in parse_rules(line):
                if rule.text.partition("=")[0].strip() in left_out:
                    continue
                work = Work(left // 2)
                try:
                    if rule.is_sketch:
                        read_sketch([rule], ours, theirs, work=work)
                    else:
                        expand([rule], ours, theirs, partial=True, work=work)
                finally:
                    left -= min(work.spent, work.limit)
                usable.append(rule)
        except MappingError as error:
            faults.append(one_line(str(error), 300))
        except RecursionError:
            faults.append(f"the rule {line[:60]!r}… is nested too deeply")
    if len(faults) > MOST_FAULTS:
        faults = [*faults[:MOST_FAULTS], f"{len(faults) - MOST_FAULTS} more faulty rules"]
    return usable, faults
