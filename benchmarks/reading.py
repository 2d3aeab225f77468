"""Our readers against the readers of HiGHS and SCIP, file by file: same model and optimum, or a refusal.

Every file is read by quasikarp, by HiGHS and by SCIP, each in the same child process. Of the models that come out, all
numbers are compared by column name and row order, and the optimum of ours (solved by HiGHS from arrays) with the optima
that the others find in what they read. HiGHS and SCIP do not take brackets in names, so in LP files such names are
replaced for them by plain ones, by a regular expression that knows nothing else of the format.

    python -m benchmarks.reading [FOLDER]... [--time-limit SECONDS]

Writes results/reading.md and results/reading.json.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from benchmarks.isolated import Tell, isolated, quiet_output
from tools.errors import InputError
from tools.formulation.model import Formulation
from tools.formulation.read import read

HERE = Path(__file__).resolve().parent
FOLDERS = ("highs_instances", "bench4opt/lp", "formulation_bench/lp", "alternative_formulations/lp", "llm_written")
ENDINGS = (".lp", ".mps", ".lp.gz", ".mps.gz")
INFINITE = 1e20
RELATIVE = 1e-6
NUMBERS = 1e-12

Record = dict[str, Any]

KNOWN: tuple[tuple[str, str, str], ...] = (
    ("highs", r"coefficients of row \d+, all below 1e-09$", "HiGHS drops coefficients below 1e-9 (small_matrix_value)"),
    ("scip", r"sides of row \d+, both below 1e-09$", "SCIP takes sides below 1e-9 for zero (numerics/epsilon)"),
    ("highs", r"silly-names\.mps: columns: 5 and 1$", "HiGHS takes the indented line of a column called OBJSENSE for "
     "that section and loses all columns from there on; renamed OBJSENSX it reads all five, as SCIP does"),
)  # fmt: skip
"""(reader, pattern of its difference, why that reader and not ours is at fault); each was reproduced by hand."""

TINY = 1e-9


@dataclass(frozen=True)
class Plain:
    """A model as some reader understood it: columns by name, rows in order."""

    maximize: bool
    offset: float
    columns: dict[str, tuple[float, float, float, bool]]
    rows: list[tuple[float, float, dict[str, float]]]


def plain_of(model: Formulation) -> Plain:
    starts = model.indptr.tolist()
    terms = list(zip(model.columns.tolist(), model.coefficients.floats.tolist(), strict=True))
    costs, integer = model.objective.floats.tolist(), model.integer.tolist()
    lower, upper = model.lower.floats.tolist(), model.upper.floats.tolist()
    sides = zip(model.row_lower.floats.tolist(), model.row_upper.floats.tolist(), strict=True)
    return Plain(
        maximize=model.sense == "maximize",
        offset=float(model.objective_constant),
        columns={name: (costs[j], lower[j], upper[j], integer[j]) for j, name in enumerate(model.variables)},
        rows=[
            (low, high, {model.variables[j]: a for j, a in terms[starts[i] : starts[i + 1]]})
            for i, (low, high) in enumerate(sides)
        ],
    )


def difference(ours: Plain, theirs: Plain) -> str:
    """Return the first difference, "" where there is none. Numbers agree within 1e-12 of their size."""
    if ours.maximize != theirs.maximize:
        return "sense"
    if not _close(ours.offset, theirs.offset):
        return f"objective constant {ours.offset:g} and {theirs.offset:g}"
    if ours.columns.keys() != theirs.columns.keys():
        return f"columns: {len(ours.columns)} and {len(theirs.columns)}"
    for name, mine in ours.columns.items():
        other = theirs.columns[name]
        for label, a, b in zip(("cost", "lower bound", "upper bound"), mine, other, strict=False):
            if not _close(a, b):
                return f"{label} of {name}: {a:g} and {b:g}"
        if mine[3] != other[3]:
            return f"integrality of {name}"
    if len(ours.rows) != len(theirs.rows):
        return f"rows: {len(ours.rows)} and {len(theirs.rows)}"
    for i, (mine_row, other_row) in enumerate(zip(ours.rows, theirs.rows, strict=True)):
        if not (_close(mine_row[0], other_row[0]) and _close(mine_row[1], other_row[1])):
            if all(abs(x) < TINY or x == y for x, y in zip(mine_row[:2], other_row[:2], strict=True)):
                return f"sides of row {i}, both below {TINY:g}"
            return f"sides of row {i}: {mine_row[0]:g}, {mine_row[1]:g} and {other_row[0]:g}, {other_row[1]:g}"
        left, right = mine_row[2], {name: a for name, a in other_row[2].items() if a}
        if left.keys() != right.keys() or not all(_close(left[name], right[name]) for name in left):
            apart = [name for name in left.keys() | right.keys() if left.get(name, 0.0) != right.get(name, 0.0)]
            tiny = all(abs(left.get(name, 0.0)) < TINY and name not in right for name in apart)
            return f"coefficients of row {i}" + (f", all below {TINY:g}" if tiny else "")
    return ""


def _close(a: float, b: float) -> bool:
    a, b = (math.copysign(math.inf, x) if abs(x) >= INFINITE else x for x in (a, b))
    return a == b or abs(a - b) <= NUMBERS * max(abs(a), abs(b))


def without_brackets(text: str) -> tuple[str, dict[str, str]]:
    """Return an LP text with `name[...]` replaced by plain names, and what they stand for."""
    names: dict[str, str] = {}

    def plain(match: re.Match[str]) -> str:
        return names.setdefault(match[0], f"bracket_{len(names)}")

    return re.sub(r"[A-Za-z_]\w*\[[^\]\s]+\]", plain, text), {plain_name: old for old, plain_name in names.items()}


def compare(path: Path, seconds: float, tell: Tell) -> None:
    """Tell all about one file; runs in a child process."""
    record: Record = {"bytes": path.stat().st_size}
    quiet_output()
    start = time.process_time()
    ours = None
    try:
        model = read(path)
        ours = plain_of(model)
        record |= {
            "rows": model.shape[0], "columns": model.shape[1], "nonzeros": model.nonzeros,
            "integers": int(model.integer.sum()),
        }  # fmt: skip
    except InputError as error:
        record["refused"] = f"{type(error).__name__}: {_without_excerpt(str(error).removeprefix(str(path)))}"
    record["seconds"] = round(time.process_time() - start, 3)
    tell(30 + seconds, record)
    solved: Record = {}
    if ours is not None:
        solved = _solved_by_highs(highs_of(model), seconds)
        tell(60 + seconds, {"ours": solved})
    with tempfile.TemporaryDirectory() as folder:
        other = path
        names: dict[str, str] = {}
        if path.suffix == ".lp":
            text, names = without_brackets(path.read_text("latin-1"))
            other = Path(folder) / "model.lp"
            other.write_text(text, "latin-1")
        for reader, answer in (("highs", by_highs), ("scip", by_scip)):
            found = answer(other, names, seconds)
            theirs, point = found.pop("plain", None), found.pop("point", None)
            if ours is not None and theirs is not None:
                found["difference"] = difference(ours, theirs)
            if solved and optimum_disagrees(solved, found):
                tell(60 + seconds, {})
                found["evidence"] = evidence(model, solved, point, found, seconds)
            tell(60 + seconds, {reader: found})


def _without_excerpt(message: str) -> str:
    """Return a refusal without the piece of the file that it quotes: the results hold none of other people's data."""
    message = re.sub(r", found .*| \(section (\w+).*?\)(?=;)", lambda m: f" (section {m[1]})" if m[1] else "", message)
    return re.sub(r"'[^']*'", "'…'", message.removesuffix("; only linear and mixed-integer models are read")).lstrip(
        ", "
    )


def evidence(model: Formulation, solved: Record, point: dict[str, float] | None, found: Record, seconds: float) -> str:
    """Return what speaks for the other reader's answer in *our* model, "" where nothing does.

    Then the solver that solved our model erred, not the reading of it: the other's point satisfies our rows in rational
    arithmetic with a better value, or HiGHS itself gives the other answer once its presolve is off.
    """
    facts = []
    if point is not None:
        exact = [
            Fraction(round(point[name])) if model.integer[j] else Fraction(repr(point[name]))
            for j, name in enumerate(model.variables)
        ]
        amount = max((float(violation.amount) for violation in model.violations(exact)), default=0.0)
        value = float(model.cost_value(exact)) * (1.0 if model.sense == "minimize" else -1.0)
        sign = 1.0 if model.sense == "minimize" else -1.0
        better = "value" not in solved or sign * value < sign * solved["value"]
        if better and amount <= RELATIVE and abs(value - found["value"]) <= RELATIVE * max(1.0, abs(value)):
            facts.append(f"its point has the value {value:.9g} in our model and violates it by {amount:.1g} exactly")
    highs = highs_of(model)
    highs.setOptionValue("presolve", "off")
    again = _solved_by_highs(highs, seconds)
    if again["status"] == found["status"] and not optimum_disagrees(again, found):
        facts.append("HiGHS without presolve agrees with it")
    return "; ".join(facts)


def highs_of(model: Formulation) -> Any:
    import highspy
    import numpy as np

    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = model.shape
    lp.sense_ = highspy.ObjSense.kMaximize if model.sense == "maximize" else highspy.ObjSense.kMinimize
    lp.offset_ = float(model.objective_constant)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = model.objective.floats, model.lower.floats, model.upper.floats
    lp.row_lower_, lp.row_upper_ = model.row_lower.floats, model.row_upper.floats
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = model.indptr.astype(np.int32)
    lp.a_matrix_.index_ = model.columns.astype(np.int32)
    lp.a_matrix_.value_ = model.coefficients.floats
    lp.integrality_ = [
        highspy.HighsVarType.kInteger if integer else highspy.HighsVarType.kContinuous
        for integer in model.integer.tolist()
    ]
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.passModel(lp)
    return highs


def _solved_by_highs(highs: Any, seconds: float) -> Record:
    import highspy

    highs.setOptionValue("time_limit", seconds)
    highs.setOptionValue("mip_rel_gap", 1e-9)
    highs.run()
    status = highs.getModelStatus()
    names = {
        highspy.HighsModelStatus.kOptimal: "optimal",
        highspy.HighsModelStatus.kModelEmpty: "optimal",
        highspy.HighsModelStatus.kInfeasible: "infeasible",
        highspy.HighsModelStatus.kUnbounded: "unbounded",
        highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible or unbounded",
        highspy.HighsModelStatus.kTimeLimit: "limit",
    }
    answer = names.get(status, str(status).rpartition(".")[2])
    return {"status": answer} | ({"value": highs.getInfo().objective_function_value} if answer == "optimal" else {})


def by_highs(path: Path, names: dict[str, str], seconds: float) -> Record:
    import highspy

    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    if highs.readModel(str(path)) == highspy.HighsStatus.kError:
        return {"refused": True}
    if highs.getModel().hessian_.dim_:
        return {"nonlinear": True}
    lp = highs.getLp()
    integrality = [str(kind).rpartition(".")[2] for kind in lp.integrality_] or ["kContinuous"] * lp.num_col_
    if any(kind.startswith("kSemi") for kind in integrality):
        return {"nonlinear": True}
    found = _solved_by_highs(highs, seconds)
    columns = [names.get(name, name) for name in lp.col_names_]
    if len(set(columns)) != lp.num_col_:
        return found | {"difference": "no column names"}
    starts, index, value = list(lp.a_matrix_.start_), list(lp.a_matrix_.index_), list(lp.a_matrix_.value_)
    rows: list[dict[str, float]] = [{} for _ in range(lp.num_row_)]
    by_row = str(lp.a_matrix_.format_).endswith("Rowwise")
    for major in range(len(starts) - 1):
        for k in range(starts[major], starts[major + 1]):
            i, j = (major, index[k]) if by_row else (index[k], major)
            rows[i][columns[j]] = value[k]
    return found | {
        "plain": Plain(
            maximize="Max" in str(lp.sense_),
            offset=lp.offset_,
            columns={
                name: (lp.col_cost_[j], lp.col_lower_[j], lp.col_upper_[j], integrality[j] == "kInteger")
                for j, name in enumerate(columns)
            },
            rows=list(zip(lp.row_lower_, lp.row_upper_, rows, strict=True)),
        )
    }


def by_scip(path: Path, names: dict[str, str], seconds: float) -> Record:
    from pyscipopt import Model

    scip = Model()
    scip.hideOutput()
    try:
        scip.readProblem(str(path))
    except Exception:  # SCIP's reader raises whatever it likes
        return {"refused": True}
    constraints = scip.getConss()
    if not all(constraint.getConshdlrName() == "linear" for constraint in constraints):
        return {"nonlinear": True}
    variables = scip.getVars()
    plain = Plain(
        maximize=scip.getObjectiveSense() == "maximize",
        offset=scip.getObjoffset(),
        columns={
            names.get(str(v.name), str(v.name)): (
                v.getObj(), v.getLbOriginal(), v.getUbOriginal(), v.vtype() in ("INTEGER", "BINARY")
            ) for v in variables
        },
        rows=[
            (scip.getLhs(c), scip.getRhs(c), {names.get(n, n): a for n, a in scip.getValsLinear(c).items()})
            for c in constraints
        ],
    )  # fmt: skip
    scip.setParam("limits/time", seconds)
    try:
        scip.optimize()
    except Exception as error:  # a model with NaN ends so
        return {"failed": str(error), "plain": plain}
    status = {"inforunbd": "infeasible or unbounded", "timelimit": "limit"}.get(scip.getStatus(), scip.getStatus())
    if status != "optimal":
        return {"status": status, "plain": plain}
    best: Any = scip.getBestSol()
    point = {names.get(str(v.name), str(v.name)): float(best[v]) for v in variables}
    return {"status": status, "value": scip.getObjVal(), "point": point, "plain": plain}


def optimum_disagrees(ours: Record, theirs: Record) -> str:
    """Return how two answers contradict each other, "" where they do not (a limit contradicts nothing)."""
    a, b = ours.get("status"), theirs.get("status")
    if a is None or b is None or "limit" in (a, b):
        return ""
    if a == b == "optimal":
        x, y = ours["value"], theirs["value"]
        return "" if abs(x - y) <= RELATIVE * max(1.0, abs(x), abs(y)) else f"optimum {x:.9g} and {y:.9g}"
    unsure = "infeasible or unbounded"
    if a == b or (unsure in (a, b) and "optimal" not in (a, b)):
        return ""
    return f"{a} and {b}"


def files_in(folders: Sequence[Path]) -> list[Path]:
    return [path for folder in folders for path in sorted(folder.rglob("*")) if path.name.lower().endswith(ENDINGS)]


def explained(reader: str, found: str) -> str:
    for known_reader, pattern, reason in KNOWN:
        if known_reader == reader and re.search(pattern, found):
            return reason
    return ""


def summary(records: dict[str, Record], time_limit: float) -> tuple[str, int]:
    """Return the markdown summary and the number of disagreements without an explanation."""
    lines = ["# Reading", "", "Written by `python -m benchmarks.reading`. "
             f"Time limit {time_limit:g} s a solve. \"Same\": every number of the model agrees.", ""]  # fmt: skip
    lines += ["| folder | files | read | refused | same as HiGHS | HiGHS cannot | same as SCIP | SCIP cannot | "
              "optimum confirmed | seconds |", "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"]  # fmt: skip
    folders = Counter(str(Path(name).parent) for name in records)
    for folder in folders:
        inside = [record for name, record in records.items() if str(Path(name).parent) == folder]
        parsed = [record for record in inside if "rows" in record]
        cells = [
            len(inside), len(parsed), sum("refused" in record for record in inside),
            sum(record.get("highs", {}).get("difference") == "" for record in parsed),
            sum("refused" in record.get("highs", {}) for record in parsed),
            sum(record.get("scip", {}).get("difference") == "" for record in parsed),
            sum("refused" in record.get("scip", {}) for record in parsed),
            sum(_confirmed(record) for record in parsed), round(sum(record["seconds"] for record in inside), 2),
        ]  # fmt: skip
        lines.append(f"| {folder} | " + " | ".join(str(cell) for cell in cells) + " |")
    open_points = 0
    lines += ["", "## Disagreements", ""]
    found: list[str] = []
    for name, record in records.items():
        for reader in ("highs", "scip"):
            theirs = record.get(reader, {})
            answer = optimum_disagrees(record.get("ours", {}), theirs)
            for text in filter(None, (theirs.get("difference") or "", answer)):
                reason = explained(reader, f"{name}: {text}")
                if text == answer and theirs.get("difference") == "" and theirs.get("evidence"):
                    reason = f"read the same, solved wrongly by HiGHS: {theirs['evidence']}"
                open_points += not reason
                found.append(f"| {name} | {reader} | {text} | {reason or '**not explained**'} |")
        if "error" in record:
            open_points += 1
            found.append(f"| {name} | | {record['error'].strip().splitlines()[-1][:100]} | **not explained** |")
    lines += ["| file | reader | ours and theirs | why |", "|---|---|---|---|", *found] if found else ["None."]
    lines += ["", "## Refusals", "", "| file | message | HiGHS | SCIP |", "|---|---|---|---|"]
    for name, record in records.items():
        if "refused" in record:
            others = [_reaction(record.get(reader, {})) for reader in ("highs", "scip")]
            lines.append(f"| {name} | {record['refused'].replace('|', '/')} | {others[0]} | {others[1]} |")
    return "\n".join(lines) + "\n", open_points


def _confirmed(record: Record) -> bool:
    """Say whether another reader's own solve ended with our answer and none contradicts it."""
    ours = record.get("ours", {})
    answers = [record.get(reader, {}) for reader in ("highs", "scip")]
    ended = [found for found in answers if found.get("status", "limit") != "limit"]
    agreed = bool(ended) and not any(optimum_disagrees(ours, found) for found in ended)
    return ours.get("status", "limit") != "limit" and agreed


def _reaction(found: Record) -> str:
    if "refused" in found:
        return "refuses"
    if "nonlinear" in found:
        return "nonlinear"
    return "fails on it" if "failed" in found else f"reads a model, {found.get('status', '?')}"


def main(arguments: Sequence[str]) -> int:
    """Compare, write the results, return 1 where a disagreement has no explanation."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path, help="folders of LP and MPS files")
    parser.add_argument("--time-limit", type=float, default=60.0, metavar="SECONDS", help="of each solve (60)")
    parser.add_argument("--out", type=Path, default=HERE / "results", help="where reading.md and reading.json go")
    options = parser.parse_args(arguments)
    root = Path(os.environ.get("QUASIKARP_SHARED_DATA") or HERE.parent.parent / "shared" / "data")
    folders = options.folders or [root / name for name in FOLDERS if (root / name).is_dir()]
    paths = files_in(folders)
    if not paths:
        print("no LP or MPS files; name a folder or set QUASIKARP_SHARED_DATA", file=sys.stderr)
        return 2
    base = Path(os.path.commonpath([folder.resolve() for folder in folders]))
    records: dict[str, Record] = {}
    for number, path in enumerate(paths, 1):
        name = os.path.relpath(path.resolve(), base)
        records[name] = isolated(lambda tell, path=path: compare(path, options.time_limit, tell), 60.0)  # type: ignore[misc]
        print(f"{number}/{len(paths)} {name}", file=sys.stderr, flush=True)
    text, open_points = summary(records, options.time_limit)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "reading.md").write_text(text, "utf-8")
    (options.out / "reading.json").write_text(json.dumps(records, indent=1) + "\n", "utf-8")
    print(f"{len(paths)} files, {open_points} disagreements without an explanation")
    return 1 if open_points else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
