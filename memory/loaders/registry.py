"""Every loader, by the name that the command line uses; a new one gets one line here."""

from __future__ import annotations

from pathlib import Path

from memory.loaders.collection import CollectionLoader
from memory.loaders.equiva_formulation import EquivaFormulationLoader
from memory.loaders.formulation_bench import FormulationBenchLoader
from memory.loaders.manifest import ManifestLoader
from memory.loaders.pairs import Loader
from memory.loaders.sources import is_file, is_folder, shown
from memory.loaders.transformations import TransformationsLoader
from tools.errors import InputError

_OF_PAIRS: tuple[Loader, ...] = (
    ManifestLoader(),
    FormulationBenchLoader(),
    EquivaFormulationLoader(),
)
_ALL: tuple[Loader, ...] = (*_OF_PAIRS, TransformationsLoader(), CollectionLoader(_OF_PAIRS))

LOADERS: dict[str, Loader] = {loader.name: loader for loader in _ALL}


def loader_for(source: Path, name: str | None) -> Loader:
    """Return the loader called `name`, or the only one that recognises `source`.

    Raises `InputError` that lists the loaders where there is no such name, no such source, or not exactly one.
    """
    listed = ", ".join(LOADERS)
    if name is not None and name not in LOADERS:
        raise InputError(f"unknown kind of data set {shown(name)!r}; known are {listed}")
    if not (is_file(source) or is_folder(source)):
        raise InputError(f"no file or folder at {shown(str(source))!r}")
    if name is not None:
        return LOADERS[name]
    fitting = [loader for loader in LOADERS.values() if loader.recognises(source)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise InputError(f"{shown(str(source))!r} looks like no data set known here; name its kind: {listed}")
    several = " and ".join(loader.name for loader in fitting)
    raise InputError(f"{shown(str(source))!r} may be read as {several}; name its kind: {listed}")
