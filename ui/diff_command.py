"""`quasikarp diff`: what changed between two models that share names."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tools.formulation.difference import difference
from tools.formulation.read import read
from ui.check_command import require_files


def show_difference(first: Path, second: Path, *, as_json: bool) -> int:
    """Print what changed from the first model to the second; return 0 where they are the same, else 1."""
    require_files(first, second)
    a, b = read(first), read(second)
    found = difference(a, b)
    if as_json:
        sys.stdout.write(json.dumps(found.to_json(), indent=2, allow_nan=False) + "\n")
    else:
        from ui.consoles import answer_console
        from ui.diff_text import print_difference

        print_difference(answer_console(), found, a, b)
    return 0 if found.same else 1
