"""Four of the bundled pairs through the command line: renamed, complemented, narrowed, and one that is wrong."""

import json
import re
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent
SHOWN = ("transport", "complement", "knapsack", "production")
VERDICTS = {0: "equivalent", 1: "not equivalent", 3: "unknown"}


def expected_verdict(folder: Path) -> str:
    text = (folder / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^Expected: \*\*([^*]+)\*\*", text, re.M)
    if found is None:
        raise SystemExit(f"{folder}/README.md does not say what is expected")
    return found[1]


def show(pair: dict[str, str]) -> bool:
    """Show one pair and say whether its verdict was the expected one."""
    models = [str(Path("examples", pair[side])) for side in ("reference", "candidate")]
    options = [] if pair["contract"] == "quasi-karp" else ["--contract", pair["contract"]]
    print("$ quasikarp check", *models, *options, flush=True)
    command = [sys.executable, "-m", "ui.cli", "check", *models, *options]
    verdict = VERDICTS.get(subprocess.run(command, cwd=EXAMPLES.parent, check=False).returncode, "no verdict")
    expected = expected_verdict(EXAMPLES / Path(pair["reference"]).parent)
    if verdict != expected:
        print(f"demo: {pair['id']} gave {verdict!r} where {expected!r} was expected", file=sys.stderr)
    print(flush=True)
    return verdict == expected


def main() -> int:
    lines = (EXAMPLES / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
    pairs = {pair["id"]: pair for pair in map(json.loads, lines)}
    results = [show(pairs[name]) for name in SHOWN]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
