import io
from dataclasses import replace

import pytest
from rich.console import Console

from tools.report import ClaimSummary, HypothesisSummary, OriginCost, Report
from ui.report_text import headline, objective_relation_text, print_report
from ui.safe_text import safe

HOSTILE = ["[red]x[/red]", "\x1b[31mx", "x\ny", "\x07" * 50, "n" * 10_000, "[/]", ":boom:", "\u202ex"]


def shown(report: Report, *, terminal: bool = False, evidence: tuple[str, ...] = ()) -> str:
    file = io.StringIO()
    console = Console(file=file, width=100, force_terminal=terminal, color_system="standard" if terminal else None)
    print_report(console, report, reference="reference.lp", candidate="candidate.lp", evidence=evidence)
    return file.getvalue()


def test_the_headline_names_contract_and_relation(equivalent: Report) -> None:
    assert shown(equivalent).splitlines()[0] == (
        "equivalent under quasi-karp: every optimum of candidate.lp maps to an optimum of reference.lp; "
        "relation: narrowing, some reference solutions are gone and an optimal one stays"
    )


def test_other_headlines(equivalent: Report, refuted: Report, undecided: Report) -> None:
    assert headline(refuted, "r", "c") == (
        "not equivalent under quasi-karp (this mapping): not every optimum of c maps to an optimum of r; "
        "relation: relaxation, some candidate solutions are not reference solutions"
    )
    infeasible = replace(refuted, candidate=replace(refuted.candidate, status="infeasible"))
    assert "r has an optimum, c is infeasible" in headline(infeasible, "r", "c")
    assert "do not correspond" in headline(replace(refuted, contract="reformulation"), "r", "c")
    assert headline(undecided, "r", "c").startswith("undecided under quasi-karp")
    assert "no worse" in headline(replace(equivalent, contract="reformulation"), "r", "c")
    for status, word in (("infeasible", "vacuously"), ("unbounded", "both models are unbounded")):
        sides = {side: replace(getattr(equivalent, side), status=status) for side in ("reference", "candidate")}
        assert word in headline(replace(equivalent, **sides), "r", "c")


@pytest.mark.parametrize(
    ("scale", "offset", "text"),
    [
        ("2", "3", "reference = 2·candidate + 3"),
        ("1", "0", "reference = candidate"),
        ("1/3", "-1/2", "reference = 1/3·candidate - 0.5"),
    ],
)
def test_the_objective_relation_is_mathematics(scale: str, offset: str, text: str) -> None:
    assert objective_relation_text({"scale": scale, "offset": offset}) == text


def test_every_part_of_a_yes_is_there(equivalent: Report) -> None:
    text = shown(equivalent)
    for part in ("every row carries over", "x = u", "symbolic:names", "reference = 2·candidate + 3", "0.25 s"):
        assert part in text
    for claim in ("status", "value", "optimum", "optima", "sound", "complete"):
        assert f"why {claim} holds" in text


def test_a_no_shows_the_broken_row_and_both_points(refuted: Report) -> None:
    text = shown(refuted, evidence=("row cap: 3 x + 2 y = 11 > 10", "3·3 + 2·1 = 11"))
    assert "row cap: 3 x + 2 y = 11 > 10" in text
    assert "Counterexample to sound" in text
    assert "its image in the reference" in text
    assert [line.split() for line in text.splitlines() if line.split()[:2] == ["u", "3"]] == [["u", "3", "x", "3"]]
    assert "violates row cap" in shown(refuted)


def test_long_mappings_are_folded(equivalent: Report) -> None:
    assert equivalent.mapping is not None
    mapping = replace(equivalent.mapping, rules=tuple(f"x_{k} = y_{k}" for k in range(500)))
    text = shown(replace(equivalent, mapping=mapping))
    assert "x_19 = y_19" in text
    assert "x_20" not in text
    assert "… and 480 more; --json shows all" in text


def test_long_points_and_lists_of_hypotheses_are_folded(refuted: Report) -> None:
    assert refuted.counterexample is not None
    witness = replace(refuted.counterexample, point={f"u{k}": "1" for k in range(100)}, image=None)
    tried = tuple(HypothesisSummary(f"origin {k}", (), "refuted", "no") for k in range(30))
    text = shown(replace(refuted, counterexample=witness, hypotheses=tried))
    assert "… and 85 more" in text
    assert "… and 20 more" in text


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("terminal", [False, True])
def test_hostile_names_are_inert(refuted: Report, name: str, terminal: bool) -> None:
    assert refuted.mapping is not None
    assert refuted.counterexample is not None
    report = replace(
        refuted,
        reason=f"about {name}",
        scope=name,
        claims={**refuted.claims, "sound": ClaimSummary("refuted", "exact", name)},
        mapping=replace(refuted.mapping, rules=(name,), completed=(name,), origin=name),
        counterexample=replace(
            refuted.counterexample, point={name: "1"}, image={name: name}, violates=name, explanation=name
        ),
        hypotheses=(HypothesisSummary(name, (name,), "refuted", name),),
        reference=replace(refuted.reference, name=name, status=name),
        seconds={"total": 1.0, name: 1.0},
    )
    text = shown(report, terminal=terminal, evidence=(safe(name),))
    assert "\x07" not in text
    assert "\u202e" not in text
    assert "n" * 61 not in text
    assert terminal or "\x1b" not in text
    if name in ("[red]x[/red]", "[/]", ":boom:"):
        assert name in text


def test_colours_are_for_terminals(equivalent: Report) -> None:
    assert "\x1b[" in shown(equivalent, terminal=True)
    assert "\x1b" not in shown(equivalent)


def test_a_recalled_mapping_names_its_record(equivalent: Report) -> None:
    assert equivalent.mapping is not None
    record = "4ef55f852689ce790b85e1d7"
    recalled = replace(
        equivalent,
        mapping=replace(equivalent.mapping, origin=f"memory:{record}"),
        hypotheses=(replace(equivalent.hypotheses[0], origin=f"memory:{record}"),),
    )
    text = shown(recalled)
    assert f"solutions (recalled from memory record {record})\n" in text
    assert "memory:" not in text
    assert text.count("recalled from memory record") == 2
    assert "(from symbolic:names)\n" in shown(equivalent)
    assert recalled.to_json()["mapping"]["origin"] == f"memory:{record}"


def test_a_model_that_a_language_model_wrote_is_marked(equivalent: Report) -> None:
    assert "language model" not in shown(equivalent)
    written = replace(equivalent, candidate=replace(equivalent.candidate, written_by="llm:some-model"))
    assert (
        "\ncandidate.lp was written by a language model (llm:some-model): the verdict is about what it wrote\n"
        in shown(written)
    )


def test_what_a_language_model_took_is_a_line(equivalent: Report) -> None:
    cost = OriginCost(hypotheses=2, calls=3, prompt_tokens=1000, completion_tokens=50, money=0.0123)
    report = replace(
        equivalent,
        planning="the language model m",
        costs={"llm:m": cost},
        seconds={"total": 1.0, "plan": 1.0, "llm:m": 0.5},
    )
    assert shown(report).endswith(
        "1.00 s (plan 1.00)\nplanning: the language model m\n"
        "llm:m: calls 3, tokens 1050, money 0.0123, hypotheses 2, 0.50 s\n"
    )
