"""Secrets stay secret, the environment changes nothing, and no process waits for a model."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.language.chat import ModelError
from agent.language.configuration import LanguageModel
from agent.language.endpoint.client import OpenAIChat
from tests.agent.language.chat_server import (
    MODEL,
    Answer,
    Behaviour,
    ChatServer,
    Line,
    answers,
    delta,
    dies,
    event,
    fails,
    garbage,
    goes_on,
    hangs,
    nobody_accepts,
    refuses,
    says,
    spells,
)
from tests.agent.language.endpoint.questions import OBJECT, ask, chat_with, failure

ROOT = Path(__file__).resolve().parents[3]

KEY = "sk-Distinctive/7f3a91c2+é".replace("é", "=")


def echo_in_headers(line: Line) -> None:
    line.head(400, x_key=KEY, content_length="0")


def echo_in_pieces(line: Line) -> None:
    line.stream()
    for start in range(0, len(KEY), 5):
        line.event(delta({"content": KEY[start : start + 5]}))
    line.event(delta({}, "length"))


@pytest.mark.parametrize(
    "answer",
    [
        fails(401, f"Incorrect API key provided: {KEY}. You sent Bearer {KEY}"),
        fails(400, "x" * 190 + KEY),
        fails(500, KEY.replace("/", "%2F").replace("+", "%2B").replace("=", "%3D")),
        answers(503, KEY * 50, "text/plain"),
        answers(200, {"error": {"message": KEY}}),
        answers(307, "", location=f"http://other/{KEY}"),
        says(None, refusal=KEY),
        says(KEY, finish="length"),
        event({"error": {"message": KEY}}),
        garbage(KEY.encode() + b"\r\n\r\n"),
        Behaviour(echo_in_headers),
        Behaviour(echo_in_pieces),
        spells(b"HTTP/1.1 401 " + KEY.encode() + b"\r\n\r\n"),
        hangs(),
    ],
)
def test_the_key_appears_nowhere(answer: Answer, caplog: pytest.LogCaptureFixture) -> None:
    import traceback

    caplog.set_level("DEBUG")
    with ChatServer([answer]) as server:
        configuration = LanguageModel(MODEL, server.url, KEY)
        chat = OpenAIChat(configuration)
        error = failure(chat, seconds=1.2)
    assert server.calls[0].headers["authorization"] == f"Bearer {KEY}"
    assert "httpcore" in {record.name.partition(".")[0] for record in caplog.records}
    texts = [
        str(error), repr(error), repr(error.args), repr(vars(error)), caplog.text, repr(configuration), repr(chat),
        repr(vars(chat)), repr(chat._chat), "".join(traceback.format_exception(error)),
        *(repr(record.args) for record in caplog.records),
    ]  # fmt: skip
    for text in texts:
        assert KEY not in text
        assert "Distinctive" not in text


def test_the_key_is_taken_out_of_an_answer_too() -> None:
    pieces = f'{{"a": "{KEY}"}}'
    with ChatServer([pieces]) as server:
        assert KEY not in ask(chat_with(server.url, KEY)).text


def test_a_key_that_is_a_word_spoils_no_answer() -> None:
    with ChatServer(["the EMPTY set"]) as server:
        assert ask(chat_with(server.url, "EMPTY"), None).text == "the EMPTY set"


STRAY = {
    "OPENAI_API_KEY": "sk-stray-key",
    "OPENAI_ORG_ID": "stray-organization",
    "OPENAI_ORGANIZATION": "stray-organization",
    "OPENAI_PROJECT_ID": "stray-project",
    "OPENAI_PROXY": "http://127.0.0.1:1",
    "OPENAI_BASE_URL": "http://127.0.0.1:1/v1",
    "OPENAI_API_BASE": "http://127.0.0.1:1/v1",
    "OPENAI_CUSTOM_HEADERS": "x-stray: 1",
    "HTTP_PROXY": "http://127.0.0.1:1",
    "HTTPS_PROXY": "http://127.0.0.1:1",
    "ALL_PROXY": "socks5://127.0.0.1:1",
    "LANGSMITH_GATEWAY": "http://127.0.0.1:1",
    "LANGSMITH_TRACING": "true",
    "LANGSMITH_API_KEY": "stray",
    "LANGSMITH_ENDPOINT": "http://127.0.0.1:1",
}


def test_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in STRAY.items():
        monkeypatch.setenv(name, value)
    with ChatServer([OBJECT]) as server:
        assert ask(chat_with(server.url, "sk-0123456789")).text == OBJECT
    (call,) = server.calls
    assert call.headers["authorization"] == "Bearer sk-0123456789"
    assert "stray" not in repr(call)
    assert chat_with(None)._address.target == "https://api.openai.com/v1/chat/completions"


def test_openai_itself_gets_one_limit_only(monkeypatch: pytest.MonkeyPatch) -> None:
    with ChatServer([OBJECT]) as server:
        port = int(server.url.split(":")[-1].removesuffix("/v1"))
        address = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: address)
        assert ask(chat_with(f"http://api.openai.com:{port}/v1")).text == OBJECT
    assert "max_completion_tokens" in server.calls[0].body
    assert "max_tokens" not in server.calls[0].body


@pytest.mark.parametrize(
    "answer", [hangs(), hangs(after_head=True), goes_on("", every=0.01), fails(429, retry_after="8")]
)
def test_an_open_question_is_given_up_when_the_model_is_closed(answer: Answer) -> None:
    with ChatServer([answer]) as server:
        chat = chat_with(server.url)
        threading.Timer(0.3, chat.close).start()
        started = time.monotonic()
        error = failure(chat, seconds=10)
        assert time.monotonic() - started < 1.5
        assert (error.trouble, error.final) == ("timeout", True)
        assert "given up" in str(error)
        assert failure(chat, seconds=10).final
    assert len(server.calls) == 1


def test_closing_reaches_a_connection_that_is_not_made_yet() -> None:
    with nobody_accepts() as url:
        chat = chat_with(url)
        threading.Timer(0.3, chat.close).start()
        started = time.monotonic()
        assert failure(chat, seconds=8).final
        assert time.monotonic() - started < 1.5


def test_a_second_question_waits_for_the_first_but_not_longer_than_it_may() -> None:
    with ChatServer([says(OBJECT, delay=1.0), OBJECT]) as server:
        chat = chat_with(server.url)
        first = threading.Thread(target=lambda: ask(chat))
        first.start()
        time.sleep(0.2)
        with pytest.raises(ModelError, match="busy"):
            ask(chat, seconds=0.3)
        assert ask(chat).text == OBJECT
        first.join()


def child(code: str, *arguments: str) -> tuple[float, subprocess.CompletedProcess[str]]:
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code), *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return time.monotonic() - started, done


ASK = """
import socket, sys, threading, time
from agent.language.chat import AnswerSchema, Message
from agent.language.configuration import LanguageModel
from agent.language.endpoint.client import OpenAIChat
chat = OpenAIChat(LanguageModel("small", sys.argv[1]))
def ask():
    return chat.ask([Message("user", "x")], AnswerSchema("a", {"type": "object"}), most_tokens=99, seconds=50)
"""


@pytest.mark.parametrize("preparation", ["", "socket.getaddrinfo = lambda *_, **__: time.sleep(50)"])
def test_an_open_question_does_not_keep_the_process_alive(preparation: str) -> None:
    with ChatServer([hangs()]) as server:
        code = f"{ASK}\n{preparation}\nthreading.Thread(target=ask, daemon=True).start()\ntime.sleep(0.5)\nprint('end')"
        seconds, done = child(code, server.url)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "end", "")
    assert seconds < 20


def test_asking_in_a_thread_loads_nothing_native_there() -> None:
    with ChatServer([refuses({"stream": "stream: no", "json_schema": "no response_format"}, OBJECT)]) as server:
        _, done = child(
            f"""{ASK}
before = set(sys.modules)
thread = threading.Thread(target=ask)
thread.start()
thread.join()
new = [name for name in set(sys.modules) - before]
print([n for n in new if not str(getattr(sys.modules[n], "__file__", "")).endswith(".py")])
""",
            server.url.replace("127.0.0.1", "localhost"),
        )
    assert done.stderr == ""
    assert done.stdout.strip().endswith("[]")
    assert len(server.calls) == 3


def test_nothing_heavy_is_loaded_before_a_model_is_opened() -> None:
    _, done = child(
        "import sys, agent.language.endpoint.client, agent.language.opening; "
        "print([m for m in ('openai', 'langchain_openai', 'httpx', 'httpcore') if m in sys.modules])"
    )
    assert done.stdout.strip() == "[]"


def test_many_questions_leave_no_connection_open(recwarn: pytest.WarningsRecorder) -> None:
    import gc

    import psutil

    kinds: list[Callable[[], Answer]] = [
        lambda: OBJECT,
        lambda: fails(400),
        dies,
        lambda: goes_on("word " * 50),
        garbage,
    ]
    process = psutil.Process()
    with ChatServer([kind() for kind in kinds] * 8) as server:
        chat = chat_with(server.url)
        for _ in range(5):
            with contextlib.suppress(ModelError):
                ask(chat, None)
        gc.collect()
        connections = [c for c in process.net_connections("tcp") if c.raddr and str(c.raddr.port) in server.url]
        assert not [c for c in connections if c.status == "ESTABLISHED"]
        assert not chat._network._open
    assert not recwarn.list
