"""Algebra as a language model writes it: a form with bounded fields, turned into a document with the exact data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from agent.words.problem_data import ProblemData
from tools.algebra.arithmetic import Exact, number_text
from tools.algebra.document import (
    SCHEMA,
    AlgebraDocument,
    ParameterDocument,
    SetDocument,
    Values,
    document_of,
)
from tools.errors import InputError

MOST_PARTS = 100
MOST_LABELS = 500
MOST_NUMBERS = 2_000
LONGEST_TEXT = 4_000
LONGEST_WORDS = 500

_FORM = ConfigDict(extra="ignore")

_Number = int | float | str
_Row = list[_Number]


class WrittenSet(BaseModel):
    """Labels, or labels that are data, or integers."""

    model_config = _FORM

    name: str = Field(max_length=100)
    labels: list[str | int] = Field(default_factory=list, max_length=MOST_LABELS)
    labels_from: str = Field("", max_length=100)
    first: str | int = ""
    last: str | int = ""


class WrittenParameter(BaseModel):
    """Values, or the name of data that are the values."""

    model_config = _FORM

    name: str = Field(max_length=100)
    indices: list[str] = Field(default_factory=list, max_length=8)
    values: _Number | list[_Number] | list[_Row] | list[list[_Row]] | None = None
    data: str = Field("", max_length=100)
    description: str = Field("", max_length=LONGEST_WORDS)


class WrittenVariable(BaseModel):
    """A family of variables."""

    model_config = _FORM

    name: str = Field(max_length=100)
    indices: list[str] = Field(default_factory=list, max_length=8)
    kind: Literal["continuous", "integer", "binary"]
    lower: _Number | None
    upper: _Number | None
    description: str = Field("", max_length=LONGEST_WORDS)


class WrittenConstraint(BaseModel):
    """A family of constraints."""

    model_config = _FORM

    name: str = Field(max_length=100)
    clauses: list[str] = Field(default_factory=list, max_length=8, alias="for")
    expression: str = Field(max_length=LONGEST_TEXT)
    description: str = Field("", max_length=LONGEST_WORDS)


class WrittenAlgebra(BaseModel):
    """A whole model."""

    model_config = _FORM

    name: str = Field("", max_length=100)
    description: str = Field("", max_length=LONGEST_WORDS)
    sense: Literal["minimize", "maximize"]
    sets: list[WrittenSet] = Field(default_factory=list, max_length=MOST_PARTS)
    parameters: list[WrittenParameter] = Field(default_factory=list, max_length=MOST_PARTS)
    variables: list[WrittenVariable] = Field(max_length=MOST_PARTS)
    objective: str = Field(max_length=LONGEST_TEXT)
    constraints: list[WrittenConstraint] = Field(default_factory=list, max_length=MOST_PARTS)
    assumptions: list[str] = Field(default_factory=list, max_length=30)


def document_from(answer: WrittenAlgebra, data: ProblemData, written_by: str) -> AlgebraDocument:
    """Return the document that `answer` means, with `data` in place of its names; raises `InputError`."""
    for kind, names in (
        ("sets", [found.name for found in answer.sets]),
        ("parameters", [found.name for found in answer.parameters]),
    ):
        repeated = next((name for k, name in enumerate(names) if name in names[:k]), None)
        if repeated is not None:
            raise InputError(f"two {kind} are called {repeated[:60]!r}; rename one of the two")
    document = document_of(
        {
            "schema": SCHEMA,
            "name": " ".join(answer.name.split()),
            "description": answer.description,
            "written_by": written_by,
            "sense": answer.sense,
            "sets": {found.name: _set(found, data) for found in answer.sets},
            "parameters": {
                found.name: {"indices": found.indices, "values": _values(found, data), "description": found.description}
                for found in answer.parameters
            },
            "variables": [
                {"name": found.name, "indices": found.indices, "kind": found.kind, "lower": found.lower,
                 "upper": found.upper, "description": found.description}
                for found in answer.variables
            ],
            "objective": answer.objective,
            "constraints": [
                {"name": found.name, "for": found.clauses, "expression": found.expression,
                 "description": found.description}
                for found in answer.constraints
            ],
        }
    )  # fmt: skip
    given = {found.name: data.numbers[_source(found, data)] for found in answer.parameters if _source(found, data)}
    return replace(
        document,
        sets={
            name: SetDocument(data.labels[source]) if source in data.labels else stated
            for (name, stated), source in zip(
                document.sets.items(), (found.labels_from for found in answer.sets), strict=True
            )
        },
        parameters={
            name: replace(stated, values=given[name]) if name in given else stated
            for name, stated in document.parameters.items()
        },
    )


def _set(found: WrittenSet, data: ProblemData) -> Any:
    where = f"set {found.name[:60]!r}"
    if found.labels_from:
        if found.labels_from in data.labels:
            return []
        values = data.numbers.get(found.labels_from)
        if isinstance(values, Mapping):
            return list(values)
        known = ", ".join(data.labels) or "none"
        raise InputError(
            f"{where}: labels_from names {found.labels_from!r}, which is no data of labels; known are {known}"
        )
    if found.labels:
        return found.labels
    if found.last == "":
        raise InputError(f"{where}: give labels, labels_from, or first and last")
    return {"from": 1 if found.first == "" else found.first, "to": found.last}


def _source(found: WrittenParameter, data: ProblemData) -> str:
    """Return the data that a parameter takes its values from, or nothing where it states them."""
    if found.data:
        return found.data
    return found.name if found.values is None and found.name in data.numbers else ""


def _values(found: WrittenParameter, data: ProblemData) -> Any:
    where = f"parameter {found.name[:60]!r}"
    source = _source(found, data)
    if source:
        if source not in data.numbers:
            known = ", ".join(data.numbers) or "none"
            raise InputError(f"{where}: {source[:60]!r} is no data of numbers; known are {known}")
        return 0
    if found.values is None:
        raise InputError(f"{where}: give values, or the name of data")
    if found.name in data.numbers and isinstance(found.values, list):
        raise InputError(f"{where}: it is data; put {found.name!r} into data and null into values")
    return found.values


def answer_of(document: AlgebraDocument, data: ProblemData, assumptions: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return `document` as a model would have written it, the parameters and sets that are data by their names."""
    return {
        "name": document.name,
        "description": document.description,
        "sense": document.sense,
        "sets": [_written_set(name, found, data) for name, found in document.sets.items()],
        "parameters": [_written_parameter(name, found, data) for name, found in document.parameters.items()],
        "variables": [
            {"name": found.name, "indices": list(found.indices), "kind": found.kind, "lower": found.lower,
             "upper": found.upper, "description": found.description}
            for found in document.variables
        ],
        "objective": document.objective,
        "constraints": [
            {"name": found.name, "for": list(found.clauses), "expression": found.expression,
             "description": found.description}
            for found in document.constraints
        ],
        "assumptions": list(assumptions),
    }  # fmt: skip


def _written_set(name: str, found: SetDocument, data: ProblemData) -> dict[str, Any]:
    written: dict[str, Any] = {"name": name, "labels": [], "labels_from": "", "first": "", "last": ""}
    source = next((key for key, labels in data.labels.items() if labels == found.labels), "")
    if source:
        return written | {"labels_from": source}
    if found.labels is not None:
        return written | {"labels": list(found.labels)}
    return written | {"first": found.first, "last": found.last}


def _written_parameter(name: str, found: ParameterDocument, data: ProblemData) -> dict[str, Any]:
    written = {
        "name": name, "indices": list(found.indices or ()), "values": None, "data": "",
        "description": found.description,
    }  # fmt: skip
    source = name if name in data.numbers and data.numbers[name] == found.values else ""
    source = source or next((key for key, values in data.numbers.items() if values is found.values), "")
    return written | ({"data": source} if source else {"values": _plain(found.values)})


def _plain(values: Values) -> Any:
    if isinstance(values, Mapping):
        return {str(key): _plain(value) for key, value in values.items()}
    if isinstance(values, tuple):
        return [_plain(value) for value in values]
    return _plain_number(values)


def _plain_number(value: Exact) -> int | str:
    return value if isinstance(value, int) else number_text(value)
