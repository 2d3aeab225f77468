"""Mappings printed back as few rules: one line for each family of variables that follows one index pattern.

Rules are found, not remembered: for each family of reference variables the expressions of its members are compared, the
indices of their terms are explained by the member's own indices (`d[i,1]`, `v[j,i]`, `d[i+1]`), terms that run over all
values of an index are gathered (`sum(t*z[j,t] for t)`), and every member is checked against the line. What does not fit
gets a line with a smaller scope, which holds before the wider one. So the printed rules expand to the same mapping,
exactly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations, count
from typing import NamedTuple

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression, AffineMapping, format_sum
from tools.mapping.conditional_sums import conditional_rule
from tools.mapping.patterns import FamilyKey, Index, NameTable
from tools.mapping.rules import expand
from tools.mapping.syntax import is_identifier, parse_rules, quote, quote_base, quote_name

ELISION = "# …"
"""How the line starts that stands for rules left out by `abbreviate`."""

_SEEDS = 6
_MOST_ATOMS = 24
_MOST_SUM_KINDS = 3
_SYMBOLS = "ijklmnpqrstuvw"

_RULES_BEFORE_CONDITIONS = 2
"""Families that take more rules than this are tried as conditional sums."""

_MOST_SUMMED = 4
"""Positions that one sum may run over, where it has a condition."""

_ZERO = Fraction(0)
_ONE = Fraction(1)


def compact_rules(mapping: AffineMapping, reference_names: Iterable[str], candidate_names: Iterable[str]) -> list[str]:
    """Return rules that expand to exactly `mapping`, rules for whole families before those for single variables.

    `expand(parse_rules("\\n".join(rules)), reference_names, candidate_names, completed=mapping.completed)` gives
    `mapping` back (with `partial=True` where it leaves variables unmapped). Both lists of names may be `NameTable`s.
    Raises `MappingError` when the mapping names variables that they lack.
    """
    reference = reference_names if isinstance(reference_names, NameTable) else NameTable(reference_names)
    candidate = candidate_names if isinstance(candidate_names, NameTable) else NameTable(candidate_names)
    for name in chain(mapping.expressions, mapping.completed):
        if name not in reference:
            raise MappingError(f"cannot print the mapping: {name!r} is no variable of the reference")
    for name in mapping.sources:
        if name not in candidate:
            raise MappingError(f"cannot print the mapping: {name!r} is no variable of the candidate")
    printer = _Printer(mapping, reference, candidate)
    patterns: list[str] = []
    single: list[str] = []
    for family in reference.families:
        found = printer.family(family)
        patterns += found.patterns
        single += found.single
    for name, expression in mapping.expressions.items():
        parts = reference.parts[name]
        if not parts.indices or len(reference.spellings((parts.base, parts.arity), parts.indices)) > 1:
            single.append(printer.exact_rule(name, expression))
    return patterns + single


def abbreviate(rules: Sequence[str], limit: int) -> list[str]:
    """Return the first `limit` rules, and where some are left out a comment line that says how many."""
    if len(rules) <= limit:
        return list(rules)
    return [*rules[:limit], f"{ELISION} and {len(rules) - limit} more"]


class _Kind(NamedTuple):
    """What a term is apart from its indices.

    A term of a variable: `family` (None for a variable named exactly, `name`) times `coefficient`. A sum: over all
    values of the positions `free` of `family`, each variable times `coefficient + slope · (its index at varying)`.
    """

    family: FamilyKey | None
    name: str
    coefficient: Fraction
    free: tuple[int, ...] = ()
    varying: int = -1
    slope: Fraction = _ZERO


class _Atom(NamedTuple):
    kind: _Kind
    indices: tuple[Index, ...]


class _Literal(NamedTuple):
    value: Index


class _Shift(NamedTuple):
    """The target's index at `position`, plus `offset` (which is 0 for text)."""

    position: int
    offset: int


_Position = _Literal | _Shift
_Member = tuple[tuple[Index, ...], list[_Atom], Fraction]


@dataclass(frozen=True, slots=True)
class _Template:
    """One rule's right-hand side: terms whose indices are given by the target's indices, and a constant."""

    terms: tuple[tuple[_Kind, tuple[_Position, ...]], ...]
    constant: Fraction

    def gives(self, member: _Member) -> bool:
        """Say whether the rule yields exactly this member's expression."""
        key, atoms, constant = member
        if constant != self.constant or len(atoms) != len(self.terms):
            return False
        produced = set()
        for kind, positions in self.terms:
            indices = []
            for position in positions:
                if isinstance(position, _Literal):
                    indices.append(position.value)
                    continue
                value = key[position.position]
                if position.offset:
                    if isinstance(value, str):
                        return False
                    value += position.offset
                indices.append(value)
            produced.add((kind, tuple(indices)))
        return produced == set(atoms)

    def at(self, fixed: tuple[int, Index] | None) -> _Template:
        """Return the template for members whose index at the position `fixed[0]` is `fixed[1]`."""
        if fixed is None:
            return self

        def pinned(position: _Position) -> _Position:
            if isinstance(position, _Literal) or position.position != fixed[0]:
                return position
            return _Literal(fixed[1] if isinstance(fixed[1], str) else fixed[1] + position.offset)

        return _Template(tuple((kind, tuple(map(pinned, positions))) for kind, positions in self.terms), self.constant)


@dataclass(frozen=True, slots=True)
class _Printed:
    patterns: list[str]
    single: list[str]

    @property
    def size(self) -> tuple[int, int]:
        """Number of rules, then characters: less is better."""
        return (
            len(self.patterns) + len(self.single),
            sum(map(len, self.patterns)) + sum(map(len, self.single)),
        )


class _Printer:
    def __init__(self, mapping: AffineMapping, reference: NameTable, candidate: NameTable) -> None:
        self.mapping = mapping
        self.reference = reference
        self.candidate = candidate
        texts = {
            value
            for table in (reference, candidate)
            for family in table.families
            for position in range(family[1])
            for value in table.values(family, position)
            if isinstance(value, str)
        }
        self.taken = {text for text in texts if is_identifier(text)}

    def family(self, family: FamilyKey) -> _Printed:
        """Return the rules for the unambiguous members of a family of reference variables."""
        members: dict[tuple[Index, ...], str] = {}
        blocked: list[tuple[Index, ...]] = []
        for key in self.reference.members(family):
            spellings = self.reference.spellings(family, key)
            if len(spellings) == 1 and spellings[0] in self.mapping.expressions:
                members[key] = spellings[0]
            elif not all(n in self.mapping.expressions or n in self.mapping.completed for n in spellings):
                blocked.append(key)
        if not members:
            return _Printed([], [])
        largest = max((self.mapping.expressions[name] for name in members.values()), key=lambda e: len(e.terms))
        plain = self._cover(family, members, blocked, [])
        if len(largest.terms) <= 2 and plain.size[0] == 1:
            return plain
        kinds = self._sum_kinds(largest)
        shown = [plain] if not kinds else [plain, self._cover(family, members, blocked, kinds)]
        best = min(shown, key=lambda printed: printed.size)
        if best.size[0] > _RULES_BEFORE_CONDITIONS and not blocked:
            rule = self._conditional(family, members)
            if rule is not None:
                return _Printed([rule], [])
        return best

    def _conditional(self, family: FamilyKey, members: Mapping[tuple[Index, ...], str]) -> str | None:
        """Return one rule with a conditional sum for the whole family, if it expands to just these expressions."""
        expressions = {key: self.mapping.expressions[name] for key, name in members.items()}
        symbols = self._symbols(family[1] + _MOST_SUMMED)
        rule = conditional_rule(family, expressions, self.candidate, symbols[: family[1]], symbols[family[1] :])
        if rule is None:
            return None
        try:
            given = expand(parse_rules(rule), members.values(), self.candidate).expressions
        except MappingError:
            return None
        return rule if all(given[name] == self.mapping.expressions[name] for name in members.values()) else None

    def exact_rule(self, name: str, expression: AffineExpression) -> str:
        """Return the rule that defines the one variable `name`."""
        text = format_sum(((c, quote_name(term)) for term, c in expression.terms.items()), expression.constant)
        kinds = self._sum_kinds(expression)
        if kinds:
            atoms = self._atoms(expression, kinds)
            if len(atoms) <= len(expression.terms) and self._writable(atoms):
                terms = tuple((atom.kind, tuple(map(_Literal, atom.indices))) for atom in atoms)
                text = min(text, self._write(_Template(terms, expression.constant), ()), key=len)
        return f"{quote_name(name)} = {text}"

    def _cover(
        self,
        family: FamilyKey,
        names: Mapping[tuple[Index, ...], str],
        blocked: list[tuple[Index, ...]],
        kinds: list[_Kind],
    ) -> _Printed:
        """Return rules for these members: one for all, then one for each value of some index, then single ones."""
        members: list[_Member] = []
        for key, name in names.items():
            expression = self.mapping.expressions[name]
            members.append((key, self._atoms(expression, kinds), expression.constant))
        everywhere: tuple[int, Index] | None = None
        general = None if blocked else self._infer(members)
        unmatched = [member for member in members if general is None or not general.gives(member)]
        if 2 * len(unmatched) > len(members):
            general, unmatched = None, members
        chosen: list[tuple[tuple[int, Index] | None, _Template]] = [] if general is None else [(everywhere, general)]
        rest = unmatched
        lines = len(chosen) + len(rest)
        if rest and family[1] > 1:
            for position in range(family[1]):
                slices, leftover = self._slices(position, members, unmatched, blocked)
                used = [] if general is None or len(leftover) == len(members) else [(everywhere, general)]
                if len(used) + len(slices) + len(leftover) < lines:
                    chosen, rest = [*used, *slices], leftover
                    lines = len(chosen) + len(rest)
        if len(members) == 1:
            chosen, rest = [], members
        symbols = self._symbols(family[1])
        patterns = []
        for fixed, template in chosen:
            indices = [
                self._index(_Literal(fixed[1]) if fixed and fixed[0] == p else _Shift(p, 0), symbols)
                for p in range(family[1])
            ]
            patterns.append(
                f"{quote_base(family[0])}[{','.join(indices)}] = {self._write(template.at(fixed), symbols)}"
            )
        single = [self.exact_rule(names[key], self.mapping.expressions[names[key]]) for key, _, _ in rest]
        return _Printed(patterns, single)

    def _slices(
        self,
        position: int,
        members: list[_Member],
        unmatched: list[_Member],
        blocked: list[tuple[Index, ...]],
    ) -> tuple[list[tuple[tuple[int, Index] | None, _Template]], list[_Member]]:
        """Return rules that fix the index at `position`, and the members that they and the general rule leave."""
        wrong: dict[Index, list[_Member]] = {}
        for member in unmatched:
            wrong.setdefault(member[0][position], []).append(member)
        every: dict[Index, list[_Member]] = {value: [] for value in wrong}
        for member in members:
            if member[0][position] in every:
                every[member[0][position]].append(member)
        closed = {key[position] for key in blocked}
        rules: list[tuple[tuple[int, Index] | None, _Template]] = []
        leftover: list[_Member] = []
        for value, within in every.items():
            template = None
            if len(wrong[value]) > 1 and value not in closed and _writable_index(value):
                template = self._infer(within)
            remaining = within if template is None else [m for m in within if not template.gives(m)]
            if template is not None and 2 * len(remaining) <= len(within) and 1 + len(remaining) < len(wrong[value]):
                rules.append(((position, value), template))
                leftover += remaining
            else:
                leftover += wrong[value]
        return rules, leftover

    def _infer(self, members: list[_Member]) -> _Template | None:
        """Return the right-hand side that most likely covers the most members; the caller checks each."""
        shapes: dict[tuple[frozenset[tuple[_Kind, int]], Fraction], list[_Member]] = {}
        for member in members:
            if len(member[1]) <= _MOST_ATOMS:
                shape = frozenset(Counter([atom.kind for atom in member[1]]).items())
                shapes.setdefault((shape, member[2]), []).append(member)
        if not shapes:
            return None
        group = max(shapes.values(), key=len)
        step = max(1, len(group) // _SEEDS)
        seeds = group[::step][:_SEEDS]
        left = [list(atoms) for _, atoms, _ in seeds]
        terms: list[tuple[_Kind, tuple[_Position, ...]]] = []
        for wanted in group[0][1]:
            votes: dict[tuple[_Position, ...], list[tuple[int, _Atom]]] = {}
            for number, (key, _, _) in enumerate(seeds):
                for atom in left[number]:
                    if atom.kind == wanted.kind:
                        for positions in _explanations(key, atom.indices):
                            votes.setdefault(positions, []).append((number, atom))
            if not votes:
                return None
            best = min(votes, key=lambda positions: (-len(votes[positions]), _strangeness(positions)))
            terms.append((wanted.kind, best))
            for number, atom in votes[best]:
                left[number].remove(atom)
        return _Template(tuple(terms), group[0][2])

    def _atoms(self, expression: AffineExpression, kinds: list[_Kind]) -> list[_Atom]:
        """Return the expression's terms, those that make up a whole sum of one of `kinds` gathered."""
        atoms: list[_Atom] = []
        open_terms: dict[FamilyKey, dict[tuple[Index, ...], Fraction]] = {}
        summed = {kind.family for kind in kinds}
        for name, coefficient in expression.terms.items():
            parts = self.candidate.parts[name]
            family = (parts.base, len(parts.indices))
            if not parts.indices or len(self.candidate.spellings(family, parts.indices)) > 1:
                atoms.append(_Atom(_Kind(None, name, coefficient), ()))
            elif family in summed:
                open_terms.setdefault(family, {})[parts.indices] = coefficient
            elif not all(map(_writable_index, parts.indices)):
                atoms.append(_Atom(_Kind(None, name, coefficient), ()))
            else:
                atoms.append(_Atom(_Kind(family, "", coefficient), parts.indices))
        for kind in kinds:
            assert kind.family is not None
            for bound, members in _classes(open_terms.get(kind.family, {}), kind.free).items():
                if self._is_sum(kind, bound, members):
                    atoms.append(_Atom(kind, bound))
                    for indices in members:
                        del open_terms[kind.family][indices]
        for family, terms in open_terms.items():
            for indices, coefficient in terms.items():
                if all(map(_writable_index, indices)):
                    atoms.append(_Atom(_Kind(family, "", coefficient), indices))
                else:
                    (name,) = self.candidate.spellings(family, indices)
                    atoms.append(_Atom(_Kind(None, name, coefficient), ()))
        return atoms

    def _writable(self, atoms: list[_Atom]) -> bool:
        return all(_writable_index(index) for atom in atoms for index in atom.indices)

    def _sum_kinds(self, expression: AffineExpression) -> list[_Kind]:
        """Return the sums that gather most terms of `expression`; empty where gathering does not pay."""
        if len(expression.terms) < 2:
            return []
        by_family: dict[FamilyKey, dict[tuple[Index, ...], Fraction]] = {}
        for name, coefficient in expression.terms.items():
            parts = self.candidate.parts[name]
            if parts.indices:
                by_family.setdefault((parts.base, len(parts.indices)), {})[parts.indices] = coefficient
        kinds: list[_Kind] = []
        for family, terms in by_family.items():
            if self.candidate.is_ambiguous(family):
                continue
            for _ in range(_MOST_SUM_KINDS):
                best: tuple[int, _Kind, list[tuple[Index, ...]]] | None = None
                for free in _subsets(family[1]):
                    for kind, covered, classes in self._fits(family, free, terms):
                        saved = len(covered) - classes
                        if saved > 0 and (best is None or saved > best[0]):
                            best = saved, kind, covered
                if best is None:
                    break
                kinds.append(best[1])
                covered_terms = set(best[2])
                terms = {indices: c for indices, c in terms.items() if indices not in covered_terms}
        return kinds

    def _fits(
        self, family: FamilyKey, free: tuple[int, ...], terms: Mapping[tuple[Index, ...], Fraction]
    ) -> Iterator[tuple[_Kind, list[tuple[Index, ...]], int]]:
        """Yield each kind of sum over `free` that fits, with the terms it covers and in how many sums."""
        classes = _classes(terms, free)
        proposed: dict[_Kind, None] = {}
        for bound, members in classes.items():
            if len(members) > 1:
                for kind in _proposals(family, free, members):
                    if len(proposed) < _MOST_ATOMS and self._is_sum(kind, bound, members):
                        proposed[kind] = None
        for kind in proposed:
            matched = [members for bound, members in classes.items() if self._is_sum(kind, bound, members)]
            yield kind, [indices for members in matched for indices in members], len(matched)

    def _is_sum(self, kind: _Kind, bound: tuple[Index, ...], members: Mapping[tuple[Index, ...], Fraction]) -> bool:
        """Say whether `members` are exactly the terms of the sum `kind` at the indices `bound`."""
        family = kind.family
        assert family is not None
        fixed = tuple([p for p in range(family[1]) if p not in kind.free])
        domain = self.candidate.matching(family, fixed, bound)
        if len(domain) > 2 * len(members):
            return False
        for indices in domain:
            expected = kind.coefficient
            if kind.varying >= 0:
                value = indices[kind.varying]
                if isinstance(value, str):
                    return False
                expected = expected + kind.slope * value
            if members.get(indices, _ZERO) != expected:
                return False
        return True

    def _symbols(self, arity: int) -> tuple[str, ...]:
        """Return index symbols that no variable or text index could be mistaken for."""
        names = chain(_SYMBOLS, (f"i{number}" for number in count(1)))
        free = (name for name in names if name not in self.candidate and name not in self.taken)
        return tuple(next(free) for _ in range(arity))

    def _write(self, template: _Template, symbols: tuple[str, ...]) -> str:
        return format_sum((self._term(kind, indices, symbols) for kind, indices in template.terms), template.constant)

    def _term(self, kind: _Kind, positions: tuple[_Position, ...], symbols: tuple[str, ...]) -> tuple[Fraction, str]:
        if kind.family is None:
            return kind.coefficient, kind.name if is_identifier(kind.name) else quote(kind.name)
        base, arity = kind.family
        if not kind.free:
            indices = [self._index(position, symbols) for position in positions]
            return kind.coefficient, f"{quote_base(base)}[{','.join(indices)}]"
        summed = dict(zip(kind.free, self._symbols(len(symbols) + len(kind.free))[len(symbols) :], strict=True))
        bound = iter(positions)
        indices = [summed[p] if p in summed else self._index(next(bound), symbols) for p in range(arity)]
        body = f"{quote_base(base)}[{','.join(indices)}]"
        scale = kind.coefficient
        if kind.varying >= 0:
            scale = kind.slope
            offset = kind.coefficient / kind.slope
            factor = format_sum([(_ONE, summed[kind.varying])], offset)
            body = f"({factor})*{body}" if offset else f"{factor}*{body}"
        return scale, f"sum({body} for {', '.join(summed.values())})"

    def _index(self, position: _Position, symbols: tuple[str, ...]) -> str:
        if isinstance(position, _Shift):
            symbol = symbols[position.position]
            return f"{symbol}{position.offset:+d}" if position.offset else symbol
        if isinstance(position.value, int):
            return str(position.value)
        return position.value if is_identifier(position.value) else f"'{position.value}'"


def _writable_index(value: Index) -> bool:
    return isinstance(value, int) or (value.isprintable() and "'" not in value)


def _classes(
    terms: Mapping[tuple[Index, ...], Fraction], free: tuple[int, ...]
) -> dict[tuple[Index, ...], dict[tuple[Index, ...], Fraction]]:
    """Group terms by their indices outside `free`."""
    classes: dict[tuple[Index, ...], dict[tuple[Index, ...], Fraction]] = {}
    for indices, coefficient in terms.items():
        bound = tuple([value for position, value in enumerate(indices) if position not in free])
        classes.setdefault(bound, {})[indices] = coefficient
    return classes


def _proposals(
    family: FamilyKey, free: tuple[int, ...], members: Mapping[tuple[Index, ...], Fraction]
) -> Iterator[_Kind]:
    """Yield the sums whose coefficients agree with two of the members."""
    (first, at_first), *others = members.items()
    other = next(((indices, c) for indices, c in others if c != at_first), None)
    if other is None:
        yield _Kind(family, "", at_first, free)
        return
    second, at_second = other
    for position in free:
        low, high = first[position], second[position]
        if isinstance(low, int) and isinstance(high, int) and low != high:
            slope = (at_second - at_first) / (high - low)
            yield _Kind(family, "", at_first - slope * low, free, position, slope)


def _subsets(arity: int) -> Iterator[tuple[int, ...]]:
    """Yield the nonempty sets of positions, small ones first; only single ones and all for many positions."""
    sizes = range(1, arity + 1) if arity <= 4 else (1, arity)
    for size in sizes:
        yield from combinations(range(arity), size)


def _explanations(key: tuple[Index, ...], indices: tuple[Index, ...]) -> Iterator[tuple[_Position, ...]]:
    """Yield every way to write `indices` by the target's indices `key` and literals."""
    options: list[list[_Position]] = []
    for value in indices:
        choices: list[_Position] = [_Literal(value)]
        for position, own in enumerate(key):
            if isinstance(own, int) and isinstance(value, int):
                choices.append(_Shift(position, value - own))
            elif own == value:
                choices.append(_Shift(position, 0))
        options.append(choices)
    if len(key) > 4 or len(indices) > 4:
        yield tuple(choices[-1] for choices in options)
        return
    ways: list[tuple[_Position, ...]] = [()]
    for choices in options:
        ways = [(*way, choice) for way in ways for choice in choices]
    yield from ways


def _strangeness(positions: tuple[_Position, ...]) -> int:
    """Rank equally good explanations: own indices in order first, then other places, shifts and literals."""
    total = 0
    for place, position in enumerate(positions):
        if isinstance(position, _Literal):
            total += 3
        elif position.offset:
            total += 4
        elif position.position != place:
            total += 1
    return total
