"""The commands that decide: check and batch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.language.choice import Planner
from agent.language.configuration import LanguageModel
from agent.settings import Settings
from tools.report import Contract
from ui.certificate_text import Requirement
from ui.cli_options import (
    BaseUrlOption,
    ContractOption,
    MemoryOption,
    ModelLimitOption,
    ModelOption,
    PlannerOption,
    SeedOption,
    TimeOption,
    asked_model,
    end,
)

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
CertificateOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Prove the answer exactly, for up to --time-limit again, and write the certificate that quasikarp-verify "
        "checks.",
    ),
]
RequireOption = Annotated[
    Requirement | None,
    typer.Option(help="exact: a verdict that no certificate shows becomes unknown; it may take --time-limit again."),
]
RoundsOption = Annotated[int, typer.Option(metavar="N", help="How often failed hypotheses may lead to new ones.")]


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
    certificate: CertificateOption = None,
    require: RequireOption = None,
) -> None:
    """Check one pair of models and explain the verdict.

    Exit codes: 0 equivalent, 1 not equivalent, 3 unknown, 2 unusable input.

    \b
    Examples:
      quasikarp check reference.lp candidate.lp
      quasikarp check reference.mps candidate.mps --contract reformulation --json
      quasikarp check old.lp new.lp --hint "x[i] = 10*d[i,1] + d[i,0]"
      quasikarp check old.lp new.lp --mapping rules.txt
      quasikarp check old.lp new.lp --certificate proof.json
    """

    def action() -> int:
        from ui.check_command import check_pair

        asked = asked_model(model, base_url, model_limit)
        settings = _settings(contract, mapping, hint, time_limit, rounds, seed, memory, planner, asked, checkpoint)
        return check_pair(
            reference, candidate, settings, as_json=as_json, out=out, ask=ask, certificate=certificate, require=require
        )

    end(context, action)


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
    certificates: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Prove each answer exactly, for up to --time-limit again, and write a certificate for each pair here.",
        ),
    ] = None,
    require: RequireOption = None,
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
        return check_batch(manifest, settings, out=out, jobs=jobs, certificates=certificates, require=require)

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
