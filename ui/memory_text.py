"""Records of memory as people read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.text import Text

from memory.record import ModelSketch, Record
from memory.template import Template
from tools.errors import InputError
from tools.report import CounterexampleSummary
from ui.consoles import answer_console
from ui.layout import plain_table, print_line, print_section
from ui.report_text import print_counterexample
from ui.safe_text import safe, safe_sentence

_ID_SHOWN = 12
_RULES_SHOWN = 40
_STYLE = {"verified": "green", "refuted": "red", "proved": "green"}


def print_records(records: Sequence[Record], more: bool) -> None:
    """Print a line for each record, and whether there are more than these."""
    console = answer_console()
    rows = [
        (
            record.id[:_ID_SHOWN],
            record.outcome,
            safe(record.kind, 40),
            f"{_short(record.candidate)} -> {_short(record.reference)}",
            record.contract,
            safe(record.source, 50),
        )
        for record in records
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [f"{cell:<{width}}  " for cell, width in zip(row, widths, strict=True)]
        line = Text.assemble(cells[0], (cells[1], _STYLE[row[1]]), *cells[2:])
        line.rstrip()
        print_line(console, line)
    if more:
        print_line(console, "… and older ones; --limit N shows more")
    elif not records:
        print_line(console, "no such records")


def print_record(record: Record) -> None:
    """Print all of a record but its vectors and hashes."""
    console = answer_console()
    headline = f"{record.outcome} under {record.contract}: {safe(record.kind, 100)}"
    print_line(console, Text(headline, style=f"bold {_STYLE[record.outcome]}"))
    print_line(console, f"record {record.id}, from {safe(record.source, 100)}")
    console.print()
    for role, model in (("reference", record.reference), ("candidate", record.candidate)):
        print_line(
            console,
            f"{role}: {safe(model.name) or '(no name)'}, {model.variables} variables ({model.integers} integer), "
            f"{model.constraints} rows, {model.nonzeros} nonzeros",
        )
    if record.rules:
        _print_rules(console, "Mapping from candidate to reference solutions", record.rules)
    if record.template is not None:
        _print_rules(console, "Template: Y is a reference family, Qa, Qb, … candidate families", _template(record))
    _print_claims(console, record.claims)
    witness = witness_of(record)
    if witness is not None:
        print_counterexample(
            console,
            witness,
            reference_variables=record.reference.variables,
            candidate_variables=record.candidate.variables,
        )


def _short(model: ModelSketch) -> str:
    rows = "1 row" if model.constraints == 1 else f"{model.constraints} rows"
    return f"{safe(model.name, 24) or '(no name)'} ({model.variables} var, {rows})"


def _print_rules(console: Console, title: str, rules: Sequence[str]) -> None:
    console.print()
    console.print(Text(title, style="bold"))
    for rule in rules[:_RULES_SHOWN]:
        print_line(console, safe_sentence(rule, 300), "  ")
    if len(rules) > _RULES_SHOWN:
        print_line(console, f"… and {len(rules) - _RULES_SHOWN} more; --json shows all", "  ")


def _template(record: Record) -> list[str]:
    try:
        return Template.from_json(record.template).rules
    except InputError as error:
        return [f"cannot be read: {error}"]


def _print_claims(console: Console, claims: Mapping[str, Mapping[str, str]]) -> None:
    table = plain_table("claim", "result", "strength")
    for name, claim in claims.items():
        strength = "" if claim["result"] == "unknown" else safe(claim["strength"])
        table.add_row(Text(name), Text(safe(claim["result"]), style=_STYLE.get(claim["result"], "")), Text(strength))
    print_section(console, "Claims", table)


def witness_of(record: Record) -> CounterexampleSummary | None:
    """Return the witness; None too where a stranger's record holds something else, which --json still shows."""
    if record.witness is None:
        return None
    try:
        witness = CounterexampleSummary(**record.witness)
    except TypeError:
        return None
    points = [witness.point, {} if witness.image is None else witness.image]
    texts = [witness.claim, witness.point_of, witness.explanation, witness.violates or ""]
    values = [text for point in points if isinstance(point, dict) for text in point.values()]
    if not all(isinstance(point, dict) for point in points) or not all(isinstance(t, str) for t in (*texts, *values)):
        return None
    return witness
