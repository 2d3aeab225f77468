"""What a certificate holds and how it is checked, in lines for people."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Literal

from tools.report import CLAIM_NAMES, Report
from ui.safe_text import safe, safe_sentence

Requirement = Literal["exact"]
"""How firmly a verdict must be shown to count."""

_REASON = 200
CHECKER = "quasikarp-verify"


def certificate_holds(report: Report) -> str:
    """Return what the report's certificate shows and what it lacks, in one inert line; empty where there is none."""
    summary = report.certificate
    if summary is None:
        return ""
    shown = [name for name in CLAIM_NAMES if report.claims[name].strength == "exact"]
    shown = [name for name in shown if report.claims[name].result != "unknown"]
    held = [*(["the verdict"] if summary.verdict and report.verdict != "unknown" else []), *shown]
    lacking = [f"{safe(name)} – {safe_sentence(reason, _REASON)}" for name, reason in summary.gaps.items()]
    return ", ".join(held or ["nothing"]) + (f"; not in it: {'; '.join(lacking)}" if lacking else "")


def how_to_check(certificate: Path, reference: Path, candidate: Path) -> str:
    """Return the command that checks the certificate, with the models where the checker reads their format."""
    words = [CHECKER, str(certificate)]
    if not (_is_algebra(reference) or _is_algebra(candidate)):
        words += [str(reference), str(candidate)]
    return safe(shlex.join(words), 1_000)


def _is_algebra(path: Path) -> bool:
    from tools.formulation.read import read_algebra

    return path.is_file() and read_algebra(path) is not None
