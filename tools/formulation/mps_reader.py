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
from collections.abc import Callable, Iterator
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
    {"NAME", "OBJSENSE", "OBJSENSEMAX", "OBJNAME", "ROWS", "LAZYCONS", "COLUMNS", "RHS", "RANGES", "BOUNDS", "ENDATA"}
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
        self.name = ""
        self.sense: Sense = "minimize"
        self.objective_name: str | None = None

        self.row_of: dict[str, int] = {}
        self.rows: list[str] = []
        self.row_types: list[str] = []
        self.column_of: dict[str, int] = {}
        self.kinds: list[int] = []
        self.marked: list[bool] = []

        self.entry_rows: list[int] = []
        self.entry_columns: list[int] = []
        self.entry_values = NumberList()
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

    def _number(self, text: str) -> Number:
        try:
            return read_number(text.upper().replace("D", "E") if "d" in text or "D" in text else text)
        except InputError as error:
            self.fail(str(error))

    def _limit(self, text: str) -> Number:
        try:
            return read_limit(text.upper().replace("D", "E") if "d" in text or "D" in text else text)
        except InputError as error:
            self.fail(str(error))

    # sections

    def _run(self) -> None:
        section = ""
        data: Iterator[tuple[str, list[str]]]
        stream = self._records()
        for section, fields in stream:
            if section == "ENDATA":
                break
            self._header(section, fields)
            data = self._data(stream)
            if section in ("ROWS", "LAZYCONS"):
                self._read_rows(data)
            elif section == "COLUMNS":
                self._read_columns(data)
            elif section == "RHS":
                self._read_vector(data, "RHS", self._side)
            elif section == "RANGES":
                self._read_vector(data, "RANGES", self._range)
            elif section == "BOUNDS":
                self._read_bounds(data)
            elif section in ("OBJSENSE", "OBJNAME"):
                for _, words in data:
                    self._header(section, [section, *words])
            else:
                for _, words in data:
                    if section in _UNSUPPORTED_SECTIONS:
                        self.refuse(f"{_UNSUPPORTED_SECTIONS[section]} (section {section}: {' '.join(words)[:40]})")
                    self.fail(f"expected a section such as ROWS, found {' '.join(words)[:60]!r}")
        if section != "ENDATA":
            self.fail("the file ends without ENDATA; it may be cut off")

    def _records(self) -> Iterator[tuple[str, list[str]]]:
        """Yield (section, fields) for a section's first line and ("", fields) for a data line."""
        fields_of = self.fields
        for number, line in enumerate(self.lines, 1):
            if not line or line[0] == "*" or line.isspace():
                continue
            self.line = number
            if line[0] not in " \t":
                words = line.split()
                section = words[0].upper()
                if section in _SECTIONS and (section in ("NAME", "CSECTION") or len(words) <= 2):
                    if section == "NAME":
                        self.name = line[4:].strip()
                    self._pending = None
                    yield section, words
                    continue
            yield "", fields_of(line)

    def _data(self, stream: Iterator[tuple[str, list[str]]]) -> Iterator[tuple[str, list[str]]]:
        raise NotImplementedError

    def _header(self, section: str, fields: list[str]) -> None:
        raise NotImplementedError

    def _read_rows(self, data: Iterator[tuple[str, list[str]]]) -> None:
        raise NotImplementedError
