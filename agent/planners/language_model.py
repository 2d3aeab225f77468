"""Hypotheses of a language model: one question a round, with what is known of the pair and what failed so far.

What comes back is verified like any other hypothesis. Nothing of it is executed or believed.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from agent.context import RunContext
from agent.hypothesis import LANGUAGE_MODEL, Attempt, Hypothesis
from agent.language.asking import ask_for
from agent.language.chat import ModelError
from agent.language.ledger import Ledger
from agent.language.one_line import one_line
from agent.planners.model_answer import Answer, hypotheses_of
from agent.planners.model_question import question_about
from tools.errors import QuasikarpError

SHARE_OF_TIME = 0.4
"""Part of the time left that one question may take; reading one answer may take half of that."""

MOST_FAILURES = 2
"""Questions in a row without usable answer after which the model is not asked again."""


@dataclass
class _Question:
    """A question under way: its answer, or how it failed, once `thread` has ended."""

    thread: threading.Thread | None = None
    answer: Answer | None = None
    error: ModelError | None = None

    @property
    def done(self) -> bool:
        return self.thread is None or not self.thread.is_alive()


class Dialogue:
    """The conversation of one run with a language model.

    `begin` asks, `answered` says whether the answer is there, `take` turns it into hypotheses; `over` holds why nothing
    is asked any more, in words. A question waits in a thread of its own, so that planners go on meanwhile.
    """

    def __init__(self, context: RunContext, ledger: Ledger) -> None:
        self._context = context
        self._ledger = ledger
        self._question: _Question | None = None
        self._failures = 0
        self._useless = 0
        self._proposed: set[tuple[str, ...]] = set()
        self.answers = 0
        self.over = ""
        self.unusable = False

    @property
    def origin(self) -> str:
        """The origin of what the model proposes."""
        return f"{LANGUAGE_MODEL}{self._name}"

    @property
    def _name(self) -> str:
        return self._ledger.limits.name

    @property
    def asking(self) -> bool:
        """Whether a question is open."""
        return self._question is not None

    @property
    def answered(self) -> bool:
        """Whether an answer, or a failure, is there to be taken."""
        return self._question is not None and self._question.done

    def begin(self) -> None:
        """Ask for hypotheses, unless the conversation is over or a question is open."""
        if self.over or self._question is not None:
            return
        seconds = min(self._ledger.limits.seconds, self._context.budget.remaining * SHARE_OF_TIME)
        if seconds <= 0:
            self.over = "the time limit was reached"
            return
        question = self._question = _Question()
        try:
            model = self._context.language
            messages = question_about(self._context, self._ledger)
        except Exception as error:  # whatever a client or an odd pair may do, the run goes on without the model
            question.error = self._unforeseen(error)
            return

        def ask() -> None:
            try:
                question.answer = ask_for(model, messages, Answer, "mappings", self._ledger, seconds=seconds, tries=2)
            except ModelError as error:
                question.error = error
            except Exception as error:
                question.error = self._unforeseen(error)

        if not model.waits:
            ask()
            return
        question.thread = threading.Thread(target=ask, name="quasikarp-language-model", daemon=True)
        question.thread.start()

    def wait(self, seconds: float) -> None:
        """Return when the open question is answered, after so many seconds at most."""
        if self._question is not None and self._question.thread is not None:
            self._question.thread.join(max(0.0, seconds))

    def take(self) -> list[Hypothesis | Attempt]:
        """Return what the answer proposes, in its order, and what could not be used of it."""
        question, self._question = self._question, None
        assert question is not None
        assert question.done
        if question.error is not None:
            return [self._failed(question.error)]
        self._failures = 0
        assert question.answer is not None
        self.answers += 1
        return self._read(question.answer)

    def close(self) -> None:
        """Give up an open question."""
        if self._question is not None and not self._question.done:
            self._context.close()
        self._question = None

    def _unforeseen(self, error: Exception) -> ModelError:
        said = str(error) if isinstance(error, QuasikarpError) else type(error).__name__
        return ModelError(f"the language model {self._name} cannot be used: {said}", "request", final=True)

    def _failed(self, error: ModelError) -> Attempt:
        self._failures += 1
        if error.final or self._failures >= MOST_FAILURES:
            self.over = str(error)
            self.unusable = not self.answers and error.trouble != "limit"
        return Attempt(self.origin, (), str(error))

    def _read(self, answer: Answer) -> list[Hypothesis | Attempt]:
        found: list[Hypothesis | Attempt] = []
        deadline = time.monotonic() + self._context.budget.remaining * SHARE_OF_TIME / 2
        fresh = [p for p in answer.hypotheses if tuple(p.rules) not in self._proposed]
        for proposed in fresh:
            key = tuple(proposed.rules)
            self._proposed.add(key)
            if time.monotonic() > deadline:
                found.append(Attempt(self.origin, key, "not read: the rules before it took too long"))
                continue
            found += hypotheses_of(self._context, proposed, self.origin, SHARE_OF_TIME / 2)
        if not fresh and answer.hypotheses:
            found.append(Attempt(self.origin, (), "it proposes again what it proposed before"))
        if not answer.hypotheses:
            remark = one_line(answer.remark, 200)
            found.append(Attempt(self.origin, (), "it proposes nothing" + (f": {remark}" if remark else "")))
        if not fresh:
            self._useless += 1
            if not answer.hypotheses or self._useless >= MOST_FAILURES:
                self.over = f"the language model {self._name} has no further idea"
        else:
            self._useless = 0
        return found
