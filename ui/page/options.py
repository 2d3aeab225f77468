"""What the page is told when it starts: by `quasikarp ui` as arguments of the script, else the usual ways."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from agent.language.configuration import LanguageModel, model_from_environment, with_limits
from memory.locations import data_folder


@dataclass(frozen=True)
class PageOptions:
    """Where conversations and memory are kept, and which language model is asked.

    `memory` and `history` are None for the user's own; `model`, `base_url` and `model_limits` are as on the command
    line. The key of a model is never among them: it stays in the environment.
    """

    memory: str | None = None
    history: str | None = None
    planner: str = "auto"
    model: str | None = None
    base_url: str | None = None
    model_limits: tuple[str, ...] = ()

    def arguments(self) -> list[str]:
        """Return the arguments of the page's script that say the same."""
        return [json.dumps(asdict(self))]

    def language_model(self) -> LanguageModel | None:
        """Return the language model to ask, None for none; raises `InputError`."""
        model = model_from_environment(self.model, self.base_url)
        return None if model is None or self.planner == "symbolic" else with_limits(model, self.model_limits)

    def history_folder(self) -> Path:
        """Return the folder in which conversations are kept."""
        if self.history is not None:
            return Path(self.history).expanduser()
        return data_folder() / "conversations"


@cache
def page_options() -> PageOptions:
    """Return what this server was told."""
    given = sys.argv[1:]
    if not given:
        return PageOptions()
    data = json.loads(given[0])
    return PageOptions(**{**data, "model_limits": tuple(data["model_limits"])})
