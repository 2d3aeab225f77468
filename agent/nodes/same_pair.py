"""A run that goes on from a checkpoint goes on with the models that it began with, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from langgraph.runtime import Runtime

from agent.context import RunContext
from agent.state import RunState
from tools.errors import InputError


def of_same_pair(node: Callable[..., Any]) -> Callable[..., Any]:
    """Return the node behind a guard: what was verified of one pair must never count for another."""

    @wraps(node)
    def guarded(state: RunState, runtime: Runtime[RunContext]) -> Any:
        for side, model in state["models"].items():
            if getattr(runtime.context, side).content_hash != model["hash"]:
                raise InputError(f"this run began with another {side}; go on with that one, or begin a new run")
        return node(state, runtime)

    return guarded
