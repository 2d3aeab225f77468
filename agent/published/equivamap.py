r"""EquivaMap (Zhai, Lawless, Vitercik, Leqi; ICML 2025, arXiv 2502.14760), Algorithm 1, for comparison.

A language model writes each reference variable as a linear combination of candidate variables, and the map is accepted
when it carries one optimum of the candidate to an optimum of the reference. That is no proof of anything else: what
quasikarp decides is in `tools/claims/`, and nothing there looks at this.

>>> from agent.language.scripted import ScriptedModel
>>> from tools.formulation.lp_reader import parse_lp
>>> reference = parse_lp("max 3 x\nst\n c: x <= 47\ngeneral\n x\nend")
>>> candidate = parse_lp("max 30 d1 + 3 d0\nst\n c: 10 d1 + d0 <= 47\nbounds\n d1 <= 9\n d0 <= 9\ngeneral\n d1 d0\nend")
>>> answer = '{"x": [{"constant": 10, "variable": "d1"}, {"constant": 1, "variable": "d0"}]}'
>>> found = equivamap(reference, candidate, ScriptedModel([answer]))
>>> found.accepted, found.calls, list(found.rules)
(True, 1, ['x = 10*d1 + d0'])
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from agent.language.asking import ask_for
from agent.language.chat import ChatModel, ModelError, Usage
from agent.language.choice import Chosen
from agent.language.configuration import LanguageModel
from agent.language.ledger import Ledger
from agent.published.equivamap_question import Questions, Term, answer_form, terms_of, written
from agent.published.one_optimum import Acceptance, OneOptimum
from agent.published.symbols import Symbol, SymbolTable
from tools.errors import MappingError
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression, AffineMapping, exact_number
from tools.mapping.printing import compact_rules
from tools.solvers.gateway import Limits

PUBLISHED_TRIES = 3


@dataclass(frozen=True)
class PublishedAnswer:
    """What the published method says of a pair.

    `mapping` and `rules` (the same, as people write it) are those of the last try, None and empty where nothing was
    asked; a variable whose answer could not be used is missing from them, and `why` says what was wrong. `tries` counts
    mappings that were tested or would have been, `usage` what the language model was asked.
    """

    accepted: bool
    why: str
    mapping: AffineMapping | None = None
    rules: tuple[str, ...] = ()
    tries: int = 0
    usage: Usage = field(default_factory=Usage)

    @property
    def calls(self) -> int:
        """Questions that the language model was asked."""
        return self.usage.calls


def equivamap(
    reference: Formulation,
    candidate: Formulation,
    model: LanguageModel | ChatModel,
    *,
    tries: int = PUBLISHED_TRIES,
    as_released: bool = False,
    seconds: float = 600.0,
    solver_limits: Limits | None = None,
) -> PublishedAnswer:
    """Return what EquivaMap answers about the pair, within so many seconds of asking.

    One question for each reference variable; a family with indices is one variable, and its map holds elementwise over
    equal index sets. Up to `tries` mappings are asked for, and one that passes is enough. What is no usable answer
    leaves its variable unmapped, and the try has failed. Calls, tokens and temperature are the model's own: it takes as
    many calls as variables times tries, and `LanguageModel.calls` must allow them.

    `as_released` does what the authors' code does (`OneOptimum.test`): unmapped variables are not pinned, so that an
    empty mapping passes, and neither are variables with two indices.

    Where we deviate: `equivamap_question.Questions` for the prompt; and models that have no optimum are found out
    before anything is asked, with the same outcome. Raises `InputError` where the model cannot be reached in principle,
    and for nothing that it says.
    """
    chosen = Chosen(model)
    ledger = chosen.ledger()
    optimum = OneOptimum(reference, candidate, solver_limits)
    if optimum.missing:
        return PublishedAnswer(False, optimum.missing)
    with chosen.opened() as client:
        run = _Run(client, ledger, Questions(reference, candidate), time.monotonic() + seconds)
        return _tried(run, optimum, reference, candidate, tries, as_released)


def _tried(
    run: _Run, optimum: OneOptimum, reference: Formulation, candidate: Formulation, tries: int, as_released: bool
) -> PublishedAnswer:
    answer = PublishedAnswer(False, "nothing was tried")
    for number in range(1, tries + 1):
        mapping, faults = run.mapping()
        if run.over:
            outcome = Acceptance("incomplete", run.over)
        else:
            outcome = optimum.test(mapping, as_released=as_released)
        why = "; ".join([outcome.why, *faults[:3]])
        rules = tuple(compact_rules(mapping, reference.variables, candidate.variables))
        answer = PublishedAnswer(outcome.accepted, why, mapping, rules, number, run.ledger.usage)
        if outcome.accepted or run.over:
            break
    return answer


class _Run:
    """The questions of one run; `over` says why no more can be asked, in words."""

    def __init__(self, client: ChatModel, ledger: Ledger, questions: Questions, deadline: float) -> None:
        self.ledger = ledger
        self.over = ""
        self._client = client
        self._questions = questions
        self._deadline = deadline

    def mapping(self) -> tuple[AffineMapping, list[str]]:
        """Return what the model answers, without the variables whose answer cannot be used, and what was wrong."""
        expressions: dict[str, AffineExpression] = {}
        faults: list[str] = []
        for symbol in self._questions.reference.symbols:
            try:
                expressions |= read_terms(symbol, self._terms(symbol), self._questions.candidate)
            except (ModelError, MappingError) as error:
                if isinstance(error, ModelError) and error.final:
                    self.over = str(error)
                    break
                faults.append(f"{written(symbol)}: {error}")
        return AffineMapping(expressions), faults

    def _terms(self, symbol: Symbol) -> list[Term]:
        messages = self._questions.about(symbol, self.ledger.limits.prompt_tokens)
        if messages is None:
            most = self.ledger.limits.prompt_tokens
            raise ModelError(f"the models do not fit into a prompt of {most} tokens", "limit", final=True)
        left = self._deadline - time.monotonic()
        return terms_of(
            ask_for(self._client, messages, answer_form(symbol), "variable_mapping", self.ledger, seconds=left, tries=1)
        )


def read_terms(symbol: Symbol, terms: Sequence[Term], candidate: SymbolTable) -> dict[str, AffineExpression]:
    """Return the expression that the terms give each member of `symbol`; raises `MappingError` where they give none.

    A scalar is written in candidate variables by their names, a family in families with the same index set. No term
    says that nothing corresponds to the symbol.
    """
    if not terms:
        raise MappingError("nothing in the candidate is said to correspond to it")
    owner = symbol.name
    sums: dict[tuple[object, ...], dict[str, Fraction]] = {indices: {} for indices in symbol.members}
    for term in terms:
        coefficient = exact_number(term.constant, owner=owner)
        if symbol.dimensions:
            family = candidate.family(term.variable, symbol)
            if family is None:
                raise MappingError(f"the candidate has no variable {term.variable[:60]!r} with the same indices")
            named = {indices: family.members[indices] for indices in symbol.members}
        else:
            variable = candidate.variable(term.variable)
            if variable is None:
                raise MappingError(f"the candidate has no variable {term.variable[:60]!r}")
            named = {(): variable}
        for indices, name in named.items():
            total = sums[indices]
            total[name] = total.get(name, Fraction(0)) + coefficient
    return {name: AffineExpression(Fraction(0), sums[indices]) for indices, name in symbol.members.items()}
