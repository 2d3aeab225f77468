"""Ask: wait for a hint of the user's, with the run kept in its checkpoint meanwhile."""

from __future__ import annotations

from langgraph.runtime import Runtime
from langgraph.types import interrupt

from agent.context import RunContext
from agent.hypothesis import HINT
from agent.nodes.verify import latest_trials
from agent.state import RunState
from tools.mapping.syntax import quote_name


def ask(state: RunState, runtime: Runtime[RunContext]) -> RunState:
    """Return the user's answer, after which the search goes on with new limits; an empty one ends the run."""
    hint = str(interrupt(question(state, runtime.context))).strip()
    return {"answers": [hint], "asking": bool(hint), "stop": "", "exhausted": False, "round": 0}


def question(state: RunState, context: RunContext) -> str:
    """Return what to ask: why the answer is open, what became of the last hint, and how a hint is written."""
    shared = context.candidate.variable_index
    names = context.reference.variables
    missing = quote_name(next((name for name in names if name not in shared), names[0]))
    hinted = [trial for trial in latest_trials(state).values() if trial["origin"] == HINT]
    reason = hinted[-1]["reason"] if state.get("answers") and hinted else ""
    return (
        f"{reason or state['report']['reason']}. Do you know how a candidate solution gives {missing}? "
        f"Answer with rules such as {missing} = 2*a + b for candidate variables a and b, "
        "with ? for a coefficient that you do not know"
    )
