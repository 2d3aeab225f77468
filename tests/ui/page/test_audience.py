"""Who may reach the page: folders are read, and records forgotten, on loopback only."""

from typing import Any

import pytest
import streamlit as st

from ui.page import audience


@pytest.mark.parametrize(
    ("address", "headers", "private"),
    [
        ("127.0.0.1", {}, True),
        ("localhost", {}, True),
        ("::1", {}, True),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.5"}, False),
        ("0.0.0.0", {}, False),
        ("192.0.2.1", {}, False),
        ("box.example", {}, False),
        ("", {}, False),
        (None, {}, False),
    ],
)
def test_only_loopback_without_a_proxy_is_private(
    monkeypatch: pytest.MonkeyPatch, address: str | None, headers: dict[str, str], private: bool
) -> None:
    class Context:
        pass

    context: Any = Context()
    context.headers = headers
    monkeypatch.setattr(st, "get_option", lambda name: address if name == "server.address" else None)
    monkeypatch.setattr(st, "context", context)
    assert audience.is_private() is private
