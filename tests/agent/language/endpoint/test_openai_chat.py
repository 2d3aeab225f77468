"""OpenAIChat against a server that behaves well, and one that misbehaves in every way we could think of."""

from __future__ import annotations

import email.utils
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.language.chat import Message
from agent.language.configuration import LanguageModel
from agent.language.endpoint.client import OpenAIChat
from agent.language.opening import open_model
from tests.agent.language.chat_server import (
    MODEL,
    Answer,
    Behaviour,
    ChatServer,
    Line,
    answers,
    delta,
    dies,
    drips,
    event,
    fails,
    floods,
    garbage,
    goes_on,
    hangs,
    hangs_up,
    nobody_accepts,
    says,
    spells,
    unused_port,
)
from tests.agent.language.endpoint.questions import OBJECT, SCHEMA, ask, chat_with, failure
from tools.errors import InputError


def test_a_question_is_sent_as_it_should_be_and_answered() -> None:
    with ChatServer([OBJECT]) as server:
        reply = ask(chat_with(server.url, "sk-0123456789"))
    assert reply.text == OBJECT
    assert reply.usage.calls == 1
    assert reply.usage.prompt_tokens > 0
    assert reply.usage.completion_tokens > 0
    (call,) = server.calls
    assert call.path == "/v1/chat/completions"
    assert call.headers["authorization"] == "Bearer sk-0123456789"
    assert set(call.headers) == {
        "host", "authorization", "accept", "accept-encoding", "content-type", "content-length", "user-agent",
        "connection",
    }  # fmt: skip
    assert call.body == {
        "model": MODEL,
        "stream": True,
        "stream_options": {"include_usage": True},
        "messages": [
            {"role": "system", "content": "You are careful."},
            {"role": "user", "content": "What is a?"},
        ],
        "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": SCHEMA.schema}},
        "max_tokens": 100,
        "max_completion_tokens": 100,
        "temperature": 0,
    }


def test_without_a_schema_text_is_asked_for_and_without_a_key_a_placeholder_is_sent() -> None:
    with ChatServer(["All is well: ∀x."]) as server:
        assert ask(chat_with(server.url), None).text == "All is well: ∀x."
    assert server.modes == ["text"]
    assert server.calls[0].headers["authorization"] == "Bearer no-key"


@pytest.mark.parametrize("streams", [True, False])
def test_the_servers_own_count_is_used(streams: bool) -> None:
    with ChatServer([says(OBJECT, usage=(123, 45), streams=streams)] * 2) as server:
        chat = chat_with(server.url)
        ask(chat)
        usage = ask(chat).usage
    assert (usage.calls, usage.prompt_tokens, usage.completion_tokens) == (1, 123, 45)


def test_a_configuration_is_opened_and_what_can_be_asked_is_returned() -> None:
    chat = open_model(LanguageModel(MODEL, "http://127.0.0.1:1/v1"))
    assert isinstance(chat, OpenAIChat)
    assert (chat.name, chat.waits) == (MODEL, True)
    assert open_model(chat) is chat


@pytest.mark.parametrize("suffix", ["", "/", "/chat/completions", "/?token=xyz"])
def test_a_base_url_may_be_written_in_several_ways(suffix: str) -> None:
    with ChatServer([OBJECT]) as server:
        assert ask(chat_with(server.url + suffix)).text == OBJECT
    assert server.calls[0].path.partition("?")[0] == "/v1/chat/completions"


def test_credentials_and_query_of_the_base_url_are_sent_but_never_shown() -> None:
    with ChatServer([fails(404, "no such thing as token-xyz-123 or hunter2hunter2")]) as server:
        place = server.url.replace("//", "//ann:hunter2hunter2@") + "?token=token-xyz-123"
        error = failure(chat_with(place))
    (call,) = server.calls
    assert call.headers["authorization"] == "Basic YW5uOmh1bnRlcjJodW50ZXIy"
    assert call.path == "/v1/chat/completions?token=token-xyz-123"
    assert server.url in str(error)
    assert not any(word in str(error) for word in ("hunter2", "ann", "xyz", "YW5u"))


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://", None),
        ("http://[::1", None),
        ("http://a b/v1", None),
        (None, "sk-\n1"),
        (None, "schlüssel"),
        (None, "a b"),
    ],
)
def test_an_address_or_key_that_cannot_be_used_is_told_at_once(url: str | None, key: str | None) -> None:
    with pytest.raises(InputError) as caught:
        chat_with(url, key)
    assert "\n" not in str(caught.value)
    assert key is None or key not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "trouble", "final", "calls", "words"),
    [
        (says(OBJECT, finish="length"), "truncated", False, 1, "cut off by the limit"),
        (says(None, finish="length"), "truncated", False, 1, "cut off by the limit"),
        (says("I", finish="content_filter"), "refusal", False, 1, "declines"),
        (says(None, refusal="That I\nwill not do."), "refusal", False, 1, '"That I will not do."'),
        (says(None, refusal="No.", streams=False), "refusal", False, 2, '"No."'),
        (fails(400, "triggering Azure OpenAI's content management policy"), "refusal", False, 1, "content"),
        (says(OBJECT, finish=None), None, False, 2, ""),
        (dies(), "truncated", False, 2, "broke off"),
        (dies(properly=True), "truncated", False, 2, "broke off"),
        (says(None), "malformed", False, 4, "empty answer"),
        (answers(200, {"choices": []}), "malformed", False, 5, "empty answer"),
        (answers(200, {"choices": None}), "malformed", False, 2, "cannot be read"),
        (answers(200, {"no": "choices"}), "malformed", False, 2, "cannot be read"),
        (answers(200, [1, 2]), "malformed", False, 2, "cannot be read"),
        (answers(200, "this is no JSON"), "malformed", False, 2, "cannot be read"),
        (answers(200, {"error": {"message": "boom"}}), "malformed", False, 2, "boom"),
        (answers(200, "<html><h1>Welcome</h1></html>", "text/html"), "malformed", True, 1, "web page"),
        (event("{not json"), "unreachable", False, 2, "while it answered"),
        (event({"error": {"message": "CUDA out of memory"}}), "unreachable", False, 2, "CUDA out of memory"),
        (event({"choices": [{"nothing": 1}]}), "malformed", False, 2, "cannot be read"),
        (garbage(), "malformed", True, 1, "proper HTTP"),
        (garbage(b"HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n"), "malformed", True, 1, "proper HTTP"),
        (hangs_up(), "unreachable", False, 2, "hung up"),
        (answers(200, OBJECT, content_encoding="gzip"), "malformed", True, 1, "compressed"),
        (answers(307, "", location="http://ann:pw@else.where/v1?key=1"), "request", True, 1, "else.where/v1 "),
        (fails(401, "wrong key"), "key", True, 1, '"wrong key"; check OPENAI_API_KEY'),
        (fails(403, "not in your country"), "key", True, 1, "country"),
        (fails(404, "The model `small` does not exist"), "request", True, 1, "check the model's name"),
        (answers(404, {"detail": "Not Found"}), "request", True, 1, '"Not Found"; check'),
        (fails(413), "request", False, 1, "too long"),
        (fails(500, "oops"), "unreachable", False, 2, "HTTP 500"),
        (answers(503, "<html>\n<b>busy</b>" + "x" * 999, "text/html"), "unreachable", False, 2, "busy"),
        (fails(429, "You exceeded your current quota"), "rate limit", True, 1, "quota"),
        (fails(429, "slow down", retry_after="30"), "rate limit", False, 1, "wait 30 s"),
        (answers(418, "[" * 10_000), "request", True, None, "HTTP 418"),
        (floods(), "truncated", False, 1, "more than an answer"),
        (floods("text/event-stream"), "truncated", False, 1, "more than an answer"),
        (floods(status=400), "request", True, None, "HTTP 400"),
        (goes_on(), "truncated", False, 1, "more than the limit"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_told_in_one_line(
    answer: Answer, trouble: str | None, final: bool, calls: int | None, words: str
) -> None:
    with ChatServer([answer]) as server:
        if trouble is None:
            assert ask(chat_with(server.url)).text == OBJECT
        else:
            error = failure(chat_with(server.url))
            assert (error.trouble, error.final) == (trouble, final), str(error)
            assert words in str(error)
            assert server.url in str(error)
            assert len(str(error)) < 600
            assert error.usage.calls == len(server.calls)
    assert calls is None or len(server.calls) == calls


@pytest.mark.parametrize(
    "answer",
    [
        hangs(),
        hangs(after_head=True),
        drips(b": a comment\n\n"),
        drips(b'data: {"choices": []}\n\n', every=0.01),
        goes_on("", every=0.001),
        goes_on("", every=0.0),
        says(OBJECT, delay=20),
        spells(b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 500, every=0.01),
    ],
)  # fmt: skip
def test_the_time_is_kept_whatever_the_server_does(answer: Answer) -> None:
    with ChatServer([answer]) as server:
        error = failure(chat_with(server.url), seconds=0.6)
    assert (error.trouble, error.final) == ("timeout", False)
    assert "0.6 s" in str(error)
    assert len(server.calls) == 1


@pytest.mark.parametrize("ending", [lambda line: line.wait(20), lambda line: None, lambda line: line.event("{broken")])
def test_an_answer_that_is_complete_counts_whatever_comes_after_it(ending: Callable[[Line], None]) -> None:
    def run(line: Line) -> None:
        line.stream()
        line.event(delta({"content": OBJECT}))
        line.event(delta({}, "stop"))
        ending(line)

    with ChatServer([Behaviour(run)]) as server:
        started = time.monotonic()
        assert ask(chat_with(server.url)).text == OBJECT
        assert time.monotonic() - started < 3
    assert len(server.calls) == 1


def test_halves_of_characters_break_nothing() -> None:
    with ChatServer(["\ud800 and \udfff"]) as server:
        reply = chat_with(server.url).ask([Message("user", "x\udc00")], None, most_tokens=50, seconds=5)
    assert reply.text == "? and ?"
    assert server.calls[0].text == "x?"


@pytest.mark.parametrize("usage", [(-5, 3), (0, 0), ("12", 3), (None, None)])
def test_a_count_that_is_none_is_replaced_by_an_estimate(usage: Any) -> None:
    def run(line: Line) -> None:
        line.stream()
        counted = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": 3}
        line.event(delta({"content": OBJECT}) | {"usage": counted})
        line.event(delta({}, "stop"))
        line.event("[DONE]")
        line.raw(b"0\r\n\r\n")

    with ChatServer([Behaviour(run), OBJECT]) as server:
        found = ask(chat_with(server.url)).usage
    assert found.prompt_tokens > 0
    assert found.completion_tokens > 0


def test_a_body_of_an_error_that_never_ends_does_not_hide_the_error() -> None:
    def run(line: Line) -> None:
        line.head(401, content_length="1000")
        line.raw(b"wrong key")
        line.wait(20)

    with ChatServer([Behaviour(run)]) as server:
        error = failure(chat_with(server.url), seconds=3)
    assert error.trouble == "key"
    assert '"wrong key"' in str(error)


def test_a_server_that_takes_no_connection_is_given_up_in_time() -> None:
    with nobody_accepts() as url:
        assert failure(chat_with(url), seconds=0.6).trouble == "timeout"


def test_a_server_that_takes_no_connection_for_long_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.language.endpoint.network.CONNECT_SECONDS", 0.3)
    with nobody_accepts() as url:
        error = failure(chat_with(url), seconds=5)
    assert (error.trouble, error.final) == ("unreachable", True)


def test_where_nobody_listens_the_server_is_unreachable_for_good() -> None:
    started = time.monotonic()
    error = failure(chat_with(f"http://127.0.0.1:{unused_port()}/v1"))
    assert (error.trouble, error.final, error.usage.calls) == ("unreachable", True, 2)
    assert 0.4 < time.monotonic() - started < 2
    assert "refused" in str(error)


def test_encryption_that_cannot_be_had_is_told() -> None:
    with ChatServer([OBJECT]) as server:
        error = failure(chat_with(server.url.replace("http:", "https:")))
    assert (error.trouble, error.final) == ("unreachable", True)
    assert "http:// or https://" in str(error)


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    made = subprocess.run(
        ["sh", "-c", "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
         " -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem"],
        cwd=tmp_path, capture_output=True, check=False,
    )  # fmt: skip
    if made.returncode:
        pytest.skip("openssl is not installed")
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    with ChatServer([OBJECT]) as server:
        server._server.socket = context.wrap_socket(server._server.socket, server_side=True)
        url = server.url.replace("http:", "https:")
        error = failure(chat_with(url))
        assert (error.trouble, error.final) == ("unreachable", True)
        assert "certificate" in str(error)
        assert not server.calls
        trusting = chat_with(url)
        trusting._endpoint._certificates.load_verify_locations(tmp_path / "cert.pem")  # type: ignore[union-attr]
        assert ask(trusting).text == OBJECT


def test_a_name_that_is_not_known_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = failure(chat_with("http://model.invalid/v1"))
    assert (error.trouble, error.final) == ("unreachable", True)
    assert "name is not known" in str(error)


def test_a_look_up_of_a_name_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def stuck(*_: object, **__: object) -> list[object]:
        over.wait(20)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", stuck)
    assert failure(chat_with("http://model.invalid/v1"), seconds=0.4).trouble == "timeout"
    over.set()


@pytest.mark.parametrize(
    "first", [fails(500), fails(503), hangs_up(), dies(), dies(properly=True), event({"error": {"message": "x"}})]
)
def test_what_failed_once_is_asked_once_more(first: Answer) -> None:
    with ChatServer([first, OBJECT]) as server:
        assert ask(chat_with(server.url)).text == OBJECT
    assert len(server.calls) == 2
    assert 0.4 < server.calls[1].at - server.calls[0].at < 1.5


def test_a_server_that_asks_to_wait_is_left_alone_that_long() -> None:
    with ChatServer([fails(429, retry_after="1"), OBJECT]) as server:
        assert ask(chat_with(server.url)).text == OBJECT
    assert 0.9 < server.calls[1].at - server.calls[0].at < 2


def test_a_date_to_wait_for_is_understood() -> None:
    when = email.utils.formatdate(time.time() + 3600, usegmt=True)
    with ChatServer([fails(429, retry_after=when)]) as server:
        error = failure(chat_with(server.url))
    assert (error.trouble, error.final) == ("rate limit", False)
    assert len(server.calls) == 1


@pytest.mark.parametrize("wanted", ["nan", "-1", "soon", "inf", "1e9", "Mon, 99 Foo 99999 00:00:00 GMT", ""])
def test_a_wait_that_is_no_number_is_a_short_one(wanted: str) -> None:
    with ChatServer([fails(429, retry_after=wanted), OBJECT]) as server:
        assert ask(chat_with(server.url)).text == OBJECT


def test_waiting_is_bounded() -> None:
    with ChatServer([fails(429, retry_after="0")]) as server:
        assert failure(chat_with(server.url)).trouble == "rate limit"
    assert len(server.calls) == 3


def test_there_is_no_repetition_without_time_for_it() -> None:
    with ChatServer([fails(500)]) as server:
        assert failure(chat_with(server.url), seconds=0.3).trouble == "unreachable"
    assert len(server.calls) == 1
