import subprocess
import sys


def test_the_import_writes_nothing() -> None:
    code = "from tools.quiet_cvxpy import import_cvxpy; assert import_cvxpy().Problem; assert import_cvxpy().settings"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
