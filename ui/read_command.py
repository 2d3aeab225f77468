"""`quasikarp read`: what was understood of a model, and conversion between file formats."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tools.errors import InputError
from tools.formulation.read import read
from tools.formulation.write import write
from ui.check_command import require_files
from ui.model_text import model_summary, print_model


def read_model(path: Path, *, as_json: bool, out: Path | None) -> int:
    """Read a model, print its summary (as JSON when asked), write it to `out` in the format of its suffix; return 0."""
    require_files(path)
    model = read(path)
    if out is not None:
        if out.exists() and out.samefile(path):
            raise InputError(f"--out {out} would overwrite the model itself; choose another name")
        write(model, out)
    if as_json:
        sys.stdout.write(json.dumps(model_summary(model), indent=2) + "\n")
    else:
        from ui.consoles import answer_console

        print_model(answer_console(), model)
    return 0
