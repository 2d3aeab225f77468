"""How much of what is proved is certified: every pair checked, its report certified, the certificate checked apart.

Sources: "discovery" (the bundled classics and the shared manifests: real pairs), "twins" (real models against their
twins) and "transformations" (candidates made from small models, some of them mutated). Checks have no hints and no
memory. The checker runs as a program of its own on the certificate, with the model files where there are some.

    python -m benchmarks certificates --sources discovery twins --folder /tmp/certificates --time-limit 60
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from agent.certifying import certify, with_certificate
from agent.run import check
from agent.settings import Settings
from benchmarks import discovery, transformations, twins
from benchmarks.certificates_summary import summary
from benchmarks.isolated import Tell, isolated, quiet_output
from benchmarks.measured import measured
from benchmarks.recorded import last_records, shared_out
from benchmarks.sampling import sampled
from benchmarks.transform_bases import chosen
from benchmarks.twin_models import twin
from tools.errors import QuasikarpError
from tools.formulation.model import Formulation
from tools.formulation.read import read
from tools.report import CLAIM_NAMES, Contract, Report
from tools.solvers.gateway import Limits, shutdown, solve
from tools.solvers.problem import NumericProblem

REPOSITORY = Path(__file__).resolve().parent.parent
RESULTS = REPOSITORY / "benchmarks" / "results"
SOURCES = ("discovery", "twins", "transformations")
CHECKER_SECONDS = 600.0
_READ_BY_CHECKER = re.compile(r".*\.(lp|mps)(\.gz|\.bz2)?", re.IGNORECASE)
_SLACK_SECONDS = 30.0
"""How far a piece of work may overrun its own limit before it is killed."""


class SkippedError(Exception):
    """There is no pair here; the text says why."""


@dataclass(frozen=True)
class Made:
    """A pair of models, with their files where both are in files that the checker reads."""

    reference: Formulation
    candidate: Formulation
    contract: Contract
    files: tuple[Path, Path] | None = None


@dataclass(frozen=True)
class Task:
    """One pair of a source; `make` reads or builds it, and raises `SkippedError` or `QuasikarpError`."""

    source: str
    identity: str
    make: Callable[[], Made]

    @property
    def key(self) -> tuple[str, str]:
        """What a record of this task is found by."""
        return self.source, self.identity

    @property
    def file_name(self) -> str:
        """What its certificate is called."""
        readable = re.sub(r"[^A-Za-z0-9.-]+", "_", f"{self.source}_{self.identity}")[:100]
        return f"{readable}_{hashlib.sha256(repr(self.key).encode()).hexdigest()[:8]}.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is not yet in the results file, write the table; return 1 where the checker refuses anything, else 0."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.certificates", description=(__doc__ or "").split(":")[0]
    )
    parser.add_argument("--sources", nargs="+", choices=SOURCES, default=list(SOURCES))
    parser.add_argument("--manifests", nargs="+", type=Path, help="instead of the classics and the shared pairs")
    parser.add_argument("--bases", nargs="+", help="base models of transformations (default: all)")
    parser.add_argument("--max-bytes", type=int, default=1 << 22, help="leave out larger files for twins")
    parser.add_argument("--limit", type=int, help="a seeded sample of so many pairs of each source")
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds for each check, and to certify it")
    parser.add_argument("--memory-limit", type=int, default=6000, help="megabytes for each process")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="keeps results.jsonl and certificates/; run again to go on")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the table")
    options = parser.parse_args(arguments)

    try:
        tasks = [task for source in options.sources for task in _sampled_tasks(source, options)]
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    if not tasks:
        print("no pairs", file=sys.stderr)
        return 2
    folder = options.folder or Path(tempfile.mkdtemp(prefix="quasikarp-certificates-"))
    (folder / "certificates").mkdir(parents=True, exist_ok=True)
    print(f"{len(tasks)} pairs; results go to {folder}", flush=True)

    well = shared_out(partial(_run, options=options, folder=folder), tasks, options.jobs)
    done = load(folder / "results.jsonl", options.seed)
    records = [done[task.key] for task in tasks if task.key in done]
    text, refused = summary(records, seed=options.seed, time_limit=options.time_limit)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "certificates.md").write_text(text)
    print(text)
    return 1 if refused or not well else 0


def load(results: Path, seed: int) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the last record of each pair that was run with `seed`."""
    return last_records(results, seed, lambda record: (record["source"], record["id"]))


def _sampled_tasks(source: str, options: argparse.Namespace) -> list[Task]:
    tasks = {"discovery": real_pairs, "twins": twin_pairs, "transformations": transformed_pairs}[source](options)
    return sampled(list(tasks), options.limit, options.seed)


def real_pairs(options: argparse.Namespace) -> Iterator[Task]:
    """Yield the pairs of the manifests, each under the contract that it names."""
    for path in options.manifests or discovery.default_manifests():
        for pair in discovery.read_manifest(path):
            files = tuple(path.resolve().parent / pair[side] for side in ("reference", "candidate"))
            make = partial(_read_pair, files, pair.get("contract", "quasi-karp"))
            yield Task("discovery", f"{discovery.manifest_name(path)}/{pair['id']}", make)


def _read_pair(files: tuple[Path, Path], contract: Contract) -> Made:
    reference, candidate = map(read, files)
    readable = all(_READ_BY_CHECKER.fullmatch(path.name) for path in files)
    return Made(reference, candidate, contract, files if readable else None)


def twin_pairs(options: argparse.Namespace) -> Iterator[Task]:
    """Yield the models of the shared HiGHS instances against their twins; smaller files come first."""
    root = discovery.shared_data()
    for path in sorted(
        twins.model_files([root / twins.FOLDERS[0]], options.max_bytes), key=lambda path: (path.stat().st_size, path)
    ):
        yield Task("twins", str(path.relative_to(root)), partial(_twin, path, options.seed))


def _twin(path: Path, seed: int) -> Made:
    original = read(path)
    result = solve(NumericProblem.of(original), limits=Limits(seconds=twins.SOLVE_SECONDS))
    if result.status not in ("optimal", "infeasible", "unbounded"):
        raise SkippedError(f"not solved within {twins.SOLVE_SECONDS:g} s")
    return Made(original, twin(original, seed), "reformulation")


def transformed_pairs(options: argparse.Namespace) -> Iterator[Task]:
    """Yield transformations and mutations of the base models."""
    wanted = argparse.Namespace(
        kinds=None, parts=transformations.PARTS, forms=transformations.FORMS, modes=["free"], chains=2, mutants=4,
        seed=options.seed,
    )  # fmt: skip
    for base, build in chosen(options.bases, None).items():
        try:
            model = build()
        except QuasikarpError as error:
            print(f"{base} is left out: {error}", file=sys.stderr)
            continue
        for task in transformations.tasks_for(base, model, wanted):
            yield Task("transformations", " ".join(filter(None, task.key)), partial(_made, task, build, options.seed))


def _made(task: transformations.Task, build: Callable[[], Formulation], seed: int) -> Made:
    made = transformations.made_for(task, build(), seed)
    return Made(made.reference, made.candidate, made.contract)


def _run(tasks: Sequence[Task], options: argparse.Namespace, folder: Path) -> None:
    results = folder / "results.jsonl"
    done = load(results, options.seed)
    with results.open("a") as stream:
        for position, task in enumerate(tasks):
            if task.key in done:
                continue
            started = time.monotonic()
            known = isolated(partial(_work, task, options, folder / "certificates"), 2 * _SLACK_SECONDS)
            record = {"source": task.source, "id": task.identity, "seed": options.seed, **known}
            record["wall"] = round(time.monotonic() - started, 3)
            stream.write(json.dumps(record) + "\n")
            stream.flush()
            ended = record.get("skipped") or record.get("error", "").strip() or record["verdict"]
            certified = sum(claim.get("certified", False) for claim in record.get("claims", {}).values())
            shown = f"{ended.splitlines()[-1]}, {certified} claims certified, checker {record.get('checker_status')}"
            print(f"{position + 1}/{len(tasks)} {' '.join(task.key)}: {shown} ({record['wall']} s)", flush=True)


def _work(task: Task, options: argparse.Namespace, folder: Path, tell: Tell) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (options.memory_limit << 20,) * 2)
    quiet_output()
    try:
        made = task.make()
        _certify(task, made, options, folder, tell)
    except (SkippedError, QuasikarpError) as error:
        tell(_SLACK_SECONDS, {"skipped": str(error)})
    finally:
        shutdown()


def _certify(task: Task, made: Made, options: argparse.Namespace, folder: Path, tell: Tell) -> None:
    limit, sides = options.time_limit, (made.reference, made.candidate)
    tell(1.5 * limit + _SLACK_SECONDS, {
        "contract": made.contract,
        "integers": any(side.integer.any() for side in sides),
        "nonzeros": max(side.nonzeros for side in sides),
    })  # fmt: skip
    settings = Settings(made.contract, limit, seed=options.seed, memory="none", planner="symbolic")
    started = time.monotonic()
    report = check(*sides, settings)
    check_seconds = round(time.monotonic() - started, 3)
    tell(2 * limit + 2 * _SLACK_SECONDS, {"check_seconds": check_seconds, **_told(report)})
    started = time.monotonic()
    certificate = certify(*sides, report, time_limit=limit, seed=options.seed)
    certify_seconds = round(time.monotonic() - started, 3)
    certified = with_certificate(report, certificate)
    gaps = {} if certified.certificate is None else certified.certificate.gaps
    path = folder / task.file_name
    path.write_text(certificate.text)
    tell(CHECKER_SECONDS + _SLACK_SECONDS, {
        "certify_seconds": certify_seconds,
        "certificate": path.name,
        "certificate_bytes": path.stat().st_size,
        "certificate_numbers": _numbers(certificate.document),
        "gaps": {name: reason[:400] for name, reason in gaps.items()},
        **_told(report, certified),
    })  # fmt: skip
    files = [str(file) for file in made.files or ()]
    command = [sys.executable, str(REPOSITORY / "quasikarp_verify.py"), str(path), *files]
    run = measured(command, CHECKER_SECONDS, options.memory_limit)
    tell(_SLACK_SECONDS, {
        "checker_status": run.status,
        "checker_said": run.output[:400],
        "checker_seconds": run.seconds,
        "checker_mb": run.peak_mb,
        "checker_files": len(files),
    })  # fmt: skip


def _told(report: Report, certified: Report | None = None) -> dict[str, Any]:
    """Return verdict and claims: each claim's result, strength before, and whether it is certified."""
    claims = {}
    for name in CLAIM_NAMES:
        claim = report.claims[name]
        shown = certified is not None and claim.result != "unknown" and certified.claims[name].strength == "exact"
        claims[name] = {"result": claim.result, "before": claim.strength, "certified": shown}
    summed = None if certified is None else certified.certificate
    return {
        "verdict": report.verdict,
        "scope": report.scope,
        "verdict_certified": summed is not None and summed.verdict,
        "claims": claims,
    }


def _numbers(document: Any) -> int:
    """Return how many numbers a certificate holds: coefficients, bounds, multipliers and indices."""
    count, open_values = 0, [document]
    while open_values:
        value = open_values.pop()
        if isinstance(value, dict):
            open_values += value.values()
        elif isinstance(value, list | tuple):
            open_values += value
        elif isinstance(value, int) or (isinstance(value, str) and value[-1:].isdigit()):
            count += not isinstance(value, bool)
    return count


if __name__ == "__main__":
    sys.exit(main())
