"""Variables as a paper counts them: a scalar, or an indexed symbol that stands for a whole family."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.language.brief.shown_names import shown_base, shown_name
from tools.mapping.patterns import Index, parse_name


@dataclass(frozen=True)
class Symbol:
    """`name` with no index and one member, or the base of a family with the names of its members by their indices."""

    name: str
    members: Mapping[tuple[Index, ...], str]

    @property
    def dimensions(self) -> int:
        """Number of indices; 0 for a scalar."""
        return len(next(iter(self.members)))

    @property
    def shown(self) -> str:
        """The name as a prompt shows it, on one line and within bounds."""
        return shown_base(self.name) if self.dimensions else shown_name(self.name)


def symbols(names: Iterable[str]) -> list[Symbol]:
    """Return the symbols of variable names, in order of appearance; together they hold every name once.

    `x[1]`, `x_1` and `x.1` are members of x. A number that is glued to a name makes a name of its own, because papers
    write `d1` and `d0` for two scalars. So does a single member, and so do members that share their indices.
    """
    families: dict[tuple[str, int], dict[tuple[Index, ...], list[str]]] = {}
    for name in names:
        parts = parse_name(name)
        scalar = not parts.indices or parts.style == "glued"
        key = (name, 0) if scalar else (parts.base, parts.arity)
        families.setdefault(key, {}).setdefault(() if scalar else parts.indices, []).append(name)
    found: list[Symbol] = []
    for (base, arity), members in families.items():
        spelled = [name for spellings in members.values() for name in spellings]
        if arity and len(members) == len(spelled) > 1:
            found.append(Symbol(base, {indices: spellings[0] for indices, spellings in members.items()}))
        else:
            found += [Symbol(name, {(): name}) for name in spelled]
    return found


class SymbolTable:
    """The symbols of one model, found by what an answer calls them."""

    def __init__(self, names: Iterable[str]) -> None:
        self.symbols = symbols(names)
        self._families: dict[str, list[Symbol]] = {}
        self._variables: dict[str, str] = {}
        for symbol in self.symbols:
            if symbol.dimensions:
                for text in {symbol.name, symbol.shown}:
                    self._families.setdefault(text, []).append(symbol)
            for name in symbol.members.values():
                self._variables[name] = name
                self._variables.setdefault(shown_name(name), name)

    def variable(self, text: str) -> str | None:
        """Return the variable that `text` names, None where there is none."""
        return self._variables.get(text)

    def family(self, text: str, like: Symbol) -> Symbol | None:
        """Return the family that `text` names, as "d" or "d[i]", with the index set of `like`; None without one."""
        base = text
        if text not in self._families and text[-1:] == "]":
            base = text.partition("[")[0]
        wanted = like.members.keys()
        return next((family for family in self._families.get(base, ()) if family.members.keys() == wanted), None)
