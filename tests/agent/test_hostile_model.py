"""A language model that lies gets no wrong verdict: 50 pairs, 2,000 answers, judged by the definitions."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from agent.language.configuration import LanguageModel
from agent.language.scripted import ScriptedModel
from agent.run import check
from agent.settings import Settings
from tests.agent.hostile_answers import hostile_answer
from tests.tools.claims.brute_force import Affine, Scaling, Truth
from tests.tools.claims.random_pairs import random_case
from tools.formulation.model import Formulation
from tools.formulation.numbers import parse_rational
from tools.report import Report

PAIRS = 50
ANSWERS = 40
LIMITS = LanguageModel("liar", calls=200, tokens=10**7)


def falsehoods(reference: Formulation, candidate: Formulation, report: Report) -> list[str]:
    """Return what the definitions contradict in a report that says "equivalent"."""
    mapping = report.mapping
    assert mapping is not None
    if mapping.completed_by is not None:
        return []
    at = candidate.variable_index
    expressions = [mapping.recovery[name] for name in reference.variables]
    truth = Truth(
        reference,
        candidate,
        Affine(
            [parse_rational(e["constant"]) for e in expressions],
            [{at[name]: parse_rational(a) for name, a in e["terms"].items()} for e in expressions],
        ),
    )
    given = mapping.objective
    sigma = truth.sigma or (given and Scaling(parse_rational(given["scale"]), parse_rational(given["offset"])))
    found = {"status": truth.status(), "optima": truth.optima()}
    if report.contract == "reformulation" and sigma is not None:
        found |= {"sound": truth.sound(sigma), "complete": truth.complete(sigma)}
    return [f"{name} is false" for name, holds in found.items() if holds is False]


@pytest.mark.filterwarnings("ignore:.*planning is symbolic:RuntimeWarning")
@pytest.mark.parametrize("seed", range(PAIRS))
def test_no_lie_ends_in_a_false_equivalent(seed: int) -> None:
    case = random_case(seed + 7_000)
    reference = case.reference.build()
    candidate = case.candidate.build()
    candidate = replace(candidate, variables=tuple(f"c{k}" for k in range(len(candidate.variables))))
    truth = Truth(reference, candidate, Affine(case.recovery.constants, [{} for _ in case.recovery.constants]))
    best = truth.reference.best
    optima = [x for piece in truth.reference.slices for x in piece if truth.reference.value(x) == best][:5]
    rng = random.Random(seed)
    answers = [hostile_answer(rng, case, optima) for _ in range(ANSWERS)]
    settings = Settings(
        ("quasi-karp", "reformulation")[seed % 2], time_limit=20, rounds=100, planner="llm", memory="none", seed=seed
    )
    while answers:
        model = ScriptedModel(answers, "liar", limits=LIMITS)
        report = check(reference, candidate, replace(settings, model=model))
        assert report.model_calls >= 1
        assert report.scope in (None, "any mapping", "every affine mapping")
        if report.verdict == "equivalent":
            assert falsehoods(reference, candidate, report) == []
        answers = answers[len(model.asked) :]  # what came after an end is tried in a run of its own
