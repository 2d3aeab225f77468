import io
import json
from collections.abc import Callable
from math import inf

from rich.console import Console

from tools.formulation.model import Formulation
from ui.model_text import model_summary, print_model


def shown(model: Formulation) -> str:
    file = io.StringIO()
    print_model(Console(file=file, width=100, color_system=None), model)
    return file.getvalue()


def test_a_model_is_shown_as_algebra(reference_model: Formulation) -> None:
    text = shown(reference_model)
    assert text.startswith("ref\nvariables: 2 (2 integer, 0 of them binary), rows: 1, nonzeros: 2\n")
    assert "maximize 5 x + 4 y\n  cap: 3 x + 2 y <= 10\n" in text
    assert ["x", "1", "integer", "0", "…", "10"] in [line.split() for line in text.splitlines()]


def test_families_sum_up_kinds_bounds_and_types(build: Callable[..., Formulation]) -> None:
    variables = {"x[1]": (0.0, 1.0, 2), "x[2]": (0.0, 1.0, 2), "y_1": (0.0, inf, 0), "y_2": (-inf, 5.0, 1)}
    rows = [("c1", {"x[1]": 1}, 1.0, 1.0), ("c2", {"x[2]": 1}, 1.0, 1.0), ("d", {"y_1": 1}, 1.0, 2.0)]
    summary = model_summary(build(variables, {}, rows))
    assert summary["variable_families"] == [
        {"pattern": "x[·]", "count": 2, "kind": "binary", "bounds": "0 … 1"},
        {"pattern": "y_·", "count": 2, "kind": "mixed", "bounds": "mixed"},
    ]
    assert summary["row_families"] == [
        {"pattern": "c·", "count": 2, "type": "="},
        {"pattern": "d", "count": 1, "type": "range"},
    ]
    json.dumps(summary, allow_nan=False)


def test_large_and_hostile_models_stay_bounded(build: Callable[..., Formulation]) -> None:
    names = [f"{chr(97 + k % 26) * (1 + k // 26)}\x1b[31m[red]" + "n" * 10_000 for k in range(100)]
    rows = [(f"r\n{name}", dict.fromkeys(names, 1), -inf, 1.0) for name in names]
    text = shown(build(dict.fromkeys(names, (0.0, 1.0, 0)), dict.fromkeys(names, 1), rows, name="\x07" * 5000))
    assert "\x1b" not in text
    assert "\x07" not in text
    assert len(text) < 30_000
    assert "… and 90 more rows" in text
    assert "… and 80 more families" in text


def test_a_model_without_anything_is_shown(build: Callable[..., Formulation]) -> None:
    assert "minimize 0" in shown(build({}, {}, []))
