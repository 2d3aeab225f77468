"""Reads models in JSON, LP and MPS exactly, by the conventions of docs/models.md; what is unusual is refused."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import json
import math
import re
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any


class Unusable(Exception):  # noqa: N818 - what the file is, not what went wrong here
    """The input cannot be used; the message says why in one line."""


Number = int | Fraction  # an int wherever the value is integral
Limit = Number | float  # a float is math.inf or -math.inf
_UNSIGNED = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+|(?![eE][+-]?[0-9]))"
_NUMBER = re.compile(rf"[+-]?(?:{_UNSIGNED}|[0-9]+/0*[1-9][0-9]*)")
_MOST_BYTES = 512 << 20


@dataclass
class Model:
    """Minimise cost · x + constant; each row has terms and two sides; None is an infinite limit."""

    names: list[str]
    lower: list[Number | None]
    upper: list[Number | None]
    integer: list[bool]
    rows: list[tuple[dict[int, Number], Number | None, Number | None]]
    cost: dict[int, Number]
    constant: Number


@lru_cache(1 << 14)
def number(text: str) -> Number:
    """Return the exact value of "3", "-2.5e3" or "1/3"."""
    if len(text) > 4000 or not _NUMBER.fullmatch(text):
        raise Unusable(f"expected a number, found {text[:40]!r}")
    mantissa, _, exponent = text.lower().partition("e")
    if len(exponent) > 10 or abs(int(exponent or 0)) > 400:
        raise Unusable(f"the exponent of {text[:40]!r} is beyond 400")
    whole, _, decimals = mantissa.partition(".")
    power = int(exponent or 0) - len(decimals)
    value = Fraction(text) if "/" in text else int(whole + decimals) * Fraction(10) ** power
    return value.numerator if value.denominator == 1 else value


def _in_range(value: Number) -> Number:
    """Return a number of a model, an int where it is integral; refuse what is huge, tiny or very long."""
    if (size := max(value, -value)) > 10**300 or 0 < size * 10**300 < 1 or value.denominator.bit_length() > 5000:
        raise Unusable("a number is beyond 1e-300 … 1e300 in size or has too many digits")
    return value.numerator if value.denominator == 1 else value


@lru_cache(1 << 14)
def _decimal(text: str) -> Number:
    """Return the number in an LP or MPS file, where 1D3 is 1E3 and 1/3 is nothing."""
    return _in_range(number(text.replace("D", "E").replace("d", "e").replace("/", " over ")))


def _limit(text: str) -> Limit:
    """Return the bound or side in an LP or MPS file."""
    word = re.fullmatch("([+-]?)inf(inity)?", text, re.IGNORECASE)
    return float(f"{word[1]}inf") if word else _without_giants(_decimal(text))


def _without_giants(limit: Limit) -> Limit:
    """Return the limit, infinite where its nearest double is 1e20 or more in size."""
    return limit if abs(float(limit)) < 1e20 else math.copysign(math.inf, limit)


class _Draft:
    """A model while it is read."""

    def __init__(self) -> None:
        self.index: dict[str, int] = {}
        self.lower: list[Limit] = []
        self.upper: list[Limit] = []
        self.integers: set[int] = set()
        self.rows: list[tuple[dict[int, Number], Limit, Limit]] = []
        self.cost: dict[int, Number] = {}
        self.constant: Any = 0
        self.maximised = False
        self.section = ""

    def read_lines(self, text: str, read_line: Callable[[str], None]) -> None:
        """Give the lines to `read_line` up to ENDATA; say in which one it fails."""
        for count, line in enumerate(text.split("\n"), 1):
            try:
                if re.search(r"[^\S \t]", line):
                    raise Unusable("a blank that is neither a space nor a tab")
                read_line(line)
            except (KeyError, Unusable) as error:
                what = f"{str(error.args[0])[:40]!r} was not declared before" if type(error) is KeyError else error
                raise Unusable(f"line {count}: {what}") from None
            if self.section == "ENDATA":
                break

    def add_variable(self, name: str, lower: Limit = 0, upper: Limit = math.inf) -> int:
        """Return the position of a new variable."""
        self.index[name] = len(self.lower)
        self.lower.append(lower)
        self.upper.append(upper)
        return self.index[name]

    def model(self) -> Model:
        """Return what was read."""

        def finite(limit: Limit, infinity: float) -> Number | None:
            if isinstance(limit, float) and limit != infinity:
                raise Unusable("a lower limit is infinity, or an upper one minus infinity")
            return None if isinstance(limit, float) else _in_range(limit)

        def terms(row: dict[int, Number], sign: int = 1) -> dict[int, Number]:
            return {j: sign * _in_range(value) for j, value in row.items() if value}

        sign = -1 if self.maximised else 1
        lower, upper = [finite(x, -math.inf) for x in self.lower], [finite(x, math.inf) for x in self.upper]
        integer = [j in self.integers for j in range(len(lower))]
        rows = [(terms(row), finite(low, -math.inf), finite(high, math.inf)) for row, low, high in self.rows]
        cost, constant = terms(self.cost, sign), sign * _in_range(self.constant)
        return Model(list(self.index), lower, upper, integer, rows, cost, constant)


_START = r"[^\s0-9+\-*/^<>=:.\[\]()\\]"
_NAME = rf"{_START}(?:[^\s+\-*^<>=:\[\]()\\]|\[[^\[\]\s\\]*\]|\([^()\s\\]*\))*"
_HEADER = re.compile(
    r"(?:(?P<minimise>minimi[sz]e|minimum|min)|(?P<maximise>maximi[sz]e|maximum|max)"
    r"|(?P<rows>subject\s+to:?|such\s+that:?|s\.\s?t\.|st\.|st)|(?P<lazy>lazy\s+constraints?)|(?P<bounds>bounds?)"
    r"|(?P<integer>generals?|gen|integers?|int)|(?P<binary>binary|binaries|bin)|(?P<end>end))(?=\s|$)(?!\s*:)",
    re.IGNORECASE,
)
_RESERVED = re.compile(
    r"minimi[sz]e|minimum|min|maximi[sz]e|maximum|max|subject|such|s\.t\.|st\.?|lazy|bounds?|generals?|gen|integers?"
    r"|int|binary|binaries|bin|end|free|inf|infinity|nan|user|usercuts?|gencons?|semi|semis|sec|sin|sos[12]?"
    r"|semi(continuous|integers?)|pwlobj|scenarios?|multi|multiobjectives?",
    re.IGNORECASE,
)
_LABEL = re.compile(rf"({_NAME}|[^\s:\[\]()]+)\s*:")
_TOKEN = re.compile(  # a relation, or signs with coefficient and name, or signs with a constant, or anything else
    rf"\s*(?:(<->|->|<-|[<>]=?|=[<>=]?)|((?:[+-]\s*)*)(?:({_UNSIGNED})(?:[ \t]*\*(?=[ \t]*{_START}))?\s*)?({_NAME})"
    rf"|((?:[+-]\s*)*)({_UNSIGNED})|(\S))"
)
_LIMIT = rf"([+-]?\s*(?:{_UNSIGNED}|inf(?:inity)?))"
_BOUND = re.compile(
    rf"(?:{_LIMIT}\s*(<=?|=<|>=?|=>|=)\s*)?({_NAME})(?:\s*(<=?|=<|>=?|=>|=)\s*{_LIMIT}|(\s+free))?", re.IGNORECASE
)
_DIRECTION = {"<": -1, "<=": -1, "=<": -1, ">": 1, ">=": 1, "=>": 1, "=": 0, "==": 0}


@dataclass
class _Side:
    """What stands on one side of a relation."""

    terms: dict[int, Number] = field(default_factory=dict)
    constant: Limit = 0  # infinite where infinity stands alone
    filled: bool = False

    def finite(self) -> Number:
        if isinstance(self.constant, float):
            raise Unusable("infinity stands where a number should")
        return self.constant


class _Lp(_Draft):
    """An LP file; the line with the relation of a row is its last."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.binaries: set[int] = set()
        self.begin(None)
        self.read_lines(text, self.read_line)
        if not self.section:
            raise Unusable("the file is empty")
        self.end_statement()
        for j in self.binaries:
            self.lower[j] = max(self.lower[j], 0)
            self.upper[j] = self.upper[j] if float(self.upper[j]) <= 1 else 1

    def begin(self, label: str | None) -> None:
        """Start a row or the objective, whose lines are collected."""
        self.label = label
        self.lines: list[str] = []
        self.right: str | None = None  # what stands right of the last relation; its line ends the row

    def read_line(self, line: str) -> None:
        """Read a header, or a line of the section that is open."""
        line = line.partition("\\")[0].replace("≤", "<=").replace("≥", ">=").replace("−", "-").strip()
        header = _HEADER.match(line)
        if header:
            section, rest = str(header.lastgroup), line[header.end() :].strip()
            after = {"minimise": "", "maximise": "", "rows": "objective"}
            if self.section != after[section] if section in after else self.section in ("", "end") or rest:
                raise Unusable(f"the section {section} cannot begin here, or shares a line")
            self.end_statement()
            self.maximised = self.maximised or section == "maximise"
            self.section = {"minimise": "objective", "maximise": "objective", "lazy": "rows"}.get(section, section)
            self.read_line(rest)
        elif line and self.section in ("objective", "rows"):
            self.read_expression(line)
        elif line and self.section == "bounds":
            self.read_bound(line)
        elif line and self.section in ("integer", "binary"):
            members = {self.index[name] for name in line.split()}
            self.integers |= members
            self.binaries |= members if self.section == "binary" else set()
        elif line:
            raise Unusable(f"{line[:40]!r} stands {'after End' if self.section else 'before Minimize or Maximize'}")

    def read_expression(self, line: str) -> None:
        """Collect a line of a row or the objective, after the row before where this is the first line of one."""
        label = _LABEL.match(line)
        if label:
            if self.section == "objective" and (self.label is not None or self.lines):
                raise Unusable(f"a second objective {label[1][:40]!r}, or Subject To is missing")
            self.end_statement()
            self.begin(label[1])
            line = line[label.end() :].strip()
        elif self.right is not None:
            if line[0] in "+-" and not re.fullmatch(rf"[+-]?\s*{_UNSIGNED}", self.right):
                raise Unusable("this line may continue the row above or start one; put each row on one line")
            self.end_statement()
        pieces = re.split("[<>=]+", re.sub(r"\[[^\[\]\s]*\]|\([^()\s]*\)", "", line))  # no relations in names
        self.right = pieces[-1].strip() if len(pieces) > 1 else None
        self.lines += [line] if line else []

    def end_statement(self) -> None:
        """Add the objective or row that was collected; variables move to the left, constants to the right."""
        sides: list[_Side] = [_Side()]
        directions: list[int] = []
        for token in _TOKEN.finditer("\n".join(self.lines)):
            relation, signs, factor, name, more_signs, constant, rest = token.groups("")
            side, signs = sides[-1], signs or more_signs
            if rest or (relation and (relation not in _DIRECTION or not side.filled)):
                raise Unusable(f"unexpected {rest or relation!r} in a row or objective; only linear ones are read")
            if relation:
                directions.append(_DIRECTION[relation])
                sides.append(_Side())
                continue
            if side.filled and not signs:
                raise Unusable(f"expected + or - before {(factor + name + constant)[:40]!r}")
            sign = (-1) ** signs.count("-")
            if name.lower() in ("inf", "infinity") and not factor and not side.filled:
                side.constant = sign * math.inf
            elif name:
                j = self.position(name)
                side.terms[j] = side.terms.get(j, 0) + sign * _decimal(factor or "1")
            else:
                side.constant = side.finite() + sign * _decimal(constant)
            side.filled = True
        if self.section == "objective" and not directions:
            self.cost, self.constant = sides[0].terms, sides[0].finite()
        elif self.lines or self.label is not None:
            self.add_row(sides, directions)
        self.begin(None)

    def add_row(self, sides: list[_Side], directions: list[int]) -> None:
        """Add the row 1 <= x <= 2, or one with a single relation and variables on any side."""
        if self.section == "objective" or not sides[-1].filled:
            raise Unusable("Subject To is missing, or a row ends after its relation")
        if len(directions) == 2 and abs(sum(directions)) == 2 and not sides[0].terms and not sides[2].terms:
            base, others = sides[1], [(sides[0], -directions[0]), (sides[2], directions[1])]
        elif len(directions) == 1:
            turn = -1 if sides[1].terms and not sides[0].terms else 1  # 3 <= x is x >= 3
            base, other = sides[::turn]
            others = [(other, turn * directions[0])]
        else:
            raise Unusable("a row has one relation, or is 1 <= x <= 2 or 2 >= x >= 1")
        limits: list[Limit] = [-math.inf, math.inf]
        for side, direction in others:
            limit = _without_giants(side.constant - base.finite())
            limits = [limit if direction >= 0 else limits[0], limit if direction <= 0 else limits[1]]
            for j, value in side.terms.items():
                base.terms[j] = base.terms.get(j, 0) - value
        self.rows.append((base.terms, limits[0], limits[1]))

    def position(self, name: str) -> int:
        """Return the position of a variable, new or not."""
        if name in self.index:
            return self.index[name]
        if _RESERVED.fullmatch(name) or name.count("(") != name.count(")"):
            raise Unusable(f"{name[:40]!r} is a word of LP or has open parentheses; rename it or use JSON")
        return self.add_variable(name)

    def read_bound(self, line: str) -> None:
        """Read a line such as 0 <= x <= 4 or x free."""
        bound = _BOUND.fullmatch(line)
        if bound is None or not (bound[2] or bound[4] or bound[6]) or (bound[2] and bound[6]):
            raise Unusable(f"expected a bound such as 0 <= x <= 4 or x free on a line, found {line[:40]!r}")
        j = self.position(bound[3])
        if bound[6]:
            self.lower[j], self.upper[j] = -math.inf, math.inf
        for text, relation, turn in ((bound[1], bound[2], -1), (bound[5], bound[4], 1)):
            if relation:
                limit, direction = _limit(re.sub(r"\s", "", text)), turn * _DIRECTION[relation]
                self.lower[j] = limit if direction >= 0 else self.lower[j]
                self.upper[j] = limit if direction <= 0 else self.upper[j]


_SECTIONS = ("NAME", "OBJSENSE", "ROWS", "LAZYCONS", "COLUMNS", "RHS", "RANGES", "BOUNDS", "ENDATA")
_SENSE = re.compile("(MAX|MIN)(IMIZE|IMISE|IMUM)?", re.IGNORECASE)


class _Mps(_Draft):
    """An MPS file in free format; the first N row is the objective, the others restrict nothing."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.objective = self.column = ""
        self.types: dict[str, str] = {}
        self.entries: dict[str, dict[int, Number]] = {}
        self.between_markers = False
        self.given: dict[str, dict[str, Limit]] = {"RHS": {}, "RANGES": {}}
        self.set_names: dict[str, str] = {}
        self.bounded: set[int] = set()
        self.lower_given: set[int] = set()
        self.read_lines(text, self.read_line)
        if self.section != "ENDATA" or self.objective in self.given["RANGES"]:
            raise Unusable("ENDATA is missing, or the objective has a range")
        for j, upper in enumerate(self.upper):
            if j in self.integers and j not in self.bounded:
                self.upper[j] = 1
            elif upper < 0 and j not in self.lower_given:
                self.lower[j] = -math.inf
        for row, kind in self.types.items():
            side = self.given["RHS"].get(row, 0)
            lower, upper = (-math.inf if kind == "L" else side), (math.inf if kind == "G" else side)
            if row in self.given["RANGES"] and not isinstance(side, float):
                extent = self.given["RANGES"][row]
                if kind == "L" or (kind == "E" and extent < 0):
                    lower = side - max(extent, -extent)
                else:
                    upper = side + max(extent, -extent)
            if row == self.objective:
                self.cost, self.constant = self.entries[row], -side
            elif kind != "N":
                self.rows.append((self.entries[row], lower, upper))

    def read_line(self, line: str) -> None:
        """Read the header of a section, or a line of the one that is open."""
        words = line.split()
        if not words or line[0] == "*":
            return
        word = words[0].upper()
        if line[0] not in " \t" and word in _SECTIONS and (len(words) <= 2 or word == "NAME"):
            self.section = word
            if word == "NAME" or len(words) == 1:
                return
            words = words[1:] if word == "OBJSENSE" else []
        section, count = self.section, len(words)
        if section == "OBJSENSE" and count == 1 and _SENSE.fullmatch(words[0]):
            self.maximised = words[0].upper().startswith("MAX")
        elif section in ("ROWS", "LAZYCONS") and count == 2 and word in ("N", "L", "G", "E"):
            if words[1] in self.types:
                raise Unusable(f"a second row {words[1][:40]!r}")
            self.types[words[1]], self.entries[words[1]] = word, {}
            self.objective = self.objective or (words[1] if word == "N" else "")
        elif section == "COLUMNS" and count == 3 and words[1] == "'MARKER'" and words[2] in ("'INTORG'", "'INTEND'"):
            self.between_markers = words[2] == "'INTORG'"
        elif section == "COLUMNS" and count in (3, 5) and words[1] != "'MARKER'":
            self.read_entries(words)
        elif section in self.given and count >= 2:
            self.check_set(words.pop(0) if count % 2 else "")
            for row, text in zip(words[::2], words[1::2], strict=True):
                if row in self.given[section]:
                    raise Unusable(f"a second number for row {row[:40]!r}")
                self.given[section][row] = _decimal(text) if self.types[row] == "N" else _limit(text)
        elif section == "BOUNDS" and 2 <= count <= 4:
            self.read_bound(words)
        else:
            raise Unusable(f"{line.strip()[:40]!r} cannot stand in the section {section or 'before ROWS'}")

    def read_entries(self, words: list[str]) -> None:
        """Read a column's coefficients; all lines of a column stand together."""
        if words[0] != self.column:
            if words[0] in self.index:
                raise Unusable(f"column {words[0][:40]!r} stands in two places")
            self.column = words[0]
            j = self.add_variable(self.column)
            self.integers |= {j} if self.between_markers else set()
        j = self.index[self.column]
        for row, text in zip(words[1::2], words[2::2], strict=True):
            if j in self.entries[row]:
                raise Unusable(f"column {self.column[:40]!r} has two coefficients in row {row[:40]!r}")
            self.entries[row][j] = _decimal(text)

    def check_set(self, name: str) -> None:
        """Refuse a second set of right-hand sides, ranges or bounds."""
        if self.set_names.setdefault(self.section, name) != name:
            raise Unusable(f"a second set {name[:40]!r} in {self.section}; keep the one that is meant")

    def read_bound(self, words: list[str]) -> None:
        """Read a type, perhaps the name of the set, a column, and a number where the type needs one."""
        kind, limit = words[0].upper(), _limit("0")
        if kind in ("UP", "UI", "LO", "LI", "FX"):
            limit = _limit(words.pop())
        elif kind not in ("FR", "MI", "PL", "BV"):
            raise Unusable(f"bounds of type {kind[:20]!r} are not read")
        elif len(words) == 4 or (len(words) == 3 and words[1] in self.index and words[2] not in self.index):
            words.pop()  # a number without meaning
        if len(words) not in (2, 3):
            raise Unusable(f"a bound {kind} with {len(words)} fields")
        self.check_set(words[1] if len(words) == 3 else "")
        j = self.index[words[-1]]
        lower: dict[str, Limit] = {"LO": limit, "LI": limit, "FX": limit, "BV": 0, "FR": -math.inf, "MI": -math.inf}
        upper: dict[str, Limit] = {"UP": limit, "UI": limit, "FX": limit, "BV": 1, "FR": math.inf, "PL": math.inf}
        self.lower[j], self.upper[j] = lower.get(kind, self.lower[j]), upper.get(kind, self.upper[j])
        self.bounded.add(j)
        self.lower_given |= {j} if kind in lower else set()
        self.integers |= {j} if kind in ("BV", "LI", "UI") else set()


def decode(text: str) -> object:
    """Return the JSON value with exact numbers; keys that stand twice in an object are refused."""

    def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise Unusable("a key stands twice in one JSON object")
        return dict(pairs)

    try:
        return json.JSONDecoder(
            parse_float=number, parse_int=number, parse_constant=number, object_pairs_hook=distinct
        ).decode(text)  # fmt: skip
    except (ValueError, RecursionError) as error:
        raise Unusable(f"not JSON: {error}") from None


def _text(item: Any) -> str:
    if type(item) is not str or re.search("[\x00-\x1f\x7f\ud800-\udfff]", item):
        raise Unusable(f"expected a name or a number in the model, found {str(item)[:40]!r}")
    return item


def _entry(item: Any, required: str, optional: str = "") -> dict[str, Any]:
    """Return the JSON object, with the required keys and no unknown ones."""
    if type(item) is not dict or not set(required.split()) <= item.keys() <= set(f"{required} {optional}".split()):
        raise Unusable(f"expected an object with the keys {required} in the model, found {str(item)[:40]!r}")
    for key, kind in {
        "description": str,
        "descriptions": dict,
        "auxiliary": bool,
        "variables": list,
        "rows": list,
    }.items():
        if type(item.get(key, kind())) is not kind:
            raise Unusable(f"{key} in the model is no {kind.__name__}")
    return item


def _exact(item: Any) -> Number:
    return item if type(item) in (int, Fraction) else number(_text(item))


def formulation(data: Any) -> Model:
    """Return the model in a decoded quasikarp/formulation/1."""
    top = _entry(data, "schema sense objective variables rows", "name description descriptions written_by")
    if top["schema"] != "quasikarp/formulation/1" or top["sense"] not in ("minimize", "maximize"):
        raise Unusable("expected the schema quasikarp/formulation/1 and the sense minimize or maximize")
    for text in (_text(top.get("name", "")), _text(top.get("written_by", "")), *top.get("descriptions", {}).values()):
        if type(text) is not str:
            raise Unusable("a description in the model is no text")
    draft = _Draft()
    draft.maximised = top["sense"] == "maximize"

    def limits(entry: dict[str, Any]) -> tuple[Limit, Limit]:
        lower, upper = entry["lower"], entry["upper"]
        return (-math.inf if lower is None else _exact(lower)), (math.inf if upper is None else _exact(upper))

    def terms(item: Any) -> dict[int, Number]:
        if type(item) is not dict or not item.keys() <= draft.index.keys():
            raise Unusable(f"expected an object of variables and coefficients in the model, found {str(item)[:40]!r}")
        return {draft.index[name]: _exact(value) for name, value in item.items()}

    for item in top["variables"]:
        entry = _entry(item, "name lower upper kind", "auxiliary description")
        (lower, upper), kind = limits(entry), entry["kind"]
        if kind not in ("continuous", "integer", "binary") or (kind == "binary" and not 0 <= lower <= 1 >= upper >= 0):
            raise Unusable(f"a variable is {str(kind)[:40]!r}, or binary with bounds other than 0 and 1")
        j = draft.add_variable(_text(entry["name"]), lower, upper)
        draft.integers |= {j} if kind != "continuous" else set()
    objective = _entry(top["objective"], "terms", "constant")
    draft.cost, draft.constant = terms(objective["terms"]), _exact(objective.get("constant", 0))
    for item in top["rows"]:
        entry = _entry(item, "name lower upper terms", "description")
        draft.rows.append((terms(entry["terms"]), *limits(entry)))
    for names in ([entry["name"] for entry in top["variables"]], [_text(entry["name"]) for entry in top["rows"]]):
        if len({"", *names}) != len(names) + 1:
            raise Unusable("two variables or two rows of the model have one name, or one has none")
    return draft.model()


def read_text(path: str) -> str:
    """Return the text of a file, unpacked where it ends in .gz or .bz2; refuse more than 512 MiB."""
    opened: Any = {".gz": gzip.open, ".bz2": bz2.open}.get(Path(path).suffix.lower(), open)
    try:
        with opened(path, "rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise Unusable(f"cannot read {path!r:.200}: {getattr(error, 'strerror', None) or error}") from None
    if len(content) > _MOST_BYTES or b"\0" in content:
        raise Unusable(f"{path!r:.200} is no text, or has more than {_MOST_BYTES} bytes of it")
    try:
        text: str = content.decode()
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def read_model(path: str) -> Model:
    """Return the model in a file .lp, .mps or .json, perhaps with .gz or .bz2 behind."""
    form = re.search(r"\.(lp|mps|json)(\.gz|\.bz2)?$", path.lower())
    if form is None:
        raise Unusable(f"{path!r:.200} is not read here; write it as LP, MPS or JSON first (quasikarp transform/read)")
    text = read_text(path)
    try:
        if form[1] == "json":
            return formulation(decode(text))
        return (_Lp(text) if form[1] == "lp" else _Mps(text)).model()
    except Unusable as error:
        raise Unusable(f"{path!r:.200}: {error}") from None


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _canonical(model: Model) -> dict[str, Any]:
    """Return what the model means as JSON, the same in any order of variables and rows; numbers are texts."""

    def text(value: Number | None) -> str | None:
        return None if value is None else str(value)

    def terms(row: dict[int, Number]) -> dict[str, str]:
        return {model.names[j]: str(value) for j, value in row.items()}

    limits = zip(model.names, model.lower, model.upper, model.integer, strict=True)
    return {
        "objective": {"constant": str(model.constant), "terms": terms(model.cost)},
        "rows": sorted(([text(lower), text(upper), terms(row)] for row, lower, upper in model.rows), key=_json),
        "variables": {name: [text(lower), text(upper), integer] for name, lower, upper, integer in limits},
    }


def digest(model: Model) -> str:
    """Return the SHA-256 of what the model means."""
    return hashlib.sha256(_json(_canonical(model)).encode()).hexdigest()


def differences(a: Model, b: Model) -> str | None:
    """Return None where both models are the same mathematics, else the first thing in which they differ."""
    first, second = _canonical(a), _canonical(b)
    for one, two in ((first["variables"], second["variables"]), (first["objective"], second["objective"])):
        for name in sorted(one.keys() | two.keys()):
            if one.get(name) != two.get(name):
                return (
                    f"{name[:60]!r}: {str(one.get(name))[:200]} in the first, {str(two.get(name))[:200]} in the second"
                )
    rows, others = (Counter(_json(row) for row in model["rows"]) for model in (first, second))
    for row in [*(rows - others), *(others - rows)]:
        return f"the row [lower, upper, terms] {row[:200]} stands more often in one than in the other"
    return None
