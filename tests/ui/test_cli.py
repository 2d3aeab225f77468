import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from agent.settings import Settings
from tools.errors import InputError
from tools.report import Report
from ui.cli import app

Install = Callable[..., list[Settings]]
MEMORY = ("seed", "list", "show", "stats", "export", "import", "forget", "migrate")
HEAVY = ("cvxpy", "ortools", "langgraph", "chromadb", "streamlit", "numpy", "scipy", "rich")


def run(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ui.cli", *map(str, arguments)]
    environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")} | more
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["check"],
        ["batch"],
        ["explain"],
        ["read"],
        ["transform"],
        ["memory"],
        *(["memory", name] for name in MEMORY),
    ],
    ids=" ".join,
)
def test_help_is_shown_without_loading_anything_heavy(command: list[str]) -> None:
    program = (
        "import sys; from ui.cli import main\n"
        "try: main()\n"
        f"except SystemExit as end: print(end.code, [m for m in {HEAVY!r} if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, *command, "--help"], capture_output=True, text=True, check=True
    )
    assert result.stdout.endswith("\n0 []\n")
    assert "Examples:\n" in result.stdout
    assert "\x1b" not in result.stdout


def test_version() -> None:
    result = run("--version")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("quasikarp 0.")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chekc"], "no such command 'chekc'. Did you mean 'check'? See quasikarp --help"),
        (["zz\x1b[31m\n"], "quasikarp --help"),
        (["check"], "missing argument 'REFERENCE'; see quasikarp check --help"),
        (["check", "a.lp"], "missing argument 'CANDIDATE'; see quasikarp check --help"),
        (["check", "a.lp", "b.lp", "c.lp"], "(c.lp); see quasikarp check --help"),
        (["check", "a.lp", "b.lp", "--contract", "karp"], "'karp' is not one of 'quasi-karp', 'reformulation'; see"),
        (["check", "a.lp", "b.lp", "--time-limit", "soon"], "'--time-limit'"),
        (["check", "a.lp", "b.lp", "--seed"], "'--seed' requires an argument; see"),
        (["check", "a.lp", "b.lp", "--no-such-option"], "--no-such-option; see quasikarp check --help"),
        (["check", "a.lp", "b.lp", "--memory", ""], "'--memory': it is empty"),
        (["check", "a.lp", "b.lp", "--memory", "ftp://x/y"], "'ftp://x/y' is no URL of a memory server"),
        (["batch", "pairs.jsonl"], "missing option '--out'; see quasikarp batch --help"),
        (["batch", "pairs.jsonl", "--out", "out.jsonl", "--jobs", "0"], "'--jobs'"),
        (["memory", "sead"], "Did you mean 'seed'? See quasikarp memory --help"),
        (["memory", "seed"], "missing argument 'SOURCE'; see quasikarp memory seed --help"),
        (["memory", "list", "--limit", "0"], "'--limit'"),
        (["memory", "list", "--outcome", "open"], "'open' is not one of 'verified', 'refuted'"),
    ],
)
def test_a_wrong_command_line_is_one_line_and_exits_with_2(arguments: list[str], words: str) -> None:
    result = CliRunner().invoke(app, arguments, prog_name="quasikarp")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("quasikarp: ")
    assert result.stderr.count("\n") == 1
    assert result.stderr.isprintable() or result.stderr[:-1].isprintable()
    assert words in result.stderr


@pytest.mark.parametrize("command", [[], ["memory"]])
def test_no_command_shows_the_help(command: list[str]) -> None:
    result = run(*command)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("Usage: ")
    assert "Examples:\n" in result.stderr


def test_the_group_gives_its_errors_to_a_program_that_asks_for_them() -> None:
    command = typer.main.get_command(app)
    with pytest.raises(Exception, match="No such command") as found:
        command.main(["chekc"], standalone_mode=False)
    assert not isinstance(found.value, SystemExit)


@pytest.mark.parametrize("limit", ["0", "-1", "nan", "inf"])
def test_a_setting_out_of_range_is_one_line(pair: tuple[Path, Path], limit: str) -> None:
    result = CliRunner().invoke(app, ["check", *map(str, pair), "--time-limit", limit])
    assert result.exit_code == 2
    assert result.stderr.startswith("quasikarp: the time limit must be")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["missing.lp", ".", "n" * 300])
def test_an_unusable_model_path_is_one_line(tmp_path: Path, name: str) -> None:
    for command in (["check", tmp_path / name, tmp_path / name], ["read", tmp_path / name]):
        result = run(*command)
        assert (result.returncode, result.stdout) == (2, "")
        assert result.stderr.startswith("quasikarp: ")
        assert result.stderr.count("\n") == 1


def test_the_options_of_check_reach_the_agent(agent_says: Install, refuted: Report, pair: tuple[Path, Path]) -> None:
    calls = agent_says(refuted)
    options = ["--contract=reformulation", "--time-limit=5", "--rounds=2", "--seed=3", "--hint=x=u", "--hint=y=v"]
    options += ["--mapping=m.txt", "--checkpoint=c.sqlite", "--memory=m", "--json"]
    result = CliRunner().invoke(app, ["check", *map(str, pair), *options])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["verdict"] == "not_equivalent"
    assert calls == [
        Settings("reformulation", 5.0, 2, 3, Path("c.sqlite"), Path("m.txt"), ("x=u", "y=v"), "m"),
    ]


@pytest.mark.parametrize(("name", "code"), [("equivalent", 0), ("refuted", 1), ("undecided", 3)])
def test_the_exit_code_is_the_verdict(
    agent_says: Install, pair: tuple[Path, Path], request: pytest.FixtureRequest, name: str, code: int
) -> None:
    agent_says(request.getfixturevalue(name))
    assert CliRunner().invoke(app, ["check", *map(str, pair)]).exit_code == code


def test_an_unexpected_error_shows_a_traceback_only_with_debug(agent_says: Install, pair: tuple[Path, Path]) -> None:
    agent_says(ZeroDivisionError("oops"))
    for options, traceback in (([], False), (["--debug"], True)):
        result = CliRunner().invoke(app, [*options, "check", *map(str, pair)])
        assert result.exit_code == 70
        assert "quasikarp: internal error: ZeroDivisionError: oops" in result.stderr
        assert ("Traceback" in result.stderr) is traceback


def test_an_input_error_of_the_agent_is_one_line(agent_says: Install, pair: tuple[Path, Path]) -> None:
    agent_says(InputError("the mapping names 'q', which is no variable"))
    result = CliRunner().invoke(app, ["check", *map(str, pair), "--json"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "quasikarp: the mapping names 'q', which is no variable\n"


def test_a_reader_that_stops_is_no_verdict(pair: tuple[Path, Path], equivalent: Report, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text(json.dumps(equivalent.to_json()))
    program = (
        "import json, sys, ui.check_command as command\n"
        "from agent.events import Event; from tools.report import Report\n"
        "report = Report.from_json(json.load(open(sys.argv.pop(1))))\n"
        "command.stream = lambda *_: iter([Event('report', 'conclude', '', report)])\n"
        "from ui.cli import main; main()"
    )
    for option in ([], ["--json"]):
        command = [sys.executable, "-c", program, str(report), "check", *map(str, pair), *option]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        with process.stderr:
            assert process.stderr.read() == ""
        assert process.wait(timeout=60) == 141


def test_completion_is_offered() -> None:
    result = run(_QUASIKARP_COMPLETE="complete_bash", COMP_WORDS="quasikarp ", COMP_CWORD="1")
    commands = ["check", "batch", "explain", "read", "apply", "diff", "transform", "draw", "ui", "mcp", "memory"]
    assert result.stdout.split() == commands
