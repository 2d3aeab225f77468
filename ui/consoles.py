"""The two consoles of the command line: answers go to stdout, progress goes to stderr."""

from __future__ import annotations

from rich.console import Console

_PIPED_WIDTH = 100


class _InertConsole(Console):
    """A console that never reads markup or emoji codes in text, and lets a broken pipe reach the caller."""

    def on_broken_pipe(self) -> None:
        # rich would exit with status 1 here, which a script reads as "not equivalent".
        raise


def answer_console() -> Console:
    """Return the console for answers: colours on a terminal, plain text of a fixed width anywhere else."""
    console = _InertConsole(markup=False, emoji=False, highlight=False)
    if not console.is_terminal:
        console.width = _PIPED_WIDTH
    return console


def progress_console() -> Console:
    """Return the console for progress, on stderr."""
    return _InertConsole(stderr=True, markup=False, emoji=False, highlight=False)
