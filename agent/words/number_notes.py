"""Numbers that a model made up or forgot: the numbers of a text beside those of the algebra that was made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from agent.language.one_line import one_line
from agent.words.problem_data import ProblemData
from tools.algebra.arithmetic import Exact, exact, number_of, number_text
from tools.algebra.document import AlgebraDocument, Values, numbers_in, shape_of
from tools.algebra.faults import FaultError
from tools.algebra.syntax import (
    Name,
    Node,
    Number,
    Product,
    Reference,
    Span,
    parse_clauses,
    parse_expression,
    parse_index,
    walk,
)

MOST_NOTES = 10
"""Notes of one kind."""

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_WORDS: Mapping[str, Fraction] = {
    **{found[0]: Fraction(value) for value, found in enumerate(re.finditer(r"\w+", _SMALL))},
    "thirty": Fraction(30), "forty": Fraction(40), "fifty": Fraction(50), "sixty": Fraction(60),
    "seventy": Fraction(70), "eighty": Fraction(80), "ninety": Fraction(90), "hundred": Fraction(100),
    "thousand": Fraction(1000), "million": Fraction(10**6), "dozen": Fraction(12), "twice": Fraction(2),
    "double": Fraction(2), "triple": Fraction(3), "half": Fraction(1, 2), "halves": Fraction(1, 2),
    "third": Fraction(1, 3), "quarter": Fraction(1, 4), "week": Fraction(7), "day": Fraction(24),
    "hour": Fraction(60), "year": Fraction(12),
}  # fmt: skip
_SCALES = {"thousand": 1000, "million": 10**6, "billion": 10**9, "k": 1000, "hundred": 100, "dozen": 12}
_NUMBER = re.compile(
    r"""(?<![\w.\\])(?P<number>[0-9]{1,3}(?:(?:,|\{,\}|\\,|\u202f|')[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+)
    (?P<percent>\s?\\?%|\s?percent\b|\s?per\scent\b)?
    (?:\s?(?P<scale>thousand|million|billion|hundred|dozen|k)\b)?""",
    re.VERBOSE,
)
_RATIO = re.compile(r"\\[dt]?frac\{([0-9.]+)\}\{([0-9.]+)\}|(?<![\w.])([0-9.]+)\s?/\s?([0-9.]+)(?![\w.])")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_WORD = re.compile(r"[a-z]+")
_NOT_NUMBERS = re.compile(
    r"""^[ \t]*(?:[0-9]+[.)]|\([0-9]+\))(?=\s)     # an item of a list
    |^\#+\ .{0,200}$                              # a heading
    |_\{[^{}]{0,60}\}|_[0-9]                      # a subscript
    |\\\\\[[^\]]{0,20}\]                          # a line break with a length
    |\\(?:label|ref|eqref|cite)\{[^{}]{0,80}\}""",
    re.MULTILINE | re.VERBOSE,
)


@dataclass(frozen=True)
class _Told:
    """A number of a text: how it is written, and the values that it may mean."""

    written: str
    values: frozenset[Fraction]


def number_notes(document: AlgebraDocument, text: str, data: ProblemData) -> tuple[str, ...]:
    """Return a note for each number of the algebra that the text and the data nowhere have, and the other way round.

    0 and 1 need no source. A number in words, a percentage, a fraction and a size of the data are sources too; numbers
    that are data are not looked at. Data and parameters that nothing uses are noted as well.
    """
    told = list(_told(text))
    known = {value for number in told for value in number.values} | set(_in_words(text)) | {Fraction(0), Fraction(1)}
    known |= {Fraction(size) for size in _sizes(document, data)}
    in_data = {abs(Fraction(value)) for values in data.numbers.values() for value in numbers_in(values)}
    known |= in_data
    made_up: dict[Exact, str] = {}
    used: set[Fraction] = set()
    for place, value, parts in _numbers_of(document, data):
        sizes = {abs(Fraction(part)) for part in parts}
        used |= {abs(Fraction(value)), *sizes}
        if abs(Fraction(value)) not in known and not (sizes and sizes <= known):
            made_up.setdefault(value, place)
    notes = _bounded(
        [f"the number {_short(value)} in {place} occurs nowhere in the text" for value, place in made_up.items()],
        "numbers that occur nowhere in the text",
    )
    used |= in_data | {Fraction(1)}
    used |= {Fraction(size) for size in _sizes(document, data)}
    forgotten = dict.fromkeys(number.written for number in told if not number.values & used)
    notes += _bounded(
        [f"the number {one_line(written, 30)} of the text is used nowhere" for written in forgotten],
        "numbers of the text that are used nowhere",
    )
    return (*notes, *_bounded(_unused(document, data), "pieces of data that are used nowhere"))


def _bounded(notes: list[str], what: str) -> list[str]:
    more = len(notes) - MOST_NOTES
    return notes if more <= 0 else [*notes[:MOST_NOTES], f"and {more} more {what}"]


def _short(value: Exact) -> str:
    return one_line(number_text(value), 30)


def _told(text: str) -> Iterator[_Told]:
    plain = _NOT_NUMBERS.sub(" ", text)
    parts: set[Fraction] = set()
    for found in _RATIO.finditer(plain):
        pair = [_fraction(group) for group in found.groups() if group]
        if None not in pair and len(pair) == 2 and pair[0] is not None and pair[1]:
            parts |= {pair[0], pair[1]}
            yield _Told(found[0], frozenset({pair[0] / pair[1], pair[0], pair[1]}))
    for found in _NUMBER.finditer(plain):
        written = found["number"]
        values = set(_readings(written))
        if found["percent"]:
            values |= {value / 100 for value in values}
            values |= {abs(1 - value) for value in values} | {1 + value for value in values}
        if found["scale"]:
            values |= {value * _SCALES[found["scale"]] for value in values}
        if values and not (values <= parts):
            yield _Told(found[0].strip(), frozenset(values))


def _readings(written: str) -> Iterator[Fraction]:
    """Yield what a literal may mean: a comma groups three digits each, or marks decimals, or separates two numbers."""
    plain = re.sub(r"\{,\}|\\,|\u202f|'", ",", written)
    grouped = "," not in plain or _GROUPED.fullmatch(plain) is not None
    for reading in [plain.replace(",", "")] if grouped else [plain.replace(",", "."), *plain.split(",")]:
        value = _fraction(reading)
        if value is not None:
            yield value


def _fraction(text: str) -> Fraction | None:
    try:
        return Fraction(number_of(text))
    except FaultError:
        return None


def _in_words(text: str) -> Iterator[Fraction]:
    for found in _WORD.finditer(text.lower()):
        value = _WORDS.get(found[0]) or _WORDS.get(found[0].removesuffix("s"))
        if value is not None:
            yield value


def _sizes(document: AlgebraDocument, data: ProblemData) -> Iterator[int]:
    for labels in (*data.labels.values(), *(found.labels for found in document.sets.values() if found.labels)):
        yield len(labels)
    for values in (*data.numbers.values(), *(found.values for found in document.parameters.values())):
        yield from shape_of(values)


def _numbers_of(document: AlgebraDocument, data: ProblemData) -> Iterator[tuple[str, Exact, tuple[Exact, ...]]]:
    """Yield every number that the algebra states itself, with its place, and numerator and denominator of "1/3"."""
    taken = {id(values) for values in data.numbers.values()}
    for name, parameter in document.parameters.items():
        if id(parameter.values) not in taken and not _is_data(name, parameter.values, data):
            for value in numbers_in(parameter.values):
                yield f"parameter {name}", value, ()
    for place, node in _expressions(document):
        ratios: set[int] = set()
        for found in walk(node):
            if isinstance(found, Product):
                for (_, top), (divides, bottom) in pairwise(found.factors):
                    if divides and isinstance(top, Number) and isinstance(bottom, Number) and bottom.value:
                        ratios |= {id(top), id(bottom)}
                        yield place, exact(Fraction(top.value) / bottom.value), (top.value, bottom.value)
            elif isinstance(found, Number) and id(found) not in ratios:
                yield place, found.value, ()


def _is_data(name: str, values: Values, data: ProblemData) -> bool:
    return name in data.numbers and data.numbers[name] == values


def _expressions(document: AlgebraDocument) -> Iterator[tuple[str, Node | Span]]:
    """Yield the expressions of a document that was read, with their places."""
    for name, stated in document.sets.items():
        if stated.labels is None:
            yield f"set {name}", parse_expression(stated.first)
            yield f"set {name}", parse_expression(stated.last)
    for variable in document.variables:
        place = f"variable {variable.name}"
        for bound in (variable.lower, variable.upper):
            if bound is not None:
                yield place, parse_expression(bound)
        for text in variable.indices:
            for clause in parse_index(text):
                yield place, clause.span
                if clause.condition is not None:
                    yield place, clause.condition
    yield "the objective", parse_expression(document.objective)
    for constraint in document.constraints:
        place = f"constraint {constraint.name}"
        yield place, parse_expression(constraint.expression)
        for text in constraint.clauses:
            for clause in parse_clauses(text):
                yield place, clause.span
                if clause.condition is not None:
                    yield place, clause.condition


def _unused(document: AlgebraDocument, data: ProblemData) -> list[str]:
    named = set(_names(node for _, node in _expressions(document)))
    notes = [f"the parameter {name} is used nowhere" for name in document.parameters if name not in named]
    parameters = [found.values for found in document.parameters.values()]
    sets = [found.labels for found in document.sets.values()]
    used = {name for name, values in data.numbers.items() if any(found == values for found in parameters)}
    used |= {name for name, labels in data.labels.items() if labels in sets}
    for name, columns in data.columns.items():
        used |= {name, *(columns if name in used else ())}
    return notes + [f"the data {name} are used nowhere" for name in data.names if name not in used]


def _names(nodes: Iterable[Node | Span]) -> Iterator[str]:
    for node in nodes:
        for found in walk(node):
            if isinstance(found, Name):
                yield found.text
            elif isinstance(found, Reference):
                yield found.base
