"""Runs hostile code; every attempt must fail inside the child, and leave nothing behind."""

import os
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tools.errors import InputError
from tools.sandbox.errors import CodeError, SandboxError
from tools.sandbox.limits import SandboxLimits
from tools.sandbox.run import run_code

SHORT = SandboxLimits(seconds=2, memory_bytes=1 << 28, file_bytes=1 << 20, scratch_bytes=4 << 20)


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The scratch folders of each test lie in a folder of its own, which must be empty afterwards."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def run(code: str, **named: object) -> dict[str, bytes]:
    return run_code(code, {}, limits=SHORT, **named)  # type: ignore[arg-type]


def test_code_reads_what_lies_beside_it_and_its_output_is_collected(temporary: Path) -> None:
    code = "import sys\nopen(sys.argv[2], 'w').write(open(sys.argv[1]).read().upper())"
    made = run_code(code, {"in.txt": "größe".encode()}, arguments=["in.txt", "out.txt"], collect=["out.txt"])
    assert made == {"out.txt": "GRÖSSE".encode()}
    assert not list(temporary.iterdir())


def test_code_runs_as_the_main_module_and_may_leave_with_zero() -> None:
    code = "import sys\nif __name__ == '__main__':\n    open('a', 'w').close()\n    sys.exit(0)"
    assert run(code, collect=["a"]) == {"a": b""}


def test_a_supplied_file_is_found_under_the_path_of_the_author() -> None:
    code = r"""
open('out', 'w').write(open('/home/author/data/p.json').read() + open(r'C:\data\p.json').read())
"""
    assert run_code(code, {"p.json": b"1"}, collect=["out"]) == {"out": b"11"}
    with pytest.raises(CodeError, match=r"other\.json"):
        run_code("open('/home/author/other.json')", {"p.json": b"1"})
    with pytest.raises(CodeError, match=r"p\.json"):
        run_code("open('/nowhere/p.json', 'w')", {"p.json": b"1"})


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.socket()",
        "import socket; socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
        "import socket; socket.socket(socket.AF_UNIX)",
        "import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
        "import socket; socket.socketpair()",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:1/')",
        "import ctypes; c = ctypes.CDLL(None, use_errno=True)\n"
        "if c.syscall(425, 1, ctypes.create_string_buffer(200)) < 0: raise PermissionError('Operation not permitted')",
    ],
)
def test_no_socket_of_any_kind(code: str) -> None:
    with pytest.raises(CodeError, match="not permitted"):
        run(code)


def test_nothing_is_written_or_read_outside_the_scratch_folder(tmp_path: Path, temporary: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    attempts = [
        f"open({str(secret)!r}, 'w')",
        f"open({str(secret)!r}, 'a')",
        f"open({str(secret)!r})",
        f"import os; os.open({str(secret)!r}, os.O_RDONLY | os.O_TRUNC)",
        f"import os; os.truncate({str(secret)!r}, 0)",
        f"import os; os.remove({str(secret)!r})",
        f"import os; os.rename({str(secret)!r}, 'mine')",
        f"import os; os.link({str(secret)!r}, 'mine')",
        f"import os; os.chmod({str(secret)!r}, 0)",
        f"import os; os.utime({str(secret)!r})",
        f"import os; os.mkdir({str(tmp_path / 'new')!r})",
        f"import os; os.symlink({str(secret)!r}, 'mine'); open('mine', 'w')",
        f"import os; os.listdir({str(tmp_path)!r})",
        f"open('/proc/{os.getpid()}/environ').read()",
        "open('/etc/passwd').read()",
        "import os; os.mknod('device', 0o20666, os.makedev(1, 1))",
    ]
    for code in attempts:
        with pytest.raises(CodeError, match=r"not permitted|denied|cross-device"):
            run(code)
    assert secret.read_text() == "secret"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["scratch", "secret.txt"]
    assert not list(temporary.iterdir())


@pytest.mark.parametrize(
    "code",
    [
        "import os\nwhile True: os.fork()",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.execv('/bin/true', ['true'])",
        "import os; os.kill(os.getppid(), 9)",
        "import os; os.setsid()",
        "import fcntl, os; r, w = os.pipe(); fcntl.fcntl(r, fcntl.F_SETOWN, os.getppid())",
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (1, 1))",
        "import os; os.memfd_create('x')",
    ],
)
def test_no_other_process_and_no_new_limits(code: str) -> None:
    with pytest.raises(CodeError, match=r"not permitted|not allowed"):
        run(code)


def test_threads_are_not_to_be_had() -> None:
    with pytest.raises(CodeError, match="thread"):
        run("import threading; threading.Thread(target=print).start()")


def test_limits_may_be_asked_for() -> None:
    code = "import resource; open('a', 'w').write(str(resource.getrlimit(resource.RLIMIT_CORE)))"
    assert run(code, collect=["a"]) == {"a": b"(0, 0)"}


@pytest.mark.parametrize("code", ["while True: pass", "import time; time.sleep(60)"])
def test_an_endless_loop_is_stopped(code: str, temporary: Path) -> None:
    started = time.monotonic()
    with pytest.raises(CodeError, match="took more than 2 seconds"):
        run(code)
    assert time.monotonic() - started < 15
    assert not list(temporary.iterdir())


def test_memory_is_bounded() -> None:
    with pytest.raises(CodeError, match=r"MemoryError|without an answer"):
        run("x = []\nwhile True: x.append(bytearray(1 << 26))")


def test_output_is_bounded(temporary: Path) -> None:
    with pytest.raises(CodeError, match="File too large"):
        run("f = open('big', 'wb')\nwhile True: f.write(b'x' * 65536)")
    with pytest.raises(CodeError, match="wrote more than"):
        run("import time\nfor i in range(50): open(f'f{i}', 'wb').write(b'x' * 900000)\ntime.sleep(60)")
    with pytest.raises(CodeError, match="wrote more than"):
        run("import os, time\nfor i in range(1500): os.mkdir('d'); os.chdir('d')\ntime.sleep(60)")
    run("print('x' * 10**7)\nimport sys\nprint('y' * 100000, file=sys.stderr)")
    assert not list(temporary.iterdir())


def test_code_that_ends_without_a_word_is_an_error() -> None:
    with pytest.raises(CodeError, match="without an answer"):
        run("import os; os._exit(0)")
    with pytest.raises(CodeError, match="SIGSEGV"):
        run("import ctypes; ctypes.string_at(0)")


def test_a_tampered_answer_is_data() -> None:
    with pytest.raises(CodeError, match="tampered"):
        run("import os\nfor d in range(3, 3000):\n    try: os.write(d, b'{\"done\": true}')\n    except OSError: pass")
    forged = "import os\nfor d in range(3, 3000):\n    try: os.write(d, %r)\n    except OSError: pass\nos._exit(0)"
    for text, expected in ((b"[" * 100000, "JSON"), (b"[]", "another form"), (b'{"a": 1, "b": 2}', "another form")):
        with pytest.raises(CodeError, match=expected):
            run(forged % text)
    with pytest.raises(CodeError, match=r"failed: x y$"):
        run(forged % b'{"failed": "x\\n\\u001b\\u202ey"}')


def test_what_is_collected_must_be_an_ordinary_file() -> None:
    with pytest.raises(CodeError, match="no file 'out'"):
        run("import os; os.symlink('/etc/passwd', 'out')", collect=["out"])
    with pytest.raises(CodeError, match="not an ordinary file"):
        run("import os; os.mkdir('out')", collect=["out"])
    with pytest.raises(CodeError, match="no file 'out'"):
        run("pass", collect=["out"])


@pytest.mark.parametrize("name", ["", "..", "a/b", "/etc/x", "a\0b"])
def test_names_with_folders_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="plain name"):
        run_code("", {name: b""})


def test_errors_of_the_code_come_in_one_line() -> None:
    with pytest.raises(CodeError, match=r"the code failed: ValueError: a b$"):
        run("raise ValueError('a\\n b')")
    with pytest.raises(CodeError, match="SyntaxError"):
        run("def")
    with pytest.raises(CodeError, match="SystemExit: 3"):
        run("import sys; sys.exit(3)")


def test_the_environment_of_the_caller_stays_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "1")
    code = "import os; open('a', 'w').write(','.join(sorted(os.environ)))"
    assert b"SECRET" not in run(code, collect=["a"])["a"]


def test_the_project_is_not_on_the_path_of_the_code() -> None:
    code = "import sys; open('a', 'w').write(repr([p for p in sys.path if p == '']))"
    assert run(code, collect=["a"]) == {"a": b"[]"}


def test_a_machine_that_cannot_confine_runs_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(SandboxError, match="Linux"):
        run("pass")


def test_bad_limits_are_refused() -> None:
    for limits in ({"seconds": 0}, {"seconds": float("nan")}, {"memory_bytes": -1}):
        with pytest.raises(InputError, match="positive"):
            SandboxLimits(**limits)  # type: ignore[arg-type]
