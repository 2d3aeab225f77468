"""Variable names as index patterns: `x[3]`, `x_3`, `x(3)` are all index 3 of the family `x`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tools.errors import MappingError

Index = int | str
"""An index value: an integer, or any other text such as "paris"."""

Style = Literal["plain", "[]", "()", "{}", "[][]", "()()", "{}{}", "_[]", "_()", "_{}", "#", "_", ".", "glued"]
"""How the indices are attached: x; x[0,1] …; x[0][1] …; x_[0,1] …; x#0#1; x_0_1; x.0.1; x3."""

_CLOSING = {"[": "]", "(": ")", "{": "}"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}
_BRACKETS = "[](){}"
_LONGEST_INTEGER = 18


@dataclass(frozen=True, slots=True)
class VariableName:
    """A variable name taken apart: `base`, `indices` (empty for a scalar) and the style that joins them."""

    base: str
    indices: tuple[Index, ...]
    style: Style

    @property
    def arity(self) -> int:
        """Number of indices; 0 for a scalar."""
        return len(self.indices)

    def __str__(self) -> str:
        """Return a name of this style that parses back to the same parts."""
        texts = [str(index) for index in self.indices]
        if self.style == "plain":
            return self.base
        if self.style in ("#", "_", "."):
            return self.style.join([self.base, *texts])
        if self.style == "glued":
            return self.base + texts[0]
        if len(self.style) == 4:
            return self.base + "".join(f"{self.style[0]}{text}{self.style[1]}" for text in texts)
        return f"{self.base}{self.style[:-1]}{','.join(texts)}{self.style[-1]}"


def parse_name(name: str) -> VariableName:
    """Return the parts of any variable name; a name in which no index is recognised is a scalar.

    Bracketed indices may be integers or text (`ship[paris,lyon]`, quotes and a space or underscore after the comma are
    dropped); after `#` likewise; after `_`, `.` or nothing only integers count, so `total_cost` and `x_paris` are
    scalars.
    """
    if name and name[-1] in "])}":
        return _parse_bracketed(name) or _scalar(name)
    if "#" in name:
        base, *parts = name.split("#")
        if base and all(parts):
            return VariableName(base, tuple(index_value(part) for part in parts), "#")
    return _parse_trailing(name, "_") or _parse_trailing(name, ".") or _parse_glued(name) or _scalar(name)


def index_value(text: str) -> Index:
    """Return the integer that `text` writes, else the text itself."""
    digits = text[1:] if text[:1] in ("-", "+") else text
    return int(text) if _is_integer(digits) else text


FamilyKey = tuple[str, int]
"""(base, arity) of a family of variables."""


class NameTable:
    """The variable names of one formulation, grouped into families and found by name or by base and indices.

    Names keep their order. Lookups of a family by some of its positions are indexed on first use, so that each is as
    cheap as its answer is long.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.parts: Mapping[str, VariableName] = {name: parse_name(name) for name in names}
        families: dict[FamilyKey, dict[tuple[Index, ...], str | tuple[str, ...]]] = {}
        for name, parts in self.parts.items():
            if not parts.indices:
                continue
            members = families.setdefault((parts.base, len(parts.indices)), {})
            earlier = members.get(parts.indices)
            if earlier is None:
                members[parts.indices] = name
            else:
                members[parts.indices] = (*((earlier,) if isinstance(earlier, str) else earlier), name)
        self._families = families
        self._ambiguous = {
            key for key, members in families.items() if any(not isinstance(found, str) for found in members.values())
        }
        self._by_positions: dict[
            tuple[FamilyKey, tuple[int, ...]], dict[tuple[Index, ...], list[tuple[Index, ...]]]
        ] = {}
        self._values: dict[tuple[FamilyKey, int], frozenset[Index]] = {}

    def __contains__(self, name: object) -> bool:
        return name in self.parts

    def __iter__(self) -> Iterator[str]:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)

    @property
    def families(self) -> list[FamilyKey]:
        """The families with at least one index, in order of first appearance."""
        return list(self._families)

    def members(self, family: FamilyKey) -> list[tuple[Index, ...]]:
        """Return the index tuples of `family` in order of appearance; empty when there is no such family."""
        return list(self._families.get(family, ()))

    def spellings(self, family: FamilyKey, indices: tuple[Index, ...]) -> tuple[str, ...]:
        """Return every name that stands for this member: none, one, or several such as `x_1` and `x[1]`."""
        found = self._families.get(family, {}).get(indices, ())
        return (found,) if isinstance(found, str) else found

    def is_ambiguous(self, family: FamilyKey) -> bool:
        """Say whether some member of `family` has several spellings."""
        return family in self._ambiguous

    def find(self, family: FamilyKey, indices: tuple[Index, ...]) -> str | None:
        """Return the one name of this member, None when there is none.

        Raises `MappingError` when several names stand for it.
        """
        found = self._families.get(family, {}).get(indices)
        if found is None or isinstance(found, str):
            return found
        raise MappingError(
            f"{write_pattern(family[0], indices)} is ambiguous: {found[0]!r} and {found[1]!r} both stand for it; "
            "write the exact name in backticks"
        )

    def matching(
        self, family: FamilyKey, positions: tuple[int, ...], values: tuple[Index, ...]
    ) -> Sequence[tuple[Index, ...]]:
        """Return the index tuples of `family` that have `values` at `positions`, in order of appearance."""
        table = self._by_positions.get((family, positions))
        if table is None:
            table = {}
            for indices in self._families.get(family, ()):
                table.setdefault(tuple([indices[p] for p in positions]), []).append(indices)
            self._by_positions[family, positions] = table
        return table.get(values, ())

    def values(self, family: FamilyKey, position: int) -> frozenset[Index]:
        """Return the index values that occur at `position` of `family`."""
        found = self._values.get((family, position))
        if found is None:
            found = frozenset(indices[position] for indices in self._families.get(family, ()))
            self._values[family, position] = found
        return found

    def family_of(self, base: str, arity: int) -> tuple[FamilyKey, tuple[Index, ...]] | None:
        """Return the family that `base` with `arity` further indices means, and the indices that `base` itself holds.

        `x` with two indices is the family (x, 2); where there is no family (x_1, 1), `x_1` with one index is (x, 2)
        with first index 1.
        """
        if (base, arity) in self._families:
            return (base, arity), ()
        parts = parse_name(base)
        family = (parts.base, len(parts.indices) + arity)
        if parts.indices and family in self._families:
            return family, parts.indices
        return None

    def described(self) -> str:
        """Return the families and scalars in a few words, for messages."""
        shown = [f"{base}[{','.join('·' * arity)}]" for base, arity in self._families]
        shown += [name for name, parts in self.parts.items() if not parts.indices]
        text = ", ".join(shown[:6])
        return text + (f" and {len(shown) - 6} more" if len(shown) > 6 else "")


def write_pattern(base: str, indices: Iterable[Index | str]) -> str:
    """Return `base[i,j]`, the canonical way to write a member or a pattern of a family."""
    return f"{base}[{','.join(map(str, indices))}]"


def _scalar(name: str) -> VariableName:
    return VariableName(name, (), "plain")


def _is_integer(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_INTEGER


def _parse_bracketed(name: str) -> VariableName | None:
    groups: list[str] = []
    end = len(name)
    opening = ""
    while end and name[end - 1] in "])}":
        start = name.rfind(_OPENING[name[end - 1]], 0, end)
        if start < 0 or (opening and name[start] != opening):
            return None
        opening = name[start]
        groups.append(name[start + 1 : end - 1])
        end = start
    base = name[:end]
    if not base or any(bracket in base for bracket in _BRACKETS) or any(b in g for g in groups for b in _BRACKETS):
        return None
    groups.reverse()
    if len(groups) > 1 and any("," in group for group in groups):
        return None
    indices: list[Index] = []
    for position, text in enumerate(groups[0].split(",") if len(groups) == 1 else groups):
        value = text.strip()
        if position and value[:1] == "_" and len(value) > 1:
            value = value[1:]  # PuLP writes the tuple (0, 1) as (0,_1)
        if len(value) > 1 and value[0] in "'\"" and value[-1] == value[0]:
            value = value[1:-1]
        if not value:
            return None
        indices.append(index_value(value))
    pair = opening + _CLOSING[opening]
    if len(groups) > 1:
        return VariableName(base, tuple(indices), _style(pair + pair))
    if base.endswith("_") and len(base) > 1:
        return VariableName(base[:-1], tuple(indices), _style(f"_{pair}"))
    return VariableName(base, tuple(indices), _style(pair))


_STYLES: dict[str, Style] = {
    "[]": "[]", "()": "()", "{}": "{}", "[][]": "[][]", "()()": "()()", "{}{}": "{}{}",
    "_[]": "_[]", "_()": "_()", "_{}": "_{}",
}  # fmt: skip


def _style(text: str) -> Style:
    return _STYLES[text]


def _parse_trailing(name: str, separator: Literal["_", "."]) -> VariableName | None:
    parts = name.split(separator)
    first = len(parts)
    while first > 1 and _is_integer(parts[first - 1]):
        first -= 1
    base = separator.join(parts[:first])
    if first == len(parts) or not any(character.isalpha() for character in base):
        return None
    return VariableName(base, tuple(int(part) for part in parts[first:]), separator)


def _parse_glued(name: str) -> VariableName | None:
    base = name.rstrip("0123456789")
    if base == name or not base or not base[-1].isalpha() or not _is_integer(name[len(base) :]):
        return None
    return VariableName(base, (int(name[len(base) :]),), "glued")
