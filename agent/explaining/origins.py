"""Who proposed a mapping, in words a modeller understands."""

from __future__ import annotations

from agent.explaining.inert import inert, name_text
from agent.hypothesis import LANGUAGE_MODEL, MEMORY, is_by_language_model, is_recalled

_WORDS = {
    "symbolic:names": "found by matching equal names",
    "symbolic:isomorphism": "found by matching the structure of the two models",
    "symbolic:affine-isomorphism": "found by matching the structure of the two models",
    "symbolic:normal-form": "found by bringing both models into a normal form",
    "symbolic:near-isomorphism": "found by matching as much of the structure as fits",
    "symbolic:near-normal-form": "found by matching as much of the normal forms as fits",
    "user:mapping": "given by the user",
    "user:hint": "made from the user's hints",
}
_SYNTHESIS = "symbolic:synthesis"


def found_how(origin: str) -> str:
    """Return "found by matching equal names", "proposed by the language model m" …, to stand behind a noun."""
    if origin in _WORDS:
        return _WORDS[origin]
    if is_recalled(origin):
        return f"recalled from memory (record {inert(origin.removeprefix(MEMORY), 40)})"
    if is_by_language_model(origin):
        return f"proposed by the language model {name_text(origin.removeprefix(LANGUAGE_MODEL))}"
    if origin.startswith(_SYNTHESIS):
        return "found by solving for its coefficients"
    return f"proposed by {inert(origin, 60) or 'nobody who is named'}"
