import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools.formulation.read import read
from ui.model_text import model_summary
from ui.running.jobs.read import MOST_LINES, MOST_NAMES, bounded_lines

Done = Callable[..., dict[str, Any]]


def test_what_was_understood_is_told(done: Done, example: Callable[[str], dict[str, Any]]) -> None:
    source = example("production")["reference"]
    found = done("read", source=source)
    assert found["summary"] == model_summary(read(Path(source["path"])))
    assert found["algebra"] == [
        "maximize 5 chairs + 4 tables",
        "subject to",
        "  machine: 6 chairs + 4 tables <= 24",
        "  labour: chairs + 2 tables <= 6",
        "variables",
        "  chairs: 1 continuous, 0 … inf",
        "  tables: 1 continuous, 0 … inf",
    ]
    assert found["notes"] == []
    assert found["variables"] == {"count": 2, "names": ["chairs", "tables"]}
    assert found["rows"] == {"count": 2, "names": ["machine", "labour"]}
    json.dumps(found, allow_nan=False)


def test_a_large_model_is_told_in_brief(done: Done) -> None:
    count = MOST_NAMES + 5
    rows = "".join(f" c{i}: a{i}b{i} >= 1\n" for i in range(count))
    found = done("read", source={"text": f"minimize\n o: a0b0\nst\n{rows}end\n"})
    assert found["variables"]["count"] == found["rows"]["count"] == count
    assert len(found["variables"]["names"]) == len(found["rows"]["names"]) == MOST_NAMES
    assert len(found["algebra"]) <= MOST_LINES + 1
    assert f"  … and {count - MOST_LINES // 2} more rows" in found["algebra"]


def test_algebra_is_shown_as_it_was_written(done: Done) -> None:
    document = {
        "schema": "quasikarp/algebra/1", "sense": "minimize", "sets": {"I": 3}, "objective": "sum(x[i] for i in I)",
        "variables": [{"name": "x", "indices": ["I"], "kind": "integer", "lower": 0, "upper": None}],
        "constraints": [{"name": "low", "for": ["i in I"], "expression": "x[i] >= i"}],
    }  # fmt: skip
    found = done("read", source={"text": json.dumps(document)})
    assert found["algebra"][0] == "minimize sum(x[i] for i in I)"
    assert any("x[i] >= i" in line for line in found["algebra"])


def test_names_and_lines_are_inert(done: Done) -> None:
    document = {
        "schema": "quasikarp/formulation/1", "name": "m\u202e", "sense": "minimize", "rows": [],
        "objective": {"terms": {"a\u202eb": 1}},
        "variables": [
            {"name": name, "kind": "continuous", "lower": 0, "upper": None} for name in ("a\u202eb", "n" * 10_000)
        ],
    }  # fmt: skip
    found = done("read", source={"text": json.dumps(document)})
    text = json.dumps([found["algebra"], found["notes"], found["variables"]], ensure_ascii=False)
    assert "\u202e" not in text
    assert len(text) < 2_000


def test_lines_are_bounded() -> None:
    assert bounded_lines(["a"]) == ["a"]
    found = bounded_lines(["x" * 5_000] * (MOST_LINES + 3))
    assert found[-1] == "… and 3 more lines"
    assert max(map(len, found)) == 2_000


def test_where_a_model_comes_from_is_a_note(done: Done) -> None:
    document = {
        "schema": "quasikarp/formulation/1", "name": "m", "sense": "minimize", "rows": [],
        "objective": {"terms": {"x": 1}}, "written_by": "llm:<b>",
        "variables": [{"name": "x", "kind": "continuous", "lower": 0, "upper": None}],
    }  # fmt: skip
    found = done("read", source={"text": json.dumps(document)})
    assert found["summary"]["written_by"] == "llm:<b>"
    assert found["notes"] == ["written by llm:<b>: check it before you use it"]


@pytest.mark.parametrize("count", [0, 1])
def test_a_model_without_rows(done: Done, count: int) -> None:
    found = done("read", source={"text": "minimize\n o: x\nst\n" + " c: x >= 1\n" * count + "end\n"})
    assert found["rows"]["count"] == count
