"""Reads MPS files, free and fixed, exactly.

A file is read as free MPS; where its fields do not fit (names with blanks, as in MIPLIB) it is read by fixed columns.
What the dialects leave open is settled as follows.

- The first N row is the objective unless OBJNAME names another; other N rows are dropped (as HiGHS and SCIP do), since
  they restrict nothing. A right-hand side of the objective is minus its constant.
- Integers between markers without any bound lie in [0, 1]; with some bound the others are 0 and infinity (HiGHS 1.12
  and SCIP 10 agree).
- A negative UP bound on a column whose lower bound is not given makes that lower bound infinite, the convention of
  CPLEX, SAS and QSopt. HiGHS 1.12 and SCIP 10 keep 0 there, which leaves the column no value at all.
- MI leaves the upper bound alone. The last of several bounds of a column counts. 1e20 and more is infinite.
- RANGES: |R| below the right-hand side of an L row, above that of a G row; on an E row above it when R ≥ 0, else below.
- Only one RHS, RANGES and BOUNDS set is read; repeated coefficients, sides and ranges are errors, because readers
  disagree on which of them count (HiGHS takes the first, others the last or the sum).
- LAZYCONS are rows; USERCUTS and all that is not linear or mixed-integer are refused.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import NoReturn

import numpy as np

from tools.errors import InputError, ParseError, UnsupportedError
from tools.formulation.literals import (
    Number,
    NumberList,
    exact_number,
    negated,
    read_limit,
    read_number,
    value_of,
)
from tools.formulation.model import Formulation, Kind, Sense
from tools.formulation.numbers import IntArray
from tools.formulation.triplets import dense_vector, sparse_rows

_UNSUPPORTED_SECTIONS = {
    "QUADOBJ": "a quadratic objective",
    "QMATRIX": "a quadratic objective",
    "QSECTION": "a quadratic part",
    "QCMATRIX": "a quadratic row",
    "CSECTION": "a cone",
    "SOS": "special ordered sets (SOS)",
    "SOS1": "special ordered sets (SOS)",
    "SOS2": "special ordered sets (SOS)",
    "SETS": "special ordered sets (SOS)",
    "INDICATORS": "indicator constraints",
    "GENCONS": "general constraints",
    "PWLOBJ": "a piecewise-linear objective",
    "PWLNAM": "a piecewise-linear objective",
    "PWLCON": "a piecewise-linear row",
    "SCENARIOS": "scenarios",
    "MULTIOBJ": "several objectives",
    "USERCUTS": "user cuts",
}
_SECTIONS = frozenset(
    {"NAME", "OBJSENSE", "OBJNAME", "ROWS", "LAZYCONS", "COLUMNS", "RHS", "RANGES", "BOUNDS", "ENDATA"}
    | _UNSUPPORTED_SECTIONS.keys()
)
_SENSES: dict[str, Sense] = {
    "MAX": "maximize", "MAXIMIZE": "maximize", "MAXIMISE": "maximize", "MAXIMUM": "maximize",
    "MIN": "minimize", "MINIMIZE": "minimize", "MINIMISE": "minimize", "MINIMUM": "minimize",
}  # fmt: skip
_BOUNDS_WITHOUT_VALUE = frozenset({"FR", "MI", "PL", "BV"})
_BOUNDS_WITH_VALUE = frozenset({"UP", "LO", "FX", "LI", "UI"})
_OBJECTIVE, _DROPPED = -1, -2
_ZERO: Number = (0.0, None)
_INFINITE: Number = (math.inf, None)
_MINUS_INFINITE: Number = (-math.inf, None)


def parse_mps(text: str, *, source: str = "<text>", name: str = "") -> Formulation:
    """Return the model that the MPS file `text` describes; `name` is used where the file gives none.

    Raises `ParseError` with the line of what is malformed, `UnsupportedError` on what is not linear or mixed-integer.
    """
    lines = text.split("\n")
    try:
        return _Parser(lines, source, _free_fields).formulation(name)
    except ParseError as free_error:
        try:
            return _Parser(lines, source, _fixed_fields).formulation(name)
        except ParseError as fixed_error:
            # the reading that got further says best what is wrong
            raise max(free_error, fixed_error, key=lambda error: error.line or 0) from None


def _free_fields(line: str) -> list[str]:
    return line.split()


def _fixed_fields(line: str) -> list[str]:
    """Return the fields in columns 2-3, 5-12, 15-22, 25-36, 40-47, 50-61 that are not blank."""
    pieces = (line[1:3], line[4:12], line[14:22], line[24:36], line[39:47], line[49:61])
    return [piece.strip() for piece in pieces if piece and not piece.isspace()]


class _Parser:
    def __init__(self, lines: list[str], source: str, fields: Callable[[str], list[str]]) -> None:
        self.lines = lines
        self.source = source
        self.fields = fields
        self.line = 0
        self.section = ""
        self.name = ""
        self.sense: Sense = "minimize"
        self.objective_name: str | None = None
        self.has_objective = False

        self.row_of: dict[str, int] = {}
        self.rows: list[str] = []
        self.row_types: list[str] = []
        self.column_of: dict[str, int] = {}
        self.column = ""
        self.kinds: list[int] = []
        self.between_markers = False

        self.entry_rows: list[int] = []
        self.entry_columns: list[int] = []
        self.entry_values = NumberList()
        self.numbers: dict[str, Number] = {}
        self.costs: dict[int, Number] = {}

        self.constant: Number | None = None
        self.sides: dict[int, Number] = {}
        self.ranges: dict[int, Number] = {}
        self.lower = NumberList()
        self.upper = NumberList()
        self.lower_given: set[int] = set()
        self.bounded: set[int] = set()
        self.set_names: dict[str, str] = {}
        self._run()

    def fail(self, message: str) -> NoReturn:
        raise ParseError(message, source=self.source, line=self.line)

    def refuse(self, what: str) -> NoReturn:
        raise UnsupportedError(
            f"{self.source}, line {self.line}: not supported: {what}; only linear and mixed-integer models are read"
        )

    def _run(self) -> None:
        read: dict[str, Callable[[list[str]], None]] = {
            "OBJSENSE": self._sense, "OBJNAME": self._objective, "ROWS": self._row, "LAZYCONS": self._row,
            "COLUMNS": self._entries, "RHS": self._right_hand_sides, "RANGES": self._ranges, "BOUNDS": self._bound,
        }  # fmt: skip
        handle: Callable[[list[str]], None] = self._stray
        fields_of = self.fields
        for number, line in enumerate(self.lines, 1):
            if not line or line[0] == "*" or line.isspace():
                continue
            self.line = number
            if line[0] not in " \t":
                words = line.split()
                section = words[0].upper()
                if section in _SECTIONS and (len(words) <= 2 or section in ("NAME", "CSECTION")):
                    self.section = section
                    if section == "ENDATA":
                        return
                    handle = read.get(section, self._refused if section in _UNSUPPORTED_SECTIONS else self._stray)
                    if section == "NAME":
                        self.name = line[4:].strip()
                    elif section in ("OBJSENSE", "OBJNAME") and len(words) == 2:
                        handle(words[1:])
                    continue
            fields = fields_of(line)
            if "$" in line or "*" in line:
                fields = self._without_comment(fields)
            handle(fields)
        self.fail("the file ends without ENDATA; it may be cut off")

    def _without_comment(self, fields: list[str]) -> list[str]:
        """Return the fields before a `$` or `*` comment, which may start with the third one."""
        for k, field in enumerate(fields):
            if k >= 2 and field[0] in "$*" and field not in self.row_of and field not in self.column_of:
                return fields[:k]
        return fields

    def _stray(self, fields: list[str]) -> None:
        self.fail(f"expected a section such as ROWS, found {' '.join(fields)[:60]!r}")

    def _refused(self, fields: list[str]) -> None:
        self.refuse(f"{_UNSUPPORTED_SECTIONS[self.section]} (section {self.section}: {' '.join(fields)[:40]})")

    def _sense(self, fields: list[str]) -> None:
        sense = _SENSES.get(fields[0].upper()) if len(fields) == 1 else None
        if sense is None:
            self.fail(f"expected MIN or MAX, found {' '.join(fields)[:40]!r}")
        self.sense = sense

    def _objective(self, fields: list[str]) -> None:
        self.objective_name = " ".join(fields)

    def _row(self, fields: list[str]) -> None:
        if len(fields) != 2:
            self.fail(f"expected a row type and a name, found {' '.join(fields)[:60]!r}")
        kind, name = fields[0].upper(), fields[1]
        if kind not in ("N", "L", "G", "E"):
            self.fail(f"expected the row type N, L, G or E, found {fields[0][:20]!r}")
        if name in self.row_of:
            self.fail(f"duplicate row name {name[:60]!r}; rename one of the two")
        if kind != "N":
            self.row_of[name] = len(self.rows)
            self.rows.append(name)
            self.row_types.append(kind)
        elif name == self.objective_name or (self.objective_name is None and not self.has_objective):
            self.row_of[name] = _OBJECTIVE
            self.has_objective = True
        else:
            self.row_of[name] = _DROPPED

    def _entries(self, fields: list[str]) -> None:
        count = len(fields)
        if count == 3 and fields[1] == "'MARKER'":
            self._marker(fields[2])
            return
        if count != 3 and count != 5:
            self.fail(f"expected a column, and one or two pairs of row and number, found {' '.join(fields)[:60]!r}")
        name = fields[0]
        if name != self.column:
            self._new_column(name)
        column = len(self.kinds) - 1
        self._entry(column, fields[1], fields[2])
        if count == 5:
            self._entry(column, fields[3], fields[4])

    def _marker(self, word: str) -> None:
        if word.strip("'").upper() == "INTORG":
            self.between_markers = True
        elif word.strip("'").upper() == "INTEND":
            self.between_markers = False
        else:
            self.refuse(f"the marker {word[:20]}")

    def _new_column(self, name: str) -> None:
        if name in self.column_of:
            self.fail(f"column {name[:60]!r} appears in two places; put its lines together or rename one")
        self.column = name
        self.column_of[name] = len(self.kinds)
        self.kinds.append(Kind.INTEGER if self.between_markers else Kind.CONTINUOUS)
        self.lower.append(_ZERO)
        self.upper.append(_INFINITE)

    def _entry(self, column: int, row_name: str, text: str) -> None:
        row = self.row_of.get(row_name)
        if row is None:
            self.fail(f"row {row_name[:60]!r} is not in the ROWS section")
        number = self.numbers.get(text)
        if number is None:
            number = self.numbers[text] = self._number(text)
        if row >= 0:
            self.entry_rows.append(row)
            self.entry_columns.append(column)
            self.entry_values.append(number)
        elif row == _OBJECTIVE:
            if column in self.costs:
                self.fail(f"column {self.column[:60]!r} has a second coefficient in row {row_name[:60]!r}")
            self.costs[column] = number

    def _number(self, text: str) -> Number:
        try:
            return read_number(_with_e_exponent(text))
        except InputError as error:
            self.fail(str(error))

    def _limit(self, text: str) -> Number:
        try:
            return read_limit(_with_e_exponent(text))
        except InputError as error:
            self.fail(str(error))

    def _right_hand_sides(self, fields: list[str]) -> None:
        for row_name, row, text in self._pairs(fields):
            if row == _OBJECTIVE:
                if self.constant is not None:
                    self.fail(f"a second right-hand side of the objective {row_name[:60]!r}")
                self.constant = negated(self._number(text))
            elif row >= 0:
                if row in self.sides:
                    self.fail(f"a second right-hand side of row {row_name[:60]!r}")
                self.sides[row] = self._limit(text)
                self._check_side(row)

    def _check_side(self, row: int) -> None:
        side, kind = self.sides[row][0], self.row_types[row]
        if math.isinf(side) and (kind == "E" or (kind == "L") == (side < 0)):
            self.fail(f"row {self.rows[row][:60]!r} of type {kind} cannot have the right-hand side {side}")

    def _ranges(self, fields: list[str]) -> None:
        for row_name, row, text in self._pairs(fields):
            if row == _OBJECTIVE:
                self.fail(f"a range on the objective {row_name[:60]!r}")
            if row in self.ranges:
                self.fail(f"a second range of row {row_name[:60]!r}")
            if row >= 0:
                self.ranges[row] = self._limit(text)

    def _pairs(self, fields: list[str]) -> list[tuple[str, int, str]]:
        """Return (row name, row, number) for each pair of the line; an odd first field names the set."""
        self._one_set(fields[0] if len(fields) % 2 else "")
        pairs = fields[len(fields) % 2 :]
        if not pairs:
            self.fail(f"expected one or two pairs of row and number, found {' '.join(fields)[:60]!r}")
        found = []
        for row_name, text in zip(pairs[::2], pairs[1::2], strict=True):
            row = self.row_of.get(row_name)
            if row is None:
                self.fail(f"row {row_name[:60]!r} is not in the ROWS section")
            found.append((row_name, row, text))
        return found

    def _one_set(self, name: str) -> None:
        first = self.set_names.setdefault(self.section, name)
        if name != first:
            self.fail(f"a second set {name[:40]!r} in {self.section} beside {first[:40]!r}; keep the one that is meant")

    def _bound(self, fields: list[str]) -> None:
        kind = fields[0].upper()
        if kind in ("SC", "SI"):
            what = "semi-continuous" if kind == "SC" else "semi-integer"
            self.refuse(f"the {what} variable {fields[2 if len(fields) > 3 else -1][:60]!r} (bound {kind})")
        text = ""
        if kind in _BOUNDS_WITHOUT_VALUE:
            # "BV SET x", "BV x", "BV SET x 1" and "BV x 1" all occur
            known = len(fields) == 3 and fields[1] in self.column_of and fields[-1] not in self.column_of
            named = len(fields) == 4 or (len(fields) == 3 and not known)
            fits = 2 <= len(fields) <= 4
        elif kind in _BOUNDS_WITH_VALUE:
            named = len(fields) == 4
            fits = 3 <= len(fields) <= 4
            text = fields[-1]
        else:
            self.fail(f"unknown bound type {fields[0][:20]!r}; known are UP LO FX FR MI PL BV LI UI")
        if not fits:
            self.fail(f"expected a bound type, a set, a column and a number, found {' '.join(fields)[:60]!r}")
        self._one_set(fields[1] if named else "")
        name = fields[2 if named else 1]
        column = self.column_of.get(name)
        if column is None:
            self.fail(f"column {name[:60]!r} is not in the COLUMNS section")
        self.bounded.add(column)
        self._set_bound(kind, column, name, self._limit(text) if text else _ZERO)

    def _set_bound(self, kind: str, column: int, name: str, limit: Number) -> None:
        if kind in ("LI", "UI", "BV"):
            self.kinds[column] = max(self.kinds[column], Kind.BINARY if kind == "BV" else Kind.INTEGER)
        infinite = math.isinf(limit[0])
        if kind in ("LO", "LI", "FX"):
            if infinite and (limit[0] > 0 or kind == "FX"):
                self.fail(f"column {name[:60]!r} cannot have the bound {kind} {limit[0]}")
            self.lower.set(column, limit)
        if kind in ("UP", "UI", "FX"):
            if infinite and limit[0] < 0:
                self.fail(f"column {name[:60]!r} cannot have the bound {kind} {limit[0]}")
            self.upper.set(column, limit)
        if kind in ("FR", "MI"):
            self.lower.set(column, _MINUS_INFINITE)
        if kind in ("FR", "PL"):
            self.upper.set(column, _INFINITE)
        if kind == "BV":
            self.lower.set(column, _ZERO)
            self.upper.set(column, (1.0, None))
        if kind in ("LO", "LI", "FX", "FR", "MI", "BV"):
            self.lower_given.add(column)

    # the model

    def formulation(self, name: str) -> Formulation:
        """Return the model read; call it once."""
        if self.objective_name is not None and self.row_of.get(self.objective_name) != _OBJECTIVE:
            self.fail(f"OBJNAME {self.objective_name[:60]!r} is not an N row that follows it")
        self._settle_bounds()
        row_lower, row_upper = self._row_sides()
        row_of = np.array(self.entry_rows, dtype=np.int64)
        column_of = np.array(self.entry_columns, dtype=np.int64)
        self._require_single_entries(row_of, column_of)
        starts, columns, coefficients = sparse_rows(row_of, column_of, self.entry_values.vector(), len(self.rows))
        costs = NumberList()
        for number in self.costs.values():
            costs.append(number)
        cost_columns = np.array(list(self.costs), dtype=np.int64)
        try:
            return Formulation.build(
                name=self.name or name, sense=self.sense, variables=list(self.column_of), lower=self.lower.vector(),
                upper=self.upper.vector(), kinds=self.kinds,
                objective=dense_vector(cost_columns, costs.vector(), len(self.kinds)),
                objective_constant=Fraction(0) if self.constant is None else value_of(self.constant), rows=self.rows,
                row_lower=row_lower.vector(), row_upper=row_upper.vector(), indptr=starts, columns=columns,
                coefficients=coefficients,
            )  # fmt: skip
        except InputError as error:
            raise ParseError(str(error), source=self.source) from error

    def _settle_bounds(self) -> None:
        for column, kind in enumerate(self.kinds):
            if column not in self.bounded:
                if kind == Kind.INTEGER:
                    self.upper.set(column, (1.0, None))
                continue
            if self.upper.floats[column] < 0 and column not in self.lower_given:
                self.lower.set(column, _MINUS_INFINITE)
            inside = 0 <= self.lower.floats[column] <= 1 and 0 <= self.upper.floats[column] <= 1
            if kind == Kind.BINARY and not inside:
                self.kinds[column] = Kind.INTEGER  # a later bound undid the BV

    def _row_sides(self) -> tuple[NumberList, NumberList]:
        lowers, uppers = NumberList(), NumberList()
        for row, kind in enumerate(self.row_types):
            side = self.sides.get(row, _ZERO)
            lower = side if kind != "L" else _MINUS_INFINITE
            upper = side if kind != "G" else _INFINITE
            extent = self.ranges.get(row)
            if extent is not None and math.isfinite(side[0]):
                if math.isinf(extent[0]):
                    below, above = _MINUS_INFINITE, _INFINITE
                else:
                    width = abs(value_of(extent))
                    below, above = exact_number(value_of(side) - width), exact_number(value_of(side) + width)
                if kind == "L" or (kind == "E" and extent[0] < 0):
                    lower = below
                else:
                    upper = above
            lowers.append(lower)
            uppers.append(upper)
        return lowers, uppers

    def _require_single_entries(self, row_of: IntArray, column_of: IntArray) -> None:
        keys = row_of * len(self.kinds) + column_of
        values, counts = np.unique(keys, return_counts=True)
        if len(values) == len(keys):
            return
        row, column = divmod(int(values[np.flatnonzero(counts > 1)[0]]), len(self.kinds))
        names = list(self.column_of)
        raise ParseError(
            f"column {names[column][:60]!r} has two coefficients in row {self.rows[row][:60]!r}; keep one",
            source=self.source,
            line=self._line_of_second(names[column], self.rows[row]),
        )

    def _line_of_second(self, column: str, row: str) -> int | None:
        seen = 0
        for number, line in enumerate(self.lines, 1):
            if column in line and row in line:
                fields = self.fields(line)
                if fields[0] == column:
                    seen += fields[1::2].count(row)
                    if seen > 1:
                        return number
        return None


def _with_e_exponent(text: str) -> str:
    """Return a Fortran number such as 1.0D3 with an E."""
    if "d" in text or "D" in text:
        return text.replace("D", "E").replace("d", "e")
    return text
