"""`quasikarp ui`: the page is served on this machine, with limits on what it takes."""

from __future__ import annotations

import importlib.util
import os
import socket
import sys
from ipaddress import ip_address
from pathlib import Path

from tools.errors import InputError
from ui.page.limits import LARGEST_FILE_MB
from ui.page.options import PageOptions

APP = Path(__file__).resolve().parent.parent / "app.py"

_SETTINGS = {
    "browser.gatherUsageStats": "false",
    "client.showErrorDetails": "none",
    "client.toolbarMode": "minimal",
    "global.developmentMode": "false",
    "logger.hideWelcomeMessage": "true",
    "runner.magicEnabled": "false",
    "server.fileWatcherType": "none",
    "server.maxUploadSize": str(LARGEST_FILE_MB),
    "server.showEmailPrompt": "false",
    "theme.light.primaryColor": "#0f6ab4",
    "theme.dark.primaryColor": "#6cb4ee",
}


def command_of(options: PageOptions, *, address: str, port: int, open_browser: bool) -> list[str]:
    """Return the command that serves the page; raises `InputError` for an address that is none."""
    settings = {
        **_SETTINGS,
        "server.address": address,
        "server.port": str(port),
        "server.headless": str(not open_browser).lower(),
    }
    flags = [f"--{name}={value}" for name, value in settings.items()]
    if is_loopback(address):
        # No page of another site may speak to this one under a name of its own (DNS rebinding).
        flags += [f"--server.allowedHosts={host}" for host in dict.fromkeys(("localhost", "127.0.0.1", "::1", address))]
    # -P: a folder named tools in the current directory must not come first.
    return [sys.executable, "-P", "-m", "streamlit", "run", str(APP), *flags, "--", *options.arguments()]


def is_loopback(address: str) -> bool:
    """Say whether only this machine can reach the address; raises `InputError` for one that is none."""
    try:
        return address == "localhost" or ip_address(address).is_loopback
    except ValueError as error:
        raise InputError(f"--host {address!r} is no address; give an IP address such as 127.0.0.1") from error


def require_free(address: str, port: int) -> None:
    """Nobody listens on the port; raises `InputError` where that is so, or where this machine has no such address."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((address, port))
    except OSError as error:
        raise InputError(f"cannot listen on {address} port {port}: {error.strerror}; choose another --port") from error


def serve(options: PageOptions, *, address: str, port: int, open_browser: bool) -> int:
    """Serve the page until the process is ended; this process becomes the server."""
    options.language_model()  # what is wrong with it is said here rather than on the page
    command = command_of(options, address=address, port=port, open_browser=open_browser)
    if importlib.util.find_spec("streamlit") is None:
        raise InputError("the page needs streamlit; install quasikarp with its dependencies")
    if not is_loopback(address):
        print(
            f"quasikarp: warning: everybody who can reach {address} can use this machine's processors and the memory "
            "of verified mappings through the page",
            file=sys.stderr,
        )
    require_free(address, port)
    host = f"[{address}]" if ":" in address else address
    print(f"The chat is at http://{host}:{port}/ ; Ctrl-C ends it.", flush=True)
    os.execv(command[0], command)
