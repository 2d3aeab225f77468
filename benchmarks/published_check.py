"""What the acceptance rule of EquivaMap accepts: its test on one optimum beside quasikarp, with the same maps.

No language model takes part: an oracle knows the maps. The pairs are transformed base models with their true maps;
mutated candidates with the maps of the candidates that were right; unrelated models with the rank-one map that carries
one optimum to the other, with their optimal values as they are and made equal; and unrelated models with an empty map.
Beside these: execution accuracy and the Weisfeiler–Lehman test, which need no map. What is right about a mutant is
settled by `published_truth` and `confirm`, which share no code with what decides claims, not by quasikarp.

    nice python -m benchmarks published_check --folder /tmp/published

`--with-model` asks a language model for the maps instead, once as EquivaMap does and once as quasikarp's planner.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from agent.hypothesis import LANGUAGE_MODEL
from agent.language.chat import ChatModel
from agent.language.configuration import LanguageModel, model_from_environment, why_none
from agent.published.equivamap import PUBLISHED_TRIES, equivamap
from agent.published.execution_accuracy import execution_accuracy
from agent.published.one_optimum import OneOptimum
from agent.published.symbols import symbols
from agent.published.weisfeiler_lehman import weisfeiler_lehman
from agent.run import check
from agent.settings import Settings
from benchmarks.confirm import confirm
from benchmarks.confirm_witness import confirm_witness
from benchmarks.isolated import Tell, isolated, quiet_output
from benchmarks.published_check_summary import asked_summary, summary
from benchmarks.published_truth import optima_carry_over
from benchmarks.recorded import last_records
from benchmarks.sampling import sampled
from benchmarks.transform_bases import chosen
from tools.claims.facts import find_facts
from tools.errors import InputError, QuasikarpError
from tools.exact.budget import Budget
from tools.exact.prover import Prover
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression, AffineMapping
from tools.solvers.gateway import Limits, shutdown
from tools.transform.chain import transform
from tools.transform.mutations import MUTATIONS, mutate
from tools.transform.registry import TRANSFORMATIONS
from tools.transform.transformed import Transformed

REPOSITORY = Path(__file__).resolve().parent.parent
RESULTS = REPOSITORY / "benchmarks" / "results"
SOLVE_SECONDS = 10.0
CONFIRM_SECONDS = 20.0
_SLACK_SECONDS = 30.0

TRANSFORMATION, MUTANT, UNRELATED, EQUAL_VALUE, EMPTY = "transformation", "mutant", "unrelated", "equal value", "empty"
PARTS = (TRANSFORMATION, MUTANT, UNRELATED, EQUAL_VALUE, EMPTY)
EACH = {TRANSFORMATION: 4, MUTANT: 5, UNRELATED: 1, EQUAL_VALUE: 1, EMPTY: 1}
"""Pairs of each part for each base model."""

Models = Mapping[str, Callable[[], Formulation]]


@dataclass(frozen=True)
class Task:
    """One pair: `what` is a kind of transformation, or the base model of the candidate; `mutation` what is broken."""

    part: str
    base: str
    what: str
    mutation: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What a record of this task is found by."""
        return tuple(asdict(self).values())


@dataclass(frozen=True)
class PublishedPair:
    """A pair with the map that is tested; `document` is that map for quasikarp, with what else is known of it."""

    reference: Formulation
    candidate: Formulation
    mapping: AffineMapping
    document: dict[str, Any]


def main(arguments: Sequence[str] | None = None, model: ChatModel | None = None) -> int:
    """Run what is not yet in the results file, write the tables; return 1 where quasikarp is wrong, else 0.

    `model` is a language model to ask instead of the one that the options or the environment name.
    """
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.published_check", description=(__doc__ or "").split(":")[0]
    )
    parser.add_argument("--bases", nargs="+", help="default: own models, the examples and small shared files")
    parser.add_argument("--limit-bases", type=int, help="the first so many base models")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--limit", type=int, help="a seeded sample of so many pairs")
    parser.add_argument("--time-limit", type=float, default=10.0, help="seconds for each check by quasikarp")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="keeps results.jsonl here; run again with it to go on")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the tables")
    parser.add_argument("--with-model", action="store_true", help="ask a language model for the maps (positives only)")
    parser.add_argument("--model", help="its name (default: QUASIKARP_MODEL)")
    options = parser.parse_args(arguments)
    try:
        models = chosen(options.bases, options.limit_bases)
        language = model or model_from_environment(options.model)
    except (ValueError, InputError) as error:
        print(error, file=sys.stderr)
        return 2
    if options.with_model and language is None:
        print(f"--with-model is skipped: {why_none()}")
        return 0
    tasks = _tasks(models, options)
    options.out.mkdir(parents=True, exist_ok=True)
    if options.with_model:
        assert language is not None
        records = [_asked(task, models, language, options) for task in tasks if task.part == TRANSFORMATION]
        text = asked_summary(records, language.name, command=_command(arguments), machine=machine())
        (options.out / "published_check_with_model.md").write_text(text)
        print(text)
        return 0
    folder = options.folder or Path(tempfile.mkdtemp(prefix="quasikarp-published-"))
    folder.mkdir(parents=True, exist_ok=True)
    records = _run(tasks, models, options, folder / "results.jsonl")
    text, wrong = summary(records, seed=options.seed, command=_command(arguments), machine=machine())
    (options.out / "published_check.md").write_text(text)
    print(text)
    return 1 if wrong else 0


def machine() -> str:
    """Return what the benchmark runs on, in a few words."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _command(arguments: Sequence[str] | None) -> str:
    given = list(sys.argv[1:] if arguments is None else arguments)
    shown: list[str] = []
    for position, text in enumerate(given):  # where results are kept says nothing about them
        if text not in ("--folder", "--out") and (not position or given[position - 1] not in ("--folder", "--out")):
            shown.append(text)
    return " ".join(["python -m benchmarks published_check", *shown])


def _tasks(models: Models, options: argparse.Namespace) -> list[Task]:
    """Return the pairs of every base model, drawn with the seed alone, whatever any method says of them."""
    tasks: list[Task] = []
    read = _readable(models)
    bases = list(read)
    for base, model in read.items():
        rng = random.Random(f"{options.seed}:{base}:published")
        kinds = [kind for kind in TRANSFORMATIONS if TRANSFORMATIONS[kind].places(model)]
        rng.shuffle(kinds)
        exact = [kind for kind in kinds if TRANSFORMATIONS[kind].contract == "reformulation"]
        mutations = rng.sample(list(MUTATIONS), len(MUTATIONS))
        others = [other for other in rng.sample(list(bases), len(bases)) if other != base]
        drawn = {
            TRANSFORMATION: [(kind, "") for kind in kinds],
            MUTANT: [(rng.choice(exact), mutation) for mutation in mutations],
            UNRELATED: [(other, "") for other in others],
            EQUAL_VALUE: [(other, "") for other in reversed(others)],
            EMPTY: [(other, "") for other in others],
        }
        for part in PARTS:
            if part in options.parts:
                tasks += [Task(part, base, what, mutation) for what, mutation in drawn[part][: EACH[part]]]
    return sampled(tasks, options.limit, options.seed)


def _readable(models: Models) -> dict[str, Formulation]:
    read = {}
    for base, build in models.items():
        try:
            read[base] = build()
        except QuasikarpError as error:
            print(f"{base} is left out: {error}", file=sys.stderr)
    return read


def _run(tasks: Sequence[Task], models: Models, options: argparse.Namespace, results: Path) -> list[dict[str, Any]]:
    done = load(results, options.seed)
    with results.open("a") as stream:
        for position, task in enumerate(tasks):
            if task.key in done:
                continue
            started = time.monotonic()
            known = isolated(partial(_work, task, models, options.seed, options.time_limit), _SLACK_SECONDS)
            record = {"task": asdict(task), "seed": options.seed, **known}
            record["wall"] = round(time.monotonic() - started, 3)
            done[task.key] = record
            stream.write(json.dumps(record) + "\n")
            stream.flush()
            last = (record.get("error", "").strip().splitlines() or ["nothing"])[-1]
            shown = record.get("skipped") or record.get("quasikarp", {}).get("verdict") or last
            print(f"{position + 1}/{len(tasks)} {' '.join(filter(None, task.key))}: {shown} ({record['wall']} s)")
    return [done[task.key] for task in tasks]


def load(results: Path, seed: int) -> dict[tuple[str, ...], dict[str, Any]]:
    """Return the last record of each task that was run with `seed`."""
    return last_records(results, seed, lambda record: tuple(record["task"].values()))


def _work(task: Task, models: Models, seed: int, time_limit: float, tell: Tell) -> None:
    quiet_output()
    try:
        try:
            pair = pair_of(task, models, seed)
        except QuasikarpError as error:
            tell(_SLACK_SECONDS, {"skipped": str(error)})
            return
        tell(6 * SOLVE_SECONDS + _SLACK_SECONDS, {})
        tell(1.5 * time_limit + _SLACK_SECONDS, {"rules": rules_on(pair)})
        tell(5 * CONFIRM_SECONDS + _SLACK_SECONDS, {"quasikarp": _verdict(pair, seed, time_limit)})
        tell(_SLACK_SECONDS, {"truth": _truth(pair)})
    finally:
        shutdown()


def pair_of(task: Task, models: Models, seed: int) -> PublishedPair:
    """Return the pair and the map that a task is about.

    Raises `InputError` where there is none, as for a reference without an optimum.
    """
    reference = models[task.base]()
    best = _optimum(reference, task.base)
    if task.part in (TRANSFORMATION, MUTANT):
        made = _made(task, reference, seed)
        return PublishedPair(reference, made.candidate, made.affine_recovery, made.mapping_json())
    candidate = models[task.what]()
    theirs = _optimum(candidate, task.what)
    if task.part == EQUAL_VALUE:
        candidate = with_value_of(candidate, theirs, reference, best)
    mapping = AffineMapping({}) if task.part == EMPTY else rank_one(reference, best, candidate, theirs)
    return PublishedPair(reference, candidate, mapping, {"recovery": mapping.to_json(), "completed": []})


def _made(task: Task, reference: Formulation, seed: int) -> Transformed:
    made = transform(reference, [task.what], seed)
    return mutate(made, task.mutation, seed).transformed if task.mutation else made


def _optimum(model: Formulation, name: str) -> Sequence[Fraction]:
    facts = find_facts(Prover(model, Budget.lasting(SOLVE_SECONDS)))
    if facts.status != "optimal" or facts.point is None or not facts.solved:
        raise InputError(f"no optimum of {name} is known: {facts.status}")
    return facts.point


def rank_one(
    reference: Formulation, best: Sequence[Fraction], candidate: Formulation, theirs: Sequence[Fraction]
) -> AffineMapping:
    """Return the linear map y*·(x*ᵀx)/(x*ᵀx*) from candidate to reference; raises `InputError` where x* is zero."""
    size = sum((value * value for value in theirs), Fraction(0))
    if not size:
        raise InputError("the optimum of the candidate is zero, and a linear map sends it to zero")
    share = {name: value / size for name, value in zip(candidate.variables, theirs, strict=True) if value}
    return AffineMapping(
        {
            name: AffineExpression(Fraction(0), {v: value * a for v, a in share.items()})
            for name, value in zip(reference.variables, best, strict=True)
        }
    )


def with_value_of(
    model: Formulation, optimum: Sequence[Fraction], other: Formulation, best: Sequence[Fraction]
) -> Formulation:
    """Return `model` with a constant in its objective that makes its optimal value that of `other`, both as stated."""
    values = [m.cost_value(p) * (1 if m.sense == "minimize" else -1) for m, p in ((model, optimum), (other, best))]
    return model.changed(objective_constant=model.objective_constant + values[1] - values[0])


def without_constants(mapping: AffineMapping) -> AffineMapping:
    """Return what the published form can say of a map: the variables whose expression has no constant term."""
    return AffineMapping({name: e for name, e in mapping.expressions.items() if not e.constant})


def rules_on(pair: PublishedPair) -> dict[str, Any]:
    """Return what every rule but quasikarp says of the pair: whether it accepts, and how the test on an optimum ends.

    "published" and "as released" get the map without the variables that need a constant term, which the published form
    of a map cannot say; "with constants" is the published test on the whole map.
    """
    limits = Limits(seconds=SOLVE_SECONDS)
    values = execution_accuracy(pair.reference, pair.candidate, limits)
    optimum = OneOptimum(pair.reference, pair.candidate, limits)
    linear = without_constants(pair.mapping)
    tests = {
        "published": optimum.test(linear),
        "with constants": optimum.test(pair.mapping),
        "as released": optimum.test(linear, as_released=True),
    }
    return {
        "execution, absolute": values.absolute,
        "execution, relative": values.relative,
        "WL": weisfeiler_lehman(pair.reference, pair.candidate),
        **{name: found.accepted for name, found in tests.items()},
        "endings": {name: found.ending for name, found in tests.items()},
        "needs constants": len(linear.expressions) < len(pair.mapping.expressions),
    }


def _verdict(pair: PublishedPair, seed: int, time_limit: float) -> dict[str, Any]:
    settings = Settings(
        "quasi-karp", time_limit, seed=seed, mapping=json.dumps(pair.document), memory="none", planner="symbolic"
    )
    started = time.monotonic()
    try:
        report = check(pair.reference, pair.candidate, settings)
    except InputError as error:
        return {"verdict": "refused", "reason": str(error)[:200], "seconds": round(time.monotonic() - started, 3)}
    return {
        "verdict": report.verdict,
        "relation": report.relation,
        "scope": report.scope,
        "reason": report.reason[:300],
        "claims": {name: f"{claim.result}/{claim.strength}" for name, claim in report.claims.items()},
        "seconds": round(time.monotonic() - started, 3),
        "witness": None
        if report.verdict != "not_equivalent"
        else vars(confirm_witness(pair.reference, pair.candidate, report.to_json(), CONFIRM_SECONDS)),
    }


def _truth(pair: PublishedPair) -> dict[str, Any]:
    """Return what the independent scripts find about the map: on the optima, and as a reformulation."""
    found = {"optima": vars(optima_carry_over(pair.reference, pair.candidate, pair.mapping, CONFIRM_SECONDS))}
    if pair.document.get("objective") is not None:
        document = {"mapping": pair.document}
        found["reformulation"] = vars(confirm(pair.reference, pair.candidate, document, CONFIRM_SECONDS))
    return found


def allowing_every_question(language: LanguageModel | ChatModel, variables: int) -> LanguageModel | ChatModel:
    """Return the model with limits under which each variable can be asked about in every try; its prices stay."""
    if not isinstance(language, LanguageModel):
        return language
    calls = min(1000, max(language.calls, PUBLISHED_TRIES * variables))
    tokens = max(language.tokens, calls * (language.prompt_tokens + language.answer_tokens))
    return replace(language, calls=calls, tokens=tokens)


def _asked(
    task: Task, models: Models, language: LanguageModel | ChatModel, options: argparse.Namespace
) -> dict[str, Any]:
    """Return what a language model makes of a pair: EquivaMap with its maps, and quasikarp with those it plans."""
    try:
        pair = pair_of(task, models, options.seed)
    except QuasikarpError as error:
        return {"task": asdict(task), "skipped": str(error)}
    started = time.monotonic()
    asked = allowing_every_question(language, len(symbols(pair.reference.variables)))
    found = equivamap(pair.reference, pair.candidate, asked, solver_limits=Limits(seconds=SOLVE_SECONDS))
    between = time.monotonic()
    settings = Settings(
        "quasi-karp", options.time_limit, seed=options.seed, memory="none", planner="llm", model=language
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # that the model gives no usable answer is counted below
        report = check(pair.reference, pair.candidate, settings)
    origin = "" if report.mapping is None else report.mapping.origin
    record = {
        "task": asdict(task),
        "equivamap": {"accepted": found.accepted, "why": found.why[:200], "calls": found.calls, "tries": found.tries},
        "quasikarp": {
            "verdict": report.verdict,
            "by the model": origin.startswith(LANGUAGE_MODEL),
            "reason": report.reason[:200],
            "calls": report.model_calls,
        },
        "seconds": [round(between - started, 3), round(time.monotonic() - between, 3)],
    }
    print(f"{' '.join(filter(None, task.key))}: {'accepted' if found.accepted else 'rejected'}, {report.verdict}")
    return record


if __name__ == "__main__":
    sys.exit(main())
