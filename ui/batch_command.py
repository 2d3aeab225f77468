"""`quasikarp batch`: many pairs, one answer a line, resumable."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from agent.language.choice import chosen_model
from agent.settings import Settings
from tools.errors import InputError
from ui.batch_answers import MANIFEST_ERROR, Answers
from ui.batch_manifest import Pair, UnusableLine, read_manifest
from ui.batch_pool import WORKER_COMMAND, Answer, Task, answer_all
from ui.batch_worker import failure, request_line
from ui.certificate_files import certificate_name, ready_folder
from ui.certificate_text import Requirement
from ui.check_command import require_files
from ui.warning_lines import WarningLines

GRACE_SECONDS = 15.0
_MEMORY_SHARE = 0.8
_TERMINATED = 128 + signal.SIGTERM


def check_batch(
    manifest: Path,
    settings: Settings,
    *,
    out: Path,
    jobs: int | None,
    command: Sequence[str] | None = None,
    certificates: Path | None = None,
    require: Requirement | None = None,
) -> int:
    """Every line of the manifest has its answer in `out`, whose lines are in order of completion; returns 0.

    Pairs that have their answer already are left alone. When interrupted, `out` holds whole lines only, and the same
    call goes on from there; SIGTERM makes it return 143. `command` starts a worker. The folder `certificates` has a
    certificate for each pair; with `require`, a verdict that its certificate does not show becomes "unknown".
    """
    count = len(os.sched_getaffinity(0)) if jobs is None else jobs
    planning = chosen_model(settings.planner, settings.model).planning(settings.planner)
    entries = read_manifest(manifest)
    protected = [manifest, *(path for e in entries if isinstance(e, Pair) for path in (e.reference, e.candidate))]
    if isinstance(settings.mapping, Path):
        require_files(settings.mapping)
        protected.append(settings.mapping)
    if out.exists() and any(out.samefile(path) for path in protected):
        raise InputError(f"--out {out} would overwrite an input file; choose another name")
    folder = None
    if certificates is not None:
        folder = ready_folder(certificates)
        _protect(folder, entries, [out, *protected])
    certifying = Certifying(folder, require)
    if command is None:
        command = (*WORKER_COMMAND, str(int(psutil.virtual_memory().total * _MEMORY_SHARE) // count))
    with Answers(out) as answers:
        for entry in entries:
            if isinstance(entry, UnusableLine) and not answers.has(entry.id, entry.message):
                answers.add(entry.id, failure(MANIFEST_ERROR, entry.message))
        pairs = [entry for entry in entries if isinstance(entry, Pair) and not answers.has(entry.id)]
        try:
            return _answer_pairs(pairs, settings, certifying, answers, min(count, len(pairs)), command)
        finally:
            _print_summary(answers, missing=sum(not answers.has(pair.id) for pair in pairs))
            if certifying.wanted and answers.unshown:
                print(f"{answers.unshown} verdicts are shown by no certificate")
            print(f"planning: {planning}")


@dataclass(frozen=True)
class Certifying:
    """Where the certificates of a batch go, and how firmly a verdict must be shown."""

    folder: Path | None
    require: Requirement | None

    @property
    def wanted(self) -> bool:
        """Whether certificates are made at all."""
        return self.folder is not None or self.require is not None

    def file(self, pair: Pair) -> Path | None:
        """Return where the certificate of this pair goes."""
        return None if self.folder is None else self.folder / certificate_name(pair.id)


def _protect(folder: Path, entries: Sequence[Pair | UnusableLine], inputs: Sequence[Path]) -> None:
    kept = {path.resolve() for path in inputs}
    for entry in entries:
        if isinstance(entry, Pair) and (folder / certificate_name(entry.id)).resolve() in kept:
            name = certificate_name(entry.id)
            raise InputError(f"--certificates {folder} would overwrite {name} there; choose another folder")


def _answer_pairs(
    pairs: Sequence[Pair],
    settings: Settings,
    certifying: Certifying,
    answers: Answers,
    jobs: int,
    command: Sequence[str],
) -> int:
    if not pairs:
        return 0
    with ExitStack() as stack:
        advance = _progress(stack, len(pairs))
        warnings = WarningLines()

        def tasks() -> Iterator[Task]:
            for pair in pairs:
                chosen = settings if pair.contract is None else replace(settings, contract=pair.contract)

                def deliver(answer: Answer, pair: Pair = pair) -> None:
                    answers.add(pair.id, answer)
                    advance()

                file = certifying.file(pair)
                request = request_line(
                    pair.reference, pair.candidate, chosen, certificate=file, require=certifying.require
                )
                seconds = settings.time_limit * (2 if certifying.wanted else 1) + GRACE_SECONDS
                yield Task(request, seconds, deliver, warnings.show)

        return asyncio.run(_until_terminated(tasks(), jobs, command))


async def _until_terminated(tasks: Iterator[Task], jobs: int, command: Sequence[str]) -> int:
    work = asyncio.ensure_future(answer_all(tasks, jobs, command))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, work.cancel, "terminated")
    try:
        await work
    except asyncio.CancelledError as error:
        if error.args == ("terminated",):
            return _TERMINATED
        raise
    return 0


def _progress(stack: ExitStack, total: int) -> Callable[[], None]:
    from ui.consoles import progress_console

    console = progress_console()
    if not console.is_terminal:
        return lambda: None
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    progress = stack.enter_context(Progress(*columns, console=console))
    bar = progress.add_task("", total=total)
    return lambda: progress.advance(bar)


def _print_summary(answers: Answers, missing: int) -> None:
    kinds = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in sorted(answers.tally.items()))
    earlier = f", {answers.earlier} of them from before" if answers.earlier else ""
    print(f"{answers.path}: {answers.tally.total()} answers{earlier}" + (f" ({kinds})" if kinds else ""))
    if missing:
        print(f"{missing} pairs have no answer yet; run the same command again to go on")
