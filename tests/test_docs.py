"""The examples of README.md and docs/ are run, and their links lead somewhere.

A fenced block whose first line is ```` ```python run ```` is executed; the python blocks of one page share a namespace.
In ```` ```console run ```` every line `$ quasikarp …` or `$ quasikarp-verify …` is executed: it must end with status 0,
or with N where the line ends in `# exits N`, and the lines below it must appear in what it prints, in that order; `...`
stands for any text.
All of it happens in a copy of examples/, so that paths start there.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OUR_COMMANDS = ("quasikarp", "quasikarp-verify")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])


@dataclass(frozen=True)
class Block:
    page: Path
    line: int
    info: str
    text: str

    @property
    def name(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path) -> list[Block]:
    found = []
    text = page.read_text(encoding="utf-8")
    for match in re.finditer(r"^```([^\n`]*)\n(.*?)^```$", text, re.M | re.S):
        found.append(Block(page, text.count("\n", 0, match.start()) + 1, match[1].strip(), match[2]))
    return found


BLOCKS = [block for page in PAGES for block in blocks(page)]
PYTHON_PAGES = [list(group) for _, group in groupby((b for b in BLOCKS if b.info == "python run"), lambda b: b.page)]
CONSOLE = [block for block in BLOCKS if block.info == "console run"]


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    return tmp_path


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "120", "PYTHONUTF8": "1"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False
    )


@pytest.mark.parametrize("page", PYTHON_PAGES, ids=lambda page: page[0].name)
def test_python_examples_run(page: list[Block], examples: Path) -> None:
    lines: list[str] = []
    for block in page:  # padded, so that a traceback names the line of the page
        lines += [""] * (block.line - len(lines)) + block.text.splitlines()
    script = examples / f"example_{page[0].page.stem}.py"  # the bare name could be one of our packages
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = run([sys.executable, str(script)], examples)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("block", [b for b in BLOCKS if b.info.split()[:1] == ["python"]], ids=lambda b: b.name)
def test_python_examples_are_python(block: Block) -> None:
    compile(block.text, block.name, "exec")
    assert block.info in ("python", "python run")


@pytest.mark.parametrize("block", CONSOLE, ids=lambda block: block.name)
def test_console_examples_run(block: Block, examples: Path) -> None:
    for part in re.split(r"^\$ ", block.text, flags=re.M)[1:]:
        line, _, shown = part.partition("\n")
        command, _, status = line.partition("# exits ")
        words = shlex.split(command.replace("> /dev/null", ""))
        assert words[0] in OUR_COMMANDS, f"{block.name}: only our own commands are run, found {words[0]!r}"
        result = run([str(Path(sys.executable).with_name(words[0])), *words[1:]], examples)
        assert result.returncode == int(status or 0), f"{line}\n{result.stdout}\n{result.stderr}"
        pattern = ".*".join(re.escape(piece) for piece in f"...{shown.strip()}...".split("..."))
        assert re.search(pattern, result.stdout, re.S), f"{line} printed\n{result.stdout}"


@pytest.mark.parametrize("block", [b for b in BLOCKS if b.info.split()[:1] == ["console"]], ids=lambda b: b.name)
def test_console_examples_start_with_a_command(block: Block) -> None:
    assert block.text.startswith("$ ")
    assert block.info in ("console", "console run")


def test_every_python_example_of_the_readme_is_run() -> None:
    readme = blocks(ROOT / "README.md")
    assert "python run" in [block.info for block in readme]
    assert "python" not in [block.info for block in readme]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_named_files_exist(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    for target in re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if "://" in path or path.startswith("mailto:"):
            continue
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), f"{page.name} links to {target}, which does not exist"
        assert linked.is_relative_to(ROOT)
        if anchor:
            assert anchor in anchors(linked), f"{page.name} links to {target}: no such heading"
    for path in re.findall(r"`((?:agent|tools|memory|ui|tests|docs|examples|benchmarks)/[\w./-]*\w/?)`", text):
        assert (ROOT / path).exists(), f"{page.name} names {path}, which does not exist"


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
