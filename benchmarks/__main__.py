"""`python -m benchmarks [NAME] [options]`: one benchmark, or all of them with modest defaults.

Names: reading, twins, discovery, transformations, published_check, nasty, memory_gain, memory_retrieval, certificates,
certificate_mutants, scaling. Without one, the tables go to build/benchmarks, so that a quick run does not replace those
of a full one.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
QUICK = REPOSITORY / "build" / "benchmarks"
BENCHMARKS: dict[str, list[str]] = {
    "reading": ["--time-limit", "5", "--out", str(QUICK)],
    "twins": [
        "--limit-files",
        "25",
        "--max-bytes",
        "20000",
        "--time-limit",
        "30",
        "--summary",
        str(QUICK / "twins.md"),
    ],
    "discovery": [
        "examples/classics/pairs.jsonl",
        "--limit-pairs",
        "12",
        "--time-limit",
        "20",
        "--out",
        str(QUICK),
    ],
    "transformations": [
        "--limit",
        "60",
        "--limit-bases",
        "12",
        "--time-limit",
        "20",
        "--out",
        str(QUICK),
    ],
    "published_check": ["--limit", "40", "--limit-bases", "12", "--out", str(QUICK)],
    "nasty": ["--count", "65", "--out", str(QUICK)],
    "memory_gain": ["--stores", "empty", "200 records", "--queries", "18", "--out", str(QUICK)],
    "memory_retrieval": ["--bases", "4", "--records", "2000", "--out", str(QUICK)],
    "certificates": [
        "--sources",
        "discovery",
        "transformations",
        "--limit",
        "20",
        "--time-limit",
        "20",
        "--out",
        str(QUICK),
    ],
    "certificate_mutants": ["--small", "20", "--count", "500", "--out", str(QUICK)],
    "scaling": ["--sizes", "1000", "10000", "--results", str(QUICK)],
}
"""What runs without a name being given, and with which options; a named one gets the options that follow it."""


def main(arguments: Sequence[str]) -> int:
    """Run one benchmark or all, each in its own process; return the first exit code that is not 0."""
    name, *options = arguments or [""]
    if name and name not in BENCHMARKS:
        print(f"unknown benchmark {name!r}; choose one of {', '.join(BENCHMARKS)}, or none for all", file=sys.stderr)
        return 2
    code = 0
    for module, defaults in BENCHMARKS.items():
        if name in ("", module):
            print(f"== {module}", flush=True)
            command = [sys.executable, "-m", f"benchmarks.{module}", *(options if name else defaults)]
            finished = subprocess.run(command, cwd=REPOSITORY)
            code = code or finished.returncode
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
