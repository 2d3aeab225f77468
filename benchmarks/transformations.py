"""Transformations must be proved, mutations must not: quasikarp on candidates whose true maps are known.

Every base model (`transform_bases`) under every transformation that fits it, and under random chains of two and three,
each as it is and once more renamed and shuffled. A check without hints must answer "equivalent" under the contract that
the transformation gives; `confirm` looks at the maps it returns. Then mutations of some of these candidates: with the
true mapping given, "equivalent" only where `confirm` agrees, and "not equivalent" only with a counterexample that
`confirm_witness` confirms; and the same searched freely.

    python -m benchmarks transformations --folder /tmp/transformations --time-limit 30
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from agent.run import check
from agent.settings import Settings
from benchmarks.confirm import Confirmation, confirm, confirm_optima
from benchmarks.confirm_witness import confirm_witness
from benchmarks.isolated import Tell, isolated, quiet_output
from benchmarks.recorded import last_records, shared_out
from benchmarks.sampling import sampled
from benchmarks.transform_bases import chosen, machines
from benchmarks.transformations_summary import summary
from tools.errors import QuasikarpError
from tools.formulation.model import Formulation
from tools.report import Report
from tools.solvers.gateway import Limits, shutdown, solve, warm_up
from tools.solvers.problem import NumericProblem
from tools.transform.chain import random_chain, transform
from tools.transform.mutations import MUTATIONS, mutate
from tools.transform.registry import TRANSFORMATIONS
from tools.transform.transformed import Transformed

REPOSITORY = Path(__file__).resolve().parent.parent
RESULTS = REPOSITORY / "benchmarks" / "results"
CONFIRM_SECONDS = 60.0
SOLVE_SECONDS = 10.0
_SLACK_SECONDS = 30.0
"""How far a piece of work may overrun its own limit before it is killed."""

FIRST = machines()
"""Solved before anything is timed, so that the start of the solvers is counted apart."""

PARTS = ("single", "chain2", "chain3", "mutation")
FORMS = ("plain", "shuffled")
MODES = ("free", "given")


@dataclass(frozen=True)
class Task:
    """One check: `what` is a kind of transformation, or a number of a random chain; `mutation` what is then broken."""

    base: str
    part: str
    what: str
    form: str
    mode: str
    mutation: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What a record of this task is found by."""
        return tuple(asdict(self).values())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is not yet in the results file, write the tables; return 1 where a verdict is wrong, else 0."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.transformations", description=(__doc__ or "").split(":")[0]
    )
    parser.add_argument("--kinds", nargs="+", help="default: every kind of transformation")
    parser.add_argument("--bases", nargs="+", help="default: own models, the examples and small shared files")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=list(FORMS))
    parser.add_argument(
        "--modes", nargs="+", choices=MODES, default=list(MODES), help="with the true maps given or not"
    )
    parser.add_argument("--chains", type=int, default=2, help="random chains of each length for each base model")
    parser.add_argument("--mutants", type=int, default=4, help="mutated candidates for each base model")
    parser.add_argument("--limit", type=int, help="a seeded sample of so many checks")
    parser.add_argument("--limit-bases", type=int, help="the first so many base models")
    parser.add_argument("--time-limit", type=float, default=30.0, help="seconds for each check")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="keeps results.jsonl here; run again with it to go on")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the tables")
    options = parser.parse_args(arguments)

    try:
        models = chosen(options.bases, options.limit_bases)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    unknown = [kind for kind in options.kinds or [] if kind not in TRANSFORMATIONS]
    if unknown:
        print(f"unknown kind {unknown[0]!r}; known are {', '.join(TRANSFORMATIONS)}", file=sys.stderr)
        return 2
    tasks = [task for name, build in models.items() for task in tasks_for(name, build(), options)]
    tasks = sampled(tasks, options.limit, options.seed)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="quasikarp-transformations-"))
    folder.mkdir(parents=True, exist_ok=True)
    results = folder / "results.jsonl"
    print(f"{len(tasks)} checks; results go to {results}", flush=True)

    well = shared_out(partial(_run, models=models, options=options, results=results), tasks, options.jobs)
    done = load(results, options.seed)
    records = [done[task.key] for task in tasks if task.key in done]
    text, wrong = summary(records, seed=options.seed, time_limit=options.time_limit)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "transformations.md").write_text(text)
    document = {"schema": "quasikarp/transformations-benchmark/1", "checks": records}
    (options.out / "transformations.json").write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    print(text)
    return 1 if wrong or not well else 0


def load(results: Path, seed: int) -> dict[tuple[str, ...], dict[str, Any]]:
    """Return the last record of each task that was run with `seed`."""
    return last_records(results, seed, lambda record: tuple(record["task"].values()))


def tasks_for(base: str, model: Formulation, options: argparse.Namespace) -> Iterator[Task]:
    """Yield the checks of one base model that the options ask for."""
    kinds = [kind for kind in options.kinds or TRANSFORMATIONS if TRANSFORMATIONS[kind].places(model)]
    for form in options.forms:
        for mode in options.modes:
            if "single" in options.parts:
                for kind in kinds:
                    yield Task(base, "single", kind, form, mode)
            for part in ("chain2", "chain3"):
                if part in options.parts:
                    for number in range(options.chains):
                        yield Task(base, part, str(number), form, mode)
    if "mutation" in options.parts and kinds:
        rng = random.Random(f"{options.seed}:{base}:mutations")
        exact = [kind for kind in kinds if TRANSFORMATIONS[kind].contract == "reformulation"]
        names = list(MUTATIONS)
        for name in rng.sample(names, min(options.mutants, len(names))):
            kind = rng.choice(exact or kinds)
            for mode in options.modes:
                # searched freely, names must not give the mapping away
                yield Task(base, "mutation", kind, "plain" if mode == "given" else "shuffled", mode, name)


def _run(
    tasks: Sequence[Task],
    models: dict[str, Callable[[], Formulation]],
    options: argparse.Namespace,
    results: Path,
) -> None:
    done = load(results, options.seed)
    with results.open("a") as stream:
        for position, task in enumerate(tasks):
            if task.key in done:
                continue
            started = time.monotonic()
            known = isolated(partial(_work, task, models[task.base], options.seed, options.time_limit), _SLACK_SECONDS)
            record = {"task": asdict(task), "seed": options.seed, **known}
            record["wall"] = round(time.monotonic() - started, 3)
            stream.write(json.dumps(record) + "\n")
            stream.flush()
            shown = record.get("verdict") or record.get("skipped") or record.get("error", "").strip().splitlines()[-1]
            print(
                f"{position + 1}/{len(tasks)} {' '.join(filter(None, task.key))}: {shown} ({record['wall']} s)",
                flush=True,
            )


def _work(task: Task, build: Callable[[], Formulation], seed: int, time_limit: float, tell: Tell) -> None:
    quiet_output()
    try:
        _check(task, build(), seed, time_limit, tell)
    finally:
        shutdown()


def made_for(task: Task, model: Formulation, seed: int) -> Transformed:
    """Return the transformation that a task is about, its mutation included; raises `InputError` where it fails."""
    if task.part.startswith("chain"):
        made, _ = random_chain(model, int(task.part.removeprefix("chain")), seed=1000 * seed + int(task.what))
    else:
        made = transform(model, [task.what], seed)
    if task.mutation:
        made = mutate(made, task.mutation, seed).transformed
    if task.form == "shuffled":
        made = made.then(transform(made.candidate, ["rename", "permute"], seed))
    return made


def _check(task: Task, model: Formulation, seed: int, time_limit: float, tell: Tell) -> None:
    try:
        made = made_for(task, model, seed)
    except QuasikarpError as error:
        tell(_SLACK_SECONDS, {"skipped": str(error)})
        return
    tell(2 * SOLVE_SECONDS + _SLACK_SECONDS, {"contract": made.contract, "steps": list(made.steps)})
    started = time.monotonic()
    warm_up()
    solve(NumericProblem.of(FIRST), limits=Limits(seconds=SOLVE_SECONDS))
    start_seconds = round(time.monotonic() - started, 4)
    started = time.monotonic()
    for side in (made.reference, made.candidate):
        solve(NumericProblem.of(side), limits=Limits(seconds=SOLVE_SECONDS))
    solving = time.monotonic() - started
    mapping = json.dumps(made.mapping_json()) if task.mode == "given" else None
    settings = Settings(contract=made.contract, time_limit=time_limit, seed=seed, mapping=mapping)
    tell(1.5 * time_limit + _SLACK_SECONDS, {"solve_seconds": round(solving, 4), "start_seconds": start_seconds})
    started = time.monotonic()
    report = check(made.reference, made.candidate, settings)
    seconds = round(time.monotonic() - started, 3)
    tell(3 * CONFIRM_SECONDS + _SLACK_SECONDS, {"check_seconds": seconds, **_told(report)})
    tell(_SLACK_SECONDS, {"confirmation": vars(_opinion(made, report))})


def _told(report: Report) -> dict[str, Any]:
    return {
        "verdict": report.verdict,
        "relation": report.relation,
        "scope": report.scope,
        "reason": report.reason[:300],
        "claims": {name: f"{claim.result}/{claim.strength}" for name, claim in report.claims.items()},
        "origin": None if report.mapping is None else report.mapping.origin,
        "witness": None if report.counterexample is None else report.counterexample.claim,
    }


def _opinion(made: Transformed, report: Report) -> Confirmation:
    """Return what the independent scripts say of a decided verdict, and of the true maps where it is open."""
    document = report.to_json()
    look = confirm if made.contract == "reformulation" else confirm_optima
    if report.verdict == "equivalent":
        return look(made.reference, made.candidate, document, CONFIRM_SECONDS)
    if report.verdict == "not_equivalent":
        return confirm_witness(made.reference, made.candidate, document, CONFIRM_SECONDS)
    return look(made.reference, made.candidate, {"mapping": made.mapping_json()}, CONFIRM_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
