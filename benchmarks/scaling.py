"""How the time of a check grows with the models: against the time it takes to read them, in the same run.

Each family (`generated_models`) and size is written to two files, the model and a renamed and reordered copy of it. A
fresh process reads both (the baseline) and checks one against the other under `reformulation`, several times over where
that is quick; the table shows medians and the process's peak memory, solvers' processes not counted.

    python -m benchmarks.scaling --sizes 1000 10000
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.generated_models import FAMILIES, renamed_and_reordered
from tools.formulation.write import write

RESULTS = Path(__file__).resolve().parent / "results"
FORMATS = ("lp", "mps")
SIZES = (1_000, 10_000, 100_000)
_QUICK_SECONDS = 20.0
"""A measurement that takes longer than this is not repeated."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every family, size and format; write scaling.md and scaling.png; return 1 where a check failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description="time against size")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="nonzeros of the models")
    parser.add_argument("--families", nargs="+", choices=list(FAMILIES), default=list(FAMILIES))
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=list(FORMATS))
    parser.add_argument("--repeat", type=int, default=3, help="measurements of each quick case")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--time-limit", type=float, default=600.0, help="seconds for each check")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--one", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.one:
        reference, candidate = options.one
        _measure_here(reference, candidate, options.repeat, options.time_limit, options.seed)
        return 0

    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="quasikarp-scaling-") as folder:
        for family in options.families:
            for size in options.sizes:
                model = FAMILIES[family](size, options.seed)
                pair = (model, renamed_and_reordered(model, options.seed))
                for format_ in options.formats:
                    files = [Path(folder) / f"{side}.{format_}" for side in ("reference", "candidate")]
                    for content, path in zip(pair, files, strict=True):
                        write(content, path)
                    row = {"family": family, "format": format_, "size": size, "nonzeros": model.nonzeros}
                    row |= {"rows": len(model.rows), "variables": len(model.variables)}
                    rows.append(row | _measure(files, options))
                    print(json.dumps(rows[-1]), flush=True)
    options.results.mkdir(parents=True, exist_ok=True)
    (options.results / "scaling.md").write_text(table(rows))
    plot(rows, options.results / "scaling.png")
    print((options.results / "scaling.md").read_text())
    return int(any(row.get("verdict") != "equivalent" for row in rows))


def _measure(files: Sequence[Path], options: argparse.Namespace) -> dict[str, Any]:
    """Return the medians of the measurements that one fresh process made."""
    command = [sys.executable, "-m", "benchmarks.scaling", "--one", *map(str, files)]
    command += ["--repeat", str(options.repeat), "--time-limit", str(options.time_limit), "--seed", str(options.seed)]
    limit = options.repeat * (1.5 * options.time_limit + 300.0)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit, cwd=RESULTS.parent.parent)
    except subprocess.TimeoutExpired:
        return {"verdict": f"killed after {limit:.0f} s"}
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [""]
        return {"verdict": f"ended with code {done.returncode}: {last[0][:200]}"}
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def _measure_here(reference: Path, candidate: Path, repeat: int, time_limit: float, seed: int) -> None:
    """Read, check, and print one JSON line about it."""
    from agent.run import check
    from agent.settings import Settings
    from tools.formulation.read import read
    from tools.solvers.gateway import shutdown

    # the first run in a process pays for imports, compiled graphs and solver processes
    small = [FAMILIES["generic MILP"](50, seed)] * 2
    check(small[0], renamed_and_reordered(small[1], seed), Settings(contract="reformulation"))
    before = _peak_mb()
    reading: list[float] = []
    checking: list[float] = []
    for _ in range(max(1, repeat)):
        started = time.perf_counter()
        models = read(reference), read(candidate)
        reading.append(time.perf_counter() - started)
        started = time.perf_counter()
        report = check(*models, Settings(contract="reformulation", time_limit=time_limit, seed=seed))
        checking.append(time.perf_counter() - started)
        if reading[-1] + checking[-1] > _QUICK_SECONDS:
            break
    shutdown()
    proved = all(claim.result == "proved" for claim in report.claims.values())
    print(
        json.dumps(
            {
                "verdict": report.verdict if proved or report.verdict != "equivalent" else "equivalent, not all proved",
                "reason": report.reason[:200],
                "runs": len(reading),
                "read_seconds": round(statistics.median(reading), 4),
                "check_seconds": round(statistics.median(checking), 4),
                "ratio": round(statistics.median(c / r for c, r in zip(checking, reading, strict=True)), 2),
                "stages": {name: round(seconds, 3) for name, seconds in report.seconds.items()},
                "peak_mb": round(_peak_mb()),
                "base_mb": round(before),
            }
        )
    )


def _peak_mb() -> float:
    """Return the largest resident memory of this process; getrusage on Linux also counts what its parent had."""
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Return the measurements as markdown."""
    lines = [
        "# Time against size",
        "",
        "Written by `python -m benchmarks scaling`; benchmarks/README.md says how to read it. The candidate is the "
        "reference renamed and reordered; contract `reformulation`. *read* is the time to read both files, *check* the "
        f"time of the check of the models once read, *ratio* check / read. {os.cpu_count()} cores, one process.",
        "",
        "| family | format | nonzeros | rows | variables | verdict | read s | check s | ratio | runs | peak MB |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        measured = "read_seconds" in row
        cells = [row["family"], row["format"], row["nonzeros"], row["rows"], row["variables"], row["verdict"]]
        cells += [f"{row[key]:.3f}" if measured else "" for key in ("read_seconds", "check_seconds")]
        cells += [row.get(key, "") for key in ("ratio", "runs", "peak_mb")]
        lines.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |")
    largest = {(row["family"]): row for row in sorted(rows, key=lambda row: int(row["nonzeros"])) if row.get("stages")}
    lines += ["", "Where the time goes, at the largest size of each family (the last run):", ""]
    for family, row in largest.items():
        stages = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in row["stages"].items())
        lines.append(f"- {family}, {row['nonzeros']} nonzeros: {stages}")
    return "\n".join(lines) + "\n"


def plot(rows: Sequence[dict[str, Any]], path: Path) -> None:
    """Write a log-log plot of seconds against nonzeros, with a line of slope 1 to compare."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 5.5))
    measured = [row for row in rows if "read_seconds" in row]
    for position, family in enumerate(dict.fromkeys(row["family"] for row in measured)):
        for format_, style in zip(FORMATS, ("-", "--"), strict=True):
            line = [row for row in measured if row["family"] == family and row["format"] == format_]
            if line:
                sizes = [row["nonzeros"] for row in line]
                label = f"{family}, {format_}"
                colour = f"C{position}"
                axes.plot(sizes, [row["check_seconds"] for row in line], style, marker="o", color=colour, label=label)
                axes.plot(sizes, [row["read_seconds"] for row in line], style, marker=".", color=colour, alpha=0.35)
    if measured:
        first = min(measured, key=lambda row: int(row["nonzeros"]))
        last = max(int(row["nonzeros"]) for row in measured)
        start, seconds = first["nonzeros"], first["read_seconds"]
        axes.plot([start, last], [seconds, seconds * last / start], ":", color="black", label="slope 1")
        axes.legend(fontsize=8)
    axes.set(xscale="log", yscale="log", xlabel="nonzeros", ylabel="seconds", title="check (strong), read (faint)")
    axes.grid(which="both", alpha=0.2)
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    pyplot.close(figure)


if __name__ == "__main__":
    sys.exit(main())
