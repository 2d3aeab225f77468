"""What EquivaMap asks a language model about one variable of the reference, and the form of the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, create_model

from agent.language.brief.exact_algebra import row_text
from agent.language.brief.name_groups import group_numbers, name_groups
from agent.language.brief.shown_names import shown_description
from agent.language.chat import Message
from agent.language.tokens import count_tokens
from agent.prompts import prompt
from agent.published.symbols import Symbol, SymbolTable
from tools.formulation.model import Formulation
from tools.formulation.numbers import IntArray
from tools.mapping.patterns import parse_name

MOST_SYMBOLS = 2_000
"""Variables of one model beyond which no prompt is written: it would be too long in any case."""

_LETTERS = "ijklmn"
_DESCRIPTION = 200
_MOST_MEMBERS = 500
"""Members of a family whose rows are looked at."""


@dataclass(frozen=True)
class _Detail:
    """So many families of rows for each variable, so many sample rows of each, so many terms of a row."""

    families: int
    samples: int
    terms: int


_DETAILS = (_Detail(12, 3, 16), _Detail(8, 2, 12), _Detail(4, 1, 8), _Detail(1, 1, 4), _Detail(0, 0, 0))


class Term(BaseModel):
    """One term of the answer: `constant` times `variable`."""

    model_config = ConfigDict(extra="ignore")

    constant: int | float
    variable: str = Field(max_length=1_000)


def answer_form(symbol: Symbol) -> type[BaseModel]:
    """Return the form of the answer about `symbol`: an object whose one key is its name, with a list of `Term`."""
    names = dict.fromkeys((symbol.shown, symbol.name, written(symbol)))
    field = Field(validation_alias=AliasChoices(*names), max_length=10_000)
    return create_model("VariableMapping", __config__=ConfigDict(extra="ignore"), terms=(list[Term], field))


def terms_of(answer: BaseModel) -> list[Term]:
    """Return the terms of an answer that `answer_form` has validated."""
    terms: list[Term] = answer.terms  # type: ignore[attr-defined]
    return terms


def written(symbol: Symbol) -> str:
    """Return "x[i,j]", or the name of a scalar, as a prompt shows it."""
    letters = [letter for letter in _LETTERS if letter != symbol.name]
    letters += [f"i{number}" for number in range(symbol.dimensions)]
    indices = ",".join(letters[: symbol.dimensions])
    return f"{symbol.shown}[{indices}]" if symbol.dimensions else symbol.shown


class Questions:
    """The questions about a pair, one for each symbol of the reference.

    As in the paper, a variable is told by its name, its description, the constraints that mention it, and whether the
    objective does; bounds, kinds and the objective itself are not told. The paper shows constraints in words and in
    LaTeX over named parameters. An instance has neither: its rows are shown as they stand, with their numbers (which
    the paper's prompt lacks), a few sample rows of each family, and in words where the formulation carries some.
    """

    def __init__(self, reference: Formulation, candidate: Formulation) -> None:
        self.reference = SymbolTable(reference.variables)
        self.candidate = SymbolTable(candidate.variables)
        self._ours = _Mentions(reference)
        self._theirs = _Mentions(candidate)
        self._candidate_texts: dict[_Detail, str] = {}

    def about(self, symbol: Symbol, tokens: int) -> list[Message] | None:
        """Return the question about `symbol` in at most so many tokens, None where it cannot be that short."""
        if len(self.candidate.symbols) > MOST_SYMBOLS:
            return None
        system = prompt("equivamap")
        for detail in _DETAILS:
            text = (
                f"The variable of the first model:\n{self._ours.told(symbol, detail)}\n\n"
                f"The variables of the second model:\n{self._candidates(detail)}\n\n"
                f"Write {written(symbol)} of the first model in variables of the second model, with the key "
                f'"{symbol.shown}".'
            )
            if count_tokens(system) + count_tokens(text) <= tokens:
                return [Message("system", system), Message("user", text)]
        return None

    def _candidates(self, detail: _Detail) -> str:
        if detail not in self._candidate_texts:
            told = [self._theirs.told(symbol, detail) for symbol in self.candidate.symbols]
            self._candidate_texts[detail] = "\n".join(told)
        return self._candidate_texts[detail]


class _Mentions:
    """Where the symbols of one model are mentioned, in words."""

    def __init__(self, model: Formulation) -> None:
        self._model = model

    def told(self, symbol: Symbol, detail: _Detail) -> str:
        """Return the lines about `symbol`: what it is, whether the objective mentions it, and which rows do."""
        model = self._model
        places = np.array([model.variable_index[name] for name in symbol.members.values()], dtype=np.int64)
        said = self._words(symbol.name)
        within = "is" if bool(np.any(model.objective.floats[places] != 0)) else "is not"
        lines = [f"- {written(symbol)}{f': {said}' if said else ''}", f"  It {within} part of the objective."]
        rows = [model.rows_of(int(place)) for place in places[:_MOST_MEMBERS]]
        mentioning = np.unique(np.concatenate(rows))
        if not mentioning.size:
            lines.append("  No constraint mentions it.")
        elif detail.families:
            lines.append("  Constraints that mention it:")
            lines += [f"    {line}" for line in self._constraints(mentioning, detail)]
        else:
            lines.append("  Some constraints mention it.")
        return "\n".join(lines)

    def _constraints(self, rows: IntArray, detail: _Detail) -> list[str]:
        families: dict[int, list[int]] = {}
        for row in rows.tolist():
            families.setdefault(int(self._family[row]), []).append(row)
        lines = []
        shown = 0
        for members in list(families.values())[: detail.families]:
            for row in members[: detail.samples]:
                said = self._words(self._model.rows[row])
                lines.append(row_text(self._model, row, limit=detail.terms) + (f" ({said})" if said else ""))
                shown += 1
        return [*lines, f"({len(rows) - shown} more)"] if shown < len(rows) else lines

    def _words(self, name: str) -> str:
        """Return the description of a variable, a row or a family, of its own or of its family; empty without one."""
        words = self._model.descriptions
        found = words.get(name) or words.get(parse_name(name).base, "")
        return shown_description(found, _DESCRIPTION) if found.strip() else ""

    @cached_property
    def _family(self) -> Sequence[int]:
        groups = name_groups(self._model.rows)
        numbers: list[int] = group_numbers(groups, len(self._model.rows)).tolist()
        return numbers
