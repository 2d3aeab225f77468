import json
from collections.abc import Iterator

import pytest

from agent.language.chat import AnswerSchema, Message, ModelError
from agent.language.configuration import LanguageModel
from agent.language.endpoint.client import OpenAIChat
from tests.agent.language.local_model import MODEL, local_model, why_absent

pytestmark = pytest.mark.local_model

CITY = AnswerSchema(
    "city",
    {
        "type": "object",
        "properties": {"city": {"type": "string", "maxLength": 40}},
        "required": ["city"],
        "additionalProperties": False,
    },
)
QUESTION = [Message("system", "You are brief."), Message("user", "What is the capital of France?")]


@pytest.fixture(scope="module")
def chat() -> Iterator[OpenAIChat]:
    absent = why_absent()
    if absent:
        pytest.skip(f"{absent} (see tests/agent/language/local_model.py)")
    with local_model() as url:
        yield OpenAIChat(LanguageModel(MODEL, url))


def test_a_real_model_answers_in_the_form_that_is_asked_for(chat: OpenAIChat) -> None:
    reply = chat.ask(QUESTION, CITY, most_tokens=60, seconds=60)
    assert set(json.loads(reply.text)) == {"city"}
    assert reply.usage.calls == 1
    assert 0 < reply.usage.prompt_tokens < 100
    assert 0 < reply.usage.completion_tokens <= 60


def test_a_real_server_heeds_the_limit_of_tokens(chat: OpenAIChat) -> None:
    with pytest.raises(ModelError) as caught:
        chat.ask([Message("user", "Tell a long story.")], None, most_tokens=10, seconds=60)
    assert caught.value.trouble == "truncated"
    assert caught.value.usage.completion_tokens <= 11
