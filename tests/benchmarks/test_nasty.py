import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.run import check
from agent.settings import Settings
from benchmarks.nasty import CHECKS, main, outcomes_of, wrongs
from benchmarks.nasty_pairs import BASES, MUTATIONS, STEPS, nasty_pair
from tests.brute_force import BruteForce
from tools.formulation.json_format import parse_json
from tools.formulation.model import Formulation
from tools.report import CLAIM_NAMES, Report

SEEDS = range(2000, 2130)


def test_steps_keep_the_meaning_and_mutations_may_not() -> None:
    """Were a step or the enumeration wrong, some pair that nothing was changed in would not be a reformulation."""
    kept, broken = 0, 0
    for seed in SEEDS:
        pair = nasty_pair(seed)
        if pair.mutation == "integrality dropped":  # the slow ones
            continue
        holds = BruteForce(pair.reference, pair.candidate).verdict("reformulation", pair.mapping)
        kept += holds
        broken += not holds
        assert holds or pair.mutation, pair
    assert min(kept, broken) > 20


def test_everything_takes_part() -> None:
    seen = {what for pair in map(nasty_pair, range(650)) for what in (pair.kind, pair.mutation, *pair.steps)}
    assert seen == {*BASES, *STEPS, *MUTATIONS, "", "written in doubles", "renamed"}


def test_pairs_depend_on_their_seed_alone() -> None:
    assert nasty_pair(11) == nasty_pair(11) != nasty_pair(24)


def flipped(report: Report) -> Iterator[Report]:
    """Yield the report with one claim at a time turned round, then with the verdict turned round."""
    for name in CLAIM_NAMES:
        claim = report.claims[name]
        result: Any = {"proved": "refuted", "refuted": "proved"}[claim.result]
        yield replace(report, claims={**report.claims, name: replace(claim, result=result)})
    if report.verdict == "equivalent":
        yield replace(report, verdict="not_equivalent", scope="this mapping")
        yield replace(report, verdict="not_equivalent", scope="any mapping")
    else:
        yield replace(report, verdict="equivalent", scope=None)


@pytest.mark.parametrize("mutation", ["", "side moved"])
def test_whatever_is_turned_round_is_seen(mutation: str) -> None:
    looked_at = 0
    for seed in SEEDS:
        pair = nasty_pair(seed)
        if pair.mutation != mutation or looked_at == 4:
            continue
        (outcome,) = outcomes_of(pair, 10, CHECKS[-1:])
        report, truth = outcome.report, BruteForce(pair.reference, pair.candidate)
        if "unknown" in (report.verdict, *(claim.result for claim in report.claims.values())):
            continue
        assert outcome.wrong == ()
        assert all(list(wrongs(pair, truth, false)) for false in flipped(report)), pair
        looked_at += 1
    assert looked_at == 4


def test_a_counterexample_that_is_none_and_another_relation_are_seen() -> None:
    pair = next(pair for pair in map(nasty_pair, SEEDS) if pair.kind == "big M" and pair.mutation == "row dropped")
    truth = BruteForce(pair.reference, pair.candidate)
    (outcome,) = outcomes_of(pair, 10, CHECKS[-1:])
    witness = outcome.report.counterexample
    assert witness is not None
    far = dict.fromkeys(truth.candidate.names + truth.reference.names, "1/7")
    false = replace(outcome.report, counterexample=replace(witness, point=far))
    assert any("not feasible" in line for line in wrongs(pair, truth, false))


def test_rounding_must_not_refute() -> None:
    pair = next(pair for pair in map(nasty_pair, SEEDS) if pair.rounded)
    report = check(*(_read(model) for model in (pair.reference, pair.candidate)), Settings(memory="none"))
    truth = BruteForce(pair.reference, pair.candidate)
    assert list(wrongs(pair, truth, report)) == []
    false = replace(report, verdict="not_equivalent", scope="any mapping")
    assert any("rounding of doubles" in line for line in wrongs(pair, truth, false))


def _read(model: dict[str, Any]) -> Formulation:
    return parse_json(json.dumps(model))


def test_a_run_writes_its_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--first", "4", "--count", "2", "--out", str(tmp_path)]) == 0
    text = (tmp_path / "nasty.md").read_text()
    assert text in capsys.readouterr().out
    assert "Seeds 4 to 5, all of them: 2 pairs" in text
    assert "**Wrong verdicts, claims and counterexamples: 0.**" in text
    assert "| over-determined |" in text
