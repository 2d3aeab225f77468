"""Hypothesis strategies for formulations, with odd names, fractions, infinities and both senses."""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

from hypothesis import strategies as st

from tools.errors import InputError
from tools.formulation.model import Formulation, Kind
from tools.formulation.numbers import ExactVector

PLAIN_NAMES = st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_]{0,5}", fullmatch=True)
ODD_NAMES = st.text(
    st.sampled_from(list("abeEx019_.#~!$%&@{}|?'\"`,;/()[]é≤λ-+:*^<>=")), min_size=1, max_size=8
) | st.sampled_from(["x[0,1]", "x(a-b)", "e1", "E", "y#3", "s.t", "x[a:b]", "bin", "free", "inf", "st", "End", "a b"])

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12).map(Fraction)
SMALL_DECIMALS = st.integers(-50, 50).map(lambda n: Fraction(n, 4)) | DECIMALS.filter(
    lambda value: value == 0 or abs(value) > Fraction(1, 10**250)
)
LONG_DECIMALS = st.integers(-(10**25), 10**25).map(lambda n: Fraction(n, 10**18))
FRACTIONS = st.fractions(min_value=-1000, max_value=1000, max_denominator=97)
FILE_NUMBERS = (
    SMALL_DECIMALS
    | LONG_DECIMALS
    | st.floats(-1e6, 1e6)
    .filter(lambda value: value == 0 or abs(value) > 1e-200)
    .map(lambda value: Fraction(repr(value)))
)
ANY_NUMBERS = FILE_NUMBERS | FRACTIONS


def vector(values: Sequence[Fraction | float]) -> ExactVector:
    return ExactVector.of(values)


@st.composite
def formulations(
    draw: st.DrawFn,
    numbers: st.SearchStrategy[Fraction] = ANY_NUMBERS,
    names: st.SearchStrategy[str] = PLAIN_NAMES,
    crossed_sides: bool = True,
    auxiliary: bool = False,
) -> Formulation:
    """Formulations of up to five variables and four rows."""
    n = draw(st.integers(0, 5))
    m = draw(st.integers(0, 4))
    variables = draw(st.lists(names, min_size=n, max_size=n, unique=True))
    rows = draw(st.lists(names, min_size=m, max_size=m, unique=True))
    kinds = draw(st.lists(st.sampled_from(list(Kind)), min_size=n, max_size=n))
    lower: list[Fraction | float] = []
    upper: list[Fraction | float] = []
    for kind in kinds:
        if kind == Kind.BINARY:
            low, high = draw(st.sampled_from([(0, 1), (0, 1), (0, 0), (1, 1), (1, 0)]))
            lower.append(Fraction(low))
            upper.append(Fraction(high))
        else:
            lower.append(draw(st.sampled_from([Fraction(0), -math.inf]) | numbers))
            upper.append(draw(st.just(math.inf) | numbers))
    row_lower: list[Fraction | float] = []
    row_upper: list[Fraction | float] = []
    for _ in range(m):
        low_side = draw(st.just(-math.inf) | numbers)
        high_side = draw(st.sampled_from([math.inf, low_side if math.isfinite(low_side) else math.inf]) | numbers)
        if not crossed_sides and high_side < low_side:
            low_side, high_side = high_side, low_side
        row_lower.append(low_side)
        row_upper.append(high_side)
    starts, columns = [0], []
    coefficients: list[Fraction] = []
    for _ in range(m):
        for column in sorted(draw(st.sets(st.integers(0, n - 1), max_size=n))) if n else ():
            columns.append(column)
            coefficients.append(draw(numbers.filter(bool)))
        starts.append(len(columns))
    return Formulation.build(
        name="random",
        sense=draw(st.sampled_from(["minimize", "maximize"])),
        variables=variables,
        lower=vector(lower),
        upper=vector(upper),
        kinds=kinds,
        objective=vector(draw(st.lists(st.just(Fraction(0)) | numbers, min_size=n, max_size=n))),
        objective_constant=draw(st.just(Fraction(0)) | numbers),
        rows=rows,
        row_lower=vector(row_lower),
        row_upper=vector(row_upper),
        indptr=starts,
        columns=columns,
        coefficients=vector(coefficients),
        auxiliary=draw(st.sets(st.integers(0, n - 1))) if auxiliary and n else (),
    )


def difference(first: Formulation, second: Formulation) -> str:
    """Return the first thing in which two formulations differ, "" where they do not."""
    for label in ("sense", "variables", "rows", "objective_constant", "auxiliary"):
        if getattr(first, label) != getattr(second, label):
            return f"{label}: {getattr(first, label)!r} and {getattr(second, label)!r}"
    for label in ("kinds", "indptr", "columns"):
        if getattr(first, label).tolist() != getattr(second, label).tolist():
            return f"{label}: {getattr(first, label).tolist()} and {getattr(second, label).tolist()}"
    for label in ("lower", "upper", "objective", "row_lower", "row_upper", "coefficients"):
        one, two = getattr(first, label), getattr(second, label)
        if one != two:
            return f"{label}: {one.floats.tolist()} {one.overrides} and {two.floats.tolist()} {two.overrides}"
    return ""


def refusal(call: Callable[[], object]) -> str:
    """Return the message with which `call` refuses its input, "" where it accepts it."""
    try:
        call()
    except InputError as error:
        return str(error)
    return ""
