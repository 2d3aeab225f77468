"""What a language model is asked: both models in brief, what is known of them, what memory said and what failed."""

from __future__ import annotations

from collections.abc import Sequence

from agent.context import RunContext
from agent.hypothesis import TrialDocument, is_recalled
from agent.language.chat import Message, ModelError
from agent.language.ledger import Ledger
from agent.language.one_line import one_line
from agent.language.tokens import count_tokens
from agent.prompts import prompt
from tools.report import Contract

MOST_LESSONS = 8
"""Failed hypotheses that a question tells of, the latest ones."""

LESSON_TOKENS = 1_500
LEAST_SUMMARY = 600
FRAME_TOKENS = 60
"""What joins the parts of a question."""

CONTRACT_MEANING: dict[Contract, str] = {
    "quasi-karp": "every optimal candidate solution is mapped to an optimal reference solution",
    "reformulation": "every feasible candidate solution is mapped to a feasible reference solution that is no worse, "
    "and every reference solution is reached",
}


def question_about(context: RunContext, ledger: Ledger) -> list[Message]:
    """Return the question of this round: both models in brief, what is known, what memory said, what failed.

    It stays within the tokens for one prompt, whatever the models. Raises `ModelError` where these are too few for any.
    """
    system = prompt("planner")
    known = known_facts(context)
    least = FRAME_TOKENS + LEAST_SUMMARY + count_tokens(system) + count_tokens(known)
    limit = ledger.limits.prompt_tokens - least
    if limit < 0:
        raise ModelError(
            f"{ledger.limits.prompt_tokens} tokens are too few for a prompt, which takes {least}", "limit", final=True
        )
    lessons = told_lessons(context.trials, min(LESSON_TOKENS, limit))
    models = context.digest.within(LEAST_SUMMARY + limit - count_tokens(lessons))
    parts = [models.text, known, lessons, "Propose mappings from candidate to reference."]
    return [Message("system", system), Message("user", "\n\n".join(part for part in parts if part))]


def known_facts(context: RunContext) -> str:
    """Return what the screen found about both models."""
    lines = []
    for side, facts in zip(("reference", "candidate"), context.pair.known_facts, strict=True):
        if facts is not None and facts.status != "unknown":
            lines.append(f"The {side} is known: {one_line(facts.detail, 300)}.")
    lines.append(f"What must hold: {CONTRACT_MEANING[context.settings.contract]}.")
    return "\n".join(lines)


def told_lessons(trials: Sequence[TrialDocument], limit: int) -> str:
    """Return what was tried and how it failed, the latest last, within so many tokens; the latest may lose its end."""
    told: list[str] = []
    spent = 0
    for trial in reversed(trials):
        if trial["outcome"] == "verified" or not (trial["lesson"] or trial["rules"]):
            continue
        source = "recalled from a similar pair" if is_recalled(trial["origin"]) else trial["origin"]
        rules = "; ".join(one_line(rule, 160) for rule in trial["rules"][:6])
        rules += f"; … ({len(trial['rules']) - 6} more rules)" if len(trial["rules"]) > 6 else ""
        text = f"- ({source}) {rules or 'no rules'} → {trial['outcome']}: {one_line(trial['lesson'], 600) or 'open'}"
        while not told and count_tokens(text) > limit and len(text) > 1:
            text = one_line(text, len(text) // 2)
        spent += count_tokens(text)
        if len(told) >= MOST_LESSONS or spent > limit:
            told.append("- (earlier ones are left out)")
            break
        told.append(text)
    return "" if not told else "Tried so far, with exact facts:\n" + "\n".join(reversed(told))
