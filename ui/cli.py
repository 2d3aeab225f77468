"""The command `quasikarp`: this file only wires options to the commands, which are loaded when they are called."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from agent.language.choice import Planner
from agent.language.configuration import LanguageModel
from agent.settings import Settings
from tools.errors import InputError
from tools.report import Contract, Missing
from tools.solvers.tolerances import DEFAULT_TOLERANCES
from ui.cli_options import (
    BaseUrlOption,
    ContractOption,
    JsonOption,
    MemoryOption,
    ModelLimitOption,
    ModelOption,
    PlannerOption,
    SeedOption,
    TimeOption,
    asked_model,
    end,
)
from ui.memory_cli import memory_app
from ui.pictures.kinds import PictureKind
from ui.usage_errors import OneLineUsageErrors

app = typer.Typer(
    name="quasikarp",
    cls=OneLineUsageErrors,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(memory_app)

_DEFAULTS = Settings()

MappingOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Verify this mapping only: one rule a line, or JSON as in a report's mapping."),
]
HintOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="RULE", help='A rule such as "x[i] = 1 - closed[i]"; repeat it until all of REFERENCE is mapped.'
    ),
]
RoundsOption = Annotated[int, typer.Option(metavar="N", help="How often failed hypotheses may lead to new ones.")]


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
    """
    context.obj = debug


@app.command()
def check(
    context: typer.Context,
    reference: Annotated[Path, typer.Argument(metavar="REFERENCE", help="The model that is trusted.")],
    candidate: Annotated[Path, typer.Argument(metavar="CANDIDATE", help="The model that claims to reformulate it.")],
    contract: ContractOption = _DEFAULTS.contract,
    mapping: MappingOption = None,
    hint: HintOption = None,
    time_limit: TimeOption = _DEFAULTS.time_limit,
    rounds: RoundsOption = _DEFAULTS.rounds,
    seed: SeedOption = _DEFAULTS.seed,
    memory: MemoryOption = None,
    planner: PlannerOption = _DEFAULTS.planner,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    model_limit: ModelLimitOption = None,
    checkpoint: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Save progress here; the same command resumes a killed run.")
    ] = None,
    ask: Annotated[bool, typer.Option("--ask", help="Ask for a hint on the terminal rather than end unknown.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as one JSON object.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report as JSON to a file too.")] = None,
) -> None:
    """Check one pair of models and explain the verdict.

    Exit codes: 0 equivalent, 1 not equivalent, 3 unknown, 2 unusable input.

    \b
    Examples:
      quasikarp check reference.lp candidate.lp
      quasikarp check reference.mps candidate.mps --contract reformulation --json
      quasikarp check old.lp new.lp --hint "x[i] = 10*d[i,1] + d[i,0]"
      quasikarp check old.lp new.lp --mapping rules.txt
    """

    def action() -> int:
        from ui.check_command import check_pair

        asked = asked_model(model, base_url, model_limit)
        settings = _settings(contract, mapping, hint, time_limit, rounds, seed, memory, planner, asked, checkpoint)
        return check_pair(reference, candidate, settings, as_json=as_json, out=out, ask=ask)

    end(context, action)


@app.command()
def batch(
    context: typer.Context,
    manifest: Annotated[
        Path,
        typer.Argument(metavar="MANIFEST", help='One {"id", "reference", "candidate", "contract"?} a line.'),
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The answers, one JSON object a line.")],
    jobs: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Pairs at a time; by default one for each processor.")
    ] = None,
    contract: ContractOption = _DEFAULTS.contract,
    mapping: MappingOption = None,
    hint: HintOption = None,
    time_limit: TimeOption = _DEFAULTS.time_limit,
    rounds: RoundsOption = _DEFAULTS.rounds,
    seed: SeedOption = _DEFAULTS.seed,
    memory: MemoryOption = None,
    planner: PlannerOption = _DEFAULTS.planner,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    model_limit: ModelLimitOption = None,
) -> None:
    """Check many pairs, each in a process of its own, and write one answer a line.

    Answers come in order of completion, each with its "id". Run again with the same --out, it goes on where it was
    stopped. Exits 0 once every line of the manifest has its answer, whatever the verdicts.

    \b
    Examples:
      quasikarp batch pairs.jsonl --out reports.jsonl
      quasikarp batch pairs.jsonl --out reports.jsonl --jobs 4 --time-limit 30
    """

    def action() -> int:
        from ui.batch_command import check_batch

        asked = asked_model(model, base_url, model_limit)
        settings = _settings(contract, mapping, hint, time_limit, rounds, seed, memory, planner, asked)
        return check_batch(manifest, settings, out=out, jobs=jobs)

    end(context, action)


@app.command()
def explain(
    context: typer.Context,
    report: Annotated[
        Path, typer.Argument(metavar="REPORT", help="A report as check --json or --out gives it; - reads stdin.")
    ],
    question: Annotated[
        str, typer.Option(metavar="TEXT", help="What you want to know; a language model chooses what answers it.")
    ] = "",
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    as_json: JsonOption = False,
) -> None:
    """Explain a verdict: what the answer is, why, how sure it is, and what can be done next.

    It works without a language model. With one, the model chooses, orders and introduces the facts of the report.

    \b
    Examples:
      quasikarp check reference.lp candidate.lp --json | quasikarp explain -
      quasikarp explain report.json
      quasikarp explain report.json --question "which row is to blame?" --model gpt-5-mini
    """

    def action() -> int:
        from agent.language.configuration import model_from_environment
        from ui.explain_command import explain_report

        asked = asked_model(model, base_url, None) or model_from_environment()
        return explain_report(report, question=question, model=asked, as_json=as_json)

    end(context, action)


@app.command()
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


@app.command()
def apply(
    context: typer.Context,
    report: Annotated[
        Path, typer.Argument(metavar="REPORT", help="A report as check --json or --out gives it; - reads stdin.")
    ],
    solution: Annotated[
        Path,
        typer.Argument(
            metavar="SOLUTION",
            help="A solution of the candidate: Gurobi, SCIP, HiGHS, CBC, CPLEX, JSON, or a name and a value a line.",
        ),
    ],
    reference: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The reference model: shows how well the solution fits it.")
    ] = None,
    candidate: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The candidate model: checks the given solution, rounds integer variables."),
    ] = None,
    reverse: Annotated[
        bool, typer.Option("--reverse", help="SOLUTION is one of the reference; use the report's lifting.")
    ] = False,
    missing: Annotated[
        Missing | None,
        typer.Option(
            help="Variables that are not listed: an error, or 0. By default 0 where SOLUTION's format omits 0."
        ),
    ] = None,
    tolerance: Annotated[
        float,
        typer.Option(metavar="T", help="How far rows, bounds and integrality may be off, relative to their size."),
    ] = DEFAULT_TOLERANCES.feasibility,
    force: Annotated[bool, typer.Option("--force", help="Use the mapping although it was not verified.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the solution as .json (exact), .sol or .csv.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Turn a solution of the candidate into one of the reference, and check it there.

    Exit codes: 0 done (and feasible, where a model was given), 1 not feasible within the tolerance, 2 unusable input.

    \b
    Examples:
      quasikarp check reference.lp candidate.lp --out report.json
      quasikarp apply report.json candidate.sol --reference reference.lp --candidate candidate.lp
      quasikarp apply report.json candidate.sol --out reference.sol
    """

    def action() -> int:
        from ui.apply_command import apply_mapping

        return apply_mapping(
            report,
            solution,
            reference=reference,
            candidate=candidate,
            reverse=reverse,
            missing=missing,
            tolerance=tolerance,
            force=force,
            out=out,
            as_json=as_json,
        )

    end(context, action)


@app.command()
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


@app.command()
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


@app.command()
def draw(
    context: typer.Context,
    report: Annotated[
        Path, typer.Argument(metavar="REPORT", help="A report as check --json or --out gives it; - reads stdin.")
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The picture, as SVG or PNG by the file's suffix.")],
    kind: Annotated[
        PictureKind,
        typer.Option(
            help="What the reference variables are made of (composition), both coefficient matrices (sparsity), "
            "both feasible sets (sets), or what was tried (hypotheses)."
        ),
    ] = "composition",
    reference: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The reference; needed for sparsity and sets.")
    ] = None,
    candidate: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The candidate; needed for sparsity and sets.")
    ] = None,
    dark: Annotated[bool, typer.Option("--dark", help="For a dark background.")] = False,
) -> None:
    """Draw a picture of a report, and of its models.

    \b
    Examples:
      quasikarp draw report.json --out mapping.svg
      quasikarp draw report.json --kind sets --reference old.lp --candidate new.lp --out sets.png
    """

    def action() -> int:
        from ui.draw_command import draw_report

        return draw_report(report, kind=kind, reference=reference, candidate=candidate, out=out, dark=dark)

    end(context, action)


@app.command()
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


@app.command()
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


def _settings(
    contract: Contract,
    mapping: Path | None,
    hint: list[str] | None,
    time_limit: float,
    rounds: int,
    seed: int,
    memory: str | None,
    planner: Planner,
    model: LanguageModel | None,
    checkpoint: Path | None = None,
) -> Settings:
    return Settings(
        contract=contract,
        time_limit=time_limit,
        rounds=rounds,
        seed=seed,
        checkpoint=checkpoint,
        mapping=mapping,
        hints=tuple(hint or ()),
        memory=memory,
        planner=planner,
        model=model,
    )


if __name__ == "__main__":
    main()
