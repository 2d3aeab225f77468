"""What a server refuses is found out, asked in another way, and remembered."""

from __future__ import annotations

import time

import pytest

from tests.agent.language.chat_server import (
    Answer,
    Call,
    ChatServer,
    answers,
    fails,
    refuses,
    says,
)
from tests.agent.language.endpoint.questions import OBJECT, ask, chat_with, failure

LADDER: list[tuple[dict[str, str], list[str]]] = [
    ({"json_schema": "'response_format' of type 'json_schema' is not supported"}, ["json_schema", "tools"]),
    ({"response_format": "unknown", "tools": "Unsupported: tools"}, ["json_schema", "tools", "json_object", "text"]),
    ({"json_schema": "bad request", "tools": "bad request"}, ["json_schema", "tools", "json_object"]),
]  # fmt: skip


@pytest.mark.parametrize("status", [400, 422, 501])
@pytest.mark.parametrize(("features", "modes"), LADDER)
def test_what_a_server_refuses_is_asked_in_another_way_and_remembered(
    features: dict[str, str], modes: list[str], status: int
) -> None:
    with ChatServer([refuses(features, OBJECT, status)]) as server:
        reply = ask(chat_with(server.url))
        assert reply.text == OBJECT
        assert reply.usage.calls == len(modes)
        assert server.modes == modes
        assert ask(chat_with(server.url)).usage.calls == 1
        assert server.modes == [*modes, modes[-1]]


@pytest.mark.parametrize(
    ("status", "features", "modes"),
    [
        (500, {"json_schema": "Failed to parse grammar", "tools": "tools param requires --jinja flag"}, 3),
        (404, {"json_schema": "No endpoints found that support response_format"}, 2),
    ],
)
def test_other_statuses_lead_down_the_ladder_where_they_name_what_is_missing(
    status: int, features: dict[str, str], modes: int
) -> None:
    with ChatServer([refuses(features, OBJECT, status)]) as server:
        started = time.monotonic()
        assert ask(chat_with(server.url)).text == OBJECT
        assert time.monotonic() - started < 0.5
    assert len(server.modes) == modes


def test_the_schema_is_told_in_words_where_the_server_takes_none() -> None:
    with ChatServer([refuses({"response_format": "no", "tools": "no"}, OBJECT)]) as server:
        ask(chat_with(server.url))
    assert '"additionalProperties": false' in server.calls[-1].text
    assert "JSON" in server.calls[-2].text
    assert "additionalProperties" not in server.calls[0].text


def test_a_server_that_ignores_tools_and_answers_in_text_is_taken_at_its_word() -> None:
    with ChatServer([refuses({"response_format": "no"}, says(OBJECT, calls_functions=False))]) as server:
        chat = chat_with(server.url)
        assert ask(chat).text == OBJECT
        ask(chat)
    assert server.modes == ["json_schema", "tools", "tools"]


def test_after_prose_instead_of_an_object_the_next_question_is_asked_in_another_way() -> None:
    with ChatServer([says("Well, let me think.", calls_functions=False)]) as server:
        chat = chat_with(server.url)
        for _ in range(5):
            assert ask(chat).text == "Well, let me think."
    assert server.modes == ["json_schema", "tools", "json_object", "text", "text"]


@pytest.mark.parametrize("streams", [True, False])
@pytest.mark.parametrize("empty", [None, "", "  \n"])
def test_an_empty_answer_leads_down_the_ladder(empty: str | None, streams: bool) -> None:
    def answer(call: Call) -> Answer:
        return says(OBJECT if call.mode == "json_object" else empty, streams=streams)

    with ChatServer([answer]) as server:
        assert ask(chat_with(server.url)).text == OBJECT
    assert [m for i, m in enumerate(server.modes) if m not in server.modes[:i]] == [
        "json_schema",
        "tools",
        "json_object",
    ]


def test_arguments_of_a_function_come_whole_as_well() -> None:
    with ChatServer([refuses({"response_format": "no", "stream": "stream: no"}, OBJECT)]) as server:
        assert ask(chat_with(server.url)).text == OBJECT
    with ChatServer([refuses({"response_format": "no", "stream": "stream: no"}, '{"a": 1')]) as server:
        assert ask(chat_with(server.url)).text == '{"a": 1'


@pytest.mark.parametrize("status", [401, 403, 429])
def test_the_ladder_is_not_for_keys_and_rates(status: int) -> None:
    with ChatServer([fails(status, "response_format and tools are not supported", retry_after="9")]) as server:
        failure(chat_with(server.url))
    assert server.modes == ["json_schema"]


TOGETHER = "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
OLD_ONLY = "[{'type': 'extra_forbidden', 'loc': ('body', 'max_completion_tokens')}]"
NEW_ONLY = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."


@pytest.mark.parametrize(
    ("features", "left"),
    [
        ({"max_tokens": NEW_ONLY}, {"max_completion_tokens"}),
        ({"max_tokens": TOGETHER}, {"max_completion_tokens"}),
        ({"max_completion_tokens": OLD_ONLY}, {"max_tokens"}),
        ({"max_completion_tokens": OLD_ONLY, "max_tokens": NEW_ONLY}, set()),
    ],
)
def test_the_limit_is_sent_as_the_server_takes_it(features: dict[str, str], left: set[str]) -> None:
    with ChatServer([refuses(features, OBJECT)]) as server:
        chat = chat_with(server.url)
        assert ask(chat).text == OBJECT
        before = len(server.calls)
        ask(chat)
    assert len(server.calls) == before + 1
    assert server.calls[-1].mode == "json_schema"
    assert {name for name in server.calls[-1].body if name.startswith("max_")} == left


@pytest.mark.parametrize(
    ("feature", "said"),
    [
        ("stream_options", "Unrecognized request argument supplied: stream_options"),
        ("stream", "streaming is not supported"),
        ("temperature", "Unsupported value: 'temperature' does not support 0 with this model."),
    ],
)
def test_a_parameter_that_is_refused_is_left_out_and_remembered(feature: str, said: str) -> None:
    def answer(call: Call) -> Answer:
        body = call.body
        return fails(400, said) if feature in body and body[feature] is not False else OBJECT

    with ChatServer([answer]) as server:
        chat = chat_with(server.url)
        assert ask(chat).usage.calls == 2
        assert ask(chat).usage.calls == 1
    assert server.modes == ["json_schema"] * 3


def test_a_model_without_a_system_role_gets_it_as_the_users() -> None:
    def answer(call: Call) -> Answer:
        roles = [m["role"] for m in call.body["messages"]]
        return fails(400, "System role not supported") if "system" in roles else OBJECT

    with ChatServer([answer]) as server:
        assert ask(chat_with(server.url)).text == OBJECT
    assert server.calls[-1].body["messages"] == [{"role": "user", "content": "You are careful.\n\nWhat is a?"}]


def test_a_server_that_refuses_without_a_word_is_asked_in_the_plainest_way() -> None:
    def answer(call: Call) -> Answer:
        body = call.body
        plain = not body.get("stream") and call.mode == "text"
        return OBJECT if plain else answers(400, "")

    with ChatServer([answer]) as server:
        chat = chat_with(server.url)
        assert ask(chat).text == OBJECT
        assert ask(chat).usage.calls == 1


def test_a_server_that_refuses_everything_ends_the_question() -> None:
    with ChatServer([fails(400, "tools, response_format, stream, max_tokens, temperature: all wrong")]) as server:
        error = failure(chat_with(server.url))
    assert (error.trouble, error.final) == ("request", True)
    assert error.usage.calls == len(server.calls) <= 14


def test_an_answer_that_ignores_streaming_is_asked_for_whole_and_that_is_remembered() -> None:
    with ChatServer([says(OBJECT, streams=False)]) as server:
        chat = chat_with(server.url)
        assert ask(chat).usage.calls == 2
        assert ask(chat).usage.calls == 1
    assert [call.body.get("stream") for call in server.calls] == [True, False, False]


def test_a_question_that_is_too_long_is_not_asked_in_other_ways() -> None:
    said = "'max_tokens' is too large: 100. This model's maximum context length is 50 tokens (response_format)."
    with ChatServer([fails(400, said)]) as server:
        error = failure(chat_with(server.url))
    assert (error.trouble, error.final) == ("request", False)
    assert "too long" in str(error)
    assert len(server.calls) == 1
