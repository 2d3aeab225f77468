"""What quasikarp finds and shows on manifests of pairs, without hints: one table for each manifest.

A manifest has a line per pair, as `quasikarp batch` reads them: `id`, `reference`, `candidate`, and optionally
`contract`, `label` and `optimal_values`, which are shown beside the verdicts and never to the product. Every pair is
checked in a process of its own; an "equivalent" is confirmed by `confirm`, which shares nothing with what decides.

    python -m benchmarks.discovery examples/classics/pairs.jsonl --folder /tmp/discovery --time-limit 60
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, get_args

from agent.run import check
from agent.settings import Settings
from benchmarks.confirm import confirm, confirm_optima
from benchmarks.discovery_summary import overview, table
from benchmarks.isolated import Tell, isolated, quiet_output
from benchmarks.recorded import last_records, shared_out
from tools.errors import QuasikarpError
from tools.formulation.read import read
from tools.report import Contract, Report
from tools.solvers.gateway import shutdown

REPOSITORY = Path(__file__).resolve().parent.parent
RESULTS = REPOSITORY / "benchmarks" / "results"
SHARED = ("alternative_formulations", "formulation_bench", "llm_written")
CONFIRM_SECONDS = 60.0
_SLACK_SECONDS = 30.0
"""How far a piece of work may overrun its own limit before it is killed."""


@dataclass(frozen=True)
class Task:
    """One pair under one contract."""

    manifest: str
    folder: Path
    pair: dict[str, Any]
    contract: Contract
    time_limit: float
    seed: int

    @property
    def key(self) -> tuple[str, str, str]:
        """What a record of this task is found by."""
        return self.manifest, self.pair["id"], self.contract


def main(arguments: Sequence[str] | None = None) -> int:
    """Check what is not yet in the results file, write the tables; return 1 where a verdict is wrong, else 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.discovery", description="pairs without hints")
    parser.add_argument("manifests", nargs="*", type=Path, help="default: the bundled classics and the shared pairs")
    parser.add_argument("--contract", nargs="+", choices=get_args(Contract), help="default: what each pair asks for")
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds for each check")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--limit-pairs", type=int, help="the first so many of each manifest")
    parser.add_argument("--folder", type=Path, help="keeps results.jsonl here; run again with it to go on")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the tables")
    options = parser.parse_args(arguments)

    manifests = options.manifests or default_manifests()
    tasks: list[Task] = []
    for path in manifests:
        try:
            pairs = read_manifest(path)[: options.limit_pairs]
        except (OSError, ValueError) as error:
            print(f"{path}: {error}", file=sys.stderr)
            return 2
        for pair in pairs:
            for contract in options.contract or [pair.get("contract", "quasi-karp")]:
                name = manifest_name(path)
                tasks.append(Task(name, path.resolve().parent, pair, contract, options.time_limit, options.seed))
    if not tasks:
        print("no pairs", file=sys.stderr)
        return 2
    if len({task.key for task in tasks}) < len(tasks):
        print("two pairs have the same id in manifests of the same name", file=sys.stderr)
        return 2
    folder = options.folder or Path(tempfile.mkdtemp(prefix="quasikarp-discovery-"))
    folder.mkdir(parents=True, exist_ok=True)
    results = folder / "results.jsonl"
    print(f"results go to {results}")

    well = shared_out(partial(_run, results=results), tasks, options.jobs)
    records = load(results, options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    wrong = 0
    for name in dict.fromkeys(task.manifest for task in tasks):
        chosen = [records[task.key] for task in tasks if task.manifest == name and task.key in records]
        text, false = table(name, chosen, seed=options.seed, time_limit=options.time_limit)
        wrong += false
        (options.out / f"discovery_{name}.md").write_text(text)
        document = json.dumps({"schema": "quasikarp/discovery/1", "pairs": chosen}, indent=1, ensure_ascii=False)
        (options.out / f"discovery_{name}.json").write_text(document + "\n")
        print("\n".join([f"## {name}", "", *overview(chosen)]))
    return 1 if wrong or not well else 0


def read_manifest(path: Path) -> list[dict[str, Any]]:
    """Return the pairs of a manifest; raises ValueError naming the line that is not one, OSError without a file."""
    pairs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            pair = json.loads(line)
        except json.JSONDecodeError as error:
            raise ValueError(f"line {number} is no JSON: {error}") from None
        missing = {"id", "reference", "candidate"} - pair.keys() if isinstance(pair, dict) else {"an object"}
        if missing:
            raise ValueError(f"line {number} lacks {', '.join(sorted(missing))}")
        pairs.append(pair)
    return pairs


def manifest_name(path: Path) -> str:
    """Return the folder's name for a pairs.jsonl, and the file's own for another manifest."""
    path = path.resolve()
    return path.parent.name if path.stem == "pairs" else path.stem


def family(identity: str) -> str:
    """Return what the ids of a family begin with: the part before the first colon, underscore or hyphen."""
    before, colon, _ = identity.partition(":")
    return before if colon else before.partition("_")[0].partition("-")[0]


def load(results: Path, seed: int) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Return the last record of each pair and contract that was run with `seed`."""
    return last_records(results, seed, lambda record: (record["manifest"], record["id"], record["contract"]))


def shared_data() -> Path:
    """Return the folder of the shared data, which need not be there."""
    return Path(os.environ.get("QUASIKARP_SHARED_DATA") or REPOSITORY.parent / "shared" / "data").resolve()


def default_manifests() -> list[Path]:
    """Return the manifest of the bundled classics and those of the shared pairs that are there."""
    root = shared_data()
    found = [root / name / "pairs.jsonl" for name in SHARED]
    return [REPOSITORY / "examples" / "classics" / "pairs.jsonl", *(path for path in found if path.is_file())]


def _run(tasks: Sequence[Task], results: Path) -> None:
    done = {task.seed: load(results, task.seed) for task in tasks}
    with results.open("a") as stream:
        for position, task in enumerate(tasks):
            if task.key in done[task.seed]:
                continue
            started = time.monotonic()
            known = isolated(partial(_work, task), _SLACK_SECONDS)
            record: dict[str, Any] = {
                "manifest": task.manifest,
                "id": task.pair["id"],
                "family": family(task.pair["id"]),
                "contract": task.contract,
                "seed": task.seed,
                "stated": {key: task.pair[key] for key in ("contract", "label", "optimal_values") if key in task.pair},
                **known,
                "wall": round(time.monotonic() - started, 3),
            }
            stream.write(json.dumps(record) + "\n")
            stream.flush()
            shown = record.get("verdict") or record.get("error", "").strip().splitlines()[-1]
            print(f"{position + 1}/{len(tasks)} {task.manifest} {task.pair['id']}: {shown} ({record['wall']} s)",
                  flush=True)  # fmt: skip


def _work(task: Task, tell: Tell) -> None:
    quiet_output()
    try:
        _check(task, tell)
    finally:
        shutdown()


def _check(task: Task, tell: Tell) -> None:
    try:
        reference, candidate = (read(task.folder / task.pair[side]) for side in ("reference", "candidate"))
    except QuasikarpError as error:
        tell(_SLACK_SECONDS, {"error": str(error)})
        return
    tell(1.5 * task.time_limit + _SLACK_SECONDS, {})
    settings = Settings(contract=task.contract, time_limit=task.time_limit, seed=task.seed)
    started = time.monotonic()
    report = check(reference, candidate, settings)
    seconds = round(time.monotonic() - started, 3)
    tell(2 * CONFIRM_SECONDS + _SLACK_SECONDS, {"check_seconds": seconds, **_told(report)})
    if report.verdict == "equivalent":
        look = confirm if task.contract == "reformulation" else confirm_optima
        opinion = look(reference, candidate, report.to_json(), CONFIRM_SECONDS)
        tell(_SLACK_SECONDS, {"confirmation": vars(opinion)})


def _told(report: Report) -> dict[str, Any]:
    """Return what the tables need of a report; no data of the models but the words of its explanations."""
    document = report.to_json()
    mapping, witness = report.mapping, report.counterexample
    return {
        "verdict": report.verdict,
        "relation": report.relation,
        "scope": report.scope,
        "reason": report.reason[:400],
        "claims": {name: f"{claim.result}/{claim.strength}" for name, claim in report.claims.items()},
        "origin": None if mapping is None else mapping.origin,
        "completed": [] if mapping is None else sorted(mapping.completed),
        "functions": sorted(_functions(document["mapping"])),
        "counterexample": None
        if witness is None
        else {
            "claim": witness.claim,
            "point_of": witness.point_of,
            "violates": witness.violates,
            "explanation": witness.explanation[:400],
        },
        "hypotheses": len(report.hypotheses),
        "models": {
            side: {key: document[side][key] for key in ("variables", "integers", "constraints", "status", "objective")}
            for side in ("reference", "candidate")
        },
        "stages": dict(report.seconds),
    }


def _functions(mapping: dict[str, Any] | None) -> set[str]:
    """Return the names of the functions other than affine ones that lifting and completed variables use."""
    found: set[str] = set()
    for entries in (mapping or {}).get("lifting"), (mapping or {}).get("completed_by"):
        for entry in (entries or {}).values():
            found.update(function["function"] for function in entry["arguments"].get("where", ()))
    return found


if __name__ == "__main__":
    sys.exit(main())
