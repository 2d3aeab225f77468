"""A run that is killed resumes from its checkpoint file: completed nodes are not repeated, the report is the same."""

import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver
from lp_pairs import MORE_NEEDED, REFERENCE, write_pair

from agent.graph import build_graph
from agent.run import check, run_context
from agent.settings import Settings
from tools.errors import InputError

KILLED = """
import json, os, signal, sys
from pathlib import Path
import agent.graph
from agent.run import check
from agent.settings import Settings

folder = Path(sys.argv[1])
deadly = sys.argv[2]

def logged(name, node):
    def run(state, runtime):
        with open(folder / "log.txt", "a") as log:
            log.write(name + "\\n")
        if name == deadly and not (folder / "killed").exists():
            (folder / "killed").write_text("")
            os.kill(os.getpid(), signal.SIGKILL)
        return node(state, runtime)
    return run

for name, node in list(agent.graph.NODES.items()):
    agent.graph.NODES[name] = logged(name, node)
settings = Settings(checkpoint=folder / "run.checkpoint.sqlite")
print(json.dumps(check(folder / "reference.lp", folder / "candidate.lp", settings).to_json()))
"""


@pytest.mark.parametrize("deadly", ["screen", "plan", "test", "reflect", "verify", "conclude"])
def test_a_killed_run_resumes(tmp_path: Path, deadly: str) -> None:
    pair = write_pair(tmp_path)
    expected = check(*pair).to_json()
    command = [sys.executable, "-c", KILLED, str(tmp_path), deadly]
    first = subprocess.run(command, capture_output=True, text=True)
    assert first.returncode == -signal.SIGKILL
    before = (tmp_path / "log.txt").read_text().split()
    second = subprocess.run(command, capture_output=True, text=True)
    assert second.returncode == 0, second.stderr
    after = (tmp_path / "log.txt").read_text().split()[len(before) :]
    assert after[0] == deadly, "the run goes on at the node that was killed"
    assert "ingest" not in after
    found = json.loads(second.stdout)
    found.pop("seconds"), expected.pop("seconds")
    assert found == expected


def test_a_finished_run_is_answered_from_its_checkpoint(tmp_path: Path) -> None:
    settings = Settings(checkpoint=tmp_path / "run.checkpoint.sqlite")
    pair = write_pair(tmp_path)
    first = check(*pair, settings)
    assert check(*pair, settings) == first


def test_a_mapping_file_that_was_edited_is_another_run(tmp_path: Path) -> None:
    reference, candidate = write_pair(tmp_path)
    rules = tmp_path / "rules.txt"
    settings = Settings(checkpoint=tmp_path / "run.checkpoint.sqlite", mapping=rules, memory="none")
    rules.write_text("a = b\nb = a\n")
    assert check(reference, candidate, settings).verdict == "equivalent"
    rules.write_text("a = a\nb = b\n")
    assert check(reference, candidate, settings).verdict == "not_equivalent"


def test_an_open_answer_is_not_repeated_when_there_is_more_time(tmp_path: Path) -> None:
    settings = Settings(checkpoint=tmp_path / "run.checkpoint.sqlite", time_limit=0.001)
    pair = write_pair(tmp_path)
    assert check(*pair, settings).verdict == "unknown"
    assert check(*pair, replace(settings, time_limit=60.0)).verdict == "equivalent"


def test_another_pair_in_the_same_file_is_another_run(tmp_path: Path) -> None:
    settings = Settings(checkpoint=tmp_path / "run.checkpoint.sqlite")
    assert check(*write_pair(tmp_path), settings).verdict == "equivalent"
    assert check(*write_pair(tmp_path, REFERENCE, MORE_NEEDED), settings).verdict == "not_equivalent"


def test_a_thread_of_a_checkpointer_takes_one_run(tmp_path: Path) -> None:
    graph = build_graph(InMemorySaver())
    thread: RunnableConfig = {"configurable": {"thread_id": "one"}}
    settings = Settings(memory="none")
    with run_context(*write_pair(tmp_path), settings) as context:
        assert graph.invoke({}, thread, context=context)["report"]["verdict"] == "equivalent"
    with (
        run_context(*write_pair(tmp_path, REFERENCE, MORE_NEEDED), settings) as context,
        pytest.raises(InputError, match="thread_id of its own"),
    ):
        graph.invoke({}, thread, context=context)


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("these are notes, not a database, and they are long enough to be read as one" * 20)
    with pytest.raises(InputError, match=r"checkpoint file .*notes\.txt"):
        check(*write_pair(tmp_path), Settings(checkpoint=file))
    assert file.read_text().startswith("these are notes")
