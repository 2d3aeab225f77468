"""The three kinds of stores for `run_store_tests`, in a module that child processes can import."""

from dataclasses import dataclass
from pathlib import Path

from memory.embedder import Embedder
from memory.stores.embedded import EmbeddedStore
from memory.stores.in_memory import InMemoryStore
from memory.stores.server import ServerStore


@dataclass(frozen=True)
class MakeInMemory:
    keeps: bool = False

    def __call__(self, name: str, embedder: Embedder, schema: str) -> InMemoryStore:
        return InMemoryStore(embedder)


@dataclass(frozen=True)
class MakeEmbedded:
    folder: Path
    keeps: bool = True

    def __call__(self, name: str, embedder: Embedder, schema: str) -> EmbeddedStore:
        return EmbeddedStore(self.folder / name, embedder, schema)


@dataclass(frozen=True)
class MakeServer:
    url: str
    keeps: bool = True

    def __call__(self, name: str, embedder: Embedder, schema: str) -> ServerStore:
        return ServerStore(f"{self.url}/{name}", embedder, schema)
