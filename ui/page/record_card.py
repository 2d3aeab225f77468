"""One record of memory on the page; nothing that it says is trusted, whoever wrote it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice, zip_longest

import streamlit as st

from memory.record import Record
from memory.template import Template
from tools.errors import InputError
from tools.report import CounterexampleSummary
from ui.memory_text import witness_of
from ui.page.card import POINT_ENTRIES_SHOWN, RESULTS, RULES_AT_MOST, RULES_SHOWN, draw_rules
from ui.page.inert import inert, inert_sentence
from ui.safe_text import safe

LONGEST_RULE = 2_000
"""Characters of a rule that are shown."""

OUTCOMES = {
    "verified": ":green-badge[:material/check: verified]",
    "refuted": ":red-badge[:material/close: refuted]",
}


def draw_record(record: Record, forget: Callable[[], None] | None) -> None:
    """The record is on the page: mapping, template, claims, witness and models, and a way to `forget` it, if any."""
    st.markdown(
        f"{OUTCOMES[record.outcome]} :gray-badge[contract: {inert(record.contract)}] "
        f":gray-badge[{inert(record.kind, 100) or 'no kind'}]"
    )
    source = inert(record.source, 100) or "somewhere unsaid"
    st.markdown(f":gray[record {inert(record.id)}, learned from {source}]")
    if record.rules:
        _draw_rules("Mapping from candidate to reference solutions", record.rules)
    if record.template is not None:
        _draw_template(record.template)
    _draw_claims(record.claims)
    witness = witness_of(record)
    if witness is not None:
        _draw_witness(witness)
    _draw_models(record)
    st.caption("A record is a proposal: whatever it says is verified anew before it counts.")
    if forget is None:
        st.caption("Records are forgotten with `quasikarp memory forget`, or where the page is served to one machine.")
    else:
        with st.popover("Forget …", icon=":material/delete:"):
            st.markdown("Remove this record from memory for good? The same seeding does not bring it back.")
            st.button("Forget it", key=f"forget-{record.id}", type="primary", on_click=forget)


def _draw_rules(title: str, rules: Sequence[str]) -> None:
    st.markdown(f"**{title}**")
    rules = [safe(rule, LONGEST_RULE) for rule in rules]
    draw_rules(rules[:RULES_SHOWN])
    rest = rules[RULES_SHOWN:]
    if rest:
        with st.expander(f"{len(rest)} more rules"):
            draw_rules(rest[:RULES_AT_MOST])
            if len(rest) > RULES_AT_MOST:
                st.markdown(f"… and {len(rest) - RULES_AT_MOST} more; `quasikarp memory show` has all of them")


def _draw_template(data: Mapping[str, object]) -> None:
    try:
        template = Template.from_json(data)
    except InputError as error:
        st.warning(inert_sentence(f"the template cannot be read: {error}"))
        return
    _draw_rules("Template: Y is a reference family; Qa, Qb, … are candidate families", template.rules)


def _draw_claims(claims: Mapping[str, Mapping[str, str]]) -> None:
    st.markdown("**Claims**, as they were decided then")
    rows = [
        {
            "claim": f"**{inert(name)}**",
            "result": RESULTS.get(claim["result"], inert(claim["result"])),
            "strength": "" if claim["result"] == "unknown" else inert(claim["strength"]),
        }
        for name, claim in claims.items()
    ]
    st.table(rows, border="horizontal", hide_index=True)


def _draw_witness(witness: CounterexampleSummary) -> None:
    st.markdown(f"**Counterexample to {inert(witness.claim)}**")
    for text in (witness.explanation, f"violates {witness.violates}" if witness.violates else ""):
        if text:
            st.markdown(inert_sentence(text))
    columns = [(f"{witness.point_of} point", _cells(witness.point))]
    if witness.image is not None:
        columns.append(("its image", _cells(witness.image)))
    lines = zip_longest(*(cells for _, cells in columns), fillvalue="")
    titles = [inert(title) for title, _ in columns]
    st.table([dict(zip(titles, line, strict=True)) for line in lines], border="horizontal", hide_index=True)


def _cells(point: Mapping[str, str]) -> list[str]:
    cells = [
        f"{inert(name, 40)} = **{inert(value, 30)}**" for name, value in islice(point.items(), POINT_ENTRIES_SHOWN)
    ]
    if len(point) > POINT_ENTRIES_SHOWN:
        cells.append(f"… and {len(point) - POINT_ENTRIES_SHOWN} more")
    return cells or ["all variables 0"]


def _draw_models(record: Record) -> None:
    rows = [
        {
            "": role,
            "name": inert(model.name, 30) or "(no name)",
            "variables": inert(f"{model.variables:,}", 30),
            "integer": inert(f"{model.integers:,}", 30),
            "rows": inert(f"{model.constraints:,}", 30),
            "nonzeros": inert(f"{model.nonzeros:,}", 30),
        }
        for role, model in (("reference", record.reference), ("candidate", record.candidate))
    ]
    st.markdown("**Models**")
    st.table(rows, border="horizontal", hide_index=True)
