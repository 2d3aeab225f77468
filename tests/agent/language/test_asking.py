import pytest
from pydantic import BaseModel, Field

from agent.language.asking import ask_for
from agent.language.chat import Message, ModelError, Usage
from agent.language.configuration import LanguageModel
from agent.language.ledger import Ledger
from agent.language.scripted import ScriptedModel


class Form(BaseModel):
    number: int = Field(le=10)
    words: list[str] = Field(default_factory=list, max_length=2)


QUESTION = [Message("system", "You count."), Message("user", "How many?")]


def ledger(**limits: int | float) -> Ledger:
    return Ledger(LanguageModel("m", **limits))  # type: ignore[arg-type]


def test_an_answer_of_the_form_is_returned_and_counted() -> None:
    model, account = ScriptedModel(['{"number": 3}']), ledger()
    assert ask_for(model, QUESTION, Form, "count", account, seconds=5) == Form(number=3)
    assert (account.usage.calls, account.usage.tokens > 10) == (1, True)
    schema = model.asked[0].schema
    assert schema is not None
    assert schema.name == "count"
    assert schema.schema["additionalProperties"] is False
    assert schema.schema["required"] == ["number", "words"]


def test_what_is_wrong_goes_back_to_the_model() -> None:
    model = ScriptedModel(['{"number": 11}', '{"number": 3}'])
    assert ask_for(model, QUESTION, Form, "count", ledger(), seconds=5).number == 3
    second = model.asked[1].messages
    assert second[:2] == tuple(QUESTION)
    assert second[2].role == "assistant"
    assert "number: Input should be less than or equal to 10" in second[3].text


@pytest.mark.parametrize("text", ["nonsense", '{"number": "3"}', "{}", '{"number": 1, "words": ["a", "b", "c"]}', ""])
def test_tries_are_bounded(text: str) -> None:
    model, account = ScriptedModel([text], repeat=True), ledger()
    with pytest.raises(ModelError, match="no usable answer") as caught:
        ask_for(model, QUESTION, Form, "count", account, seconds=5, tries=3)
    assert caught.value.trouble == "malformed"
    assert not caught.value.final
    assert len(model.asked) == account.usage.calls == 3


def test_limits_end_it_before_anything_is_sent() -> None:
    for account, said in (
        (ledger(calls=1), "1 calls"),
        (ledger(tokens=5), "5 tokens"),
        (ledger(prices=(1e5, 1e5), money=1e-9), "money"),
    ):
        if said == "1 calls":
            account.add(Usage(1))
        model = ScriptedModel(['{"number": 3}'])
        with pytest.raises(ModelError, match=said) as caught:
            ask_for(model, QUESTION, Form, "count", account, seconds=5)
        assert caught.value.trouble == "limit"
        assert caught.value.final
        assert not model.asked


def test_a_failure_passes_through_and_what_it_cost_is_counted() -> None:
    account = ledger()
    failure = ModelError("it broke off", "truncated", usage=Usage(2, 30, 4))
    with pytest.raises(ModelError, match="broke off"):
        ask_for(ScriptedModel([failure]), QUESTION, Form, "count", account, seconds=5)
    assert account.usage == Usage(2, 30, 4)


def test_money_is_known_where_prices_are() -> None:
    account = ledger(prices=(2.0, 10.0), money=5)
    account.add(Usage(1, 1_000_000, 100_000))
    assert account.money == 3.0
    assert ledger().money is None
