"""The command `quasikarp`: this file only wires options to the commands, which are loaded when they are called."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from ui.check_cli import batch, check
from ui.memory_cli import memory_app
from ui.model_cli import diff, read, transform
from ui.report_cli import apply, draw, explain
from ui.server_cli import mcp, ui
from ui.usage_errors import OneLineUsageErrors

app = typer.Typer(
    name="quasikarp",
    cls=OneLineUsageErrors,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for _command in (check, batch, explain, read, apply, diff, transform, draw, ui, mcp):
    app.command()(_command)
app.add_typer(memory_app)


def main() -> None:
    """Run the command line and exit with its code."""
    app(prog_name="quasikarp")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"quasikarp {version('quasikarp')}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    debug: Annotated[bool, typer.Option("--debug", help="Show a traceback when something fails.")] = False,
    show_version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Decide whether a candidate model reformulates a reference model: a verified mapping or a counterexample.

    \b
    Examples:
      quasikarp check reference.lp candidate.lp
      quasikarp batch pairs.jsonl --out reports.jsonl
      quasikarp read model.mps.gz
      quasikarp ui
    """
    context.obj = debug


if __name__ == "__main__":
    main()
