"""How chromadb is started here: without telemetry, without a stranger's settings, one client for one caller."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from chromadb.api.client import Client

SECONDS = 60.0
"""How long a server may take for one answer."""

_slots: dict[str, set[int]] = {}
_lock = threading.Lock()


class ChromaFailureError(Exception):
    """Anything that chromadb raised; says what, and never leaves the stores."""


@contextmanager
def chroma_failures() -> Iterator[None]:
    """Turn whatever chromadb raises in the block into `ChromaFailureError`, a panic of its Rust part included."""
    try:
        yield
    except Exception as error:
        raise ChromaFailureError(_one_line(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # which is no Exception
            raise
        raise ChromaFailureError(_one_line(error)) from error


def _one_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"


class FolderClient:
    """A chromadb client on a folder that shares nothing with other clients of this process.

    chromadb gives everyone who names the same path the same cached client, so that nobody could open it afresh; paths
    that differ in their spelling are different to it.
    """

    def __init__(self, folder: Path) -> None:
        self._path = str(folder.absolute())
        with _lock:
            used = _slots.setdefault(self._path, set())
            self._slot = next(slot for slot in range(len(used) + 1) if slot not in used)
            used.add(self._slot)
        spelling = self._path + "/." * self._slot
        try:
            import chromadb

            settings = _settings("chromadb.api.rust.RustBindingsAPI")
            client = chromadb.PersistentClient(spelling, settings)
            self.api = cast("Client", client)  # the declared type has no `close`
        except BaseException:
            _forget_system(spelling)
            self._release()
            raise

    def close(self) -> None:
        """Release files and threads."""
        try:
            self.api.close()
        finally:
            self._release()

    def _release(self) -> None:
        with _lock:
            _slots[self._path].discard(self._slot)


def _forget_system(name: str) -> None:
    """Let chromadb open this path anew: it keeps a client that it failed to start, and hands it out for ever."""
    module = sys.modules.get("chromadb.api.shared_system_client")
    if module is not None:
        module.SharedSystemClient._identifier_to_system.pop(name, None)


class ServerClient:
    """A chromadb client of a running server whose requests end, and whose sockets are closed.

    chromadb waits for ever and leaves its connections open; the systems behind a client are found by what its
    construction adds to chromadb's list of them.
    """

    def __init__(self, host: str, port: int, ssl: bool) -> None:
        import chromadb
        import httpx
        from chromadb.api.shared_system_client import SharedSystemClient

        place = f"[{host}]" if ":" in host else host
        httpx.get(f"{'https' if ssl else 'http'}://{place}:{port}/api/v2/heartbeat", timeout=SECONDS).raise_for_status()
        settings = _settings("chromadb.api.fastapi.FastAPI", chroma_server_host=host, chroma_server_http_port=port)
        with _lock:
            self._systems = SharedSystemClient._identifier_to_system
            before = set(self._systems)
            try:
                client = chromadb.HttpClient(host=host, port=port, ssl=ssl, settings=settings)
            finally:
                self._names = set(self._systems) - before
                if sys.exc_info()[0] is not None:
                    self._close_sessions()
        self.api: Client = cast("Client", client)  # the declared type has no `close`
        for session in self._sessions():
            session.timeout = SECONDS

    def close(self) -> None:
        """Release the connections."""
        self._close_sessions()
        self.api.close()
        for name in self._names:
            _forget_system(name)

    def _close_sessions(self) -> None:
        for session in self._sessions():
            session.close()

    def _sessions(self) -> list[Any]:
        from chromadb.api import ServerAPI

        systems = [self._systems[name] for name in self._names if name in self._systems]
        api: Any = ServerAPI  # abstract
        sessions = [getattr(system.instance(api), "_session", None) for system in systems]
        return [session for session in sessions if session is not None]


def _settings(api: str, **values: Any) -> Any:
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    from chromadb.config import Settings

    # A file `.env` in the user's working folder is none of our business.
    explicit: dict[str, Any] = {"_env_file": None, "chroma_api_impl": api, "anonymized_telemetry": False}
    return Settings(**explicit, **values)
