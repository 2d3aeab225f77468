"""From a template to hypotheses for another pair: every way in which its families may play the roles, the best first.

For each reference family, each pattern of the template with as many indices (and "the same, one for one") is expanded
with candidate families in the roles of its sources. What does not expand, or breaks the family's bounds by itself, is
dropped; the others are scored by how alike the roles and the names are. Combinations for all families are searched best
first, and the few best are ranked by two facts about them: whether exact candidate points land in the reference, and
how many of the reference's rows become rows of the candidate. Nothing here proves anything.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from memory.families import Family, families, letters, name_likeness
from memory.template import LARGEST_MODEL, MOST_FAMILIES, TARGET, Pattern, Role, Template
from tools.errors import MappingError
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression
from tools.mapping.patterns import NameTable
from tools.mapping.rules import Work, expand, parse_rules
from tools.synthesis.checking import broken_by

ROLES_TRIED = 6
"""Candidate families that are tried in one role, the most alike first."""

OPTIONS_TRIED = 60
"""Ways to expand one pattern for one family."""

OPTIONS_KEPT = 10
BEAM = 48
RANKED = 24
"""Combinations that are compared by points and rows."""

SAMPLED_MEMBERS = 24
SAMPLED_ROWS = 60
MOST_NONZEROS = 100_000
"""Of candidates with more nonzeros the rows are not looked up."""

LEAST_ROWS = 0.5
"""Share of the reference's rows that must be found in the candidate, where there is no point to try."""

UNASKED = 0.5
"""What "the same, one for one" loses where the template does not say it."""

POINTS = 4
WORK = 200_000
"""Terms that one expansion may evaluate."""


@dataclass(frozen=True)
class Applied:
    """A hypothesis in the making: `fixed` expressions for the reference variables that a rule gives.

    `open` holds the candidate variables (and the constant 1) whose coefficients are still to be found; `completed` the
    variables that count as completed, those without an expression among them. `score` orders hypotheses.
    """

    fixed: Mapping[str, AffineExpression] = field(hash=False)
    open: Mapping[str, tuple[AffineExpression, ...]] = field(hash=False)
    completed: frozenset[str]
    score: float


@dataclass(frozen=True)
class _Option:
    """One way to treat one reference family."""

    fixed: Mapping[str, AffineExpression]
    open: Mapping[str, tuple[AffineExpression, ...]]
    completed: bool
    used: frozenset[int]
    score: float
    learned: bool = True


@dataclass(frozen=True)
class _Choice:
    options: tuple[_Option, ...]
    used: frozenset[int]
    score: float


def apply_template(
    template: Template,
    reference: Formulation,
    candidate: Formulation,
    points: Sequence[Sequence[Fraction]] = (),
    limit: int = 4,
) -> list[Applied]:
    """Return at most `limit` hypotheses, the likeliest first; none where the models have no families to speak of.

    `points` are exact points of the candidate; hypotheses that send one outside the reference's rows, bounds or
    integrality are left out. Without points, most rows of the reference must become rows of the candidate.
    """
    if max(len(reference.variables), len(candidate.variables)) > LARGEST_MODEL:
        return []
    ours, theirs = families(reference), families(candidate)
    if len(ours) > MOST_FAMILIES or len(theirs) > MOST_FAMILIES:
        return []
    options = [_options(template, family, theirs, reference, candidate) for family in ours]
    if not all(options):
        return []
    costly = {number for number, family in enumerate(theirs) if candidate.cost.floats[list(family.places)].any()}
    beam = [_Choice((), frozenset(), 0.0)]
    for found in options:
        beam = [_extended(choice, option) for choice in beam for option in found]
        beam.sort(key=lambda choice: -choice.score)
        del beam[BEAM:]
    beam.sort(key=lambda choice: len(costly - choice.used) - choice.score)
    lookup = _RowLookup(candidate) if candidate.nonzeros <= MOST_NONZEROS else None
    applied: list[Applied] = []
    for choice in beam[:RANKED]:
        if not any(option.learned for option in choice.options):
            continue
        found_one = _joined(choice, ours)
        if not found_one.open and broken_by(reference, candidate, found_one.fixed, points[:POINTS]):
            continue
        rows = 0.0 if lookup is None or found_one.open else lookup.share(reference, found_one.fixed)
        score = choice.score / max(1, len(ours)) + 2 * rows - 0.5 * len(costly - choice.used)
        if not points and rows < LEAST_ROWS:
            continue
        applied.append(Applied(found_one.fixed, found_one.open, found_one.completed, round(score, 6)))
    applied.sort(key=lambda one: -one.score)
    return applied[:limit]


def _extended(choice: _Choice, option: _Option) -> _Choice:
    # One candidate family rarely makes up two reference families.
    shared = len(choice.used & option.used)
    return _Choice((*choice.options, option), choice.used | option.used, choice.score + option.score - 0.6 * shared)


def _joined(choice: _Choice, ours: Sequence[Family]) -> Applied:
    fixed: dict[str, AffineExpression] = {}
    unknown: dict[str, tuple[AffineExpression, ...]] = {}
    completed: set[str] = set()
    for family, option in zip(ours, choice.options, strict=True):
        fixed.update(option.fixed)
        unknown.update(option.open)
        if option.completed:
            completed.update(family.members)
    return Applied(fixed, unknown, frozenset(completed), choice.score)


def _options(
    template: Template,
    family: Family,
    theirs: Sequence[Family],
    reference: Formulation,
    candidate: Formulation,
) -> list[_Option]:
    """Return the best ways to treat one reference family."""
    same = Pattern(
        Role(family.arity, family.words, family.traits),
        (Role(family.arity, family.words, family.traits),),
        (_identity(family.arity),),
        (),
        False,
    )
    found: list[_Option] = []
    patterns = [*template.patterns]
    if not any(pattern.rules == same.rules for pattern in patterns):
        patterns.append(same)
    for pattern in patterns:
        if pattern.target.arity != family.arity:
            continue
        alike = pattern.target.traits.likeness(family.traits) - (UNASKED if pattern is same else 0.0)
        if not pattern.rules and not pattern.support:
            found.append(_Option({}, {}, True, frozenset(), 0.5 * alike - 0.3))
            continue
        for roles, score in _castings(pattern, family, theirs):
            if pattern.rules:
                option = _exact(pattern, family, roles, theirs, reference, candidate, score + alike)
                if option is not None:
                    found.append(replace(option, learned=pattern is not same))
                    continue
            if pattern.support:
                option = _sketched(pattern, family, roles, theirs, score + alike - 0.4)
                if option is not None:
                    found.append(option)
    found.sort(key=lambda option: -option.score)
    return found[:OPTIONS_KEPT]


def _identity(arity: int) -> str:
    symbols = ",".join("ijklmnpqrstuvw"[:arity])
    return f"{TARGET}[{symbols}] = Qa[{symbols}]" if arity else f"{TARGET} = Qa"


def _castings(pattern: Pattern, family: Family, theirs: Sequence[Family]) -> Iterator[tuple[tuple[int, ...], float]]:
    """Yield which candidate families play the pattern's sources, with how alike they are, the most alike first."""
    likely: list[list[tuple[float, int]]] = []
    for role in pattern.sources:
        fitting = [
            (
                role.traits.likeness(other.traits)
                + 0.3 * name_likeness(role.words, other.words)
                + 0.5 * name_likeness(family.words, other.words),
                number,
            )
            for number, other in enumerate(theirs)
            if other.arity == role.arity
        ]
        fitting.sort(key=lambda entry: (-entry[0], entry[1]))
        likely.append(fitting[:ROLES_TRIED])
    castings = [
        (tuple(number for _, number in chosen), sum(score for score, _ in chosen) / max(1, len(chosen)))
        for chosen in itertools.product(*likely)
        if len({number for _, number in chosen}) == len(chosen)
    ]
    castings.sort(key=lambda entry: (-entry[1], entry[0]))
    return iter(castings[:OPTIONS_TRIED])


def _expanded(
    rules: Iterable[str], family: Family, roles: Sequence[int], theirs: Sequence[Family]
) -> dict[str, AffineExpression] | None:
    """Return the expressions that the rules give this family, or None where they do not fit its indices."""
    names = family.renamed(TARGET)
    sources: dict[str, str] = {}
    for number, role in enumerate(roles):
        for name, called in theirs[role].renamed(f"Q{letters(number)}").items():
            if sources.setdefault(called, name) != name:
                return None
    if len(set(names.values())) < len(names):
        return None
    try:
        mapping = expand(parse_rules("\n".join(rules)), NameTable(names.values()), NameTable(sources), work=Work(WORK))
    except MappingError:
        return None
    back = {called: name for name, called in names.items()}
    return {
        back[called]: AffineExpression(e.constant, {sources[v]: a for v, a in e.terms.items()})
        for called, e in mapping.expressions.items()
    }


def _exact(
    pattern: Pattern,
    family: Family,
    roles: Sequence[int],
    theirs: Sequence[Family],
    reference: Formulation,
    candidate: Formulation,
    score: float,
) -> _Option | None:
    expressions = _expanded(pattern.rules, family, roles, theirs)
    if expressions is None:
        return None
    fit = _fit(family, expressions, reference, candidate)
    if fit is None:
        return None
    return _Option(expressions, {}, pattern.completed, frozenset(roles), score + fit)


def _sketched(
    pattern: Pattern, family: Family, roles: Sequence[int], theirs: Sequence[Family], score: float
) -> _Option | None:
    supports = _expanded(pattern.support, family, roles, theirs)
    if supports is None:
        return None
    parts = {
        name: (
            *((AffineExpression.number(1),) if support.constant else ()),
            *(AffineExpression.variable(variable) for variable in support.terms),
        )
        for name, support in supports.items()
    }
    return _Option({}, parts, pattern.completed, frozenset(roles), score)


def _fit(
    family: Family, expressions: Mapping[str, AffineExpression], reference: Formulation, candidate: Formulation
) -> float | None:
    """Return how well the images respect kind, bounds and cost of the family by themselves; None where they cannot."""
    step = max(1, len(family.members) // SAMPLED_MEMBERS)
    total = count = 0.0
    for name in family.members[::step]:
        expression = expressions[name]
        j = reference.variable_index[name]
        low, high, whole = _range(expression, candidate)
        ours_low, ours_high = float(reference.lower.floats[j]), float(reference.upper.floats[j])
        if low > ours_high or high < ours_low:
            return None
        points = 1.0 if (low, high) == (ours_low, ours_high) else 0.5 if low >= ours_low and high <= ours_high else 0.0
        if reference.integer[j] and not whole:
            points -= 0.7
        costly = any(candidate.cost.floats[candidate.variable_index[v]] for v in expression.terms)
        points += 0.3 if costly == bool(reference.cost.floats[j]) else 0.0
        total, count = total + points, count + 1
    return total / count


def _range(expression: AffineExpression, candidate: Formulation) -> tuple[float, float, bool]:
    """Return activity bounds, and whether the expression is whole at whole values of integer variables."""
    low = high = float(expression.constant)
    whole = expression.constant.denominator == 1
    for name, coefficient in expression.terms.items():
        k, a = candidate.variable_index[name], float(coefficient)
        below, above = float(candidate.lower.floats[k]), float(candidate.upper.floats[k])
        ends = (a * below, a * above) if a > 0 else (a * above, a * below)
        low, high = low + ends[0], high + ends[1]
        whole = whole and coefficient.denominator == 1 and bool(candidate.integer[k])
    return low, high, whole


class _RowLookup:
    """The candidate's rows by their coefficients up to a factor, in floats: good enough to rank."""

    def __init__(self, candidate: Formulation) -> None:
        self.candidate = candidate
        self.rows: dict[tuple[tuple[int, float], ...], tuple[float, float]] = {}
        for i in range(len(candidate.rows)):
            part = slice(int(candidate.indptr[i]), int(candidate.indptr[i + 1]))
            terms = dict(
                zip(candidate.columns[part].tolist(), candidate.coefficients.floats[part].tolist(), strict=True)
            )
            key, factor = _normalised(terms)
            sides = (float(candidate.row_lower.floats[i]) / factor, float(candidate.row_upper.floats[i]) / factor)
            low, high = sides if factor > 0 else (sides[1], sides[0])
            before = self.rows.get(key, (-math.inf, math.inf))
            self.rows[key] = (max(low, before[0]), min(high, before[1]))

    def share(self, reference: Formulation, expressions: Mapping[str, AffineExpression]) -> float:
        """Return the share of the reference's rows, sampled, whose images are implied by one row or by bounds."""
        counted = carried = 0
        for i in range(0, len(reference.rows), max(1, len(reference.rows) // SAMPLED_ROWS)):
            part = slice(int(reference.indptr[i]), int(reference.indptr[i + 1]))
            columns = [reference.variables[j] for j in reference.columns[part].tolist()]
            if not all(name in expressions for name in columns):
                continue
            counted += 1
            terms: dict[int, float] = {}
            constant = 0.0
            for name, a in zip(columns, reference.coefficients.floats[part].tolist(), strict=True):
                constant += a * float(expressions[name].constant)
                for variable, b in expressions[name].terms.items():
                    k = self.candidate.variable_index[variable]
                    terms[k] = terms.get(k, 0.0) + a * float(b)
            low = float(reference.row_lower.floats[i]) - constant
            high = float(reference.row_upper.floats[i]) - constant
            carried += self._implies({k: a for k, a in terms.items() if abs(a) > 1e-12}, low, high)
        return carried / counted if counted else 0.0

    def _implies(self, terms: dict[int, float], low: float, high: float) -> bool:
        slack = 1e-9 * (1 + max((abs(side) for side in (low, high) if math.isfinite(side)), default=0.0))
        below = above = 0.0
        for k, a in terms.items():
            ends = (a * float(self.candidate.lower.floats[k]), a * float(self.candidate.upper.floats[k]))
            below, above = below + min(ends), above + max(ends)
        if terms:
            key, factor = _normalised(terms)
            found = self.rows.get(key)
            if found is not None:
                sides = (found[0] * factor, found[1] * factor)
                below, above = max(below, min(sides)), min(above, max(sides))
        return below >= low - slack and above <= high + slack


def _normalised(terms: Mapping[int, float]) -> tuple[tuple[tuple[int, float], ...], float]:
    """Return the terms divided by the first one's coefficient, and that coefficient."""
    if not terms:
        return (), 1.0
    ordered = sorted(terms.items())
    factor = ordered[0][1]
    return tuple((k, round(a / factor, 9)) for k, a in ordered), factor
