"""Problems in words on the command line: a language model writes the algebra, the user sees it and has it corrected."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tools.errors import InputError
from tools.formulation.model import Formulation
from ui.safe_text import safe, safe_sentence

if TYPE_CHECKING:
    from agent.language.chat import ChatModel
    from agent.language.configuration import LanguageModel
    from agent.language.ledger import Ledger
    from agent.words.formulating import Draft
    from tools.algebra.document import AlgebraDocument

MOST_CORRECTIONS = 50
"""Corrections of one problem on a terminal."""

_CALLS, _TOKENS, _SECONDS, _PROMPT, _ANSWER = 60, 500_000, 180.0, 30_000, 12_000


@dataclass(frozen=True)
class Understood:
    """A model that was read; its algebra where it has one, notes, and the session that can change it in words."""

    model: Formulation
    document: AlgebraDocument | None = None
    notes: tuple[str, ...] = ()
    session: Session | None = None


@dataclass(frozen=True)
class Wording:
    """What the user says about words: corrections, the language model (None: the environment's), whether to ask."""

    corrections: Sequence[str] = ()
    model: LanguageModel | None = None
    ask: bool = True

    def interactive(self) -> bool:
        """Say whether somebody at a terminal is to be asked what to change."""
        return self.ask and all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))

    def understood(self, path: Path) -> Understood:
        """Return what a language model makes of the problem in words at `path`; raises `InputError`."""
        from agent.words.formulating import formulate
        from agent.words.problem import read_problem

        problem = read_problem(path)
        session = self._session(path)
        name = path.resolve().name.partition(".")[0]

        def make() -> Draft:
            return formulate(problem.text, session.model, session.ledger, problem.data, name=name)

        return session.start(make, self.corrections)

    def reworded(self, document: AlgebraDocument, path: Path) -> Understood:
        """Return the model that `document`, from the file `path`, means, corrected where that is asked for."""
        from agent.words.formulating import draft_of
        from tools.algebra.grounding import ground

        if not self.corrections:
            return Understood(ground(document, source=str(path)), document)
        return self._session(path).start(lambda: draft_of(document), self.corrections)

    def _session(self, path: Path) -> Session:
        from agent.language.configuration import model_from_environment, why_none
        from agent.language.ledger import Ledger

        chosen = self.model or model_from_environment()
        if chosen is None:
            raise InputError(
                f"{path}: words need a language model, but {why_none()}; name one with --model NAME (and --base-url "
                "URL) or QUASIKARP_MODEL; LP, MPS, JSON and algebra need none"
            )
        limits = with_room(chosen)
        return Session(open_chat(limits), Ledger(limits))


def with_room(model: LanguageModel) -> LanguageModel:
    """Return the model with limits that leave room for a whole formulation; limits that the user changed stay."""
    usual = type(model)(model.name)
    room = {
        "calls": _CALLS, "tokens": _TOKENS, "seconds": _SECONDS, "prompt_tokens": _PROMPT, "answer_tokens": _ANSWER,
    }  # fmt: skip
    kept = {name: value for name, value in room.items() if getattr(model, name) == getattr(usual, name)}
    return replace(model, **kept)  # type: ignore[arg-type]


def open_chat(model: LanguageModel) -> ChatModel:
    """Return the language model, ready to be asked."""
    from agent.language.opening import open_model

    return open_model(model)


@dataclass
class Session:
    """Questions to one language model about one problem; it is closed when nobody asks any more."""

    model: ChatModel
    ledger: Ledger
    draft: Draft | None = field(default=None)

    def start(self, make: Callable[[], Draft], corrections: Sequence[str]) -> Understood:
        """Return the first draft with all `corrections`; raises `InputError`, also where the model fails."""
        try:
            with self._asking():
                self.draft = make()
            for correction in corrections:
                self._revise(correction)
        except BaseException:
            self.close()
            raise
        return self._shown()

    def corrected(self, understood: Understood, show: Callable[[Understood], None]) -> Understood:
        """Return what the user accepts: asked for corrections on the terminal until there is none."""
        from ui.consoles import progress_console

        console = progress_console()
        for _ in range(MOST_CORRECTIONS):
            console.print()
            console.print("What should change? Enter accepts the model as it is.")
            correction = _typed()
            if not correction:
                break
            try:
                self._revise(correction)
            except InputError as error:
                console.print(f"quasikarp: {safe_sentence(str(error))}; the model stays as it was", soft_wrap=True)
                continue
            understood = self._shown()
            show(understood)
        return understood

    def close(self) -> None:
        """Nothing is asked any more."""
        self.model.close()

    def _revise(self, correction: str) -> None:
        from agent.words.formulating import revise

        assert self.draft is not None
        with self._asking():
            self.draft = revise(self.draft, correction, self.model, self.ledger)

    def _shown(self) -> Understood:
        assert self.draft is not None
        return Understood(self.draft.formulation, self.draft.document, self.draft.notes, self)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Show on a terminal that a model is asked; turn its failure into an `InputError`."""
        from agent.language.chat import ModelError

        try:
            if sys.stderr is not None and sys.stderr.isatty():
                from rich.text import Text

                from ui.consoles import progress_console

                with progress_console().status(Text(f"asking the language model {safe(self.model.name)}")):
                    yield
            else:
                yield
        except ModelError as error:
            raise InputError(str(error)) from error


def _typed() -> str:
    try:
        return input("> ").strip()
    except EOFError:
        return ""
