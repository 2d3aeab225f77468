"""From a checked pair to the record that memory keeps of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from memory.embedding.portrait import Portrait
from memory.kinds import kind_of
from memory.record import ModelSketch, Outcome, Record
from memory.template import LARGEST_MODEL, template_of
from tools.formulation.model import Formulation
from tools.mapping.affine import AffineMapping
from tools.mapping.printing import abbreviate
from tools.report import Contract

LONGEST_MAPPING = 300_000
"""Characters of a mapping as JSON beyond which a record keeps its hash only."""

RULES_KEPT = 20


@dataclass(frozen=True)
class Provenance:
    """Where a pair comes from: the source, the kind of reformulation where that is known, and what it is about."""

    source: str = "check"
    kind: str = ""
    text: str = ""


def record_of(
    reference: Formulation,
    candidate: Formulation,
    *,
    outcome: Outcome,
    contract: Contract,
    mapping: Mapping[str, Any] | None,
    claims: Mapping[str, Mapping[str, str]],
    witness: Mapping[str, Any] | None,
    report: Mapping[str, Any],
    provenance: Provenance,
    seen: Portrait,
) -> Record:
    """Return the record of a mapping in the form of a report's `mapping`, or of a pair that no mapping fits (None)."""
    rules: tuple[str, ...] = ()
    kept: dict[str, Any] | None = None
    template = None
    kind = provenance.kind
    if mapping is not None:
        rules = tuple(abbreviate(list(mapping["rules"]), RULES_KEPT))
        if len(mapping["recovery"]) <= LARGEST_MODEL:
            fields = ("recovery", "completed", "completed_by", "lifting", "objective")
            kept = {name: mapping.get(name) for name in fields}
            expressions = AffineMapping.from_json(mapping["recovery"], ()).expressions
            kind = kind or kind_of(reference, candidate, expressions, bool(mapping.get("completed_by")))
            if outcome == "verified":
                made = template_of(reference, candidate, expressions, mapping["completed"])
                template = None if made is None else made.to_json()
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"))
    return Record(
        outcome=outcome,
        kind=kind,
        contract=contract,
        reference=_sketch(reference),
        candidate=_sketch(candidate),
        rules=rules,
        claims={name: {"result": c["result"], "strength": c["strength"]} for name, c in claims.items()},
        template=template,
        mapping=kept if len(text) <= LONGEST_MAPPING else None,
        mapping_hash=hashlib.sha256(text.encode()).hexdigest() if kept else report_hash(report),
        witness=None if witness is None else dict(witness),
        structure=seen.structure,
        text=seen.text,
        report=report_hash(report),
        source=provenance.source,
    )


def report_hash(report: Mapping[str, Any]) -> str:
    """Return the hash of a report without its times."""
    timeless = {name: value for name, value in report.items() if name != "seconds"}
    return hashlib.sha256(json.dumps(timeless, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _sketch(model: Formulation) -> ModelSketch:
    return ModelSketch(
        hash=model.content_hash,
        name=model.name,
        variables=len(model.variables),
        integers=int(model.integer.sum()),
        constraints=len(model.rows),
        nonzeros=model.nonzeros,
    )
