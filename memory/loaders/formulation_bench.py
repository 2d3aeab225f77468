"""FormulationBench: formulations as gurobipy code, with parameter maps between them.

The package formulation-bench puts the code together; it runs in the sandbox only. Labels of pairs (`reformulation` in
`dataset.json`, `valid` in a formulation) are not read. Source: Robbins et al., FLARE, arXiv 2608.25220.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from memory.loaders.manifest import MANIFEST
from memory.loaders.pairs import LoaderOptions, SeedPair, Unreadable
from memory.loaders.sources import (
    LONGEST_TEXT,
    content,
    file_digest,
    is_file,
    is_folder,
    json_object,
    key_of,
    read_both,
    shown,
)
from tools.errors import InputError
from tools.formulation.model import Formulation
from tools.sandbox.run import run_code, run_gurobipy_code

_VERSION = "formulation-bench 1"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")
_PARAMETERS, _MAPPED, _SOLUTION = "parameters.json", "mapped.json", "solution.json"


class FormulationBenchLoader:
    """Reads a FormulationBench folder: the reference is formulation a of an entry in `dataset.json`, the candidate b.

    The reference's parameters are those of the shipped instance, the candidate's follow by the pair's parameter map.
    Without permission to run code, files such as `lp/p12_a.lp` are read where the folder has them.
    """

    name = "formulation-bench"
    summary = "a FormulationBench folder (dataset.json, problems/, reformulations/); runs its code with permission"

    def recognises(self, source: Path) -> bool:
        """Say whether `source` is such a folder and has no manifest that lists its models."""
        return is_file(source / "dataset.json") and is_folder(source / "problems") and not is_file(source / MANIFEST)

    def pairs(self, source: Path, options: LoaderOptions) -> Iterator[SeedPair | Unreadable]:
        """Yield the data set's pairs in its order; raises `InputError` where `dataset.json` is unusable."""
        listed = json_object(content(source / "dataset.json"), "dataset.json").get("reformulations")
        if not isinstance(listed, list):
            raise InputError('dataset.json has no list "reformulations"')
        if options.allow_code:
            _require_package()
        for number, entry in enumerate(listed, start=1):
            name = f"entry {number}"
            try:
                sides = _Sides.of(entry, source)
                name = sides.name
                yield _from_code(sides) if options.allow_code else _from_files(sides)
            except InputError as error:
                yield Unreadable(name, str(error))


class _Sides:
    """Where the two formulations of an entry lie."""

    def __init__(self, source: Path, problems: tuple[str, str], formulations: tuple[str, str]) -> None:
        self.source, self.problems, self.formulations = source, problems, formulations
        (first, second), (a, b) = problems, formulations
        self.name = f"{first}_{a}{b}" if first == second and len(a + b) == 2 else f"{first}_{a}_{second}_{b}"
        self.map = source / "reformulations" / first / f"{a}_{b}" / "map.json"

    @classmethod
    def of(cls, entry: object, source: Path) -> _Sides:
        """Return the sides that an entry of `dataset.json` names; raises `InputError`."""
        found = [_named(entry.get(side) if isinstance(entry, dict) else None, side) for side in ("a", "b")]
        return cls(source, (found[0][0], found[1][0]), (found[0][1], found[1][1]))

    def problem(self, side: int) -> Path:
        return self.source / "problems" / self.problems[side]

    def formulation(self, side: int) -> Path:
        return self.problem(side) / "formulations" / self.formulations[side]

    def lp(self, side: int) -> Path:
        return self.source / "lp" / f"{self.problems[side]}_{self.formulations[side]}.lp"

    def text(self) -> str:
        path = self.problem(0) / "description.md"
        return content(path).decode("utf-8", "replace")[:LONGEST_TEXT] if is_file(path) else ""


def _named(side: object, which: str) -> tuple[str, str]:
    if isinstance(side, dict):
        problem, formulation = side.get("problem"), side.get("formulation")
        whole = isinstance(problem, int) and not isinstance(problem, bool) and problem >= 0
        if whole and isinstance(formulation, str) and _NAME.fullmatch(formulation):
            return f"p{problem}", formulation
    raise InputError(f'"{which}" must name a problem by its number and a formulation by its letter')


def _require_package() -> None:
    if importlib.util.find_spec("formulation_bench") is None:
        raise InputError("FormulationBench needs the package formulation-bench; pip install formulation-bench gurobipy")


def _from_files(sides: _Sides) -> SeedPair | Unreadable:
    files = (sides.lp(0), sides.lp(1))
    if not all(is_file(path) for path in files):
        return Unreadable(sides.name, "its formulations are code; pass --allow-code to run it in the sandbox")
    text = sides.text()
    return SeedPair(
        id=sides.name,
        key=key_of(_VERSION, "files", *(file_digest(path) for path in files), text),
        load=partial(read_both, *files),
        contract="reformulation",
        text=text,
    )


def _from_code(sides: _Sides) -> SeedPair:
    needed = [sides.formulation(0) / "formulation.json", sides.formulation(1) / "formulation.json", sides.map]
    for path in needed:
        if not is_file(path):
            raise InputError(f"{shown(str(path.relative_to(sides.source)))} is missing")
    instance = [path for path in _instance_files(sides) if is_file(path)]
    if not instance:
        raise InputError(f"problem {sides.problems[0]} ships no instance (data.json)")
    text = sides.text()
    parts = [part for path in (*needed, *instance) for part in (path.name, file_digest(path))]
    return SeedPair(
        id=sides.name,
        key=key_of(_VERSION, "code", importlib.metadata.version("formulation-bench"), *parts, text),
        load=partial(_run_both, sides),
        contract="reformulation",
        text=text,
    )


def _instance_files(sides: _Sides) -> tuple[Path, Path, Path, Path]:
    reference = sides.formulation(0)
    beside = sides.source / "params" / f"{sides.problems[0]}_{sides.formulations[0]}.params.json"
    return reference / _PARAMETERS, beside, reference / "gen_params.py", sides.problem(0) / "data.json"


def _run_both(sides: _Sides) -> tuple[Formulation, Formulation]:
    parameters = _instance(sides)
    reference_code, map_code, candidate_code = _codes(sides)
    reference = _model(reference_code, parameters)
    mapped = run_code(map_code, {_PARAMETERS: parameters}, arguments=(_PARAMETERS, _MAPPED), collect=(_MAPPED,))
    return reference, _model(candidate_code, mapped[_MAPPED])


def _model(code: str, parameters: bytes) -> Formulation:
    return run_gurobipy_code(code, {_PARAMETERS: parameters}, arguments=(_PARAMETERS, _SOLUTION))


def _instance(sides: _Sides) -> bytes:
    """Return the reference's parameters: written down, else made by its script, else the problem's data as they are."""
    written, beside, script, data = _instance_files(sides)
    for path in (written, beside):
        if is_file(path):
            return content(path)
    if not is_file(data):
        raise InputError(f"problem {sides.problems[0]} ships no instance (data.json)")
    if not is_file(script):
        _require_parameters(sides, data)
        return content(data)
    source = content(script).decode("utf-8", "replace")
    made = run_code(source, {"data.json": content(data)}, arguments=("data.json", _PARAMETERS), collect=(_PARAMETERS,))
    return made[_PARAMETERS]


def _require_parameters(sides: _Sides, data: Path) -> None:
    described = json_object(content(sides.formulation(0) / "formulation.json"), "formulation.json").get("parameters")
    missing = sorted(set(described if isinstance(described, dict) else ()) - set(json_object(content(data), data.name)))
    if missing:
        raise InputError(
            f"data.json has no parameter {shown(missing[0])!r} of formulation {sides.formulations[0]}, and there is no "
            "gen_params.py that makes it"
        )


def _codes(sides: _Sides) -> tuple[str, str, str]:
    """Return the code of the reference, of the parameter map and of the candidate, as the package writes it."""
    from formulation_bench import Formulation as Described
    from formulation_bench import Problem, Reformulation

    def described(side: int) -> Any:
        return Described(sides.formulation(side), Problem(sides.problem(side)))

    def codes() -> tuple[str, str, str]:
        a, b = described(0), described(1)
        pair = Reformulation(a=a, b=b, is_reformulation=False)  # the package asks for a label; the map ignores it
        return a.gen_solve_py(), pair.gen_map_py(), b.gen_solve_py()

    return _mapped_errors(codes)


def _mapped_errors(make: Callable[[], tuple[str, str, str]]) -> tuple[str, str, str]:
    try:
        return make()
    except Exception as error:  # whatever the package raises on data of another form
        raise InputError(
            f"formulation-bench cannot read the pair: {type(error).__name__}: {shown(str(error))}"
        ) from error
