"""A run that goes on from a checkpoint goes on with its own models and contract, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from langgraph.runtime import Runtime

from agent.context import RunContext
from agent.state import RunState
from tools.errors import InputError


def of_same_run(node: Callable[..., Any]) -> Callable[..., Any]:
    """Return the node behind a guard: what fulfils a contract for one pair must not count for another of either."""

    @wraps(node)
    def guarded(state: RunState, runtime: Runtime[RunContext]) -> Any:
        context = runtime.context
        for side, model in state["models"].items():
            if getattr(context, side).content_hash != model["hash"]:
                raise InputError(f"this run began with another {side}; go on with that one, or begin a new run")
        if context.settings.contract != state["contract"]:
            raise InputError(f"this run began under {state['contract']}; go on under it, or begin a new run")
        return node(state, runtime)

    return guarded
