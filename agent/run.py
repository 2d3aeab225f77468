"""Run the graph on one pair: `check` for the report, `stream` for the steps, `verify` for one mapping's evidence.

`run_context` is for those who run the graph themselves.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Literal

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.types import Command

from agent.context import RunContext
from agent.events import Event
from agent.graph import Graph, build_graph
from agent.language.choice import chosen_model
from agent.recollection import Recollection
from agent.settings import Settings
from agent.state import RunState
from tools.claims.carrier import Carrier
from tools.claims.verify import Pair, Verification, verify_pair
from tools.errors import InputError, QuasikarpError
from tools.exact.budget import Budget
from tools.formulation.model import Formulation
from tools.formulation.read import read
from tools.mapping.affine import AffineMapping
from tools.mapping.forms import IndexMapping
from tools.mapping.reading import mapping_text, read_mapping
from tools.report import Report
from tools.solvers.gateway import warm_up

STEPS_PER_ROUND = 5
"""Nodes that one round may take, for the graph's own bound on steps."""

_NOBODY_ASKED = "no question waits for this answer; start the run again, with the rules as hints"

STEPS_BEFORE = 20
"""Nodes that a run may take besides."""


def check(reference: Any, candidate: Any, settings: Settings | None = None) -> Report:
    """Return the report on whether `candidate` reformulates `reference`.

    Each model is a path (.lp, .mps, .json, also .gz), a `Formulation`, a `cvxpy.Problem`, an OR-tools MathOpt or
    ModelBuilder model, or an object that can write LP or MPS. Raises `InputError` for models, rules or settings that
    cannot be used. What goes wrong with memory is a `RuntimeWarning` and changes nothing else. Where the settings let
    the run ask, the report is the one that stands while it waits; `stream` takes the answer.
    """
    for event in stream(reference, candidate, settings):
        if event.kind == "warning":
            warnings.warn(event.message, RuntimeWarning, stacklevel=2)
        if event.report is not None:
            return event.report
    raise QuasikarpError("the run ended without a report")


def stream(
    reference: Any,
    candidate: Any,
    settings: Settings | None = None,
    *,
    answer: str | None = None,
    recollection: Recollection | None = None,
) -> Generator[Event, None, None]:
    """Yield an event for each step of the run; the last one has kind "report" and carries the report.

    Where `settings.ask` allows it, the last one may be of kind "question" instead: the same call with the `answer`,
    which is rules, goes on from the checkpoint with new limits; an empty answer ends the run as it stands. Memory is
    the one that `settings` name, unless the way to an open one is given as `recollection`. Raises as `check`, and
    `InputError` for an answer that no question waits for.
    """
    settings = Settings() if settings is None else settings
    if settings.ask and settings.checkpoint is None:
        raise InputError("a run that may ask needs a checkpoint file to wait in; give one (checkpoint)")
    with run_context(reference, candidate, settings, recollection=recollection) as context:
        yield from _events(context, answer)


@contextmanager
def run_context(
    reference: Any, candidate: Any, settings: Settings | None = None, *, recollection: Recollection | None = None
) -> Iterator[RunContext]:
    """Give what the graph needs as its context for one pair; the time limit runs from here.

    `with run_context(a, b) as context: build_graph().invoke({}, context=context)["report"]` is the report as JSON data.
    """
    settings = Settings() if settings is None else settings
    warm_up()
    owned = recollection is None
    recollection = Recollection.at(settings.memory, settings.time_limit) if recollection is None else recollection
    context = RunContext(
        recollection=recollection,
        load_reference=lambda: read(reference),
        load_candidate=lambda: read(candidate),
        settings=settings,
        budget=Budget.lasting(settings.time_limit, seed=settings.seed),
        chosen=chosen_model(settings.planner, settings.model),
    )
    try:
        yield context
    finally:
        context.close()
        if owned:
            recollection.close()


def _events(context: RunContext, answer: str | None) -> Iterator[Event]:
    settings = context.settings
    if answer is not None and settings.checkpoint is None:
        raise InputError(_NOBODY_ASKED)
    with _checkpointer(settings) as saver:
        graph = _plain_graph() if saver is None else build_graph(saver)
        config: RunnableConfig = {
            "configurable": {"thread_id": _thread(context)},
            "recursion_limit": STEPS_BEFORE + STEPS_PER_ROUND * settings.rounds,
        }
        start: RunState | Command[Any] | None = {}
        values: Any = {}
        waiting = over = False
        if saver is not None:
            snapshot = graph.get_state(config)
            waiting = bool(snapshot.interrupts)
            if answer is not None and not waiting:
                raise InputError(_NOBODY_ASKED)
            if not snapshot.next and snapshot.values.get("report", {}).get("verdict") == "unknown":
                # What ran out, such as the time limit, may be more now: an open answer is no answer to go by.
                saver.delete_thread(_thread(context))
            elif snapshot.values:
                start, values = None, snapshot.values
                over = not snapshot.next
                if not waiting:
                    done = ", ".join(snapshot.next) or "nothing"
                    yield Event("step", "resume", f"continuing from {settings.checkpoint}, next: {done}")
        if answer is not None:
            start, waiting = Command(resume=answer), False
        parts: Iterator[Any] = iter(())
        if not (over or waiting):
            durability: Literal["sync"] | None = None if saver is None else "sync"
            parts = graph.stream(
                start, config, context=context, stream_mode=["custom", "values"], version="v2", durability=durability
            )
        for part in parts:
            if part["type"] == "custom":
                kind: Literal["step", "warning"] = "warning" if part["data"].get("warning") else "step"
                yield Event(kind, part["data"]["node"], part["data"]["message"])
            else:
                values = part["data"]
        report = Report.from_json(values["report"])
        questions = () if saver is None else graph.get_state(config).interrupts
    if questions:
        yield Event("question", "ask", str(questions[0].value), report)
    else:
        yield Event("report", "conclude", report.reason, report)


def verify(
    reference: Any, candidate: Any, mapping: str | AffineMapping, *, time_limit: float = 120.0, seed: int = 0
) -> Verification:
    """Return all evidence about one mapping: every claim with its obligations, proofs and witnesses.

    `mapping` is rules text, JSON text or an `AffineMapping` from candidate to reference variables. Raises `InputError`.
    """
    target, source = read(reference), read(candidate)
    pair = Pair(target, source, Budget.lasting(time_limit, seed=seed))
    if isinstance(mapping, AffineMapping):
        return verify_pair(pair, IndexMapping.of(mapping, target, source))
    given = read_mapping(mapping, target.variables, source.variables)
    carrier = Carrier.of(target, pair.candidate, given.total, given.recovery.completed)
    return verify_pair(pair, carrier, lifting=given.lifting)


@cache
def _plain_graph() -> Graph:
    """Return the graph without a checkpointer, compiled once."""
    return build_graph()


@contextmanager
def _checkpointer(settings: Settings) -> Iterator[BaseCheckpointSaver[Any] | None]:
    if settings.checkpoint is None:
        yield None
        return
    import sqlite3

    from langgraph.checkpoint.sqlite import SqliteSaver

    try:
        with SqliteSaver.from_conn_string(str(settings.checkpoint)) as saver:
            saver.setup()
            yield saver
    except sqlite3.Error as error:
        raise InputError(f"the checkpoint file {str(settings.checkpoint)!r} cannot be used: {error}") from error


def _thread(context: RunContext) -> str:
    """Return the name of the run in a checkpoint file: the same models, mapping and settings resume the same run."""
    settings = context.settings
    if settings.checkpoint is None:
        return "run"
    # By its content: the file of a mapping may have been edited since.
    mapping = None if settings.mapping is None else mapping_text(settings.mapping)
    parts = [_fingerprint(context.reference), _fingerprint(context.candidate), settings.contract]
    parts += [str(settings.rounds), str(settings.seed), str(mapping), json.dumps(settings.hints)]
    parts += [settings.planner, context.chosen.limits.name if context.chosen.model is not None else ""]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _fingerprint(model: Formulation) -> str:
    return model.content_hash
