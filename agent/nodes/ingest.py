"""Ingest: read and validate both models, record what they are."""

from __future__ import annotations

from typing import Any

from langgraph.runtime import Runtime

from agent.context import RunContext
from agent.nodes.step import step
from agent.state import RunState
from tools.errors import InputError
from tools.formulation.model import Formulation


def ingest(state: RunState, runtime: Runtime[RunContext]) -> RunState:
    """Return sizes and hashes of both models, and the contract.

    Raises `InputError` when a model cannot be used, or for a second run: what a thread of a checkpointer has kept would
    count for the new one, another pair's verified mapping, say.
    """
    if state.get("models"):
        raise InputError("this thread holds a run already; give each run a thread_id of its own")
    context = runtime.context
    with step("ingest") as log:
        models = {"reference": describe(context.reference), "candidate": describe(context.candidate)}
        for side, model in models.items():
            log(f"{side} {model['name']}: {model['variables']} variables, {model['constraints']} rows")
    return {"models": models, "contract": context.settings.contract, "seconds": log.seconds}


def describe(model: Formulation) -> dict[str, Any]:
    """Return name, sizes and content hash of a model."""
    return {
        "name": model.name,
        "variables": len(model.variables),
        "integers": int(model.integer.sum()),
        "constraints": len(model.rows),
        "nonzeros": model.nonzeros,
        "hash": model.content_hash,
        "written_by": model.written_by,
    }
