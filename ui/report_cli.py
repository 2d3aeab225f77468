"""The commands that use a report: explain, apply and draw."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tools.report import Missing
from tools.solvers.tolerances import DEFAULT_TOLERANCES
from ui.cli_options import (
    BaseUrlOption,
    JsonOption,
    ModelOption,
    asked_model,
    end,
)
from ui.pictures.kinds import PictureKind


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
