"""Models in brief, for the prompt of a language model that writes rules from one to the other.

A small model is told whole. A large one is told by groups of variables and of rows, with a few sample rows each, in as
much detail as a budget of tokens allows; what is left out is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

import numpy as np

from agent.language.brief.detail import LADDERS, MOST_SAMPLES, WHOLE, Detail
from agent.language.brief.exact_algebra import LONGEST_NUMBER, is_abbreviated, is_rounded, objective_text, row_text
from agent.language.brief.name_groups import name_groups
from agent.language.brief.row_groups import Resolution, RowGroup, RowTable
from agent.language.brief.shown_names import NAME_WIDTH, inert, is_cut, shown_description, shown_name
from agent.language.brief.variable_groups import VariableGroup, labels, variable_groups
from agent.language.tokens import count_tokens
from tools.formulation.model import Formulation, Kind

_Group = TypeVar("_Group", VariableGroup, RowGroup)

LEAST_BUDGET = 300
"""Tokens for one model below which nothing useful could be said."""

_NO_WORDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Summary:
    """The text, what it leaves out (in the text's own words), and its tokens as `count_tokens` estimates them."""

    text: str
    left_out: tuple[str, ...]
    tokens: int


def summarise(model: Formulation, *, budget: int, label: str, descriptions: Mapping[str, str] = _NO_WORDS) -> Summary:
    """Return a text on `model` of at most `budget` tokens, headed by `label`.

    `descriptions` (of the model under "", of variables, rows and families under their names) add to the model's own.
    Raises `ValueError` where `budget` is below `LEAST_BUDGET`.
    """
    if budget < LEAST_BUDGET:
        raise ValueError(f"a budget of {budget} tokens is too small for a model; give at least {LEAST_BUDGET}")
    return _Digest(model, label, descriptions).within(budget)


class PairDigest:
    """Both models, taken apart once and told in any detail.

    The descriptions (as in `summarise`) add to the models' own.
    """

    def __init__(
        self,
        reference: Formulation,
        candidate: Formulation,
        reference_descriptions: Mapping[str, str] = _NO_WORDS,
        candidate_descriptions: Mapping[str, str] = _NO_WORDS,
    ) -> None:
        self._first = _Digest(reference, "Reference", reference_descriptions)
        self._second = _Digest(candidate, "Candidate", candidate_descriptions)

    def within(self, budget: int) -> Summary:
        """Return a text on both models of at most `budget` tokens; what one does not need the other may have.

        Raises `ValueError` where `budget` is below twice `LEAST_BUDGET`.
        """
        if budget < 2 * LEAST_BUDGET:
            raise ValueError(
                f"a budget of {budget} tokens is too small for two models; give at least {2 * LEAST_BUDGET}"
            )
        room = budget - 1  # the line break between them
        one, two = self._first.within(room // 2), self._second.within(room // 2)
        if one.left_out or two.left_out:
            one = self._first.within(room - two.tokens)
            two = self._second.within(room - one.tokens)
        told = (("reference", one), ("candidate", two))
        return _summary(f"{one.text}\n{two.text}", [f"{side}: {what}" for side, s in told for what in s.left_out])


def _summary(text: str, left_out: Sequence[str]) -> Summary:
    return Summary(text, tuple(left_out), count_tokens(text))


class _Digest:
    """One model, taken apart once and told in any detail."""

    def __init__(self, model: Formulation, label: str, descriptions: Mapping[str, str]) -> None:
        self.model = model
        self.label = label if label.isprintable() and len(label) <= NAME_WIDTH else inert(label[:NAME_WIDTH])
        self.words = {**model.descriptions, **descriptions}
        self._told: dict[Detail, Summary] = {}
        self._groups: dict[Resolution, list[RowGroup]] = {}

    def within(self, budget: int) -> Summary:
        """Return the most detailed text of at most `budget` tokens (`LEAST_BUDGET`, or a little less)."""
        m, n = self.model.shape
        least = 2 * (self.model.nonzeros + np.count_nonzero(self.model.objective.floats)) + 4 * m
        if least <= budget and n <= 200 * budget:
            for detail in WHOLE:
                found = self._tell(detail, self._whole)
                if found.tokens <= budget:
                    return found
        for ladder in LADDERS:
            if self._tell(ladder[-1], self._grouped).tokens <= budget:
                fitting = next(detail for detail in ladder if self._tell(detail, self._grouped).tokens <= budget)
                return self._filled(fitting, budget)
        everything = "everything but the size"
        return _summary(f"{self.label[:20]}: {self._size()}\nNot shown: {everything}.", [everything])

    def _filled(self, detail: Detail, budget: int) -> Summary:
        """Return the text of `detail` with one more sample of as many groups as fit."""
        low, high = 0, detail.groups if detail.samples < MOST_SAMPLES else 0
        while low < high:
            middle = (low + high + 1) // 2
            fits = self._tell(replace(detail, extra=middle), self._grouped).tokens <= budget
            low, high = (middle, high) if fits else (low, middle - 1)
        return self._tell(replace(detail, extra=low), self._grouped)

    def _tell(self, detail: Detail, composed: Callable[[Detail], Summary]) -> Summary:
        if detail not in self._told:
            self._told[detail] = composed(detail)
        return self._told[detail]

    def _whole(self, detail: Detail) -> Summary:
        lines = [f"{self._head()}; all rows are shown", *self._about(detail), self._exact_objective]
        lines += ["Variables:" if self.model.variables else "Variables: none", *self._exact_variables]
        lines += ["Rows:" if self.model.rows else "Rows: none", *self._exact_rows]
        described, missing = self._described(detail)
        return self._composed([*lines, *described], [*self._always_left_out, *missing])

    def _grouped(self, detail: Detail) -> Summary:
        model = self.model
        lines = [f"{self._head()}; told by groups", *self._about(detail)]
        costs = np.flatnonzero(model.objective.floats).tolist()
        if detail.terms:
            lines.append(f"Objective: {objective_text(model, limit=detail.terms, group_of=self._label)}")
        else:
            lines.append(f"Objective: {model.sense} a sum of {_counted(len(costs), 'term')}")
        variables = _largest(self.variables, detail.variables, lambda group: len(group.names))
        lines.append("Variables:" if variables else "Variables: none")
        lines += [f"- {group.line(detail.listed, with_cost=detail.terms > 0)}" for group in variables]
        groups = self._row_groups(detail.groups)
        shown = _largest(groups, detail.groups, len)
        lines.append("Rows:" if shown else "Rows: not shown" if groups else "Rows: none")
        lines += self._told_rows(shown, detail)
        rows = [row for rows in self._sampled(shown, detail) for row in rows]
        sums = [costs, *(list(model.row_terms(row)) for row in rows)]
        abbreviated = sum(is_abbreviated(found, detail.terms, self._label) for found in sums)
        described, missing = self._described(detail)
        unnamed = len(model.variables) - sum(len(group.names) for group in variables)
        told = sum(map(len, shown))
        left_out: list[str] = []
        if unnamed:
            what = f"{_counted(len(self.variables) - len(variables), 'more group')} of variables"
            left_out.append(f"{what}, {_counted(unnamed, 'variable')}")
        if told < len(model.rows):
            what = f"{_counted(len(groups) - len(shown), 'more group')} of rows"
            left_out.append(f"{what}, {_counted(len(model.rows) - told, 'row')}")
        if len(rows) < told:
            left_out.append(f"{told - len(rows)} of {_counted(told, 'row')} in the groups above")
        if abbreviated:
            left_out.append(f"the middle of {_counted(abbreviated, 'long sum')}")
        return self._composed([*lines, *described], [*left_out, *self._always_left_out, *missing])

    def _told_rows(self, groups: Sequence[RowGroup], detail: Detail) -> Iterator[str]:
        """Yield a line for each group and one for each sample row; a row that is a group of its own has one line."""
        for group, rows in zip(groups, self._sampled(groups, detail), strict=True):
            if len(group) > 1 or not rows:
                yield f"- {group.line(self.variables, detail.listed)}"
            for row in rows:
                text = row_text(self.model, row, limit=detail.terms, group_of=self._label)
                yield f"    {text}" if len(group) > 1 else f"- {text}"

    def _sampled(self, groups: Sequence[RowGroup], detail: Detail) -> list[list[int]]:
        """Return the sample rows of each group."""
        favoured = {id(group) for group in _largest(groups, detail.extra, len)}
        return [group.samples(detail.samples + (id(group) in favoured)) for group in groups]

    def _composed(self, lines: Sequence[str], left_out: Sequence[str]) -> Summary:
        said = f"Not shown: {'; '.join(left_out)}." if left_out else ""
        return _summary("\n".join([*lines, said]) if said else "\n".join(lines), left_out)

    def _head(self) -> str:
        name = f" {inert(self.model.name[:NAME_WIDTH])}" if self.model.name else ""
        return f"{self.label}{name}: {self._size()}"

    def _size(self) -> str:
        (m, n), kinds = self.model.shape, self.model.kinds
        counts = [(int((kinds == kind).sum()), kind.name.lower()) for kind in Kind]
        parts = ", ".join(f"{count} {kind}" for count, kind in counts if count)
        return f"{n} variables{f' ({parts})' if parts else ''}, {m} rows, {self.model.nonzeros} nonzeros"

    def _about(self, detail: Detail) -> list[str]:
        said = self.words.get("", "").strip()
        return [f"Description: {shown_description(said, 3 * detail.letters)}"] if said and detail.letters else []

    def _described(self, detail: Detail) -> tuple[list[str], list[str]]:
        """Return the lines of descriptions, families first, and what is left out of them."""
        known = {*self.model.variables, *self.model.rows}
        keys = sorted((key for key in self.words if key and self.words[key].strip()), key=lambda key: key in known)
        shown = keys[: detail.words]
        lines = [f"- {shown_name(key)}: {shown_description(self.words[key], detail.letters)}" for key in shown]
        limits = [(self.words[key], detail.letters) for key in shown] + [(self.words.get("", ""), 3 * detail.letters)]
        cut = sum(len(text) > limit for text, limit in limits)
        left_out = [_counted(len(keys) - len(shown), "more description")] if len(shown) < len(keys) else []
        left_out += [f"the end of {_counted(cut, 'description')}"] if cut else []
        return (["Descriptions:", *lines] if lines else []), left_out

    def _label(self, variable: int) -> str:
        return self._labels[variable]

    def _row_groups(self, limit: int) -> list[RowGroup]:
        """Return groups of rows of the finest resolution that needs at most `limit`, else of the most telling one."""
        chosen = next((r for r in Resolution if self._table.number_of_groups(r) <= limit), None)
        if chosen is None:
            sizes = {r: self._table.sizes(r)[:limit].sum() for r in Resolution}
            chosen = max(Resolution, key=lambda r: (sizes[r], -r))
        if chosen not in self._groups:
            self._groups[chosen] = self._table.groups(chosen)
        return self._groups[chosen]

    @cached_property
    def variables(self) -> list[VariableGroup]:
        """The groups of variables by domain."""
        return variable_groups(self.model)

    @cached_property
    def _labels(self) -> list[str]:
        return labels(self.variables)

    @cached_property
    def _table(self) -> RowTable:
        return RowTable(self.model, self.variables, name_groups(self.model.rows))

    @cached_property
    def _exact_objective(self) -> str:
        return f"Objective: {objective_text(self.model)}"

    @cached_property
    def _exact_rows(self) -> list[str]:
        return [f"  {row_text(self.model, row)}" for row in range(len(self.model.rows))]

    @cached_property
    def _exact_variables(self) -> list[str]:
        return [f"- {group.line(1_000_000, with_cost=False)}" for group in variable_groups(self.model, exactly=True)]

    @cached_property
    def _always_left_out(self) -> list[str]:
        model = self.model
        cut = sum(map(is_cut, (*model.variables, *model.rows)))
        vectors = (model.objective, model.coefficients, model.lower, model.upper, model.row_lower, model.row_upper)
        odd = [model.objective_constant, *(value for vector in vectors for value in vector.overrides.values())]
        found = [f"the middle of {_counted(cut, 'name')} of more than {NAME_WIDTH} characters"] if cut else []
        if any(map(is_rounded, odd)):
            found.append(f"the digits of numbers marked ≈, of more than {LONGEST_NUMBER} characters")
        return found


def _largest(groups: Sequence[_Group], limit: int, size: Callable[[_Group], int]) -> list[_Group]:
    """Return the `limit` largest groups, in their order."""
    best = sorted(range(len(groups)), key=lambda k: -size(groups[k]))[:limit]
    return [groups[k] for k in sorted(best)]


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
