"""Rules found in what a user said: which text is meant as rules, and which rules it holds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tools.errors import MappingError
from tools.mapping.syntax import parse_rules
from ui.chat.phrases import Rules

# Up to the sign "=": a bare or quoted name, then perhaps indices. Each part excludes how the next one starts, so that
# matching takes one pass.
_DEFINES = re.compile(
    r"\s*(?:[^\W\d][\w.#$@~]*|`[^`\n]+`|\"(?:[^\"\\\n]|\\.)+\")[ \t]*(?:[\[({][^=<>!\n]*[\])}][ \t]*)?=(?!=)"
)
_QUOTED_OR_END = re.compile(r"`[^`\n]*`|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|#[^\n]*|[;\n]|[^`\"'#;\n]+|.")


def defines(text: str) -> bool:
    """Say whether `text` begins as a rule does: a variable, then "="."""
    return _DEFINES.match(text) is not None


def rules_of(text: str) -> Rules:
    """Return the rules in `text`, which stand on lines of their own or between semicolons; nothing is parsed."""
    rules = [""]
    for match in _QUOTED_OR_END.finditer(text):
        piece = match.group()
        if piece in (";", "\n"):
            rules.append("")
        else:
            rules[-1] += piece
    return tuple(_without_end_sign(rule.strip()) for rule in rules if rule.strip())


def fault_of(rules: Sequence[str]) -> str:
    """Return what the parser of rules says of the first one that it cannot read, or an empty text."""
    if not rules:
        return "there is no rule to use; write one such as x[i] = 10*d[i,1] + d[i,0]"
    try:
        parsed = parse_rules("\n".join(rules))
    except MappingError as error:
        return str(error)
    return "" if parsed else "there is no rule to use; write one such as x[i] = 10*d[i,1] + d[i,0]"


def _without_end_sign(rule: str) -> str:
    shorter = rule.rstrip(".!? ")
    return shorter if shorter != rule and fault_of((rule,)) and not fault_of((shorter,)) else rule
