"""The worker as a user's script meets it: no main guard, a clean output, no orphans, forks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

SCRIPT = """
import sys
sys.path.insert(0, {root!r})
import os
from tools.solvers.gateway import backends, shutdown, solve
from tools.solvers.problem import NumericProblem
problem = NumericProblem.build(
    cost=[1], lower=[0], upper=[9], matrix=[[2]], row_lower=[3], row_upper=[8], integer=[True]
)
"""


def _run(tmp_path: Path, body: str) -> subprocess.Popen[str]:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(root=str(ROOT)) + body)
    return subprocess.Popen(
        [sys.executable, str(script)], cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_a_script_needs_no_main_guard_and_prints_only_its_own_words(tmp_path: Path) -> None:
    (tmp_path / "tools.py").write_text("raise RuntimeError('a stranger in the working directory')")
    (tmp_path / "json.py").write_text("raise RuntimeError('a stranger in the working directory')")
    body = """
for backend in backends():
    target = problem if backend.refusal(problem) is None else problem.relaxed()
    print(solve(target, backend=backend).status)
"""
    script = tmp_path / "elsewhere"
    script.mkdir()
    out, err = _run(script, body).communicate(timeout=60)
    assert (out.split(), err) == (["optimal"] * 5, "")


def test_workers_end_with_a_caller_that_is_killed(tmp_path: Path) -> None:
    body = """
import threading, time
from tools.solvers import gateway
threading.Thread(target=lambda: gateway._POOL.call("json", time.sleep, (60,), 60, 1 << 32), daemon=True).start()
print(gateway._POOL.call("json", os.getpid, (), 60, 1 << 32), flush=True)
while not gateway._POOL._busy:
    time.sleep(0.01)
time.sleep(0.5)
print(*[worker._process.pid for worker in gateway._POOL._busy], flush=True)
time.sleep(60)
"""
    process = _run(tmp_path, body)
    assert process.stdout is not None
    idle, busy = int(process.stdout.readline()), int(process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=10)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and (_runs(idle) or _runs(busy)):
        time.sleep(0.05)
    assert not _runs(idle)
    assert not _runs(busy)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_forked_child_has_workers_of_its_own(tmp_path: Path) -> None:
    body = """
print(solve(problem).status, flush=True)
child = os.fork()
if child == 0:
    print(solve(problem).status, flush=True)
    sys.exit(0)
os.waitpid(child, 0)
print(solve(problem).status, flush=True)
"""
    out, err = _run(tmp_path, body).communicate(timeout=60)
    assert (out.split(), err) == (["optimal"] * 3, "")


def test_importing_the_gateway_imports_no_solver() -> None:
    program = (
        "import sys; import tools.solvers.conformance; "
        "print(sorted({'highspy', 'ortools', 'cvxpy', 'clarabel', 'pandas'} & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, text=True, capture_output=True, check=True, env=dict(os.environ)
    )
    assert answer.stdout.strip() == "[]"
