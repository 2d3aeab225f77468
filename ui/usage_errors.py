"""Wrong command lines: one line on stderr that says what is wrong and which help tells more."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from ui.outcome import INTERRUPTED, UNUSABLE_INPUT
from ui.safe_text import safe_sentence

_MESSAGE = 300
_NOISE = "Value error, "
_HELP_INSTEAD = "NoArgsIsHelpError"


class OneLineUsageErrors(TyperGroup):
    """A group of commands that complains in one line where its options or arguments are wrong."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command line and, in standalone mode, exit with its code; a wrong one gives 2."""

        def code_or_error() -> Any:
            return super(OneLineUsageErrors, self).main(
                args, prog_name, complete_var, False, windows_expand_args, **extra
            )

        if not standalone_mode:
            return code_or_error()
        try:
            code = code_or_error()
        except typer.Abort:
            code = INTERRUPTED
        except Exception as error:
            # The class of these exceptions is in no public module; the method that words them has long been stable.
            if not hasattr(error, "format_message"):
                raise
            _complain(error)
            code = UNUSABLE_INPUT
        sys.exit(code)


def _complain(error: Any) -> None:
    if sys.stderr is None:
        return
    if type(error).__name__ == _HELP_INSTEAD:
        print(error.format_message(), file=sys.stderr)
        return
    context = getattr(error, "ctx", None)
    command = "quasikarp" if context is None else context.command_path
    print(f"quasikarp: {_sentence(error.format_message())} {command} --help", file=sys.stderr)


def _sentence(message: str) -> str:
    text = safe_sentence(message.replace(_NOISE, ""), _MESSAGE).strip()
    text = text[:1].lower() + text[1:]
    return f"{text} See" if text.endswith("?") else f"{text.rstrip('.')}; see"
