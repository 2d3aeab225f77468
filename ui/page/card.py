"""The answer card: the verdict in a sentence, the mapping typeset, the claims, and for a "no" what breaks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

import streamlit as st

from tools.errors import InputError
from tools.report import CLAIM_NAMES, CounterexampleSummary, MappingSummary, Report
from ui.chat.blocks import Card
from ui.chat.typesetting import latex_of_objective, latex_of_rule
from ui.page.inert import code_of, inert, inert_sentence
from ui.report_text import MAPPING_TITLE, completed_how, headline, objective_relation_text, origin_text
from ui.witness_points import witness_points

VERDICTS = {
    "equivalent": ("Equivalent", "green", ":material/check_circle:"),
    "not_equivalent": ("Not equivalent", "red", ":material/cancel:"),
    "unknown": ("Undecided", "orange", ":material/help:"),
}
RESULTS = {
    "proved": ":green-badge[:material/check: proved]",
    "refuted": ":red-badge[:material/close: refuted]",
    "unknown": ":gray-badge[? unknown]",
}
_OUTCOMES = {"verified": "green", "refuted": "red", "undecided": "gray"}

RULES_SHOWN = 8
RULES_AT_MOST = 60
POINT_ENTRIES_SHOWN = 12
HYPOTHESES_SHOWN = 20


def draw_card(card: Card) -> None:
    """The whole card is on the page; texts of models are shown as they are, whatever they hold."""
    try:
        report = Report.from_json(card.report)
    except InputError as error:  # one that another version kept
        st.warning(inert_sentence(f"this answer cannot be shown: {error}"), icon=":material/error:")
        return
    word, colour, icon = VERDICTS[report.verdict]
    with st.container(border=True):
        scope = f" :gray-badge[scope: {inert(report.scope)}]" if report.scope else ""
        st.markdown(
            f":{colour}-badge[{icon} **{word}**] :gray-badge[contract: {report.contract}] "
            f":gray-badge[relation: {report.relation}]{scope}"
        )
        st.markdown(f"**{inert_sentence(_capital(headline(report, card.reference, card.candidate)))}.**")
        if report.verdict != "equivalent" and report.reason:
            st.markdown(inert_sentence(_capital(report.reason)))
        for side, name in ((report.reference, card.reference), (report.candidate, card.candidate)):
            if side.written_by:
                st.markdown(
                    f":orange[{inert(name)} was written by a language model ({inert(side.written_by)}): "
                    "the verdict is about what it wrote]"
                )
        if report.counterexample is not None:
            _draw_counterexample(report, report.counterexample, card)
        if report.mapping is not None:
            _draw_mapping(report.mapping, MAPPING_TITLE[report.verdict])
        _draw_claims(report)
        _draw_models(report, card)
        if report.hypotheses:
            _draw_hypotheses(report)


def _draw_mapping(mapping: MappingSummary, title: str) -> None:
    st.markdown(f"**{title}** :gray[({inert_sentence(origin_text(mapping.origin, 'from '))})]")
    draw_rules(mapping.rules[:RULES_SHOWN])
    rest = mapping.rules[RULES_SHOWN:]
    if rest:
        with st.expander(f"{len(rest)} more rules"):
            draw_rules(rest[:RULES_AT_MOST])
            if len(rest) > RULES_AT_MOST:
                st.markdown(f"… and {len(rest) - RULES_AT_MOST} more; the report has all of them")
    if mapping.completed:
        names = ", ".join(inert(name) for name in mapping.completed[:POINT_ENTRIES_SHOWN])
        more = len(mapping.completed) - POINT_ENTRIES_SHOWN
        st.markdown(
            f"completed: {names}{f' … and {more} more' if more > 0 else ''} ({inert_sentence(completed_how(mapping))})"
        )
    if mapping.lifting is not None:
        st.markdown(
            f":gray[and back: the report has a lifting for {len(mapping.lifting)} candidate variables]", width="stretch"
        )
    if mapping.objective is not None:
        st.markdown("**Objectives**, as minimisation")
        formula = latex_of_objective(mapping.objective)
        if formula is None:
            st.markdown(inert_sentence(objective_relation_text(mapping.objective)))
        else:
            st.latex(formula, width="content")


def draw_rules(rules: Sequence[str]) -> None:
    """The rules are on the page, typeset; those that cannot be are shown as they are written."""
    formulas: list[str] = []
    for rule in (*rules, None):
        formula = None if rule is None else latex_of_rule(rule)
        if formula is not None:
            formulas.append(formula)
            continue
        if formulas:
            st.latex(stacked(formulas), width="content")
            formulas = []
        if rule is not None:
            st.code(code_of([rule]), language=None, wrap_lines=True)


def stacked(formulas: Sequence[str]) -> str:
    """Return formulas one below the other, aligned on the left."""
    lines = r" \\[0.3em] ".join(formulas)
    return rf"\begin{{array}}{{l}} {lines} \end{{array}}"


def _draw_claims(report: Report) -> None:
    st.markdown("**Claims**")
    rows = [
        {
            "claim": f"**{name}** {RESULTS[claim.result]} {'' if claim.result == 'unknown' else claim.strength}",
            "shown by": inert_sentence(claim.detail),
        }
        for name, claim in ((name, report.claims[name]) for name in CLAIM_NAMES)
    ]
    st.table(rows, border="horizontal")


def _draw_counterexample(report: Report, witness: CounterexampleSummary, card: Card) -> None:
    st.markdown(f"**Counterexample to {witness.claim}**")
    if witness.explanation:
        st.markdown(inert_sentence(_capital(witness.explanation)))
    evidence = card.evidence or ((f"violates {witness.violates}",) if witness.violates else ())
    if evidence:
        st.error("  \n".join(inert_sentence(line) for line in evidence), icon=":material/report:")
    sizes = report.reference.variables, report.candidate.variables
    points = witness_points(witness, *sizes, inert, POINT_ENTRIES_SHOWN, " in the report")
    rows = []
    for entries in zip_longest(*(cells for _, cells in points), fillvalue=("", "")):
        rows.append({title: _entry(*entry) for (title, _), entry in zip(points, entries, strict=True)})
    st.table(rows, border="horizontal", width="content")


def _entry(name: str, value: str) -> str:
    return f"{name} = **{value}**" if value else name


def _draw_models(report: Report, card: Card) -> None:
    rows = [
        {
            "": role,
            "name": inert(name, 30),
            "variables": f"{model.variables:,}",
            "integer": f"{model.integers:,}",
            "rows": f"{model.constraints:,}",
            "status": inert(model.status, 20),
            "optimum": "" if model.objective is None else inert(f"{model.objective:.10g}"),
        }
        for role, name, model in (
            ("reference", card.reference, report.reference),
            ("candidate", card.candidate, report.candidate),
        )
    ]
    with st.expander("The models", icon=":material/table_rows:"):
        st.table(rows, border="horizontal")


def _draw_hypotheses(report: Report) -> None:
    with st.expander(f"What was tried ({len(report.hypotheses)})", icon=":material/account_tree:"):
        for hypothesis in report.hypotheses[:HYPOTHESES_SHOWN]:
            colour = _OUTCOMES[hypothesis.outcome]
            rule = f" · {inert_sentence(hypothesis.rules[0], 100)}" if hypothesis.rules else ""
            st.markdown(
                f":{colour}-badge[{hypothesis.outcome}] {inert_sentence(origin_text(hypothesis.origin))}{rule}  \n"
                f":gray[{inert_sentence(hypothesis.reason, 300)}]"
            )
        if len(report.hypotheses) > HYPOTHESES_SHOWN:
            st.markdown(f"… and {len(report.hypotheses) - HYPOTHESES_SHOWN} more in the report")
        seconds = report.seconds.get("total", 0.0)
        st.markdown(f":gray[{seconds:.1f} s · planning: {inert_sentence(report.planning)}]")


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
