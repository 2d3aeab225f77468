import json
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import psutil
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import TextContent

import ui.tool_server_call
from tests.conftest import REPOSITORY
from tools.report import Report
from tools.transform.registry import TRANSFORMATIONS
from ui import tool_server as tool_server_module
from ui.running.run import Run
from ui.tool_server import tool_server
from ui.tool_server_call import source_of

EXAMPLES = REPOSITORY / "examples" / "models"


def market_split(name: str, shift: int) -> str:
    """Return a small model that is hard to solve: four sums of numbers, each to be split evenly."""
    rows = []
    for k in range(4):
        numbers = [(7919 * (k + 1) * (j + 3) + 31 * j * j) % 100 for j in range(30)]
        terms = " + ".join(f"{number} {name}{j}" for j, number in enumerate(numbers))
        rows.append(f" c{k}: {terms} + s{k} - t{k} = {sum(numbers) // 2 + shift * k}\n")
    slack = " + ".join(f"s{k} + t{k}" for k in range(4))
    binaries = " ".join(f"{name}{j}" for j in range(30))
    return f"minimize\n o: {slack}\nsubject to\n{''.join(rows)}binaries\n {binaries}\nend\n"


HARD, OTHER = market_split("x", 0), market_split("u", 1)


def server(folder: Path) -> StdioServerParameters:
    environment = {**os.environ, "QUASIKARP_MEMORY": str(folder / "memory")}
    return StdioServerParameters(command=sys.executable, args=["-m", "ui.cli", "mcp"], env=environment)


def use(folder: Path, action: Callable[[Client], Awaitable[None]]) -> None:
    """Do something with a client whose server is a child process."""

    async def main() -> None:
        async with Client(stdio_client(server(folder))) as client:
            with anyio.fail_after(60):
                await action(client)

    anyio.run(main)


async def answer(client: Client, tool: str, **arguments: Any) -> tuple[dict[str, Any], str]:
    result = await client.call_tool(tool, arguments)
    texts = [part.text for part in result.content if isinstance(part, TextContent)]
    assert not result.is_error, texts
    assert isinstance(result.structured_content, dict)
    assert json.loads(texts[1]) == result.structured_content
    return result.structured_content, texts[0]


async def fault(client: Client, tool: str, **arguments: Any) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    (part,) = result.content
    assert isinstance(part, TextContent)
    assert "\n" not in part.text
    assert "Traceback" not in part.text
    return part.text


def children_of(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def test_a_client_uses_every_tool(tmp_path: Path) -> None:
    reference, candidate = (str(EXAMPLES / "production" / f"{role}.lp") for role in ("reference", "candidate"))
    used: set[str] = set()

    async def session(client: Client) -> None:
        listed = {tool.name: tool for tool in (await client.list_tools()).tools}

        steps: list[str] = []

        async def progress(done: float, total: float | None, message: str | None) -> None:
            steps.append(message or "")

        # A text and a path; steps as progress.
        result = await client.call_tool(
            "check",
            {"reference": Path(reference).read_text("utf-8"), "candidate": candidate, "time_limit": 20},
            progress_callback=progress,
        )
        used.add("check")
        assert isinstance(result.structured_content, dict)
        report = Report.from_json(result.structured_content["report"])
        assert report.verdict == "not_equivalent"
        assert result.structured_content["evidence"][0] == "row machine: 6 chairs + 4 tables = 36 > 24"
        assert isinstance(result.content[0], TextContent)
        assert result.content[0].text.startswith("No, ")
        assert steps[0] == "reference reference: 2 variables, 2 rows"

        told, text = await answer(client, "explain", report=result.structured_content["report"])
        used.add("explain")
        assert text == told["text"] == result.structured_content["explanation"]

        made, text = await answer(client, "transform", model=reference, steps=["slack:machine"], seed=1)
        used.add("transform")
        assert text.startswith("slack of machine. Contract: reformulation.")
        found, text = await answer(
            client, "verify", reference=reference, candidate=made["candidate"], mapping=json.dumps(made["mapping"]),
            contract="reformulation",
        )  # fmt: skip
        used.add("verify")
        assert found["report"]["verdict"] == "equivalent"
        assert text.startswith("Yes, ")

        made_proof, text = await answer(
            client, "certify", reference=reference, candidate=candidate, report=result.structured_content["report"]
        )
        used.add("certify")
        assert text.startswith("The verdict is certified. Shown: status proved, value refuted")
        assert made_proof["report"]["certificate"]["verdict"] is True
        certificate = made_proof["certificate"]
        checked, text = await answer(
            client, "verify_certificate", certificate=certificate, reference=reference, candidate=candidate
        )
        used.add("verify_certificate")
        assert checked["valid"] is True
        assert text.startswith(f"VALID  for {reference} and {candidate}")
        swapped = {"reference": candidate, "candidate": reference}
        checked, text = await answer(client, "verify_certificate", certificate=certificate, **swapped)
        assert checked["valid"] is False
        assert text.startswith("INVALID  reference: ")

        seen, text = await answer(client, "read", model=made["candidate"])
        used.add("read")
        assert seen["variables"]["count"] == 3
        assert "maximize 5 chairs + 4 tables" in text

        known, text = await answer(client, "recall", reference=reference, candidate=candidate)
        used.add("recall")
        assert known["same"][0]["outcome"] == "refuted"
        assert text.startswith("1 records of this pair")

        assert set(listed) == used

    use(tmp_path, session)


def test_what_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    model = str(EXAMPLES / "production" / "reference.lp")

    async def session(client: Client) -> None:
        pair = {"reference": model, "candidate": model}
        cases = [
            ("check", {**pair, "candidate": "no/such.lp"}, "the candidate no/such.lp does not exist; check the path"),
            ("check", {"reference": model}, "candidate: Field required"),
            ("check", {**pair, "contract": "karp"}, "contract: Input should be 'quasi-karp' or 'reformulation'"),
            ("check", {**pair, "time_limit": "nan"}, "time_limit: "),
            ("check", {**pair, "timelimit": 3}, "check has no argument 'timelimit'; its arguments are reference"),
            ("check", {**pair, "candidate": "a\nb \x1b[2J"}, "candidate: this is no model in LP, MPS or JSON"),
            ("verify", {**pair, "mapping": "chairs = nobody\ntables = 0"}, "nobody"),
            ("certify", {**pair, "report": {"schema": "x"}}, "report"),
            ("certify", {**pair, "time_limit": 0}, "time_limit: "),
            ("verify_certificate", {"certificate": "{"}, "cannot use"),
            ("verify_certificate", {"certificate": "no/such.json"}, "the certificate no/such.json does not exist"),
            ("verify_certificate", {"certificate": "{}", "reference": model}, "give both models"),
            ("transform", {"model": model, "steps": ["digitz"]}, "unknown transformation 'digitz'"),
            ("explain", {"report": {"schema": "x"}}, "report"),
            ("read", {"model": "/dev/zero"}, "is no ordinary file"),
            ("recall", {**pair, "memory": "ftp://x"}, "no http"),
            ("chek\x1b", {}, "known are check, verify"),
        ]
        for tool, arguments, words in cases:
            assert words in await fault(client, tool, **arguments)

    use(tmp_path, session)


def test_a_cancelled_call_stops_its_run(tmp_path: Path) -> None:
    async def session(client: Client) -> None:
        begun = anyio.Event()
        (process,) = [child for child in psutil.Process().children() if "mcp" in child.cmdline()]

        async def progress(done: float, total: float | None, message: str | None) -> None:
            begun.set()

        async def call() -> None:
            arguments = {"reference": HARD, "candidate": OTHER, "time_limit": 600}
            await client.call_tool("check", arguments, progress_callback=progress)

        async with anyio.create_task_group() as group:
            group.start_soon(call)
            await begun.wait()
            busy = {child.pid for child in children_of(process.pid)}
            assert len(busy) > 1
            group.cancel_scope.cancel()
        with anyio.fail_after(5):
            # The spare that waits is all that is left.
            while len(children_of(process.pid)) > 1:
                await anyio.sleep(0.02)
        # The server goes on.
        seen, _ = await answer(client, "read", model=str(EXAMPLES / "slack" / "reference.lp"))
        assert seen["rows"]["count"] == 3

    use(tmp_path, session)


def test_stdout_holds_the_protocol_only_and_nothing_outlives_it(tmp_path: Path) -> None:
    def line(number: int, method: str, **parameters: Any) -> str:
        return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}) + "\n"

    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "0"}}
    model = str(EXAMPLES / "slack" / "reference.lp")
    parameters = server(tmp_path)
    with subprocess.Popen(
        [parameters.command, *parameters.args],
        env=parameters.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(line(1, "initialize", **hello))
        process.stdin.write('{"jsonrpc": "2.0", "method": "notifications/initialized"}\n')
        process.stdin.write("this is no JSON\n")
        process.stdin.write(line(2, "tools/call", name="check", arguments={"reference": model, "candidate": model}))
        process.stdin.flush()
        answers = {}
        while 2 not in answers:
            told = json.loads(process.stdout.readline())
            assert told["jsonrpc"] == "2.0"
            answers[told.get("id")] = told
        assert answers[2]["result"]["structuredContent"]["report"]["verdict"] == "equivalent"
        process.stdin.write(line(3, "tools/call", name="check", arguments={"reference": HARD, "candidate": OTHER}))
        process.stdin.flush()
        end = time.monotonic() + 10
        while len(family := children_of(process.pid)) < 3 and time.monotonic() < end:
            time.sleep(0.02)
        rest, errors = process.communicate(timeout=20)
        assert process.returncode == 0
        assert all(json.loads(told)["jsonrpc"] == "2.0" for told in rest.splitlines())
        assert "Traceback" not in errors
    gone, alive = psutil.wait_procs(family, timeout=5)
    assert gone
    assert not alive


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ("model.lp", "path"),
        ("max.lp", "path"),
        (" /some where/minimize x.lp ", "path"),
        ("../../etc/passwd", "path"),
        ("minimize x st x >= 1 end", "text"),
        ("minimize\n x\nend", "text"),
        ('{"schema": "quasikarp/formulation/1"}', "text"),
    ],
)
def test_a_model_is_a_text_or_a_path(given: str, kind: str) -> None:
    assert source_of(given) == {kind: given if kind == "text" else given.strip()}


def test_tools_describe_themselves() -> None:
    tools = {tool.name: tool for tool in anyio.run(tool_server().list_tools)}
    for tool in tools.values():
        assert tool.description
        assert "\n    " not in tool.description
        assert tool.output_schema is not None
        for name, field in tool.input_schema["properties"].items():
            assert field.get("description"), (tool.name, name)
    assert all(f"- {kind}: " in (tools["transform"].description or "") for kind in TRANSFORMATIONS)
    contract = tools["check"].input_schema["properties"]["contract"]
    assert contract["enum"] == ["quasi-karp", "reformulation"]


@pytest.fixture
def runs_end(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let every run of this process end at once with a result or an error."""

    def install(result: dict[str, Any] | None, error: tuple[str, str] | None = None) -> None:
        def start(job: Any, **options: Any) -> Run:
            run = Run(options["limits"])
            run._settle("finished" if result is not None else "failed", result=result, error=error)
            return run

        monkeypatch.setattr(ui.tool_server_call.Run, "start", start)

    return install


def read_in_process() -> Any:
    async def main() -> Any:
        async with Client(tool_server()) as client:
            return await client.call_tool("read", {"model": "x.lp"})

    return anyio.run(main)


@pytest.mark.parametrize("kind", ["timeout", "crash", "memory", "internal"])
def test_a_run_that_fails_says_how(runs_end: Callable[..., None], kind: str) -> None:
    runs_end(None, (kind, "it\nwent wrong"))
    result = read_in_process()
    assert result.is_error
    assert [part.text for part in result.content] == [f"{kind}: it\\nwent wrong"]


def test_names_that_utf8_cannot_hold_and_long_answers(
    runs_end: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ui.tool_server_call, "LONGEST_JSON_TEXT", 100)
    data = {"summary": {"x\ud800": 1}, "algebra": ["z" * 200], "notes": [], "variables": {}, "rows": {}}
    runs_end(data)
    result = read_in_process()
    assert not result.is_error
    assert result.structured_content["summary"] == {"x\\ud800": 1}
    assert "in the structured content only" in result.content[1].text


def test_a_client_that_went_away_is_no_fault_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(server: object, transport: str) -> None:
        raise ExceptionGroup("tasks", [ExceptionGroup("more", [BrokenPipeError()])])

    monkeypatch.setattr(tool_server_module.ToolServer, "run", run)
    monkeypatch.setattr(tool_server_module.SPARE, "keep", lambda: None)
    with pytest.raises(BrokenPipeError):
        tool_server_module.serve()
