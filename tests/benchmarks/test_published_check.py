from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from agent.language.configuration import LanguageModel
from agent.language.scripted import ScriptedModel
from benchmarks.published_check import (
    EQUAL_VALUE,
    TRANSFORMATION,
    UNRELATED,
    Task,
    allowing_every_question,
    load,
    main,
    pair_of,
    rank_one,
    rules_on,
    without_constants,
)
from benchmarks.published_check_summary import (
    BROKEN,
    HARMLESS,
    HOLDS,
    NARROWED,
    UNDECIDED,
    asked_summary,
    class_of,
    is_wrong,
    summary,
)
from benchmarks.transform_bases import OWN
from tools.errors import InputError
from tools.mapping.affine import AffineExpression, AffineMapping


@pytest.mark.slow
def test_a_few_pairs_are_run_once_and_summed_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = tmp_path / "work", tmp_path / "out"
    arguments = ["--bases", "integer_knapsack", "machines", "--limit", "4", "--folder", str(folder), "--out", str(out)]
    assert main(arguments) == 0
    records = load(folder / "results.jsonl", 0)
    assert len(records) == 4
    text = (out / "published_check.md").read_text()
    assert "**Wrong verdicts of quasikarp: 0.**" in text
    assert "python -m benchmarks published_check --bases integer_knapsack machines --limit 4`" in text
    before = (folder / "results.jsonl").read_text()
    assert main(arguments) == 0
    assert (folder / "results.jsonl").read_text() == before
    capsys.readouterr()


def test_without_a_language_model_its_part_is_skipped_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--with-model", "--limit", "1"]) == 0
    assert capsys.readouterr().out == "--with-model is skipped: no language model is configured\n"


def test_an_unknown_base_lists_the_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--bases", "none_such"]) == 2
    assert "known are" in capsys.readouterr().err


@pytest.mark.slow
def test_a_language_model_can_be_asked_instead(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = ScriptedModel(["no idea"], "parrot", repeat=True)
    arguments = ["--with-model", "--bases", "machines", "--parts", "transformation", "--limit", "1"]
    assert main([*arguments, "--time-limit", "10", "--out", str(tmp_path)], model) == 0
    text = (tmp_path / "published_check_with_model.md").read_text()
    assert "| EquivaMap | 1 | 0 |" in text
    assert "those of parrot" in text
    capsys.readouterr()


def test_true_maps_pass_and_so_does_a_map_between_strangers() -> None:
    said = rules_on(pair_of(Task(TRANSFORMATION, "integer_knapsack", "digits"), OWN, 0))
    assert said["published"]
    assert said["execution, absolute"]
    assert not said["WL"]
    for part, equal in ((UNRELATED, False), (EQUAL_VALUE, True)):
        pair = pair_of(Task(part, "integer_knapsack", "transport"), OWN, 0)
        said = rules_on(pair)
        assert said["published"]
        assert said["execution, absolute"] == equal


def test_constant_terms_cannot_be_said() -> None:
    pair = pair_of(Task(TRANSFORMATION, "integer_knapsack", "complement"), OWN, 0)
    said = rules_on(pair)
    assert said["needs constants"]
    assert not said["published"]
    assert said["with constants"]
    mapping = AffineMapping({"x": AffineExpression(Fraction(1)), "y": AffineExpression.variable("u")})
    assert list(without_constants(mapping).expressions) == ["y"]


def test_the_rank_one_map_carries_the_optimum_and_needs_one() -> None:
    reference, candidate = OWN["machines"](), OWN["integer_knapsack"]()
    best = [Fraction(k, 3) for k in range(len(reference.variables))]
    theirs = [Fraction(k) for k in (0, 2, 0, 5)]
    image = rank_one(reference, best, candidate, theirs).apply(dict(zip(candidate.variables, theirs, strict=True)))
    assert list(image.values()) == best
    with pytest.raises(InputError, match="zero"):
        rank_one(reference, best, candidate, [Fraction(0)] * 4)


def test_every_variable_can_be_asked_about_in_every_try() -> None:
    model = LanguageModel("m", money=0.5, prices=(1.0, 2.0))
    asked = allowing_every_question(model, 20)
    assert isinstance(asked, LanguageModel)
    assert (asked.calls, asked.tokens, asked.money) == (60, 480_000, 0.5)
    scripted = ScriptedModel([])
    assert allowing_every_question(scripted, 20) is scripted


def _record(part: str, verdict: str, optima: str = "carried", whole: str = "confirmed", **accepts: bool) -> Any:
    rules = dict.fromkeys(
        ("execution, absolute", "execution, relative", "WL", "published", "with constants", "as released"), False
    )
    return {
        "task": {"part": part, "base": "b", "what": "slack", "mutation": "cut" if part == "mutant" else ""},
        "rules": {**rules, **accepts, "needs constants": False, "endings": dict.fromkeys(rules, "crashed")},
        "quasikarp": {"verdict": verdict, "reason": "why", "seconds": 0.5, "witness": None, "claims": {}},
        "truth": {"optima": {"result": optima}, "reformulation": {"result": whole}},
        "wall": 1.0,
    }


def test_classes_come_from_the_construction_and_the_independent_scripts() -> None:
    assert class_of(_record("transformation", "unknown", "unsure")) == HOLDS
    assert class_of(_record("mutant", "unknown")) == HARMLESS
    assert class_of(_record("mutant", "unknown", "carried", "refuted")) == NARROWED
    assert class_of(_record("mutant", "unknown", "lost")) == BROKEN
    assert class_of(_record("mutant", "unknown", "unsure")) == UNDECIDED


def test_wrong_verdicts_are_counted() -> None:
    assert is_wrong(_record("mutant", "equivalent", "lost"))
    assert is_wrong(_record("unrelated", "equivalent"))
    assert is_wrong(_record("transformation", "not_equivalent"))
    assert not is_wrong(_record("mutant", "equivalent", "carried", "refuted"))
    assert not is_wrong(_record("empty", "refused"))


def test_the_tables_count_false_accepts_and_false_rejects() -> None:
    records = [
        _record("transformation", "equivalent", published=True),
        _record("mutant", "not_equivalent", "lost", published=True),
        _record("mutant", "unknown", "lost"),
        _record("unrelated", "unknown", published=True),
        {"task": {"part": "mutant", "base": "b", "what": "s", "mutation": ""}, "skipped": "why", "wall": 1.0},
        {"task": {"part": "mutant", "base": "b", "what": "s", "mutation": ""}, "error": "it broke", "wall": 1.0},
    ]
    text, wrong = summary(records, seed=0, command="run", machine="here")
    assert wrong == 0
    assert f"| {BROKEN} | 2 | 0 | 0 | 0 | 1 | 0 | 0 | 0 / 1 / 1 |" in text
    assert "| published | 1 of 2 (50.0%) | 1 of 1 (100.0%) | 0 of 1 (0.0%) | – |" in text
    assert "| quasikarp | 0 of 2 (0.0%) | 0 of 1 (0.0%) | 0 of 1 (0.0%) | 2 of 4 (50.0%), 0 of them right |" in text
    assert "it broke" in text
    assert summary([], seed=0, command="run", machine="here")[1] == 0


def test_misses_of_a_language_model_are_listed() -> None:
    record = {
        "task": {"part": "transformation", "base": "b", "what": "slack", "mutation": ""},
        "equivamap": {"accepted": False, "why": "nothing fits", "calls": 3, "tries": 3},
        "quasikarp": {"verdict": "equivalent", "by the model": True, "reason": "", "calls": 1},
    }
    text = asked_summary([record, {"skipped": "x"}], "m", command="run", machine="here")
    assert "| EquivaMap | 1 | 0 | – | 3 |" in text
    assert "| quasikarp, planner llm | 1 | 1 | 0 | 1 |" in text
    assert "nothing fits" in text
