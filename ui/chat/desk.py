"""Conversations at work: what is said is answered one thing at a time, jobs run beside it, and everything is kept."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from tools.errors import InputError
from ui.chat.answering import done
from ui.chat.conversation import Conversation, Move, Outcome, Room
from ui.chat.pasted import Upload
from ui.chat.saying import said
from ui.running.run import Limits, Run

JOB_SECONDS = {"formulate": 600.0, "explain": 180.0, "interpret": 90.0, "verify_certificate": 300.0}
"""What jobs may take that ask a language model or read long proofs; others have `USUAL_SECONDS`."""

OWN_LIMIT = ("check", "certify")
"""Jobs that have the conversation's own limit."""

USUAL_SECONDS = 60.0

MOST_DESKS = 500
"""Conversations that a server holds open; the ones that rest longest are closed first, and lose nothing."""


class Desk:
    """One conversation at work, for use by several threads: the same one may be open in two windows.

    `save` keeps the conversation whenever it has changed; raises `InputError` where it cannot. `may_start` says whether
    the machine has room for a job; until then it waits. `start` begins one.
    """

    def __init__(
        self,
        conversation: Conversation,
        room: Room,
        save: Callable[[Conversation], None],
        *,
        may_start: Callable[[], bool] = lambda: True,
        start: Callable[..., Run] = Run.start,
    ) -> None:
        self._lock = threading.RLock()
        self._room = room
        self._save = save
        self._may_start = may_start
        self._start = start
        self._run: Run | None = None
        self._waiting: dict[str, Any] | None = None
        self._unkept = ""
        self._conversation = conversation
        if conversation.work is not None:  # the server went away while it was under way
            self._apply(done(conversation, Outcome(stopped=True), room))

    @property
    def conversation(self) -> Conversation:
        """The conversation as it is now."""
        return self._conversation

    @property
    def unkept(self) -> str:
        """Why the conversation could not be kept as it is now, empty where it is."""
        return self._unkept

    @property
    def room(self) -> Room:
        """What surrounds the conversation."""
        return self._room

    @property
    def events(self) -> tuple[dict[str, Any], ...]:
        """What the work under way has told so far."""
        run = self._run
        return () if run is None else run.events

    @property
    def is_working(self) -> bool:
        """Whether a job runs or waits for its turn."""
        return self._run is not None or self._waiting is not None

    @property
    def is_running(self) -> bool:
        """Whether a process works for this conversation."""
        run = self._run
        return run is not None and run.state == "running"

    @property
    def is_waiting(self) -> bool:
        """Whether a job waits until the machine has room for it."""
        return self._waiting is not None

    def say(self, text: str, uploads: Sequence[Upload] = ()) -> bool:
        """Take what the user says; return whether another conversation is to begin, this one being kept as it is."""
        with self._lock:
            self.advance()
            move = said(self._conversation, text, uploads, self._room)
            if move.fresh:
                self.stop()
                return True
            self._apply(move)
            return False

    def advance(self) -> bool:
        """Take what ended jobs have brought, and begin the next; return whether the conversation has changed."""
        with self._lock:
            changed = False
            while self._run is not None and self._run.state != "running":
                run, self._run = self._run, None
                outcome = Outcome(run.result, run.error, run.state == "stopped", run.events)
                self._apply(done(self._conversation, outcome, self._room))
                changed = True
            if self._waiting is not None:
                self._begin(self._waiting)
            return changed

    def stop(self) -> bool:
        """The work under way has ended; return whether there was any."""
        with self._lock:
            if self._waiting is not None:
                self._waiting = None
                self._apply(done(self._conversation, Outcome(stopped=True), self._room))
                return True
            if self._run is None:
                return False
            self._run.stop()
            return self.advance()

    def _apply(self, move: Move) -> None:
        if move.stop and (self._run is not None or self._waiting is not None):
            if move.job is None and move.conversation.work is not None:
                self._conversation = move.conversation  # how the work ended is told as its own answer
                self.stop()
                return
            if self._run is not None:
                self._run.stop()
            self._run = self._waiting = None
        self._conversation = move.conversation
        try:
            self._save(self._conversation)
            self._unkept = ""
        except InputError as error:  # it goes on all the same
            self._unkept = str(error)
        if move.job is not None:
            self._begin(move.job)

    def _begin(self, job: dict[str, Any]) -> None:
        if not self._may_start():
            self._waiting = job
            return
        self._waiting = None
        name = job["job"]
        seconds = self._conversation.time_limit if name in OWN_LIMIT else JOB_SECONDS.get(name, USUAL_SECONDS)
        self._run = self._start(job, limits=Limits(seconds))


class Desks:
    """The desks of a server, each under a key that only its user knows; no more jobs run at once than processors."""

    def __init__(self, most_runs: int | None = None) -> None:
        self._most_runs = most_runs or max(2, os.cpu_count() or 1)
        self._lock = threading.RLock()
        self._desks: OrderedDict[Hashable, Desk] = OrderedDict()

    def desk(self, key: Hashable, make: Callable[[Callable[[], bool]], Desk]) -> Desk:
        """Return the desk of a key, made by `make` (which is given `may_start`) where there is none."""
        with self._lock:
            if key not in self._desks:
                self._desks[key] = make(self._has_room)
                self._close_idle()
            self._desks.move_to_end(key)
            return self._desks[key]

    def forget(self, key: Hashable) -> None:
        """The desk of a key is gone, and its work stopped."""
        with self._lock:
            desk = self._desks.pop(key, None)
        if desk is not None:
            desk.stop()

    def _has_room(self) -> bool:
        with self._lock:
            return sum(desk.is_running for desk in self._desks.values()) < self._most_runs

    def _close_idle(self) -> None:
        idle = [key for key, desk in self._desks.items() if not desk.is_working]
        for key in idle[: max(0, len(self._desks) - MOST_DESKS)]:
            del self._desks[key]
