"""A report out of JSON data that anybody may have written: every field has its type, or what is wrong is said."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NoReturn, TypeVar, get_args

from tools.errors import InputError
from tools.report import (
    CLAIM_NAMES,
    SCHEMA,
    CertificateSummary,
    ClaimName,
    ClaimSummary,
    Contract,
    CounterexampleSummary,
    HypothesisSummary,
    MappingSummary,
    ModelSummary,
    OriginCost,
    Outcome,
    Relation,
    Report,
    Result,
    Strength,
    Verdict,
)

Side = Literal["candidate", "reference"]
Status = Literal["optimal", "infeasible", "unbounded", "unknown"]
Word = TypeVar("Word")

DEEPEST = 100
"""Levels of nesting that the functions of a lifting may have."""

_EXACT = re.compile(r"-?[0-9]+(?:\.[0-9]+|/0*[1-9][0-9]*)?")


def report_of(data: Any) -> Report:
    """Return the report that `Report.to_json` wrote; fields that it does not know are left out.

    Raises `InputError` naming the first field that is missing, of a wrong type, or outside what is known.
    """
    if not isinstance(data, Mapping) or data.get("schema") != SCHEMA:
        raise InputError(f"not a report: expected an object with schema {SCHEMA!r}")
    top = _Field(data, "")
    if "error" in data and "verdict" not in data:
        raise InputError("not a report: this pair could not be checked, and the object says only what the error was")
    return Report(
        verdict=top["verdict"].word(get_args(Verdict)),
        contract=top["contract"].word(get_args(Contract)),
        relation=top["relation"].word(get_args(Relation)),
        scope=top["scope"].maybe_text(),
        reason=top["reason"].text(),
        claims={name: _claim(top["claims"][name]) for name in CLAIM_NAMES},
        mapping=None if top["mapping"].is_null else _mapping(top["mapping"]),
        counterexample=None if top["counterexample"].is_null else _counterexample(top["counterexample"]),
        hypotheses=tuple(map(_hypothesis, top["hypotheses"].entries())),
        reference=_model(top["reference"]),
        candidate=_model(top["candidate"]),
        seconds={stage: field.amount() for stage, field in top["seconds"].members()},
        model_calls=top["model_calls"].count(),
        planning=top.get("planning", "").text(),
        costs={origin: _cost(field) for origin, field in top.get("costs", {}).members()},
        certificate=_certificate(top.get("certificate", None)),
    )


def _claim(field: _Field) -> ClaimSummary:
    return ClaimSummary(
        result=field["result"].word(get_args(Result)),
        strength=field["strength"].word(get_args(Strength)),
        detail=field["detail"].text(),
    )


def _certificate(field: _Field) -> CertificateSummary | None:
    if field.is_null:
        return None
    return CertificateSummary(
        sha256=field["sha256"].text(),
        verdict=field["verdict"].truth(),
        gaps={name: gap.text() for name, gap in field["gaps"].members()},
    )


def _mapping(field: _Field) -> MappingSummary:
    objective = field["objective"]
    for _, expression in field["recovery"].members():
        expression["constant"].exact()
        expression["terms"].exact_by_name()
    if not objective.is_null:
        objective.exact_by_name()
        scale = objective["scale"].exact()
        if scale.startswith("-") or not scale.partition("/")[0].strip("0."):
            objective["scale"].refuse("a positive number")
        objective["offset"].exact()
    return MappingSummary(
        rules=field["rules"].texts(),
        recovery=field["recovery"].plain(),
        completed=field["completed"].texts(),
        lifting=_functions(field["lifting"]),
        objective=None if objective.is_null else objective.exact_by_name(),
        origin=field["origin"].text(),
        completed_by=_functions(field.get("completed_by", None)),
    )


def _functions(field: _Field) -> Mapping[str, Any] | None:
    if field.is_null:
        return None
    for _, entry in field.members():
        entry["function"].text()
        entry["arguments"].members()
    return field.plain()


def _counterexample(field: _Field) -> CounterexampleSummary:
    claims: tuple[ClaimName, ...] = CLAIM_NAMES
    return CounterexampleSummary(
        claim=field["claim"].word(claims),
        point_of=field["point_of"].word(get_args(Side)),
        point=field["point"].exact_by_name(),
        image=None if field["image"].is_null else field["image"].exact_by_name(),
        violates=field["violates"].maybe_text(),
        explanation=field["explanation"].text(),
    )


def _hypothesis(field: _Field) -> HypothesisSummary:
    return HypothesisSummary(
        origin=field["origin"].text(),
        rules=field["rules"].texts(),
        outcome=field["outcome"].word(get_args(Outcome)),
        reason=field["reason"].text(),
    )


def _model(field: _Field) -> ModelSummary:
    return ModelSummary(
        name=field["name"].text(),
        variables=field["variables"].count(),
        integers=field["integers"].count(),
        constraints=field["constraints"].count(),
        nonzeros=field["nonzeros"].count(),
        status=field["status"].word(get_args(Status)),
        objective=None if field["objective"].is_null else field["objective"].number(),
        written_by=field.get("written_by", "").text(),
    )


def _cost(field: _Field) -> OriginCost:
    money = field.get("money", None)
    return OriginCost(
        hypotheses=field["hypotheses"].count(),
        calls=field.get("calls", 0).count(),
        prompt_tokens=field.get("prompt_tokens", 0).count(),
        completion_tokens=field.get("completion_tokens", 0).count(),
        money=None if money.is_null else money.amount(),
    )


@dataclass(frozen=True)
class _Field:
    """A value somewhere in the object; `path` says where."""

    value: Any
    path: str

    def refuse(self, expected: str) -> NoReturn:
        value = self.value
        if isinstance(value, str):
            found = repr(value[:60])
        elif value is None or isinstance(value, (bool, float)) or (isinstance(value, int) and abs(value) < 10**60):
            found = json.dumps(value)
        else:
            found = {"dict": "an object", "list": "an array", "int": "a huge number"}.get(type(value).__name__, "")
        where = repr(self.path[:100]) if self.path else "the report"
        raise InputError(f"the report is malformed: {where} must be {expected}, found {found or type(value).__name__}")

    @property
    def is_null(self) -> bool:
        return self.value is None

    def __getitem__(self, name: str) -> _Field:
        path = f"{self.path}.{name}".lstrip(".")
        if not isinstance(self.value, Mapping):
            self.refuse("an object")
        if name not in self.value:
            raise InputError(f"the report is incomplete: {path[:100]!r} is missing")
        return _Field(self.value[name], path)

    def get(self, name: str, default: Any) -> _Field:
        if isinstance(self.value, Mapping) and name not in self.value:
            return _Field(default, f"{self.path}.{name}".lstrip("."))
        return self[name]

    def members(self) -> list[tuple[str, _Field]]:
        if not isinstance(self.value, Mapping) or not all(isinstance(name, str) for name in self.value):
            self.refuse("an object")
        return [(name, _Field(value, f"{self.path}.{name}")) for name, value in self.value.items()]

    def entries(self) -> list[_Field]:
        if not isinstance(self.value, Sequence) or isinstance(self.value, (str, bytes)):
            self.refuse("an array")
        return [_Field(value, f"{self.path}[{place}]") for place, value in enumerate(self.value)]

    def text(self) -> str:
        if not isinstance(self.value, str):
            self.refuse("a string")
        return self.value

    def maybe_text(self) -> str | None:
        return None if self.value is None else self.text()

    def texts(self) -> tuple[str, ...]:
        return tuple(entry.text() for entry in self.entries())

    def word(self, known: tuple[Word, ...]) -> Word:
        for word in known:
            if isinstance(self.value, str) and self.value == word:
                return word
        return self.refuse("one of " + ", ".join(map(str, known)))

    def truth(self) -> bool:
        if not isinstance(self.value, bool):
            self.refuse("true or false")
        return self.value

    def count(self) -> int:
        if isinstance(self.value, bool) or not isinstance(self.value, int) or self.value < 0:
            self.refuse("a whole number of at least 0")
        return self.value

    def number(self) -> float:
        value = self.value
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.refuse("a number")
        if (isinstance(value, int) and abs(value) > 10**300) or not math.isfinite(value):
            self.refuse("a finite number")
        return value

    def amount(self) -> float:
        if self.number() < 0:
            self.refuse("a number of at least 0")
        return self.number()

    def exact(self) -> str:
        if not isinstance(self.value, str) or not _EXACT.fullmatch(self.value):
            self.refuse('an exact number in a string, such as "3", "-2" or "1/3"')
        return self.value

    def exact_by_name(self) -> Mapping[str, str]:
        return {name: entry.exact() for name, entry in self.members()}

    def plain(self) -> dict[str, Any]:
        """Return the object as it is, once its nesting is known to be bounded."""
        level: list[Any] = [self.value]
        for _ in range(DEEPEST):
            level = [part for value in level for part in _parts(value)]
            if not level:
                return dict(self.value)
        return self.refuse(f"an object of at most {DEEPEST} levels")


def _parts(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    return list(value) if isinstance(value, (list, tuple)) else []
