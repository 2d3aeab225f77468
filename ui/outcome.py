"""How a command ends: its exit code, and one line on stderr when it could not do its work."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable

from tools.errors import InputError, QuasikarpError
from ui.safe_text import safe_sentence

UNUSABLE_INPUT = 2
INTERNAL_ERROR = 70
INTERRUPTED = 130
BROKEN_PIPE = 141

_MESSAGE = 500


def exit_code_of(action: Callable[[], int], *, debug: bool) -> int:
    """Run `action` and return its exit code, or the code that fits the exception it raised.

    Unusable input gives 2, anything unexpected 70, Ctrl-C 130, a reader that closed the pipe 141: never 0, 1 or 3,
    which are verdicts. `debug` adds the traceback.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = action()
        if sys.stdout is not None:
            sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Whatever is still buffered goes nowhere, so that Python does not complain about it when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return BROKEN_PIPE
    except KeyboardInterrupt as error:
        _complain(str(error) or "interrupted", debug)
        return INTERRUPTED
    except InputError as error:
        _complain(str(error), debug)
        return UNUSABLE_INPUT
    except MemoryError:
        _complain("out of memory; the models are too large for this machine", debug)
        return INTERNAL_ERROR
    except OSError as error:
        _complain(f"the operating system refused: {error}", debug)
        return INTERNAL_ERROR
    except QuasikarpError as error:
        _complain(str(error), debug)
        return INTERNAL_ERROR
    except Exception as error:
        kind = type(error).__name__
        _complain(f"internal error: {kind}: {error}; please report it, with the output of quasikarp --debug", debug)
        return INTERNAL_ERROR


def _complain(message: str, debug: bool) -> None:
    if sys.stderr is None:
        return
    if debug:
        traceback.print_exc()
    print(f"quasikarp: {safe_sentence(message, _MESSAGE)}", file=sys.stderr)
