"""What memory buys: the same pairs within the same small budget, with stores of different content.

Seeds are textbook reformulations of small instances and transformations of some base models; the pairs that are timed
are larger instances with other data under other names, and transformations of other base models. Nothing is learned
while they are checked. The irrelevant store holds transformations only, of the seeds' base models, and no textbook
reformulation.

    python -m benchmarks memory_gain --folder /tmp/memory_gain
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.recollection import Recollection
from agent.run import stream
from agent.seeding import seed
from agent.settings import Settings
from benchmarks.textbook import KINDS, OTHER_WORDS, SMALL_WORDS, TextbookPair
from benchmarks.transform_bases import OWN, bases
from memory.embedding.portrait import portrait
from memory.loaders.pairs import LoaderOptions, SeedPair
from memory.loaders.registry import LOADERS
from memory.memory import Memory
from memory.record import Record
from tools.formulation.model import Formulation
from tools.formulation.write import write
from tools.report import Contract
from tools.solvers.gateway import shutdown
from tools.transform.chain import random_chain, transform
from tools.transform.registry import TRANSFORMATIONS

RESULTS = Path(__file__).resolve().parent / "results"
SEED_SECONDS = 20.0
SEED_SIZES = (3, 4)
QUERY_SIZES = (5, 6, 7)


@dataclass(frozen=True)
class Query:
    """A pair that is timed."""

    group: str
    reference: Formulation
    candidate: Formulation
    contract: Contract


@dataclass(frozen=True)
class Answer:
    """What became of it."""

    verdict: str
    origin: str
    tested: int
    seconds: float
    recall: float


@dataclass(frozen=True)
class Store:
    """A store by content: how many textbook pairs and how many transformations it was seeded with."""

    name: str
    textbook: int
    transformed: int


STORES = (
    Store("empty", 0, 0),
    Store("200 records", 45, 155),
    Store("2,000 records", 270, 1730),
    Store("irrelevant", 0, 2000),
)


class Unlearning(Recollection):
    """Memory that is asked and never told."""

    def learn(self, make: Callable[[], list[Record]]) -> int:
        """Keep nothing."""
        return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Seed the stores that are not there yet, check every pair with each, write the table; 1 if a verdict is wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory_gain", description=(__doc__ or "").split(":")[0])
    parser.add_argument("--folder", type=Path, default=Path("build/memory_gain"), help="where stores are kept")
    parser.add_argument("--time-limit", type=float, default=5.0)
    parser.add_argument("--queries", type=int, default=80, help="pairs that are timed")
    parser.add_argument("--stores", nargs="*", default=[store.name for store in STORES])
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    queries = list(_queries(options.queries))
    answers: dict[str, list[Answer]] = {}
    sizes: dict[str, int] = {}
    for store in STORES:
        if store.name not in options.stores:
            continue
        with Memory.open(options.folder / store.name.replace(" ", "_").replace(",", "")) as memory:
            _fill(memory, store, options.folder)
            sizes[store.name] = len(memory.store)
            memory.similar(portrait(queries[0].reference, queries[0].candidate))  # what is loaded once is not timed
            answers[store.name] = [_answer(memory, query, options.time_limit) for query in queries]
            verified = sum(answer.verdict == "equivalent" for answer in answers[store.name])
            print(f"{store.name}: {verified} of {len(queries)} verified", flush=True)
    shutdown()
    options.out.mkdir(parents=True, exist_ok=True)
    text = _table(queries, answers, sizes, options.time_limit)
    (options.out / "memory_gain.md").write_text(text, encoding="utf-8")
    print(text)
    wrong = sum(answer.verdict == "not_equivalent" for found in answers.values() for answer in found)
    return 1 if wrong else 0


def textbook_seeds(count: int) -> Iterator[SeedPair]:
    """Yield small textbook pairs with their known recoveries, kinds in turn."""
    for number in range(count):
        kind = list(KINDS)[number % len(KINDS)]
        size = SEED_SIZES[number // len(KINDS) % len(SEED_SIZES)]
        made = KINDS[kind](size, random.Random(f"seed:{number}"), SMALL_WORDS)
        yield SeedPair(
            id=f"{kind}-{number}",
            key=f"textbook:{kind}:{size}:{number}",
            load=lambda made=made: (made.reference, made.candidate),  # type: ignore[misc]
            contract=made.contract,
            mapping=made.rules,
            kind=kind,
        )


def _fill(memory: Memory, store: Store, folder: Path) -> None:
    models = folder / "models"
    if not models.exists():
        models.mkdir()
        for number, (name, build) in enumerate(bases().items()):
            if name not in OWN:
                try:
                    write(build(), models / f"{number}.lp")
                except Exception as error:  # a file of the shared data that nobody can read
                    print(f"{name}: {error}", file=sys.stderr)
    settings = Settings(time_limit=SEED_SECONDS)
    started = time.monotonic()
    for name, pairs in (
        ("textbook", textbook_seeds(store.textbook)),
        ("transformations", LOADERS["transformations"].pairs(models, LoaderOptions(count=store.transformed))),
    ):
        if not (store.textbook if name == "textbook" else store.transformed):
            continue
        outcomes: dict[str, int] = {}
        for seeded in seed(memory, pairs, settings, name):
            outcomes[seeded.outcome] = outcomes.get(seeded.outcome, 0) + 1
        print(f"{store.name}: {name} {outcomes} after {time.monotonic() - started:.0f} s", flush=True)


def _queries(count: int) -> Iterator[Query]:
    """Yield half textbook pairs, half transformations of own base models, renamed every other time."""
    for number in range(count // 2):
        kind = list(KINDS)[number % len(KINDS)]
        size = QUERY_SIZES[number // len(KINDS) % len(QUERY_SIZES)]
        made: TextbookPair = KINDS[kind](size, random.Random(f"query:{number}"), OTHER_WORDS)
        yield Query(kind, made.reference, made.candidate, made.contract)
    rng = random.Random(7)
    kinds = [name for name, kind in TRANSFORMATIONS.items() if kind.contract == "reformulation" and name != "rename"]
    made_so_far = 0
    while made_so_far < count - count // 2:
        model = OWN[rng.choice(list(OWN))]()
        kind = rng.choice(kinds)
        try:
            changed = transform(model, [kind], made_so_far)
            if made_so_far % 2:
                changed = changed.then(random_chain(changed.candidate, 1, made_so_far, ["rename"])[0])
        except Exception:
            continue
        made_so_far += 1
        yield Query("transformation", changed.reference, changed.candidate, changed.contract)


def _answer(memory: Memory, query: Query, seconds: float) -> Answer:
    settings = Settings(contract=query.contract, time_limit=seconds)
    started = time.monotonic()
    report = None
    for event in stream(query.reference, query.candidate, settings, recollection=Unlearning(memory=memory)):
        report = event.report or report
    assert report is not None
    return Answer(
        report.verdict,
        report.mapping.origin if report.verdict == "equivalent" and report.mapping else "",
        sum(bool(hypothesis.rules) for hypothesis in report.hypotheses),
        time.monotonic() - started,
        report.seconds.get("recall", 0.0),
    )


def _table(queries: Sequence[Query], answers: dict[str, list[Answer]], sizes: dict[str, int], seconds: float) -> str:
    lines = [
        "# What memory buys",
        "",
        f"Written by `python -m benchmarks memory_gain`; {len(queries)} pairs, {seconds:g} s a check, nothing learned "
        "while checking. The pairs have other data, names, sizes and base models than the seeds. Seconds are whole "
        "checks in one process, what is loaded once left out.",
        "",
        "| store | records | verified | by a recalled mapping | not_equivalent (all pairs are equivalent) | hypotheses "
        "tested, mean | seconds, median | seconds, sum | recall, median s | recall, longest s |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, found in answers.items():
        verified = sum(answer.verdict == "equivalent" for answer in found)
        recalled = sum(answer.origin.startswith("memory:") for answer in found)
        wrong = sum(answer.verdict == "not_equivalent" for answer in found)
        lines.append(
            f"| {name} | {sizes[name]} | {verified} ({verified / len(found):.0%}) | {recalled} | {wrong} | "
            f"{statistics.mean(a.tested for a in found):.2f} | {statistics.median(a.seconds for a in found):.2f} | "
            f"{sum(a.seconds for a in found):.0f} | {statistics.median(a.recall for a in found):.3f} | "
            f"{max(a.recall for a in found):.2f} |"
        )
    lines += ["", "## Verified by group", "", f"| group | pairs | {' | '.join(answers)} |"]
    lines.append(f"| --- | --- |{' --- |' * len(answers)}")
    for group in dict.fromkeys(query.group for query in queries):
        places = [k for k, query in enumerate(queries) if query.group == group]
        cells = [
            f"{sum(found[k].verdict == 'equivalent' for k in places)} "
            f"({statistics.median(found[k].seconds for k in places):.1f} s)"
            for found in answers.values()
        ]
        lines.append(f"| {group} | {len(places)} | {' | '.join(cells)} |")
    if {"empty", "irrelevant"} <= answers.keys():
        differences = [b.seconds - a.seconds for a, b in zip(answers["empty"], answers["irrelevant"], strict=True)]
        lines += [
            "",
            f"A store that has nothing to say costs {statistics.median(differences):.2f} s a check in the median "
            f"({max(differences):.2f} s at most) against an empty one.",
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
