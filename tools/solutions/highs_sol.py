"""The solution files of HiGHS: raw (style 0, and 4 without zeros) and pretty (style 1, with six digits)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.solutions.solution import Solution, SolutionFormat, Values, first_line

_COUNT = re.compile(r"# Columns (-?)([0-9]{1,12})")
_PRIMAL = "# Primal solution values"
_SIX_DIGITS = "HiGHS writes six digits in this style; writeSolution(file, 0) keeps all"


def parse_highs(text: str, source: str) -> Solution:
    """Return the solution that HiGHS wrote; raises `ParseError`, also where it holds no primal values."""
    lines = enumerate(text.split("\n"), 1)
    return _pretty(lines, source) if first_line(text) == "Columns" else _raw(lines, source)


def _raw(lines: Iterator[tuple[int, str]], source: str) -> Solution:
    values = Values(source)
    if not any(line.strip() == _PRIMAL for _, line in lines):
        raise values.fault(f"no section {_PRIMAL!r}")
    number, state = next(lines, (0, ""))
    if state.strip() == "None":
        raise values.fault("HiGHS had no primal solution when it wrote this", number)
    head = next((line for _, line in lines if line.startswith("# Columns ")), "")
    match = _COUNT.fullmatch(head.strip())
    if match is None:
        raise values.fault("the line '# Columns N' is missing")
    sparse, count = match[1] == "-", int(match[2])
    ended = sparse
    for number, line in lines:
        if line.startswith("#") or not line.strip():
            ended = ended or line.startswith("# Rows")
            break
        # The style without zeros puts the variable's index behind its value.
        words = line.rsplit(maxsplit=2 if sparse else 1)
        if len(words) != (3 if sparse else 2):
            raise values.fault(f"expected a name and a value, found {line[:60]!r}", number)
        values.add(words[0], words[1], number)
    if len(values.found) != count or not ended:
        raise values.fault(f"{len(values.found)} of {count} values; the file is cut off")
    notes = ("HiGHS calls this point infeasible",) if state.strip() == "Infeasible" else ()
    return Solution(values.found, "HiGHS", omits_zeros=sparse, notes=notes)


def _pretty(lines: Iterator[tuple[int, str]], source: str) -> Solution:
    values = Values(source)
    next(line for _, line in lines if line.strip() == "Columns")
    number, header = next(lines, (0, ""))
    starts = {word: header.find(f" {word}") + 1 for word in ("Upper", "Primal", "Name")}
    if 0 in starts.values():
        raise values.fault("the table of columns has no header with Upper, Primal and Name", number)
    # Numbers end where their headings end, names begin where theirs begins.
    left, right = (starts[word] + len(word) for word in ("Upper", "Primal"))
    ended = False
    for number, line in lines:
        if line.rstrip() == "Rows":
            ended = True
            break
        if not line[left:right].strip():
            raise values.fault("HiGHS had no primal solution when it wrote this", number)
        if line[right : right + 1] != " " or line[left : left + 1] != " ":
            raise values.fault(f"the columns are not where the header has them: {line[:60]!r}", number)
        values.add(line[starts["Name"] :].strip(), line[left:right].strip(), number)
    if not ended:
        raise values.fault("the table of rows is missing; the file is cut off")
    status = next((line.partition(":")[2].strip() for _, line in lines if line.startswith("Model status")), "")
    notes = (_SIX_DIGITS,) if status == "Optimal" else (_SIX_DIGITS, f"HiGHS's status is {status[:60]!r}")
    return Solution(values.found, "HiGHS", notes=notes)


def _recognises(text: str) -> bool:
    start = text[:2000].lstrip()
    return start.startswith(("Model status\n", _PRIMAL)) or (
        start.startswith("Columns\n") and "Primal" in start.split("\n", 2)[1]
    )


FORMAT = SolutionFormat("HiGHS", _recognises, parse_highs)
