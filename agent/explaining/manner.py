"""How a reader asks for what the advice names: by options of a command line, or by saying so in a chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Manner:
    """The words that stand in advice for each thing that can be asked for.

    `reformulation` names that contract, `mapping` and `hint` how rules are given; `want_both` and `want_optima` are
    requests for a contract, `more_time` is what may help after a limit, `language_model` who may propose mappings.
    """

    reformulation: str
    want_both: str
    want_optima: str
    mapping: str
    hint: str
    more_time: str
    language_model: str


COMMAND_LINE = Manner(
    reformulation="--contract reformulation",
    want_both="check again with --contract reformulation",
    want_optima="ask with --contract quasi-karp",
    mapping="--mapping FILE",
    hint="--hint 'x[i] = …'",
    more_time="more time (--time-limit) or more rounds (--rounds)",
    language_model="A language model (--model NAME)",
)

CHAT = Manner(
    reformulation="the contract reformulation",
    want_both="say “all solutions matter”",
    want_optima="say “only optimal solutions matter”",
    mapping="“verify x[i] = …”",
    hint="“try x[i] = …”",
    more_time="more time (say “continue”)",
    language_model="A language model, where the page was started with one,",
)

MANNERS: Mapping[str, Manner] = {"command line": COMMAND_LINE, "chat": CHAT}
"""Each by the name in a request for an explanation."""
