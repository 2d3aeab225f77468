"""Somebody who talks to the chat, with every job done at once and in this process."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from tools.errors import InputError
from ui.chat.answering import done
from ui.chat.blocks import Block
from ui.chat.conversation import Conversation, Move, Outcome, Room
from ui.chat.pasted import Upload
from ui.chat.saying import said
from ui.chat.stored import read_back, written
from ui.running.jobs.registry import JOBS

_Block = TypeVar("_Block")
MODELS = Path(__file__).parents[3] / "examples" / "models"


class Texts:
    """Keeps texts in the process."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def put(self, text: str) -> str:
        key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        self.texts[key] = text
        return key

    def get(self, key: str) -> str:
        if key not in self.texts:
            raise InputError("the text of a model is gone; give the model again")
        return self.texts[key]


class Partner:
    """Says things; `answers` are results for jobs that are not to be done for real, by their name."""

    def __init__(self, checkpoints: Path | None = None, **room: Any) -> None:
        self.conversation = Conversation()
        self.jobs: list[dict[str, Any]] = []
        self.answers: dict[str, Any] = {}

        def checkpoint(conversation: Conversation) -> str | None:
            return None if checkpoints is None else str(checkpoints / f"{conversation.run}.sqlite")

        settings = {"memory": "none", "planner": "symbolic", "checkpoint": checkpoint, **room}
        self.room = Room(Texts(), **settings)

    def say(self, text: str, *uploads: Upload) -> tuple[Block, ...]:
        """Return everything that is answered, until nothing is under way."""
        move = said(self.conversation, text, uploads, self.room)
        blocks = move.blocks
        while move.job is not None:
            assert move.conversation.work is not None
            move = self.finish(move)
            blocks = (*blocks, *move.blocks)
        assert move.conversation.work is None
        # What is kept is what was there: a conversation that went to disk and back goes on like one that did not.
        self.conversation = read_back(Conversation, written(move.conversation))
        assert self.conversation == move.conversation
        if not move.fresh:
            assert self.conversation.turns[-1].blocks == blocks
        return blocks

    def finish(self, move: Move) -> Move:
        """Return what follows when the move's job has been done."""
        assert move.job is not None
        job = json.loads(json.dumps(move.job))
        self.jobs.append(job)
        answer = self.answers.get(job["job"])
        if answer is not None:
            return done(move.conversation, Outcome(answer) if isinstance(answer, dict) else answer, self.room)
        events: list[dict[str, Any]] = []
        try:
            result = JOBS[job["job"]](job, lambda event: events.append(dict(event)))
        except InputError as error:
            outcome = Outcome(error={"kind": "input", "message": str(error)}, events=tuple(events))
        else:
            outcome = Outcome(json.loads(json.dumps(result)), events=tuple(events))
        return done(move.conversation, outcome, self.room)

    def give(self, name: str, *, contract: str = "quasi-karp") -> tuple[Block, ...]:
        """Give a pair of examples/models as two files, under a contract."""
        self.conversation = replace(self.conversation, contract=contract)  # type: ignore[arg-type]
        return self.say("", *(upload(MODELS / name / f"{side}.lp") for side in ("reference", "candidate")))

    @property
    def report(self) -> dict[str, Any]:
        """The last report, which must be about the pair as it is now."""
        assert self.conversation.report is not None
        return self.conversation.report


def upload(path: Path) -> Upload:
    return Upload(path.name, path.read_bytes())


def only(kind: type[_Block], blocks: Sequence[Block]) -> _Block:
    """Return the one block of this kind."""
    found = [block for block in blocks if isinstance(block, kind)]
    assert len(found) == 1, blocks
    return found[0]


def texts(blocks: Sequence[Block]) -> str:
    """Return all words and problems, a line each."""
    return "\n".join(block.text for block in blocks if hasattr(block, "text"))
