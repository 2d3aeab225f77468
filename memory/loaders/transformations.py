"""Pairs made here: models of a folder and our own transformations of them, whose mappings are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path

from memory.loaders.manifest import MANIFEST
from memory.loaders.pairs import LoaderOptions, SeedPair, Unreadable
from memory.loaders.sources import file_digest, is_file, is_folder, key_of, shown
from tools.errors import InputError
from tools.formulation.model import Formulation
from tools.formulation.read import read
from tools.transform.chain import random_chain, transform
from tools.transform.registry import TRANSFORMATIONS
from tools.transform.transformed import Transformed

MOST_NONZEROS = 20_000
"""Nonzeros, variables or rows beyond which a model is left out: proving its pairs would take too long."""

_VERSION = "transformations 1"
_EXTENSIONS = (".lp", ".mps", ".json")
_MOST_FILES = 100_000
_MOST_BYTES = 64 << 20
_KEPT = 64
_CHAIN_LENGTHS = (2, 3)
_PATIENCE = 5
"""Rounds of chains that may give nothing before the loader stops."""


@dataclass
class _Model:
    """A model file, and how often transformations applied."""

    path: Path
    name: str
    made: int = 0
    digest: bytes = field(default=b"", repr=False)


class TransformationsLoader:
    """Makes `count` pairs of the models in a folder: every kind of transformation on every model, then short chains.

    A kind that does not apply is passed over. Equal files and seed give equal pairs.
    """

    name = "transformations"
    summary = "a folder of LP, MPS or JSON models, or one: pairs each with our transformations of it"

    def recognises(self, source: Path) -> bool:
        """Say whether `source` is a model file or a folder that has one and no manifest."""
        if is_file(source):
            return _is_model(source)
        try:
            return not is_file(source / MANIFEST) and any(
                _is_model(path) and path.name != "dataset.json" and is_file(path) for path in source.iterdir()
            )
        except OSError:
            return False

    def pairs(self, source: Path, options: LoaderOptions) -> Iterator[SeedPair | Unreadable]:
        """Yield `options.count` pairs, or fewer where no more can be made; raises `InputError` without model files."""
        left = options.count
        models: list[_Model] = []
        for model in _files(source):
            reason = _unusable(model)
            if reason:
                yield Unreadable(model.name, reason)
            else:
                models.append(model)
                # The first pair of each model comes at once, so that a large folder starts without being read in full.
                kind = list(TRANSFORMATIONS)[(len(models) - 1) % len(TRANSFORMATIONS)]
                for pair in _single(model, kind, options.seed):
                    if left <= 0:
                        return
                    left -= 1
                    yield pair
            if left <= 0:
                return
        yield from _further(models, left, options.seed)


def _further(models: list[_Model], left: int, seed: int) -> Iterator[SeedPair | Unreadable]:
    kinds = list(TRANSFORMATIONS)
    for shift in range(1, len(kinds)):
        for position, model in enumerate(models):
            # Shifted by the model's position, so that few pairs of many models already show every kind.
            for pair in _single(model, kinds[(position + shift) % len(kinds)], seed):
                if left <= 0:
                    return
                left -= 1
                yield pair
    for model in models:
        if not model.made:
            yield Unreadable(model.name, "no transformation applies to it")
    models = [model for model in models if model.made]
    fruitless = 0
    number = 0
    while left > 0 and models and fruitless < _PATIENCE:
        fruitless += 1
        for model in models:
            for pair in _chained(model, number, seed):
                if left <= 0:
                    return
                left, fruitless = left - 1, 0
                yield pair
        number += 1


def _single(model: _Model, kind: str, seed: int) -> Iterator[SeedPair]:
    """Yield the pair of one kind, or nothing where it does not apply."""
    try:
        made = transform(_read(model.path, model.digest), [kind], seed=_own_seed(seed, model, kind))
    except InputError:
        return
    yield _pair(model, made, [kind], f"{model.name}: {_shown_kind(kind)}", f"{seed} single")


def _chained(model: _Model, number: int, seed: int) -> Iterator[SeedPair]:
    """Yield the pair of one chain, or nothing where none fits."""
    length = _CHAIN_LENGTHS[number % len(_CHAIN_LENGTHS)]
    try:
        made, kinds = random_chain(
            _read(model.path, model.digest), length, seed=_own_seed(seed, model, f"chain {number}")
        )
    except InputError:
        return
    yield _pair(model, made, kinds, f"{model.name}: chain {number + 1}", f"{seed} chain {number}")


def _pair(model: _Model, made: Transformed, kinds: list[str], name: str, drawn: str) -> SeedPair:
    model.made += 1
    return SeedPair(
        id=name,
        key=key_of(_VERSION, model.digest, model.name, drawn, *kinds),
        load=partial(_both, made),
        contract=made.contract,
        mapping=made.mapping_json(),
        kind="+".join(_shown_kind(kind) for kind in kinds),
    )


def _both(made: Transformed) -> tuple[Formulation, Formulation]:
    return made.reference, made.candidate


def _shown_kind(kind: str) -> str:
    return "renaming" if kind == "rename" else kind


def _own_seed(seed: int, model: _Model, what: str) -> int:
    """Return a seed that does not depend on the other files of the folder."""
    return int(key_of(str(seed), model.name, what)[:15], 16)


def _unusable(model: _Model) -> str:
    """Return why the model cannot be used, or nothing, and then its digest is known."""
    try:
        digest = file_digest(model.path)
        m, n = (found := _read(model.path, digest)).shape
    except InputError as error:
        return str(error)
    most = max(found.nonzeros, m, n)
    if most > MOST_NONZEROS:
        return f"it has {found.nonzeros} nonzeros, {n} variables and {m} rows; at most {MOST_NONZEROS} are taken"
    model.digest = digest
    return ""


@lru_cache(maxsize=_KEPT)
def _read(path: Path, digest: bytes) -> Formulation:
    """Return the model; the digest keeps a file that changed from being taken for the old one."""
    return read(path, size_limit=_MOST_BYTES)


def _is_model(path: Path) -> bool:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes[-1:] == [".gz"]:
        suffixes.pop()
    return suffixes[-1:] != [] and suffixes[-1] in _EXTENSIONS


def _files(source: Path) -> Iterator[_Model]:
    """Yield the model files of a folder, those below it included, in the order of their names."""
    if is_file(source):
        yield _Model(source, source.name)
        return
    found = sorted(path for path in source.rglob("*") if _is_model(path) and is_file(path)) if is_folder(source) else []
    if not found:
        raise InputError(f"{shown(str(source))!r} holds no model file ({', '.join(_EXTENSIONS)}, also with .gz)")
    if len(found) > _MOST_FILES:
        raise InputError(f"{shown(str(source))!r} holds {len(found)} model files; at most {_MOST_FILES} are taken")
    for path in found:
        yield _Model(path, path.relative_to(source).as_posix())
