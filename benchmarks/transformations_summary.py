"""The results of `transformations` as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

Record = dict[str, Any]

FAST = 1.0
"""Seconds for solving both models from which on a pair counts as slow."""

AGREED = ("confirmed", "sampled")


def summary(records: Sequence[Record], *, seed: int, time_limit: float) -> tuple[str, int]:
    """Return the markdown page and the number of verdicts that are shown to be wrong."""
    ran = [record for record in records if "skipped" not in record]
    proper = [record for record in ran if not record["task"]["mutation"]]
    mutated = [record for record in ran if record["task"]["mutation"]]
    wrong = [record for record in ran if is_wrong(record)]
    lines = [
        "# Transformations and mutations",
        "",
        f"Written by `python -m benchmarks transformations`; benchmarks/README.md says how to read it. Seed {seed}, "
        f"time limit {time_limit:g} s a check. {len(ran)} checks on {len({r['task']['base'] for r in ran})} base "
        f"models with {len({r['task']['what'] for r in proper if r['task']['part'] == 'single'})} kinds of "
        "transformation.",
        "",
        f"**Wrong verdicts: {len(wrong)}.**",
        "",
    ]
    lines += [f"- {_name(record)}: {record['verdict']}, but {_opinion(record)}" for record in wrong]
    lines += ["", "## Transformations", "", *_totals(proper), ""]
    lines += ["### By kind", "", *_table(proper, "single", "what"), ""]
    lines += ["### Chains", "", *_table([r for r in proper if r["task"]["part"] != "single"], None, "part"), ""]
    lines += _misses(proper)
    if mutated:
        lines += ["", "## Mutations", "", *_mutations(mutated), ""]
        open_ones = [r for r in mutated if r.get("verdict") != "not_equivalent" and not _harmless(r)]
        lines += ["Mutants that were not refuted and are not harmless:", ""] if open_ones else []
        lines += [f"- {_name(r)}: {r.get('verdict', 'failed')}: {_reason(r)}; {_opinion(r)}" for r in open_ones]
    return "\n".join(lines) + "\n", len(wrong)


def is_wrong(record: Record) -> bool:
    """Say whether a verdict is shown to be wrong: "equivalent" against the independent script, or a false "no"."""
    verdict, mutation = record.get("verdict"), record["task"]["mutation"]
    if verdict == "equivalent":
        return bool(record.get("confirmation", {}).get("result") == "refuted")
    if verdict == "not_equivalent":
        return not mutation or record.get("confirmation", {}).get("result") == "refuted"
    return False


_COLUMNS = (
    "checks", "equivalent", "maps verified apart", "unknown", "failed", "median s", "ratio", "ratio from a cold start",
)  # fmt: skip


def _totals(records: Sequence[Record]) -> list[str]:
    rows = []
    for mode in ("free", "given"):
        for form in ("plain", "shuffled"):
            here = [r for r in records if r["task"]["mode"] == mode and r["task"]["form"] == form]
            if here:
                rows.append([mode, form, *_numbers(here)])
    return _markdown(["mapping", "names", *_COLUMNS], rows)


def _table(records: Sequence[Record], part: str | None, field: str) -> list[str]:
    chosen = [r for r in records if part is None or r["task"]["part"] == part]
    rows = []
    for value in dict.fromkeys(r["task"][field] for r in chosen):
        for mode in ("free", "given"):
            here = [r for r in chosen if r["task"][field] == value and r["task"]["mode"] == mode]
            if here:
                rows.append([value, mode, *_numbers(here)])
    return _markdown(["kind" if field == "what" else field, "mapping", *_COLUMNS], rows)


def _markdown(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [columns, ["---"] * len(columns), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def _numbers(records: Sequence[Record]) -> list[str]:
    equivalent = [r for r in records if r.get("verdict") == "equivalent"]
    agreed = [r for r in equivalent if r.get("confirmation", {}).get("result") in AGREED]
    unknown = [r for r in records if r.get("verdict") == "unknown"]
    failed = [r for r in records if "verdict" not in r]
    seconds = [r["check_seconds"] for r in records if "check_seconds" in r]
    return [
        str(len(records)),
        f"{len(equivalent)} ({_share(len(equivalent), len(records))})",
        str(len(agreed)),
        str(len(unknown)),
        str(len(failed)),
        f"{median(seconds):.2f}" if seconds else "",
        _ratios(records, cold=False),
        _ratios(records, cold=True),
    ]


def _ratios(records: Iterable[Record], *, cold: bool) -> str:
    """Return the median ratio of checking to solving both models, for pairs solved quickly and for the others.

    `cold` counts the start of the solvers with both.
    """
    timed = [r for r in records if "check_seconds" in r]
    start = {id(r): r["start_seconds"] if cold else 0.0 for r in timed}
    pairs = [(r["check_seconds"] + start[id(r)], r["solve_seconds"] + start[id(r)], r["solve_seconds"]) for r in timed]
    fast = [a / max(b, 1e-3) for a, b, alone in pairs if alone < FAST]
    slow = [a / b for a, b, alone in pairs if alone >= FAST]
    shown = [f"{median(fast):.1f}"] if fast else []
    return " / ".join([*shown, *([f"{median(slow):.1f} (slow)"] if slow else [])])


def _mutations(records: Sequence[Record]) -> list[str]:
    rows = []
    for value in [*dict.fromkeys(r["task"]["mutation"] for r in records), "**all**"]:
        for mode in ("given", "free"):
            here = [r for r in records if value in (r["task"]["mutation"], "**all**") and r["task"]["mode"] == mode]
            if not here:
                continue
            harmful = [r for r in here if not _harmless(r)]
            refuted = [r for r in here if r.get("verdict") == "not_equivalent"]
            shown = [r for r in refuted if r["confirmation"]["result"] == "confirmed"]
            equivalent = [r for r in here if r.get("verdict") == "equivalent"]
            rows.append(
                [
                    value,
                    mode,
                    str(len(here)),
                    str(len(here) - len(harmful)),
                    f"{len(refuted)} ({_share(len(refuted), len(harmful))})",
                    str(len(shown)),
                    str(len(equivalent)),
                    str(sum(is_wrong(r) for r in equivalent)),
                    str(sum(r.get("verdict") == "unknown" for r in here)),
                ]
            )
    return _markdown(
        [
            "mutation",
            "mapping",
            "checks",
            "harmless",
            "not equivalent (of the others)",
            "witness confirmed",
            "equivalent",
            "of them false",
            "unknown",
        ],
        rows,
    )


def _harmless(record: Record) -> bool:
    """Say whether the independent script finds maps between the models right: nothing was broken."""
    return record.get("verdict") != "not_equivalent" and record.get("confirmation", {}).get("result") in AGREED


def _misses(records: Sequence[Record]) -> list[str]:
    missed = [r for r in records if r.get("verdict") != "equivalent"]
    if not missed:
        return []
    lines = [f"Not proved ({len(missed)}):", ""]
    return lines + [f"- {_name(r)}: {r.get('verdict', 'failed')}: {_reason(r)}" for r in missed]


def _name(record: Record) -> str:
    return f"`{' '.join(filter(None, record['task'].values()))}`"


def _reason(record: Record) -> str:
    last = (record.get("error", "").strip().splitlines() or [""])[-1]
    return str(record.get("reason") or last)[:200]


def _opinion(record: Record) -> str:
    found = record.get("confirmation", {})
    return f"the independent script: {found.get('result', 'not run')} ({str(found.get('reason', ''))[:160]})"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "–"
