"""The commands that serve: ui and mcp."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.settings import Settings
from ui.cli_options import (
    BaseUrlOption,
    MemoryOption,
    ModelLimitOption,
    ModelOption,
    PlannerOption,
    end,
)

_DEFAULTS = Settings()


def ui(
    context: typer.Context,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Where to listen; other machines reach it only if you say so.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="N", min=1, max=65_535, help="The port.")] = 8501,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")] = True,
    history: Annotated[
        str | None, typer.Option(metavar="DIR", help="Where conversations are kept; by default your data folder.")
    ] = None,
    memory: MemoryOption = None,
    planner: PlannerOption = _DEFAULTS.planner,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    model_limit: ModelLimitOption = None,
) -> None:
    """Serve the chat page on this machine.

    \b
    Examples:
      quasikarp ui
      quasikarp ui --port 8600 --no-browser --memory none
      quasikarp ui --model gpt-5-mini
    """

    def action() -> int:
        from ui.page.options import PageOptions
        from ui.page.server import serve

        options = PageOptions(memory, history, planner, model, base_url, tuple(model_limit or ()))
        return serve(options, address=host, port=port, open_browser=browser)

    end(context, action)


def mcp(context: typer.Context) -> None:
    """Serve the tools check, verify, read, transform, recall and explain to a language model over MCP.

    A client, such as a desktop assistant or an editor, starts this command and talks to it on stdin and stdout. No
    language model is needed on this side. Paths in requests are read with your rights. docs/mcp.md tells more.

    \b
    Example of a client's configuration:
      {"mcpServers": {"quasikarp": {"command": "quasikarp", "args": ["mcp"]}}}
    """

    def action() -> int:
        from ui.tool_server import serve

        return serve()

    end(context, action)
