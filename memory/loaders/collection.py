"""A folder of data sets, each in a folder of its own: their pairs one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from memory.loaders.pairs import Loader, LoaderOptions, SeedPair, Unreadable
from memory.loaders.sources import is_folder
from tools.errors import InputError


class CollectionLoader:
    """Takes every folder that just one of `loaders` recognises; the others are listed with a reason.

    Folders of models are not among the `loaders` it is given: how many pairs to make of each is for the user to say.
    """

    name = "collection"
    summary = "a folder of data sets of pairs, each in a folder of its own"

    def __init__(self, loaders: Sequence[Loader]) -> None:
        self._loaders = tuple(loaders)

    def recognises(self, source: Path) -> bool:
        """Say whether `source` is itself no data set, and some folder in it is."""
        if not is_folder(source) or any(loader.recognises(source) for loader in self._loaders):
            return False
        return any(self._fitting(folder) for folder in _folders(source))

    def pairs(self, source: Path, options: LoaderOptions) -> Iterator[SeedPair | Unreadable]:
        """Yield the pairs of each data set, by name; a data set that is unusable as a whole costs itself only."""
        folders = _folders(source)
        if not folders:
            raise InputError(f"{str(source)!r} has no folder of a data set in it")
        for folder in folders:
            fitting = self._fitting(folder)
            if len(fitting) != 1:
                known = " and ".join(loader.name for loader in fitting)
                reason = f"may be read as {known}" if fitting else "no data set of pairs"
                yield Unreadable(folder.name, f"{reason}; seed {str(folder)!r} by itself, with --loader")
                continue
            try:
                for found in fitting[0].pairs(folder, options):
                    yield replace(found, id=f"{folder.name}/{found.id}")
            except InputError as error:
                yield Unreadable(folder.name, str(error))

    def _fitting(self, folder: Path) -> list[Loader]:
        return [loader for loader in self._loaders if loader.recognises(folder)]


def _folders(source: Path) -> list[Path]:
    try:
        return sorted(path for path in source.iterdir() if is_folder(path))
    except OSError:
        return []
