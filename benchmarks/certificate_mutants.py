"""Mutated certificates must be refused unless what they state is true: the checker against spoilt and hostile input.

Originals are small certificates (the bundled ones, and of pairs made from seeds) and those that `certificates` wrote.
Each mutant is checked by the checker's `main` in a process that can be killed. What an accepted mutant states must be
stated by the original too, or be true: by enumeration for small models (`certificate_truth`), by a check from scratch
for others. Half of the mutants that aim at what is stated come without the claims that the checker refuses, so that the
others do not hide behind these.

    python -m benchmarks certificate_mutants --folder /tmp/certificates --count 20000 --seed 1
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import multiprocessing
import random
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import quasikarp_verify
from benchmarks.certificate_mutations import MUTATIONS, STATING, Document, dumped
from benchmarks.certificate_truth import Statement, implied, judged, statements
from benchmarks.isolated import quiet_output
from benchmarks.small_pairs import small_certificate
from tools.certify.certificate import refused
from tools.solvers.gateway import shutdown

REPOSITORY = Path(__file__).resolve().parent.parent
RESULTS = REPOSITORY / "benchmarks" / "results"
BUNDLED = REPOSITORY / "tests" / "verifier" / "certificates"
CHECKER_SECONDS = 20.0
TRUTH_SECONDS = 120.0
SMALL_SHARE = 0.75
"""Share of the mutants that are made of small certificates, where there are others."""


@dataclass(frozen=True)
class Original:
    """A certificate that the checker accepts, and the seconds that this takes."""

    name: str
    document: Document
    small: bool
    seconds: float


@dataclass(frozen=True)
class Mutant:
    """A mutated certificate as text; `donor` is the one that a part of it may come from."""

    number: int
    kind: str
    original: Original
    text: str
    reduced: bool


@dataclass
class Outcome:
    """What became of a mutant.

    `result` is "rejected", "same" (accepted, states nothing new), "confirmed", "unconfirmed", "false", or how the
    checker failed: "crash", "killed". `lemmas` counts changed lemmas that were looked at.
    """

    number: int
    kind: str = ""
    original: str = ""
    reduced: bool = False
    result: str = "killed"
    said: str = ""
    seconds: float = 0.0
    megabytes: float = 0.0
    lemmas: int = 0
    findings: list[str] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> int:
    """Check all mutants, write the table; return 1 where one that is false was accepted or the checker failed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.certificate_mutants", description=(__doc__ or "").split(":")[0]
    )
    parser.add_argument("--folder", type=Path, help="folder of `certificates`; small certificates are kept here too")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--small", type=int, default=300, help="so many small pairs are tried")
    parser.add_argument("--max-bytes", type=int, default=200_000, help="leave out larger certificates")
    parser.add_argument("--memory-limit", type=int, default=3000, help="megabytes for each process")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the table")
    options = parser.parse_args(arguments)
    folder = options.folder or Path(tempfile.mkdtemp(prefix="quasikarp-mutants-"))
    originals = load_originals(folder, options.small, options.max_bytes)
    if not originals:
        print(f"no certificate that the checker accepts in {BUNDLED} or {folder}", file=sys.stderr)
        return 2
    print(f"{len(originals)} certificates, {sum(o.small for o in originals)} small; mutants go to {folder}", flush=True)
    outcomes: list[Outcome] = []
    numbers = range(options.count)
    kept = folder / f"mutants-{options.seed}"
    kept.mkdir(parents=True, exist_ok=True)
    for outcome in run(originals, numbers, options.seed, options.jobs, options.memory_limit, kept):
        outcomes.append(outcome)
        if outcome.result not in ("rejected", "same", "confirmed"):
            print(f"{outcome.result.upper()} {described(outcome)}", flush=True)
        if len(outcomes) % 1000 == 0:
            print(f"{len(outcomes)}/{options.count}", dict(Counter(o.result for o in outcomes)), flush=True)
    text = summary(outcomes, len(originals), options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "certificate_mutants.md").write_text(text)
    print(text)
    return 1 if any(outcome.result in ("false", "crash", "killed") for outcome in outcomes) else 0


def load_originals(folder: Path, small: int, max_bytes: int) -> list[Original]:
    """Return all certificates to be mutated that the checker accepts; small ones are made once."""
    made = folder / "small"
    made.mkdir(parents=True, exist_ok=True)
    try:
        for seed in range(small):
            path = made / f"{seed}.json"
            if not path.exists():
                try:
                    certificate = small_certificate(seed)
                except Exception:  # a defect of what makes certificates must be seen, and costs this pair only
                    print(f"NO CERTIFICATE of small pair {seed}: {traceback.format_exc(limit=-3)}", flush=True)
                    continue
                path.write_text("" if certificate is None else certificate.text)
    finally:
        shutdown()
    found: list[Original] = []
    paths = [*bundled(), *sorted(made.glob("*.json")), *sorted((folder / "certificates").glob("*.json"))]
    for path in paths:
        if 0 < path.stat().st_size <= max_bytes:
            started = time.monotonic()
            document = json.loads(path.read_text())
            refusal = refused(document)
            if refusal is None:
                is_small = path.parent.name != "certificates" or path.parent == BUNDLED
                found.append(Original(path.stem, document, is_small, time.monotonic() - started))
            else:
                print(f"REFUSED {path}: {refusal}", flush=True)
    return found


def bundled() -> list[Path]:
    """Return the certificates that come with the tests."""
    return sorted(BUNDLED.glob("*.json"))


def mutant(originals: Sequence[Original], number: int, seed: int) -> tuple[Mutant, Sequence[Document]]:
    """Return a mutant, the same for the same number and seed, and the certificates that parts of it may come from."""
    rng = random.Random(f"{seed}:{number}")
    small = [original for original in originals if original.small]
    others = [original for original in originals if not original.small]
    while True:
        pool = others if others and (not small or rng.random() > SMALL_SHARE) else small
        original = rng.choice(pool)
        kind = rng.choice(STATING) if rng.random() < 0.5 else rng.choice(list(MUTATIONS))
        donors = [other.document for other in rng.sample(pool, min(len(pool), 5))]
        before = dumped(original.document)
        changed = MUTATIONS[kind](json.loads(before), rng, [json.loads(dumped(donor)) for donor in donors])
        reduced = rng.random() < 0.5
        if isinstance(changed, dict):
            if kind in STATING and reduced:
                reduce(changed)
            changed = dumped(changed)
        if changed is not None and changed != before:
            return Mutant(number, kind, original, changed, reduced and kind in STATING), donors


def reduce(document: Document) -> None:
    """Take out, as far as that is possible, what the checker refuses: the verdict, claims, facts, σ."""
    for _ in range(12):
        refusal = refused(document)
        if refusal is None:
            return
        first, _dot, rest = refusal.partition(".")
        place, name = first.partition(":")[0], rest.partition(".")[0].partition(":")[0]
        if place == "claims" and name in document["claims"]:
            document["claims"].pop(name)
        elif place == "facts" and name in document["facts"]:
            document["facts"][name] = None
        elif place in ("lifting", "objective"):
            document[place] = None
        elif place in ("steps", "recovery", "reference", "candidate", "completed") or document["verdict"] == "unknown":
            return
        else:
            document |= {"verdict": "unknown", "scope": None, "impossible": None}


def run(
    originals: Sequence[Original], numbers: Sequence[int], seed: int, jobs: int, megabytes: int, kept: Path
) -> Iterator[Outcome]:
    """Yield the outcomes of mutants, each checked in one of `jobs` processes, which are replaced when they hang."""
    context = multiprocessing.get_context("fork")
    waiting = iter(numbers)
    workers: dict[Connection, tuple[Any, Outcome, float]] = {}

    def start() -> Connection:
        here, there = context.Pipe()
        process = context.Process(target=_worker, args=(there, originals, seed, megabytes, kept))
        process.start()
        there.close()
        workers[here] = process, Outcome(-1), 0.0
        return here

    def give(pipe: Connection) -> None:
        number = next(waiting, None)
        process = workers[pipe][0]
        if number is None:
            pipe.send(None)
            process.join()
            pipe.close()
            del workers[pipe]
            return
        workers[pipe] = process, Outcome(number), time.monotonic() + TRUTH_SECONDS
        pipe.send(number)

    def replace(pipe: Connection) -> None:
        process = workers.pop(pipe)[0]
        process.kill()
        process.join()
        pipe.close()
        give(start())

    for _ in range(jobs):
        give(start())
    while workers:
        first = min(deadline for _, _, deadline in workers.values())
        for pipe in wait(list(workers), max(0.0, first - time.monotonic())):
            assert isinstance(pipe, Connection)
            process, outcome, _deadline = workers[pipe]
            try:
                phase, outcome, seconds = pipe.recv()
            except EOFError:
                outcome.said = f"the process ended: {outcome.said}"
                yield outcome
                replace(pipe)
                continue
            workers[pipe] = process, outcome, time.monotonic() + seconds
            if phase == "done":
                yield outcome
                give(pipe)
        for pipe, (_, outcome, deadline) in list(workers.items()):
            if deadline < time.monotonic():
                yield outcome
                replace(pipe)


def _worker(pipe: Connection, originals: Sequence[Original], seed: int, megabytes: int, kept: Path) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20,) * 2)
    quiet_output()
    known: dict[Statement, tuple[bool | None, str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mutant.json"
        while (number := pipe.recv()) is not None:
            made, donors = mutant(originals, number, seed)
            outcome = Outcome(number, made.kind, made.original.name, made.reduced)
            path.write_text(made.text, errors="surrogatepass")
            pipe.send(("made", outcome, CHECKER_SECONDS + made.original.seconds))
            check(path, outcome)
            if outcome.result == "accepted":
                outcome.result, outcome.said = "unconfirmed", "too slow to be looked at"
                pipe.send(("checked", outcome, TRUTH_SECONDS))
                try:
                    judge(made, donors, outcome, known)
                except Exception:  # an odd certificate that is accepted must be seen, and must not end the run
                    outcome.result, outcome.said = "unconfirmed", traceback.format_exc(limit=-3)
            if outcome.result not in ("rejected", "same", "confirmed"):
                (kept / f"{number}.json").write_text(made.text, errors="surrogatepass")
            pipe.send(("done", outcome, 0.0))
    shutdown()


def check(path: Path, outcome: Outcome) -> None:
    """Fill in what the checker says of a file: "accepted", "rejected", or "crash"."""
    out = io.StringIO()
    Path("/proc/self/clear_refs").write_text("5")
    started, before = time.monotonic(), _peak()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            status = quasikarp_verify.main([str(path)])
        outcome.result = {0: "accepted", 1: "rejected", 2: "rejected"}.get(status, "crash")
        outcome.said = out.getvalue()[:300]
    except (Exception, SystemExit):
        outcome.result, outcome.said = "crash", traceback.format_exc(limit=-4)
    outcome.seconds, outcome.megabytes = time.monotonic() - started, _peak() - before
    if outcome.result == "rejected" and (len(out.getvalue()) > 1000 or out.getvalue().count("\n") != 1):
        outcome.result, outcome.said = "crash", f"not one short line: {out.getvalue()[:300]!r}"


def _peak() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def judge(
    made: Mutant,
    donors: Sequence[Document],
    outcome: Outcome,
    known: dict[Statement, tuple[bool | None, str]],
) -> None:
    """Fill in whether what an accepted mutant states is stated by the original (or a donor) or else true."""
    document: Any = quasikarp_verify.decode(made.text.removeprefix("\ufeff"))
    before = {statement for other in (made.original.document, *donors) for statement in statements(other)}
    new = [statement for statement in statements(document) if statement not in before]
    outcome.result, outcome.said = "same", ""
    for statement in sorted(new, key=lambda s: s.is_lemma):
        if implied(statement, before, document):
            known[statement] = True, "what is known"
        if statement not in known:
            try:
                known[statement] = judged(statement, document)
            except Exception:  # whatever goes wrong here must be seen, and must not end the run
                known[statement] = None, traceback.format_exc(limit=-3)
        true, by = known[statement]
        if true:
            before.add(statement)
        if statement.is_lemma:
            outcome.lemmas += true is not None
        elif outcome.result == "same":
            outcome.result = "confirmed"
        if true is False:
            outcome.result = "false"
        elif true is None and not statement.is_lemma and outcome.result != "false":
            outcome.result = "unconfirmed"
        if not true and (true is False or not statement.is_lemma):
            outcome.findings.append(
                f"{statement.kind} {statement.name} is {'false' if true is False else 'open'} by {by}"
            )


def described(outcome: Outcome) -> str:
    """Return which mutant it is and what was found, in one line."""
    said = outcome.said.strip().replace("\n", " / ")
    found = "; ".join([*outcome.findings, *([said] if said else [])])
    return f"{outcome.number} ({outcome.kind}{', reduced' if outcome.reduced else ''} of {outcome.original}): {found}"


def summary(outcomes: Sequence[Outcome], originals: int, seed: int) -> str:
    """Return the markdown page."""
    counts = Counter(outcome.result for outcome in outcomes)
    failed = [outcome for outcome in outcomes if outcome.result in ("crash", "killed")]
    false = [outcome for outcome in outcomes if outcome.result == "false"]
    open_ones = [outcome for outcome in outcomes if outcome.result == "unconfirmed"]
    lines = [
        "# Mutated certificates",
        "",
        "Written by `python -m benchmarks certificate_mutants`; benchmarks/README.md says how to read it. Seed "
        f"{seed}: {len(outcomes)} mutants of {originals} certificates.",
        "",
        f"**Accepted and false: {len(false)}. Crashed or overran their time: {len(failed)}.**",
        "",
        f"{counts['rejected']} were rejected, {counts['same']} accepted with nothing new that is stated, "
        f"{counts['confirmed']} accepted with something new that is true, {len(open_ones)} accepted with something new "
        f"that could not be settled; {sum(outcome.lemmas for outcome in outcomes)} changed lemmas of proofs were "
        "looked at besides.",
        "",
        *(f"- {outcome.result}: {described(outcome)[:600]}" for outcome in [*false, *failed, *open_ones]),
        "",
        "| mutation | mutants | rejected | same | confirmed | not settled | false | failed | slowest s | MB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for kind in [*MUTATIONS, "**all**"]:
        here = [outcome for outcome in outcomes if kind in (outcome.kind, "**all**")]
        own = Counter(outcome.result for outcome in here)
        cells = [len(here), *(own[name] for name in ("rejected", "same", "confirmed", "unconfirmed", "false"))]
        slowest = max((outcome.seconds for outcome in here), default=0.0)
        most = max((outcome.megabytes for outcome in here), default=0.0)
        shown = [*map(str, cells), str(own["crash"] + own["killed"]), f"{slowest:.2f}", f"{most:.0f}"]
        lines.append(f"| {kind} | {' | '.join(shown)} |")
    lines += ["", "Seconds and megabytes are the largest that the checker took for one mutant."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
