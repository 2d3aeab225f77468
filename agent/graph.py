"""The graph: ingest → screen → recall → plan → test → verify → conclude, reflect leading back to plan. Wiring only.

Where the settings allow it, an open answer leads from conclude to ask, and the user's hint from there to plan.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Send

from agent.context import RunContext
from agent.nodes.ask import ask
from agent.nodes.conclude import conclude
from agent.nodes.ingest import ingest
from agent.nodes.plan import plan
from agent.nodes.recall import recall
from agent.nodes.reflect import reflect
from agent.nodes.same_run import of_same_run
from agent.nodes.screen import screen
from agent.nodes.test import test
from agent.nodes.verify import owes_explanation, verify
from agent.state import RunState

NODES: dict[str, Callable[..., Any]] = {
    "ingest": ingest,
    "screen": screen,
    "recall": recall,
    "plan": plan,
    "test": test,
    "verify": verify,
    "reflect": reflect,
    "conclude": conclude,
    "ask": ask,
}

Graph = CompiledStateGraph[RunState, RunContext, RunState, RunState]


def build_graph(checkpointer: BaseCheckpointSaver[Any] | None = None) -> Graph:
    """Return the compiled graph; with a checkpointer, a killed run resumes after its last completed node."""
    graph: StateGraph[RunState, RunContext, RunState, RunState] = StateGraph(RunState, context_schema=RunContext)
    for name, node in NODES.items():
        # A branch of test sees its own task only, and ingest begins the run.
        graph.add_node(name, node if name in ("ingest", "test") else of_same_run(node))
    graph.add_edge(START, "ingest")
    graph.add_edge("ingest", "screen")
    graph.add_edge("screen", "recall")
    graph.add_edge("recall", "plan")
    graph.add_conditional_edges("plan", after_plan, ["test", "verify", "conclude"])
    # A plain edge waits for every branch; a routed one would be asked once for each, knowing its own result only.
    graph.add_edge("test", "verify")
    graph.add_conditional_edges("verify", after_verify, ["reflect", "conclude"])
    graph.add_conditional_edges("reflect", after_reflect, ["plan", "verify", "conclude"])
    graph.add_conditional_edges("conclude", after_conclude, ["ask", END])
    graph.add_conditional_edges("ask", after_ask, ["plan", END])
    return graph.compile(checkpointer=checkpointer)


def after_plan(state: RunState) -> list[Send] | str:
    """Test every queued hypothesis in its own branch; without one, answer in full about a refuted mapping, or end."""
    queue = state.get("queue", [])
    if queue:
        shared = {"pool": state.get("pool", []), "facts": state.get("facts", {})}
        return [Send("test", {"hypothesis": document, **shared}) for document in queue]
    return "verify" if owes_full_answer(state) else "conclude"


def after_verify(state: RunState) -> str:
    """End when a mapping fulfils the contract or the search is over; else learn from what failed."""
    fulfilled = any(finding["outcome"] == "fulfilled" for finding in state.get("findings", []))
    return "conclude" if fulfilled or state.get("exhausted") or state.get("stop") else "reflect"


def after_reflect(state: RunState) -> str:
    """Plan again unless no mapping can do or a budget has ended; some mappings still get their full answer then."""
    if state.get("impossible"):
        return "conclude"
    if not state.get("stop"):
        return "plan"
    return "verify" if owes_full_answer(state) else "conclude"


def after_conclude(state: RunState) -> str:
    """Ask the user when a hint may help; else the report is final."""
    return "ask" if state.get("asking") else END


def after_ask(state: RunState) -> str:
    """Go on with the user's hint, or end without one."""
    return "plan" if state.get("asking") else END


def owes_full_answer(state: RunState) -> bool:
    """Say whether a mapping still waits for a verification with all that is left of the budget."""
    return bool(state.get("deferred")) or owes_explanation(state)
