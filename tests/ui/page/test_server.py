"""The command that serves the page: limits, no telemetry, who may reach it, and no key among the arguments."""

from __future__ import annotations

import json
import socket

import pytest

from tools.errors import InputError
from ui.page.limits import LARGEST_FILE_MB
from ui.page.options import PageOptions
from ui.page.server import APP, command_of, is_loopback, require_free


def flags(address: str = "127.0.0.1", options: PageOptions = PageOptions()) -> list[str]:  # noqa: B008 -- frozen
    return command_of(options, address=address, port=8501, open_browser=False)


def test_the_page_is_limited_and_tells_nobody() -> None:
    command = flags()
    for flag in (
        "--browser.gatherUsageStats=false",
        "--server.showEmailPrompt=false",
        "--client.showErrorDetails=none",
        f"--server.maxUploadSize={LARGEST_FILE_MB}",
        "--server.address=127.0.0.1",
        "--server.port=8501",
        "--server.headless=true",
    ):
        assert flag in command
    assert command[1:5] == ["-P", "-m", "streamlit", "run"]
    assert command[5] == str(APP)
    assert APP.is_file()


def test_only_names_of_this_machine_lead_to_a_page_for_this_machine() -> None:
    allowed = [flag for flag in flags() if flag.startswith("--server.allowedHosts=")]
    assert {flag.partition("=")[2] for flag in allowed} == {"localhost", "127.0.0.1", "::1"}
    assert not [flag for flag in flags("0.0.0.0") if flag.startswith("--server.allowedHosts=")]


def test_protection_against_other_sites_is_never_switched_off() -> None:
    for address in ("127.0.0.1", "0.0.0.0"):
        assert not [flag for flag in flags(address) if "Xsrf" in flag or "enableCORS" in flag]


@pytest.mark.parametrize(
    ("address", "loopback"),
    [("localhost", True), ("127.0.0.1", True), ("127.1.2.3", True), ("::1", True), ("0.0.0.0", False), ("::", False)],
)
def test_what_only_this_machine_reaches(address: str, loopback: bool) -> None:
    assert is_loopback(address) is loopback


@pytest.mark.parametrize("address", ["", "example.org", "127.0.0.1:80", "300.1.1.1", "--global.developmentMode=true"])
def test_what_is_no_address_is_one_line(address: str) -> None:
    with pytest.raises(InputError, match="give an IP address such as") as caught:
        flags(address)
    assert "\n" not in str(caught.value)


def test_the_key_of_a_language_model_is_no_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "a-secret-of-the-tests")
    monkeypatch.setenv("QUASIKARP_MODEL", "some-model")
    options = PageOptions(model="some-model", base_url="http://127.0.0.1:9/v1", model_limits=("calls=3",))
    assert options.language_model() is not None
    command = flags(options=options)
    assert not [argument for argument in command if "a-secret-of-the-tests" in argument]
    assert json.loads(command[-1])["model"] == "some-model"


def test_a_port_that_is_taken_is_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=rf"port {port}: .*choose another --port"):
            require_free("127.0.0.1", port)
    require_free("127.0.0.1", port)
