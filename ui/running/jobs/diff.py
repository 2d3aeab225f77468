"""What changed between two models that share names."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console

from tools.formulation.difference import difference
from ui.diff_text import print_difference
from ui.running.source import Source

_WIDTH = 200


def diff(request: Mapping[str, Any], emit: Callable[[Mapping[str, Any]], None]) -> dict[str, Any]:
    """Return {"same", "text"}: whether "reference" and "candidate" are one model, and what changed, for people."""
    reference = Source.of(request.get("reference"), "reference").model()
    candidate = Source.of(request.get("candidate"), "candidate").model()
    found = difference(reference, candidate)
    printed = io.StringIO()
    print_difference(Console(file=printed, width=_WIDTH, color_system=None), found, reference, candidate)
    return {"same": found.same, "text": printed.getvalue()}
