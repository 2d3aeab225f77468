"""Small documents of algebra for tests."""

from collections.abc import Callable
from typing import Any

from tools.algebra.document import SCHEMA, document_of
from tools.algebra.faults import FaultError
from tools.algebra.grounding import ground
from tools.errors import InputError
from tools.formulation.model import Formulation


def document(**changes: Any) -> dict[str, Any]:
    """A model with integers x[1], x[2], x[3] and nothing else, with these parts replaced."""
    return {
        "schema": SCHEMA, "sense": "minimize", "sets": {"I": 3}, "parameters": {"c": [1, 2, 3]},
        "variables": [{"name": "x", "indices": ["I"], "kind": "integer", "lower": 0, "upper": None}],
        "objective": "sum(c[i]*x[i] for i in I)", "constraints": [],
    } | changes  # fmt: skip


def with_row(expression: str, *clauses: str, **changes: Any) -> dict[str, Any]:
    """That model with one constraint `r`."""
    return document(constraints=[{"name": "r", "for": list(clauses), "expression": expression}], **changes)


def refusal(action: Callable[[], object]) -> str:
    """What `action` says in refusing its input, or nothing."""
    try:
        action()
    except (InputError, FaultError) as error:
        return str(error)
    return ""


def grounded(data: dict[str, Any]) -> Formulation:
    return ground(document_of(data))
