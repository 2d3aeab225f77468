"""The graph end to end: its steps, its loop, and that every door runs it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from lp_pairs import MORE_NEEDED, REFERENCE, ROLES_SWAPPED, write_pair

from agent.graph import NODES, build_graph
from agent.run import check, stream
from agent.settings import Settings
from tools.errors import InputError, MappingError


def nodes_of(events: list) -> list[str]:
    """The nodes in the order in which they spoke, repetitions of one node folded."""
    folded: list[str] = []
    for event in events:
        if not folded or folded[-1] != event.node:
            folded.append(event.node)
    return folded


def test_a_refuted_hypothesis_leads_to_the_next_one(tmp_path: Path) -> None:
    """Equal names suggest the identity, which an optimal point refutes; the isomorphism exchanges the two."""
    events = list(stream(*write_pair(tmp_path)))
    path = nodes_of(events)
    start = path.index("plan")
    assert path[start : start + 4] == ["plan", "test", "reflect", "plan"]
    report = events[-1].report
    assert report is not None
    assert report.verdict == "equivalent"
    assert report.mapping is not None
    assert report.mapping.origin == "symbolic:isomorphism"
    assert set(report.mapping.rules) == {"a = b", "b = a"}
    assert [h.outcome for h in report.hypotheses] == ["refuted", "verified"]
    assert "breaks row need" in report.hypotheses[0].reason


def test_a_witness_from_verification_joins_the_pool(tmp_path: Path) -> None:
    """Under quasi-karp an identity that breaks a row at no pool point is refuted by verify, and its witness is kept."""
    reference = REFERENCE.replace("a <= 10", "a <= 4").replace("General\n a b\n", "")
    candidate = MORE_NEEDED.replace("General\n a b\n", "").replace("2 a + 3 b", "2 a + 1 b")
    events = list(stream(*write_pair(tmp_path, reference, candidate)))
    report = events[-1].report
    assert report is not None
    assert report.verdict == "not_equivalent"
    assert report.counterexample is not None


def test_every_verdict_is_the_same_twice(tmp_path: Path) -> None:
    pair = write_pair(tmp_path, REFERENCE, MORE_NEEDED)
    first, second = (check(*pair).to_json() for _ in range(2))
    first.pop("seconds"), second.pop("seconds")
    assert first == second


def test_the_same_names_refuted_give_a_no_with_its_scope(tmp_path: Path) -> None:
    report = check(*write_pair(tmp_path, REFERENCE, MORE_NEEDED))
    assert (report.verdict, report.scope) == ("not_equivalent", "this mapping")
    assert report.counterexample is not None
    assert report.claims["optima"].result == report.claims["complete"].result == "refuted"


def test_fewer_points_refute_every_reformulation(tmp_path: Path) -> None:
    report = check(*write_pair(tmp_path, REFERENCE, MORE_NEEDED), Settings(contract="reformulation"))
    assert (report.verdict, report.scope) == ("not_equivalent", "any mapping")
    assert "solutions" in report.reason


def test_a_given_mapping_is_the_only_one_tried(tmp_path: Path) -> None:
    report = check(*write_pair(tmp_path), Settings(mapping="a = a\nb = b"))
    assert (report.verdict, report.scope) == ("not_equivalent", "this mapping")
    assert [h.origin for h in report.hypotheses] == ["user:mapping"]


def test_a_hint_is_tried_first_and_others_follow(tmp_path: Path) -> None:
    report = check(*write_pair(tmp_path), Settings(hints=("a = 10 - b",)))
    assert report.verdict == "equivalent"
    assert report.hypotheses[0].origin == "user:hint"


def test_unmapped_variables_are_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="b"):
        check(*write_pair(tmp_path), Settings(mapping="a = b"))


@pytest.mark.parametrize(("rounds", "reason"), [(1, "limit of 1 rounds")])
def test_running_out_of_rounds_is_unknown_and_says_so(tmp_path: Path, rounds: int, reason: str) -> None:
    renamed = ROLES_SWAPPED.replace("a", "A").replace("b", "B")
    pair = write_pair(tmp_path, REFERENCE, renamed.replace("MAximize", "Maximize"))
    report = check(*pair, Settings(rounds=rounds))
    assert report.verdict == "unknown"
    assert reason in report.reason


def test_running_out_of_time_is_unknown_and_says_so(tmp_path: Path) -> None:
    renamed = REFERENCE.replace(" a", " u").replace(" b", " v")
    report = check(*write_pair(tmp_path, REFERENCE, renamed.replace("5 u", "6 u")), Settings(time_limit=1e-6))
    assert report.verdict == "unknown"
    assert "time limit" in report.reason


@pytest.mark.parametrize(
    "settings", [{"contract": "same"}, {"time_limit": 0}, {"rounds": 0}, {"time_limit": float("nan")}]
)
def test_settings_out_of_range_are_refused(settings: dict) -> None:
    with pytest.raises(InputError):
        Settings(**settings)


def test_the_graph_builder_gives_an_ordinary_graph() -> None:
    drawn = build_graph().get_graph()
    assert set(NODES) <= set(drawn.nodes)


REPLACED = """
import sys
import agent.graph
from agent.nodes.screen import screen

def marked(state, runtime):
    update = screen(state, runtime)
    update["seconds"] = {"marked": 1.0, **update["seconds"]}
    return update

agent.graph.NODES["screen"] = marked
"""


def test_command_line_batch_and_python_run_the_same_graph(tmp_path: Path) -> None:
    """Replace a node: each of the three doors shows it."""
    reference, candidate = write_pair(tmp_path)
    manifest, out = tmp_path / "pairs.jsonl", tmp_path / "reports.jsonl"
    manifest.write_text(json.dumps({"id": "p", "reference": "reference.lp", "candidate": "candidate.lp"}) + "\n")

    python = REPLACED + "import json, quasikarp\nprint(json.dumps(quasikarp.check(*sys.argv[1:]).to_json()))"
    found = subprocess.run(
        [sys.executable, "-c", python, reference, candidate], capture_output=True, text=True, check=True
    )
    assert "marked" in json.loads(found.stdout)["seconds"]

    command = REPLACED + "from ui.cli import main\nmain()"
    found = subprocess.run(
        [sys.executable, "-c", command, "check", "--json", reference, candidate], capture_output=True, text=True
    )
    assert found.returncode == 0, found.stderr
    assert "marked" in json.loads(found.stdout)["seconds"]

    worker = REPLACED + "from ui.batch_worker import main\nmain()"
    batch = (
        "import sys, ui.batch_command\n"
        f"ui.batch_command.WORKER_COMMAND = (sys.executable, '-c', {worker!r})\n"
        "from ui.cli import main\nmain()"
    )
    found = subprocess.run(
        [sys.executable, "-c", batch, "batch", manifest, "--out", out], capture_output=True, text=True
    )
    assert found.returncode == 0, found.stderr
    assert "marked" in json.loads(out.read_text())["seconds"]
