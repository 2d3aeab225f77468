"""`assert_reformulates`: a check for test suites, which fails with the counterexample written out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

from agent.settings import Settings
from tools.formulation.model import Formulation
from tools.formulation.read import read
from tools.report import Contract, Report

_WIDTH = 100


def assert_reformulates(
    reference: Any,
    candidate: Any,
    *,
    contract: Contract | None = None,
    time_limit: float | None = None,
    mapping: str | Path | None = None,
    hints: Sequence[str] | None = None,
    memory: str | Path | None = None,
    settings: Settings | None = None,
) -> Report:
    """Return the report of a check whose verdict is "equivalent"; raises `AssertionError` for any other verdict.

    Models are what `quasikarp.check` takes: paths, a `Formulation`, a model of cvxpy, OR-tools and others. The keywords
    replace those of `settings`, whose defaults are the usual ones. The message of the error is what `quasikarp check`
    prints: the verdict, the mapping, the claims, the counterexample with the broken row in numbers; for "unknown", also
    what to try. Raises `InputError` for models and settings that cannot be used.
    """
    __tracebackhide__ = True
    from agent.run import check

    given = {"contract": contract, "time_limit": time_limit, "mapping": mapping, "memory": memory}
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if hints is not None:
        changes["hints"] = (hints,) if isinstance(hints, str) else tuple(hints)
    models = read(reference), read(candidate)
    report = check(*models, replace(settings or Settings(), **changes))
    if report.verdict == "equivalent":
        return report
    # Not an assert statement: python -O would skip it.
    raise AssertionError(_failure(report, (reference, candidate), models))


def _failure(report: Report, sources: tuple[Any, Any], models: tuple[Formulation, Formulation]) -> str:
    """Return the report as the command line prints it, without colours, and what to try after an "unknown"."""
    from rich.console import Console

    from agent.explaining.advice import next_steps
    from ui.counterexample_text import broken_requirement
    from ui.report_text import print_report

    buffer = StringIO()
    console = Console(
        file=buffer, width=_WIDTH, color_system=None, force_terminal=False, markup=False, emoji=False, highlight=False
    )
    reference, candidate = _names(sources, models)
    print_report(
        console, report, reference=reference, candidate=candidate, evidence=broken_requirement(report, *models)
    )
    lines = [line.rstrip() for line in buffer.getvalue().rstrip().split("\n")]
    if report.verdict == "unknown":
        lines += ["", *(fact.text for fact in next_steps(report))]
    return "\n".join(lines)


def _names(sources: tuple[Any, Any], models: tuple[Formulation, Formulation]) -> tuple[str, str]:
    """Return what to call the models: their files, else their own names, else their roles."""
    paths = [Path(os.fsdecode(s)) if isinstance(s, str | os.PathLike) else None for s in sources]
    first, second = (model.name if path is None else path.name for path, model in zip(paths, models, strict=True))
    if first == second and None not in paths:
        first, second = (str(path) for path in paths)
    if not first or not second or first == second:
        return "the reference", "the candidate"
    return first, second
