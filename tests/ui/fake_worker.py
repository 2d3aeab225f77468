"""A batch worker whose agent answers by the name of the reference file; started by tests as a script."""

import ctypes
import json
import os
import subprocess
import sys
import time
import types
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.modules["agent.run"] = types.ModuleType("agent.run")

import ui.check_command  # noqa: E402
from agent.events import Event  # noqa: E402
from agent.settings import Settings  # noqa: E402
from tools.errors import ParseError  # noqa: E402
from tools.report import CertificateSummary, Report  # noqa: E402
from ui.batch_worker import main  # noqa: E402


def stream(reference: Path, candidate: Path, settings: Settings) -> Iterator[Event]:
    kind = reference.stem.partition("-")[0]
    with open(reference.with_name("asked.txt"), "a", encoding="utf-8") as log:
        log.write(f"{reference.stem} {os.getpid()}\n")
    print("noise from a solver")
    yield Event("step", "ingest", "read")
    if kind == "crash":
        ctypes.string_at(0)
    if kind == "exit":
        print("last words", file=sys.stderr, flush=True)
        os._exit(7)
    if kind == "tired" and len(reference.with_name("asked.txt").read_text().splitlines()) < 3:
        os.abort()
    if kind == "family":
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"], start_new_session=True)
        reference.with_name("child.txt").write_text(str(child.pid))
        time.sleep(1000)
    if kind == "hang":
        time.sleep(1000)
    if kind == "slow":
        time.sleep(0.4)
    if kind == "memory":
        bytearray(1 << 45)
    if kind == "bug":
        raise ZeroDivisionError("oops")
    if kind == "bad":
        raise ParseError("odd", source=reference.name, line=2)
    if kind == "forgetful":
        yield Event("warning", "recall", "going on without\nmemory")
        yield Event("warning", "remember", f"memory was {settings.memory}")
    data = json.loads(reference.with_name("report.json").read_text(encoding="utf-8"))
    report = Report.from_json({**data, "contract": settings.contract, "reason": " ".join(settings.hints)})
    yield Event("report", "conclude", "done", report)


def certified(
    reference: Path, candidate: Path, report: Report, settings: Settings, require: str | None
) -> tuple[Report, str]:
    shows = not reference.stem.startswith("uncertain")
    report = replace(report, certificate=CertificateSummary("0" * 64, shows, {}))
    return replace(report, verdict="unknown") if require and not shows else report, reference.stem


ui.check_command.stream = stream
ui.check_command.certified = certified
if __name__ == "__main__":
    main()
