"""Python code that maps a candidate solution to a reference solution, made from a report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.errors import InputError
from tools.report import Report

MOST_VARIABLES = 200
"""Reference variables beyond which the code reads the mapping from the report's file."""

_HEAD = '''"""Maps a solution of the candidate to a solution of the reference, exactly.

What was shown of the mapping: {shown}.
"""
'''

_NUMBER = '''

def exact(value):
    """Return the number exactly; a float means its shortest decimal."""
    return Fraction(str(value) if isinstance(value, float) else value)
'''

_SOLUTION = '''

def reference_solution(candidate):
    """Return {reference variable: Fraction} for {candidate variable: int, float, str or Fraction}, all of them."""
    return {
        name: Fraction(constant) + sum(Fraction(factor) * exact(candidate[other]) for other, factor in terms.items())
        for name, (constant, terms) in RECOVERY.items()
    }
'''

_FROM_FILE = """
with open("report.json", encoding="utf-8") as file:  # say: give me the report
    _recovery = json.load(file)["mapping"]["recovery"]
RECOVERY = {name: (expression["constant"], expression["terms"]) for name, expression in _recovery.items()}
"""

_WITH_QUASIKARP = '''
import json

import quasikarp

with open("report.json", encoding="utf-8") as file:  # say: give me the report
    report = quasikarp.Report.from_json(json.load(file))


def reference_solution(candidate):
    """Return {reference variable: Fraction} for {candidate variable: int, float, str or Fraction}, all of them."""
    return report.recover(candidate)
'''


def snippet_of(report: Mapping[str, Any]) -> str:
    """Return the code for the mapping of a report; it needs nothing but Python where the mapping is affine.

    Raises `InputError` where there is no mapping, or where nothing was proved that makes it safe to use.
    """
    found = Report.from_json(report)
    mapping = found.mapping
    if mapping is None:
        raise InputError("no mapping was found, so there is no code to give")
    shown = [_CARRIED[name] for name in _CARRIED if found.claims[name].result == "proved"]  # type: ignore[index]
    if not shown:
        raise InputError(
            "nothing is proved about the mapping, so there is no code to give; it may give wrong solutions"
        )
    head = _HEAD.format(shown="; ".join(shown))
    open_ = [
        name for name in mapping.completed if name not in mapping.recovery and name not in (mapping.completed_by or {})
    ]
    if open_:
        raise InputError("the mapping leaves variables to be completed by an optimization, so no code can give them")
    if mapping.completed_by:
        return head + _WITH_QUASIKARP
    if len(mapping.recovery) > MOST_VARIABLES:
        return f"{head}\nimport json\nfrom fractions import Fraction\n{_FROM_FILE}{_NUMBER}{_SOLUTION}"
    lines = [
        f"    {name!r}: ({expression['constant']!r}, {dict(expression.get('terms', {}))!r}),"
        for name, expression in mapping.recovery.items()
    ]
    recovery = "\n".join(["RECOVERY = {  # reference variable: (constant, {candidate variable: factor})", *lines, "}"])
    return f"{head}\nfrom fractions import Fraction\n\n{recovery}\n{_NUMBER}{_SOLUTION}"


_CARRIED = {
    "sound": "every candidate solution becomes a reference solution that is no worse",
    "optima": "every optimal candidate solution becomes an optimal reference solution",
}
