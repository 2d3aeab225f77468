"""A report as people read it: the verdict, then the mapping, the claims, the counterexample and what was tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.explaining.verdict import falls_short
from agent.hypothesis import MEMORY, is_recalled
from tools.formulation.numbers import parse_rational
from tools.report import (
    CLAIM_NAMES,
    CounterexampleSummary,
    HypothesisSummary,
    MappingSummary,
    ModelSummary,
    Relation,
    Report,
)
from ui.algebra import number_text
from ui.certificate_text import certificate_holds
from ui.layout import plain_table, print_line, print_section, print_sentence
from ui.safe_text import safe, safe_sentence
from ui.witness_points import witness_points

_RULES_SHOWN = 20
_POINT_ENTRIES_SHOWN = 15
_HYPOTHESES_SHOWN = 10
_MORE = "--json shows all"
MAPPING_TITLE = {
    "equivalent": "Mapping from candidate to reference solutions",
    "not_equivalent": "Mapping that was refuted",
    "unknown": "Mapping that was tried",
}
_MEANING: dict[Relation, str] = {
    "reformulation": "",
    "narrowing": ", some reference solutions are gone and an optimal one stays",
    "restriction": ", some reference solutions are gone",
    "relaxation": ", some candidate solutions are not reference solutions",
    "optima-only": ", other solutions do not carry over",
    "different": "",
    "undetermined": "",
}
_STYLE = {
    "equivalent": "bold green", "not_equivalent": "bold red", "unknown": "bold yellow",
    "proved": "green", "refuted": "red", "verified": "green", "undecided": "yellow",
}  # fmt: skip


def print_report(
    console: Console, report: Report, *, reference: str, candidate: str, evidence: Sequence[str] = ()
) -> None:
    """Print the whole report; `reference` and `candidate` are what to call the models.

    `evidence` are lines, inert already, that show in numbers what the counterexample breaks.
    """
    reference, candidate = safe(reference), safe(candidate)
    print_sentence(console, Text(headline(report, reference, candidate), style=_STYLE[report.verdict]))
    if report.reason and not falls_short(report):
        print_sentence(console, safe_sentence(report.reason))
    print_section(console, "", _models_table(report))
    for line in _authors(report, reference, candidate):
        print_sentence(console, Text(line, style="yellow"))
    if report.counterexample is not None:
        print_counterexample(
            console,
            report.counterexample,
            evidence,
            reference_variables=report.reference.variables,
            candidate_variables=report.candidate.variables,
        )
    if report.mapping is not None:
        _print_mapping(console, report.mapping, MAPPING_TITLE[report.verdict])
    print_section(console, "Claims", _claims_table(report))
    if report.certificate is not None:
        print_sentence(console, f"In the certificate: {certificate_holds(report)}", "  ")
    if report.hypotheses:
        print_section(console, "Tried", _hypotheses_table(report.hypotheses))
    print_line(console, "")
    for line in _effort(report):
        print_sentence(console, line)


def _authors(report: Report, reference: str, candidate: str) -> list[str]:
    """Return a warning for each model that a language model wrote: the verdict is about what it wrote."""
    sides = ((report.reference, reference), (report.candidate, candidate))
    return [
        f"{name} was written by a language model ({safe(side.written_by)}): the verdict is about what it wrote"
        for side, name in sides
        if side.written_by
    ]


def headline(report: Report, reference: str, candidate: str) -> str:
    """Return the verdict in one sentence that names the contract and the relation."""
    relation = f"relation: {report.relation}{_MEANING[report.relation]}"
    if falls_short(report):
        return f"undecided under {report.contract}: {safe_sentence(report.reason)}; {relation}"
    if report.verdict == "unknown":
        return f"undecided under {report.contract}: neither a proof nor a counterexample was found; {relation}"
    if report.verdict == "not_equivalent":
        scope = f" ({safe(report.scope)})" if report.scope else ""
        return f"not equivalent under {report.contract}{scope}: {_why_not(report, reference, candidate)}; {relation}"
    statuses = {report.reference.status, report.candidate.status}
    if statuses == {"infeasible"}:
        return f"equivalent under {report.contract}, vacuously: both models are infeasible; {relation}"
    if report.contract == "reformulation":
        meaning = f"every solution of {candidate} maps to one of {reference} that is no worse, and none is out of reach"
    elif statuses == {"unbounded"}:
        meaning = f"both models are unbounded, and every solution of {candidate} maps to a solution of {reference}"
    else:
        meaning = f"every optimum of {candidate} maps to an optimum of {reference}"
    return f"equivalent under {report.contract}: {meaning}; {relation}"


def _why_not(report: Report, reference: str, candidate: str) -> str:
    mine, other = report.reference.status, report.candidate.status
    if mine != other and "unknown" not in (mine, other):
        words = {"optimal": "has an optimum", "infeasible": "is infeasible", "unbounded": "is unbounded"}
        return f"{reference} {words.get(mine, safe(mine))}, {candidate} {words.get(other, safe(other))}"
    if report.contract == "reformulation":
        return f"the solutions of {candidate} and {reference} do not correspond"
    if mine == "unbounded":
        return f"not every solution of {candidate} maps to a solution of {reference}"
    return f"not every optimum of {candidate} maps to an optimum of {reference}"


def objective_relation_text(objective: Mapping[str, str]) -> str:
    """Return σ as mathematics: "reference = 2·candidate + 3"."""
    scale, offset = parse_rational(objective["scale"]), parse_rational(objective["offset"])
    factor = "" if scale == 1 else f"{number_text(scale)}·"
    shift = f" {'-' if offset < 0 else '+'} {number_text(abs(offset))}" if offset else ""
    return f"reference = {factor}candidate{shift}"


def _models_table(report: Report) -> Table:
    table = plain_table("", "name", "variables", "integer", "rows", "nonzeros", "status", "optimum")
    for column in table.columns[2:]:
        column.no_wrap = True
    for column in table.columns[2:6]:
        column.justify = "right"
    for role, model in (("reference", report.reference), ("candidate", report.candidate)):
        table.add_row(*(Text(cell) for cell in (role, *_model_cells(model))))
    return table


def _model_cells(model: ModelSummary) -> tuple[str, ...]:
    sizes = (str(n) for n in (model.variables, model.integers, model.constraints, model.nonzeros))
    optimum = "" if model.objective is None else f"{model.objective:.10g}"
    return (safe(model.name, 30), *sizes, safe(model.status, 20), optimum)


def origin_text(origin: str, preposition: str = "") -> str:
    """Return who proposed a mapping, in words where it came from memory."""
    if is_recalled(origin):
        return f"recalled from memory record {safe(origin.removeprefix(MEMORY))}"
    return preposition + safe(origin)


def completed_how(mapping: MappingSummary) -> str:
    """Return how completed variables get their values: "by affine expressions", "by comparison" …."""
    by_function = mapping.completed_by or {}
    kinds = dict.fromkeys(str(entry["function"]).replace("_", " ") for entry in by_function.values())
    kinds.pop("affine", None)
    if any(name not in by_function for name in mapping.completed):
        kinds = {"affine expressions": None, **kinds}
    return "by " + ", ".join(safe(kind) for kind in kinds or ("affine expressions",))


def _print_mapping(console: Console, mapping: MappingSummary, title: str) -> None:
    console.print()
    console.print(Text.assemble((title, "bold"), f" ({origin_text(mapping.origin, 'from ')})"), soft_wrap=True)
    for rule in mapping.rules[:_RULES_SHOWN]:
        print_line(console, safe_sentence(rule, 300), "  ")
    if len(mapping.rules) > _RULES_SHOWN:
        print_line(console, f"… and {len(mapping.rules) - _RULES_SHOWN} more; {_MORE}", "  ")
    if mapping.completed:
        names = ", ".join(safe(name) for name in mapping.completed[:_POINT_ENTRIES_SHOWN])
        rest = len(mapping.completed) - _POINT_ENTRIES_SHOWN
        more = f" … and {rest} more; {_MORE}" if rest > 0 else ""
        print_line(console, f"completed: {names}{more} ({completed_how(mapping)})", "  ")
    if mapping.lifting is not None:
        print_line(
            console, f"and back: a lifting for {len(mapping.lifting)} candidate variables; --json shows it", "  "
        )
    if mapping.objective is not None:
        print_line(console, f"Objectives, as minimisation: {objective_relation_text(mapping.objective)}")


def _claims_table(report: Report) -> Table:
    table = plain_table("claim", "result", "strength", "detail")
    for name in CLAIM_NAMES:
        claim = report.claims[name]
        strength = "" if claim.result == "unknown" else claim.strength
        result = Text(claim.result, style=_STYLE.get(claim.result, ""))
        table.add_row(Text(name), result, Text(strength), Text(safe_sentence(claim.detail)))
    return table


def print_counterexample(
    console: Console,
    witness: CounterexampleSummary,
    evidence: Sequence[str] = (),
    *,
    reference_variables: int,
    candidate_variables: int,
) -> None:
    """Print the claim that fails, why, and the points; `evidence` as for `print_report`."""
    console.print()
    console.print(Text(f"Counterexample to {safe(witness.claim)}", style="bold"))
    if witness.explanation:
        print_sentence(console, safe_sentence(witness.explanation), "  ")
    if evidence:
        print_line(console, Text(evidence[0], style="red"), "  ")
        for line in evidence[1:]:
            print_line(console, line, "    ")
    elif witness.violates is not None:
        print_line(console, Text(f"violates {safe_sentence(witness.violates)}", style="red"), "  ")
    points = witness_points(witness, reference_variables, candidate_variables, safe, _POINT_ENTRIES_SHOWN, f"; {_MORE}")
    print_section(console, "", _points_table(points))


def _points_table(points: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> Table:
    table = plain_table(*(column for title, _ in points for column in (title, "")))
    for column in table.columns[1::2]:
        column.justify = "right"
    for cells in zip_longest(*(entries for _, entries in points), fillvalue=("", "")):
        table.add_row(*(Text(text) for cell in cells for text in cell))
    return table


def _hypotheses_table(hypotheses: Sequence[HypothesisSummary]) -> Table:
    table = plain_table("origin", "outcome", "first rule", "why")
    for hypothesis in hypotheses[:_HYPOTHESES_SHOWN]:
        rule = safe(hypothesis.rules[0], 40) if hypothesis.rules else ""
        outcome = Text(hypothesis.outcome, style=_STYLE.get(hypothesis.outcome, ""))
        table.add_row(
            Text(origin_text(hypothesis.origin)), outcome, Text(rule), Text(safe_sentence(hypothesis.reason, 300))
        )
    if len(hypotheses) > _HYPOTHESES_SHOWN:
        table.add_row(Text(f"… and {len(hypotheses) - _HYPOTHESES_SHOWN} more"), Text(""), Text(""), Text(_MORE))
    return table


def _effort(report: Report) -> list[str]:
    """Return the time by stage, who planned, and what a language model took, a line each."""
    stages = ", ".join(
        f"{safe(stage)} {time:.2f}" for stage, time in report.seconds.items() if stage != "total" and ":" not in stage
    )
    lines = [f"{report.seconds.get('total', 0.0):.2f} s" + (f" ({stages})" if stages else "")]
    if report.planning:
        lines.append(f"planning: {safe_sentence(report.planning)}")
    for origin, cost in report.costs.items():
        if cost.calls:
            tokens = cost.prompt_tokens + cost.completion_tokens
            money = "" if cost.money is None else f", money {cost.money:.4g}"
            lines.append(
                f"{safe(origin)}: calls {cost.calls}, tokens {tokens}{money}, hypotheses {cost.hypotheses}, "
                f"{report.seconds.get(origin, 0.0):.2f} s"
            )
    return lines
