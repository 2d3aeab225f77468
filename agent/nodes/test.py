"""Test: kill a hypothesis cheaply on the pool of exact candidate points. One branch a hypothesis, in parallel."""

from __future__ import annotations

from fractions import Fraction

from langgraph.runtime import Runtime

from agent.context import RunContext
from agent.hypothesis import RULES_SHOWN, TrialDocument
from agent.known_facts import restore
from agent.lessons import lesson_at
from agent.nodes.points import read_point
from agent.nodes.step import step
from agent.state import RunState, TestTask
from tools.claims.carrier import Carrier
from tools.claims.explain import number, violation_text
from tools.claims.facts import Facts
from tools.claims.rounding import is_significant
from tools.formulation.model import Formulation
from tools.mapping.printing import abbreviate


def test(task: TestTask, runtime: Runtime[RunContext]) -> RunState:
    """Return what became of the hypothesis: refuted by a point of the pool, or still undecided.

    A point whose image is infeasible refutes under the contract "reformulation"; under "quasi-karp" only an optimal
    point does, since there only optima must carry over.
    """
    context, document = runtime.context, task["hypothesis"]
    with step("test") as log:
        restore(context, task["facts"])
        carrier = context.carrier(document)
        trial: TrialDocument = {
            "id": document["id"],
            "origin": document["origin"],
            "rules": abbreviate(document["rules"], RULES_SHOWN),
            "outcome": "undecided",
            "reason": "",
            "rank": 0,
            "lesson": "",
        }
        for text in task["pool"]:
            reason, fatal = _failure(context, carrier, text)
            if reason is not None and not trial["lesson"]:
                trial["lesson"] = lesson_at(carrier, read_point(text), reason)
            if reason is not None and fatal:
                trial["outcome"], trial["reason"] = "refuted", reason
                trial["lesson"] = lesson_at(carrier, read_point(text), reason)
                log(f"refuted ({document['origin']}): {reason}")
                break
            if reason is not None:
                trial["rank"] += 1
        else:
            log(f"passes {len(task['pool'])} points ({document['origin']})")
    return {"trials": [trial], "seconds": {**log.seconds, document["origin"]: log.seconds["test"]}}


def _failure(context: RunContext, carrier: Carrier, text: str) -> tuple[str | None, bool]:
    """Return why the image of a pool point fails, and whether that refutes the contract."""
    point = read_point(text)
    lifted = carrier.lifted(point)
    if lifted is None:
        return "a function of the mapping is not defined at a candidate solution", False
    image = carrier.mapping.apply(lifted)
    reference, candidate = context.reference, context.candidate
    reference_facts, candidate_facts = context.pair.known_facts
    optimal = candidate_facts is not None and _is_optimal(candidate, candidate_facts, point)
    fatal = optimal or context.settings.contract == "reformulation"
    broken = reference.violations(image, limit=1)
    if broken and carrier.completed:
        return "a candidate solution maps to a point that the rules for completed variables do not make feasible", False
    if broken:
        violation = broken[0]
        scale = abs(violation.activity) + abs(violation.limit or Fraction(0))
        if is_significant(violation.amount, scale, reference, candidate):
            what = "an optimal candidate solution" if optimal else "a candidate solution"
            return f"{what} maps to a point that breaks {violation_text(reference, violation, image)}", fatal
        return None, False
    if optimal and reference_facts is not None and reference_facts.upper is not None:
        loss = reference.cost_value(image) - reference_facts.upper
        if loss > 0 and is_significant(loss, abs(reference_facts.upper), reference, candidate):
            values = f"objective {number(_own(reference, reference.cost_value(image)))}"
            values += f" where {number(_own(reference, reference_facts.upper))} is reached"
            return f"an optimal candidate solution maps to a point that is not optimal in the reference: {values}", True
    return None, False


def _own(model: Formulation, cost: Fraction) -> Fraction:
    """Return a minimisation value in the model's own sense."""
    return -cost if model.sense == "maximize" else cost


def _is_optimal(model: Formulation, facts: Facts, point: list[Fraction]) -> bool:
    return facts.lower is not None and not facts.gap and model.cost_value(point) <= facts.lower
