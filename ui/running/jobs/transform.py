"""A candidate is made from a model, with the true maps between their solutions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tools.errors import InputError
from tools.formulation.json_format import format_json
from tools.formulation.lp_writer import lp_lines
from tools.formulation.model import Formulation
from tools.json_fields import text_of, texts_of, whole_of
from tools.mapping.printing import compact_rules
from tools.transform.chain import LONGEST_CHAIN, random_chain
from tools.transform.chain import transform as transformed
from ui.running.source import Source
from ui.safe_text import safe


def transform(request: Mapping[str, Any], emit: Callable[[Mapping[str, Any]], None]) -> dict[str, Any]:
    """Return the candidate of "steps" (KIND[=N][:NAME], in order) and then "random" steps, applied to "source".

    "format" is "lp" or "json" (by default LP where it can hold the model). The answer is {"candidate", "format",
    "mapping", "rules", "contract", "steps"}: the candidate's text, and the mapping as a check takes it.
    """
    model = Source.of(request.get("source"), "model").model()
    steps, random, seed = texts_of(request, "steps"), whole_of(request, "random", 0), whole_of(request, "seed", 0)
    if not steps and not random:
        raise InputError("say what to do: name steps, such as digits:x or slack, or ask for random ones")
    if not 0 <= random <= LONGEST_CHAIN or len(steps) > LONGEST_CHAIN:
        raise InputError(f"there may be at most {LONGEST_CHAIN} steps, and not fewer than none")
    made = transformed(model, steps, seed)
    if random:
        made = made.then(random_chain(made.candidate, random, seed)[0])
    text, kind = _written(made.candidate, text_of(request, "format"))
    return {
        "candidate": text,
        "format": kind,
        "mapping": made.mapping_json(),
        "rules": list(compact_rules(made.affine_recovery, made.reference.variables, made.candidate.variables)),
        "contract": made.contract,
        "steps": [safe(step, 200) for step in made.steps],
    }


def _written(model: Formulation, wanted: str | None) -> tuple[str, str]:
    if wanted not in (None, "lp", "json"):
        raise InputError(f"a candidate is written as lp or json, not as {safe(str(wanted))!r}")
    if wanted != "json":
        try:
            return "".join(lp_lines(model)), "lp"
        except InputError:
            if wanted is not None:
                raise
    return format_json(model), "json"
