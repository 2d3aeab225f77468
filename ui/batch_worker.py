"""The child process of a batch: takes one pair a line on stdin, gives `{"answer", "warnings"}` a line on stdout.

Run as `python -m ui.batch_worker [BYTES]`, where BYTES limits its memory. It says `{"ready": true}` once it has
loaded everything, so that loading does not count against the first pair's time.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from agent.language.configuration import LanguageModel
from agent.settings import Settings
from ui.certificate_files import write_certificate
from ui.certificate_text import Requirement
from ui.running.child import answers_only, die_before_the_parent, fault_of, limit_memory


def request_line(
    reference: Path,
    candidate: Path,
    settings: Settings,
    *,
    certificate: Path | None = None,
    require: Requirement | None = None,
) -> bytes:
    """Return the line that asks a worker for this pair; `answer` reads it.

    `certificate` is the file for a certificate, `require` how firmly a verdict must be shown. The key of a language
    model is not in it: the worker finds it in the environment that it inherits.
    """
    data = {
        "reference": str(reference),
        "candidate": str(candidate),
        "contract": settings.contract,
        "time_limit": settings.time_limit,
        "rounds": settings.rounds,
        "seed": settings.seed,
        "mapping": settings.mapping if isinstance(settings.mapping, str) else None,
        "mapping_file": str(settings.mapping) if isinstance(settings.mapping, Path) else None,
        "hints": list(settings.hints),
        "memory": None if settings.memory is None else str(settings.memory),
        "planner": settings.planner,
        "model": settings.model.to_json() if isinstance(settings.model, LanguageModel) else None,
        "certificate": None if certificate is None else str(certificate),
        "require": require,
    }
    return json.dumps(data).encode() + b"\n"


def answer(request: Mapping[str, Any], warn: Callable[[str], None]) -> dict[str, Any]:
    """Return the report as JSON data, or {"error": {"kind", "message"}} with kind input, memory or internal.

    Where a certificate was asked for, it has been written, and "certificate_file" names it. What the user should be
    told besides goes to `warn`.
    """
    from ui.check_command import certified, final_report

    try:
        settings = Settings(
            contract=request["contract"],
            time_limit=request["time_limit"],
            rounds=request["rounds"],
            seed=request["seed"],
            mapping=request["mapping"] if request["mapping_file"] is None else Path(request["mapping_file"]),
            hints=tuple(request["hints"]),
            memory=request["memory"],
            planner=request["planner"],
            model=None if request["model"] is None else LanguageModel.from_json(request["model"]),
        )
        pair = Path(request["reference"]), Path(request["candidate"])
        report = final_report(*pair, settings, warn)
        if request["certificate"] is None and request["require"] is None:
            return report.to_json()
        report, proof = certified(*pair, report, settings, request["require"])
        if request["certificate"] is None:
            return report.to_json()
        file = Path(request["certificate"])
        write_certificate(file, proof)
        return {**report.to_json(), "certificate_file": file.name}
    except Exception as error:
        return failure(*fault_of(error, "the pair needs more memory than one worker may use; use fewer --jobs"))


def failure(kind: str, message: str) -> dict[str, Any]:
    """Return the answer of a pair that has no report."""
    return {"error": {"kind": kind, "message": message}}


def main() -> None:
    """Serve until stdin ends, or until a pair left this process in doubt."""
    answers = answers_only()
    limit_memory(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    die_before_the_parent()
    import agent.run  # noqa: F401
    import ui.check_command  # noqa: F401

    print('{"ready": true}', file=answers, flush=True)
    for line in sys.stdin.buffer:
        warnings: list[str] = []
        result = answer(json.loads(line), warnings.append)
        print(json.dumps({"answer": result, "warnings": warnings}, allow_nan=False), file=answers, flush=True)
        if "error" in result and result["error"]["kind"] != "input":
            return


if __name__ == "__main__":
    main()
