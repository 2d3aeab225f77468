"""The chat as its user meets it, in a real browser: verdicts, hints, stops, uploads, strangers, hostile names."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from chat_window import ChatWindow
from PIL import Image, ImageStat

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
HARD = ("classics/pieces/choice.lp", "classics/pieces/increments.lp")
"""A pair on which the planners work for long, and find nothing unless they are told how."""

HINTS = """kite5 = 1 - sail4
kite8 = sail4 - sail5
kite1 = sail5
kite11 = sail2 - 3*sail4
kite3 = sail1 + 3*sail4 - 7*sail5
kite9 = sail6 + 7*sail5
kite7 = 1 - sail8
kite12 = sail8 - sail3
kite4 = sail3
kite10 = sail7 - 4*sail8
kite2 = sail10 + 4*sail8 - 6*sail3
kite6 = sail9 + 6*sail3"""

pytestmark = pytest.mark.slow


@pytest.fixture
def window(browser: Any, served: str) -> Iterator[Callable[..., ChatWindow]]:
    """Open the page as a user who was never there before; whatever happens, it stays harmless."""
    contexts, windows = [], []

    def opened(query: str = "", *, width: int = 1100, dark: bool = False) -> ChatWindow:
        scheme = "dark" if dark else "light"
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme))
        windows.append(ChatWindow(contexts[-1].new_page(), served))
        return windows[-1].open(query)

    yield opened
    faults = [fault for window in windows for fault in window.faults]
    for context in contexts:
        context.close()
    assert not faults


def pair(reference: str, candidate: str) -> str:
    """Return a message that gives two of the examples."""
    texts = [(EXAMPLES / name).read_text() for name in (reference, candidate)]
    return f"reference:\n{texts[0]}\ncandidate:\n{texts[1]}"


def workers(address: str) -> list[psutil.Process]:
    """Return the processes that work for the server, or wait to, the oldest first."""
    port = urlsplit(address).port
    server = next(
        process
        for process in psutil.process_iter()
        if any(argument == f"--server.port={port}" for argument in process.cmdline())
    )
    found = [child for child in server.children() if "ui.running.worker" in child.cmdline()]
    return sorted(found, key=lambda child: child.create_time())


def test_a_pasted_pair_has_its_verdict_and_its_reasons(window: Callable[..., ChatWindow]) -> None:
    chat = window()
    chat.say(pair("models/production/reference.lp", "models/production/candidate.lp"))
    chat.rest()
    chat.read("Not equivalent", "row machine: 6 chairs + 4 tables = 36 > 24", "Claims")
    chat.choose("why?")
    chat.rest()
    chat.read("A counterexample: take the solution of the candidate with chairs = 6", "“verify x[i] = …”")
    assert "--" not in chat.text()
    assert chat.is_as_wide_as_the_window()


def test_a_hint_turns_unknown_into_equivalent(window: Callable[..., ChatWindow]) -> None:
    chat = window()
    chat.say("time limit 4 s")
    chat.rest()
    chat.say("all solutions matter")
    chat.rest()
    chat.say(pair(*HARD))
    chat.read("optimal value 66")  # a step, while the others go on
    assert chat.tab.locator(".st-key-stop").count()
    chat.rest()
    chat.read("Do you know how a candidate solution gives")
    chat.say(HINTS)
    chat.rest()
    chat.read("Equivalent under reformulation")


def test_a_run_outlives_a_reload_ends_when_stopped_and_goes_on(window: Callable[..., ChatWindow], served: str) -> None:
    chat = window()
    chat.say(pair(*HARD))
    chat.read("optimal value 66")
    worker = workers(served)[0]
    family = [worker, *worker.children(recursive=True)]
    chat.open(f"?{urlsplit(chat.tab.url).query}")
    chat.read("candidate: 10 variables", "optimal value 66")
    assert worker.is_running()
    chat.stop()
    chat.read("Stopped.")
    assert psutil.wait_procs(family, timeout=5)[1] == []
    assert len(workers(served)) <= 1  # one waits for the next job
    chat.choose("continue")
    chat.read("Going on where the check was left.")
    chat.stop()
    chat.open(f"?{urlsplit(chat.tab.url).query}")
    chat.read("Going on where the check was left.", "Stopped.")


def test_garbage_is_one_line_and_the_page_lives_on(window: Callable[..., ChatWindow], tmp_path: Path) -> None:
    chat = window()
    for name, content, told in (
        ("binary.lp", b"\x00\x01\xff" * 500, "binary.lp is a binary file"),
        ("torn.lp", b"Minimize\n obj: 3 x +\nSubject To\n c: x >= >= 2\nEnd\n", "torn.lp, line "),
        ("nan.lp", b"Minimize\n obj: nan x\nSubject To\n c: x >= 1\nEnd\n", "expected a number, found 'nan'"),
        ("nothing.lp", b"", "nothing.lp is empty"),
    ):
        chat.upload((name, content))
        chat.rest()
        chat.tab.get_by_test_id("stAlert").get_by_text(told).wait_for()
    large = tmp_path / "large.lp"
    with large.open("wb") as file:
        file.truncate(50_000_000)
    chat.tab.locator("[data-testid=stChatInput] input[type=file]").set_input_files(large)
    chat.tab.get_by_text("File must be 20.0MB or smaller").wait_for()
    chat.tab.get_by_role("button", name="Remove large.lp").click()
    chat.say("time limit 30 s")
    chat.read("A check may take 30 seconds")


def test_strangers_do_not_meet(window: Callable[..., ChatWindow]) -> None:
    one, other = window(), window()
    one.say("time limit 31 s")
    one.rest()
    other.open(f"?{urlsplit(other.tab.url).query}")
    assert "time limit" not in other.tab.get_by_test_id("stSidebar").inner_text()
    assert other.tab.get_by_test_id("stChatMessage").count() == 0
    assert one.parameter("w") != other.parameter("w")
    other.open(f"?w={other.parameter('w')}&c={one.parameter('c')}")  # a conversation is nothing without its workspace
    assert other.tab.get_by_test_id("stChatMessage").count() == 0
    for made_up in ("../../etc", "A" * 43, "%2e%2e%2f" * 5, "x" * 5_000):
        other.open(f"?w={made_up}&c=../../etc/passwd")
        assert len(other.parameter("w")) == 43
        assert other.parameter("w") not in (made_up, one.parameter("w"))
        assert len(other.parameter("c")) == 16
        assert other.tab.get_by_test_id("stChatMessage").count() == 0


def test_the_conversation_is_there_after_another_page(window: Callable[..., ChatWindow]) -> None:
    chat = window()
    chat.say("time limit 30 s")
    chat.rest()
    before = chat.tab.url
    chat.tab.get_by_role("link", name="Memory").click()
    chat.tab.get_by_role("heading", name="Memory").wait_for()
    chat.tab.get_by_role("link", name="Chat").click()
    chat.read("A check may take 30 seconds from now on.")
    assert chat.tab.url == before


SCRIPTED = "<script>window.hacked=1;alert(1)</script>"
HOSTILE = (
    SCRIPTED, "<img src=http://192.0.2.1/i onerror=alert(2)>", r"$\href{javascript:alert(3)}{x}$", ":smile:",
    "[x](javascript:alert(4))", "![x](http://192.0.2.1/j.png)", ":red[x]", "`c`", "https://192.0.2.1/k",
    "\u202ergt", "A" * 10_000,
)  # fmt: skip


def hostile_model(name: str, last: int) -> bytes:
    """Return a model whose every name is an attack, as JSON; `last` is what the first row allows at most."""
    entries = [{"name": n, "lower": 0, "upper": 5, "kind": "integer"} for n in HOSTILE]
    terms = dict.fromkeys(HOSTILE, 1)
    rows = [{"name": f"{n} row", "lower": None, "upper": last + k, "terms": terms} for k, n in enumerate(HOSTILE[:2])]
    document = {
        "schema": "quasikarp/formulation/1", "name": name, "sense": "maximize",
        "objective": {"terms": {n: k + 1 for k, n in enumerate(HOSTILE)}}, "variables": entries, "rows": rows,
    }  # fmt: skip
    return json.dumps(document).encode()


def test_hostile_names_are_text(window: Callable[..., ChatWindow]) -> None:
    chat = window()
    chat.say(" ".join(HOSTILE[:-1]))
    chat.rest()
    chat.say("time limit 5 s")
    chat.rest()
    chat.upload(
        ("<img src=x onerror=alert(5)>.json", hostile_model(SCRIPTED, 4)),
        ("[b](javascript:b).json", hostile_model("$b$", 9)),
    )
    chat.rest()
    chat.read("Not equivalent")
    for name in ("<script>", "onerror=", "javascript:alert(4)", ":smile:", ":red[x]", r"\u202e", "`c`"):
        assert name in chat.text(), name
    chat.choose("why?")
    chat.rest()
    chat.say("show the pictures")
    chat.tab.locator("[data-testid=stTabs] img").first.wait_for()
    for opened in chat.tab.locator("[data-testid=stExpander] summary").all():
        opened.click()
    chat.say("show the models")
    chat.rest()
    chat.say("give me the report")
    chat.rest()
    main = chat.tab.locator("[data-testid=stApp]")
    assert chat.tab.evaluate("() => window.hacked") is None
    assert main.locator("img[onerror], img[src^='http'], script:not([src])").count() == 0
    assert [link.get_attribute("href") for link in main.locator("a[href*='javascript'], a[href*='192.0']").all()] == []
    assert "A" * 500 not in chat.text()
    assert chat.is_as_wide_as_the_window()
    assert "<img src=x" in chat.tab.get_by_test_id("stSidebar").inner_text()


def large_model(x: str, y: str, scale: int, families: int = 2_500) -> bytes:
    """Return a model of two families of so many variables, each row multiplied by `scale`."""
    numbers = range(families)
    objective = "\n + ".join(f"{3 + k % 7} {x}{k}_ + {5 + k % 5} {y}{k}_" for k in numbers)
    rows = "\n".join(
        f" c{k}: {scale} {x}{k}_ + {2 * scale} {y}{(7 * k + 1) % families}_ >= {scale * (2 + k % 3)}" for k in numbers
    )
    bounds = "\n".join(f" {x}{k}_ <= 9\n {y}{k}_ <= {4 + k % 6}" for k in numbers)
    whole = "\n".join(f" {x}{k}_" for k in numbers)
    return f"Minimize\n obj: {objective}\nSubject To\n{rows}\nBounds\n{bounds}\nGeneral\n{whole}\nEnd\n".encode()


def test_five_thousand_variables(window: Callable[..., ChatWindow]) -> None:
    chat = window()
    chat.upload(("reference.lp", large_model("a", "b", 1)), ("candidate.lp", large_model("p", "q", 2)))
    chat.tab.locator(".st-key-stop").wait_for()
    area = chat.tab.get_by_test_id("stChatInputTextArea")
    area.press_sequentially("show the models", delay=20)
    chat.read("ingest")
    assert area.input_value() == "show the models"  # not lost while the page follows the work
    chat.rest()
    chat.read("Equivalent", "more rules")
    assert area.input_value() == "show the models"
    chat.choose("show the pictures")
    chat.tab.locator("[data-testid=stTabs] img").first.wait_for()
    assert chat.nodes() < 3_000
    assert chat.is_as_wide_as_the_window()


@pytest.mark.parametrize(("width", "dark"), [(1100, False), (390, True)])
def test_narrow_and_dark(window: Callable[..., ChatWindow], width: int, dark: bool) -> None:
    chat = window(width=width, dark=dark)
    assert chat.is_as_wide_as_the_window()
    chat.choose("production")
    chat.rest()
    chat.say("show the pictures")
    picture = chat.tab.locator("[data-testid=stTabs] img").first
    picture.wait_for()
    chat.tab.wait_for_timeout(300)
    paper = Image.open(io.BytesIO(picture.screenshot())).convert("L")
    mean, (darkest, lightest) = ImageStat.Stat(paper).mean[0], paper.getextrema()
    assert (mean < 100) == dark, "the picture has the colours of the other theme"
    assert lightest - darkest > 120, "nothing can be read in the picture"
    chat.say("help")
    chat.rest()
    chat.read("what can I say?")
    assert chat.is_as_wide_as_the_window()
