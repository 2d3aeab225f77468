"""The results of `certificates` as a page: shares that are certified, what is missing and why, and what it costs."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import median
from typing import Any

Record = dict[str, Any]

CLAIMS = ("status", "value", "optimum", "optima", "sound", "complete")
GROUPS = {"discovery": "Real pairs", "twins": "Twins", "transformations": "Transformations"}
SIZES = {"≤ 200": 200, "≤ 2,000": 2_000, "≤ 20,000": 20_000, "more": math.inf}
"""Classes of pairs by the nonzeros of the larger model."""

TARGETS: tuple[tuple[str, str, Callable[[Record], bool], float], ...] = (
    ("real LPs", "discovery", lambda r: not r["integers"], 0.90),
    ("real MILPs of at most 2,000 nonzeros", "discovery", lambda r: r["integers"] and r["nonzeros"] <= 2000, 0.60),
    ("twins", "twins", lambda r: True, 0.99),
)
"""Share of the proved claims that should be certified: of what, its source, which of its records, the share."""

_LARGE = 10_000
"""Numbers in a certificate from which on the start of the checker no longer counts."""


def summary(records: Sequence[Record], *, seed: int, time_limit: float) -> tuple[str, int]:
    """Return the markdown page and the number of certificates that the checker did not accept."""
    checked = [record for record in records if "checker_status" in record]
    refused = [record for record in checked if record["checker_status"] != 0]
    unread = [record for record in records if "certificate" in record and "checker_status" not in record]
    lines = [
        "# Certificates",
        "",
        f"Written by `python -m benchmarks certificates`; benchmarks/README.md says how to read it. Seed {seed}, time "
        f"limit {time_limit:g} s to check a pair and again to certify it.",
        "",
        f"**Certificates that the checker accepts: {len(checked) - len(refused)} of {len(checked) + len(unread)}**, "
        f"{sum(record.get('checker_files', 0) == 2 for record in checked)} of them with both model files.",
        "",
    ]
    if refused or unread:
        lines += [f"- `{_name(r)}`: {_cell(r['checker_said']) or r['checker_status']}" for r in refused]
        lines += [f"- `{_name(r)}`: {_cell(r.get('error', 'no answer'))}" for r in unread]
        lines += [""]
    lines += _against_targets(records)
    for source, title in GROUPS.items():
        group = [record for record in records if record["source"] == source]
        if group:
            lines += ["", f"## {title}", "", _ended(group), "", *_shares(group)]
    lines += ["", "## What is missing", ""]
    lines += [
        "Decided claims without a certificate, by reason without numbers, names and positions; in brackets how many of "
        'them the check itself called "exact".',
        "",
        *_missing(records),
        "",
        "## Cost",
        "",
        *_costs(checked),
    ]
    lost = [record for record in records if "error" in record]
    if lost:
        lines += ["", "## Ended early", ""]
        lines += [f"- `{_name(record)}`: {_cell(record['error'])}" for record in lost]
    return "\n".join(lines) + "\n", len(refused) + len(unread)


def share(records: Iterable[Record], result: str = "proved", claims: Sequence[str] = CLAIMS) -> tuple[int, int]:
    """Return how many claims with that result are certified, and how many there are."""
    found = [r["claims"][name]["certified"] for r in records for name in claims if _result(r, name) == result]
    return sum(found), len(found)


def _result(record: Record, name: str) -> str | None:
    result: str | None = record.get("claims", {}).get(name, {}).get("result")
    return result


def _against_targets(records: Sequence[Record]) -> Iterator[str]:
    rows = []
    for title, source, fits, target in TARGETS:
        group = [record for record in records if record["source"] == source and "nonzeros" in record and fits(record)]
        certified, count = share(group)
        if count:
            reached = "reached" if certified >= target * count else "**missed**"
            rows.append(f"| {title} | {_part(certified, count)} | {target:.0%}, {reached} |")
    if rows:
        yield from _table_head(["proved claims of", "certified", "target"])
        yield from rows


def _shares(group: Sequence[Record]) -> Iterator[str]:
    heads = [
        "models",
        "nonzeros",
        "pairs",
        *(f"{name} proved" for name in CLAIMS),
        "all proved",
        "all refuted",
        "verdicts",
    ]
    yield from _table_head(heads)
    for kind, integers in (("LP", False), ("MILP", True)):
        kinds = [record for record in group if record.get("integers") is integers and "claims" in record]
        low = 0.0
        for size, most in [*SIZES.items(), ("all", math.inf)]:
            here = [
                record
                for record in kinds
                if (size == "all" or low < record["nonzeros"] or low == 0) and record["nonzeros"] <= most
            ]
            low = most
            if here:
                yield _shares_row(kind, size, here)


def _shares_row(kind: str, size: str, records: Sequence[Record]) -> str:
    cells = [_part(*share(records, claims=[name])) for name in CLAIMS]
    decided = [record for record in records if record["verdict"] != "unknown"]
    verdicts = _part(sum(record["verdict_certified"] for record in decided), len(decided))
    shown = [kind, size, str(len(records)), *cells, _part(*share(records)), _part(*share(records, "refuted")), verdicts]
    return f"| {' | '.join(shown)} |"


def _ended(group: Sequence[Record]) -> str:
    skipped = [record for record in group if "skipped" in record]
    lost = [record for record in group if "error" in record]
    pairs = len(group) - len(skipped)
    return (
        f"{pairs} pairs, {sum('certificate' in record for record in group)} certificates; {len(lost)} ended early, and "
        f"{len(skipped)} are left out since there is no pair. Certified of all that is proved (refuted, decided):"
    )


def _missing(records: Sequence[Record]) -> Iterator[str]:
    found: dict[tuple[str, str], list[tuple[Record, str, str]]] = defaultdict(list)
    for record in records:
        for name in CLAIMS:
            if _result(record, name) in ("proved", "refuted") and not record["claims"][name]["certified"]:
                reason = record.get("gaps", {}).get(name) or record.get("error", "no reason is given")
                found[record["source"], normalised(reason)].append((record, name, reason))
        if record.get("verdict", "unknown") != "unknown" and not record.get("verdict_certified"):
            reason = record.get("gaps", {}).get("verdict", "")
            if reason:
                found[record["source"], f"(verdict) {normalised(reason)}"].append((record, "verdict", reason))
    yield from _table_head(["pairs", "reason", "claims", "example"])
    for (source, reason), cases in sorted(found.items(), key=lambda item: (item[0][0], -len(item[1]))):
        exact = sum(record["claims"][name]["before"] == "exact" for record, name, _ in cases if name != "verdict")
        record, name, text = min(cases, key=lambda case: case[0].get("nonzeros", 0))
        example = f"`{_name(record)}` {name}: {_cell(text)}"
        yield f"| {GROUPS[source].lower()} | {reason} | {len(cases)} ({exact} exact) | {example} |"


def normalised(reason: str) -> str:
    """Return a reason without what differs from model to model: quoted names, numbers, positions."""
    last = (reason.strip().splitlines() or [""])[-1]
    text = re.sub(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", "'…'", last)
    text = re.sub(r"\b(bounds|integral|identity|recovery|lifting)\.[^:\s]+?(?=[:.]\s)", r"\1.…", text)
    return _cell(re.sub(r"-?\d[\d/.e+-]*", "N", text))


def _costs(checked: Sequence[Record]) -> Iterator[str]:
    if not checked:
        yield "No certificates."
        return
    yield from _table_head(["", "median", "90%", "largest", "of"])
    ratios = [(r["certify_seconds"] / max(r["check_seconds"], 1e-3), r) for r in checked]
    yield _cost_row("certifying / checking", ratios, "{:.2f}")
    yield _cost_row("seconds to certify", [(r["certify_seconds"], r) for r in checked], "{:.2f}")
    yield _cost_row("seconds of the checker", [(r["checker_seconds"], r) for r in checked], "{:.2f}")
    large = [r for r in checked if r["certificate_numbers"] >= _LARGE]
    speeds = [(r["checker_seconds"] * 1e5 / r["certificate_numbers"], r) for r in large]
    yield _cost_row(f"the same for 100,000 numbers, in certificates of at least {_LARGE:,}", speeds, "{:.2f}")
    yield _cost_row("megabytes of memory of the checker", [(r["checker_mb"], r) for r in checked], "{:.0f}")
    yield _cost_row("bytes of the certificate", [(r["certificate_bytes"], r) for r in checked], "{:,.0f}")


def _cost_row(title: str, values: Sequence[tuple[float, Record]], form: str) -> str:
    if not values:
        return f"| {title} | - | - | - | - |"
    ordered = sorted(value for value, _ in values)
    most, record = max(values, key=lambda value: value[0])
    shown = (median(ordered), ordered[min(len(ordered) - 1, math.ceil(0.9 * len(ordered)))], most)
    return f"| {title} | {' | '.join(map(form.format, shown))} | `{_name(record)}` |"


def _table_head(heads: Sequence[str]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"


def _part(certified: int, count: int) -> str:
    return f"{certified}/{count} ({math.floor(100 * certified / count)}%)" if count else "-"


def _name(record: Record) -> str:
    return f"{record['source']} {record['id']}"


def _cell(text: str) -> str:
    last = (str(text).strip().splitlines() or [""])[-1]
    return last.replace("|", "\\|").replace("`", "'")[:200]
