"""Bundled pairs through the command line: renamed, complemented, narrowed, wrong; two from the textbook; one again."""

import json
import os
import re
import sys
import tempfile
from pathlib import Path

from ui.cli import app

EXAMPLES = Path(__file__).resolve().parent
SHOWN = ("transport", "complement", "knapsack", "production")
CLASSICS = ("flow:arcs<-paths", "scheduling:big_m<-time_indexed")
VERDICTS = {0: "equivalent", 1: "not equivalent", 3: "unknown"}


def expected_verdict(folder: Path) -> str:
    text = (folder / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^Expected: \*\*([^*]+)\*\*", text, re.M)
    if found is None:
        raise SystemExit(f"{folder}/README.md does not say what is expected")
    return found[1]


def show(pair: dict[str, str], folder: Path, expected: str) -> bool:
    """Show one pair, whose paths are relative to `folder`, and say whether its verdict was the expected one."""
    models = [str((folder / pair[side]).relative_to(EXAMPLES.parent)) for side in ("reference", "candidate")]
    options = [] if pair["contract"] == "quasi-karp" else ["--contract", pair["contract"]]
    print("$ quasikarp check", *models, *options, flush=True)
    verdict = VERDICTS.get(run(["check", *models, *options]), "no verdict")
    if verdict != expected:
        print(f"demo: {pair['id']} gave {verdict!r} where {expected!r} was expected", file=sys.stderr)
    print(flush=True)
    return verdict == expected


def run(arguments: list[str]) -> int:
    """Run quasikarp with these arguments and return its exit code; in this process, which loads everything once."""
    try:
        app(arguments, prog_name="quasikarp")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


def read_pairs(folder: Path) -> dict[str, dict[str, str]]:
    """Return the pairs of a folder's manifest by id."""
    lines = (folder / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    return {pair["id"]: pair for pair in map(json.loads, lines)}


def main() -> int:
    pairs, classics = read_pairs(EXAMPLES), read_pairs(EXAMPLES / "classics")
    results = [
        show(pairs[name], EXAMPLES, expected_verdict(EXAMPLES / Path(pairs[name]["reference"]).parent))
        for name in SHOWN
    ]
    for name in CLASSICS:
        expected = "equivalent" if classics[name]["label"] else "not equivalent"
        results.append(show(classics[name], EXAMPLES / "classics", expected))
    print("The same pair again: the mapping is in memory now, and is verified anew.\n")
    results.append(show(classics[CLASSICS[-1]], EXAMPLES / "classics", "equivalent"))
    return 0 if all(results) else 1


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="quasikarp-demo-") as memory:
        os.environ["QUASIKARP_MEMORY"] = memory  # nothing of yours is read or written
        os.chdir(EXAMPLES.parent)
        code = main()
    sys.exit(code)
