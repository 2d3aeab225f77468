"""The results of `discovery` as tables."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

Record = dict[str, Any]

CLAIMS = ("status", "value", "optimum", "optima", "sound", "complete")
VERDICTS = ("equivalent", "not_equivalent", "unknown", "none")
"""The verdicts of a check; "none" where it ended without one."""

SHOWN = 8
"""Completed variables that are named in a table."""

_SIGNS = {
    "proved/exact": "✓", "proved/solver": "✓ˢ", "refuted/exact": "✗", "refuted/solver": "✗ˢ",
}  # fmt: skip


def table(name: str, records: Sequence[Record], *, seed: int, time_limit: float) -> tuple[str, int]:
    """Return the markdown page of one manifest and the number of verdicts that are shown to be wrong."""
    wrong = false_equivalents(records)
    against = [record for record in records if _contradicts(record)]
    lines = [
        f"# Discovery: {name}",
        "",
        f"Written by `python -m benchmarks discovery`; no hints, no language model. Seed {seed}, time limit "
        f"{time_limit:g} s a check.",
        "",
        f'**"equivalent" that the independent script refutes: {len(wrong)}. '
        f"Verdicts against a stated label: {len(against)}.**",
    ]
    lines += [""] + [f"- `{r['id']}` ({r['contract']}): {r['confirmation']['reason']}" for r in wrong] if wrong else []
    if against:
        lines += ["", "Against the label (which may speak about more than the instance at hand):", ""]
        lines += [
            f"- `{r['id']}` ({r['contract']}): {r['verdict']}, label {str(r['stated']['label']).lower()}; {_reason(r)}"
            for r in against
        ]
    lines += ["", "## By family", "", *overview(records)]
    lines += _claims(records)
    lines += _equal_values(records)
    lines += [
        "",
        "## Pairs",
        "",
        "✓ proved, ✗ refuted, · unknown; ˢ marks what rests on floating-point solvers only, everything else is exact. "
        '"confirmed" is what the independent script says of an "equivalent"; "sampled" where it could only map points.',
        "",
    ]
    head = ["pair", "contract", "verdict", "relation", *CLAIMS, "mapping from", "functions", "completed", "confirmed"]
    lines += _table([*head, "s"], [_row(record) for record in records])
    misses = [record for record in records if record.get("verdict") not in ("equivalent", "not_equivalent")]
    if misses:
        lines += ["", "## Undecided", ""]
        lines += _table(
            ["pair", "contract", "reason", "s"],
            [[f"`{r['id']}`", r["contract"], _reason(r), _seconds(r)] for r in misses],
        )
    refuted = [record for record in records if record.get("verdict") == "not_equivalent"]
    if refuted:
        lines += ["", "## Not equivalent", ""]
        lines += _table(
            ["pair", "contract", "scope", "claim", "witness"],
            [[f"`{r['id']}`", r["contract"], r["scope"], _refuted(r), _explanation(r)] for r in refuted],
        )
    return "\n".join(lines) + "\n", len(wrong)


def overview(records: Sequence[Record]) -> list[str]:
    """Return a table of the verdicts by contract and family, with the share that is verified and medians."""
    groups: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        groups.setdefault((record["contract"], record["family"]), []).append(record)
    rows = [_overview_row(*key, group) for key, group in sorted(groups.items())]
    for contract in sorted({contract for contract, _ in groups}):
        rows.append(_overview_row(contract, "**all**", [r for r in records if r["contract"] == contract]))
    head = [
        "contract",
        "family",
        "pairs",
        "verified",
        *VERDICTS[1:],
        "confirmed",
        "sampled",
        "unsure",
        "median s",
        "longest s",
    ]
    return _table(head, rows)


def false_equivalents(records: Iterable[Record]) -> list[Record]:
    """Return the records whose "equivalent" the independent script refutes."""
    return [
        record
        for record in records
        if record.get("verdict") == "equivalent" and record.get("confirmation", {}).get("result") == "refuted"
    ]


def equal_values(record: Record) -> bool:
    """Say whether both optimal values are known, from the report or from the manifest, and agree to six digits."""
    models = record.get("models", {})
    values = [models.get(side, {}).get("objective") for side in ("reference", "candidate")]
    for k, stated in enumerate(record.get("stated", {}).get("optimal_values", ())):
        values[k] = stated if values[k] is None else values[k]
    known = [value for value in values if value is not None]
    return len(known) == 2 and math.isclose(*known, rel_tol=1e-6, abs_tol=1e-9)


def _overview_row(contract: str, family: str, group: Sequence[Record]) -> list[object]:
    verdicts = Counter(record.get("verdict", "none") for record in group)
    opinions = Counter(record.get("confirmation", {}).get("result") for record in group)
    times = sorted(record["check_seconds"] for record in group if "check_seconds" in record)
    verified = verdicts["equivalent"]
    return [
        contract,
        family,
        len(group),
        f"{verified} ({100 * verified / len(group):.0f}%)",
        *(verdicts[verdict] for verdict in VERDICTS[1:]),
        opinions["confirmed"],
        opinions["sampled"],
        opinions["unsure"],
        f"{median(times):.2f}" if times else "",
        f"{times[-1]:.2f}" if times else "",
    ]


def _claims(records: Sequence[Record]) -> list[str]:
    rows = []
    for contract in sorted({record["contract"] for record in records}):
        group = [record for record in records if record["contract"] == contract and "claims" in record]
        for claim in CLAIMS:
            results = Counter(record["claims"][claim] for record in group)
            unknown = sum(count for result, count in results.items() if result.startswith("unknown"))
            rows.append([contract, claim, *(results[result] for result in _SIGNS), unknown])
    return ["", "## By claim", "", *_table(
        ["contract", "claim", "proved, exact", "proved, solver", "refuted, exact", "refuted, solver", "unknown"], rows
    )]  # fmt: skip


def _equal_values(records: Sequence[Record]) -> list[str]:
    """Return a section on pairs whose optimal values agree and which are not found equivalent all the same."""
    group = [record for record in records if equal_values(record) and record.get("verdict") != "equivalent"]
    if not group:
        return []
    lines = ["", "## Equal optimal values, and not found equivalent", ""]
    lines.append(
        "What differs is the refuted claim and its witness; where nothing is refuted, why the pair is open. Integers "
        "are counted as reference / candidate."
    )
    rows = []
    for record in group:
        models = record.get("models", {})
        integers = " / ".join(str(models.get(side, {}).get("integers", "")) for side in ("reference", "candidate"))
        rows.append(
            [
                f"`{record['id']}`", record["contract"], record.get("verdict", "none"), integers, _refuted(record),
                _explanation(record) or _reason(record),
            ]
        )  # fmt: skip
    return [
        *lines,
        "",
        *_table(["pair", "contract", "verdict", "integers", "refuted claim", "what differs"], rows),
    ]


def _contradicts(record: Record) -> bool:
    """Say whether the verdict, under the contract that the label speaks about, is the opposite of the label."""
    stated = record.get("stated", {})
    if stated.get("label") is None or stated.get("contract", record["contract"]) != record["contract"]:
        return False
    return bool(record.get("verdict") == ("not_equivalent" if stated["label"] else "equivalent"))


def _row(record: Record) -> list[object]:
    claims = record.get("claims", {})
    completed = record.get("completed", [])
    more = f" and {len(completed) - SHOWN} more" if len(completed) > SHOWN else ""
    return [
        f"`{record['id']}`",
        record["contract"],
        record.get("verdict", "none"),
        record.get("relation", ""),
        *(_SIGNS.get(claims.get(claim, ""), "·") for claim in CLAIMS),
        record.get("origin") or "",
        ", ".join(record.get("functions", [])),
        ", ".join(completed[:SHOWN]) + more,
        record.get("confirmation", {}).get("result", ""),
        _seconds(record),
    ]


def _refuted(record: Record) -> str:
    witness = record.get("counterexample")
    if witness is not None:
        return str(witness["claim"])
    refuted = [name for name, result in record.get("claims", {}).items() if result.startswith("refuted")]
    if not refuted and record.get("verdict") == "not_equivalent":
        return f"no claim by itself ({record['scope']})"
    return ", ".join(refuted)


def _explanation(record: Record) -> str:
    witness = record.get("counterexample")
    return _reason(record) if witness is None else _cell(str(witness["explanation"]))


def _reason(record: Record) -> str:
    text = record.get("error", "").strip().splitlines()[-1:] or [record.get("reason", "")]
    return _cell(str(text[0]))


def _cell(text: str) -> str:
    short = text if len(text) <= 240 else text[:237] + "..."
    return short.replace("|", "\\|").replace("\n", " ")


def _seconds(record: Record) -> str:
    return f"{record.get('check_seconds', record.get('wall', 0.0)):.2f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    body = [[str(cell) for cell in row] for row in rows]
    return ["| " + " | ".join(line) + " |" for line in (head, ["---"] * len(head), *body)]
