"""The results of `published_check` as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

Record = dict[str, Any]

RULES = ("execution, absolute", "execution, relative", "WL", "published", "with constants", "as released")
AGREED = ("confirmed", "sampled")

HOLDS = "transformed, true map"
HARMLESS = "mutant, nothing broken"
NARROWED = "mutant, optima carry over, other solutions do not"
BROKEN = "mutant, an optimum is lost"
UNDECIDED = "mutant, not settled"
UNRELATED = "unrelated models, rank-one map"
EQUAL_VALUE = "unrelated models, values made equal, rank-one map"
EMPTY = "unrelated models, empty map"
CLASSES = (HOLDS, HARMLESS, NARROWED, BROKEN, UNRELATED, EQUAL_VALUE, EMPTY, UNDECIDED)
RIGHT = (HOLDS, HARMLESS, NARROWED)
"""Here every optimum of the candidate is mapped to an optimum of the reference, which is what EquivaMap asks for."""
FITTED = (UNRELATED, EQUAL_VALUE, EMPTY)
"""Here the models have nothing to do with each other, which is labelled "not equivalent" whatever the map."""
WRONG = (BROKEN, *FITTED)

EXAMPLES = 8


def class_of(record: Record) -> str:
    """Return what is known of a pair and its map, from how it was made and from the independent scripts."""
    part = record["task"]["part"]
    if part == "transformation":
        return HOLDS
    if part != "mutant":
        return {"unrelated": UNRELATED, "equal value": EQUAL_VALUE, "empty": EMPTY}[part]
    truth = record["truth"]
    optima = truth["optima"]["result"]
    if optima == "lost":
        return BROKEN
    whole = truth.get("reformulation", {}).get("result")
    if optima == "carried" and whole in (*AGREED, "refuted"):
        return NARROWED if whole == "refuted" else HARMLESS
    return UNDECIDED


def summary(records: Sequence[Record], *, seed: int, command: str, machine: str) -> tuple[str, int]:
    """Return the markdown page and the number of verdicts of quasikarp that are shown to be wrong."""
    ran = [r for r in records if "truth" in r]
    skipped = [r for r in records if "skipped" in r]
    failed = [r for r in records if "truth" not in r and "skipped" not in r]
    by_class = {name: [r for r in ran if class_of(r) == name] for name in CLASSES}
    wrong = [r for r in ran if is_wrong(r)]
    minutes = sum(r["wall"] for r in records) / 60
    seconds = [r["quasikarp"]["seconds"] for r in ran]
    lines = [
        "# What the published check accepts",
        "",
        f"Written by `{command}` in {minutes:.1f} minutes on {machine}; benchmarks/README.md says how to read it. "
        f"Seed {seed}; {len(ran)} pairs on {len({r['task']['base'] for r in ran})} base models; {len(skipped)} more "
        "were drawn that do not exist (a model without an optimum, or with its optimum at zero, which no linear map "
        f"moves; a mutation that finds nothing to change); {len(failed)} failed.",
        "",
        "Cells count the pairs that a rule accepts. For quasikarp (contract `quasi-karp`, the same map given): "
        f"yes / no / open.{f' Median time of a check: {median(seconds):.2f} s.' if seconds else ''}",
        "",
        *_markdown(
            ["pairs", "number", *RULES, "quasikarp"],
            [[name, str(len(here)), *_accepted(here), _verdicts(here)] for name, here in by_class.items() if here],
        ),
        "",
        "What is right is known from how a pair was made, and for mutants from scripts that share no code with what "
        "decides claims. *published* is the test on one optimum with the part of the map that its form can say, "
        "which has no constant terms; *with constants* is the same test on the whole map; *as released* does what the "
        "authors' code does. An infeasible pin raises an exception there and leaves the statistics; here it counts as "
        f"a rejection ({_ended(ran, 'as released', 'crashed')} pairs). Execution accuracy compares values as each "
        "model states them, so that a maximum and the minimum of the negative differ.",
        "",
        "## Errors",
        "",
        f"Right: the {_counted(by_class, RIGHT)} pairs where every optimum of the candidate is mapped to an optimum of "
        f"the reference. Wrong: the {_counted(by_class, (BROKEN,))} pairs where an optimum is lost, and the "
        f"{_counted(by_class, FITTED)} of unrelated models.",
        "",
        *_markdown(
            ["rule", "accepts a lost optimum", "accepts unrelated models", "rejects what is right", "no answer"],
            _errors(by_class),
        ),
        "",
        *_remarks(by_class),
        "",
        f"**Wrong verdicts of quasikarp: {len(wrong)}.**",
        "",
    ]
    lines += [f"- {_name(r)}: {r['quasikarp']['verdict']}: {r['quasikarp']['reason'][:200]}" for r in wrong]
    for rule in ("published", "as released"):
        fooled = [r for r in by_class[BROKEN] if r["rules"][rule]]
        if fooled:
            lines += [
                "",
                f"Mutants with a lost optimum that *{rule}* accepts, and what quasikarp says ({len(fooled)}):",
            ]
            lines += ["", *[f"- {_name(r)}: {_said(r)}" for r in fooled[:EXAMPLES]]]
    unproved = [r for r in by_class[HOLDS] if r["quasikarp"]["verdict"] == "unknown"]
    if unproved:
        lines += ["", f"True maps that quasikarp leaves open ({len(unproved)}):", ""]
        lines += [f"- {_name(r)}: {_said(r)}" for r in unproved[:EXAMPLES]]
    if failed:
        lines += ["", "Failed:", "", *[f"- {_name(r)}: {_last(r)}" for r in failed]]
    return "\n".join(lines) + "\n", len(wrong)


def is_wrong(record: Record) -> bool:
    """Say whether quasikarp's verdict is shown to be wrong under the contract `quasi-karp`.

    A "yes" for unrelated models is wrong whatever the map; a "no" is wrong where every optimum carries over.
    """
    verdict, kind = record["quasikarp"]["verdict"], class_of(record)
    return (verdict == "equivalent" and kind in WRONG) or (verdict == "not_equivalent" and kind in RIGHT)


def asked_summary(records: Sequence[Record], model: str, *, command: str, machine: str) -> str:
    """Return the markdown page about maps that a language model proposed for true reformulations."""
    ran = [r for r in records if "skipped" not in r]
    proved = [r for r in ran if r["quasikarp"]["verdict"] == "equivalent"]
    counts = {
        "EquivaMap": [sum(r["equivamap"]["accepted"] for r in ran), "–", sum(r["equivamap"]["calls"] for r in ran)],
        "quasikarp, planner llm": [
            sum(r["quasikarp"]["by the model"] for r in proved),
            sum(not r["quasikarp"]["by the model"] for r in proved),
            sum(r["quasikarp"]["calls"] for r in ran),
        ],
    }
    rows = [[name, str(len(ran)), *map(str, numbers)] for name, numbers in counts.items()]
    lines = [
        "# Maps of a language model",
        "",
        f"Written by `{command}` on {machine}. The maps are those of {model}; every pair is a true reformulation, so "
        "that a rejection is a miss. quasikarp proves what it accepts, EquivaMap tests one optimum. Where the model "
        "gives no usable answer, quasikarp goes on with its own planners, and what they find is counted apart.",
        "",
        *_markdown(["method", "pairs", "accepted", "with a map of our own planners", "calls"], rows),
        "",
    ]
    lines += [f"- {_name(r)}: {r['equivamap']['why']}" for r in ran if not r["equivamap"]["accepted"]]
    return "\n".join(lines) + "\n"


def _accepted(records: Sequence[Record]) -> list[str]:
    return [str(sum(r["rules"][rule] for r in records)) for rule in RULES]


def _verdicts(records: Sequence[Record]) -> str:
    found = [r["quasikarp"]["verdict"] for r in records]
    no = found.count("not_equivalent") + found.count("refused")
    return f"{found.count('equivalent')} / {no} / {found.count('unknown')}"


def _errors(by_class: dict[str, list[Record]]) -> list[list[str]]:
    right, fitted = ([r for name in names for r in by_class[name]] for names in (RIGHT, FITTED))
    broken = by_class[BROKEN]
    rows = []
    for rule in RULES:
        lost, strange = (sum(r["rules"][rule] for r in here) for here in (broken, fitted))
        missed = sum(not r["rules"][rule] for r in right)
        rows.append([rule, _of(lost, broken), _of(strange, fitted), _of(missed, right), "–"])
    verdicts = {name: [r["quasikarp"]["verdict"] for r in here] for name, here in by_class.items()}
    silent = sum(verdicts[name].count("unknown") for name in (*RIGHT, *WRONG))
    unproved = sum(verdicts[name].count("unknown") for name in RIGHT)
    rows.append(
        [
            "quasikarp",
            _of(verdicts[BROKEN].count("equivalent"), broken),
            _of(sum(verdicts[name].count("equivalent") for name in FITTED), fitted),
            _of(sum(found in ("not_equivalent", "refused") for name in RIGHT for found in verdicts[name]), right),
            f"{_of(silent, [*right, *broken, *fitted])}, {unproved} of them right",
        ]
    )
    return rows


def _remarks(by_class: dict[str, list[Record]]) -> list[str]:
    right = [r for name in RIGHT for r in by_class[name]]
    constants = sum(r["rules"]["needs constants"] and not r["rules"]["published"] for r in right)
    broken = by_class[BROKEN]
    exact = [r for r in broken if (r["quasikarp"].get("witness") or {}).get("result") == "confirmed"]
    fitted = [*by_class[UNRELATED], *by_class[EQUAL_VALUE]]
    carried = sum(r["truth"]["optima"]["result"] == "carried" for r in fitted)
    beyond = by_class[NARROWED]
    lost = sum(
        any("refuted" in (r["quasikarp"].get("claims") or {}).get(c, "") for c in ("sound", "complete")) for r in beyond
    )
    known = by_class[HOLDS]
    seen = sum(r["truth"]["optima"]["result"] == "carried" for r in known)
    return [
        f"- Of the {len(known)} true maps the independent script finds {seen} to carry every optimum over"
        + (", as they all should." if seen == len(known) else "; the others are true by construction."),
        f"- Of the false rejects of *published*, {constants} are maps with a constant term.",
        f"- Of the {len(broken)} mutants with a lost optimum, quasikarp gives a counterexample for {len(exact)} that "
        "an independent script follows.",
        f"- Of the {len(beyond)} mutants whose optima carry over though other solutions do not, quasikarp's report "
        f"refutes sound or complete for {lost}. Here a yes is right for optima, and no reformulation.",
        f"- Of the {len(fitted)} rank-one maps between unrelated models, {carried} carry every optimum over as far as "
        "the independent script sees (mostly because there is only one): the definition by itself admits them, and the "
        "label of such pairs is *not equivalent*. quasikarp calls such a map chosen and answers yes only where nothing "
        "of the reference is missed.",
    ]


def _ended(records: Sequence[Record], rule: str, ending: str) -> int:
    return sum(r["rules"]["endings"][rule] == ending for r in records)


def _counted(by_class: dict[str, list[Record]], names: Iterable[str]) -> int:
    return sum(len(by_class[name]) for name in names)


def _of(part: int, whole: Sequence[Record]) -> str:
    return f"{part} of {len(whole)}" + (f" ({100 * part / len(whole):.1f}%)" if whole else "")


def _name(record: Record) -> str:
    return f"`{' '.join(filter(None, record['task'].values()))}`"


def _said(record: Record) -> str:
    return f"{record['quasikarp']['verdict']}: {record['quasikarp']['reason'][:180]}"


def _last(record: Record) -> str:
    return str((record.get("error", "").strip().splitlines() or ["no result"])[-1])[:200]


def _markdown(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [columns, ["---"] * len(columns), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]
