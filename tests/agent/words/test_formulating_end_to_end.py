"""The whole way from words to a file, with a server on this machine as the language model."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.agent.language.chat_server import MODEL, ChatServer
from tools.formulation.read import read

ANSWER = {
    "name": "", "description": "", "sense": "maximize",
    "sets": [{"name": "I", "labels": ["bread", "cake"], "labels_from": "", "first": "", "last": ""}],
    "parameters": [{"name": "hours", "indices": ["I"], "values": None, "data": "hours", "description": ""}],
    "variables": [{"name": "x", "indices": ["I"], "kind": "integer", "lower": 0, "upper": None, "description": ""}],
    "objective": "sum(x[i] for i in I)",
    "constraints": [{"name": "time", "for": [], "expression": "sum(hours[i]*x[i] for i in I) <= 8", "description": ""}],
    "assumptions": [],
}  # fmt: skip
WORDS = 'Bake as many loaves as 8 hours allow.\n\n```json\n{"hours": [0.1, "1/3"]}\n```\n'


def test_words_become_a_file(tmp_path: Path) -> None:
    (tmp_path / "bakery.md").write_text(WORDS, "utf-8")
    wrong = ANSWER | {"objective": "sum(y[i] for i in I)"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    with ChatServer([json.dumps(wrong), json.dumps(ANSWER)]) as server:
        done = subprocess.run(
            [sys.executable, "-m", "ui.cli", "read", "bakery.md", "--out", "bakery.json",
             "--algebra", "bakery.algebra.json",
             "--model", MODEL, "--base-url", server.url],
            cwd=tmp_path, env=environment | {"OPENAI_API_KEY": "sk-nobody-may-see", "PYTHONPATH": os.getcwd()},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "unknown name 'y'" in server.calls[1].text
    assert done.stdout.endswith(f"note: written by the language model {MODEL}: check it before you use it\n")
    model = read(tmp_path / "bakery.json")
    assert (model.name, model.written_by) == ("bakery", f"llm:{MODEL}")
    assert model.row_terms(0)[1] * 3 == 1
    assert read(tmp_path / "bakery.algebra.json").same_as(model)
    written = "".join(path.read_text("utf-8") for path in tmp_path.iterdir())
    assert "sk-nobody" not in written + done.stdout + done.stderr
