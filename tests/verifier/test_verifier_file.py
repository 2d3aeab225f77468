"""The checker is one file that stands alone: somebody who distrusts the project reads it and runs it elsewhere."""

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKER = Path(__file__).parents[2] / "quasikarp_verify.py"
CERTIFICATES = Path(__file__).with_name("certificates")
MOST_LINES_OF_RULES = 1200
MOST_LINES = 1750  # with the readers, which are a part of their own


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "quasikarp_verify.py", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    """Return a folder that holds the checker, a certificate and its two models, and nothing else."""
    shutil.copy(CHECKER, tmp_path)
    certificate = sorted(CERTIFICATES.glob("*.json"))[0]
    shutil.copy(certificate, tmp_path / "certificate.json")
    document = json.loads(certificate.read_text())
    for side in ("reference", "candidate"):
        (tmp_path / f"{side}.json").write_text(json.dumps(document[side]["model"]))
    return tmp_path


def test_it_imports_the_standard_library_only() -> None:
    for node in ast.walk(ast.parse(CHECKER.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or "."] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            assert name.partition(".")[0] in sys.stdlib_module_names, name
        assert not (isinstance(node, ast.Name) and node.id in ("__import__", "eval", "exec"))


def test_it_can_be_read_in_one_sitting() -> None:
    lines = CHECKER.read_text().splitlines()
    rules = next(number for number, line in enumerate(lines) if line.endswith("Part 4: reading files") and "#" in line)
    assert rules <= MOST_LINES_OF_RULES
    assert len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= 120


def test_it_works_alone(alone: Path) -> None:
    done = run(alone, "certificate.json", "reference.json", "candidate.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("VALID  for reference.json and candidate.json\n")


def test_models_in_the_wrong_order_are_another_pair(alone: Path) -> None:
    done = run(alone, "certificate.json", "candidate.json", "reference.json")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("INVALID  reference: the file holds another model than the certificate: ")


@pytest.mark.parametrize(
    "text", ["", "[", "[" * 200_000, '{"a": 1, "a": 2}', "NaN", "9" * 5000, "\0", '"\\ud800"', "{}", "null", "1e999"]
)
def test_hostile_text_gives_one_line(alone: Path, text: str) -> None:
    (alone / "hostile.json").write_text(text)
    done = run(alone, "hostile.json")
    assert done.returncode in (1, 2)
    said = done.stderr if done.returncode == 2 else done.stdout
    assert said == done.stderr + done.stdout
    assert said.count("\n") == 1
    assert len(said) < 300
