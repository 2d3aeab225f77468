"""Numbers that are hard on floating point: quasikarp on tiny pairs whose truth an enumeration in fractions knows.

Every pair of `nasty_pairs` is checked under both contracts, once without hints and once with the mapping that is meant.
Each verdict, each claim that is proved or refuted, and each counterexample is compared with `tests/brute_force.py`,
which shares no code with what decides claims; "unknown" is never wrong. No wrong one may be left.

    nice python -m benchmarks nasty --first 0 --count 520
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

from agent.run import check
from agent.settings import Settings
from benchmarks.nasty_pairs import BASES, NastyPair, nasty_pair
from tests.brute_force import BruteForce, Model, exact
from tools.formulation.json_format import parse_json
from tools.report import CLAIM_NAMES, Contract, Report
from tools.solvers.gateway import shutdown

REPOSITORY = Path(__file__).resolve().parent.parent
RESULTS = REPOSITORY / "benchmarks" / "results"
WITHOUT_SIGMA = ("value", "sound", "complete")


@dataclass(frozen=True)
class Outcome:
    """One check: what was answered, what is true of the mapping that is meant, and everything that is wrong."""

    pair: NastyPair
    contract: Contract
    given: bool
    true: bool
    report: Report
    wrong: tuple[str, ...]
    seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Check all pairs, write the table; return 1 where anything is wrong, else 0."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nasty", description=(__doc__ or "").split(":")[0])
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--count", type=int, default=520, help="so many pairs, one a seed")
    parser.add_argument("--time-limit", type=float, default=10.0, help="seconds for each check")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the table")
    options = parser.parse_args(arguments)
    outcomes: list[Outcome] = []
    try:
        for seed in range(options.first, options.first + options.count):
            for outcome in outcomes_of(nasty_pair(seed), options.time_limit):
                outcomes.append(outcome)
                for line in outcome.wrong:
                    print(f"WRONG {described(outcome)}: {line}", flush=True)
    finally:
        shutdown()
    text = summary(outcomes, options.first, options.count, options.time_limit)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "nasty.md").write_text(text)
    print(text)
    return 1 if any(outcome.wrong for outcome in outcomes) else 0


CHECKS: tuple[tuple[Contract, bool], ...] = tuple(itertools.product(get_args(Contract), (False, True)))
"""Every check of a pair: the contract, and whether the mapping that is meant is given."""


def outcomes_of(
    pair: NastyPair, time_limit: float, checks: Sequence[tuple[Contract, bool]] = CHECKS
) -> Iterator[Outcome]:
    """Yield the checks of a pair, each compared with the truth."""
    truth = BruteForce(pair.reference, pair.candidate)
    reference, candidate = (parse_json(json.dumps(model)) for model in (pair.reference, pair.candidate))
    for contract, given in checks:
        mapping = json.dumps(pair.mapping) if given else None
        settings = Settings(contract, time_limit, memory="none", planner="symbolic", mapping=mapping)
        started = time.perf_counter()
        report = check(reference, candidate, settings)
        seconds = time.perf_counter() - started
        answered = report.to_json()["mapping"] if given else None
        true = truth.verdict(contract, answered or pair.mapping)
        yield Outcome(pair, contract, given, true, report, tuple(wrongs(pair, truth, report)), seconds)


def wrongs(pair: NastyPair, truth: BruteForce, report: Report) -> Iterator[str]:
    """Yield what is wrong in a report about the pair."""
    mapping = report.to_json()["mapping"]
    refuted = [name for name in CLAIM_NAMES if report.claims[name].result == "refuted"]
    meant = mapping is not None and mapping["recovery"] == pair.mapping["recovery"]
    if pair.rounded and ((refuted and meant) or report.verdict == "not_equivalent"):
        yield f"{report.verdict}, {refuted} refuted, by the rounding of doubles"
    if mapping is None:
        claims = {"status": truth.reference.status == truth.candidate.status}
    else:
        try:
            claims = truth.claims(mapping)
        except (ValueError, KeyError) as error:
            yield f"the mapping means nothing: {error!r}"
            return
        yield from _wrong_relation(pair, truth, mapping)
    for name in CLAIM_NAMES:
        claim = report.claims[name]
        if name in claims and claim.result != "unknown" and (claim.result == "proved") != claims[name]:
            yield f"{name} {claim.result} ({claim.strength}): {claim.detail}"
        unstated = mapping is not None and mapping["objective"] is None and name in WITHOUT_SIGMA
        if (
            unstated
            and claim.result == "proved"
            and "infeasible" not in (truth.reference.status, truth.candidate.status)
        ):
            yield f"{name} proved ({claim.strength}) without an objective relation"
    if report.verdict == "equivalent" and (mapping is None or not truth.verdict(report.contract, mapping)):
        yield "equivalent"
    if report.verdict == "not_equivalent":
        yield from _wrong_no(pair, truth, report, mapping)
    if report.counterexample is not None:
        owner = truth.candidate if report.counterexample.point_of == "candidate" else truth.reference
        if not _contains(owner, report.counterexample.point):
            yield f"the counterexample is not feasible in the {owner.side}: {dict(report.counterexample.point)}"


def _wrong_relation(pair: NastyPair, truth: BruteForce, mapping: Mapping[str, Any]) -> Iterator[str]:
    """Yield σ where it differs from the one that is meant, for the mapping that is meant."""
    given, meant = mapping["objective"], pair.mapping["objective"]
    if given is None or pair.mutation or len(truth.candidate.cost.terms) == 0:
        return
    if mapping["recovery"] == pair.mapping["recovery"] and {k: exact(v) for k, v in given.items()} != {
        k: exact(v) for k, v in meant.items()
    }:
        yield f"σ is {given}, and {meant} is meant"


def _wrong_no(pair: NastyPair, truth: BruteForce, report: Report, mapping: Mapping[str, Any] | None) -> Iterator[str]:
    if report.scope == "this mapping":
        if mapping is None or truth.verdict(report.contract, mapping):
            yield "not_equivalent (this mapping)"
    elif truth.verdict(report.contract, pair.mapping):
        yield f"not_equivalent ({report.scope})"
    elif report.scope == "any mapping" and truth.reference.status == truth.candidate.status:
        if report.contract == "quasi-karp":
            yield "not_equivalent (any mapping), but both statuses are the same"
        elif not (truth.reference.continuous or truth.candidate.continuous or _forbidden(truth)):
            yield "not_equivalent (any mapping), but no count of solutions forbids one"


def _forbidden(truth: BruteForce) -> bool:
    """Say whether the reference has more solutions, optima or objective values than the candidate, all integer."""
    counts = []
    for model in (truth.reference, truth.candidate):
        values = [model.cost.at(piece.integers).constant for piece in model.pieces]
        counts.append((len(values), values.count(min(values, default=Fraction(0))), len(set(values))))
    return any(ours > theirs for ours, theirs in zip(*counts, strict=True))


def _contains(model: Model, point: Mapping[str, str]) -> bool:
    values = {model.key(name): exact(point.get(name, "0")) for name in model.names}
    whole = all(values[key].denominator == 1 for key in model.ends)
    return whole and all(row._replace(left=row.left.at(values)).holds for row in model.rows)


def described(outcome: Outcome) -> str:
    """Return which check it was, in a few words."""
    pair = outcome.pair
    made = ", ".join([*pair.steps, pair.mutation or "not mutated"])
    how = "mapping given" if outcome.given else "no hints"
    return f"seed {pair.seed} ({pair.kind}; {made}), {outcome.contract}, {how}"


def summary(outcomes: Sequence[Outcome], first: int, count: int, time_limit: float) -> str:
    """Return the markdown page."""
    wrong = [(outcome, line) for outcome in outcomes for line in outcome.wrong]
    slowest = max((outcome.seconds for outcome in outcomes), default=0.0)
    mutated = {outcome.pair.seed for outcome in outcomes if outcome.pair.mutation}
    lines = [
        "# Nasty numbers",
        "",
        f"Written by `python -m benchmarks nasty`; benchmarks/README.md says how to read it. Seeds {first} to "
        f"{first + count - 1}, all of them: {count} pairs, {len(mutated)} of them mutated, {len(outcomes)} checks, "
        f"time limit {time_limit:g} s each, the longest took {slowest:.1f} s.",
        "",
        f"**Wrong verdicts, claims and counterexamples: {len(wrong)}.**",
        "",
        *(f"- {described(outcome)}: {line}" for outcome, line in wrong),
        "",
        "## Verdicts",
        "",
        "Whether the mapping that is meant fulfils the contract, against the verdict: equivalent / not equivalent / "
        "unknown. Without hints another mapping may be found for a pair whose intended one is broken.",
        "",
        *_verdicts(outcomes),
        "",
        "## Claims",
        "",
        "About the mapping that is meant, given: what is true, and what was said.",
        "",
        *_claims(outcomes),
    ]
    return "\n".join(lines) + "\n"


def _verdicts(outcomes: Sequence[Outcome]) -> Iterator[str]:
    heads = ["holds, no hints", "holds, given", "broken, no hints", "broken, given", "rounding alone"]
    yield f"| kind | {' | '.join(heads)} |"
    yield "| --- " * (len(heads) + 1) + "|"
    for kind in [*BASES, "**all**"]:
        here = [outcome for outcome in outcomes if kind in (outcome.pair.kind, "**all**")]
        groups = [
            [o for o in here if not o.pair.rounded and (o.true, o.given) == which]
            for which in ((True, False), (True, True), (False, False), (False, True))
        ]
        groups.append([outcome for outcome in here if outcome.pair.rounded])
        yield f"| {kind} | {' | '.join(map(_counted, groups))} |"


def _counted(outcomes: Sequence[Outcome]) -> str:
    counts = Counter(outcome.report.verdict for outcome in outcomes)
    return " / ".join(str(counts[verdict]) for verdict in ("equivalent", "not_equivalent", "unknown"))


def _claims(outcomes: Sequence[Outcome]) -> Iterator[str]:
    heads = ["proved exact", "proved solver", "refuted exact", "refuted solver", "unknown"]
    yield f"| claim | {' | '.join(heads)} |"
    yield "| --- " * (len(heads) + 1) + "|"
    for name in CLAIM_NAMES:
        counts: Counter[str] = Counter()
        for outcome in outcomes:
            if outcome.given and outcome.contract == "reformulation":
                claim = outcome.report.claims[name]
                counts["unknown" if claim.result == "unknown" else f"{claim.result} {claim.strength}"] += 1
        yield f"| {name} | {' | '.join(str(counts[head]) for head in heads)} |"


if __name__ == "__main__":
    sys.exit(main())
