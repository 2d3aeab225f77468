"""Does memory find the right kind of reformulation, and how fast?

Quality: records of transformations of some base models, asked with transformations of other base models, plain and
renamed and shuffled; by structure only, text only, and both at several weights. Counted is whether the right kind is
among the kinds of the first five records, and among the first five different kinds.

Speed: a store of many records (vectors around real ones, texts hashed, since embedding as many texts takes hours),
asked with real pairs; the time to embed the question is counted.

    python -m benchmarks memory_retrieval
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.transform_bases import bases
from memory.embedder import Embedder, Vectors, Weights
from memory.embedding.minilm import MiniLm
from memory.embedding.ngrams import HashedNgrams
from memory.embedding.portrait import portrait
from memory.embedding.structure import StructureVectors, unit
from memory.memory import WEIGHTS, embedders
from memory.record import ModelSketch, Record
from memory.stores.opening import open_store
from memory.stores.store import Store
from tools.errors import QuasikarpError
from tools.formulation.model import Formulation
from tools.transform.chain import transform
from tools.transform.registry import TRANSFORMATIONS

RESULTS = Path(__file__).resolve().parent / "results"
FIRST = 5
LOOKED_AT = 60
FOLDS = 4
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Sample:
    """A transformed base model as memory sees it."""

    base: str
    kind: str
    form: str
    structure: tuple[float, ...]
    text: str


class HashedText:
    """As many dimensions as the language model has, in no time: for filling large stores."""

    name = "hashed-text"
    dimensions = MiniLm.dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return pseudo-random unit vectors."""
        rows = [np.random.default_rng(zlib.crc32(text.encode())).normal(size=self.dimensions) for text in texts]
        return unit(np.array(rows, dtype=np.float32).reshape(len(texts), self.dimensions))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory_retrieval", description=(__doc__ or "")[:60])
    parser.add_argument("--records", type=int, default=100_000, help="records of the store that is timed; 0: none")
    parser.add_argument("--bases", type=int, default=40, help="base models that take part")
    parser.add_argument("--out", type=Path, default=RESULTS)
    options = parser.parse_args(arguments)
    samples = list(_samples(options.bases))
    lines = ["# Retrieval", "", "Written by `python -m benchmarks memory_retrieval`.", ""]
    lines += _quality(samples)
    if options.records:
        lines += _speed(samples, options.records)
    options.out.mkdir(parents=True, exist_ok=True)
    text = "\n".join(lines) + "\n"
    (options.out / "memory_retrieval.md").write_text(text, encoding="utf-8")
    print(text)
    return 0


def _samples(most_bases: int) -> Iterator[Sample]:
    for name, build in list(bases().items())[:most_bases]:
        try:
            model = build()
        except QuasikarpError:
            continue  # a file of the shared data that nobody can read
        for kind in TRANSFORMATIONS:
            for seed in (0, 1):
                for form in ("plain", "renamed"):
                    try:
                        made = transform(model, [kind, *(("rename", "permute") if form == "renamed" else ())], seed)
                    except QuasikarpError:
                        continue
                    yield _sample(name, kind, form, made.reference, made.candidate)


def _sample(base: str, kind: str, form: str, reference: Formulation, candidate: Formulation) -> Sample:
    seen = portrait(reference, candidate)
    return Sample(base, kind, form, seen.structure, seen.text)


def record(sample: Sample, number: int) -> Record:
    """Return a record that says no more than where it is found."""
    nothing = {"result": "proved", "strength": "exact"}
    sketch = ModelSketch(f"{number}", sample.base, 1, 0, 1, 1)
    return Record(
        outcome="verified",
        kind=sample.kind,
        contract="reformulation",
        reference=sketch,
        candidate=replace(sketch, hash=f"{number}'"),
        rules=(),
        claims=dict.fromkeys(("status", "value", "optimum", "optima", "sound", "complete"), nothing),
        template=None,
        mapping=None,
        mapping_hash=str(number),
        witness=None,
        structure=sample.structure,
        text=sample.text,
        report="",
        source=sample.base,
    )


def _quality(samples: Sequence[Sample]) -> list[str]:
    lines = [
        f"{len(samples)} pairs, {len({s.kind for s in samples})} kinds, {len({s.base for s in samples})} base models "
        f"in {FOLDS} folds: a pair is asked of records of other base models only.",
        "",
        "| text embedder | structure | text | right kind among the first 5 records | among the first 5 kinds | "
        "renamed pairs, first 5 kinds |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    chosen = next(iter(embedders().values()))
    texts = [chosen.text] if isinstance(chosen.text, HashedNgrams) else [chosen.text, HashedNgrams()]
    misses: dict[str, int] = {}
    for text in texts:
        embedder = Embedder(StructureVectors(), text)
        hits = {share: [0, 0, 0, 0] for share in SHARES}
        for fold in range(FOLDS):
            names = sorted({sample.base for sample in samples})[fold::FOLDS]
            with tempfile.TemporaryDirectory() as folder, open_store(folder, embedder) as store:
                store.put([record(s, k) for k, s in enumerate(samples) if s.base not in names])
                for sample in samples:
                    if sample.base in names:
                        for share in SHARES:
                            found = _kinds(store, sample, Weights(share, 1 - share))
                            few = sample.kind in found[:FIRST]
                            many = sample.kind in list(dict.fromkeys(found))[:FIRST]
                            counted = (few, many, sample.form == "renamed", many and sample.form == "renamed")
                            hits[share] = [a + b for a, b in zip(hits[share], counted, strict=True)]
                            if share == WEIGHTS.structure and text is texts[0] and not many:
                                misses[sample.kind] = misses.get(sample.kind, 0) + 1
        for share, (few, many, renamed, both) in hits.items():
            lines.append(
                f"| {text.name} | {share:g} | {1 - share:g} | {few / len(samples):.1%} | {many / len(samples):.1%} | "
                f"{both / renamed:.1%} |"
            )
    worst = sorted(misses.items(), key=lambda entry: -entry[1])[:8]
    lines += ["", "Kinds that are missed most: " + ", ".join(f"{kind} ({number})" for kind, number in worst) + ".", ""]
    return lines


def _kinds(store: Store, sample: Sample, weights: Weights) -> list[str]:
    found = store.nearest(sample.structure, sample.text, LOOKED_AT, weights=weights)
    return [match.record.kind for match in found]


def _speed(samples: Sequence[Sample], count: int) -> list[str]:
    rng = np.random.default_rng(0)
    embedder = Embedder(StructureVectors(), HashedText())
    real = next(iter(embedders().values())).text
    with tempfile.TemporaryDirectory() as folder, open_store(folder, embedder) as store:
        started = time.monotonic()
        for start in range(0, count, 5000):
            batch = []
            for number in range(start, min(count, start + 5000)):
                sample = samples[number % len(samples)]
                noise = rng.normal(scale=0.2, size=len(sample.structure))
                moved = tuple(round(float(a + b), 4) for a, b in zip(sample.structure, noise, strict=True))
                batch.append(record(replace(sample, structure=moved, text=f"{sample.text} {number}"), number))
            store.put(batch)
        stored = time.monotonic() - started
        store.nearest(samples[0].structure, samples[0].text, LOOKED_AT, weights=WEIGHTS)
        indexed = time.monotonic() - started - stored
        times: list[float] = []
        for sample in random.Random(1).sample(list(samples), 60):
            begun = time.monotonic()
            real.embed([sample.text])
            store.nearest(sample.structure, sample.text, LOOKED_AT, weights=WEIGHTS)
            times.append(time.monotonic() - begun)
        asked = getattr(store, "index_queries", 0)
    return [
        f"Among {count} records a question takes {1000 * statistics.median(times):.0f} ms in the median, "
        f"{1000 * max(times):.0f} ms at most (60 questions, embedding of the text by {real.name} counted; {asked} of "
        f"61 searches went through chroma). Storing them took {stored:.0f} s, indexing {indexed:.0f} s.",
    ]


if __name__ == "__main__":
    sys.exit(main())
