"""What a reduction promises, by its definition, on small models: plain loops over fractions, no solver.

Both feasible sets are cut off at `box` where they have no bound (integer and continuous variables alike). A set is
split into slices, one for each assignment of its integer variables; a slice is a polytope in the continuous ones, of
which the vertices, the midpoints of pairs and the centre are tried. So the models may have a few dozen integer points
and three or four continuous variables.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from hypothesis import strategies as st

from tests.tools.claims.brute_force import Linear, vertices
from tools.claims.verify import Pair, verify_pair
from tools.exact.budget import Budget
from tools.formulation.derive import with_rows
from tools.formulation.model import Formulation, Kind
from tools.formulation.numbers import ExactVector
from tools.mapping.forms import IndexMapping
from tools.mapping.total import TotalMapping
from tools.normal_form.step import Reduction
from tools.testing import ReformulationTestResult, run_reformulation_tests

Named = dict[str, Fraction]
Side = Fraction | int | None


def check_reduction(reduction: Reduction, box: int = 6, *, limit: int = 2000) -> int:
    """Return how many points of both models were tried; raises `AssertionError` at the first broken promise.

    Tried are: down maps points of the original to points of the reduced form at no greater cost and is affine; up maps
    back at no greater cost; down(up(y)) = y; both maps survive JSON; the reduced form's names are among the targets.
    """
    wrong = broken_promise(reduction, box, limit=limit)
    assert wrong is None, wrong
    return sum(1 for _ in points(reduction.original, box, limit)) + sum(
        1 for _ in points(reduction.reduced, box, limit)
    )


def broken_promise(reduction: Reduction, box: int = 6, *, limit: int = 2000) -> str | None:
    """Return the first promise of a reduction that some point shows broken, or None."""
    original, reduced, down, up = reduction.original, reduction.reduced, reduction.down, reduction.up
    if set(down.expressions) != set(reduced.variables):
        return f"down has targets {sorted(down.expressions)}, the reduced form variables {sorted(reduced.variables)}"
    if set(up.expressions) != set(original.variables):
        return f"up has targets {sorted(up.expressions)}, the original variables {sorted(original.variables)}"
    if down.as_affine() is None:
        return "down is not affine"
    for label, mapping in (("down", down), ("up", up)):
        read = TotalMapping.from_json(json.loads(json.dumps(mapping.to_json())))
        # functions that do not use each other may come back in another order
        if read.expressions != mapping.expressions or set(read.extension.functions) != set(mapping.extension.functions):
            return f"{label} changes when it is written to JSON and read back"
    for x in points(original, box, limit):
        y = down.apply(x)
        wrong = _broken(reduced, y)
        if wrong is not None:
            return f"down({_shown(x)}) = {_shown(y)} is outside the reduced form: {wrong}"
        if _cost(reduced, y) > _cost(original, x):
            return f"down({_shown(x)}) = {_shown(y)} costs {_cost(reduced, y)}, more than {_cost(original, x)}"
    for y in points(reduced, box, limit):
        x = up.apply(y)
        wrong = _broken(original, x)
        if wrong is not None:
            return f"up({_shown(y)}) = {_shown(x)} is outside the original: {wrong}"
        if _cost(original, x) > _cost(reduced, y):
            return f"up({_shown(y)}) = {_shown(x)} costs {_cost(original, x)}, more than {_cost(reduced, y)}"
        if down.apply(x) != y:
            return f"down(up({_shown(y)})) = {_shown(down.apply(x))}"
    return None


def mutants(reduction: Reduction) -> Iterator[tuple[str, Reduction]]:
    """Yield (what was changed, reduction): a row of the reduced form dropped, a coefficient or a cost raised by one."""
    reduced = reduction.reduced
    rows = [
        (name, reduced.row_terms(i), reduced.row_lower.finite(i), reduced.row_upper.finite(i))
        for i, name in enumerate(reduced.rows)
    ]
    bare = reduced.changed(
        rows=(), row_lower=ExactVector.of(()), row_upper=ExactVector.of(()), indptr=[0], columns=[],
        coefficients=ExactVector.of(()),
    )  # fmt: skip
    for i, (name, terms, low, high) in enumerate(rows):
        rest = [*rows[:i], *rows[i + 1 :]]
        yield f"row {name} dropped", dataclasses.replace(reduction, reduced=with_rows(bare, rest))
        for j in terms:
            changed = (name, {**terms, j: terms[j] + 1}, low, high)
            mutant = with_rows(bare, [*rest, changed])
            yield f"coefficient of {reduced.variables[j]} in {name}", dataclasses.replace(reduction, reduced=mutant)
    for j in range(len(reduced.variables)):
        costs = ExactVector.of(c + (k == j) for k, c in enumerate(reduced.objective))
        yield (
            f"cost of {reduced.variables[j]}",
            dataclasses.replace(reduction, reduced=reduced.changed(objective=costs)),
        )


def confirm_with_engine(reduction: Reduction) -> ReformulationTestResult:
    """Return what the claims engine shows of the reduced form as reference and the original as candidate.

    Sound is required: every solution of the original goes down to one of the reduced form; complete as well where up
    is affine.
    """
    down = reduction.down.as_affine()
    assert down is not None
    lifting = reduction.up.as_affine()
    expect = {"sound": "proved"} if lifting is None else {"sound": "proved", "complete": "proved"}
    return run_reformulation_tests(reduction.reduced, reduction.original, down, lifting=lifting, expect=expect)  # type: ignore[arg-type]


def proved_by_engine(reduction: Reduction) -> None:
    """Require the engine to prove that down, with up as its lifting, is sound and complete, functions included."""
    down = reduction.down.as_affine()
    assert down is not None
    pair = Pair(reduction.reduced, reduction.original, Budget())
    recovery = IndexMapping.of(down, reduction.reduced, reduction.original)
    found = verify_pair(pair, recovery, lifting=reduction.up, structural=True)
    assert found.claims["sound"].result == "proved"
    assert found.claims["complete"].result == "proved"


def points(model: Formulation, box: int, limit: int = 2000) -> Iterator[Named]:
    """Yield at most `limit` exact points of the set cut off at `box`: for each integer assignment some of its slice."""
    n = len(model.variables)
    integer = [bool(kind) for kind in model.kinds.tolist()]
    ends = [_ends(model, j, box) for j in range(n)]
    inequalities: list[Linear] = []
    for j, (low, high) in enumerate(ends):
        inequalities += [({j: Fraction(-1)}, -low), ({j: Fraction(1)}, high)]
    for i in range(len(model.rows)):
        terms, row_low, row_high = model.row_terms(i), model.row_lower.finite(i), model.row_upper.finite(i)
        if row_low is not None:
            inequalities.append(({j: -a for j, a in terms.items()}, -row_low))
        if row_high is not None:
            inequalities.append((terms, row_high))
    columns = [j for j in range(n) if integer[j]]
    ranges = [range(math.ceil(ends[j][0]), math.floor(ends[j][1]) + 1) for j in columns]
    assignments = list(itertools.islice(itertools.product(*ranges), 20 * limit))
    random.Random(0).shuffle(assignments)
    count = 0
    for values in assignments:
        corners = vertices(n, dict(zip(columns, map(Fraction, values), strict=True)), inequalities)
        if not corners:
            continue
        tried = [tuple(corner) for corner in corners]
        tried += [tuple((a + b) / 2 for a, b in zip(*pair, strict=True)) for pair in itertools.pairwise(corners)]
        tried.append(tuple(sum(column, Fraction(0)) / len(corners) for column in zip(*corners, strict=True)))
        for point in dict.fromkeys(tried):
            if count >= limit:
                return
            count += 1
            yield dict(zip(model.variables, point, strict=True))


def _ends(model: Formulation, j: int, box: int) -> tuple[Fraction, Fraction]:
    low, high = model.lower.finite(j), model.upper.finite(j)
    if low is None:
        low = min(Fraction(-box), high - box) if high is not None else Fraction(-box)
    if high is None:
        high = max(Fraction(box), low + box)
    return low, high


def _broken(model: Formulation, point: Mapping[str, Fraction]) -> str | None:
    found = model.violations([point[name] for name in model.variables], limit=1)
    if not found:
        return None
    names = model.rows if found[0].element == "row" else model.variables
    return f"{found[0].element} of {names[found[0].index]}"


def _cost(model: Formulation, point: Mapping[str, Fraction]) -> Fraction:
    return model.cost_value([point[name] for name in model.variables])


def _shown(point: Mapping[str, Fraction]) -> str:
    return "(" + ", ".join(f"{name} = {value}" for name, value in point.items()) + ")"


def small_model(
    variables: Mapping[str, tuple[Side, Side, str]],
    rows: Mapping[str, tuple[Mapping[str, Fraction | int], Side, Side]],
    objective: Mapping[str, Fraction | int] | None = None,
    *,
    sense: str = "minimize",
    constant: Fraction | int = 0,
) -> Formulation:
    """Return a model from variables {name: (lower, upper, "C" | "I" | "B")} and rows {name: (terms, lower, upper)}."""
    kinds = {"C": Kind.CONTINUOUS, "I": Kind.INTEGER, "B": Kind.BINARY}
    names = list(variables)
    columns = [names.index(v) for terms, _, _ in rows.values() for v in terms]
    lengths = [len(terms) for terms, _, _ in rows.values()]
    costs = objective or {}
    return Formulation.build(
        sense="minimize" if sense == "minimize" else "maximize",
        variables=names,
        lower=_vector([low for low, _, _ in variables.values()], -math.inf),
        upper=_vector([high for _, high, _ in variables.values()], math.inf),
        kinds=[kinds[kind] for _, _, kind in variables.values()],
        objective=ExactVector.of(Fraction(costs.get(name, 0)) for name in names),
        objective_constant=Fraction(constant),
        rows=list(rows),
        row_lower=_vector([low for _, low, _ in rows.values()], -math.inf),
        row_upper=_vector([high for _, _, high in rows.values()], math.inf),
        indptr=[0, *itertools.accumulate(lengths)],
        columns=columns,
        coefficients=ExactVector.of(Fraction(a) for terms, _, _ in rows.values() for a in terms.values()),
    )


def _vector(values: Sequence[Side], absent: float) -> ExactVector:
    return ExactVector.of(absent if value is None else Fraction(value) for value in values)


@st.composite
def small_models(draw: st.DrawFn, *, integers_only: bool = False) -> Formulation:
    """Models of up to five variables and six rows with small numbers; many have points, slacks, epigraphs."""
    n = draw(st.integers(1, 4))
    variables: dict[str, tuple[Side, Side, str]] = {}
    for j in range(n):
        kind = draw(st.sampled_from("IIB" if integers_only else "IBCC"))
        low: Side = 0 if kind == "B" else draw(st.sampled_from([0, 0, 0, -1, 1, Fraction(1, 2), None]))
        high: Side = 1 if kind == "B" else draw(st.sampled_from([2, 3, 3, Fraction(5, 2), 1, None]))
        variables[f"x{j}"] = (low, high, kind)
    rows: dict[str, tuple[Mapping[str, Fraction | int], Side, Side]] = {}
    coefficients = st.sampled_from([1, 1, 1, -1, -1, 2, -2, 3, Fraction(1, 2)])
    for i in range(draw(st.integers(0, 5))):
        used = sorted(draw(st.sets(st.sampled_from(list(variables)), max_size=n)))
        terms = {name: draw(coefficients) for name in used}
        row_low: Side = draw(st.sampled_from([None, None, 0, 1, -1, 2]))
        row_high: Side = draw(st.sampled_from([None, None, row_low, 2, 3, 4, 6]))
        if row_low is not None and row_high is not None and row_high < row_low:
            row_low, row_high = row_high, row_low
        rows[f"r{i}"] = (terms, row_low, row_high)
    costs = {name: draw(st.sampled_from([0, 0, 1, -1, 2])) for name in variables}
    scale = draw(st.sampled_from([1, -1, 2, Fraction(-1, 2)]))
    match draw(st.sampled_from(["nothing", "slack", "epigraph"])):
        case "slack" if rows:
            row = draw(st.sampled_from(list(rows)))
            terms, row_low, row_high = rows[row]
            side = next((value for value in (row_low, row_high) if value is not None), 1)
            kind = draw(st.sampled_from("CCI"))
            variables["s"] = (draw(st.sampled_from([0, 0, -1, None])), draw(st.sampled_from([None, None, 2])), kind)
            rows[row] = ({**terms, "s": scale}, side, side)
            costs["s"] = draw(st.sampled_from([0, 0, 1, -2]))
        case "epigraph":
            variables["t"] = (draw(st.sampled_from([None, None, -6, 0])), draw(st.sampled_from([None, None, 3])), "C")
            terms = {name: draw(coefficients) for name in variables if name != "t"}
            below = draw(st.booleans())
            rows["value"] = ({**terms, "t": scale}, 1 if below else None, None if below else 1)
            costs = {**dict.fromkeys(costs, 0), "t": draw(st.sampled_from([1, -1]))}
    sense = draw(st.sampled_from(["minimize", "maximize"]))
    return small_model(variables, rows, costs, sense=sense, constant=draw(st.sampled_from([0, 5])))
