"""CBC's solution files: a status line, then index, name, value and reduced cost of each nonzero variable.

Asked to print everything (as PuLP asks it), CBC lists rows first; the indices then start again with the columns.
`**` marks what it thinks violated.
"""

from __future__ import annotations

from tools.solutions.solution import Solution, SolutionFormat, Values, first_line, numbered

_STATUS = " - objective value "


def parse_cbc(text: str, source: str) -> Solution:
    """Return the solution that CBC wrote; raises `ParseError`."""
    values, rows, last = Values(source), 0, -1
    lines = iter(numbered(text))
    status = next(lines)[1].partition(_STATUS)[0].strip()
    for number, line in lines:
        words = line.split()
        if words[0] == "**":
            words.pop(0)
        if len(words) < 4 or not (words[0].isascii() and words[0].isdigit() and len(words[0]) < 19):
            raise values.fault(f"expected index, name, value and reduced cost, found {line[:60]!r}", number)
        index = int(words[0])
        if index <= last:
            if rows:
                raise values.fault(f"index {index} out of order", number)
            rows, values = len(values.found), Values(source)
        last = index
        values.add(" ".join(words[1:-2]), words[-2], number)
    notes = [] if status.lower() == "optimal" else [f"CBC's status is {status[:60]!r}"]
    if rows:
        notes.append(f"the first {rows} lines were taken for rows")
    return Solution(values.found, "CBC", omits_zeros=True, notes=tuple(notes))


def _recognises(text: str) -> bool:
    return _STATUS in first_line(text)


FORMAT = SolutionFormat("CBC", _recognises, parse_cbc)
