"""A model under construction: variables by what they mean, names and order drawn at random, written as an LP file."""

from __future__ import annotations

import random
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Key = tuple[Hashable, ...]
Kind = Literal["continuous", "integer", "binary"]
Relation = Literal["<=", ">=", "="]


@dataclass(frozen=True)
class Variable:
    """One variable, at least 0; `meaning` goes into the legend of the file."""

    meaning: str
    kind: Kind
    lower: int
    upper: int | None


@dataclass(frozen=True)
class Row:
    """Σ terms[key]·variable `relation` `right`."""

    terms: Mapping[Key, int]
    relation: Relation
    right: int


@dataclass
class WrittenModel:
    """A model whose variables have keys such as ("x", 1, 2) here, and names such as `word7` in its file.

    The numbers behind `word` and the order of variables, rows and terms are drawn with `word` as the seed.
    """

    title: str
    word: str
    sense: Literal["Minimize", "Maximize"] = "Minimize"
    variables: dict[Key, Variable] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    cost: dict[Key, int] = field(default_factory=dict)
    constant: int = 0

    def add(
        self, *key: Hashable, meaning: str, kind: Kind = "continuous", lower: int = 0, upper: int | None = None,
        cost: int = 0,
    ) -> None:  # fmt: skip
        """Add a variable and its cost."""
        if key in self.variables:
            raise ValueError(f"{key} is a variable already")
        self.variables[key] = Variable(meaning, kind, lower, 1 if kind == "binary" else upper)
        if cost:
            self.cost[key] = cost

    def require(self, terms: Mapping[Any, int], relation: Relation, right: int) -> None:
        """Add the row Σ terms[key]·variable `relation` `right`; entries that are 0 are left out."""
        unknown = [key for key in terms if key not in self.variables]
        if unknown:
            raise ValueError(f"{unknown[0]} is no variable")
        self.rows.append(Row({key: value for key, value in terms.items() if value}, relation, right))

    @property
    def names(self) -> dict[Key, str]:
        """The name of each variable in the file."""
        numbers = list(range(1, len(self.variables) + 1))
        random.Random(self.word).shuffle(numbers)
        return {key: f"{self.word}{number}" for key, number in zip(self.variables, numbers, strict=True)}

    def text(self) -> str:
        """Return the LP file, with a legend in comments."""
        names, draw = self.names, random.Random(f"order of {self.word}")
        in_order = sorted(self.variables, key=lambda key: (len(names[key]), names[key]))
        lines = [f"\\ {self.title}", "\\ Written by generate.py.", "\\"]
        lines += [f"\\ {names[key]}: {self.variables[key].meaning}" for key in in_order]
        cost = [*_terms(self.cost, names, draw)]
        if self.constant:
            cost.append(f"{'-' if self.constant < 0 else '+'} {abs(self.constant)}")
        lines += [self.sense, *_wrapped("obj", cost), "Subject To"]
        rows = list(self.rows)
        draw.shuffle(rows)
        for number, row in enumerate(rows, start=1):
            lines += _wrapped(f"r{number}", [*_terms(row.terms, names, draw), f"{row.relation} {row.right}"])
        bounds = [
            f" {v.lower} <= {names[key]}" + ("" if v.upper is None else f" <= {v.upper}")
            for key, v in self.variables.items()
            if v.kind != "binary" and (v.lower or v.upper is not None)
        ]
        draw.shuffle(bounds)
        lines += ["Bounds", *bounds] if bounds else []
        for title, kind in (("Generals", "integer"), ("Binaries", "binary")):
            members = [names[key] for key, v in self.variables.items() if v.kind == kind]
            draw.shuffle(members)
            lines += [title, *_wrapped("", members)] if members else []
        return "\n".join([*lines, "End"]) + "\n"


def _terms(terms: Mapping[Key, int], names: Mapping[Key, str], draw: random.Random) -> list[str]:
    entries = list(terms.items())
    draw.shuffle(entries)
    return [
        f"{'-' if value < 0 else '+'} {'' if abs(value) == 1 else f'{abs(value)} '}{names[key]}"
        for key, value in entries
        if value
    ]


def _wrapped(label: str, words: list[str]) -> list[str]:
    lines, line = [], f" {label}:" if label else ""
    for word in words:
        if len(line) + len(word) > 100:
            lines.append(line)
            line = "  "
        line += f" {word}"
    return [*lines, line]
