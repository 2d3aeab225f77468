"""langchain's chat client on one endpoint; importing this module loads it, which takes seconds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from agent.language.chat import Message, Usage
from agent.language.endpoint.transport import NO_KEY, Address, Endpoint

_TURNS: dict[str, type[BaseMessage]] = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}


@dataclass(frozen=True)
class Part:
    """A piece of an answer, or a whole one: its text, arguments of a call of a function, why it ended, what it cost."""

    text: str = ""
    arguments: str = ""
    finish: str = ""
    refusal: str = ""
    usage: Usage | None = None


class EndpointChat(ChatOpenAI):
    """A chat client that keeps refusals also where an answer comes in pieces.

    It is asked below langchain's callbacks, caches and tracing, all of which the environment or another library in the
    process can switch on, so that what is asked goes to the endpoint only.
    """

    def pieces(self, messages: Sequence[Message], extra: dict[str, Any], *, counts: bool) -> Iterator[Part]:
        """Yield the pieces of an answer as they come; with `counts` the server is asked what it cost."""
        for chunk in self._stream(_turns(messages), extra_body=extra, stream_usage=counts):
            yield _part(chunk)

    def whole(self, messages: Sequence[Message], extra: dict[str, Any]) -> Part:
        """Return an answer that comes in one piece, empty where the server sends none."""
        result = self._generate(_turns(messages), extra_body=extra)
        return _part(result.generations[0]) if result.generations else Part()

    def _convert_chunk_to_generation_chunk(
        self, chunk: dict[str, Any], default_chunk_class: type, base_generation_info: dict[str, Any] | None
    ) -> ChatGenerationChunk | None:
        made = super()._convert_chunk_to_generation_chunk(chunk, default_chunk_class, base_generation_info)
        choices = chunk.get("choices")
        if made is not None and choices:
            made.message.additional_kwargs["refusal"] = choices[0]["delta"].get("refusal")
        return made


def endpoint_chat(model: str, address: Address, endpoint: Endpoint) -> EndpointChat:
    """Return a client that sends everything through `endpoint`, whatever the environment says; it holds no secret."""
    return EndpointChat(
        model=model,
        base_url=address.root,
        api_key=SecretStr(NO_KEY),
        organization="none",
        openai_proxy=None,
        timeout=None,
        max_retries=0,
        use_responses_api=False,
        stream_usage=False,
        cache=False,
        http_socket_options=(),
        http_client=httpx.Client(transport=endpoint, trust_env=False, follow_redirects=False, timeout=None),
        async_client=_Nobody(),
        root_async_client=_Nobody(),
    )


class _Nobody:
    """Stands where langchain would build a second client, which is never used and would read the environment."""


def _turns(messages: Sequence[Message]) -> list[BaseMessage]:
    return [_TURNS[message.role](content=message.text) for message in messages]


def _part(generation: ChatGeneration) -> Part:
    message = generation.message
    finish = (generation.generation_info or {}).get("finish_reason")
    refusal = message.additional_kwargs.get("refusal")
    return Part(
        message.content if isinstance(message.content, str) else "",
        _arguments(message),
        finish if isinstance(finish, str) else "",
        refusal if isinstance(refusal, str) else "",
        _usage(message),
    )


def _usage(message: BaseMessage) -> Usage | None:
    """Return what the server has counted, None where that is no count."""
    counted = getattr(message, "usage_metadata", None) or {}
    prompt, completion = counted.get("input_tokens"), counted.get("output_tokens")
    if isinstance(prompt, int) and isinstance(completion, int) and min(prompt, completion) >= 0 < prompt + completion:
        return Usage(0, prompt, completion)
    return None


def _arguments(message: BaseMessage) -> str:
    """Return the arguments of the first function that is called, as text."""
    pieces = getattr(message, "tool_call_chunks", None)
    if pieces is not None:
        return "".join(piece["args"] or "" for piece in pieces if not piece["index"])
    for call in getattr(message, "tool_calls", ()):
        return json.dumps(call["args"], ensure_ascii=False) if call["args"] else ""
    for broken in getattr(message, "invalid_tool_calls", ()):
        return broken["args"] or ""
    return ""
