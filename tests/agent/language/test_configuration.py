import pickle
from dataclasses import replace

import pytest

from agent.language.choice import chosen_model
from agent.language.configuration import LanguageModel, model_from_environment, why_none, with_limits
from agent.language.scripted import ScriptedModel
from tools.errors import InputError

KEY = "sk-very-secret"


def test_a_key_alone_names_no_model() -> None:
    environment = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "http://localhost:1/v1"}
    assert model_from_environment(environment=environment) is None
    assert "OPENAI_API_KEY is set, but no language model is named" in why_none(environment)
    assert KEY not in why_none(environment)
    assert why_none({}) == "no language model is configured"


def test_the_environment_and_arguments() -> None:
    environment = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "http://localhost:1/v1", "QUASIKARP_MODEL": "small"}
    found = model_from_environment(environment=environment)
    assert found == LanguageModel("small", "http://localhost:1/v1", KEY)
    assert KEY not in repr(found)
    other = model_from_environment("large", "https://host/v1", environment)
    assert other == LanguageModel("large", "https://host/v1", KEY)
    assert LanguageModel.from_json(other.to_json(), environment) == other
    assert KEY not in str(other.to_json())
    assert KEY.encode() not in pickle.dumps(other)
    assert pickle.loads(pickle.dumps(other)) == replace(other, api_key=None)


@pytest.mark.parametrize(
    "options",
    [
        {"name": ""},
        {"name": "a\nb"},
        {"name": "x" * 300},
        {"name": "m", "base_url": "localhost:8000"},
        {"name": "m", "calls": 0},
        {"name": "m", "calls": 1.5},
        {"name": "m", "prices": (1.0, 1.0), "money": float("inf")},
        {"name": "m", "seconds": float("nan")},
        {"name": "m", "money": 1.0},
        {"name": "m", "prices": (-1.0, 1.0)},
    ],
)
def test_values_out_of_range_are_input_errors(options: dict[str, object]) -> None:
    with pytest.raises(InputError):
        LanguageModel(**options)  # type: ignore[arg-type]


def test_limits_from_text() -> None:
    model = with_limits(LanguageModel("m"), ["calls=3", "prices=0.15/0.6", "money=0.5", "prompt-tokens=2000"])
    assert (model.calls, model.prices, model.money, model.prompt_tokens) == (3, (0.15, 0.6), 0.5, 2000)
    for text in ("calls", "calls=many", "speed=3", "api_key=1", "calls=0"):
        with pytest.raises(InputError):
            with_limits(LanguageModel("m"), [text])


def test_the_model_of_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen_model("auto", None).planning("auto") == "symbolic (no language model is configured)"
    assert chosen_model("symbolic", LanguageModel("m")).planning("symbolic") == "symbolic (asked for)"
    scripted = ScriptedModel([])
    assert chosen_model("auto", scripted).model is scripted
    monkeypatch.setenv("QUASIKARP_MODEL", "small")
    assert chosen_model("auto", None).planning("auto") == "symbolic, then the language model small"
    monkeypatch.setenv("OPENAI_BASE_URL", "nonsense")
    with pytest.raises(InputError, match="base URL"):
        chosen_model("auto", None)
