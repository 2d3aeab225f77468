"""Which language model a run asks, if any: what the settings name, else what the environment does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from agent.language.chat import ChatModel
from agent.language.configuration import LanguageModel, model_from_environment, why_none
from agent.language.ledger import Ledger
from agent.language.opening import open_model

Planner = Literal["auto", "symbolic", "llm"]
"""Who proposes mappings: everybody (a language model where one is configured), nobody but us, or only the model."""


@dataclass(frozen=True)
class Chosen:
    """The model to ask, or None with the reason in words."""

    model: LanguageModel | ChatModel | None
    why_none: str = ""

    def planning(self, planner: Planner) -> str:
        """Return in words who proposes mappings."""
        if self.model is None:
            return f"symbolic ({self.why_none})"
        asked = f"the language model {self.limits.name}"
        return asked if planner == "llm" else f"symbolic, then {asked}"

    @property
    def limits(self) -> LanguageModel:
        """What the model may cost in one run."""
        assert self.model is not None
        if isinstance(self.model, LanguageModel):
            return self.model
        limits = getattr(self.model, "limits", None)
        return limits if isinstance(limits, LanguageModel) else LanguageModel(self.model.name)

    @contextmanager
    def opened(self) -> Iterator[ChatModel]:
        """Hold the model ready to be asked, and close it again unless it came open; raises `InputError` as `open`."""
        model = self.open()
        try:
            yield model
        finally:
            if model is not self.model:
                model.close()

    def open(self) -> ChatModel:
        """Return the model ready to be asked; raises `InputError` where it cannot be reached in principle."""
        assert self.model is not None
        return open_model(self.model)

    def ledger(self) -> Ledger:
        """Return an empty account under the model's limits."""
        return Ledger(self.limits)


def chosen_model(planner: Planner, model: LanguageModel | ChatModel | None) -> Chosen:
    """Return the model for a run; raises `InputError` where the environment names one that is not usable."""
    if planner == "symbolic":
        return Chosen(None, "asked for")
    found = model if model is not None else model_from_environment()
    return Chosen(found) if found is not None else Chosen(None, why_none())
