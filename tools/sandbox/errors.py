"""What can go wrong when a stranger's code is run."""

from __future__ import annotations

from tools.errors import InputError


class SandboxError(InputError):
    """The code was not run, because this machine cannot confine it; the message says what is missing."""


class CodeError(InputError):
    """The code ran and did not give what was asked of it: it failed, took too long, or built nothing."""
