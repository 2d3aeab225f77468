"""`quasikarp check`: one pair of models, one verdict."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from agent.events import Event
from agent.settings import Settings
from tools.errors import InputError, QuasikarpError
from tools.report import Report
from ui.certificate_text import Requirement, certificate_holds, how_to_check
from ui.hint_prompt import Ask, asking, hint_from_terminal
from ui.quiet_stdout import quiet_stdout
from ui.safe_text import safe
from ui.warning_lines import printed_warnings
from ui.whole_file import replacing


def check_pair(
    reference: Path,
    candidate: Path,
    settings: Settings,
    *,
    as_json: bool,
    out: Path | None,
    ask: bool = False,
    certificate: Path | None = None,
    require: Requirement | None = None,
) -> int:
    """Check one pair, print the report (as JSON when asked) and return the verdict's exit code.

    `out` receives the report as JSON as well, `certificate` the certificate that is then made; that they can be written
    is known before the check starts. With `require`, a verdict that the certificate does not show becomes "unknown".
    With `ask`, the user is asked for a hint rather than told "unknown".
    """
    certifies = certificate is not None or require is not None
    report: Report | None = None
    failure: Exception | None = None
    with ExitStack() as stack:
        inputs = [reference, candidate, settings.mapping, settings.checkpoint]
        keep = tuple(path for path in inputs if isinstance(path, Path))
        target = None if out is None else stack.enter_context(replacing(out, keep=keep))
        if certifies:
            require_files(reference, candidate)
            _require_lasting(reference, candidate)
        if ask:
            settings = stack.enter_context(asking(settings))
        try:
            with _certificate_file(certificate, out, keep) as proof, printed_warnings() as warn, quiet_stdout():
                report = final_report(reference, candidate, settings, warn, hint_from_terminal if ask else None)
                if certifies:
                    with _following() as follow:
                        follow("certify", "exact proofs")
                        report, text = certified(reference, candidate, report, settings, require)
                    if proof is not None:
                        proof.write_text(text, encoding="utf-8")
        except Exception as error:
            if report is None:
                raise
            failure = error  # the answer is told all the same, before this is
            if require is not None:
                report = replace(report, verdict="unknown", scope=None, reason="not certified: see the error")
        text = json.dumps(report.to_json(), indent=2, allow_nan=False) + "\n"
        if target is not None:
            target.write_text(text, encoding="utf-8")
    if as_json:
        sys.stdout.write(text)
    else:
        _print_for_people(report, reference, candidate)
    if failure is not None:
        sys.stdout.flush()
        raise failure
    if certificate is not None:
        _tell_certificate(report, certificate, reference, candidate, as_json)
    return report.exit_code


@contextmanager
def _certificate_file(certificate: Path | None, out: Path | None, keep: tuple[Path, ...]) -> Iterator[Path | None]:
    """Yield where the certificate is written until it is whole, None where none is; raises `InputError`."""
    if certificate is None:
        yield None
        return
    if out is not None and certificate.resolve() == out.resolve():
        raise InputError(f"--certificate and --out both name {out}; give two files")
    with replacing(certificate, keep=keep, option="--certificate") as proof:
        yield proof


def certified(
    reference: Path, candidate: Path, report: Report, settings: Settings, require: Requirement | None
) -> tuple[Report, str]:
    """Return the report as a certificate bears it out, and the certificate's text; it may take the time limit again.

    With `require`, a verdict that the certificate does not show becomes "unknown".
    """
    from agent.certifying import certify, demand_exact, with_certificate

    certificate = certify(reference, candidate, report, time_limit=settings.time_limit, seed=settings.seed)
    report = with_certificate(report, certificate)
    return demand_exact(report) if require is not None else report, certificate.text


def stream(reference: Path, candidate: Path, settings: Settings, answer: str | None = None) -> Iterator[Event]:
    """Yield the agent's events for this pair; the last one carries the report."""
    from agent.run import stream as stream_of_agent

    return stream_of_agent(reference, candidate, settings, answer=answer)


def final_report(
    reference: Path, candidate: Path, settings: Settings, warn: Callable[[str], None], ask: Ask | None = None
) -> Report:
    """Return the report of one check; on a terminal, stderr shows a line that follows the steps.

    What the user should be told besides, such as a memory that cannot be used, goes to `warn`. Where the settings let
    the run ask, `ask` answers its questions.
    """
    require_files(reference, candidate)
    last = _last_event(stream(reference, candidate, settings), warn)
    while last.kind == "question" and ask is not None:
        last = _last_event(stream(reference, candidate, settings, ask(last.message)), warn)
    if last.report is None:
        raise QuasikarpError("the run ended without a report")
    return last.report


def _last_event(events: Iterator[Event], warn: Callable[[str], None]) -> Event:
    """Return the event with which a run ends or waits."""
    last = Event("step", "", "")
    with _following() as follow:
        for event in events:
            last = event
            if event.kind == "warning":
                warn(event.message)
            else:
                follow(event.node, event.message)
    return last


@contextmanager
def _following() -> Iterator[Callable[[str, str], None]]:
    """Yield what takes a step's node and message; where stderr is a terminal, a line there shows the latest."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda node, message: None
        return
    from rich.text import Text

    from ui.consoles import progress_console

    with progress_console().status(Text("reading the models")) as status:
        yield lambda node, message: status.update(Text(f"{safe(node)}: {safe(message, 100)}"))


def require_files(*paths: Path) -> None:
    """Every path exists and is no folder; raises `InputError` naming the first that does not."""
    for path in paths:
        try:
            found = path.exists()
        except OSError as error:
            raise InputError(f"cannot read {path}: {error.strerror}") from error
        if not found:
            raise InputError(f"{path} does not exist; check the path")
        if path.is_dir():
            raise InputError(f"{path} is a folder; give the model file in it")


def _require_lasting(*paths: Path) -> None:
    for path in paths:
        if not path.is_file():
            raise InputError(
                f"a certificate needs its models twice, and {path} can be read only once; save it as a file"
            )


def _tell_certificate(report: Report, certificate: Path, reference: Path, candidate: Path, as_json: bool) -> None:
    """Say where the certificate is and how to check it, on stderr where stdout is the JSON's."""
    lines = [f"check it: {how_to_check(certificate, reference, candidate)}"]
    written = f"certificate: {safe(str(certificate), 500)}"
    lines.insert(0, f"{written} ({certificate_holds(report)})" if as_json else written)
    for line in lines:
        print(line, file=sys.stderr if as_json else sys.stdout)


def _print_for_people(report: Report, reference: Path, candidate: Path) -> None:
    from ui.consoles import answer_console
    from ui.report_text import print_report

    same_name = reference.name == candidate.name
    print_report(
        answer_console(),
        report,
        reference=str(reference) if same_name else reference.name,
        candidate=str(candidate) if same_name else candidate.name,
        evidence=_evidence(report, reference, candidate),
    )


def _evidence(report: Report, reference: Path, candidate: Path) -> list[str]:
    # A pipe can be read only once, so its rows cannot be shown; the report's own explanation still is.
    if report.counterexample is None or not (reference.is_file() and candidate.is_file()):
        return []
    from tools.formulation.read import read
    from ui.counterexample_text import broken_requirement

    return broken_requirement(report, read(reference), read(candidate))
