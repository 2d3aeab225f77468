import subprocess
import sys
from pathlib import Path

import pytest

from tools.sandbox import seccomp

ROOT = Path(__file__).resolve().parents[3]

_PROGRAM = """
import os, platform, sys
from tools.sandbox import confine, landlock, seccomp
from tools.sandbox.limits import SandboxLimits
{sabotage}
try:
    confine.confine(os.getcwd(), SandboxLimits(), os.getppid())
except confine.ConfinementError as error:
    print("refused:", error)
else:
    print("confined")
"""


def confined(sabotage: str, folder: Path) -> str:
    made = subprocess.run(
        [sys.executable, "-c", _PROGRAM.format(sabotage=sabotage)],
        cwd=folder, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return made.stdout


def test_the_walls_stand(tmp_path: Path) -> None:
    assert confined("", tmp_path) == "confined\n"


@pytest.mark.parametrize(
    ("sabotage", "expected"),
    [
        ("confine.install_filter = lambda: None", "a socket could be opened"),
        ("confine.restrict_files = lambda scratch: None", "a file could be written outside"),
        ("platform.machine = lambda: 'riscv64'", "no filter for the processor 'riscv64'"),
        ("seccomp._PR_SET_SECCOMP = 9999", "prctl"),
        ("landlock._CREATE = 9999", "no Landlock"),
        ("os.getppid = iter(range(5)).__next__", "gone"),
    ],
)
def test_a_missing_wall_is_noticed(sabotage: str, expected: str, tmp_path: Path) -> None:
    answer = confined(sabotage, tmp_path)
    assert answer.startswith("refused:")
    assert expected in answer


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_jump_of_the_filter_stays_inside(machine: str) -> None:
    program = seccomp.filter_program(machine)
    assert len(program) < 4096
    assert program[-1] == (seccomp._RETURN, 0, 0, seccomp._ALLOW)
    for position, (code, if_true, if_false, _) in enumerate(program):
        assert code in (seccomp._RETURN, seccomp._LOAD, seccomp._AND, seccomp._EQUAL, seccomp._AT_LEAST)
        assert position + 1 + max(if_true, if_false) < len(program) or code == seccomp._RETURN
        assert max(if_true, if_false) < 256


def test_an_unknown_processor_has_no_filter() -> None:
    with pytest.raises(seccomp.UnknownProcessorError, match="riscv64"):
        seccomp.filter_program("riscv64")
