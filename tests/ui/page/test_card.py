"""The answer card: verdict, counterexample and claims are there; hostile and very long reports stay short and inert."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from agent.run import check
from agent.settings import Settings
from tools.report import Report
from ui.chat.blocks import Card
from ui.page.card import HYPOTHESES_SHOWN, POINT_ENTRIES_SHOWN, RULES_AT_MOST, RULES_SHOWN, stacked

MODELS = Path(__file__).resolve().parents[3] / "examples" / "models"
NASTY = "<script>x</script>$y$:red[z]"


def script(card: object) -> None:
    """The card alone."""
    from ui.page.card import draw_card

    draw_card(card)


@cache
def report_of(name: str) -> Report:
    settings = Settings(memory="none", planner="symbolic", time_limit=10)
    return check(MODELS / name / "reference.lp", MODELS / name / "candidate.lp", settings)


def drawn(report: Report, evidence: tuple[str, ...] = (), name: str = "r") -> AppTest:
    card = Card(report.to_json(), name, "c", evidence)
    app = AppTest.from_function(script, default_timeout=60, kwargs={"card": card}).run()
    assert not app.exception
    return app


def shown(app: AppTest) -> str:
    kinds: tuple[Any, ...] = (app.markdown, app.error, app.caption)
    return "\n".join(re.sub(r"\\([^\w\s])", r"\1", element.value) for kind in kinds for element in kind)


def test_a_yes_shows_its_mapping() -> None:
    app = drawn(report_of("digits"))
    assert "**Equivalent**" in shown(app)
    assert r"\mathrm{crates\_red}" in app.latex[0].value
    assert len(app.table[0].value) == 6
    assert not app.error


def test_a_no_shows_what_breaks() -> None:
    app = drawn(report_of("production"), ("row machine: 6 chairs + 4 tables = 36 > 24",))
    text = shown(app)
    for part in ("**Not equivalent**", "scope: this mapping", "**Counterexample to optima**", "36 > 24"):
        assert part in text, part
    assert "This candidate solution is optimal" in text
    table = app.table[0].value.to_string().replace("\\", "")
    assert "chairs = **6**" in table
    assert "all others = **0**" in table


def test_an_unknown_says_why() -> None:
    reason = "the time limit of 5 s was reached before a mapping was verified"
    open_ = replace(report_of("digits"), verdict="unknown", relation="undetermined", reason=reason, mapping=None)
    text = shown(drawn(open_))
    assert "**Undecided**" in text
    assert "The time limit of 5 s was reached" in text


def test_long_reports_are_cut_and_say_so() -> None:
    report = report_of("production")
    assert report.mapping is not None
    assert report.counterexample is not None
    rules = tuple(f"x{number} = y{number}" for number in range(5_000))
    point = {f"y{number}": "1" for number in range(5_000)}
    app = drawn(
        replace(
            report,
            mapping=replace(report.mapping, rules=rules),
            counterexample=replace(report.counterexample, point=point, image=point),
            hypotheses=report.hypotheses * 100,
        )
    )
    text = shown(app)
    assert len(app.table[0].value) == POINT_ENTRIES_SHOWN + 1
    assert f"and {5_000 - RULES_SHOWN - RULES_AT_MOST} more; the report has all of them" in text
    assert f"and {100 * len(report.hypotheses) - HYPOTHESES_SHOWN} more in the report" in text
    assert "x400" not in "".join(formula.value for formula in app.latex)


@pytest.mark.parametrize("field", ["reason", "planning"])
def test_no_text_of_a_report_has_a_meaning(field: str) -> None:
    report = report_of("production")
    assert report.counterexample is not None
    witness = replace(report.counterexample, point={NASTY: "1"}, image={NASTY: "1"}, explanation=NASTY)
    app = drawn(replace(report, counterexample=witness, **{field: NASTY}), (NASTY,), NASTY)
    texts = [element.value for kind in (app.markdown, app.error) for element in kind]
    texts += [table.value.to_string() for table in app.table]
    for text in texts:
        bare = re.sub(r"\\.", "", text)
        assert "<script" not in bare
        assert "$" not in bare
        assert ":red[z" not in bare


def test_a_rule_that_cannot_be_typeset_is_shown_as_written() -> None:
    report = report_of("digits")
    assert report.mapping is not None
    app = drawn(replace(report, mapping=replace(report.mapping, rules=("x = = y", "a = " + "b + " * 9_000 + "c"))))
    assert app.code[0].value == "x = = y"
    assert len(app.code[1].value) <= 400


def test_formulas_stand_below_each_other() -> None:
    assert stacked(["a", "b"]) == r"\begin{array}{l} a \\[0.3em] b \end{array}"


def test_a_report_of_another_version_is_one_line() -> None:
    app = AppTest.from_function(script, default_timeout=60, kwargs={"card": Card({"schema": "other"}, "r", "c")}).run()
    assert not app.exception
    assert len(app.warning) == 1
    assert not app.table
