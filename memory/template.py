"""Templates: a mapping as rules over roles, from which hypotheses for other models are made.

A template has one *pattern* for each way in which its mapping treats a family of reference variables. In the rules of a
pattern the family is called `Y` and the candidate families it is made of `Qa`, `Qb`, …, in the order in which the rules
mention them:

    Y[i] = sum(j*Qa[i,j] for j)

What the families were called and what they are in their models is kept beside the rules, to rank the families of
another pair that may play the same roles. Where the numbers of a rule belong to the instance, `support` has the same
rules with all numbers 1: which variables take part, with open coefficients.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from memory.families import Family, Traits, families, letters
from tools.errors import InputError, MappingError
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression, AffineMapping
from tools.mapping.conditional_sums import conditional_rule
from tools.mapping.patterns import NameTable, parse_name
from tools.mapping.printing import compact_rules
from tools.mapping.rules import expand, parse_rules

MOST_RULES = 4
"""A family that needs more rules follows no pattern that could be carried over."""

MOST_SOURCES = 4
"""Candidate families that one pattern may be made of: ways to cast them multiply."""

MOST_FAMILIES = 30
LARGEST_MODEL = 5_000
"""Variables of a model beyond which no template is made or applied: that would take longer than it may save."""

LONGEST_RULE = 2_000
TARGET = "Y"
_LITERAL = re.compile(r"Q[a-z]+\[[^\]]*(?<![\w+-])\d")
_SOURCE = re.compile(r"\bQ[a-z]+\b")


@dataclass(frozen=True)
class Role:
    """What a family was called, in words, how many indices it has, and what it was in its model."""

    arity: int
    words: str
    traits: Traits

    def to_json(self) -> dict[str, Any]:
        """Return the role as JSON data."""
        return {"arity": self.arity, "words": self.words, "traits": list(self.traits.values)}

    @classmethod
    def from_json(cls, data: Any) -> Role:
        """Return the role that `to_json` wrote."""
        return cls(int(data["arity"]), str(data["words"])[:60], Traits(tuple(float(value) for value in data["traits"])))


@dataclass(frozen=True)
class Pattern:
    """How one family of reference variables, in the role `target`, is made of families in the roles `sources`.

    `rules` is empty where only the `support` carries over, and both are where no index pattern was found: values are
    then sought anew for each pair. `completed` says that the variables count as completed, or have to be found.
    """

    target: Role
    sources: tuple[Role, ...]
    rules: tuple[str, ...]
    support: tuple[str, ...]
    completed: bool

    def to_json(self) -> dict[str, Any]:
        """Return the pattern as JSON data."""
        return {
            "target": self.target.to_json(),
            "sources": [role.to_json() for role in self.sources],
            "rules": list(self.rules),
            "support": list(self.support),
            "completed": self.completed,
        }

    @classmethod
    def from_json(cls, data: Any) -> Pattern:
        """Return the pattern that `to_json` wrote."""
        if len(data["sources"]) > MOST_SOURCES:
            raise ValueError(f"a pattern has at most {MOST_SOURCES} sources")
        return cls(
            Role.from_json(data["target"]),
            tuple(map(Role.from_json, data["sources"])),
            _rules(data["rules"]),
            _rules(data["support"]),
            bool(data["completed"]),
        )


@dataclass(frozen=True)
class Template:
    """The patterns of a mapping, without those that occur twice."""

    patterns: tuple[Pattern, ...]

    @property
    def id(self) -> str:
        """The hash of the rules alone: mappings of many instances share one template."""
        shapes = sorted((list(p.rules), list(p.support), p.completed, p.target.arity) for p in self.patterns)
        return hashlib.sha256(json.dumps(shapes).encode()).hexdigest()[:16]

    @property
    def rules(self) -> list[str]:
        """Every rule, for people; `?` stands for numbers that belong to the instance."""
        shown: list[str] = []
        for pattern in self.patterns:
            if pattern.rules:
                shown += pattern.rules
            elif pattern.support:
                shown += [f"{rule}  # numbers of the instance" for rule in pattern.support]
            else:
                shown.append(f"{TARGET}[{','.join('ijklmn'[: pattern.target.arity])}] is completed")
        return shown

    def to_json(self) -> dict[str, Any]:
        """Return the template as JSON data."""
        return {"patterns": [pattern.to_json() for pattern in self.patterns]}

    @classmethod
    def from_json(cls, data: Any) -> Template:
        """Return the template that `to_json` wrote; raises `InputError` on anything else."""
        try:
            if len(data["patterns"]) > MOST_FAMILIES:
                raise ValueError(f"a template has at most {MOST_FAMILIES} patterns")
            return cls(tuple(map(Pattern.from_json, data["patterns"])))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InputError(f"a memory template is malformed: {type(error).__name__}: {str(error)[:100]}") from error


def template_of(
    reference: Formulation,
    candidate: Formulation,
    expressions: Mapping[str, AffineExpression],
    completed: Iterable[str],
) -> Template | None:
    """Return the template of a mapping, or None where it follows no index pattern.

    `expressions` are the reference variables that are affine in candidate variables; the others, and those among them
    that count as `completed`, may be left out.
    """
    if max(len(reference.variables), len(candidate.variables)) > LARGEST_MODEL:
        return None
    ours, theirs = families(reference), families(candidate)
    if len(ours) > MOST_FAMILIES or len(theirs) > MOST_FAMILIES:
        return None
    open_names = frozenset(completed)
    called: dict[str, str] = {}
    owner: dict[str, Family] = {}
    for number, family in enumerate(theirs):
        owner[f"Q{letters(number)}"] = family
        called.update(family.renamed(f"Q{letters(number)}"))
    if len(set(called.values())) < len(called):
        return None  # two spellings of one member: indices do not say which is meant
    patterns: dict[str, Pattern] = {}
    for family in ours:
        pattern = _pattern(family, expressions, open_names, called, owner)
        key = json.dumps([list(pattern.rules), list(pattern.support), pattern.completed, family.arity])
        patterns.setdefault(key, pattern)
    if not any(pattern.sources for pattern in patterns.values()):
        return None
    return Template(tuple(patterns.values()))


def _pattern(
    family: Family,
    expressions: Mapping[str, AffineExpression],
    completed: frozenset[str],
    called: Mapping[str, str],
    owner: Mapping[str, Family],
) -> Pattern:
    target = Role(family.arity, family.words, family.traits)
    is_completed = any(name in completed for name in family.members)
    names = family.renamed(TARGET)
    if any(name not in expressions for name in family.members) or len(set(names.values())) < len(names):
        return Pattern(target, (), (), (), True)
    mapping = {names[name]: _renamed(expressions[name], called) for name in family.members}
    rules = _printed(mapping, called.values())
    support: list[str] = []
    if not rules or any(not _is_plain(expression) for expression in mapping.values()):
        support = _printed({name: _support(expression) for name, expression in mapping.items()}, called.values())
    if not rules and not support:
        return Pattern(target, (), (), (), True)
    order = list(dict.fromkeys(_SOURCE.findall("\n".join(rules or support))))
    if len(order) > MOST_SOURCES:
        return Pattern(target, (), (), (), True)
    local = {name: f"Q{letters(number)}" for number, name in enumerate(order)}

    def localised(text: str) -> str:
        return _SOURCE.sub(lambda found: local[found.group()], text)

    sources = tuple(Role(owner[n].arity, owner[n].words, owner[n].traits) for n in order)
    return Pattern(target, sources, tuple(map(localised, rules)), tuple(map(localised, support)), is_completed)


def _printed(mapping: Mapping[str, AffineExpression], candidate: Iterable[str]) -> list[str]:
    """Return few and short rules for the mapping, else nothing."""
    names = list(candidate)
    try:
        rules = compact_rules(AffineMapping(mapping), list(mapping), names)
        if any(_LITERAL.search(rule) for rule in rules):
            # An index that happens to be the last of a small instance says nothing about a larger one.
            rules = _conditional(mapping, names) or rules
    except MappingError:
        return []
    if len(rules) > min(MOST_RULES, max(1, len(mapping) - 1)) or max(map(len, rules)) > LONGEST_RULE:
        return []
    return rules


def _conditional(mapping: Mapping[str, AffineExpression], names: list[str]) -> list[str]:
    """Return the one rule with a conditional sum that the mapping is, else nothing."""
    parts = {name: parse_name(name) for name in mapping}
    arity = next(iter(parts.values())).arity
    members = {parts[name].indices: expression for name, expression in mapping.items()}
    rule = conditional_rule((TARGET, arity), members, NameTable(names), "ijkl"[:arity], "mnpq")
    if arity > 4 or rule is None or expand(parse_rules(rule), list(mapping), names).expressions != mapping:
        return []
    return [rule]


def _renamed(expression: AffineExpression, called: Mapping[str, str]) -> AffineExpression:
    return AffineExpression(expression.constant, {called[name]: a for name, a in expression.terms.items()})


def _is_plain(expression: AffineExpression) -> bool:
    return not expression.constant and all(abs(a) == 1 for a in expression.terms.values())


def _support(expression: AffineExpression) -> AffineExpression:
    constant = Fraction(1 if expression.constant else 0)
    return AffineExpression(constant, dict.fromkeys(expression.terms, Fraction(1)))


def _rules(data: Any) -> tuple[str, ...]:
    rules = tuple(data)
    if len(rules) > MOST_RULES or not all(isinstance(rule, str) and len(rule) <= LONGEST_RULE for rule in rules):
        raise ValueError("the rules of a pattern are few and short")
    return rules
