"""What a language model has cost in one run, and which limit it has reached."""

from __future__ import annotations

from dataclasses import dataclass, field

from agent.language.chat import Usage
from agent.language.configuration import LanguageModel


@dataclass
class Ledger:
    """Adds up usage under the limits of one run."""

    limits: LanguageModel
    usage: Usage = field(default_factory=Usage)

    def add(self, usage: Usage) -> None:
        """Count what a question has cost."""
        self.usage = self.usage + usage

    @property
    def money(self) -> float | None:
        """What the tokens have cost so far, None where no prices are known."""
        prices = self.limits.prices
        if prices is None:
            return None
        return (self.usage.prompt_tokens * prices[0] + self.usage.completion_tokens * prices[1]) / 1e6

    def most_tokens(self, prompt_tokens: int) -> int:
        """Return how many tokens the answer to such a prompt may have."""
        limits = self.limits
        return max(1, min(limits.answer_tokens, limits.tokens - self.usage.tokens - prompt_tokens))

    def reached(self, prompt_tokens: int = 0) -> str:
        """Return the limit that another question with such a prompt would exceed, in words, or an empty text."""
        limits = self.limits
        if self.usage.calls >= limits.calls:
            return f"the limit of {limits.calls} calls of the language model was reached"
        if self.usage.tokens + prompt_tokens >= limits.tokens:
            return f"the limit of {limits.tokens} tokens was reached"
        if limits.money is not None and self.money is not None:
            assert limits.prices is not None
            if self.money + prompt_tokens * limits.prices[0] / 1e6 >= limits.money:
                return f"the limit on money, {limits.money:g}, was reached"
        return ""
