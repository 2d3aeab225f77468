"""One address of a language model: requests go there and nowhere else, with our headers only and bounded answers."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpcore
import httpx

from agent.language.endpoint.network import DeadlineNetwork, WireError
from tools.errors import InputError

OPENAI_URL = "https://api.openai.com/v1"
NO_KEY = "no-key"
"""What is sent where no key is given: some servers want any."""

ERROR_BYTES = 16_384
ERROR_SECONDS = 2.0
_PATH = "/chat/completions"


@dataclass(frozen=True)
class Address:
    """Where an endpoint is: `root` and `shown` without credentials and query; `secrets` may appear in no text."""

    root: str
    target: httpx.URL = field(repr=False)
    authorization: str = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)

    @property
    def shown(self) -> str:
        """What messages call the address."""
        return self.root

    @property
    def is_openai(self) -> bool:
        """Whether it is OpenAI's own, or Azure's copy, which take no parameter they do not know."""
        return self.target.host.endswith((".openai.com", ".azure.com"))


def address_of(base_url: str | None, key: str | None) -> Address:
    """Return the address for a base URL and a key; raises `InputError` without telling either."""
    try:
        url = httpx.URL(base_url or OPENAI_URL)
    except (httpx.InvalidURL, UnicodeError):
        raise InputError("the base URL of the language model is no URL") from None
    if not url.host or "%" in url.host:
        raise InputError("the base URL of the language model names no proper host")
    if key is not None and not (key.isascii() and key.isprintable() and " " not in key and key):
        raise InputError("the key of the language model has characters that no key has (spaces, line ends, accents)")
    path = url.path.rstrip("/").removesuffix(_PATH)
    bare = url.copy_with(username=None, password=None, path=path or "/", query=None, fragment=None)
    credentials = url.username + ":" + url.password if url.userinfo else ""
    encoded = base64.b64encode(credentials.encode()).decode()
    if key is None and credentials:
        authorization = f"Basic {encoded}"
    else:
        authorization = f"Bearer {key or NO_KEY}"
    secrets = [key or "", url.password, encoded, *(value for _, value in url.params.multi_items())]
    target = bare.copy_with(path=path + _PATH, query=url.query or None)
    return Address(str(bare).rstrip("/"), target, authorization, tuple(s for s in secrets if s))


@dataclass
class Exchange:
    """What was seen of one request: it fills while the request goes on; `status` 0 means that no answer came."""

    status: int = 0
    content_type: str = ""
    retry_after: str = ""
    location: str = ""
    error_body: str = ""
    trouble: WireError | None = None


class Endpoint(httpx.BaseTransport):
    """Sends every request to the one address, with the key, which whoever builds the request need not know."""

    def __init__(self, address: Address, network: DeadlineNetwork) -> None:
        self._address = address
        self._network = network
        self._certificates = _certificates() if address.target.scheme == "https" else None
        self.exchange = Exchange()

    def __repr__(self) -> str:
        return f"Endpoint({self._address.shown!r})"

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer: of a failure only the beginning of its body. `exchange` tells what happened."""
        self.exchange = exchange = Exchange()
        target = self._address.target
        body = request.read()
        headers: dict[bytes | str, bytes | str] = {
            "Host": target.netloc.decode("ascii"),
            "Authorization": self._address.authorization,
            "Accept": "text/event-stream, application/json",
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "User-Agent": "quasikarp",
            "Connection": "close",
        }
        place = httpcore.URL(scheme=target.raw_scheme, host=target.raw_host, port=target.port, target=target.raw_path)
        sent = httpcore.Request("POST", place, headers=headers, content=body)
        pool = httpcore.ConnectionPool(
            ssl_context=self._certificates, max_keepalive_connections=0, network_backend=self._network
        )
        stream = _Body(pool, self._network, exchange)
        try:
            answer = stream.open(sent)
            shown = {
                name: value.decode("latin-1")
                for name in ("content-type", "retry-after", "location", "content-encoding")
                for found, value in answer.headers
                if found.lower() == name.encode()
            }
            exchange.status = answer.status
            exchange.content_type = shown.get("content-type", "").lower()
            exchange.retry_after, exchange.location = shown.get("retry-after", ""), shown.get("location", "")
            if not 200 <= answer.status < 300:
                exchange.error_body = stream.beginning().decode("utf-8", "replace")
                return httpx.Response(answer.status, content=b"")
            if shown.get("content-encoding", "identity").lower() != "identity":
                raise stream.failed(WireError("protocol", "the answer is compressed, which was not asked for"))
        except BaseException:
            stream.close()
            raise
        return httpx.Response(answer.status, headers={"content-type": exchange.content_type}, stream=stream)


class _Body(httpx.SyncByteStream):
    """The body of an answer; what goes wrong is noted in the exchange."""

    def __init__(self, pool: httpcore.ConnectionPool, network: DeadlineNetwork, exchange: Exchange) -> None:
        self._pool, self._network, self._exchange = pool, network, exchange
        self._answer: httpcore.Response | None = None

    def open(self, request: httpcore.Request) -> httpcore.Response:
        try:
            self._answer = self._pool.handle_request(request)
        except Exception as error:
            raise self.failed(error) from None
        return self._answer

    def __iter__(self) -> Iterator[bytes]:
        assert self._answer is not None
        try:
            yield from self._answer.iter_stream()
        except Exception as error:
            raise self.failed(error) from None

    def beginning(self) -> bytes:
        """Return what comes of the body in a short time."""
        self._network.hasten(ERROR_SECONDS)
        found = b""
        try:
            for piece in self:
                found += piece
                if len(found) >= ERROR_BYTES:
                    break
        except WireError as error:
            self._exchange.trouble = error if error.kind == "closed" else None
        self.close()
        return found[:ERROR_BYTES]

    def failed(self, error: Exception) -> WireError:
        """Return the error in our terms, noted."""
        if isinstance(error, WireError):
            trouble = error
        elif isinstance(error, httpcore.ProtocolError) and not self._network.ended:
            trouble = WireError("protocol", str(error))
        elif isinstance(error, (httpcore.ProtocolError, httpcore.NetworkError)):
            trouble = WireError("broken", str(error))
        else:
            trouble = WireError("protocol", type(error).__name__)
        self._exchange.trouble = trouble
        return trouble

    def close(self) -> None:
        if self._answer is not None:
            self._answer.close()
        self._pool.close()


def _certificates() -> ssl.SSLContext:
    """Return a context that trusts whom the system trusts and whom browsers trust."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context
