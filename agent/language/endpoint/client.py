"""A language model behind any endpoint that speaks OpenAI's chat completions: vLLM, Ollama, llama.cpp, hosted ones."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Generator, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agent.language.chat import AnswerSchema, Message, ModelError, Reply, Usage
from agent.language.configuration import LanguageModel
from agent.language.endpoint.habits import Habits, remember, remembered
from agent.language.endpoint.redaction import Redactor
from agent.language.endpoint.structured_modes import request_for, without_system
from agent.language.tokens import count_tokens

if TYPE_CHECKING:
    from agent.language.endpoint.langchain_chat import Part
    from agent.language.endpoint.verdicts import Attempt, Failure

MOST_REQUESTS = 14
"""Requests for one question: all that can be refused, and the repetitions."""

RETRIES = 1
WAITS = 2

SECONDS_AFTER_THE_END = 2.0
"""How long the count of tokens is waited for when an answer is complete."""

LONGEST_TOKEN = 12
"""Characters; a text of more than so many a token has more tokens than were allowed."""

_BYTES_A_TOKEN, _LEAST_BYTES, _MOST_BYTES = 1024, 1_000_000, 64_000_000


class OpenAIChat:
    """Asks the configured model; what its server takes is found out and remembered within the process.

    The constructor loads what is needed, so that asking loads nothing: construct it in the main thread. It raises
    `InputError` where the address or the key cannot be used. `close` may be called from any thread, and ends it.
    """

    def __init__(self, configuration: LanguageModel) -> None:
        from agent.language.endpoint.langchain_chat import endpoint_chat
        from agent.language.endpoint.network import DeadlineNetwork
        from agent.language.endpoint.transport import Endpoint, address_of

        "x".encode("idna")  # what looks up names would load this in a thread
        self._configuration = configuration
        self._address = address_of(configuration.base_url, configuration.api_key)
        self._redactor = Redactor(self._address.secrets)
        self._network = DeadlineNetwork(self._address.secrets)
        self._endpoint = Endpoint(self._address, self._network)
        self._chat = endpoint_chat(configuration.name, self._address, self._endpoint)
        self._asking = threading.Lock()

    def __repr__(self) -> str:
        return f"OpenAIChat({self.name!r}, {self._address.shown!r})"

    @property
    def name(self) -> str:
        """What origins and reports call the model."""
        return self._configuration.name

    @property
    def limits(self) -> LanguageModel:
        """What the model may cost in one run."""
        return self._configuration

    @property
    def waits(self) -> bool:
        """An answer takes time."""
        return True

    def ask(
        self, messages: Sequence[Message], schema: AnswerSchema | None, *, most_tokens: int, seconds: float
    ) -> Reply:
        """Return a complete answer of at most `most_tokens` tokens within `seconds`; raises `ModelError`.

        With a `schema` the server is asked for a JSON object of that form in the best way that it is known to take;
        whoever asks validates what comes.
        """
        until = time.monotonic() + seconds
        if not self._asking.acquire(timeout=max(seconds, 0.0)):
            raise ModelError(f"the language model {self.name} is still busy with another question", "timeout")
        try:
            outcome, usage = self._answer(messages, schema, most_tokens, until)
        finally:
            self._asking.release()
        if isinstance(outcome, str):
            return Reply(self._redactor.text(outcome), usage)
        raise ModelError(self._line(outcome, seconds), outcome.trouble, final=outcome.final, usage=usage)

    def close(self) -> None:
        """The open question, if any, ends at once with a `ModelError`, and no other can be asked."""
        self._network.abort()

    def _answer(
        self, messages: Sequence[Message], schema: AnswerSchema | None, most_tokens: int, until: float
    ) -> tuple[str | Failure, Usage]:
        from agent.language.endpoint.verdicts import LONGEST_WAIT, Again, Done, Failure, verdict

        first = Habits(limit="max_completion_tokens" if self._address.is_openai else "both")
        habits = remembered(self._address.root, self.name, first)
        usage, retries, waits = Usage(), RETRIES, WAITS
        outcome: str | Failure = Failure("request", "refused every way to ask it", final=True)
        for _ in range(MOST_REQUESTS):
            attempt = self._attempt(messages, schema, habits, most_tokens, until)
            usage += attempt.usage
            step = verdict(attempt, habits, structured=schema is not None)
            if isinstance(step, Done):
                remember(self._address.root, self.name, step.habits)
                return attempt.text, usage
            if isinstance(step, Failure):
                return step, usage
            outcome, habits = step.failure, step.habits
            if isinstance(step, Again):
                retries, waits = (retries, waits - 1) if step.limited else (retries - 1, waits)
                if min(retries, waits) < 0 or step.seconds > min(LONGEST_WAIT, until - time.monotonic()):
                    return outcome, usage
                if self._network.closed.wait(step.seconds):
                    return Failure("timeout", "was given up", final=True), usage
            if time.monotonic() >= until:
                return replace(outcome, trouble="timeout", final=False), usage
        return outcome, usage

    def _attempt(
        self, messages: Sequence[Message], schema: AnswerSchema | None, habits: Habits, most_tokens: int, until: float
    ) -> Attempt:
        """Return what comes of one request; raises nothing that a server could cause."""
        from agent.language.endpoint.network import WireError
        from agent.language.endpoint.transport import Exchange
        from agent.language.endpoint.verdicts import Attempt

        told = [Message(message.role, _encodable(message.text)) for message in messages]
        told, extra = request_for(habits.mode, told, schema) if schema is not None else (told, {})
        told = told if habits.system else without_system(told)
        prompt = sum(count_tokens(m.text) for m in told) + count_tokens(json.dumps(extra))
        extra |= _limits(habits, most_tokens)
        most_bytes = min(_LEAST_BYTES + most_tokens * _BYTES_A_TOKEN, _MOST_BYTES)
        self._endpoint.exchange = Exchange()
        self._network.begin(until, most_bytes)
        gathered = _Gathered(most_tokens)
        error, ended = "", False
        try:
            with contextlib.closing(self._parts(told, extra, habits)) as parts:
                gathered.take(parts)
            ended = True
        except WireError as failure:
            self._endpoint.exchange.trouble = failure
        except Exception as failure:
            error = self._redactor.shown(str(failure) or type(failure).__name__)
        exchange = self._endpoint.exchange
        if gathered.finish and not self._network.closed.is_set():
            exchange.trouble, ended = None, True  # the answer is complete, whatever came after it
        if exchange.trouble is None and time.monotonic() >= until and not ended:
            exchange.trouble = WireError("deadline")
        spent = Usage(1)
        if 200 <= exchange.status < 300 or (exchange.trouble is not None and exchange.trouble.kind == "deadline"):
            counted = gathered.usage or Usage(0, prompt, count_tokens(gathered.text))
            spent += counted
        return Attempt(
            exchange,
            gathered.text,
            bool(gathered.arguments),
            gathered.finish,
            gathered.refusal,
            ended,
            gathered.too_long,
            error,
            spent,
        )

    def _parts(self, messages: Sequence[Message], extra: dict[str, Any], habits: Habits) -> Generator[Part]:
        if not habits.streams:
            yield self._chat.whole(messages, extra)
            return
        for part in self._chat.pieces(messages, extra, counts=habits.counts):
            self._network.remaining()
            yield part
            if part.finish:
                self._network.hasten(SECONDS_AFTER_THE_END)

    def _line(self, failure: Failure, seconds: float) -> str:
        """Return the failure in one line: who, what happened, what was said, what to do."""
        what = f"the language model {self.name!r} at {self._address.shown} {failure.what}"
        if failure.trouble == "timeout" and not failure.final:
            what += f" ({seconds:.3g} s)"
        said = self._redactor.shown(failure.said)
        if said:
            what += f': "{said}"'
        return self._redactor.shown(f"{what}; {failure.advice}" if failure.advice else what, 1000)


class _Gathered:
    """The parts of an answer as they come, as long as they are not too many."""

    def __init__(self, most_tokens: int) -> None:
        self._most = most_tokens * LONGEST_TOKEN
        self._texts: list[str] = []
        self._calls: list[str] = []
        self.finish = self.refusal = ""
        self.usage: Usage | None = None
        self.too_long = False

    def take(self, parts: Iterable[Part]) -> None:
        """Take parts until they end or are too long."""
        length = 0
        for part in parts:
            self._texts.append(part.text)
            self._calls.append(part.arguments)
            self.finish = part.finish or self.finish
            self.refusal = (self.refusal + part.refusal)[:1000]
            self.usage = part.usage or self.usage
            length += len(part.text) + len(part.arguments)
            if length > self._most:
                self.too_long = True
                return

    @property
    def arguments(self) -> str:
        return "".join(self._calls)

    @property
    def text(self) -> str:
        return _encodable(self.arguments or "".join(self._texts))


def _encodable(text: str) -> str:
    """Return the text without halves of characters, which no request can hold."""
    return text.encode("utf-8", "replace").decode()


def _limits(habits: Habits, most_tokens: int) -> dict[str, Any]:
    names = {"both": ("max_tokens", "max_completion_tokens"), "none": ()}.get(habits.limit, (habits.limit,))
    limits: dict[str, Any] = dict.fromkeys(names, most_tokens)
    return limits | ({"temperature": 0} if habits.temperature else {})
