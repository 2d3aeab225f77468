"""`quasikarp read`: what was understood of a model or of a problem in words, and conversion between file formats."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from tools.errors import InputError, ParseError
from tools.formulation.model import Formulation
from tools.formulation.read import read, read_algebra
from tools.formulation.write import write, writer_of
from ui.check_command import require_files
from ui.model_text import model_summary, print_model
from ui.safe_text import safe, safe_sentence
from ui.words_command import Understood, Wording

if TYPE_CHECKING:
    from tools.algebra.document import AlgebraDocument

_LINE = 2_000


def read_model(
    path: Path, *, as_json: bool, out: Path | None, algebra: Path | None = None, wording: Wording | None = None
) -> int:
    """Read a model, print its summary (as JSON when asked), write it to `out` in the format of its suffix; return 0.

    A problem in words becomes a model with the help of a language model, which `wording` names; on a terminal the user
    is asked what to change, until nothing is. `algebra` receives the algebra of a problem in words, or of a file of it.
    """
    wording = wording or Wording()
    with ExitStack() as stack:
        _require_targets(path, out, algebra)
        target = None
        if algebra is not None:
            from ui.whole_file import replacing

            target = stack.enter_context(replacing(algebra, keep=(path,), option="--algebra"))
        understood = _understood(path, wording)
        if understood.session is not None:
            stack.callback(understood.session.close)
        if algebra is not None and understood.document is None:
            raise InputError(f"{path} is not algebra, so there is none to write to --algebra {algebra}")
        if not as_json:
            from ui.consoles import answer_console

            console = answer_console()
            _print(console, understood)
            if understood.session is not None and wording.interactive():
                understood = understood.session.corrected(understood, lambda shown: _print(console, shown))
        model = understood.model
        if out is not None:
            write(model, out)
        if target is not None and understood.document is not None:
            from tools.algebra.document import format_document

            target.write_text(format_document(understood.document), encoding="utf-8")
    if as_json:
        sys.stdout.write(json.dumps(_summary(understood), indent=2) + "\n")
    return 0


def _understood(path: Path, wording: Wording) -> Understood:
    from agent.words.problem import TEXT_SUFFIXES, is_problem

    if is_problem(path):
        if path.suffix.lower() != ".txt":
            return wording.understood(path)
        try:
            return Understood(read(path))
        except ParseError:
            return wording.understood(path)
    require_files(path)
    document = read_algebra(path) if path.is_file() else None
    if document is None:
        if wording.corrections:
            endings = ", ".join(TEXT_SUFFIXES)
            raise InputError(f"{path} is a model already; --correct is for problems in words ({endings}) and algebra")
        return Understood(read(path))
    return wording.reworded(document, path)


def _require_targets(path: Path, out: Path | None, algebra: Path | None) -> None:
    """What is to be written can be, as far as names tell: nothing is asked or computed for nothing."""
    if out is None:
        return
    if out.exists() and path.exists() and out.samefile(path):
        raise InputError(f"--out {out} would overwrite the model itself; choose another name")
    writer_of(out)
    if not out.parent.is_dir():
        raise InputError(f"cannot write {out}: there is no folder {out.parent}; choose another --out")
    if algebra is not None and out.resolve() == algebra.resolve():
        raise InputError("--out and --algebra name one file; choose two")


def _print(console: Console, understood: Understood) -> None:
    if understood.document is not None:
        _print_algebra(console, understood.document)
    print_model(console, understood.model)
    written_by = _writer(understood.model)
    if written_by or understood.notes:
        console.print()
    for note in understood.notes:
        console.print(Text.assemble(("note: ", "yellow"), safe_sentence(note)), soft_wrap=True)
    if written_by:
        warning = f"written by {written_by}: check it before you use it"
        console.print(Text.assemble(("note: ", "yellow"), warning), soft_wrap=True)


def _print_algebra(console: Console, document: AlgebraDocument) -> None:
    from tools.algebra.printing import algebra_lines

    for line in algebra_lines(document):
        console.print(Text(safe(line, _LINE)), soft_wrap=True)
    console.print()


def _writer(model: Formulation) -> str:
    if not model.written_by:
        return ""
    kind, _, name = model.written_by.partition(":")
    return f"the language model {safe(name)}" if kind == "llm" else safe(model.written_by)


def _summary(understood: Understood) -> dict[str, Any]:
    summary = model_summary(understood.model)
    if understood.model.written_by:
        summary["written_by"] = understood.model.written_by
    if understood.notes:
        summary["notes"] = list(understood.notes)
    if understood.document is not None:
        summary["algebra"] = understood.document.to_json()
    return summary
