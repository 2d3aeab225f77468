"""A small server that speaks the chat-completions protocol on this machine, well or badly, as a script says."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "small"


@dataclass(frozen=True)
class Call:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    at: float = field(default_factory=time.monotonic)

    @property
    def mode(self) -> str:
        """Which way to a JSON object was asked for."""
        if "tools" in self.body:
            return "tools"
        return str(self.body.get("response_format", {}).get("type", "text"))

    @property
    def text(self) -> str:
        return "\n".join(message["content"] for message in self.body["messages"])


class Line:
    """The connection to whoever asked: what a behaviour writes to."""

    def __init__(self, call: Call, handler: BaseHTTPRequestHandler, released: threading.Event) -> None:
        self.call = call
        self._handler = handler
        self._released = released

    def head(self, status: int = 200, kind: str = "application/json", **headers: str) -> None:
        """Send status and headers; the body lasts until the connection ends unless its length is given."""
        self._handler.send_response(status)
        for name, value in {"content-type": kind, "connection": "close", **headers}.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()
        self._handler.close_connection = True

    def raw(self, data: bytes) -> None:
        self._handler.wfile.write(data)
        self._handler.wfile.flush()

    def piece(self, data: str) -> None:
        """Send one piece of a body in chunks."""
        encoded = data.encode()
        self.raw(b"%x\r\n%s\r\n" % (len(encoded), encoded))

    def event(self, data: Any) -> None:
        """Send one event of a stream."""
        self.piece(f"data: {data if isinstance(data, str) else json.dumps(data)}\n\n")

    def stream(self) -> None:
        """Begin a stream of events."""
        self.head(200, "text/event-stream", transfer_encoding="chunked")

    def whole(self, status: int, body: Any, kind: str = "application/json", **headers: str) -> None:
        """Send a complete answer."""
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.head(status, kind, content_length=str(len(data)), **headers)
        self.raw(data)

    def wait(self, seconds: float) -> None:
        """Wait, but not beyond the end of the test."""
        self._released.wait(seconds)


@dataclass(frozen=True)
class Behaviour:
    """What the server does with one request."""

    run: Callable[[Line], None]


Answer = str | Behaviour | Callable[[Call], "Answer"]


class ChatServer:
    """Answers each request with the next of `answers`, the last one again and again; `calls` keeps the requests."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        self._answers = list(answers)
        self._released = threading.Event()
        self._lock = threading.Lock()
        self.calls: list[Call] = []
        script = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                script._serve(Call(self.path, headers, json.loads(body)), self)

            def log_message(self, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, *args: Any) -> None:
                pass  # whoever asked has hung up

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> ChatServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def modes(self) -> list[str]:
        return [call.mode for call in self.calls]

    def _serve(self, call: Call, handler: BaseHTTPRequestHandler) -> None:
        with self._lock:
            answer = self._answers[min(len(self.calls), len(self._answers) - 1)]
            self.calls.append(call)
        while not isinstance(answer, (str, Behaviour)):
            answer = answer(call)
        behaviour = says(answer) if isinstance(answer, str) else answer
        behaviour.run(Line(call, handler, self._released))


def says(
    text: str | None,
    *,
    finish: str | None = "stop",
    usage: tuple[int, int] | None = None,
    refusal: str | None = None,
    calls_functions: bool = True,
    streams: bool = True,
    delay: float = 0.0,
) -> Behaviour:
    """A proper answer: in pieces or whole, as a call of a function or as text, as the request wants it."""

    def run(line: Line) -> None:
        line.wait(delay)
        body = line.call.body
        as_call = "tools" in body and calls_functions
        counted = (
            {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)} if usage else None
        )
        if not (body.get("stream") and streams):
            message: dict[str, Any] = {"role": "assistant", "content": None if as_call else text}
            if as_call:
                message["tool_calls"] = [_call(body, text)]
            if refusal is not None:
                message["refusal"] = refusal
            choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if as_call else finish}
            line.whole(200, _envelope("chat.completion", [choice]) | ({"usage": counted} if counted else {}))
            return
        line.stream()
        line.event(delta({"role": "assistant", "content": None if as_call else ""}))
        if refusal is not None:
            line.event(delta({"refusal": refusal}))
        if as_call:
            line.event(delta({"tool_calls": [_call(body, "") | {"index": 0}]}))
        for start in range(0, len(text or ""), 7):
            piece = (text or "")[start : start + 7]
            part = {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]} if as_call else {"content": piece}
            line.event(delta(part))
        if finish is not None:
            line.event(delta({}, "tool_calls" if as_call else finish))
        if counted and body.get("stream_options", {}).get("include_usage"):
            line.event(_envelope("chat.completion.chunk", []) | {"usage": counted})
        line.event("[DONE]")
        line.raw(b"0\r\n\r\n")

    return Behaviour(run)


def fails(status: int, said: str = "no", **headers: str) -> Behaviour:
    """An error as OpenAI words it."""
    return answers(status, {"error": {"message": said, "type": "error", "code": None}}, **headers)


def answers(status: int, body: Any, kind: str = "application/json", **headers: str) -> Behaviour:
    """Any complete answer."""
    return Behaviour(lambda line: line.whole(status, body, kind, **headers))


def refuses(features: dict[str, str], otherwise: Answer, status: int = 400) -> Callable[[Call], Answer]:
    """An error that names the first of the features in the request; where there is none, `otherwise`.

    A feature is a parameter of the request, or the type of its `response_format`.
    """

    def answer(call: Call) -> Answer:
        for feature, said in features.items():
            if call.body.get(feature) or call.mode == feature:
                return fails(status, said)
        return otherwise

    return answer


def hangs(*, after_head: bool = False) -> Behaviour:
    """Nothing comes, or nothing after the headers."""

    def run(line: Line) -> None:
        if after_head:
            line.stream()
        line.wait(60)

    return Behaviour(run)


def drips(data: bytes, every: float = 0.05) -> Behaviour:
    """A stream whose `data` comes again and again, byte by byte."""

    def run(line: Line) -> None:
        line.head(200, "text/event-stream")
        started = time.monotonic()
        while time.monotonic() - started < 60:
            for place in range(len(data)):
                line.raw(data[place : place + 1])
                line.wait(every)

    return Behaviour(run)


def dies(text: str = '{"a": ', *, properly: bool = False) -> Behaviour:
    """A stream that ends in the midst of an answer: the connection breaks, or ends properly."""

    def run(line: Line) -> None:
        if not line.call.body.get("stream"):
            line.head(200, content_length="1000")
            line.raw(b'{"id": "x", ')
            return
        line.stream()
        line.event(delta({"role": "assistant", "content": text}))
        if properly:
            line.raw(b"0\r\n\r\n")

    return Behaviour(run)


def event(data: Any) -> Behaviour:
    """A stream of one event."""

    def run(line: Line) -> None:
        line.stream()
        line.event(data)
        line.raw(b"0\r\n\r\n")

    return Behaviour(run)


def goes_on(piece: str = "word ", every: float = 0.0) -> Behaviour:
    """A stream without end."""

    def run(line: Line) -> None:
        line.stream()
        started = time.monotonic()
        while time.monotonic() - started < 60:
            line.event(delta({"content": piece}))
            line.wait(every)

    return Behaviour(run)


def floods(kind: str = "application/json", status: int = 200) -> Behaviour:
    """A body without end that has no structure."""

    def run(line: Line) -> None:
        line.head(status, kind)
        started = time.monotonic()
        while time.monotonic() - started < 60:
            line.raw(b" " * 1_000_000)

    return Behaviour(run)


def garbage(data: bytes = b"\x00\xff SSH-2.0-nonsense\r\n\r\n") -> Behaviour:
    """Bytes that are no HTTP."""

    def run(line: Line) -> None:
        line.raw(data)
        line._handler.close_connection = True

    return Behaviour(run)


def spells(data: bytes, every: float = 0.0) -> Behaviour:
    """These bytes, one by one, instead of an answer."""

    def run(line: Line) -> None:
        for place in range(len(data)):
            line.raw(data[place : place + 1])
            line.wait(every)

    return Behaviour(run)


def hangs_up() -> Behaviour:
    """The connection ends without a byte."""
    return garbage(b"")


def delta(part: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    """One piece of a streamed answer."""
    return _envelope("chat.completion.chunk", [{"index": 0, "delta": part, "finish_reason": finish}])


@contextlib.contextmanager
def nobody_accepts() -> Iterator[str]:
    """The URL of a server whose queue of connections is full, so that none is made."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server, contextlib.ExitStack() as waiting:
        for _ in range(4):
            early = waiting.enter_context(socket.socket())
            early.setblocking(False)
            early.connect_ex(server.getsockname())
        time.sleep(0.05)
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"


def unused_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _envelope(kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": "chat-1", "object": kind, "created": 1, "model": MODEL, "choices": choices}


def _call(body: dict[str, Any], arguments: str | None) -> dict[str, Any]:
    name = body["tools"][0]["function"]["name"]
    return {"id": "call-1", "type": "function", "function": {"name": name, "arguments": arguments}}
