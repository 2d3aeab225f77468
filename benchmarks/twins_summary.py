"""The results of `twins` as tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import Any

Record = dict[str, Any]

VERDICTS = ("equivalent", "not_equivalent", "unknown", "none")
"""The verdicts of a check; "none" where it ended without one."""

OVERRUN = 5.0
"""Seconds beyond its time limit from which a check is listed."""

_CHECKS = ("named/reformulation", "named/quasi-karp", "free/reformulation", "free/quasi-karp")
_TITLES = {
    "named/reformulation": "identity prescribed, `reformulation`",
    "named/quasi-karp": "identity prescribed, `quasi-karp`",
    "free/reformulation": "renamed and shuffled, `reformulation`",
    "free/quasi-karp": "renamed and shuffled, `quasi-karp`",
}


def summary(records: Sequence[Record], *, seed: int, time_limit: float) -> tuple[str, int]:
    """Return the markdown summary and the number of verdicts that are shown to be wrong."""
    by_task: dict[str, dict[str, Record]] = {}
    for record in records:
        by_task.setdefault(record["task"], {})[record["file"]] = record
    solved = by_task.get("solve", {})
    statuses = Counter(record.get("status", "error") for record in solved.values())
    wrong = [*_false_equivalents(by_task), *_false_refutations(by_task)]
    lines = [
        "# Twins and mutants",
        "",
        "Written by `python -m benchmarks twins`; benchmarks/README.md says how to read it. "
        f"Seed {seed}, time limit {time_limit:g} s a check, one check at a time.",
        "",
        f"{len(solved)} model files: {_counted(statuses)}. Those that are optimal, infeasible or unbounded take part.",
        "",
        f'**False "equivalent": {len(_false_equivalents(by_task))}. '
        f'False "not equivalent": {len(_false_refutations(by_task))}.**',
    ]
    lines += [""] + [f"- {line}" for line in wrong] if wrong else []
    lines += _twin_section(by_task.get("twin", {}))
    lines += _mutant_sections(by_task)
    lines += _trouble(records, time_limit)
    return "\n".join(lines) + "\n", len(wrong)


def is_full_success(record: Record) -> bool:
    """Say whether a twin was found equivalent with every claim proved."""
    return record.get("verdict") == "equivalent" and all(
        result.startswith("proved") for result in record.get("claims", {}).values()
    )


def _false_equivalents(by_task: dict[str, dict[str, Record]]) -> list[str]:
    found = []
    for task in ("twin", *_CHECKS):
        for name, record in by_task.get(task, {}).items():
            if record.get("verdict") != "equivalent":
                continue
            opinion = record.get("confirmation", {})
            difference = by_task.get("mutant", {}).get(name, {}).get("difference")
            if opinion.get("result") == "refuted":
                found.append(f"`{name}` {task}: equivalent, but {opinion['reason']}")
            elif task == "named/reformulation" and difference:
                found.append(f"`{name}` {task}: equivalent, but {difference['what']} ({difference['where']})")
    return found


def _false_refutations(by_task: dict[str, dict[str, Record]]) -> list[str]:
    found = [
        f"`{name}` {task}: not equivalent ({record['scope']}), but the identity is confirmed"
        for task in _CHECKS
        for name, record in by_task.get(task, {}).items()
        if record.get("identity", {}).get("result") == "confirmed"
    ]
    found += [
        f"`{name}` twin: not equivalent ({record['scope']})"
        for name, record in by_task.get("twin", {}).items()
        if record.get("verdict") == "not_equivalent"
    ]
    return found


def _twin_section(twins: dict[str, Record]) -> list[str]:
    if not twins:
        return []
    lines = ["", "## Twins", ""]
    rows = []
    for folder, group in _grouped(twins.values(), lambda record: record["file"].split("/")[0]):
        good = [record for record in group if is_full_success(record)]
        times = sorted(record["check_seconds"] for record in good)
        rows.append(
            [
                folder,
                len(group),
                len(good),
                sum(record.get("verdict") == "equivalent" for record in group) - len(good),
                len(group) - sum(record.get("verdict") == "equivalent" for record in group),
                sum(record.get("confirmation", {}).get("result") == "confirmed" for record in group),
                f"{median(times):.2f}" if times else "",
                f"{times[-1]:.2f}" if times else "",
            ]
        )
    rows.append(["**all**", *(sum(int(row[k]) for row in rows) for k in range(1, 6)), "", ""])
    head = ["folder", "twins", "equivalent, all proved", "equivalent otherwise", "other"]
    lines += _table([*head, "confirmed independently", "median s", "longest s"], rows)
    others = [record for record in twins.values() if not is_full_success(record)]
    if others:
        lines += ["", "Not equivalent with every claim proved:", ""]
        others.sort(key=lambda record: str(record["file"]))
        rows = [
            [f"`{r['file']}`", r.get("verdict", "none"), _open_claims(r), _reason(r), r.get("check_seconds", r["wall"])]
            for r in others
        ]
        lines += _table(["file", "verdict", "claims not proved", "reason", "s"], rows)
    doubtful = [r for r in twins.values() if r.get("confirmation", {}).get("result") == "unsure"]
    if doubtful:
        lines += ["", "Equivalent, and the independent script is unsure:", ""]
        lines += [f"- `{record['file']}`: {record['confirmation']['reason']}" for record in doubtful]
    return lines


def _mutant_sections(by_task: dict[str, dict[str, Record]]) -> list[str]:
    mutants = {name: record for name, record in by_task.get("mutant", {}).items() if "mutation" in record}
    if not mutants:
        return []
    separated = sum(bool(record.get("difference")) for record in mutants.values())
    lines = ["", "## Mutants", ""]
    lines.append(
        f"{len(mutants)} mutants; for {separated} of them a point of one feasible set only, or the objective, "
        "separates mutant and original (found by SCIP before the check)."
    )
    for task in _CHECKS:
        group = [record for record in by_task.get(task, {}).values() if record["file"] in mutants]
        if not group:
            continue
        lines += ["", f"### {_TITLES[task]}", ""]
        rows = []
        for title, members in (
            ("separated", [r for r in group if mutants[r["file"]].get("difference")]),
            ("not separated", [r for r in group if not mutants[r["file"]].get("difference")]),
        ):
            verdicts = Counter(record.get("verdict", "none") for record in members)
            opinions = Counter(r.get("confirmation", {}).get("result", "none") for r in members
                               if r.get("verdict") == "equivalent")  # fmt: skip
            confirmed = f"{_counted(opinions)}" if opinions else ""
            rows.append([title, len(members), *(verdicts[verdict] for verdict in VERDICTS), confirmed])
        lines += _table(["mutants", "checks", *VERDICTS, "equivalent: independent opinion"], rows)
    rows = []
    for kind, members in _grouped(mutants.values(), lambda record: record["mutation"]["kind"]):
        cells: list[object] = [kind, len(members), sum(bool(record.get("difference")) for record in members)]
        for task in _CHECKS:
            verdicts = Counter(by_task.get(task, {}).get(r["file"], {}).get("verdict", "none") for r in members)
            cells.append(" / ".join(str(verdicts[verdict]) for verdict in VERDICTS[:3]))
        rows.append(cells)
    lines += ["", "By kind of mutation; the four columns count equivalent / not equivalent / unknown:", ""]
    lines += _table(["kind", "mutants", "separated", *(task.replace("/", ", ") for task in _CHECKS)], rows)
    doubtful = [
        f"- `{name}` {task} ({mutants[name]['mutation']['kind']}): {record['confirmation']['reason']}"
        for task in _CHECKS
        for name, record in by_task.get(task, {}).items()
        if record.get("confirmation", {}).get("result") == "unsure"
    ]
    if doubtful:
        lines += ["", "Equivalent, and the independent script is unsure:", "", *doubtful]
    return lines


def _trouble(records: Iterable[Record], time_limit: float) -> list[str]:
    lines = []
    for record in sorted(records, key=lambda one: (one["file"], one["task"])):
        seconds = record.get("check_seconds", 0.0)
        if "error" in record:
            lines.append(f"- `{record['file']}` {record['task']}: {record['error'].strip().splitlines()[-1][:200]}")
        elif seconds > time_limit + OVERRUN:
            lines.append(f"- `{record['file']}` {record['task']}: {seconds:.0f} s, limit {time_limit:g} s")
    return ["", "## Crashes, hangs and overruns", "", *lines] if lines else []


def _open_claims(record: Record) -> str:
    return ", ".join(name for name, result in record.get("claims", {}).items() if not result.startswith("proved"))


def _reason(record: Record) -> str:
    text = record.get("error", "").strip().splitlines()[-1:] or [record.get("reason", "")]
    return str(text[0])[:160].replace("|", "\\|")


def _grouped(records: Iterable[Record], key: Callable[[Record], str]) -> list[tuple[str, list[Record]]]:
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(key(record), []).append(record)
    return sorted(groups.items())


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counter.most_common())


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    body = [[str(cell) for cell in row] for row in rows]
    return ["| " + " | ".join(line) + " |" for line in (head, ["---"] * len(head), *body)]
