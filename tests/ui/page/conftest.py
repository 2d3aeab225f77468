"""A server of the page and a real browser, for the tests of this folder; skipped with a reason where there is none."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ui.page.options import PageOptions
from ui.page.server import command_of

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 120


def find_chromium() -> str | None:
    """Return the path of an installed browser; on a Debian machine that is ours, install one."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is not None or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return found
    with open(Path(tempfile.gettempdir()) / "quasikarp-chromium.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another worker of the tests may be at it
        if shutil.which(NAMES[0]) is None:
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-q", "-y", NAMES[0]]):
                try:
                    subprocess.run(command, env=environment, capture_output=True, timeout=400, check=False)
                except subprocess.TimeoutExpired:
                    break
    return shutil.which(NAMES[0])


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium; gone before tests of other files, because playwright keeps an event loop running."""
    path = find_chromium()
    if path is None:
        pytest.skip(f"no browser: none of {', '.join(NAMES)} is installed, and none could be (apt-get, as root)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running page, without memory, with a history of its own."""
    folder = tmp_path_factory.mktemp("page")
    yield from serve(folder, PageOptions(memory="none", history=str(folder / "history"), planner="symbolic"))


def serve(folder: Path, options: PageOptions) -> Iterator[str]:
    """Yield the address of a page that is served while the generator waits."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = command_of(options, address="127.0.0.1", port=port, open_browser=False)
    address = f"http://127.0.0.1:{port}"
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            _await(f"{address}/_stcore/health", process, folder / "server.log")
            yield address
        finally:
            process.terminate()
            process.wait(30)


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.2)
    pytest.fail(f"the page did not start: {log.read_text(errors='replace')[-2000:]}")
