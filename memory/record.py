"""What memory keeps of one checked mapping: a frozen record whose id is the hash of its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, get_args

from tools.errors import InputError
from tools.report import CLAIM_NAMES, Contract

SCHEMA = "quasikarp/memory/1"

Outcome = Literal["verified", "refuted"]
"""A mapping that fulfilled its contract, or one that a witness refuted."""

LARGEST_ENTRY = 1e6
"""Of a fingerprint, in absolute value; its entries are logarithms and shares."""

LARGEST_DOCUMENT = 1_000_000
"""Characters of one record as JSON; longer ones are not read."""


@dataclass(frozen=True)
class ModelSketch:
    """What a record says about one model: content hash, name and sizes."""

    hash: str
    name: str
    variables: int
    integers: int
    constraints: int
    nonzeros: int


@dataclass(frozen=True)
class Record:
    """One mapping between two models, what was shown of it, and how to find it again.

    `template` is the mapping as rules over roles (see `memory.template`), `mapping` the concrete one in the form that
    `check --mapping` reads; either is None where it would be too long (`mapping_hash` stands for it all the same).
    `claims` maps the six claims to `{"result", "strength"}`. `witness` is the counterexample of a refuted mapping.
    `structure` is the structural fingerprint of the pair and `text` what it says in words: an index embeds both.
    `source` says where it came from.
    """

    outcome: Outcome
    kind: str
    contract: Contract
    reference: ModelSketch
    candidate: ModelSketch
    rules: tuple[str, ...]
    claims: Mapping[str, Mapping[str, str]] = field(hash=False)
    template: Mapping[str, Any] | None = field(hash=False)
    mapping: Mapping[str, Any] | None = field(hash=False)
    mapping_hash: str
    witness: Mapping[str, Any] | None = field(hash=False)
    structure: tuple[float, ...]
    text: str
    report: str
    source: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "claims", MappingProxyType(dict(self.claims)))

    @property
    def id(self) -> str:
        """The hash of models, mapping and outcome: the same finding made twice is one record."""
        identity = {
            "schema": SCHEMA,
            "outcome": self.outcome,
            "contract": self.contract,
            "reference": self.reference.hash,
            "candidate": self.candidate.hash,
            "rules": list(self.rules),
            "mapping": self.mapping,
            "mapping_hash": self.mapping_hash,
        }
        return hashlib.sha256(_canonical(identity).encode()).hexdigest()[:24]

    def to_json(self) -> dict[str, Any]:
        """Return the record as JSON data."""
        return {
            "schema": SCHEMA,
            "id": self.id,
            "outcome": self.outcome,
            "kind": self.kind,
            "contract": self.contract,
            "reference": vars(self.reference),
            "candidate": vars(self.candidate),
            "rules": list(self.rules),
            "claims": {name: dict(claim) for name, claim in self.claims.items()},
            "template": self.template,
            "mapping": self.mapping,
            "mapping_hash": self.mapping_hash,
            "witness": self.witness,
            "structure": list(self.structure),
            "text": self.text,
            "report": self.report,
            "source": self.source,
        }

    def to_text(self) -> str:
        """Return the record as one line of JSON, keys sorted."""
        return _canonical(self.to_json())

    @classmethod
    def from_text(cls, text: str) -> Record:
        """Return the record that `to_text` wrote; raises `InputError` on anything else, an altered one included."""
        if len(text) > LARGEST_DOCUMENT:
            raise InputError(f"a memory record of {len(text)} characters is too long; at most {LARGEST_DOCUMENT}")
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InputError(f"a memory record is not JSON: {str(error)[:100]}") from error
        return cls.from_json(data)

    @classmethod
    def from_json(cls, data: object) -> Record:
        """Return the record that `to_json` wrote; raises `InputError` on anything else, an altered one included."""
        if not isinstance(data, dict):
            raise InputError(f"a memory record must be a JSON object, found {str(data)[:60]!r}")
        if data.get("schema") != SCHEMA:
            raise InputError(f"a memory record has the schema {str(data.get('schema'))[:60]!r}, expected {SCHEMA!r}")
        try:
            record = cls(
                outcome=_one_of(data["outcome"], Outcome),
                kind=_text(data["kind"]),
                contract=_one_of(data["contract"], Contract),
                reference=_sketch(data["reference"]),
                candidate=_sketch(data["candidate"]),
                rules=tuple(map(_text, data["rules"])),
                claims={name: _claim(data["claims"][name]) for name in CLAIM_NAMES},
                template=_object(data["template"]),
                mapping=_object(data["mapping"]),
                mapping_hash=_text(data["mapping_hash"]),
                witness=_object(data["witness"]),
                structure=tuple(map(_bounded, data["structure"])),
                text=_text(data["text"]),
                report=_text(data["report"]),
                source=_text(data["source"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise InputError(f"a memory record is malformed: {type(error).__name__}: {str(error)[:100]}") from error
        if data.get("id") != record.id:
            raise InputError(f"the memory record {str(data.get('id'))[:60]!r} does not match its content; drop it")
        return record


def _canonical(data: object) -> str:
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected text, found {str(value)[:60]!r}")
    return value


def _bounded(value: object) -> float:
    if not isinstance(value, int | float) or not abs(value) <= LARGEST_ENTRY:
        raise ValueError(f"a fingerprint holds moderate numbers, found {str(value)[:60]!r}")
    return float(value)


def _one_of(value: object, allowed: Any) -> Any:
    if value not in get_args(allowed):
        raise ValueError(f"expected one of {', '.join(get_args(allowed))}, found {str(value)[:60]!r}")
    return value


def _object(value: object) -> dict[str, Any] | None:
    if value is not None and not isinstance(value, dict):
        raise TypeError(f"expected an object or null, found {str(value)[:60]!r}")
    return value


def _claim(value: Any) -> dict[str, str]:
    return {"result": _text(value["result"]), "strength": _text(value["strength"])}


def _sketch(value: Any) -> ModelSketch:
    sizes = [value[key] for key in ("variables", "integers", "constraints", "nonzeros")]
    if not all(isinstance(size, int) and size >= 0 for size in sizes):
        raise ValueError("sizes must be whole numbers")
    return ModelSketch(_text(value["hash"]), _text(value["name"]), *sizes)
