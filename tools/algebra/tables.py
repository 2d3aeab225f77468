"""Parameters as tables from tuples of indices to exact numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tools.algebra.arithmetic import Exact
from tools.algebra.document import Index, ParameterDocument, Values
from tools.algebra.faults import FaultError
from tools.algebra.index_sets import IndexSet


@dataclass(frozen=True)
class Table:
    """A parameter with `arity` indices; where it has a default, `sets` are the sets for which that holds."""

    arity: int
    entries: Mapping[tuple[Index, ...], Exact]
    default: Exact | None = None
    sets: tuple[IndexSet, ...] = ()

    def value(self, key: tuple[Index, ...]) -> Exact | None:
        """Return the number at `key`, None where there is none."""
        found = self.entries.get(key)
        if found is None and self.default is not None and all(k in s for k, s in zip(key, self.sets, strict=True)):
            return self.default
        return found


def table_of(parameter: ParameterDocument, sets: Mapping[str, IndexSet]) -> Table:
    """Return the table of a parameter; raises `FaultError` where values and indices do not go together."""
    entries: dict[tuple[Index, ...], Exact] = {}
    if parameter.indices is None:
        arity = _depth(parameter.values)
        _collect_free(parameter.values, (), arity, entries)
        return Table(arity, entries)
    over: list[IndexSet] = []
    for name in parameter.indices:
        if name not in sets:
            raise FaultError(f"its index {name!r} is not a set; known are {listed(sets) or 'none'}")
        over.append(sets[name])
    _collect(parameter.values, (), parameter.indices, over, parameter.default is not None, entries)
    return Table(len(over), entries, parameter.default, tuple(over))


def listed(names: Iterable[object], most: int = 12) -> str:
    """Return "a, b, c", with at most so many."""
    found = [str(name) for name in names]
    return ", ".join(found[:most]) + (f" and {len(found) - most} more" if len(found) > most else "")


def _depth(values: Values) -> int:
    depth = 0
    while isinstance(values, tuple | Mapping):
        depth += 1
        if not values:
            break
        values = next(iter(values.values())) if isinstance(values, Mapping) else values[0]
    return depth


def _collect_free(values: Values, key: tuple[Index, ...], arity: int, entries: dict[tuple[Index, ...], Exact]) -> None:
    if len(key) == arity:
        if isinstance(values, tuple | Mapping):
            raise FaultError(f"some of its values have more indices than others (at {_shown(key)})")
        entries[key] = values
        return
    if isinstance(values, Mapping):
        for index, value in values.items():
            _collect_free(value, (*key, index), arity, entries)
    elif isinstance(values, tuple):
        for index, value in enumerate(values, start=1):
            _collect_free(value, (*key, index), arity, entries)
    else:
        raise FaultError(f"some of its values have more indices than others (at {_shown(key)})")


def _collect(
    values: Values,
    key: tuple[Index, ...],
    names: tuple[str, ...],
    over: list[IndexSet],
    sparse: bool,
    entries: dict[tuple[Index, ...], Exact],
) -> None:
    depth = len(key)
    place = f" at {_shown(key)}" if key else ""
    if depth == len(over):
        if isinstance(values, tuple | Mapping):
            raise FaultError(f"its values have more indices than it declares ({', '.join(names) or 'none'})")
        entries[key] = values
        return
    span, name = over[depth], names[depth]
    if isinstance(values, Mapping):
        for index, value in values.items():
            if index not in span:
                raise FaultError(f"its index {str(index)!r}{place} is not in the set {name}")
            _collect(value, (*key, index), names, over, sparse, entries)
        if not sparse and len(values) != span.size:
            raise FaultError(f"{len(values)} entries{place} for the set {name} of {span.size}; give all, or a default")
    elif isinstance(values, tuple):
        if len(values) != span.size:
            raise FaultError(f"{len(values)} values{place} for the set {name} of {span.size}")
        for index, value in zip(span, values, strict=True):
            _collect(value, (*key, index), names, over, sparse, entries)
    else:
        raise FaultError(f"its values have fewer indices than it declares ({', '.join(names)})")


def _shown(key: tuple[Index, ...]) -> str:
    return f"[{','.join(map(str, key))[:60]}]"
