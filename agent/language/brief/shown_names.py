"""Names and descriptions of strangers as a prompt shows them: one line, inert, bounded, and as rules write them."""

from __future__ import annotations

import json
import re

from tools.mapping.patterns import Index
from tools.mapping.syntax import is_identifier, quote, quote_name

NAME_WIDTH = 60
"""Characters of a name, or of an index, that are shown; a longer one loses its middle."""

_ELLIPSIS = "…"
_MARKUP = re.compile(r'<(?=[A-Za-z/|!?])|`|"""')


def shown_name(name: str) -> str:
    """Return `name` as a rule writes it exactly, unless it is longer than `NAME_WIDTH`: then it is cut and quoted."""
    cut = _cut(name)
    bare = quote_name(cut)
    return bare if bare == cut else _quoted(cut)


def shown_base(base: str) -> str:
    """Return the base of a family as a rule writes it before `[`, cut as in `shown_name`."""
    cut = _cut(base)
    return cut if is_identifier(cut) else _quoted(cut)


def shown_index(index: Index) -> str:
    """Return an index value as a rule writes it: 3, paris or 'New York'."""
    if isinstance(index, int):
        return str(index)
    cut = _cut(index)
    if is_identifier(cut):
        return cut
    return f"'{cut}'" if cut.isprintable() and "'" not in cut and not _MARKUP.search(cut) else inert(cut)


def inert(text: str) -> str:
    """Return `text` in double quotes with JSON escapes, on one line, without anything that could end a quotation.

    Line breaks, control characters and direction overrides are escaped; so are backticks and what looks like the
    beginning of a tag (`</`, `<|`), because prompts are held together by such marks.
    """
    pieces = [c if c.isprintable() and c not in '"\\' else json.dumps(c)[1:-1] for c in text]
    return '"' + _MARKUP.sub(lambda found: json_escape(found.group()), "".join(pieces)) + '"'


def json_escape(text: str) -> str:
    """Return the JSON escapes of all characters of `text`."""
    return "".join(f"\\u{ord(character):04x}" for character in text)


def shown_description(text: str, limit: int) -> str:
    """Return a description as `inert` does, white space joined, its end cut off beyond `limit` characters."""
    flat = " ".join(text[: 4 * limit].split())
    return inert(flat[:limit] + _ELLIPSIS if len(flat) > limit or len(text) > 4 * limit else flat)


def is_cut(name: str) -> bool:
    """Say whether `shown_name` shows only a part of `name`."""
    return len(name) > NAME_WIDTH


def _cut(name: str) -> str:
    tail = NAME_WIDTH // 3
    return name[: NAME_WIDTH - tail - 1] + _ELLIPSIS + name[-tail:] if is_cut(name) else name


def _quoted(name: str) -> str:
    quoted = quote(name)
    return quoted if quoted.startswith("`") and not _MARKUP.search(name) else inert(name)
