"""The commands `quasikarp memory …`: only wired here, loaded when they are called."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from agent.settings import Settings
from ui.cli_options import ContractOption, JsonOption, OpenMemoryOption, SeedOption, TimeOption, end

SEED_SECONDS = 20.0
"""For one pair of a data set: many pairs, and an open one costs little."""

SEED_COUNT = 2000

LISTED = 50
"""Records that `memory list` shows to people unless told."""

_CONTRACT = Settings().contract

memory_app = typer.Typer(name="memory", no_args_is_help=True, rich_markup_mode=None)

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The id of a record, or how it begins.")]


@memory_app.callback()
def about() -> None:
    """Look after what was learned: verified mappings, and the witnesses that refuted others.

    \b
    Examples:
      quasikarp memory seed examples/pairs.jsonl
      quasikarp memory list
      quasikarp memory stats --json
    """


@memory_app.command()
def seed(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(metavar="SOURCE", help="A manifest, a data set, or a folder of models.")],
    memory: OpenMemoryOption = None,
    loader: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The kind of SOURCE, where it cannot be told: manifest, formulation-bench, equiva-formulation, "
            "transformations or collection.",
        ),
    ] = None,
    allow_code: Annotated[
        bool,
        typer.Option("--allow-code", help="Run the model-building code of a data set, in a sandbox."),
    ] = False,
    count: Annotated[
        int, typer.Option(metavar="N", min=1, help="Pairs to make where SOURCE is a folder of models.")
    ] = SEED_COUNT,
    seed: SeedOption = 0,
    time_limit: TimeOption = SEED_SECONDS,
    contract: ContractOption = _CONTRACT,
    as_json: JsonOption = False,
) -> None:
    """Check the pairs of a data set and keep what is verified or refuted.

    Stopped in any way, it goes on when the same command is given again. Labels of a data set are not used.

    \b
    Examples:
      quasikarp memory seed examples/pairs.jsonl
      quasikarp memory seed models/ --count 500
      quasikarp memory seed EquivaFormulation/ --allow-code --memory team-memory
    """

    def action() -> int:
        from ui.memory_seed_command import seed_memory

        return seed_memory(
            source,
            memory,
            Settings(contract=contract, time_limit=time_limit, seed=seed, planner="symbolic"),
            loader=loader,
            allow_code=allow_code,
            count=count,
            as_json=as_json,
        )

    end(context, action)


@memory_app.command("list")
def list_(
    context: typer.Context,
    memory: OpenMemoryOption = None,
    kind: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Only kinds that contain this, such as digits.")
    ] = None,
    outcome: Annotated[
        Literal["verified", "refuted"] | None, typer.Option(help="Only mappings with this outcome.")
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help=f"At most so many; unless told, {LISTED}, and with --json all."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List records, the newest first: id, outcome, kind, the two models, contract, source.

    \b
    Examples:
      quasikarp memory list
      quasikarp memory list --outcome refuted --limit 10
      quasikarp memory list --kind digits --json
    """

    def action() -> int:
        from ui.memory_look_commands import list_records

        shown = limit if limit is not None or as_json else LISTED
        return list_records(memory, kind=kind, outcome=outcome, limit=shown, as_json=as_json)

    end(context, action)


@memory_app.command()
def show(context: typer.Context, id: IdArgument, memory: OpenMemoryOption = None, as_json: JsonOption = False) -> None:
    """Show one record: its mapping, the template of it, claims, witness, source.

    \b
    Examples:
      quasikarp memory show 3f9a
      quasikarp memory show memory:3f9a --json
    """

    def action() -> int:
        from ui.memory_look_commands import show_record

        return show_record(id, memory, as_json=as_json)

    end(context, action)


@memory_app.command()
def stats(context: typer.Context, memory: OpenMemoryOption = None, as_json: JsonOption = False) -> None:
    """Count what is there.

    \b
    Examples:
      quasikarp memory stats
      quasikarp memory stats --memory team-memory --json
    """

    def action() -> int:
        from ui.memory_look_commands import print_stats

        return print_stats(memory, as_json=as_json)

    end(context, action)


@memory_app.command()
def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write; - is standard output.")] = Path("-"),
    memory: OpenMemoryOption = None,
) -> None:
    """Write every record as one JSON object a line.

    \b
    Examples:
      quasikarp memory export records.jsonl
      quasikarp memory export | gzip > records.jsonl.gz
    """

    def action() -> int:
        from ui.memory_transfer_commands import export_records

        return export_records(None if str(file) == "-" else file, memory)

    end(context, action)


@memory_app.command("import")
def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What export has written; - is standard input.")],
    memory: OpenMemoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add the records of a file; those that are there already change nothing.

    A line that cannot be read is listed and costs only itself. A mapping is verified again before it is ever used.

    \b
    Examples:
      quasikarp memory import records.jsonl
      quasikarp memory import records.jsonl --memory team-memory
    """

    def action() -> int:
        from ui.memory_transfer_commands import import_records

        return import_records(None if str(file) == "-" else file, memory, as_json=as_json)

    end(context, action)


@memory_app.command()
def forget(
    context: typer.Context,
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID...", help="The ids of records, or how they begin.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All records; needs --yes.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Needed with --all.")] = False,
    memory: OpenMemoryOption = None,
) -> None:
    """Remove records.

    \b
    Examples:
      quasikarp memory forget 3f9a 07c2
      quasikarp memory forget --all --yes
    """

    def action() -> int:
        from ui.memory_forget_command import forget_records

        return forget_records(ids or [], memory, everything=everything, sure=yes)

    end(context, action)


@memory_app.command()
def migrate(context: typer.Context, memory: OpenMemoryOption = None) -> None:
    """Embed every record anew with the embedder that this machine prefers.

    Needed once where another machine or version began the memory. A crash on the way leaves the memory as it was.

    \b
    Examples:
      quasikarp memory migrate
      quasikarp memory migrate --memory team-memory
    """

    def action() -> int:
        from ui.memory_migrate_command import migrate_memory

        return migrate_memory(memory)

    end(context, action)
