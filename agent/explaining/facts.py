"""What is worth telling of a report, as short sentences that can stand alone; nothing in them is not in the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from agent.explaining.advice import limits, next_steps
from agent.explaining.fact import CLAIM_WORDS, STATUS_WORDS, Fact
from agent.explaining.inert import (
    counted,
    inert,
    listed,
    name_text,
    names_text,
    number_text,
    point_text,
    sentence,
)
from agent.explaining.manner import COMMAND_LINE, Manner
from agent.explaining.origins import found_how
from agent.explaining.verdict import reason_facts, verdict_sentence
from tools.report import (
    CLAIM_NAMES,
    ClaimName,
    CounterexampleSummary,
    HypothesisSummary,
    MappingSummary,
    ModelSummary,
    Report,
)

RULES_TOLD = 8
TRIALS_TOLD = 3
_SAID_TWICE = ": no candidate solution maps to the point"


def facts_of(report: Report, manner: Manner = COMMAND_LINE) -> list[Fact]:
    """Return what the report says, in the order in which a reader wants to know it; the first fact is the verdict.

    Advice is in the words for where the reader asks.
    """
    return [
        Fact("verdict", verdict_sentence(report)),
        *reason_facts(report),
        *_mapping(report),
        *_counterexample(report),
        *_claims(report),
        *_tried(report),
        *limits(report),
        *next_steps(report, manner),
        *_models(report),
    ]


def _mapping(report: Report) -> Iterator[Fact]:
    mapping = report.mapping
    if mapping is None:
        if report.hypotheses and report.verdict != "equivalent":
            yield Fact("mapping", "There is no mapping to show: none was verified, and none was refuted in full.")
        return
    how = found_how(mapping.origin)
    count = len(mapping.rules)
    if report.verdict == "equivalent":
        start = f"The mapping turns a solution of the candidate into a solution of the reference; it was {how}."
    elif report.verdict == "not_equivalent" and report.scope != "this mapping":
        start = f"The mapping that was looked at in detail was {how}."
    else:
        start = f"The mapping in question was {how}."
    if not count:
        yield Fact("mapping", start)
    else:
        shown = tuple(sentence(rule, 200) for rule in mapping.rules[:RULES_TOLD])
        if count > RULES_TOLD:
            shown += (f"… and {count - RULES_TOLD} more",)
        sides = "the reference on the left, the candidate on the right"
        introduction = f"Its only rule, {sides}:" if count == 1 else f"It has {count} rules, {sides}:"
        yield Fact("mapping", f"{start} {introduction}", shown)
    if mapping.completed:
        yield Fact("mapping", _completed(mapping))
    if report.verdict == "equivalent":
        yield Fact(
            "mapping",
            "To use the mapping, solve the candidate and put the values of its variables into the right sides of the "
            "rules; the left sides are the values of the reference variables.",
        )
        if mapping.lifting:
            known = counted(len(mapping.lifting), "candidate variable", "candidate variables")
            yield Fact("mapping", f"The way back is in the report too: a lifting that gives values to {known}.")
    yield Fact("objective", _objective(mapping))


def _completed(mapping: MappingSummary) -> str:
    by_function = mapping.completed_by or {}
    kinds = []
    for entry in by_function.values():
        kind = str(entry.get("function", "")).replace("_", " ") if isinstance(entry, dict) else ""
        if kind and kind not in kinds:
            kinds.append(inert(kind, 40))
    if any(name not in by_function for name in mapping.completed):
        kinds.insert(0, "affine expressions")
    how = f" (by {listed(kinds[:4])})" if kinds else ""
    what = counted(len(mapping.completed), "reference variable is", "reference variables are")
    return f"{what} completed, that is given values that fit the mapped ones{how}: {names_text(mapping.completed)}."


def _objective(mapping: MappingSummary) -> str:
    relation = mapping.objective
    if relation is None:
        return "No relation between the objective values of the two models could be read off."
    scale, offset = number_text(relation["scale"]), number_text(relation["offset"])
    if scale == "1" and offset == "0":
        return "An objective value of the candidate stands for the same value of the reference, both as minimisation."
    shift = "" if offset == "0" else f" - {offset[1:]}" if offset.startswith("-") else f" + {offset}"
    factor = "" if scale == "1" else f"{scale} × "
    return f"Objective values correspond by reference = {factor}candidate{shift}, both written as minimisation."


def _counterexample(report: Report) -> Iterator[Fact]:
    witness = report.counterexample
    if witness is None:
        if report.verdict == "not_equivalent":
            yield Fact("counterexample", "There is no single point to show: the reason itself refutes it.")
        return
    own, other = report.candidate.variables, report.reference.variables
    if witness.point_of == "reference":
        own, other = other, own
    if report.verdict == "equivalent":
        start = "One thing does not carry over"
    elif report.verdict == "unknown":
        start = "What fails"
    elif report.scope == "this mapping" or witness.claim == "status" or report.mapping is None:
        start = "A counterexample"
    else:
        start = "What fails under the mapping above"
    parts = [f"{start}: take the solution of the {witness.point_of} with {point_text(witness.point, own)}."]
    if witness.image is not None:
        parts.append(_image(witness, own, other))
    explanation = sentence(witness.explanation.removesuffix(_SAID_TWICE))
    if explanation:
        parts.append(f"{explanation[:1].upper()}{explanation[1:]}.")
    if witness.violates not in (None, "objective") and witness.violates not in witness.explanation:
        parts.append(f"What is broken there: {sentence(witness.violates)}.")
    parts.append(f"This refutes the claim {witness.claim}.")
    yield Fact("counterexample", " ".join(parts))


def _image(witness: CounterexampleSummary, own: int, other: int) -> str:
    image = witness.image or {}
    if witness.point_of == "candidate":
        if image == witness.point and own == other:
            return "The mapping takes these values over to the reference as they are."
        return f"The mapping sends it to the reference point with {point_text(image, other)}."
    if image == witness.point and own == other:
        return "The candidate point that would map to it has these very values."
    return f"The candidate point that would map to it has {point_text(image, other)}."


def _claims(report: Report) -> Iterator[Fact]:
    claims = report.claims
    by_result = {
        result: [name for name in CLAIM_NAMES if claims[name].result == result]
        for result in ("proved", "refuted", "unknown")
    }
    if len(by_result["proved"]) == len(CLAIM_NAMES) and report.mapping is not None:
        yield Fact(
            "claims",
            "All six claims are proved, the two strongest among them: "
            f"{CLAIM_WORDS['sound']} (sound), and {CLAIM_WORDS['complete']} (complete).",
        )
    elif len(by_result["unknown"]) == len(CLAIM_NAMES):
        yield Fact("claims", "None of the six claims about the two models was settled.")
    else:
        for result, one, many in (
            ("proved", "This claim is proved:", "These {} claims are proved:"),
            ("refuted", "This claim is refuted, so it is not true here:", "These {} are refuted, so not true here:"),
            ("unknown", "This claim is left open:", "These {} claims are left open:"),
        ):
            names = by_result[result]
            if names:
                start = one if len(names) == 1 else many.format(_NUMBERS[len(names)])
                yield Fact("claims", start, tuple(_claim(report, name) for name in names))
    for name in _needed(report):
        claim = claims[name]
        detail = sentence(claim.detail)
        if detail and claim.result == "unknown" and claim.detail not in report.reason and _settled(report):
            yield Fact("claims", f"Why {name} is left open: {detail}.")
    settled = [name for name in CLAIM_NAMES if claims[name].result != "unknown"]
    by_solver = [name for name in settled if claims[name].strength == "solver"]
    if by_solver:
        rest = "" if len(by_solver) == len(settled) else "; all else that was settled is exact"
        yield Fact(
            "certainty",
            f"For {listed([str(name) for name in by_solver])} there is a floating-point solver's word only, "
            f"good within its tolerance{rest}.",
        )
        for name in by_solver:
            if claims[name].detail.strip():
                yield Fact("certainty", f"What stands behind {name}: {sentence(claims[name].detail)}.")
    elif settled:
        yield Fact(
            "certainty",
            "What is proved or refuted was shown in exact arithmetic, on the data as written, without a tolerance.",
        )


def _claim(report: Report, name: ClaimName) -> str:
    detail = report.claims[name].detail
    return f"{name}: {CLAIM_WORDS[name]}" + (f" ({sentence(detail, 150)})" if detail.startswith("vacuous") else "")


_NUMBERS = ("no", "one", "two", "three", "four", "five", "six")


def _settled(report: Report) -> bool:
    return any(claim.result != "unknown" for claim in report.claims.values())


def _needed(report: Report) -> tuple[ClaimName, ...]:
    if report.contract == "reformulation":
        return ("sound", "complete")
    if report.candidate.status in ("infeasible", "unbounded"):
        return ("status", "optima", "sound")
    return ("status", "optima")


def _tried(report: Report) -> Iterator[Fact]:
    trials = report.hypotheses
    if trials and (len(trials) > 1 or report.mapping is None):
        parts = [
            f"{count} {word}"
            for outcome, word in (("verified", "verified"), ("refuted", "refuted"), ("undecided", "left undecided"))
            if (count := sum(trial.outcome == outcome for trial in trials))
        ]
        if len(trials) == 1:
            yield Fact("tried", f"One mapping was tried, and it was {parts[0].partition(' ')[2]}.")
        elif len(parts) == 1:
            every = "both" if len(trials) == 2 else "all"
            yield Fact("tried", f"{len(trials)} mappings were tried, and {every} were {parts[0].partition(' ')[2]}.")
        else:
            yield Fact("tried", f"{len(trials)} mappings were tried: {listed(parts)}.")
        yield from _failures(report, trials)
    elif trials and trials[0].outcome == "verified":
        yield Fact("tried", "The first mapping that was tried is the one that was verified.")
    if report.model_calls:
        times = "once" if report.model_calls == 1 else f"{report.model_calls} times"
        yield Fact("tried", f"A language model was asked {times}; what it proposed was tested like everything else.")
    seconds = report.seconds.get("total")
    if seconds is not None:
        yield Fact("tried", f"The check took {seconds:.1f} s." if seconds >= 0.1 else "The check took under 0.1 s.")


def _failures(report: Report, trials: Sequence[HypothesisSummary]) -> Iterator[Fact]:
    """Yield what became of those mappings that the rest of the text does not tell of, without repetition."""
    told = {report.reason}
    others = []
    for trial in trials:
        own = report.mapping is not None and trial.rules[:RULES_TOLD] == report.mapping.rules[:RULES_TOLD]
        if trial.outcome != "verified" and not own and trial.reason not in told:
            told.add(trial.reason)
            others.append(trial)
    for trial in others[:TRIALS_TOLD]:
        outcome = "refuted" if trial.outcome == "refuted" else "left undecided"
        reason = sentence(trial.reason, 250)
        first = f", which starts with {sentence(trial.rules[0], 100)}" if trial.rules else ""
        why = f": {reason}." if reason else "."
        yield Fact("tried", f"One {found_how(trial.origin)}{first}, was {outcome}{why}")
    if len(others) > TRIALS_TOLD:
        rest = counted(len(others) - TRIALS_TOLD, "mapping", "mappings")
        yield Fact("tried", f"The report tells of {rest} more that failed in another way.")


def _models(report: Report) -> Iterator[Fact]:
    for side, model in (("reference", report.reference), ("candidate", report.candidate)):
        yield Fact("models", _model(side, model))
        if model.written_by:
            yield Fact("models", f"The {side} was written by the language model {name_text(model.written_by)}.")


def _model(side: str, model: ModelSummary) -> str:
    called = f" {name_text(model.name)}" if model.name and model.name != side else ""
    if model.integers == 0:
        kinds = "none of them integer" if model.variables != 1 else "not integer"
    elif model.integers == model.variables:
        kinds = "all of them integer" if model.variables != 1 else "integer"
    else:
        kinds = f"{model.integers} of them integer"
    rows = counted(model.constraints, "row", "rows")
    size = f"{counted(model.variables, 'variable', 'variables')} ({kinds}) and {rows}"
    if model.status == "unknown":
        end = "; it was not solved to the end"
    elif model.status == "optimal" and model.objective is not None:
        end = f"; its optimal value is {model.objective:.10g}"
    else:
        end = f"; it {STATUS_WORDS.get(model.status, 'was not classified')}"
    return f"The {side}{called} has {size}{end}."
