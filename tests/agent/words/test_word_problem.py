import json
from pathlib import Path
from typing import Any

import pytest

from agent.words.problem import is_problem, read_problem
from tools.errors import InputError

INFO: dict[str, Any] = {
    "parametrized_description": "A firm has NumJobs jobs.",
    "parameters": {
        "NumJobs": {"description": "number of jobs", "shape": [], "type": "int", "value": 3},
        "Cost": {"definition": "what a job costs", "shape": ["NumJobs"], "value": [1, 0.1, 2]},
    },
    "variables": {"x": {"description": "whether it is done", "shape": ["NumJobs"], "type": "binary"}},
    "objective": {"description": "least cost", "formulation": "\\min \\sum_i Cost_i x_i", "code": {"gurobipy": "boom"}},
    "constraints": [{"description": "one at least", "formulation": "\\sum_i x_i \\ge 1", "code": {}}, "odd"],
}


def test_a_folder_of_nlp4lp(tmp_path: Path) -> None:
    (tmp_path / "problem_info.json").write_text(json.dumps(INFO), "utf-8")
    assert is_problem(tmp_path)
    problem = read_problem(tmp_path)
    assert problem.data == {"NumJobs": "3", "Cost": ["1", "0.1", "2"]}
    assert problem.text == (
        "A firm has NumJobs jobs.\n\n"
        "Parameters:\n- NumJobs (int): number of jobs\n- Cost [NumJobs]: what a job costs\n\n"
        "Variables:\n- x [NumJobs] (binary): whether it is done\n\nObjective: least cost; \\min \\sum_i Cost_i x_i\n\n"
        "Constraints:\n- one at least; \\sum_i x_i \\ge 1"
    )
    (tmp_path / "parameters.json").write_text('{"NumJobs": 2, "Cost": [4, 5]}', "utf-8")
    assert read_problem(tmp_path).data == {"NumJobs": "2", "Cost": ["4", "5"]}
    assert read_problem(tmp_path / "problem_info.json") == problem


def test_a_folder_with_a_description_only(tmp_path: Path) -> None:
    (tmp_path / "description.txt").write_text("Words.\r\nMore.", "utf-8")
    (tmp_path / "parameters.json").write_text('{"a": 1}', "utf-8")
    assert is_problem(tmp_path)
    problem = read_problem(tmp_path)
    assert (problem.text, problem.data) == ("Words.\nMore.", {"a": "1"})


@pytest.mark.parametrize("name", ["p.md", "p.TEX", "p.txt"])
def test_a_text(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("\ufeffWords", "utf-8")
    assert is_problem(tmp_path / name)
    assert read_problem(tmp_path / name).text == "Words"


def test_what_is_no_problem(tmp_path: Path) -> None:
    for name, text in (
        ("m.lp", "Minimize x"), ("m.json", '{"schema": "x", "description": "y"}'), ("n.json", "[1]"),
        ("broken.json", "{"), ("other.json", '{"a": 1}'), ("twice.json", '{"description": "a", "description": "b"}'),
    ):  # fmt: skip
        (tmp_path / name).write_text(text, "utf-8")
        assert not is_problem(tmp_path / name)
    assert not is_problem(tmp_path)
    assert not is_problem(tmp_path / "absent.json")
    assert not is_problem(Path("a\0b.json"))


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"problem_info.json": "[]"}, "holds no JSON object"),
        ({"problem_info.json": "{}"}, "neither 'parametrized_description' nor 'description' holds a text"),
        ({"problem_info.json": "{"}, "not JSON"),
        ({"description.txt": "a", "parameters.json": "[]"}, "holds no JSON object"),
        ({"description.txt": "a", "parameters.json": '{"a": 1, "a": 2}'}, "stands twice"),
        ({"description.txt": "a" * 400_001}, "400001 characters; at most 400000"),
        ({}, "a folder without problem_info.json"),
    ],
)
def test_what_cannot_be_read_is_one_line(tmp_path: Path, files: dict[str, str], message: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(InputError, match=message) as caught:
        read_problem(tmp_path)
    assert "\n" not in str(caught.value)


def test_other_encodings_and_absent_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "p.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="is not UTF-8 text"):
        read_problem(tmp_path / "p.md")
    with pytest.raises(InputError, match="cannot read"):
        read_problem(tmp_path / "absent.md")
