"""What follows when a job has ended: `done` turns its result, or its error, into blocks and the next job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tools.errors import InputError
from ui.chat.arriving import placed
from ui.chat.blocks import (
    Block,
    Card,
    Certified,
    Choices,
    Code,
    Ending,
    Grid,
    ModelCard,
    Problem,
    Question,
    Steps,
    Turn,
    Words,
)
from ui.chat.conversation import Conversation, Move, Outcome, Room, Work
from ui.chat.grammar import understood
from ui.chat.jobs import with_work
from ui.chat.models import Draft, ModelText
from ui.chat.moves import moved
from ui.chat.phrases import Correct, Load, New, Stop
from ui.chat.saying import not_understood, started
from ui.chat.showing import Step
from ui.safe_text import safe, safe_sentence


def done(conversation: Conversation, outcome: Outcome, room: Room) -> Move:
    """Return what follows from the end of the job for `conversation.work`: never called for a job that was replaced.

    The blocks belong to the last turn. Where no work is under way, nothing follows.
    """
    work = conversation.work
    if work is None:
        return Move(conversation)
    conversation = replace(conversation, work=None)
    try:
        step = _step(conversation, work, outcome, room)
    except (InputError, LookupError, TypeError, AttributeError, ValueError) as error:
        # A result of another form is a fault of ours; the conversation must survive it.
        message = str(error) if isinstance(error, InputError) else f"the job {work.purpose} gave an unknown answer"
        step = Step(replace(conversation, arriving=(), due=False), (Problem(message),))
    after = with_work(step.conversation, step.work)
    move = started(after, room)
    blocks = (*_steps(work, outcome, step), *step.blocks, *move.blocks)
    return replace(move, conversation=_with_blocks(move.conversation, blocks), blocks=blocks)


def _step(conversation: Conversation, work: Work, outcome: Outcome, room: Room) -> Step:
    if outcome.stopped:
        told: tuple[Block, ...] = (Words("Stopped."),)
        if work.purpose == "check":
            told = (*told, Choices(("continue",)))
        return Step(replace(conversation, arriving=(), due=False), told)
    if outcome.result is None:
        return _failed(conversation, work, outcome.error or {}, room)
    return _ENDS[work.purpose](conversation, work, outcome.result, room)


def _failed(conversation: Conversation, work: Work, error: Mapping[str, str], room: Room) -> Step:
    message = error.get("message") or "the work ended without an answer"
    problem = Problem(safe_sentence(message, 2_000))
    if work.purpose == "read" or (work.purpose == "formulate" and conversation.draft is None):
        return _unreadable(conversation, problem)
    if work.purpose == "interpret":
        return Step(
            conversation, (Words(f"The language model could not be asked: {problem.text}"), *not_understood(work.text))
        )
    if work.purpose != "check" or error.get("kind") != "input":
        return Step(conversation, (problem, *([Choices(("continue",))] if work.purpose == "check" else [])))
    # Rules that cannot be used with these models must not stand in the way of the next check.
    if conversation.only:
        told = "The mapping is forgotten; a check looks for any."
        return Step(replace(conversation, only=()), (problem, Words(told), Choices(("check",))))
    if conversation.hints and not work.answers:
        kept = conversation.hints[: conversation.tried]
        told = "The new hints are forgotten." if kept else "The hints are forgotten."
        return Step(replace(conversation, hints=kept), (problem, Words(told), Choices(("check",))))
    return Step(conversation, (problem,))


def _unreadable(conversation: Conversation, problem: Problem) -> Step:
    """Return the step after a model that could not be taken: what came with it is not checked against the former."""
    arrival, rest = conversation.arriving[0], conversation.arriving[1:]
    former = conversation.model(arrival.side)
    if former is None or not (rest or conversation.due):
        return Step(replace(conversation, arriving=rest), (problem,))
    left = "".join(f"{other.model.name} was not read either. " for other in rest)
    told = f"{left}The {arrival.side} is still {former.name}; give both models again, or say check."
    return Step(replace(conversation, arriving=(), due=False), (problem, Words(told)))


def _read(conversation: Conversation, work: Work, result: Mapping[str, Any], room: Room) -> Step:
    arrival, rest = conversation.arriving[0], conversation.arriving[1:]
    model = _sized(arrival.model, result["summary"])
    replaced = conversation.model(arrival.side)
    told: list[Block] = []
    if replaced is not None:
        told.append(Words(f"{model.name} replaces {replaced.name} as the {arrival.side}."))
    told.append(_model_card(arrival.side, model.name, result))
    conversation = placed(replace(conversation, arriving=rest), arrival.side, model)
    if not rest and conversation.pair is None:
        other = "candidate" if conversation.candidate is None else "reference"
        told.append(Words(f"It is the {arrival.side}. Now the {other}: give a file, or paste it."))
    return Step(conversation, tuple(told))


def _formulated(conversation: Conversation, work: Work, result: Mapping[str, Any], room: Room) -> Step:
    if conversation.draft is not None:
        side, name, rest = conversation.draft.side, conversation.draft.model.name, conversation.arriving
    elif work.text:
        raise InputError("the algebra that was to be corrected is gone; give the problem again")
    else:
        arrival, rest = conversation.arriving[0], conversation.arriving[1:]
        side, name = arrival.side, arrival.model.name
    model = _sized(ModelText(name, "json", room.shelf.put(str(result["model_json"]))), result["summary"])
    draft = Draft(side, model, room.shelf.put(_as_text(result["document"])))
    author = safe(str(result["written_by"]).removeprefix("llm:"))
    ask = f"The language model {author} wrote this as the {side}. Say accept if it is what you mean, or what is wrong."
    told = (_model_card(side, name, result), Words(ask), Choices(("accept",)))
    return Step(replace(conversation, arriving=rest, draft=draft), told)


def _checked(conversation: Conversation, work: Work, result: Mapping[str, Any], room: Room) -> Step:
    pair = conversation.pair
    if pair is None:
        raise InputError("the pair is gone; give a reference and a candidate")
    conversation = replace(conversation, tried=len(conversation.hints))
    if result.get("question"):
        question = str(result["question"])
        return Step(replace(conversation, question=question), (Question(question), Choices(("no idea",))))
    report = dict(result["report"])
    card = Card(report, pair[0].name, pair[1].name, tuple(map(str, result["evidence"])))
    return Step(replace(conversation, reported=True), (card, Choices(_next_choices(conversation, report))))


def _next_choices(conversation: Conversation, report: Mapping[str, Any]) -> tuple[str, ...]:
    choices = ["why?"]
    if report["verdict"] == "equivalent":
        choices += ["give me a Python snippet", "certify"]
        choices += ["all solutions matter"] if report["contract"] == "quasi-karp" else []
    elif report["verdict"] == "unknown":
        choices += ["continue"]
    if report["verdict"] != "equivalent" and report["contract"] == "reformulation":
        choices += ["only optimal solutions matter"]
    if conversation.dropped:
        choices += ["undo"]
    return (*choices, "show the pictures")


def _explained(conversation: Conversation, work: Work, result: Mapping[str, Any], room: Room) -> Step:
    note = [Words(f"No language model had a part in this: {result['note']}")] if result.get("note") else []
    return Step(conversation, (Words(str(result["text"])), *note))


def _recalled(conversation: Conversation, work: Work, result: Mapping[str, Any], room: Room) -> Step:
    lines = [("this very pair", *_record(record)) for record in result["same"]]
    lines += [(f"{float(record['similarity']):.0%} alike", *_record(record)) for record in result["similar"]]
    told: list[Block] = [Words(str(note)) for note in result.get("notes", ())]
    if lines:
        told.append(Grid(("which", "reference", "candidate", "kind", "outcome", "rules"), tuple(lines)))
    elif not told:
        told.append(Words("Memory knows no pair like this one."))
    return Step(conversation, tuple(told))


def _record(record: Mapping[str, Any]) -> tuple[str, ...]:
    rules = "; ".join(map(str, record["rules"][:3])) + (" …" if len(record["rules"]) > 3 else "")
    names = (str(record[side].get("name") or "") for side in ("reference", "candidate"))
    return (*names, str(record["kind"]), str(record["outcome"]), rules)


def _compared(conversation: Conversation, work: Work, result: Mapping[str, Any], room: Room) -> Step:
    text = Code(str(result["text"]).strip("\n"), "text", "difference.txt")
    return Step(conversation, (Words("What changes from A, the reference, to B, the candidate:"), text))


def _dropped(conversation: Conversation, work: Work, result: Mapping[str, Any], room: Room) -> Step:
    sides = result["sides"]
    if not sides:
        return Step(conversation, _no_row(work, result["closest"]))
    if len(sides) > 1:
        row = str(result["row"])
        choices = Choices(tuple(dropping(row, side) for side in sides))
        return Step(
            conversation, (Words(f"Both models have a row {safe(row)}. Of which one is it to be dropped?"), choices)
        )
    side, row = result["side"], str(result["row"])
    model = conversation.model(side)
    if model is None:
        raise InputError("the model is gone; give it again")
    others = tuple(entry for entry in conversation.dropped if entry[0] != side or entry[1] in result["others"])
    conversation = replace(conversation, dropped=(*others, (side, row)) if row else others)
    variant = replace(model, variant=room.shelf.put(str(result["model_json"])), rows=int(result["rows"]))
    told = f"Row {result['line']} is dropped from the {side}." if row else f"The row is back in the {side}."
    conversation = conversation.with_model(side, variant)
    blocks: tuple[Block, ...] = (Words(told),)
    if conversation.pair is not None:
        blocks = (*blocks, Words("It is checked without it; say undo to put it back.")) if row else blocks
    return Step(conversation, blocks)


def dropping(row: str, side: str) -> str:
    """Return the phrase that drops this row of this side; `understood` gives exactly that back."""
    quoted = row.replace("\\", "\\\\").replace('"', '\\"')
    return f'drop row "{quoted}" of the {side}'


def _no_row(work: Work, closest: Mapping[str, Any]) -> tuple[Block, ...]:
    names = [(side, str(name)) for side, rows in closest.items() for name in rows]
    sides = " and ".join(f"the {side}" for side in closest)
    known = f"; there are {', '.join(dict.fromkeys(name for _, name in names))}" if names else ", which has none"
    problem = Problem(f"there is no row {safe(work.text)!r} in {sides}{known}")
    # Names that were shortened or escaped to be shown cannot be said back.
    sayable = [dropping(name, side) for side, name in names if "…" not in name and "\\" not in name]
    return (problem, Choices(tuple(sayable[:6]))) if sayable else (problem,)


def _certified(conversation: Conversation, work: Work, result: Mapping[str, Any], room: Room) -> Step:
    pair = conversation.pair
    if pair is None:
        raise InputError("the pair is gone; give a reference and a candidate")
    block = Certified(
        dict(result["report"]),
        room.shelf.put(str(result["certificate"])),
        bool(result["shows_verdict"]),
        tuple((str(name), str(found)) for name, found in result["certified"].items()),
        tuple((str(name), str(why)) for name, why in result["gaps"].items()),
    )
    told: list[Block] = [block]
    if conversation.dropped:
        told.append(Words("Rows are dropped: the certificate is about the models without them, not about your files."))
        told.append(Words("Anybody can check it with: quasikarp-verify certificate.json"))
    else:
        names = " ".join(safe(model.name) for model in pair)
        told.append(Words(f"Whoever has the models can check it with: quasikarp-verify certificate.json {names}"))
    return Step(conversation, (*told, Choices(("verify certificate", "give me the report"))))


def _verified(conversation: Conversation, work: Work, result: Mapping[str, Any], room: Room) -> Step:
    lines, notes = [str(line) for line in result["lines"]], [Words(str(note)) for note in result["notes"]]
    against = "the two models of this conversation" if conversation.pair is not None else "the models as it states them"
    word = "valid" if result["valid"] else "NOT valid"
    told: list[Block] = [Words(f"The certificate is {word} for {against}. The checker says:")]
    return Step(conversation, (*told, Code("\n".join(lines), "text", "quasikarp-verify.txt"), *notes))


def _interpreted(conversation: Conversation, work: Work, result: Mapping[str, Any], room: Room) -> Step:
    said = result.get("phrase")
    phrase = understood(said, asked=bool(conversation.question)) if isinstance(said, str) else None
    if phrase is None or isinstance(phrase, Load | New | Stop | Correct):
        return Step(conversation, not_understood(work.text))
    step = moved(conversation, phrase, room)
    return replace(step, blocks=(Words(f"I take this as: {safe_sentence(str(said), 300)}"), *step.blocks))


_ENDS: Mapping[str, Callable[[Conversation, Work, Mapping[str, Any], Room], Step]] = {
    "read": _read,
    "formulate": _formulated,
    "check": _checked,
    "explain": _explained,
    "recall": _recalled,
    "diff": _compared,
    "drop": _dropped,
    "interpret": _interpreted,
    "certify": _certified,
    "verify_certificate": _verified,
}


def _sized(model: ModelText, summary: Mapping[str, Any]) -> ModelText:
    variables, integers, rows = (int(summary[name]) for name in ("variables", "integers", "constraints"))
    return replace(model, variables=variables, integers=integers, rows=rows)


def _model_card(side: Any, name: str, result: Mapping[str, Any]) -> ModelCard:
    lines, notes = tuple(map(str, result["algebra"])), tuple(map(str, result["notes"]))
    return ModelCard(side, name, dict(result["summary"]), lines, notes)


def _as_text(document: Any) -> str:
    import json

    return json.dumps(document)


def _steps(work: Work, outcome: Outcome, step: Step) -> tuple[Block, ...]:
    if work.purpose not in ("check", "formulate", "certify") or not outcome.events:
        return ()
    ended: Ending = "done"
    if outcome.stopped:
        ended = "stopped"
    elif outcome.result is None:
        ended = "failed"
    elif step.conversation.question:
        ended = "asked"
    return (Steps(tuple(dict(event) for event in outcome.events), ended),)


def _with_blocks(conversation: Conversation, blocks: tuple[Block, ...]) -> Conversation:
    if not blocks:
        return conversation
    turns = conversation.turns or (Turn(""),)
    last = replace(turns[-1], blocks=(*turns[-1].blocks, *blocks))
    return replace(conversation, turns=(*turns[:-1], last))
