r"""Run a stranger's code in a child process that is locked in, and take what it says as data.

>>> run_code("open('out.txt', 'w').write(open('in.txt').read().upper())", {"in.txt": b"abc"}, collect=["out.txt"])
{'out.txt': b'ABC'}
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib.util
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from tools.errors import InputError, UnsupportedError
from tools.formulation.model import Formulation
from tools.sandbox.built_model import formulation_from_built
from tools.sandbox.errors import CodeError, SandboxError
from tools.sandbox.limits import SandboxLimits

_ROOT = str(Path(__file__).resolve().parents[2])
_PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from tools.sandbox.child import main
del sys.path[0]
main(int(sys.argv[2]))
"""

_LOOK_EVERY = 0.1
_SHOWN = 300
_MOST_FILES = 10_000


def run_code(
    code: str,
    files: Mapping[str, bytes],
    *,
    arguments: Sequence[str] = (),
    collect: Sequence[str] = (),
    limits: SandboxLimits | None = None,
) -> dict[str, bytes]:
    """Return the files named in `collect` that the code wrote, after it ran as a script beside `files`.

    Raises `CodeError` where the code fails, exceeds the limits or leaves a file out, and `SandboxError` where this
    machine cannot confine it.
    """
    return _run(code, files, arguments, collect, limits or SandboxLimits(), gurobipy=False)[1]


def run_gurobipy_code(
    code: str,
    files: Mapping[str, bytes],
    limits: SandboxLimits | None = None,
    *,
    arguments: Sequence[str] = (),
) -> Formulation:
    """Return the model that the code builds: the one it first solves, else the last one it makes; nothing is solved.

    Numbers are the shortest decimals of the doubles that gurobipy holds. Raises `InputError` where gurobipy is not
    installed, `UnsupportedError` where the model is not linear or mixed-integer, and what `run_code` raises.
    """
    if importlib.util.find_spec("gurobipy") is None:  # finds it without importing it
        raise InputError("the code needs gurobipy, which is not installed; pip install gurobipy")
    answer, _ = _run(code, files, arguments, (), limits or SandboxLimits(), gurobipy=True)
    if "not linear" in answer:
        raise UnsupportedError(f"the code's model has {_one_line(answer['not linear'])}; only linear and mixed-integer")
    if "model" not in answer:
        raise CodeError("the code gave no model")
    return formulation_from_built(answer["model"])


def _run(
    code: str,
    files: Mapping[str, bytes],
    arguments: Sequence[str],
    collect: Sequence[str],
    limits: SandboxLimits,
    gurobipy: bool,
) -> tuple[dict[str, Any], dict[str, bytes]]:
    if sys.platform != "linux":
        raise SandboxError(f"code can be run on Linux only, where the kernel confines it; this is {sys.platform}")
    for name in (*files, *collect):
        _require_plain(name)
    job = {
        "code": code,
        "files": list(files),
        "arguments": list(arguments),
        "gurobipy": gurobipy,
        "limits": dataclasses.asdict(limits),
        "parent": os.getpid(),
    }
    scratch = Path(tempfile.mkdtemp(prefix="quasikarp-sandbox-")).resolve()
    try:
        for name, content in files.items():
            (scratch / name).write_bytes(content)
        with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as answered, tempfile.TemporaryFile() as said:
            asked.write(json.dumps(job).encode())
            asked.seek(0)
            ending = _wait(scratch, limits, asked, answered, said)
            answer = _answer(answered, said, limits, ending)
        return answer, {name: _collected(scratch / name, limits) for name in collect}
    finally:
        _remove(scratch)


def _wait(scratch: Path, limits: SandboxLimits, asked: IO[bytes], answered: IO[bytes], said: IO[bytes]) -> int:
    """Return how the child ended, after every process of its group is gone; raises `CodeError` at a limit."""
    environment = {
        "PATH": os.defpath, "HOME": str(scratch), "TMPDIR": str(scratch), "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
    }  # fmt: skip
    if "LD_LIBRARY_PATH" in os.environ:  # Python itself may need it
        environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    process = subprocess.Popen(
        [sys.executable, "-I", "-B", "-X", "utf8", "-c", _PROGRAM, _ROOT, str(answered.fileno())],
        stdin=asked,
        stdout=subprocess.DEVNULL,
        stderr=said,
        cwd=scratch,
        env=environment,
        pass_fds=(answered.fileno(),),
        start_new_session=True,
    )
    deadline = time.monotonic() + limits.seconds
    try:
        while True:
            try:
                return process.wait(_LOOK_EVERY)
            except subprocess.TimeoutExpired:
                if time.monotonic() > deadline:
                    raise CodeError(f"the code took more than {limits.seconds:g} seconds and was stopped") from None
                if _holds_too_much(scratch, limits.scratch_bytes):
                    raise CodeError(
                        f"the code wrote more than {limits.scratch_bytes} bytes or {_MOST_FILES} files and was stopped"
                    ) from None
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()


def _holds_too_much(folder: Path, most: int) -> bool:
    total, count = 0, 0
    try:
        for where, folders, names in os.walk(folder):
            count += len(names) + len(folders)
            if count > _MOST_FILES:
                return True
            for name in names:
                with contextlib.suppress(OSError):
                    total += os.lstat(os.path.join(where, name)).st_size
    except RecursionError:  # a thousand folders in one another
        return True
    return total > most


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except RecursionError:
        subprocess.run(["rm", "-rf", "--", str(folder)], check=False, stderr=subprocess.DEVNULL)


def _answer(answered: IO[bytes], said: IO[bytes], limits: SandboxLimits, ending: int) -> dict[str, Any]:
    content = os.pread(answered.fileno(), limits.file_bytes + 1, 0)
    if len(content) > limits.file_bytes:
        raise CodeError(f"the code's answer has more than {limits.file_bytes} bytes")
    if not content:
        raise CodeError(_ended_silently(ending, said, limits))
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError, MemoryError) as error:
        raise CodeError("the code's answer is not JSON, so it was tampered with or cut off") from error
    if not isinstance(answer, dict) or len(answer) != 1:
        raise CodeError("the code's answer has another form than expected, so it was tampered with")
    if "refused" in answer:
        raise SandboxError(
            f"code of a data set is not run, because this machine cannot confine it: {_one_line(answer['refused'])}"
        )
    if "failed" in answer:
        raise CodeError(f"the code failed: {_one_line(answer['failed'])}")
    return answer


def _ended_silently(ending: int, said: IO[bytes], limits: SandboxLimits) -> str:
    if ending in (-signal.SIGXCPU, -signal.SIGKILL):
        return f"the code took more than {limits.seconds:g} seconds of the processor and was stopped"
    how = signal.Signals(-ending).name if -ending in {*signal.Signals} else f"exit code {ending}"
    size = os.fstat(said.fileno()).st_size
    words = os.pread(said.fileno(), 4000, max(0, size - 4000)).decode(errors="replace")
    return f"the code ended without an answer ({how}): {_one_line(words[-_SHOWN:])}".rstrip(": ")


def _collected(path: Path, limits: SandboxLimits) -> bytes:
    # The code may have put anything under this name: a link out of the folder, a pipe that nobody fills.
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise CodeError(f"the code wrote no file {path.name!r} ({error.strerror})") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise CodeError(f"what the code left as {path.name!r} is not an ordinary file")
    with os.fdopen(descriptor, "rb") as stream:
        content = stream.read(limits.file_bytes + 1)
    if len(content) > limits.file_bytes:
        raise CodeError(f"the file {path.name!r} that the code wrote has more than {limits.file_bytes} bytes")
    return content


def _require_plain(name: str) -> None:
    if not name or name in (".", "..") or "/" in name or "\0" in name:
        raise InputError(f"a file beside the code needs a plain name without folders, found {name[:60]!r}")


def _one_line(text: object) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in str(text)[: 4 * _SHOWN])
    return " ".join(shown.split())[:_SHOWN]
