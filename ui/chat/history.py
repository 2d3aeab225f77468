"""Conversations on disk: one folder a workspace, which only those know who know its token.

    FOLDER/TOKEN/KEY.json              a conversation
    FOLDER/TOKEN/texts/HASH            texts of models, by the hash of their content
    FOLDER/TOKEN/checkpoints/KEY-….sqlite    what a check keeps of its progress

Files are written whole or not at all and are readable for their owner only; what is damaged is reported as such, and
costs nothing else.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from tools.errors import InputError
from ui.chat.blocks import Turn, Words
from ui.chat.conversation import Conversation
from ui.chat.stored import read_back, written

LONGEST_CONVERSATION = 32_000_000
"""Bytes of a conversation; beyond them, what was said first is left out."""

LONGEST_READ = 2 * LONGEST_CONVERSATION
"""Bytes of a conversation that can be read again."""

MOST_CONVERSATIONS = 200
"""Conversations of one workspace; beyond them, the one that rests longest goes."""

LARGEST_SHELF = 1_000_000_000
"""Bytes of models that one workspace keeps."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32,64}")
_KEY = re.compile(r"[0-9a-f]{16}")
_HASH = re.compile(r"[0-9a-f]{64}")
_LEFT_OUT = Turn("", (Words("What was said before is left out: the conversation has become too long."),))


@dataclass(frozen=True)
class Entry:
    """A conversation in a list: its key, its title, when it was changed, and why it cannot be read, if so."""

    key: str
    title: str
    changed: float
    trouble: str = ""


class FileShelf:
    """Texts of models in a folder, by the hash of their content."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, text: str) -> str:
        """Return the key under which `text` is kept; raises `InputError` where there is no room or it is no text."""
        try:
            content = text.encode()
        except UnicodeEncodeError as error:
            raise InputError("the model holds half a character (a lone surrogate); save it as UTF-8") from error
        key = hashlib.sha256(content).hexdigest()
        path = self._folder / key
        try:
            _private(self._folder)
            if not path.exists():
                if len(content) + sum(file.stat().st_size for file in self._folder.iterdir()) > LARGEST_SHELF:
                    raise InputError("this workspace keeps too many models; delete conversations, or begin a new one")
                _write(path, content)
        except OSError as error:
            raise InputError(f"the model cannot be kept: {error.strerror}") from error
        return key

    def get(self, key: str) -> str:
        """Return the text of a key; raises `InputError` where there is none, or another than was kept."""
        if not _HASH.fullmatch(key):
            raise InputError("this is no key of a model")
        try:
            content = (self._folder / key).read_bytes()
        except OSError as error:
            raise InputError("the text of a model is gone; give the model again") from error
        if hashlib.sha256(content).hexdigest() != key:
            raise InputError("the text of a model is damaged; give the model again")
        return content.decode()


class History:
    """The conversations below a folder, by workspace and key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new_workspace(self) -> str:
        """Return the token of a new, empty workspace; nobody can guess it."""
        token = secrets.token_urlsafe(32)
        self._workspace(token)
        return token

    def is_workspace(self, token: str) -> bool:
        """Say whether there is a workspace of that token; whatever else a text holds, it leads to no other path."""
        return _TOKEN.fullmatch(token) is not None and (self._folder / token).is_dir()

    @staticmethod
    def is_key(text: str) -> bool:
        """Say whether a conversation may have this key."""
        return _KEY.fullmatch(text) is not None

    def shelf(self, token: str) -> FileShelf:
        """Return where the texts of a workspace's models lie; raises `InputError` for what is no token."""
        return FileShelf(self._workspace(token) / "texts")

    def new_key(self) -> str:
        """Return a key for a conversation that has not been saved yet."""
        return secrets.token_hex(8)

    def save(self, token: str, key: str, conversation: Conversation) -> None:
        """The conversation is on disk; raises `InputError` where that cannot be done."""
        path = self._path(token, key)
        content = written(conversation).encode()
        kept = tuple(turn for turn in conversation.turns if turn != _LEFT_OUT)
        while len(content) > LONGEST_CONVERSATION and len(kept) > 1:
            kept = kept[(len(kept) + 1) // 2 :]
            content = written(replace(conversation, turns=(_LEFT_OUT, *kept))).encode()
        if len(content) > LONGEST_READ:
            raise InputError("the last answer is too long to be kept")
        try:
            _write(path, content)
        except OSError as error:
            raise InputError(f"the conversation cannot be kept: {error.strerror}") from error
        for old in self._saved(token)[MOST_CONVERSATIONS:]:
            with suppress(InputError):  # it goes another time
                self.delete(token, old.stem)

    def load(self, token: str, key: str) -> Conversation:
        """Return a conversation; raises `InputError` where there is none, or where its file is damaged."""
        return _loaded(self._path(token, key))

    def conversations(self, token: str) -> list[Entry]:
        """Return all conversations of a workspace, the one changed last first; damaged ones say so."""
        found = []
        for path in self._saved(token):
            with suppress(OSError):
                state = path.stat()
                title, trouble = _title(path, state.st_mtime_ns, state.st_size)
                found.append(Entry(path.stem, title, state.st_mtime, trouble))
        return found

    def delete(self, token: str, key: str) -> None:
        """The conversation, its checkpoints and its models' texts are gone, but for texts that another one needs."""
        path, workspace = self._path(token, key), self._workspace(token)
        unneeded = _texts_of(path)
        for other in workspace.glob("*.json"):
            if other != path:
                unneeded -= _texts_of(other)
        path.unlink(missing_ok=True)
        for checkpoint in (workspace / "checkpoints").glob(f"{key}-*"):
            checkpoint.unlink(missing_ok=True)
        for text in unneeded:
            (workspace / "texts" / text).unlink(missing_ok=True)

    def delete_workspace(self, token: str) -> None:
        """Nothing of the workspace is left."""
        shutil.rmtree(self._workspace(token))

    def checkpoint_of(self, token: str, key: str, conversation: Conversation) -> str | None:
        """Return the file in which the conversation's present check keeps its progress; those of earlier ones go."""
        if conversation.pair is None:
            return None
        folder = _private(self._workspace(token) / "checkpoints")
        self._path(token, key)
        said = "\0".join(f"{model.key} {model.variant}" for model in conversation.pair)
        name = f"{key}-{conversation.run}-{hashlib.sha256(said.encode()).hexdigest()[:16]}.sqlite"
        for path in folder.glob(f"{key}-*"):
            if not path.name.startswith(name):
                path.unlink(missing_ok=True)
        return str(folder / name)

    def _saved(self, token: str) -> list[Path]:
        """Return the files of all conversations, the one changed last first."""
        found = []
        for path in self._workspace(token).glob("*.json"):
            with suppress(OSError):
                if _KEY.fullmatch(path.stem):
                    found.append((path.stat().st_mtime_ns, path))
        return [path for _, path in sorted(found, reverse=True)]

    def _path(self, token: str, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise InputError("this is no conversation")
        return self._workspace(token) / f"{key}.json"

    def _workspace(self, token: str) -> Path:
        if not _TOKEN.fullmatch(token):
            raise InputError("this is no workspace; open the chat without a link to begin a new one")
        try:
            _private(self._folder)  # the names in it are the tokens
            return _private(self._folder / token)
        except OSError as error:
            raise InputError(f"{self._folder} cannot be used to keep conversations: {error.strerror}") from error


def _private(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _write(path: Path, content: bytes) -> None:
    """Put `content` at `path` by renaming a finished file that only its owner can read."""
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as stream:
            stream.write(content)
        os.replace(temporary, path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _texts_of(path: Path) -> set[str]:
    """Return the hashes that a conversation's file holds, none where there is no file; raises `InputError`."""
    try:
        return set(_HASH.findall(path.read_text(encoding="utf-8", errors="replace")))
    except FileNotFoundError:
        return set()
    except OSError as error:
        raise InputError(f"nothing is deleted while {path.name} cannot be read: {error.strerror}") from error


def _loaded(path: Path) -> Conversation:
    try:
        if path.stat().st_size > LONGEST_READ:
            raise InputError("this conversation cannot be read: its file is too long")
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise InputError("there is no such conversation any more") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("this conversation cannot be read: its file is damaged") from error
    try:
        return read_back(Conversation, text)
    except InputError as error:
        raise InputError("this conversation cannot be read: its file is damaged, or of another version") from error


@lru_cache(maxsize=4 * MOST_CONVERSATIONS)
def _title(path: Path, changed: int, size: int) -> tuple[str, str]:
    """Return the title of the conversation that a file holds since it was `changed`, or why it cannot be read."""
    try:
        return _loaded(path).title, ""
    except InputError as error:
        return "", str(error)
