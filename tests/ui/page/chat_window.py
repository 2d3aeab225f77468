"""The chat in a tab of a real browser: what a user does there, and what may never happen in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

SECONDS = 60

SCROLLER = "[data-testid=stAppScrollToBottomContainer], [data-testid=stMain]"


class ChatWindow:
    """One tab; `faults` are dialogs, errors of scripts, and requests to anything but the server under test."""

    def __init__(self, tab: Any, address: str) -> None:
        self.tab = tab
        self.address = address
        self.faults: list[str] = []
        tab.set_default_timeout(SECONDS * 1000)
        tab.on("dialog", lambda dialog: (self.faults.append(f"dialog {dialog.message}"), dialog.dismiss()))
        tab.on("pageerror", lambda error: self.faults.append(f"error {error}"))
        tab.on("request", lambda request: self._watch(request.url))
        tab.on("websocket", lambda socket: self._watch(socket.url))

    def open(self, query: str = "") -> ChatWindow:
        """The page is there, ready to be told something."""
        self.tab.goto(f"{self.address}/{query}")
        self.tab.get_by_test_id("stChatInputTextArea").wait_for()
        self.until(lambda: self.parameter("c") != "" and self.tab.get_by_test_id("stSidebar").count() > 0)
        return self

    def say(self, text: str) -> None:
        """The text has arrived."""
        self.tab.get_by_test_id("stChatInputTextArea").fill(text)
        self._send()

    def upload(self, *files: tuple[str, bytes]) -> None:
        """The files, names and their bytes, have arrived."""
        given = [{"name": name, "mimeType": "text/plain", "buffer": content} for name, content in files]
        self.tab.locator("[data-testid=stChatInput] input[type=file]").set_input_files(given)
        self.tab.get_by_test_id("stFileChip").nth(len(given) - 1).wait_for()
        self.tab.locator("[data-testid=stChatInputSubmitButton]:not([disabled])").wait_for()
        self._send()

    def read(self, *texts: str) -> None:
        """All these texts are on the page, in the answers."""
        for text in texts:
            found = self.tab.get_by_test_id("stChatMessage").get_by_text(text)
            self.until(lambda found=found: found.count() and found.last.is_visible())

    def choose(self, name: str) -> None:
        """The button that says something was clicked, and what it says has arrived."""
        said = self._messages().count()
        self.tab.get_by_role("button", name=name, exact=True).last.click()
        self.until(lambda: self._messages().count() > said)

    def stop(self) -> None:
        """The work under way was stopped, and nothing is under way any more."""
        self.tab.get_by_role("button", name="Stop", exact=True).click()
        self.tab.locator(".st-key-stop").wait_for(state="detached")
        self.rest()

    def rest(self) -> None:
        """Nothing is under way, and the page has been drawn to its end."""
        for _ in range(2):  # between two jobs, and before the page has taken notice, it looks as if it rested
            self.tab.wait_for_timeout(250)
            self.until(self._rests)

    def until(self, holds: Callable[[], bool]) -> None:
        """The condition holds; fails where it does not within the usual time."""
        for _ in range(SECONDS * 10):
            if holds():
                return
            self.tab.wait_for_timeout(100)
        raise AssertionError(f"waited in vain; the page says:\n{self.text()[-3000:]}")

    def text(self) -> str:
        """Return everything that can be read in the main part."""
        found: str = self.tab.locator(SCROLLER).first.inner_text()
        return found

    def parameter(self, name: str) -> str:
        """Return a part of the address."""
        return parse_qs(urlsplit(self.tab.url).query).get(name, [""])[0]

    def is_as_wide_as_the_window(self) -> bool:
        """Say whether nothing scrolls sideways."""
        found: bool = self.tab.evaluate(
            "(main) => [document.documentElement, ...document.querySelectorAll(main)]"
            ".every((e) => e.scrollWidth <= e.clientWidth)",
            SCROLLER,
        )
        return found

    def nodes(self) -> int:
        """Return how many elements the page has."""
        found: int = self.tab.evaluate("() => document.querySelectorAll('*').length")
        return found

    def _messages(self) -> Any:
        return self.tab.get_by_test_id("stChatMessageAvatarCustom")

    def _send(self) -> None:
        said = self._messages().count()
        self.tab.get_by_test_id("stChatInputTextArea").press("Enter")
        self.until(lambda: self._messages().count() > said)

    def _rests(self) -> bool:
        state = self.tab.locator("[data-testid=stApp]").get_attribute("data-test-script-state")
        return bool(state == "notRunning") and not self.tab.locator(".st-key-stop, [data-stale=true]").count()

    def _watch(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc != urlsplit(self.address).netloc:
            self.faults.append(f"request {url[:200]}")
