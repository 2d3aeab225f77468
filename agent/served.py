"""The graph with JSON in and JSON out, for LangGraph's own tools: `langgraph.json` names `served_graph`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12

from agent.graph import build_graph
from agent.requested_settings import settings_of
from agent.run import STEPS_BEFORE, STEPS_PER_ROUND, run_context
from tools.errors import InputError
from tools.formulation.content import is_model_text
from tools.formulation.model import Formulation
from tools.formulation.read import read, read_text

SETTINGS = ("contract", "time_limit", "rounds", "seed", "mapping", "hints", "memory", "planner", "ask")
"""The settings that a request may hold."""


class Request(TypedDict, total=False):
    """Two models, each LP, MPS or JSON text or the path of a file, and settings by their names (see `Settings`)."""

    reference: str
    candidate: str
    settings: dict[str, Any]


class Answer(TypedDict, total=False):
    """The report as JSON data."""

    report: dict[str, Any]


class _Exchange(Request, Answer, total=False):
    pass


ServedGraph = CompiledStateGraph[_Exchange, None, Request, Answer]


def served_graph() -> ServedGraph:
    """Return a graph of one node, in which the whole run is a subgraph.

    A server that keeps checkpoints keeps the run's as well: where the request's settings let the run ask, its question
    is an interrupt of this graph.
    """
    run = build_graph()

    def check(state: _Exchange, config: RunnableConfig) -> _Exchange:
        settings = settings_of(state.get("settings", {}), SETTINGS)
        reference = model_of(state.get("reference"), "reference")
        candidate = model_of(state.get("candidate"), "candidate")
        with run_context(reference, candidate, settings) as context:
            limited: RunnableConfig = {**config, "recursion_limit": STEPS_BEFORE + STEPS_PER_ROUND * settings.rounds}
            return {"report": run.invoke({}, limited, context=context)["report"]}

    graph: StateGraph[_Exchange, None, Request, Answer] = StateGraph(
        _Exchange, input_schema=Request, output_schema=Answer
    )
    graph.add_node("check", check)
    graph.add_edge(START, "check")
    graph.add_edge("check", END)
    return graph.compile()


def model_of(text: Any, side: str) -> Formulation:
    """Return the model that a request gives for one side, as text or as a path."""
    if not isinstance(text, str) or not text.strip():
        raise InputError(f"the request needs a {side}: a model as text, or the path of one")
    return read_text(text, name=side) if is_model_text(text) else read(Path(text.strip()))
