"""`quasikarp explain`: a report in words, without a language model or with one."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from textwrap import wrap
from typing import Any, NoReturn

from agent.explaining.facts import facts_of
from agent.explaining.phrasing import LONGEST_QUESTION, Explanation, explain_with
from agent.explaining.template import INDENT
from agent.language.configuration import LanguageModel
from tools.errors import InputError
from tools.report import Report
from ui.check_command import require_files
from ui.safe_text import safe
from ui.warning_lines import printed_warnings

SCHEMA = "quasikarp/explanation/1"
LONGEST_REPORT = 256_000_000
"""Bytes of a report that are read at all."""

_STANDARD_INPUT = "-"


def explain_report(path: Path, *, question: str, model: LanguageModel | None, as_json: bool) -> int:
    """Print the explanation of the report in a file, or on standard input where that is "-"; return 0.

    A language model that cannot be used costs one warning, and the text is the template's.
    """
    if len(question) > LONGEST_QUESTION:
        raise InputError(f"--question has {len(question)} characters; at most {LONGEST_QUESTION} are read")
    report = read_report(path)
    with printed_warnings() as warn:
        explanation = explain_with(report, model, question=question)
        if explanation.note:
            warn(f"{explanation.note}; the explanation is the template's")
        elif question and model is None:
            warn("a question needs a language model (--model NAME); this is the explanation for everybody")
    if as_json:
        sys.stdout.write(json.dumps(_document(report, explanation), indent=2) + "\n")
    else:
        _print_for_people(explanation.text)
    return 0


def read_report(path: Path) -> Report:
    """Return the report in a JSON file, or on standard input; raises `InputError` with one line that names it."""
    if str(path) == _STANDARD_INPUT:
        name, raw = "standard input", b"" if sys.stdin is None else sys.stdin.buffer.read(LONGEST_REPORT + 1)
    else:
        require_files(path)
        name = safe(str(path), 200)
        try:
            with path.open("rb") as file:
                raw = file.read(LONGEST_REPORT + 1)
        except OSError as error:
            raise InputError(f"cannot read {name}: {error.strerror}") from error
    if len(raw) > LONGEST_REPORT:
        raise InputError(f"{name} is larger than {LONGEST_REPORT} bytes; that is no report")
    data = _parsed(raw, name)
    try:
        return Report.from_json(data)
    except InputError as error:
        raise InputError(f"{name}: {error}") from error


def _parsed(raw: bytes, name: str) -> Mapping[str, Any]:
    try:
        data = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 text; give a report as quasikarp check --json prints it") from error
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and error.lineno > 1:
            raise InputError(
                f"{name} holds more than one JSON value; give one report, such as one line of it"
            ) from error
        raise InputError(f"{name} is not JSON (line {error.lineno}: {error.msg}); give a report of --json") from error
    except RecursionError as error:
        raise InputError(f"{name} is nested too deeply to be a report") from error
    except ValueError as error:
        raise InputError(f"{name} is not a report ({safe(str(error), 100)})") from error
    if not isinstance(data, dict):
        raise InputError(f"{name} is not a report: expected a JSON object")
    return data


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a number of JSON")


def _document(report: Report, explanation: Explanation) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "verdict": report.verdict,
        "text": explanation.text,
        "written_by": explanation.written_by,
        "note": explanation.note,
        "facts": [{"topic": fact.topic, "text": fact.text, "lines": list(fact.lines)} for fact in facts_of(report)],
    }


def _print_for_people(text: str) -> None:
    from ui.consoles import answer_console
    from ui.layout import print_line

    console = answer_console()
    for line in text.split("\n"):
        whole = line.startswith(INDENT) or not line
        for piece in [line] if whole else wrap(line, console.width, break_long_words=False, break_on_hyphens=False):
            print_line(console, piece)
