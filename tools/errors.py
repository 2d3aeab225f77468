"""Every error that quasikarp raises on purpose is one of these; messages say what was found, where, and what to do."""

from __future__ import annotations


class QuasikarpError(Exception):
    """Base of the tree; catching it catches everything quasikarp raises on purpose."""


class InputError(QuasikarpError):
    """The user's input cannot be used (exit code 2); the message is one line that says what to change."""


class ParseError(InputError):
    """A model file or text is malformed; the message names the source and, where known, the line."""

    def __init__(self, message: str, *, source: str = "<text>", line: int | None = None) -> None:
        place = source if line is None else f"{source}, line {line}"
        super().__init__(f"{place}: {message}")
        self.reason = message
        self.source = source
        self.line = line


class UnsupportedError(InputError):
    """The model uses a feature outside linear/mixed-integer optimization; the message names it and its row."""


class MappingError(InputError):
    """A mapping rule is malformed, names unknown variables, or leaves a reference variable unmapped."""


class SolverError(QuasikarpError):
    """A solver backend failed in a way that is not a status (crash, refused input, missing package)."""
