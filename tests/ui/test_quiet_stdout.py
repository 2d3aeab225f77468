import os
import subprocess
import sys

import pytest

from ui.quiet_stdout import quiet_stdout

PROGRAM = """
import ctypes, os
from ui.quiet_stdout import quiet_stdout
print("before")
with quiet_stdout():
    print("python")
    os.write(1, b"system call\\n")
    ctypes.CDLL(None).printf(b"buffered by C\\n")
print("after")
"""


def test_nothing_reaches_stdout_from_python_or_native_code() -> None:
    result = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert result.stdout == "before\nafter\n"


def test_a_closed_stdout_is_survived() -> None:
    program = "from ui.quiet_stdout import quiet_stdout\nwith quiet_stdout(): pass"
    result = subprocess.run(["sh", "-c", '"$0" -c "$1" >&-', sys.executable, program], capture_output=True, check=True)
    assert result.stderr == b""


def test_an_error_restores_stdout(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError), quiet_stdout():
        raise ValueError
    os.write(1, b"after\n")
    assert capfd.readouterr().out == "after\n"
