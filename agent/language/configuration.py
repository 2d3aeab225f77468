"""Which language model is asked, how it is reached, and what it may cost: one frozen object, validated once."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tools.errors import InputError

MODEL_VARIABLE = "QUASIKARP_MODEL"
KEY_VARIABLE = "OPENAI_API_KEY"
URL_VARIABLE = "OPENAI_BASE_URL"

_LONGEST_NAME = 200


@dataclass(frozen=True)
class LanguageModel:
    """A model behind an OpenAI-compatible endpoint.

    `base_url` is the endpoint's root, such as "http://localhost:8000/v1" (None: OpenAI's own); `api_key` is left out of
    what is printed, pickled or written as JSON, and may be None where the endpoint asks for none. Limits for one run:
    `calls` requests, `tokens` of prompts and answers together, `seconds` for one answer, `prompt_tokens` for one
    prompt, `answer_tokens` for one answer. With `prices`, money for a million tokens of prompts and of answers, `money`
    is a limit too. Raises `InputError` on values out of range.
    """

    name: str
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    calls: int = 8
    tokens: int = 60_000
    seconds: float = 60.0
    prompt_tokens: int = 6_000
    answer_tokens: int = 2_000
    prices: tuple[float, float] | None = None
    money: float | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Return what a pickle keeps: everything but the key."""
        return self.to_json()

    def to_json(self) -> dict[str, Any]:
        """Return everything but the key as JSON data."""
        return {name: value for name, value in vars(self).items() if name != "api_key"}

    @classmethod
    def from_json(cls, data: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> LanguageModel:
        """Return the model that `to_json` wrote, with the key that the environment holds."""
        environment = os.environ if environment is None else environment
        key = environment.get(KEY_VARIABLE, "").strip() or None
        prices = data["prices"]
        return cls(**{**data, "prices": None if prices is None else tuple(prices)}, api_key=key)

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > _LONGEST_NAME or not self.name.isprintable():
            raise InputError(f"the name of the language model is not usable: {self.name[:60]!r}")
        if self.base_url is not None and not self.base_url.startswith(("http://", "https://")):
            raise InputError("the base URL of the language model must start with http:// or https://")
        for label, value, low, high in (
            ("calls", self.calls, 1, 1000),
            ("tokens", self.tokens, 1, 10**9),
            ("seconds", self.seconds, 0.01, 10_000),
            ("prompt tokens", self.prompt_tokens, 1_000, 10**7),
            ("answer tokens", self.answer_tokens, 50, 10**6),
        ):
            if not low <= value <= high or (label != "seconds" and not isinstance(value, int)):
                raise InputError(f"{label} of the language model must lie between {low} and {high}, found {value}")
        if self.money is not None and (self.prices is None or not 0 < self.money < math.inf):
            raise InputError("a limit on money is a positive number, and needs the prices of a million tokens")
        if self.prices is not None and not all(0 <= price < 1e6 for price in self.prices):
            raise InputError("prices are amounts for a million tokens of prompts and of answers")


def model_from_environment(
    name: str | None = None, base_url: str | None = None, environment: Mapping[str, str] | None = None
) -> LanguageModel | None:
    """Return the model that the arguments name, else `QUASIKARP_MODEL`, else None; raises `InputError`.

    A key alone names no model, so that nothing is sent to a service by accident.
    """
    environment = os.environ if environment is None else environment
    name = name or environment.get(MODEL_VARIABLE, "").strip() or None
    if name is None:
        return None
    url = base_url or environment.get(URL_VARIABLE, "").strip() or None
    return LanguageModel(name, url, environment.get(KEY_VARIABLE, "").strip() or None)


def with_limits(model: LanguageModel, texts: Iterable[str]) -> LanguageModel:
    """Return the model with limits such as "calls=5", "tokens=20000", "prices=0.15/0.60", "money=0.5" replaced.

    Raises `InputError` on anything else.
    """
    changes: dict[str, Any] = {}
    for text in texts:
        key, separator, value = text.partition("=")
        key = key.strip().replace("-", "_")
        if not separator or key not in _LIMITS:
            raise InputError(
                f"{text[:60]!r} is no limit of a language model; write NAME=NUMBER with {', '.join(_LIMITS)}"
            )
        try:
            changes[key] = _LIMITS[key](value.strip())
        except ValueError:
            raise InputError(f"the limit {text[:60]!r} needs a number after '='") from None
    return replace(model, **changes)


def _prices(text: str) -> tuple[float, float]:
    prompts, _, answers = text.partition("/")
    return float(prompts), float(answers or prompts)


_LIMITS: dict[str, Callable[[str], Any]] = {
    "calls": int,
    "tokens": int,
    "seconds": float,
    "prompt_tokens": int,
    "answer_tokens": int,
    "prices": _prices,
    "money": float,
}
"""The fields of a `LanguageModel` that are limits, and how each is read from text."""


def why_none(environment: Mapping[str, str] | None = None) -> str:
    """Return why no model is configured, and what would, in one line."""
    environment = os.environ if environment is None else environment
    for variable in (KEY_VARIABLE, URL_VARIABLE):
        if environment.get(variable, "").strip():
            return f"{variable} is set, but no language model is named ({MODEL_VARIABLE} or --model)"
    return "no language model is configured"
