from __future__ import annotations

import dataclasses
import doctest
from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tools.testing
from tools.claims.objective_relation import ObjectiveRelation
from tools.claims.outcome import Claim
from tools.errors import InputError, MappingError
from tools.formulation.lp_reader import parse_lp
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression, AffineMapping
from tools.mapping.total import TotalMapping
from tools.testing import mutated, run_reformulation_tests


def covering(
    x: str = "x", y: str = "y", *, shift: int = 0, top: int = 4, rows: str = "", integer: bool = True
) -> Formulation:
    """min 2x + 3y, 5x + 3y ≥ 7 in x - shift and y, both within 0..top."""
    return parse_lp(
        f"minimize 2 {x} + 3 {y}\nsubject to\nneed: 5 {x} + 3 {y} >= {7 + 5 * shift}\n{rows}\n"
        f"bounds\n{shift} <= {x} <= {top + shift}\n{y} <= {top}\ngeneral\n{f'{x} {y}' if integer else ''}\nend"
    )


def expression(constant: int = 0, **terms: int) -> AffineExpression:
    return AffineExpression(Fraction(constant), {name: Fraction(value) for name, value in terms.items()})


REFERENCE = covering(shift=3)
CANDIDATE = covering("u", "v")
SHIFT = AffineMapping({"x": expression(3, u=1), "y": expression(v=1)})
BACK = AffineMapping({"u": expression(-3, x=1), "v": expression(y=1)})


def test_the_example_in_the_docstring_is_what_happens() -> None:
    assert doctest.testmod(tools.testing) == (0, 7)


def test_a_right_mapping_passes_and_the_result_says_what_was_tested() -> None:
    sigma = ObjectiveRelation(Fraction(1), Fraction(6))
    result = run_reformulation_tests(REFERENCE, CANDIDATE, SHIFT, lifting=BACK, relation=sigma)
    assert set(result.claims.values()) == {"proved"}
    # of 25 points (0,0), (0,1), (0,2), (1,0) break 5u + 3v >= 7
    assert (result.exhaustive, result.candidate_points, result.reference_points) == (True, 21, 21)
    assert result.relation == sigma
    assert {mutant.outcome for mutant in result.mutants} == {"rejected"}
    assert {mutant.change for mutant in result.mutants} >= {
        "sign of u in x",
        "constant of x: 3 → 4",
        "x and y exchanged",
    }


def test_continuous_models_are_sampled() -> None:
    models = covering(shift=3, integer=False), covering("u", "v", integer=False)
    result = run_reformulation_tests(*models, SHIFT, lifting=TotalMapping.from_affine(BACK))
    assert not result.exhaustive
    assert min(result.candidate_points, result.reference_points) > 3
    assert all(mutant.outcome == "rejected" for mutant in result.mutants)


def test_unbounded_models_are_sampled_within_a_box() -> None:
    model = parse_lp("max x\nst\ngap: x - y <= 2\ngeneral\nx\nend")
    result = run_reformulation_tests(model, model, AffineMapping.identity(["x", "y"]))
    assert not result.exhaustive
    assert result.candidate_points > 3


def test_two_infeasible_models_pass_with_nothing_to_map() -> None:
    model = parse_lp("min x\nst\n2 x = 1\nbinary\nx\nend")
    result = run_reformulation_tests(model, model, "x = x")
    assert (result.exhaustive, result.candidate_points) == (True, 0)
    assert all(mutant.outcome == "still correct" for mutant in result.mutants)


def test_a_symmetric_exchange_is_shown_to_be_still_correct() -> None:
    model = parse_lp("min x + y\nst\nx + y >= 2\nbounds\nx <= 3\ny <= 3\ngeneral\nx y\nend")
    result = run_reformulation_tests(model, model, AffineMapping.identity(["x", "y"]))
    still = {mutant.change: mutant.reason for mutant in result.mutants if mutant.outcome == "still correct"}
    assert still == {"x and y exchanged": "right on every solution of both models"}


def test_every_mutant_of_a_right_mapping_fails_the_tests_itself() -> None:
    for seed in (0, 1):
        for change, mutant in mutated(SHIFT, seed):
            with pytest.raises(AssertionError, match=r"sound: .* at the candidate solution"):
                run_reformulation_tests(REFERENCE, CANDIDATE, mutant)
            assert change


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("x = u + 2\ny = v", r"sound: expected 'proved', found 'refuted', at the candidate solution \(u = "),
        ("x = v + 3\ny = u", "sound: expected 'proved'"),
        ("x = 5\ny = 0", "sound: expected 'proved'"),
        ("x = u + 3\ny = 0*v", "sound: expected 'proved'"),
    ],
)
def test_a_wrong_mapping_fails_with_the_claim_and_the_point(mapping: str, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        run_reformulation_tests(REFERENCE, CANDIDATE, mapping)


def test_what_is_expected_may_be_less_than_a_reformulation() -> None:
    narrower = covering(rows="cap: x + y <= 6")
    expect = {"sound": "proved", "optima": "proved", "complete": "refuted"}
    result = run_reformulation_tests(covering(), narrower, "x = x\ny = y", expect=expect)
    assert result.claims["complete"] == "refuted"
    with pytest.raises(
        AssertionError, match=r"complete: expected 'proved', found 'refuted', at the reference solution"
    ):
        run_reformulation_tests(covering(), narrower, "x = x\ny = y")
    with pytest.raises(AssertionError, match="sound: expected 'refuted', found 'proved'"):
        run_reformulation_tests(covering(), narrower, "x = x\ny = y", expect={"sound": "refuted"})
    with pytest.raises(InputError, match="'soundness'; the claims are status"):
        run_reformulation_tests(covering(), narrower, "x = x\ny = y", expect={"soundness": "proved"})  # type: ignore[dict-item]


def test_another_objective_relation_than_expected_fails() -> None:
    with pytest.raises(AssertionError, match="the objective relation: expected"):
        run_reformulation_tests(REFERENCE, CANDIDATE, SHIFT, relation=ObjectiveRelation(Fraction(1), Fraction(5)))


@pytest.mark.parametrize(
    ("lifting", "message"),
    [
        ({"u": expression(-2, x=1), "v": expression(y=1)}, "is above 4|the recovery leads back to"),
        ({"u": expression(-3, x=1), "v": expression(4, y=-1)}, "is .*, below 7|the recovery leads back to"),
    ],
)
def test_a_wrong_lifting_fails(lifting: Mapping[str, AffineExpression], message: str) -> None:
    with pytest.raises(AssertionError, match=f"the lifting: complete: at the reference solution .*({message})"):
        run_reformulation_tests(REFERENCE, CANDIDATE, SHIFT, lifting=AffineMapping(lifting))


def test_a_lifting_that_costs_too_much_fails() -> None:
    epigraph = parse_lp("min e\nst\nneed: 5 x + 3 y >= 7\nepi: e - 2 x - 3 y >= 0\nbounds\nx <= 4\ny <= 4\nend")
    above = AffineMapping({"x": expression(x=1), "y": expression(y=1), "e": expression(x=3, y=3)})
    run_reformulation_tests(covering(integer=False), epigraph, "x = x\ny = y")
    with pytest.raises(AssertionError, match=r"the lifting: complete: .* the value .* is worse than it may be"):
        run_reformulation_tests(covering(integer=False), epigraph, "x = x\ny = y", lifting=above)


def test_unusable_input_is_an_input_error() -> None:
    with pytest.raises(MappingError, match="'y'"):
        run_reformulation_tests(REFERENCE, CANDIDATE, "x = u")
    with pytest.raises(InputError):
        run_reformulation_tests("no/such/model.lp", CANDIDATE, SHIFT)


@pytest.mark.parametrize(
    ("claim", "change", "mapping", "message"),
    [
        ("sound", "proved", "x = u + 2\ny = v", "sound is proved .* but at the candidate solution"),
        ("complete", "proved", "x = u + 2\ny = v", "complete is proved .* but at the reference solution"),
        ("value", "proved", "x = u + 2\ny = v", "value is proved .* but the optimal values are 10 and 4"),
        ("optima", "proved", "x = u + 2\ny = v", "optima is proved .* but of the optimum"),
        ("optimum", "proved", "x = u + 2\ny = v", "optimum is proved .* but of the optimum"),
        ("status", "refuted", "x = u + 3\ny = v", "status is refuted .* but there are 21 and 21 solutions"),
        ("sound", "refuted", "x = u + 3\ny = v", "sound is refuted .* but every candidate solution maps"),
    ],
)
def test_brute_force_catches_an_engine_that_errs(
    monkeypatch: pytest.MonkeyPatch, claim: str, change: str, mapping: str, message: str
) -> None:
    honest = tools.testing.verify_pair

    def erring(*args: object, **options: object) -> object:
        found = honest(*args, **options)  # type: ignore[arg-type]
        wrong = Claim(claim, change, "exact", "so says the engine")  # type: ignore[arg-type]
        return dataclasses.replace(found, claims={**found.claims, claim: wrong})  # type: ignore[dict-item]

    monkeypatch.setattr(tools.testing, "verify_pair", erring)
    with pytest.raises(AssertionError, match=message):
        run_reformulation_tests(REFERENCE, CANDIDATE, mapping, expect={})


def test_an_engine_that_accepts_a_mutant_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = tools.testing.verify_pair
    answers: list[object] = []

    def credulous(*args: object, **options: object) -> object:
        if not answers:
            answers.append(honest(*args, **options))  # type: ignore[arg-type]
        carrier = dataclasses.replace(answers[0].carrier, mapping=args[1])  # type: ignore[attr-defined]
        return dataclasses.replace(answers[0], carrier=carrier)  # type: ignore[type-var]

    monkeypatch.setattr(tools.testing, "verify_pair", credulous)
    with pytest.raises(AssertionError, match=r"a mutant \(.*\) is judged wrongly: sound is proved"):
        run_reformulation_tests(REFERENCE, CANDIDATE, SHIFT)


def test_an_engine_that_changes_its_mind_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = tools.testing.verify_pair
    calls = iter(range(100))

    def moody(*args: object, **options: object) -> object:
        found = honest(*args, **options)  # type: ignore[arg-type]
        return dataclasses.replace(found, chosen=f"call {next(calls)}")

    monkeypatch.setattr(tools.testing, "verify_pair", moody)
    with pytest.raises(AssertionError, match="a second run differs"):
        run_reformulation_tests(REFERENCE, CANDIDATE, SHIFT)


def test_an_engine_that_changes_a_model_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = tools.testing.verify_pair
    model = covering("u", "v")

    def careless(*args: object, **options: object) -> object:
        object.__setattr__(model, "rows", ("renamed",))
        return honest(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(tools.testing, "verify_pair", careless)
    with pytest.raises(AssertionError, match="was changed while it was tested"):
        run_reformulation_tests(REFERENCE, model, SHIFT)


def test_text_that_does_not_come_back_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools.testing, "compact_rules", lambda *args: ["x = u", "y = v"])
    with pytest.raises(AssertionError, match="the mapping changes when it is written as rules"):
        run_reformulation_tests(REFERENCE, CANDIDATE, SHIFT)


@settings(max_examples=12)
@given(st.integers(1, 3), st.integers(-3, 3), st.sampled_from([-1, 1]), st.integers(0, 6), st.integers(0, 99))
def test_random_pairs_made_by_a_change_of_variables_pass(
    scale: int, shift: int, sign: int, side: int, seed: int
) -> None:
    """x = ±u + shift and y = v turn min scale·(x + 2y), x + 2y ≥ side + shift into a model in u and v."""
    low, high = sorted((shift, sign * 3 + shift))
    reference = parse_lp(
        f"min {scale} x + {2 * scale} y\nst\nneed: x + 2 y >= {side + shift}\n"
        f"bounds\n{low} <= x <= {high}\ny <= 3\ngeneral\nx y\nend"
    )
    candidate = parse_lp(
        f"min {sign} u + 2 v\nst\nneed: {sign} u + 2 v >= {side}\nbounds\nu <= 3\nv <= 3\ngeneral\nu v\nend"
    )
    mapping = AffineMapping({"x": expression(shift, u=sign), "y": expression(v=1)})
    result = run_reformulation_tests(reference, candidate, mapping, seed=seed)
    assert result.exhaustive
    assert result.candidate_points == result.reference_points
