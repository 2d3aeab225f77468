"""What the explanation without a language model says, for real reports and for made-up ones."""

import re
from dataclasses import replace
from typing import get_args

import pytest
from explained_reports import (
    NAMES,
    SCOPES,
    WITNESS,
    any_reports,
    checked,
    constructed_reports,
    hostile_reports,
    plain,
    real_reports,
    with_claims,
    words_of,
)
from hypothesis import given

from agent.explaining.facts import facts_of
from agent.explaining.template import explain
from tools.report import CLAIM_NAMES, Contract, HypothesisSummary, Report, Verdict

FIRST = {"equivalent": "Yes, ", "not_equivalent": "No, ", "unknown": "The answer is unknown "}
NUMBER = re.compile(r"\d+")


def first_sentence(text: str) -> str:
    return text.split("\n", 1)[0].split(". ", 1)[0].rstrip(".")


def require_sound(report: Report) -> None:
    """The text fits the verdict, has no number of its own, and nothing that a terminal interprets."""
    text = explain(report)
    head = first_sentence(text)
    assert head.startswith(FIRST[report.verdict])
    assert head.count("equivalent") == (report.verdict != "unknown")
    assert ("not equivalent" in head) == (report.verdict == "not_equivalent")
    assert (head.count("unknown") == 1) == (report.verdict == "unknown")
    assert report.contract in head
    assert max(map(len, text.split("\n"))) < 10_000
    assert all(c == "\n" or c.isprintable() for c in text)
    assert "  \n" not in text
    assert not re.search(r"\.\.|\s[.,;]|\(\)|: \.|\b1 (rules|rows|variables|mappings)\b", text.replace("…", ""))


def require_own_words_fit(report: Report) -> None:
    text = explain(report)
    if report.verdict != "equivalent":
        assert not re.search(r"(?<!not )equivalent", text)
        assert "Yes" not in text
    assert text.count("equivalent") == (report.verdict != "unknown")
    assert ("the mapping, solve the candidate" in text) == (
        report.verdict == "equivalent" and report.mapping is not None
    )


def require_numbers_from(report: Report) -> None:
    said = words_of(report)
    counts = {len(report.hypotheses), report.model_calls}
    for outcome in ("verified", "refuted", "undecided"):
        counts.add(sum(trial.outcome == outcome for trial in report.hypotheses))
    for part in (report.mapping and report.mapping.rules, report.mapping and report.mapping.completed):
        counts |= {len(part or ()), len(part or ()) - 8}
    if report.mapping is not None and report.mapping.lifting:
        counts.add(len(report.mapping.lifting))
    witness = report.counterexample
    counts |= {len(point or ()) - 8 for point in (witness and witness.point, witness and witness.image)}
    counts |= {len(report.hypotheses) - 3 - k for k in range(5)}
    text = re.sub(r"The check took (under )?[\d.]+ s\.", "", explain(report))
    text = text.replace("every variable 0", "").replace("every other variable 0", "")
    unknown = [number for number in NUMBER.findall(text) if number not in said and int(number) not in counts]
    assert not unknown, (unknown, text)


@pytest.mark.parametrize("contract", get_args(Contract))
@pytest.mark.parametrize("name", NAMES)
def test_real_reports_are_told_soundly(name: str, contract: Contract) -> None:
    report = checked(name, contract)
    require_sound(report)
    require_own_words_fit(report)
    require_numbers_from(report)
    read_back = Report.from_json(report.to_json())
    assert explain(read_back) == explain(report)


def test_constructed_reports_are_told_soundly() -> None:
    for report in constructed_reports():
        require_sound(report)
        require_own_words_fit(report)
        require_numbers_from(report)


def test_hostile_words_are_inert() -> None:
    for report in hostile_reports():
        text = explain(report)
        head = first_sentence(text)
        assert head.startswith(FIRST[report.verdict])
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert max(map(len, text.split("\n"))) < 10_000
        assert len(text) < 20_000
        assert head == first_sentence(explain(plain(report.verdict, scope=report.scope)))


@given(report=any_reports)
def test_any_report_is_told(report: Report) -> None:
    text = explain(report)
    head = first_sentence(text)
    assert head.startswith(FIRST[report.verdict])
    assert head.count("equivalent") == (report.verdict != "unknown")
    assert max(map(len, text.split("\n"))) < 10_000
    assert all(c == "\n" or c.isprintable() for c in text)
    facts = facts_of(report)
    assert [fact.topic for fact in facts].count("verdict") == 1
    assert facts[0].topic == "verdict"
    assert all(fact.text.endswith((".", ":")) or fact.lines for fact in facts)


def test_the_same_report_is_told_in_the_same_words() -> None:
    assert [explain(report) for report in real_reports()] == [explain(report) for report in real_reports()]


def test_a_no_shows_point_image_row_and_margin() -> None:
    text = explain(checked("production", "quasi-karp"))
    for part in (
        "take the solution of the candidate with chairs = 6, every other variable 0",
        "row machine: 6·6 = 36, above the upper limit 24",
        "This refutes the claim optima.",
        "No, with this mapping",
        "another mapping between the same two models may still hold",
        "make it forbid the counterexample's point (row machine)",
    ):
        assert part in text


def test_a_yes_shows_how_the_mapping_is_used() -> None:
    text = explain(checked("digits", "reformulation"))
    for part in (
        "crates_red = red_0 + 10*red_1",
        "To use the mapping, solve the candidate",
        "a lifting that gives values to 4 candidate variables",
        "All six claims are proved",
        "exact arithmetic",
    ):
        assert part in text


def test_an_unknown_says_why_and_what_can_be_done() -> None:
    text = explain(checked("lost_row", "quasi-karp"))
    assert "chosen rather than structural" in text
    assert "coefficients were picked to make things fit" in text
    assert "--hint" in text
    assert "no refusal" in text


@pytest.mark.parametrize("scope", SCOPES)
def test_the_scope_of_a_no_is_named(scope: str | None) -> None:
    text = explain(plain("not_equivalent", scope=scope))
    assert ("No, with this mapping" in text) == (scope == "this mapping")
    assert (", whatever the mapping:" in text) == (scope == "any mapping")
    assert ("whatever the affine mapping" in text) == (scope == "every affine mapping")
    assert ("every mapping in permutations" in text) == (scope == "every mapping in permutations")


def test_limits_that_ended_the_search_are_told() -> None:
    text = explain(plain("unknown", reason="the time limit of 5 s was reached before a mapping was verified"))
    assert "the time limit of 5 s was reached" in text
    assert "--time-limit" in text
    assert "--time-limit" not in explain(plain("unknown", reason="nothing fits"))


def test_a_solver_is_named_where_its_word_counts() -> None:
    text = explain(with_claims(plain(), "proved", "status", "value", strength="solver"))
    assert "For status and value there is a floating-point solver's word only" in text
    assert "because of status" in text
    assert "exact arithmetic" not in text


def test_what_a_quasi_karp_yes_leaves_open() -> None:
    assert (
        "some solutions of the reference have no counterpart"
        in explain(with_claims(plain(), "refuted", "complete")).lower()
    )
    assert "Only optimal solutions are covered" in explain(with_claims(plain(), "unknown", "sound"))
    assert "also on one that is not optimal" in explain(plain())


def test_vacuous_is_said() -> None:
    report = plain()
    model = replace(report.reference, status="infeasible", objective=None)
    text = explain(replace(report, reference=model, candidate=model))
    assert "only vacuously" in first_sentence(text)


def test_one_and_many() -> None:
    report = plain()
    assert report.mapping is not None
    one = explain(replace(report, mapping=replace(report.mapping, rules=("x = u",), completed=("y",))))
    assert "Its only rule, " in one
    assert "1 reference variable is completed" in one
    many = explain(replace(report, mapping=replace(report.mapping, completed=("y", "z"))))
    assert "It has 2 rules, " in many
    assert "2 reference variables are completed" in many
    assert "y and z" in many
    assert "A language model was asked once;" in explain(replace(report, model_calls=1))


@pytest.mark.parametrize(
    ("objective", "told"),
    [
        ({"scale": "1", "offset": "0"}, "stands for the same value"),
        ({"scale": "2", "offset": "0"}, "reference = 2 × candidate, both"),
        ({"scale": "1", "offset": "-1/2"}, "reference = candidate - 1/2, both"),
        ({"scale": "1/3", "offset": "4"}, "reference = 1/3 × candidate + 4, both"),
        (None, "No relation between the objective values"),
    ],
)
def test_the_objective_relation(objective: dict[str, str] | None, told: str) -> None:
    report = plain()
    assert report.mapping is not None
    assert told in explain(replace(report, mapping=replace(report.mapping, objective=objective)))


def test_long_points_are_cut() -> None:
    point = {f"u_{i}": "1" for i in range(100)}
    text = explain(plain("not_equivalent", counterexample=replace(WITNESS, point=point)))
    assert "u_7 = 1" in text
    assert "u_8 = 1" not in text
    assert "92 more variables not 0" in text


@pytest.mark.parametrize(
    ("origin", "told"),
    [
        ("user:mapping", "given by the user"),
        ("memory:abc", "recalled from memory (record abc)"),
        ("llm:gpt", "proposed by the language model gpt"),
        ("symbolic:synthesis-selection", "found by solving for its coefficients"),
        ("symbolic:new", "proposed by symbolic:new"),
    ],
)
def test_origins_are_told_in_words(origin: str, told: str) -> None:
    report = plain()
    assert report.mapping is not None
    assert told in explain(replace(report, mapping=replace(report.mapping, origin=origin)))


def test_what_else_failed_is_told_once() -> None:
    trials = tuple(HypothesisSummary("o", ("a = b",), "refuted", "the same reason") for _ in range(5))
    text = explain(plain("unknown", hypotheses=trials))
    assert text.count("the same reason") == 1
    assert "5 mappings were tried, and all were refuted." in text


@pytest.mark.parametrize("verdict", get_args(Verdict))
def test_every_claim_is_told(verdict: Verdict) -> None:
    text = explain(with_claims(plain(verdict), "refuted", "sound", "optima"))
    for name in CLAIM_NAMES:
        assert f"{name}: " in text
