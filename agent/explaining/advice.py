"""What a verdict does not say, and what a modeller can do next."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.explaining.fact import Fact
from agent.explaining.inert import sentence
from agent.explaining.manner import COMMAND_LINE, Manner
from agent.explaining.verdict import falls_short, statuses_differ
from tools.report import CounterexampleSummary, Report

_LIMIT = re.compile(r"\blimit of\b|\blimit was reached\b|stopped early", re.IGNORECASE)


def limits(report: Report) -> Iterator[Fact]:
    """Yield what the verdict covers and what it leaves open."""
    result = {name: claim.result for name, claim in report.claims.items()}
    if falls_short(report):
        yield Fact("limits", "Where a solver's word is enough, check again without the demand for a certificate.")
        return
    if report.verdict == "unknown":
        yield Fact(
            "limits", "An open answer is no refusal: a mapping that settles the question may exist and was not found."
        )
        return
    if report.verdict == "not_equivalent":
        if report.scope == "this mapping":
            yield Fact(
                "limits", "The no is about this mapping; another mapping between the same two models may still hold."
            )
        elif report.scope == "every affine mapping":
            yield Fact("limits", "A mapping that is not affine is not excluded.")
        return
    if report.candidate.status == "infeasible" and report.reference.status == "infeasible":
        yield Fact(
            "limits", "An infeasible model is often a mistake in its data or its rows, so both are worth a second look."
        )
        return
    if report.contract == "quasi-karp":
        if result["sound"] == "proved":
            yield Fact(
                "limits",
                "The mapping may be used on every solution of the candidate, also on one that is not optimal.",
            )
        else:
            yield Fact(
                "limits",
                "Only optimal solutions are covered: a candidate solution that is not optimal, such as one from a run "
                "that was stopped early, may map to a point that is no solution of the reference.",
            )
        if result["complete"] == "refuted":
            yield Fact(
                "limits",
                "Some solutions of the reference have no counterpart in the candidate, so other optima may be lost.",
            )
        elif result["complete"] == "unknown":
            yield Fact("limits", "Whether every solution of the reference has a counterpart is left open.")
    yield Fact(
        "limits",
        "The answer is about these two models with their data; other sizes or other numbers need a check of their own.",
    )


def next_steps(report: Report, manner: Manner = COMMAND_LINE) -> Iterator[Fact]:
    """Yield what can be done next, the likeliest help first, in the words for where the reader asks."""
    result = {name: claim.result for name, claim in report.claims.items()}
    if report.verdict == "equivalent":
        if report.contract == "quasi-karp" and result["complete"] == "proved" == result["sound"]:
            yield Fact(
                "next",
                "The stricter question, whether the solutions correspond in both directions, is answered as well: "
                f"the claims that {manner.reformulation} needs are proved.",
            )
        elif report.contract == "quasi-karp" and result["complete"] == "unknown":
            yield Fact("next", f"To ask for both directions, {manner.want_both}.")
        return
    if report.verdict == "not_equivalent":
        if statuses_differ(report):
            if report.candidate.status == "infeasible":
                yield Fact(
                    "next",
                    "To repair the candidate, look for the rows that make it infeasible; the solution of the "
                    "reference that the counterexample shows is what they have to allow.",
                )
            elif report.reference.status == "infeasible":
                yield Fact("next", "Look at the reference first: the model that is trusted has no solution.")
            else:
                yield Fact("next", "Look for a bound or a row that one of the models has and the other lacks.")
            return
        if report.counterexample is not None:
            yield from _repair(report.counterexample)
        if report.contract == "reformulation" and result["status"] == result["optima"] == "proved":
            yield Fact(
                "next",
                f"If optimal solutions are all that is needed, {manner.want_optima}: the claims status and optima are "
                "proved for the mapping shown.",
            )
        if report.scope == "this mapping":
            yield Fact(
                "next",
                f"If another mapping was meant, give it with {manner.mapping}, or as a hint with {manner.hint} for "
                "each family of reference variables.",
            )
        return
    if falls_short(report):
        yield Fact("next", f"For the missing proofs, {manner.more_time} may help.")
        return
    if _ran_out(report):
        yield Fact("next", f"A limit ended the search, so {manner.more_time} may help.")
    yield Fact(
        "next",
        f"If you know how the models correspond, say so: {manner.hint} gives an idea, and {manner.mapping} has your "
        "mapping verified and nothing else.",
    )
    if report.contract == "reformulation" and result["optima"] == "proved" == result["status"]:
        yield Fact(
            "next",
            f"If optimal solutions are all that is needed, {manner.want_optima}: the claims status and optima are "
            "proved for the mapping shown.",
        )
    if not report.model_calls:
        yield Fact("next", f"{manner.language_model} may propose further mappings; what it says is verified.")


def _repair(witness: CounterexampleSummary) -> Iterator[Fact]:
    if witness.claim == "complete":
        yield Fact("next", "To repair the candidate, make it allow the solution of the counterexample.")
    elif witness.claim in ("optima", "optimum") and witness.violates == "objective":
        yield Fact(
            "next",
            "The optimum of the candidate is worse than that of the reference, so look for a row of the candidate that "
            "cuts better solutions off, or for a cost that differs.",
        )
    elif witness.claim in ("optima", "optimum", "sound") and witness.violates is not None:
        if witness.violates == "objective":
            yield Fact(
                "next",
                "To repair the candidate, give the counterexample the cost that its image has in the reference.",
            )
        else:
            yield Fact(
                "next",
                f"To repair the candidate, make it forbid the counterexample's point ({sentence(witness.violates)}).",
            )


def _ran_out(report: Report) -> bool:
    texts = [report.reason, *(claim.detail for claim in report.claims.values())]
    texts += [trial.reason for trial in report.hypotheses]
    return any(_LIMIT.search(text) for text in texts)
