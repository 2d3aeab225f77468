"""Sockets that obey one deadline, however a server stalls: what hangs, drips or never ends is given up in time.

Ordinary time-outs start anew with every byte. Here each operation may take what is left until the deadline, so that a
question ends in the thread that asked it, and no thread is left behind with a stuck socket. Only the look-up of a name
cannot be interrupted; it happens in a daemon thread that is abandoned.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any, Literal

import httpcore

from agent.language.endpoint.redaction import WireMask

CONNECT_SECONDS = 10.0

WireTrouble = Literal[
    "name",  # the host's name is not known
    "refused",  # no connection
    "connect",  # no connection in time
    "tls",  # no encryption that can be trusted
    "broken",  # the connection ended before the answer did
    "deadline",  # the time was over
    "closed",  # given up from our side
    "size",  # more bytes than allowed
    "protocol",  # not HTTP, or an encoding that was not asked for
]


class WireError(Exception):
    """A request failed below HTTP; `kind` says where, the text is the system's own."""

    def __init__(self, kind: WireTrouble, text: str = "") -> None:
        super().__init__(text)
        self.kind: WireTrouble = kind


class DeadlineNetwork(httpcore.NetworkBackend):
    """Connections that end at a deadline, after so many bytes, or at once when `abort` is called."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = tuple(secrets)
        self._until = 0.0
        self._bytes = 0
        self._open: set[socket.socket] = set()
        self.closed = threading.Event()
        self.ended = False

    def __repr__(self) -> str:
        return f"DeadlineNetwork(open={len(self._open)})"

    def begin(self, until: float, most_bytes: int) -> None:
        """Everything received from now on obeys this deadline (of `time.monotonic`) and this number of bytes."""
        self._until, self._bytes, self.ended = until, most_bytes, False

    def hasten(self, seconds: float) -> None:
        """The deadline is at most so many seconds away."""
        self._until = min(self._until, time.monotonic() + seconds)

    def remaining(self) -> float:
        """Return the seconds left; raises `WireError` where there are none."""
        if self.closed.is_set():
            raise WireError("closed")
        left = self._until - time.monotonic()
        if left <= 0:
            raise WireError("deadline")
        return left

    def received(self, count: int) -> None:
        """Count bytes; raises `WireError` where they are too many."""
        self._bytes -= count
        self.ended = self.ended or not count
        if self._bytes < 0:
            raise WireError("size")

    def abort(self) -> None:
        """Whatever waits for a connection stops waiting, and nothing is connected any more."""
        self.closed.set()
        for handle in list(self._open):
            with contextlib.suppress(OSError):
                handle.shutdown(socket.SHUT_RDWR)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a connection to the first address of the host that takes one; raises `WireError`."""
        addresses = self._addresses(host, port)
        failure = WireError("name", "the name has no address")
        for place, (family, kind, protocol, _, address) in enumerate(addresses):
            with contextlib.ExitStack() as unwanted:
                connection = unwanted.enter_context(socket.socket(family, kind, protocol))
                # A second handle on the same connection, so that `abort` reaches it during the TLS handshake as well.
                handle = unwanted.enter_context(connection.dup())
                self._open.add(handle)
                unwanted.callback(self._open.discard, handle)
                left = self.remaining()
                connection.settimeout(min(left, CONNECT_SECONDS) / (len(addresses) - place))
                try:
                    connection.connect(address)
                except TimeoutError:
                    failure = WireError("deadline" if left <= CONNECT_SECONDS else "connect")
                    continue
                except OSError as error:
                    self.remaining()
                    failure = WireError("refused", error.strerror or str(error))
                    continue
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                unwanted.pop_all()
                return _Connection(self, connection, handle, WireMask(self._secrets))
        self.remaining()
        raise failure

    def forget(self, handle: socket.socket) -> None:
        """The handle is closed and `abort` need not reach it."""
        self._open.discard(handle)
        handle.close()

    def _addresses(self, host: str, port: int) -> list[Any]:
        found: list[Any] = []
        failed: list[str] = []
        done = threading.Event()

        def look_up() -> None:
            try:
                found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
            except (OSError, UnicodeError) as error:
                failed.append(getattr(error, "strerror", None) or str(error))
            done.set()

        threading.Thread(target=look_up, name="name of a language model's server", daemon=True).start()
        while not done.wait(min(0.05, self.remaining())):
            pass
        if failed:
            raise WireError("name", failed[0])
        return found


class _Connection(httpcore.NetworkStream):
    def __init__(
        self, network: DeadlineNetwork, connection: socket.socket, handle: socket.socket, mask: WireMask
    ) -> None:
        self._network, self._socket, self._handle, self._mask = network, connection, handle, mask

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        while True:
            piece = self._receive(max_bytes)
            shown = self._mask.masked(piece)
            if shown or not piece:
                return shown

    def _receive(self, max_bytes: int) -> bytes:
        self._socket.settimeout(self._network.remaining())
        try:
            piece = self._socket.recv(max_bytes)
        except TimeoutError:
            raise WireError("deadline") from None
        except (OSError, ValueError) as error:
            self._network.remaining()
            raise WireError("broken", getattr(error, "strerror", None) or str(error)) from None
        if not piece:
            self._network.remaining()
        self._network.received(len(piece))
        return piece

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._socket.settimeout(self._network.remaining())
        try:
            self._socket.sendall(buffer)
        except TimeoutError:
            raise WireError("deadline") from None
        except (OSError, ValueError):
            self._network.remaining()
            # httpcore then reads what the server has said before it hung up.
            raise httpcore.WriteError("the server hung up") from None

    def close(self) -> None:
        self._socket.close()
        self._network.forget(self._handle)

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            self._socket.settimeout(self._network.remaining())
            wrapped = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
        except TimeoutError:
            self.close()
            raise WireError("deadline") from None
        except (OSError, ValueError) as error:
            self.close()
            self._network.remaining()
            reason = getattr(error, "verify_message", None) or getattr(error, "reason", None) or str(error)
            raise WireError("tls", str(reason)) from None
        except BaseException:
            self.close()
            raise
        return _Connection(self._network, wrapped, self._handle, self._mask)

    def get_extra_info(self, info: str) -> Any:
        if info == "ssl_object" and isinstance(self._socket, ssl.SSLSocket):
            return self._socket
        return None
