"""The commands about models: read, diff and transform."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.settings import Settings
from tools.errors import InputError
from ui.cli_options import (
    BaseUrlOption,
    JsonOption,
    ModelLimitOption,
    ModelOption,
    SeedOption,
    asked_model,
    end,
)

_DEFAULTS = Settings()


def read(
    context: typer.Context,
    source: Annotated[
        Path,
        typer.Argument(
            metavar="MODEL",
            help="An LP, MPS or JSON file; or a problem in words: .md, .tex or .txt, a folder of NLP4LP, its JSON.",
        ),
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the model as LP, MPS or JSON, by the file's suffix.")
    ] = None,
    algebra: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the algebra as JSON that can be edited by hand and read again."),
    ] = None,
    correct: Annotated[
        list[str] | None,
        typer.Option(metavar="TEXT", help="Say in words what the language model should change; repeat it for more."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Accept what a language model wrote without being asked.")] = False,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    model_limit: ModelLimitOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as one JSON object.")] = False,
) -> None:
    """Show what was understood of a model, and what looks odd in it; convert it with --out.

    Words and LaTeX become an exact formulation with the help of a language model; look at it before you use it.

    \b
    Examples:
      quasikarp read model.lp
      quasikarp read model.mps.gz --out model.lp
      quasikarp read problem.md --out problem.json --algebra problem.algebra.json
      quasikarp read problem.algebra.json --correct "crates are whole" --out problem.json
    """

    def action() -> int:
        from ui.read_command import read_model
        from ui.words_command import Wording

        wording = Wording(correct or [], asked_model(model, base_url, model_limit), ask=not yes)
        return read_model(source, as_json=as_json, out=out, algebra=algebra, wording=wording)

    end(context, action)


def diff(
    context: typer.Context,
    first: Annotated[Path, typer.Argument(metavar="A", help="An LP, MPS or JSON file.")],
    second: Annotated[Path, typer.Argument(metavar="B", help="Another one, with the same names.")],
    as_json: JsonOption = False,
) -> None:
    """Show what changed between two models that share names of variables.

    A row counts as the same under another name, in another place, or multiplied by a number. Models with different
    variables are for quasikarp check. Exit codes: 0 the same, 1 different, 2 unusable input.

    \b
    Examples:
      quasikarp diff yesterday.lp today.lp
      quasikarp diff model.lp model.mps.gz --json
    """

    def action() -> int:
        from ui.diff_command import show_difference

        return show_difference(first, second, as_json=as_json)

    end(context, action)


def transform(
    context: typer.Context,
    model: Annotated[
        Path | None, typer.Argument(metavar="MODEL", help="An LP, MPS or JSON file; not needed with --list.")
    ] = None,
    apply: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND[=N][:NAME]", help="What to do, such as digits:x or slack; repeat it for more steps."
        ),
    ] = None,
    random_steps: Annotated[int, typer.Option("--random", metavar="N", min=0, help="Add N random steps that fit.")] = 0,
    seed: SeedOption = _DEFAULTS.seed,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the candidate as LP, MPS or JSON, by the file's suffix.")
    ] = None,
    mapping_out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the maps as JSON that check --mapping reads.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")] = False,
    list_kinds: Annotated[bool, typer.Option("--list", help="Show every kind of transformation and exit.")] = False,
) -> None:
    """Make a candidate from a model, with the true recovery and lifting between the two.

    Without NAME, places are chosen by the seed; `*` in NAME stands for any text.

    \b
    Examples:
      quasikarp transform --list
      quasikarp transform model.lp --apply digits:x --apply slack --out candidate.lp --mapping-out maps.json
      quasikarp transform model.lp --random 3 --seed 7 --out candidate.lp
    """

    def action() -> int:
        from ui.transform_command import list_transformations, transform_model

        if list_kinds:
            return list_transformations(as_json=as_json)
        if model is None:
            raise InputError("name the MODEL to transform, or ask for --list")
        return transform_model(
            model,
            apply or [],
            random_steps=random_steps,
            seed=seed,
            out=out,
            mapping_out=mapping_out,
            as_json=as_json,
        )

    end(context, action)
