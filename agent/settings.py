"""Everything a run can be told: one frozen object, validated once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from agent.language.chat import ChatModel
from agent.language.choice import Planner
from agent.language.configuration import LanguageModel
from tools.errors import InputError
from tools.report import Contract


@dataclass(frozen=True)
class Settings:
    """How one pair is checked.

    `contract` is what must hold for "equivalent"; `time_limit` is wall-clock seconds for the whole run (a last resort:
    every solver call also has a deterministic work limit); `rounds` bounds plan → test → verify → reflect cycles;
    `seed` drives every random choice; `checkpoint` names an SQLite file from which a killed run resumes; `mapping`
    (rules text, JSON text, or a path to either) restricts the run to that mapping; `hints` are rules that are tried
    first; `memory` is the folder or server URL of the memory, "none" for none, None for the user's own; `planner` says
    who proposes mappings, `model` which language model is asked (None: the one that the environment names, if any).
    With `ask`, a run that would end "unknown" pauses for a hint of the user's and goes on from the checkpoint.
    Raises `InputError` on values out of range.
    """

    contract: Contract = "quasi-karp"
    time_limit: float = 120.0
    rounds: int = 40
    seed: int = 0
    checkpoint: Path | None = None
    mapping: str | Path | None = None
    hints: tuple[str, ...] = ()
    memory: str | Path | None = None
    planner: Planner = "auto"
    model: LanguageModel | ChatModel | None = None
    ask: bool = False

    def __post_init__(self) -> None:
        if self.contract not in get_args(Contract):
            raise InputError(f"unknown contract {self.contract!r}; use one of {', '.join(get_args(Contract))}")
        if self.planner not in get_args(Planner):
            raise InputError(f"unknown planner {self.planner!r}; use one of {', '.join(get_args(Planner))}")
        if not 0 < self.time_limit <= 1e7:
            raise InputError(f"the time limit must be a positive number of seconds, found {self.time_limit}")
        if not 1 <= self.rounds <= 1000:
            raise InputError(f"rounds must lie between 1 and 1000, found {self.rounds}")
