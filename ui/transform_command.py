"""`quasikarp transform`: a candidate made from a model, with the true maps between their solutions."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tools.claims.objective_relation import ObjectiveRelation
from tools.errors import InputError
from tools.formulation.json_format import format_json
from tools.formulation.model import Formulation
from tools.formulation.read import read
from tools.formulation.write import write
from tools.mapping.affine import format_sum
from tools.mapping.printing import compact_rules
from tools.transform.chain import random_chain, transform
from tools.transform.registry import TRANSFORMATIONS
from tools.transform.transformed import Transformed
from ui.check_command import require_files
from ui.safe_text import safe

SCHEMA = "quasikarp/transform/1"

_RULES_SHOWN = 20


def transform_model(
    path: Path,
    apply: Sequence[str],
    *,
    random_steps: int,
    seed: int,
    out: Path | None,
    mapping_out: Path | None,
    as_json: bool,
) -> int:
    """Transform a model, say what was done, write candidate and mapping where asked; return 0.

    The steps of `apply` come first, then `random_steps` random ones.
    """
    if not apply and not random_steps:
        raise InputError("say what to do with --apply KIND or --random N; --list shows the kinds")
    require_files(path)
    for written in (out, mapping_out):
        if written is not None and written.exists() and written.samefile(path):
            raise InputError(f"{written} is the model itself; write to another name")
    if out is not None and mapping_out is not None and out.resolve() == mapping_out.resolve():
        raise InputError("--out and --mapping-out name the same file; choose two names")
    made = transform(read(path), apply, seed)
    if random_steps:
        made = made.then(random_chain(made.candidate, random_steps, seed)[0])
    with ExitStack() as stack:
        if mapping_out is not None:
            from ui.whole_file import replacing

            target = stack.enter_context(replacing(mapping_out, keep=(path,)))
            target.write_text(json.dumps(made.mapping_json(), indent=2) + "\n", encoding="utf-8")
        if out is not None:
            write(made.candidate, out)
    if as_json:
        sys.stdout.write(json.dumps(_document(made, seed, out), indent=2, allow_nan=False) + "\n")
    else:
        _print_for_people(made, out, mapping_out)
    return 0


def list_transformations(*, as_json: bool) -> int:
    """Print every transformation with one line each; return 0."""
    if as_json:
        kinds = [
            {
                "name": kind.name,
                "summary": kind.summary,
                "acts_on": kind.acts_on,
                "contract": kind.contract,
                "parameter": None if kind.parameter is None else vars(kind.parameter),
            }
            for kind in TRANSFORMATIONS.values()
        ]
        sys.stdout.write(json.dumps({"schema": "quasikarp/transformations/1", "kinds": kinds}, indent=2) + "\n")
        return 0
    width = max(map(len, TRANSFORMATIONS))
    for kind in TRANSFORMATIONS.values():
        weak = "" if kind.contract == "reformulation" else f" ({kind.contract} only)"
        print(f"{kind.name:<{width}}  {kind.acts_on:<9}  {kind.summary}{weak}")
    return 0


def _document(made: Transformed, seed: int, out: Path | None) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "steps": list(made.steps),
        "seed": seed,
        "contract": made.contract,
        "reference": _sizes(made.reference),
        "candidate": _sizes(made.candidate),
        "model": json.loads(format_json(made.candidate)) if out is None else None,
        "mapping": made.mapping_json(),
    }


def _sizes(model: Formulation) -> dict[str, Any]:
    return {
        "name": model.name,
        "variables": len(model.variables),
        "integers": int(model.integer.sum()),
        "constraints": len(model.rows),
        "nonzeros": model.nonzeros,
    }


def _print_for_people(made: Transformed, out: Path | None, mapping_out: Path | None) -> None:
    for number, step in enumerate(made.steps, 1):
        print(f"{number}. {safe(step, 100)}")
    for label, model in (("reference", made.reference), ("candidate", made.candidate)):
        sizes = _sizes(model)
        print(
            f"{label}: {sizes['variables']} variables ({sizes['integers']} integer), {sizes['constraints']} rows, "
            f"{sizes['nonzeros']} nonzeros"
        )
    meaning = {
        "reformulation": "the solutions correspond in both directions",
        "quasi-karp": "some solutions are gone, every optimum of the candidate leads to one of the reference",
    }
    print(f"contract: {made.contract} ({meaning[made.contract]})")
    print(f"objective: {_relation_text(made.relation)}")
    print("recovery (reference variables from candidate variables):")
    rules = compact_rules(made.affine_recovery, made.reference.variables, made.candidate.variables)
    for rule in rules[:_RULES_SHOWN]:
        print(f"  {safe(rule, 200)}")
    if len(rules) > _RULES_SHOWN:
        print(f"  … and {len(rules) - _RULES_SHOWN} more")
    print(f"candidate: {out if out is not None else 'not written; --out FILE writes it'}")
    print(f"maps: {mapping_out if mapping_out is not None else 'not written; --mapping-out FILE writes them'}")


def _relation_text(relation: ObjectiveRelation) -> str:
    if relation.scale == 1 and not relation.offset:
        return "the same values"
    return f"reference value = {format_sum([(relation.scale, 'candidate value')], relation.offset)}, as minimisation"
