"""What every test relies on: no network, no stranger's settings, reproducible hypothesis runs, the folder of models."""

import ipaddress
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

REPOSITORY = Path(__file__).resolve().parent.parent

settings.register_profile(
    "quasikarp",
    derandomize=True,
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("quasikarp")

# Read by the libraries when they are imported, hence before any test is collected.
os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
os.environ["LANGSMITH_TRACING"] = "false"
os.environ["ANONYMIZED_TELEMETRY"] = "False"
os.environ["STREAMLIT_BROWSER_GATHER_USAGE_STATS"] = "false"
_WHERE_TO_LOOK = ("QUASIKARP_SHARED_DATA", "QUASIKARP_LOCAL_MODEL_PACKAGES")
for _name in list(os.environ):
    if _name.startswith(("OPENAI_", "QUASIKARP_")) and _name not in _WHERE_TO_LOOK:
        del os.environ[_name]
# No test reads or writes the memory of whoever runs it.
os.environ["QUASIKARP_MEMORY"] = "none"
# A shell lets its background jobs ignore Ctrl-C, and children inherit that: some tests interrupt theirs.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


class NetworkUseError(AssertionError):
    """A test tried to reach another machine; not an OSError, so that no retry loop swallows it."""


def _is_local(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket's path
    host = str(address[0]).partition("%")[0]
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Python sockets of this process connect to this machine only."""
    with pytest.MonkeyPatch.context() as patch:
        for method in ("connect", "connect_ex"):
            original = getattr(socket.socket, method)

            def guarded(self: socket.socket, address: Any, original: Any = original) -> Any:
                if not _is_local(address):
                    raise NetworkUseError(f"a test tried to connect to {address!r}; tests work without a network")
                return original(self, address)

            patch.setattr(socket.socket, method, guarded)
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real models; the test is skipped where it is absent."""
    folder = Path(os.environ.get("QUASIKARP_SHARED_DATA") or REPOSITORY.parent / "shared" / "data").resolve()
    if not folder.is_dir():
        pytest.skip(f"the folder of real models {folder} is absent (set QUASIKARP_SHARED_DATA)")
    return folder
