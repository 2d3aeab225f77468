"""`quasikarp mcp`: the tools for language models, served over MCP on stdin and stdout."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.metadata import version
from inspect import cleandoc
from typing import Any

from mcp.types import ToolAnnotations

from tools.transform.registry import TRANSFORMATIONS
from ui.running.spare import SPARE
from ui.tool_server_call import ToolServer
from ui.tool_server_tools import certify, check, explain, read, recall, transform, verify, verify_certificate

_TOOLS: tuple[Callable[..., Any], ...] = (
    check, verify, certify, verify_certificate, read, transform, recall, explain,
)  # fmt: skip

_INSTRUCTIONS = (
    "quasikarp decides whether a candidate optimization model (linear or mixed-integer) reformulates a reference. "
    "Use check for a verdict, verify for a mapping that you propose yourself, read to see a model and its names, "
    "certify for a proof that others can check. "
    "Verdicts rest on exact proofs and counterexamples; what you propose is always verified."
)


def serve() -> int:
    """Answer requests until stdin ends; return 0. Nothing but the protocol is on stdout."""
    if sys.stdin is not None and sys.stdin.isatty():
        print("quasikarp: waiting for an MCP client on stdin; docs/mcp.md says how to set one up", file=sys.stderr)
    server = tool_server()
    SPARE.keep()
    try:
        server.run("stdio")
    except BaseExceptionGroup as group:
        if group.split(BrokenPipeError)[1] is not None:
            raise
        raise BrokenPipeError from group  # the client went away before it had its answer
    finally:
        SPARE.close()
    return 0


def tool_server() -> ToolServer:
    """Return the server with all its tools."""
    server = ToolServer(
        "quasikarp",
        title="quasikarp",
        description="Checks whether a candidate optimization model reformulates a reference model",
        instructions=_INSTRUCTIONS,
        version=version("quasikarp"),
        log_level="ERROR",
    )
    looks = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    learns = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
    for tool in _TOOLS:
        about = cleandoc(tool.__doc__ or "")
        if tool is transform:
            kinds = "\n".join(f"- {kind.name}: {kind.summary}" for kind in TRANSFORMATIONS.values())
            about = f"{about}\n\nKinds of steps:\n{kinds}"
        server.add_tool(tool, description=about, annotations=learns if tool is check else looks)
    return server
