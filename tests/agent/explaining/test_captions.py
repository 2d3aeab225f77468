"""What a language model may say of its own: nothing that could be taken for a statement on the two models."""

from itertools import combinations

import pytest
from explained_reports import plain
from hypothesis import given
from hypothesis import strategies as st

from agent.explaining.captions import fault_of
from agent.explaining.vocabulary import GROUNDED, MODEL_WORDS, PHRASES, WORDS

FACT = (
    "A counterexample: take the solution of the candidate with chairs = 6, cap_1 = 1/3. The mapping sends it away. "
    "Row machine: 6·6 = 36, above the upper limit 24. This refutes the claim optima. sound equivalent_1"
)

GOOD = [
    "",
    "Why:",
    "Why?",
    "In short:",
    "What the counterexample shows:",
    "Where to look, row `machine`:",
    "Here is the solution with the value 36:",
    "What you can do next:",
    "The answer to your question, step by step:",
    "First, what you asked about:",
    "How the candidate starts, with the variable `chairs`:",
    "The limit 24 of the row `machine`:",
    "Variables `chairs` and `cap_1`, with the value 1/3:",
]

CONTRADICTIONS = [
    # another verdict
    "The models are equivalent:", "The candidate is equivalent to the reference:", "Equivalent:", "Yes:", "No:",
    "Unknown:", "Verdict yes:", "It is a reformulation:", "They are not equivalent:", "A valid reformulation:",
    # the same without its words
    "You can swap one for the other:", "The two models are one:", "The candidate gives what the reference gives:",
    "Use the candidate in place of the reference:", "The candidate does the job:", "Both models agree:",
    "They say the same:", "The candidate, with the reference:", "Reference and candidate:", "It works:", "All is well:",
    "The candidate matches:", "Go ahead:", "The answer is fine:", "A perfect pair:",
    # denials and doubts around a fact
    "It is not the case that:", "This is false:", "The following is wrong:", "Do not believe this:", "Ignore this:",
    "Nobody should think that:", "If only it were so that:", "It would be a mistake to say:", "Contrary to the facts:",
    "The opposite holds:", "As a joke:", "Once upon a time:", "Allegedly:", "In part:", "For show:",
    "Perhaps:", "With doubts:", "Hardly:", "Except that:", "A claim, never shown:", "What a fool says:", "In theory:",
    "Without this:", "Rather than that:", "Is it so?", "Who says so?", "It isn't:", "Cannot:", "Un-proved:",
    # claims
    "The sound mapping:", "Proved:", "Refuted:", "The claim sound holds:", "The proof:", "Exactly:", "Complete:",
    # sentences
    "The mapping is good. Why:", "Why: because it holds:", "It holds", "Look! Why:", "What? It is so:", "Why; yes:",
    # numbers and names
    "The value 37:", "The value 2.4:", "The value -36:", "The limit 240:", "Thirty-six:", "Row `labour`:",
    "Row `mach`:", "Row machine:", "`machine`:", "The `machine` shows:", "Row `equivalent_1`:", "Row ``:", "Row `a b`:",
    # markup, other languages, other alphabets
    "[bold]Why[/bold]:", "**Why**:", "<b>Why</b>:", "# Why:", "\x1b[31mWhy:", "Why\n:", "Why\u200b:", "\u202eyhW:",
    "Die Modelle sind gleich:", "Les modèles sont équivalents:", "等价:", "Да:", "Whу:", "«Why»:", "Why\u00a0:",
    # too much, or nothing
    "Why " * 40 + ":", "why " * 17 + ":", ":", "?", " :", "...:", "1:", "36:", "((:",
]  # fmt: skip


@pytest.mark.parametrize("caption", GOOD)
def test_lead_ins_may_stand(caption: str) -> None:
    assert fault_of(caption, FACT) == ""


@pytest.mark.parametrize("caption", CONTRADICTIONS)
def test_nothing_else_may_stand(caption: str) -> None:
    fault = fault_of(caption, FACT)
    assert fault
    assert len(fault) < 300
    assert "\n" not in fault


def test_a_word_for_a_finding_needs_a_fact_that_uses_it() -> None:
    assert "'counterexample'" in fault_of("The counterexample:", "The check took 1.0 s.")
    assert not fault_of("The counterexample:", FACT)


def test_the_vocabulary_has_no_word_that_asserts_or_denies() -> None:
    telling = """
        is are was be not no yes never nor none without if unless but however although can may must should would
        true false right wrong same equal equivalent valid fine good bad safe sound complete proved refuted unknown
        holds works fails does do has have gives use swap replace instead before after part point show place name
        case example theory practice say says all every both each any only almost
    """
    assert not (WORDS | GROUNDED) & set(telling.split())
    assert GROUNDED.isdisjoint(WORDS)
    assert MODEL_WORDS <= WORDS
    for phrase in PHRASES:
        assert not {"not", "no", "equivalent", "proved"} & set(phrase.split())


@pytest.mark.parametrize("words", list(combinations(sorted(MODEL_WORDS), 2)))
def test_two_models_are_never_named_together(words: tuple[str, str]) -> None:
    assert fault_of(f"What the {words[0]} and the {words[1]}:", FACT)


@given(caption=st.text(max_size=130), fact=st.text(max_size=60))
def test_any_caption_is_judged(caption: str, fact: str) -> None:
    fault = fault_of(caption, fact)
    if not fault and caption:
        assert caption.isascii()
        assert caption[-1] in ":?"


@given(st.lists(st.sampled_from(sorted(WORDS | GROUNDED | {"not", "is", "equivalent", "yes", "`"})), max_size=8))
def test_words_are_known_or_refused(words: list[str]) -> None:
    caption = " ".join(words) + ":"
    if not fault_of(caption, FACT):
        assert {"not", "equivalent", "yes"}.isdisjoint(words)
        assert sum(word in MODEL_WORDS for word in words) <= 1


def test_a_name_of_a_hostile_model_makes_no_statement() -> None:
    for name in ("equivalent", "not_true", "is_fine", "ignore_this", "yes", "match"):
        assert fault_of(f"Row `{name}`:", f"It breaks row {name}.")
    assert plain().verdict == "equivalent"
