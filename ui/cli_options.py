"""What the commands share: their common options, and the way from an action to an exit code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, NoReturn

import typer

from tools.report import Contract
from ui.outcome import exit_code_of

ContractOption = Annotated[
    Contract,
    typer.Option(
        help="What must hold: every candidate optimum maps to a reference optimum (quasi-karp), "
        "or the solutions correspond in both directions (reformulation)."
    ),
]
TimeOption = Annotated[float, typer.Option(metavar="S", help="Seconds for one pair, as a last resort.")]
SeedOption = Annotated[int, typer.Option(metavar="N", help="Drives every random choice.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")]


def _usable_place(value: str | None) -> str | None:
    # An unset variable of a shell script must not stand for the user's own memory.
    if value is not None and not value.strip():
        raise typer.BadParameter("it is empty; name a folder or a server's URL")
    if value is not None and "://" in value and not value.startswith(("http://", "https://")):
        raise typer.BadParameter(f"{value!r} is no URL of a memory server; it starts with http:// or https://")
    return value


MemoryOption = Annotated[
    str | None,
    typer.Option(
        metavar="DIR|URL|none",
        callback=_usable_place,
        help="Where verified mappings are kept and recalled from, or none. By default what QUASIKARP_MEMORY names, "
        "else your data folder.",
    ),
]
OpenMemoryOption = Annotated[
    str | None,
    typer.Option(
        "--memory",
        metavar="DIR|URL",
        callback=_usable_place,
        help="A folder or a server's URL. By default what QUASIKARP_MEMORY names, else your data folder.",
    ),
]


def end(context: typer.Context, action: Callable[[], int]) -> NoReturn:
    """Run the action of a command and leave with its exit code."""
    raise typer.Exit(exit_code_of(action, debug=bool(context.obj)))
