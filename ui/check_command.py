"""`quasikarp check`: one pair of models, one verdict."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from agent.events import Event
from agent.settings import Settings
from tools.errors import InputError, QuasikarpError
from tools.report import Report
from ui.hint_prompt import Ask, asking, hint_from_terminal
from ui.quiet_stdout import quiet_stdout
from ui.safe_text import safe
from ui.warning_lines import printed_warnings


def check_pair(
    reference: Path, candidate: Path, settings: Settings, *, as_json: bool, out: Path | None, ask: bool = False
) -> int:
    """Check one pair, print the report (as JSON when asked) and return the verdict's exit code.

    `out` receives the report as JSON as well; that it can be written is known before the check starts. With `ask`, the
    user is asked for a hint rather than told "unknown".
    """
    with ExitStack() as stack:
        target = None
        if out is not None:
            from ui.whole_file import replacing

            inputs = [reference, candidate, settings.mapping, settings.checkpoint]
            target = stack.enter_context(replacing(out, keep=tuple(p for p in inputs if isinstance(p, Path))))
        if ask:
            settings = stack.enter_context(asking(settings))
        with printed_warnings() as warn, quiet_stdout():
            report = final_report(reference, candidate, settings, warn, hint_from_terminal if ask else None)
        text = json.dumps(report.to_json(), indent=2, allow_nan=False) + "\n"
        if target is not None:
            target.write_text(text, encoding="utf-8")
    if as_json:
        sys.stdout.write(text)
    else:
        _print_for_people(report, reference, candidate)
    return report.exit_code


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
    with ExitStack() as stack:
        status = None
        if sys.stderr is not None and sys.stderr.isatty():
            from rich.text import Text

            from ui.consoles import progress_console

            status = stack.enter_context(progress_console().status(Text("reading the models")))
        for event in events:
            last = event
            if event.kind == "warning":
                warn(event.message)
            elif status is not None:
                status.update(Text(f"{safe(event.node)}: {safe(event.message, 100)}"))
    return last


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
