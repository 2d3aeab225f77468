"""What the commands share: their common options, and the way from an action to an exit code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, NoReturn

import typer

from agent.language.choice import Planner
from agent.language.configuration import MODEL_VARIABLE, LanguageModel, model_from_environment, with_limits
from tools.errors import InputError
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


PlannerOption = Annotated[
    Planner,
    typer.Option(
        help="Who proposes mappings: everybody, with the language model that is configured, if any (auto); "
        "no language model (symbolic); the language model only (llm)."
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The language model to ask. By default the one that QUASIKARP_MODEL names, if any. "
        "Its key is read from OPENAI_API_KEY only.",
    ),
]
BaseUrlOption = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="The language model's OpenAI-compatible endpoint, such as http://localhost:8000/v1. "
        "By default OPENAI_BASE_URL, else OpenAI's own.",
    ),
]
ModelLimitOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=N",
        help="What one pair may cost: calls, tokens, seconds (for one answer), prompt_tokens, answer_tokens, "
        "prices=IN/OUT for a million tokens, money. Repeat it for several.",
    ),
]


def asked_model(name: str | None, base_url: str | None, limits: list[str] | None) -> LanguageModel | None:
    """Return the language model that the options name, None where they leave the choice to the environment.

    Raises `InputError` where they say something of a model that nothing names.
    """
    if not (name or base_url or limits):
        return None
    model = model_from_environment(name, base_url)
    if model is None:
        raise InputError(f"no language model is named; add --model NAME or set {MODEL_VARIABLE}")
    return with_limits(model, limits or ())


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
