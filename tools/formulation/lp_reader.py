"""Reads LP files (the CPLEX format and the dialects of Gurobi, SCIP and HiGHS) exactly.

What the dialects leave open is settled as follows.

- Names end at blanks and at ``+ - * ^ < > = :``, brackets may hold anything but blanks: ``x[0,1]``, ``x(a-b)``.
- A row may have constants and variables on both sides; everything moves to the left, repeated variables are summed.
  ``-2 <= x - y <= 2`` is one two-sided row, and ``R: >= 1`` after a row R gives R its other side.
- A row ends with its line once its right side is there. A signed line after a right side with variables continues it
  when no other relation follows before the next label; where both readings are possible the file is refused.
- Rows without a label are called R0, R1, … by position, as Gurobi does; a second row called R becomes ``R#2``, since
  modelling layers do write the same label twice.
- Lower bounds are 0 until set, also under a negative upper bound (as in CPLEX, HiGHS 1.12 and SCIP 10): ``x <= -3``
  alone is an infeasible model. The last of several bounds counts. 1e20 and more is infinite.
- A variable under ``Binaries`` takes 0 and 1 only, whatever its bounds say (as in SCIP; HiGHS keeps wider bounds).
- Lazy constraints are rows. User cuts are refused: nothing tells whether they are implied, and both keeping and
  dropping one that is not would change the model. So is all that is not linear or mixed-integer.
- Section words are reserved where a name cannot be told from them; `End` is optional.
"""

from __future__ import annotations

import itertools
import math
import re
from fractions import Fraction
from typing import Literal, NoReturn

import numpy as np

from tools.errors import InputError, ParseError, UnsupportedError
from tools.formulation.literals import (
    UNSIGNED_NUMBER,
    Number,
    NumberList,
    as_limit,
    exact_number,
    negated,
    read_limit,
    read_number,
    value_of,
)
from tools.formulation.lp_names import HEADER, INFINITY_WORDS, NAME, UNUSUAL_SIGNS, header_section, may_open_section
from tools.formulation.model import Formulation, Kind, Sense
from tools.formulation.numbers import IntArray
from tools.formulation.triplets import dense_vector, sparse_rows

_COEFFICIENT = rf"(?>(?:[+-]\s*)+(?:{UNSIGNED_NUMBER})?|{UNSIGNED_NUMBER})"
_TOKEN = re.compile(
    rf"(<->|->|<-|[<>]=?|=[<>=]?)"  # 1 relation
    rf"|(?>(?:({_COEFFICIENT})\s*(?:\*\s*)?)?)({NAME})"  # 2 coefficient, 3 name
    rf"|({_COEFFICIENT})"  # 4 constant
    r"|(\S)"  # 5 anything else
)
_LABEL = re.compile(rf"\s*({NAME}|[^\s:\[(]*(?:[\[(][^\s\])]*[\])][^\s:\[(]*)*)\s*:")
_INNER_LABEL = re.compile(rf"\s({NAME})\s*:")
_STARTS_WITH_RELATION = re.compile(r"\s*[<>=]")
_STARTS_WITH_SIGN = re.compile(r"\s*[+-]")
_LIMIT = rf"[+-]?\s*(?:{UNSIGNED_NUMBER}|inf(?:inity)?)"
_BOUND = re.compile(
    rf"\s*(?:({_LIMIT})\s*(<=?|=<|>=?|=>|=)\s*)?({NAME})\s*(?:(<=?|=<|>=?|=>|=)\s*({_LIMIT})|(free))?\s*", re.IGNORECASE
)
_NOT_A_HEADER_BEFORE = re.compile(r"\s*[+<>=*^]")
_DIRECTIONS = {"<": -1, "<=": -1, "=<": -1, ">": 1, ">=": 1, "=>": 1, "=": 0, "==": 0}
_ZERO: Number = (0.0, None)

_UNSUPPORTED_SECTIONS = {
    "user cuts": "user cuts",
    "general constraints": "general constraints",
    "semi-continuous": "semi-continuous variables",
    "semi-integer": "semi-integer variables",
    "sos": "special ordered sets (SOS)",
    "pwlobj": "piecewise-linear objectives",
    "scenario": "scenarios",
}

_MOST_SECTIONS_ON_A_LINE = 1000

_Mode = Literal["objective", "rows", "bounds", "integer", "binary", "refused", "end"]


def parse_lp(text: str, *, source: str = "<text>", name: str = "") -> Formulation:
    """Return the model that the LP file `text` describes.

    Raises `ParseError` with the line of what is malformed, `UnsupportedError` on what is not linear or mixed-integer.
    """
    parser = _Parser(text, source)
    try:
        parser.run()
    except RecursionError as error:  # pragma: no cover - a guard, no input known to reach it
        raise ParseError("the file is nested too deeply", source=source) from error
    return parser.formulation(name)


def _statements(line: str) -> list[str]:
    """Return the pieces of `line` that start with a label each, the first one aside."""
    if line.count(":") == 1 and _LABEL.match(line):
        return [line]
    cuts = [0]
    for match in _INNER_LABEL.finditer(line):
        before = line[max(0, match.start() - 20) : match.start()].lower().rstrip()
        if match[1].lower() in ("to", "that") and before.endswith(("subject", "such")):
            continue  # "Subject To:"
        cuts.append(match.start(1))
    return [line[start:stop] for start, stop in itertools.pairwise([*cuts, len(line)])]


class _Parser:
    def __init__(self, text: str, source: str) -> None:
        self.source = source
        if not text.isascii():
            text = text.translate(UNUSUAL_SIGNS)
        self.lines = text.split("\n")
        self.line = 0
        self.continued_until = 0  # signed lines up to this one go on with the row above
        self.mode: _Mode | None = None
        self.refused = ""
        self.sense: Sense = "minimize"

        self.index: dict[str, int] = {}
        self.lower = NumberList()
        self.upper = NumberList()
        self.kinds: list[int] = []

        self.columns: list[int] = []
        self.values = NumberList()
        self.objective_end = 0
        self.constant = Fraction(0)
        self.starts: list[int] = []
        self.row_names: list[str | None] = []
        self.row_index: dict[str, int] = {}
        self.row_lower = NumberList()
        self.row_upper = NumberList()

        self.cache: dict[str, float] = {"": 1.0}
        self.exact: dict[str, Fraction] = {}
        self._reset_statement()

    def _reset_statement(self) -> None:
        self.label: str | None = None
        self.relations: list[str] = []
        self.segment_starts = [len(self.columns)]
        self.constants: list[list[Number]] = [[]]
        self.fresh = True  # nothing stands in the current segment yet
        self.carry = ""  # a trailing sign or number that may belong to a name on the next line
        self.statement_line = 0

    def fail(self, message: str, line: int | None = None) -> NoReturn:
        raise ParseError(message, source=self.source, line=line or self.line)

    def refuse(self, what: str) -> NoReturn:
        place = f"in row {self.label!r}" if self.label and self.mode == "rows" else ""
        if not place:
            place = "in the objective" if self.mode == "objective" else "in a row" if self.mode == "rows" else ""
        raise UnsupportedError(
            f"{self.source}, line {self.line}: not supported: {what}{', ' if place else ''}{place}; "
            "only linear and mixed-integer models are read"
        )

    def run(self) -> None:
        for number, raw in enumerate(self.lines, 1):
            self.line = number
            line = raw.partition("\\")[0] if "\\" in raw else raw
            for piece in _statements(line) if ":" in line else (line,):
                rounds = 0
                while piece and not piece.isspace():
                    piece = self._line(piece)
                    rounds += 1
                    if rounds > _MOST_SECTIONS_ON_A_LINE:
                        self.fail("too many section headers on one line; give each section a line of its own")
        self.line = len(self.lines)
        if self.mode is None:
            self.fail("the file is empty; an LP file starts with 'Minimize' or 'Maximize'", 1)
        self._close()

    def _line(self, line: str) -> str:
        """Process one line; return the rest of it that is to be processed as if it stood on a line of its own."""
        match = HEADER.match(line)
        if match is not None and self._is_header(line):
            self._open(header_section(match), match[0].strip())
            return self._after_header(line[match.end() :])
        if self.mode in ("objective", "rows"):
            return self._expression_line(line)
        if self.mode == "bounds":
            return self._bound_line(line)
        if self.mode == "integer" or self.mode == "binary":
            return self._kind_line(line)
        if self.mode == "refused":
            self.refuse(f"{self.refused}: {line.strip()[:40]!r}")
        elif self.mode == "end":
            self.fail(f"text after 'End': {line.strip()[:40]!r}; delete it or the 'End'")
        else:
            self.fail(
                f"expected 'Minimize' or 'Maximize', found {line.strip()[:40]!r}"
                + ("; this looks like lp_solve's own format, convert it to CPLEX LP" if ";" in line else "")
            )
        return ""

    def _is_header(self, line: str) -> bool:
        """Say whether `line` opens a section here, where it may also go on with a variable of that name."""
        match = HEADER.match(line)
        if match is None:
            return False
        section = header_section(match)
        if section in ("minimize", "maximize"):
            return self.mode is None
        if section == "rows":
            return self.mode == "objective"
        if self.mode is None or (section == "end" and line[match.end() :].strip()):
            return False
        rest = line[match.end() :]
        # "bin + x >= 1" goes on with a variable called bin
        return not (_NOT_A_HEADER_BEFORE.match(rest) or (section != "bounds" and _STARTS_WITH_SIGN.match(rest)))

    def _after_header(self, rest: str) -> str:
        if self.mode == "objective" and re.match(r"\s*multi-?objectives?\b", rest, re.IGNORECASE):
            self.refuse("several objectives")
        return rest

    def _open(self, section: str, word: str) -> None:
        if self.mode is not None:
            self._close()
        self._reset_statement()
        if section in ("minimize", "maximize"):
            self.sense = "maximize" if section == "maximize" else "minimize"
            self.mode = "objective"
        elif section in ("rows", "lazy"):
            self.mode = "rows"
        elif section == "bounds":
            self.mode = "bounds"
        elif section == "integer":
            self.mode = "integer"
        elif section == "binary":
            self.mode = "binary"
        elif section == "end":
            self.mode = "end"
        else:
            self.mode = "refused"
            self.refused = _UNSUPPORTED_SECTIONS[section]

    def _close(self) -> None:
        if self.mode == "objective":
            self._finish_objective()
        elif self.mode == "rows":
            self._finish_row()

    # expressions

    def _expression_line(self, line: str) -> str:
        match = _LABEL.match(line) if ":" in line else None
        if match:
            if match[1] == "":
                self.fail("a ':' without a name before it")
            line = line[match.end() :]
            self._start_labelled(match[1])
        elif self.carry:
            line, self.carry = f"{self.carry} {line}", ""
        elif self.relations and not self.fresh and self._starts_new_row(line):
            self._finish_row()
        if self.statement_line == 0 and line.strip():
            self.statement_line = self.line
        return self._tokens(line)

    def _start_labelled(self, label: str) -> None:
        if self.mode == "objective":
            if self.label is not None or not self.fresh:
                self.fail(f"a second objective {label!r}, or 'Subject To' is missing before row {label!r}")
        else:
            self._finish_row()
        self.label = label
        self.statement_line = self.line

    def _starts_new_row(self, line: str) -> bool:
        if _STARTS_WITH_RELATION.match(line):
            return False
        right_has_variables = len(self.columns) > self.segment_starts[-1]
        if not right_has_variables or not _STARTS_WITH_SIGN.match(line):
            return True
        if self.line <= self.continued_until:
            return False
        for number in range(self.line - 1, len(self.lines)):
            following = self.lines[number].partition("\\")[0]
            if number > self.line - 1 and (HEADER.match(following) or ":" in following):
                break
            if re.search("[<>=]", following):
                self.fail(
                    "this line may continue the row above or start a new one; "
                    "put each row on one line or give the rows names"
                )
            self.continued_until = number + 1
        return False

    def _tokens(self, line: str) -> str:
        """Add the terms, constants and relations of `line`; return its rest when a section header stands inside it."""
        index, cache, exact = self.index, self.cache, self.exact
        columns, floats = self.columns, self.values.floats
        fresh = self.fresh
        last = trailing = ""  # the constant that ends the line so far, and whether it is a sign only
        for relation, coefficient, name, constant, other in _TOKEN.findall(line):
            if name:
                position = index.get(name)
                if position is None:
                    self.fresh = fresh
                    if name.lower() in INFINITY_WORDS:
                        self._infinite_constant(coefficient, name)
                        fresh, last, trailing = False, "", ""
                        continue
                    rest = self._header_inside(line, coefficient, name)
                    if rest is not None:
                        return rest
                    position = self._new_variable(name)
                if not fresh and (not coefficient or coefficient[0] not in "+-"):
                    self.fail(f"expected + or - before {(coefficient + ' ' + name).strip()[:60]!r}")
                value = cache.get(coefficient)
                if value is None:
                    value = self._coefficient(coefficient)
                if exact and coefficient in exact:
                    self.values.exact[len(floats)] = exact[coefficient]
                columns.append(position)
                floats.append(value)
                fresh, last, trailing = False, "", ""
            elif relation:
                if trailing:
                    self.fail(f"expected a variable after {trailing[:40]!r}")
                self.fresh = fresh
                self._relation(relation)
                fresh, last = True, ""
            elif constant:
                if not fresh and constant[0] not in "+-":
                    self.fail(f"expected + or - before {constant[:40]!r}")
                if trailing:
                    self.fail(f"expected a variable after {trailing[:40]!r}")
                value = cache.get(constant)
                if value is None:
                    value = self._coefficient(constant)
                self.constants[-1].append((value, exact.get(constant)))
                fresh, last = False, constant
                trailing = constant if constant.rstrip()[-1] in "+-" else ""
            else:
                self._stray(other)
        self.fresh = fresh
        self._carry_over(last)
        return ""

    def _carry_over(self, last: str) -> None:
        """Keep a last bare sign, or a last number before any relation, for the name that may open the next line."""
        if last and (last.rstrip()[-1] in "+-" or not self.relations):
            self.constants[-1].pop()
            self.carry = last
            self.fresh = len(self.columns) == self.segment_starts[-1] and not self.constants[-1]

    def _flush_carry(self) -> None:
        if not self.carry:
            return
        if self.carry.rstrip()[-1] in "+-":
            self.fail(f"expected a variable or a number after {self.carry.strip()!r}")
        value = self._coefficient(self.carry)
        self.constants[-1].append((value, self.exact.get(self.carry)))
        self.carry = ""
        self.fresh = False

    def _coefficient(self, text: str) -> float:
        """Return the double of a coefficient such as "+ - 2.5e3", remembered with its exact value where they differ."""
        digits = text.lstrip("+- \t\r\f\v").rstrip()
        value = float(digits) if digits else 1.0
        exact = None
        # the token is a number already, so only long literals and extreme magnitudes need a closer look
        if not (1e-300 < value < 1e300 and (len(digits) <= 15 or repr(value) == digits)):
            try:
                value, exact = read_number(digits)
            except InputError as error:
                self.fail(str(error))
        if text.count("-", 0, len(text) - len(digits)) % 2:
            value, exact = -value, None if exact is None else -exact
        self.cache[text] = value
        if exact is not None:
            self.exact[text] = exact
        return value

    def _infinite_constant(self, coefficient: str, name: str) -> None:
        compact = re.sub(r"\s+", "", coefficient)
        if compact.strip("+-") or self.mode != "rows":
            self.fail(f"expected a finite number, found {(coefficient + name)[:40]!r}")
        sign = -1.0 if compact.count("-") % 2 else 1.0
        self.constants[-1].append((sign * math.inf, None))

    def _new_variable(self, name: str) -> int:
        if name.count("(") != name.count(")"):
            self.fail(
                f"the parentheses of {name[:60]!r} are not balanced; LP expressions have none, and names no blanks"
            )
        if name.lower() == "nan":
            self.fail("expected a number, found 'nan'")
        position = len(self.index)
        self.index[name] = position
        self.lower.append(_ZERO)
        self.upper.append((math.inf, None))
        self.kinds.append(Kind.CONTINUOUS)
        return position

    def _header_inside(self, line: str, coefficient: str, name: str) -> str | None:
        """Return the rest of `line` from the section header that `name` opens, where no name can stand; else None."""
        if not may_open_section(name):
            return None
        for match in _TOKEN.finditer(line):  # the name is new, so its first place in the line is this one
            if match[3] == name:
                rest = line[match.start(3) :]
                break
        header = HEADER.match(rest)
        if header is None or not self._is_header(rest):
            return None
        if not coefficient and not self.fresh:
            return rest
        follows = bool(rest[header.end() :].strip()) or header_section(header) == "end"
        if self.relations and self.fresh and coefficient.strip(" +-") and follows:
            self.constants[-1].append((self._coefficient(coefficient), self.exact.get(coefficient)))
            self.fresh = False
            return rest
        return None

    def _relation(self, relation: str) -> None:
        if relation in ("->", "<->", "<-"):
            self.refuse("an indicator constraint (->)")
        if self.mode == "objective":
            self.fail(f"found {relation!r} in the objective; 'Subject To' is missing")
        if self.fresh and self.relations:
            self.fail(f"expected an expression before {relation!r}")
        if len(self.relations) == 2:
            self.fail(f"a row has at most two relations, found a third {relation!r}; put each row on its own line")
        self.relations.append(relation)
        self.segment_starts.append(len(self.columns))
        self.constants.append([])

    def _stray(self, character: str) -> NoReturn:
        if character == "[":
            self.refuse("a quadratic part [ … ]")
        if character in "*^":
            self.refuse(f"a product or power of variables ({character})")
        self.fail(f"unexpected {character!r}")

    def _total(self, segment: int) -> Number:
        constants = self.constants[segment]
        if not constants:
            return _ZERO
        if len(constants) == 1:
            return constants[0]
        if any(math.isinf(value) for value, _ in constants):
            self.fail("an infinite constant stands beside another constant", self.statement_line)
        return exact_number(sum((value_of(number) for number in constants), Fraction(0)))

    def _finish_objective(self) -> None:
        self._flush_carry()
        self.constant = value_of(self._total(0))
        self.objective_end = len(self.columns)
        self._reset_statement()

    def _finish_row(self) -> None:
        self._flush_carry()
        if self.label is None and self.fresh and not self.relations and not self.constants[0]:
            self._reset_statement()
            return
        line = self.statement_line
        if not self.relations or self.fresh:
            name = f"row {self.label[:60]!r}" if self.label else "a row"
            what = "has no relation (<=, >= or =)" if not self.relations else "ends after its relation"
            self.fail(f"{name} {what}", line)
        if len(self.relations) == 2:
            lower, upper = self._two_sided(line)
        elif self.label in self.row_index and len(self.columns) == self.segment_starts[0] and not self.constants[0]:
            self._second_side(self.row_index[self.label], line)
            self._reset_statement()
            return
        else:
            lower, upper = self._one_sided(line)
        self._add_row(lower, upper)
        self._reset_statement()

    def _one_sided(self, line: int) -> tuple[Number, Number]:
        start, middle = self.segment_starts
        stop = len(self.columns)
        left, right = self._total(0), self._total(1)
        direction = _DIRECTIONS[self.relations[0]]
        if middle == start and stop > middle:  # 3 <= x + y
            left, right, direction = right, left, -direction
        elif stop > middle:
            self._negate_terms(middle, stop)
        if self.constants[0] and self.constants[1]:
            if math.isinf(left[0]) or math.isinf(right[0]):
                if math.isinf(left[0]):
                    self.fail("an infinite constant stands beside variables", line)
                side = right
            else:
                side = exact_number(value_of(right) - value_of(left))
        elif left != _ZERO:
            side = negated(left)
        else:
            side = right
        return self._sides(side, direction, line)

    def _negate_terms(self, start: int, stop: int) -> None:
        floats, exact = self.values.floats, self.values.exact
        for k in range(start, stop):
            floats[k] = -floats[k]
            if k in exact:
                exact[k] = -exact[k]

    def _sides(self, side: Number, direction: int, line: int) -> tuple[Number, Number]:
        side = as_limit(side)
        infinite = math.isinf(side[0])
        if infinite and (direction == 0 or (side[0] > 0) == (direction > 0)):
            self.fail(f"a row cannot be {'=' if direction == 0 else '>=' if direction > 0 else '<='} {side[0]}", line)
        lower = side if direction >= 0 else (-math.inf, None)
        upper = side if direction <= 0 else (math.inf, None)
        return lower, upper

    def _two_sided(self, line: int) -> tuple[Number, Number]:
        first, second, third = self.segment_starts
        directions = [_DIRECTIONS[relation] for relation in self.relations]
        if directions[0] != directions[1] or directions[0] == 0:
            self.fail("the two relations of a two-sided row must point the same way", line)
        if second > first or len(self.columns) > third:
            self.fail("the outer sides of a two-sided row must be numbers; put each row on its own line", line)
        middle = value_of(self._total(1)) if self.constants[1] else Fraction(0)
        sides = []
        for segment, direction in ((0, -directions[0]), (2, directions[1])):
            side = self._total(segment)
            if middle and math.isfinite(side[0]):
                side = exact_number(value_of(side) - middle)
            sides.append(self._sides(side, direction, line))
        lower = sides[0][0] if directions[0] < 0 else sides[1][0]
        upper = sides[1][1] if directions[0] < 0 else sides[0][1]
        return lower, upper

    def _second_side(self, row: int, line: int) -> None:
        if len(self.columns) > self.segment_starts[1]:
            self.fail(f"row {str(self.label)[:60]!r} is there already and this one has no left side", line)
        lower, upper = self._sides(self._total(1), _DIRECTIONS[self.relations[0]], line)
        if math.isfinite(lower[0]):
            self.row_lower.set(row, lower)
        if math.isfinite(upper[0]):
            self.row_upper.set(row, upper)

    def _add_row(self, lower: Number, upper: Number) -> None:
        label = self.label
        if label is not None:
            repetition = 2
            while label in self.row_index:
                label, repetition = f"{self.label}#{repetition}", repetition + 1
            self.row_index[label] = len(self.row_names)
        self.row_names.append(label)
        self.starts.append(self.segment_starts[0])
        self.row_lower.append(lower)
        self.row_upper.append(upper)

    # bounds and kinds

    def _bound_line(self, line: str) -> str:
        """Take the bound of `line`; return what follows it when that opens a section."""
        match = _BOUND.match(line)
        rest = line[match.end() :] if match else ""
        if (
            match is None
            or (rest and not self._is_header(rest))
            or (match[2] is None and match[4] is None and match[6] is None)
        ):
            self.fail(f"expected a bound such as '0 <= x <= 4' or 'x free', found {line.strip()[:60]!r}")
        left, left_relation, name, right_relation, right, free = match.groups()
        if name.lower() in INFINITY_WORDS or name.lower() == "nan":
            self.fail(f"expected a variable, found {name!r}")
        position = self.index.get(name)
        if position is None:
            position = self._new_variable(name)
        if free:
            if left is not None:
                self.fail(f"a bound beside 'free': {line.strip()[:60]!r}")
            self.lower.set(position, (-math.inf, None))
            self.upper.set(position, (math.inf, None))
            return rest
        if left is not None:
            self._bound(position, name, -_DIRECTIONS[left_relation], left)
        if right is not None:
            self._bound(position, name, _DIRECTIONS[right_relation], right)
        return rest

    def _bound(self, position: int, name: str, direction: int, text: str) -> None:
        try:
            limit = read_limit(re.sub(r"\s+", "", text))
        except InputError as error:
            self.fail(str(error))
        if math.isinf(limit[0]) and (direction == 0 or (limit[0] > 0) == (direction > 0)):
            self.fail(f"variable {name[:60]!r} cannot be {'=' if direction == 0 else '>=' if direction > 0 else '<='} "
                      f"{limit[0]}")  # fmt: skip
        if direction >= 0:
            self.lower.set(position, limit)
        if direction <= 0:
            self.upper.set(position, limit)

    def _kind_line(self, line: str) -> str:
        """Declare the variables of `line`; return its rest when that opens a section."""
        kind = Kind.BINARY if self.mode == "binary" else Kind.INTEGER
        for word in re.finditer(r"\S+", line):
            name = word[0]
            position = self.index.get(name)
            if position is None:
                rest = line[word.start() :]
                if self._is_header(rest):
                    return rest
                self.fail(f"variable {name[:60]!r} is declared {kind.name.lower()} but appears nowhere before")
            self.kinds[position] = max(kind, self.kinds[position])
        return ""

    def formulation(self, name: str) -> Formulation:
        """Return the model read; call it once, after `run`."""
        for position, kind in enumerate(self.kinds):
            if kind == Kind.BINARY:
                self._confine_binary(position)
        columns = np.array(self.columns, dtype=np.int64)
        values = self.values.vector()
        head = np.arange(self.objective_end)
        tail = np.arange(self.objective_end, len(columns))
        boundaries: IntArray = np.array([*self.starts, len(columns)], dtype=np.int64)
        lengths = boundaries[1:] - boundaries[:-1]
        row_of = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
        try:
            starts, row_columns, coefficients = sparse_rows(
                row_of, columns[tail], values.take(tail), len(self.row_names)
            )
            return Formulation.build(
                name=name, sense=self.sense, variables=list(self.index), lower=self.lower.vector(),
                upper=self.upper.vector(), kinds=self.kinds,
                objective=dense_vector(columns[head], values.take(head), len(self.index)),
                objective_constant=self.constant, rows=self._all_row_names(), row_lower=self.row_lower.vector(),
                row_upper=self.row_upper.vector(), indptr=starts, columns=row_columns, coefficients=coefficients,
            )  # fmt: skip
        except ParseError:
            raise
        except InputError as error:
            raise ParseError(str(error), source=self.source) from error

    def _confine_binary(self, position: int) -> None:
        if self.lower.floats[position] < 0:
            self.lower.set(position, _ZERO)
        if self.upper.floats[position] > 1:
            self.upper.set(position, (1.0, None))
        if self.lower.floats[position] > 1 or self.upper.floats[position] < 0:
            self.kinds[position] = Kind.INTEGER  # no value is left, and a binary's bounds lie in [0, 1]

    def _all_row_names(self) -> list[str]:
        names = []
        for position, label in enumerate(self.row_names):
            if label is None:
                label = f"R{position}"
                while label in self.row_index:
                    label += "_"
                self.row_index[label] = position
            names.append(label)
        return names
