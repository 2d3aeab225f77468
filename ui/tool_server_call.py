"""A tool call is a run: its steps are the call's progress, its end the answer, and a cancelled call stops it."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import psutil
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.types import CallToolResult, InputRequiredResult, TextContent
from pydantic import ValidationError

from tools.formulation.content import is_model_text
from ui.running.run import Limits, Run
from ui.safe_text import safe, safe_sentence

LONGEST_JSON_TEXT = 200_000
"""Characters of an answer that are repeated as text for clients that know no structured content."""

_LOOK_EVERY = 0.05
_MEMORY_SHARE = 0.8
_FAULTS_TOLD = 4
_SURROGATE = re.compile("[\ud800-\udfff]")


class ToolServer(MCPServer[Any]):
    """A server whose errors are one line, and which refuses arguments that a tool does not have."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """Return what the tool answers; raises `ToolError` with one line."""
        known = {tool.name: tool.input_schema for tool in await self.list_tools()}
        if name not in known:
            raise ToolError(f"unknown tool {safe(name)!r}; known are {', '.join(known)}")
        unknown = sorted(set(arguments) - set(known[name]["properties"]))
        if unknown:
            listed = ", ".join(known[name]["properties"])
            raise ToolError(f"{name} has no argument {safe(unknown[0])!r}; its arguments are {listed}")
        try:
            return await super().call_tool(name, arguments, context)
        except UnexpectedToolError:
            raise
        except ToolError as error:
            raise ToolError(_one_line(error.__cause__ or error)) from error.__cause__


async def answered(job: Mapping[str, Any], context: Context[Any, Any], seconds: float) -> dict[str, Any]:
    """Return the result of a job that may take so many seconds once it is its turn.

    Its steps are told as progress; when the call is cancelled, it is stopped. Raises `ToolError` where it fails.
    """
    async with _turns():
        run = Run.start(job, limits=Limits(seconds, _memory()))
        try:
            told = 0
            while not run.wait(0):
                for event in run.events[told:]:
                    told += 1
                    await context.report_progress(told, None, event["message"])
                await asyncio.sleep(_LOOK_EVERY)
        finally:
            run.stop()
    if run.result is None:
        error = run.error or {"kind": "internal", "message": "the run was stopped"}
        raise ToolError(error["message"] if error["kind"] == "input" else f"{error['kind']}: {error['message']}")
    return _sendable(run.result)


def told(result: dict[str, Any], text: str) -> CallToolResult:
    """Return the answer of a tool: the text to read, and the result as structured content and, where short, as text."""
    written = json.dumps(result, ensure_ascii=False)
    if len(written) > LONGEST_JSON_TEXT:
        written = f"The whole answer has {len(written)} characters; it is in the structured content only."
    return CallToolResult(
        content=[TextContent(type="text", text=part) for part in (text, written) if part], structured_content=result
    )


def source_of(given: str) -> dict[str, str]:
    """Return the source that an argument means: the text of a model, or else the path of one."""
    return {"text": given} if is_model_text(given) else {"path": given.strip()}


@cache
def _turns() -> asyncio.Semaphore:
    """Return what lets as many runs go on at once as there are processors."""
    return asyncio.Semaphore(_processors())


def _processors() -> int:
    return max(1, len(os.sched_getaffinity(0)))


def _memory() -> int:
    return int(psutil.virtual_memory().total * _MEMORY_SHARE) // _processors()


def _one_line(error: BaseException) -> str:
    if isinstance(error, ValidationError):
        faults = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        return safe_sentence("; ".join(faults[:_FAULTS_TOLD]))
    return safe_sentence(str(error), 1_000)


def _sendable(result: dict[str, Any]) -> dict[str, Any]:
    """Return the result with half characters written out, which no JSON in UTF-8 can hold."""
    text = json.dumps(result, ensure_ascii=False)
    if not _SURROGATE.search(text):
        return result
    sent: dict[str, Any] = json.loads(_SURROGATE.sub(lambda found: f"\\\\u{ord(found[0]):04x}", text))
    return sent
