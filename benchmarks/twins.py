"""Twins must be equivalent, mutants must not pass for it: quasikarp on pairs whose answer is known or checked apart.

For every model file that quasikarp reads and its solvers solve in ten seconds:

- its *twin* (`twin_models`): the verdict must be "equivalent" under `reformulation`, with every claim proved;
- one *mutant* (`mutants`), once with the identity as the prescribed mapping ("named") and once renamed and shuffled
  without a mapping ("free"), under both contracts. No "equivalent" where a point or the objective separates the two
  models (`separation`, prescribed mapping, `reformulation`), and elsewhere only what `confirm` confirms; no
  "not equivalent" where `confirm` finds that the identity does it.

    python -m benchmarks.twins --limit-files 40 --folder /tmp/twins
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from agent.run import check
from agent.settings import Settings
from benchmarks.confirm import Confirmation, confirm, confirm_optima
from benchmarks.isolated import Tell, isolated, quiet_output
from benchmarks.mutants import mutant
from benchmarks.recorded import last_records, shared_out
from benchmarks.separation import find_difference
from benchmarks.twin_models import disguised, twin
from benchmarks.twins_summary import summary
from tools.errors import InputError
from tools.formulation.model import Formulation
from tools.formulation.read import read
from tools.mapping.affine import AffineMapping
from tools.report import Contract, Report
from tools.solvers.gateway import Limits, shutdown, solve
from tools.solvers.problem import NumericProblem

REPOSITORY = Path(__file__).resolve().parent.parent
FOLDERS = ("highs_instances", "bench4opt/lp", "formulation_bench/lp", "alternative_formulations/lp", "llm_written")
SUMMARY = REPOSITORY / "benchmarks" / "results" / "twins.md"
ENDINGS = (".lp", ".mps", ".lp.gz", ".mps.gz")

SOLVE_SECONDS = 10.0
SEPARATION_SECONDS = 20.0
"""For each of SCIP's searches for a point that separates a mutant from its original."""

CONFIRM_SECONDS = 60.0
_SLACK_SECONDS = 30.0
"""How far a piece of work may overrun its own limit before it is killed."""


@dataclass(frozen=True)
class Options:
    """What every piece of work needs to know."""

    root: Path
    seed: int
    time_limit: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is not yet in the results file, write the summary; return 1 where something is wrong, else 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.twins", description="twins and mutants of real models")
    parser.add_argument("models", nargs="*", type=Path, help="folders of model files (default: the shared data's)")
    parser.add_argument("--folder", type=Path, help="keeps results.jsonl here; run again with it to go on")
    parser.add_argument("--summary", type=Path, default=SUMMARY)
    parser.add_argument("--limit-files", type=int, help="a seeded sample of this many files")
    parser.add_argument("--max-bytes", type=int, default=1 << 22, help="leave out larger files")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds for each check")
    parser.add_argument("--only", choices=("twin", "mutant"))
    options = parser.parse_args(arguments)

    folders, root = _folders(options.models)
    files = model_files(folders, options.max_bytes)
    if not files:
        print(f"no model files in {', '.join(map(str, folders))}; set QUASIKARP_SHARED_DATA or name folders")
        return 2
    if options.limit_files is not None and options.limit_files < len(files):
        files = random.Random(options.seed).sample(files, options.limit_files)
    files.sort(key=lambda path: (path.stat().st_size, path))
    folder = options.folder or Path(tempfile.mkdtemp(prefix="quasikarp-twins-"))
    folder.mkdir(parents=True, exist_ok=True)
    results = folder / "results.jsonl"
    print(f"results go to {results}")
    settings = Options(root, options.seed, options.time_limit)

    run = partial(_run, options=settings, results=results, only=options.only)
    well = shared_out(run, files, options.jobs)
    names = {_name(path, settings) for path in files}
    records = [record for record in load(results, options.seed).values() if record["file"] in names]
    text, wrong = summary(records, seed=options.seed, time_limit=options.time_limit)
    options.summary.parent.mkdir(parents=True, exist_ok=True)
    options.summary.write_text(text)
    print(text)
    return 1 if wrong or not well else 0


def load(results: Path, seed: int) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the last record of each file and task that was run with `seed`."""
    return last_records(results, seed, lambda record: (record["file"], record["task"]))


def _folders(given: Sequence[Path]) -> tuple[list[Path], Path]:
    """Return the folders to look in and the one that file names are relative to."""
    if given:
        folders = [path.resolve() for path in given]
        return folders, Path(os.path.commonpath(folders))
    root = Path(os.environ.get("QUASIKARP_SHARED_DATA") or REPOSITORY.parent / "shared" / "data").resolve()
    if root.is_dir():
        return [root / folder for folder in FOLDERS], root
    return [REPOSITORY / "examples" / "models"], REPOSITORY / "examples"


def model_files(folders: Sequence[Path], max_bytes: int) -> list[Path]:
    """Return the model files of at most so many bytes in the folders and below."""
    found = {path for folder in folders for path in folder.rglob("*") if path.name.lower().endswith(ENDINGS)}
    return sorted(path for path in found if path.is_file() and path.stat().st_size <= max_bytes)


def _name(path: Path, options: Options) -> str:
    return str(path.relative_to(options.root))


def _run(files: Sequence[Path], options: Options, results: Path, only: str | None) -> None:
    done = load(results, options.seed)
    with results.open("a") as stream:
        for position, path in enumerate(files):
            name = _name(path, options)
            mutation = f"{options.seed}:{name}"
            for task in _tasks(name, done, only):
                if (name, task) in done:
                    continue
                work = partial(_work, path, task, mutation, options)
                started = time.monotonic()
                record = {"file": name, "task": task, "seed": options.seed, **isolated(work, _SLACK_SECONDS)}
                record["wall"] = round(time.monotonic() - started, 3)
                done[name, task] = record
                stream.write(json.dumps(record) + "\n")
                stream.flush()
                shown = record.get("verdict") or record.get("status") or record.get("error", "done").splitlines()[-1]
                print(f"{position + 1}/{len(files)} {name} {task}: {shown} ({record['wall']} s)", flush=True)


def _tasks(name: str, done: dict[tuple[str, str], dict[str, Any]], only: str | None) -> Iterator[str]:
    """Yield what is to be done with one file; a task that another one rules out is left out."""
    yield "solve"
    if done[name, "solve"].get("status") not in ("optimal", "infeasible", "unbounded"):
        return
    if only != "mutant":
        yield "twin"
    if only != "twin":
        yield "mutant"
        if "mutation" in done[name, "mutant"]:
            for form in ("named", "free"):
                for contract in ("reformulation", "quasi-karp"):
                    yield f"{form}/{contract}"


def _work(path: Path, task: str, mutation: str, options: Options, tell: Tell) -> None:
    quiet_output()
    try:
        _task(path, task, mutation, options, tell)
    finally:
        shutdown()


def _task(path: Path, task: str, mutation: str, options: Options, tell: Tell) -> None:
    try:
        original = read(path)
    except InputError as error:
        tell(_SLACK_SECONDS, {"status": "unreadable", "reason": str(error)})
        return
    if task == "solve":
        tell(2 * SOLVE_SECONDS + _SLACK_SECONDS, {})
        result = solve(NumericProblem.of(original), limits=Limits(seconds=SOLVE_SECONDS))
        size = {"rows": len(original.rows), "variables": len(original.variables), "nonzeros": original.nonzeros}
        tell(_SLACK_SECONDS, {"status": result.status, **size, "reason": result.message})
        return
    if task == "twin":
        other = twin(original, options.seed)
        settings = Settings(contract="reformulation", time_limit=options.time_limit, seed=options.seed)
        _check(original, other, settings, tell)
        return
    made = mutant(original, mutation)
    if task == "mutant":
        if made is not None:
            tell(4 * SEPARATION_SECONDS + _SLACK_SECONDS, {"mutation": vars(made[1])})
            difference = find_difference(original, made[0], SEPARATION_SECONDS)
            tell(_SLACK_SECONDS, {"difference": None if difference is None else vars(difference)})
        return
    assert made is not None
    form, _, contract = task.partition("/")
    free = form == "free"
    changed = disguised(made[0], options.seed) if free else made[0]
    settings = Settings(
        contract=_contract(contract),
        time_limit=options.time_limit,
        seed=options.seed,
        mapping=None if free else identity(original),
    )
    report = _check(original, changed, settings, tell)
    if report.verdict == "not_equivalent":
        tell(2 * CONFIRM_SECONDS + _SLACK_SECONDS, {})
        document = {"mapping": json.loads(identity(original)) | {"objective": {"scale": "1", "offset": "0"}}}
        opinion = _opinion(settings.contract, original, made[0], document)
        tell(_SLACK_SECONDS, {"identity": vars(opinion)})


def identity(model: Formulation) -> str:
    """Return the identity on the variables of `model` as the JSON text that `Settings.mapping` reads."""
    recovery = AffineMapping.identity(model.variables).to_json()
    return json.dumps({"recovery": recovery, "completed": [], "lifting": None})


def _check(reference: Formulation, candidate: Formulation, settings: Settings, tell: Tell) -> Report:
    """Run the check, tell its outcome, and what `confirm` says of an "equivalent"."""
    tell(1.5 * settings.time_limit + _SLACK_SECONDS, {})
    started = time.monotonic()
    report = check(reference, candidate, settings)
    told: dict[str, Any] = {
        "verdict": report.verdict,
        "relation": report.relation,
        "scope": report.scope,
        "reason": report.reason[:300],
        "claims": {name: f"{claim.result}/{claim.strength}" for name, claim in report.claims.items()},
        "origin": None if report.mapping is None else report.mapping.origin,
        "check_seconds": round(time.monotonic() - started, 3),
        "stages": dict(report.seconds),
    }
    tell(2 * CONFIRM_SECONDS + _SLACK_SECONDS, told)
    if report.verdict == "equivalent":
        opinion = _opinion(settings.contract, reference, candidate, report.to_json())
        tell(_SLACK_SECONDS, {"confirmation": vars(opinion)})
    return report


def _opinion(
    contract: Contract, reference: Formulation, candidate: Formulation, document: dict[str, Any]
) -> Confirmation:
    look = confirm if contract == "reformulation" else confirm_optima
    return look(reference, candidate, document, CONFIRM_SECONDS)


def _contract(text: str) -> Contract:
    return "quasi-karp" if text == "quasi-karp" else "reformulation"


if __name__ == "__main__":
    sys.exit(main())
