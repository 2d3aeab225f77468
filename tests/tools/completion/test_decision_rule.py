import numpy as np
from completion_cases import first, proved, tour_by_flow, tour_by_positions, var
from small_models import model

from tools.completion.pair_classes import PairClasses
from tools.completion.rows import OpenRow
from tools.completion.samples import Samples
from tools.completion.sparse_fill import SparseFill
from tools.completion.state import Proposal, State, Task
from tools.exact.budget import Budget
from tools.exact.prover import Prover
from tools.mapping.affine import AffineExpression


def test_a_fill_is_the_sparsest_and_grows_with_its_requirements():
    fill = SparseFill(np.array([1.0, 2.0]))
    assert fill.solve(Budget()).tolist() == [0.0, 0.0]
    fill.require(np.array([1.0, 1.0]), 3.0)
    assert np.allclose(fill.solve(Budget()), [3.0, 0.0])
    for _ in range(40):
        fill.require(np.array([-1.0, 0.0]), -1.0)
    assert np.allclose(fill.solve(Budget()), [1.0, 2.0])
    fill.require(np.array([-1.0, -1.0]), -2.0)
    assert fill.solve(Budget()) is None


def test_whole_coefficients():
    fill = SparseFill(np.ones(2), integer=True)
    fill.require(np.array([2.0, 3.0]), 4.0)
    assert np.allclose(fill.solve(Budget()) @ [2, 3], 6) or np.allclose(fill.solve(Budget()) @ [2, 3], 4)


def test_a_rule_of_one_kind_for_whole_variables():
    clusters = [(h, c) for h in range(2) for c in range(2)]
    source = model(
        integer={f"y{h}": (0, 1) for h in range(2)} | {f"x{h}{c}": (0, 1) for h, c in clusters},
        minimize={"x00": 2, "y0": 1}, rows=[({f"x{h}{c}": 1, f"y{h}": -1}, None, 0) for h, c in clusters],
    )  # fmt: skip
    # z ≥ x and z₀ + z₁ ≤ 2y force no value; z₀ − z₁ = 0 couples the two, so that only a rule serves.
    rows = [({f"x{h}{c}": 1, f"z{h}{c}": -1}, None, 0) for h, c in clusters]
    rows += [({f"z{h}0": 1, f"z{h}1": 1, f"y{h}": -2}, None, 0) for h in range(2)]
    rows += [({f"z{h}0": 1, f"z{h}1": -1}, 0, 0) for h in range(2)]
    target = model(
        integer={f"y{h}": (0, 1) for h in range(2)} | {f"{f}{h}{c}": (0, 1) for f in "xz" for h, c in clusters},
        rows=rows,
    )  # fmt: skip
    found = first(source, target, {name: var(name) for name in source.variables})
    assert found is not None
    assert found.expressions["z10"] == var("y1")
    assert proved(source, target, found)


def test_no_rule_is_said_to_be_none():
    source = model({"a": (0, 2)})
    target = model(
        {"a": (0, 2), "u": (0, 3), "v": (0, 3)},
        rows=[({"u": 1, "v": -1}, 0, None), ({"u": 1, "v": 1, "a": -1}, 1, None), ({"u": 2, "v": -1, "a": 1}, None, 0)],
    )
    notes = []
    assert first(source, target, {"a": var("a")}, notes=notes) is None
    assert any("no affine rule" in note for note in notes)


def test_points_that_refute_a_rule_are_kept():
    source = Prover(tour_by_flow(4, "x{}{}".format, "f{}{}".format), Budget())
    samples = Samples(source)
    assert samples.points
    assert all(source.model.is_feasible([point[v] for v in source.model.variables]) for point in samples.points)
    again = [samples.points[0][v] for v in source.model.variables]
    assert not samples.add(again)


def test_pairs_that_look_alike_share_a_class():
    n = 5
    source = tour_by_flow(n, "x{}{}".format, "f{}{}".format)
    target = tour_by_positions(n, "x{}{}".format, "u{}".format)
    task = Task(Samples(Prover(source, Budget())), target)
    rows = [
        OpenRow(
            name,
            {target.variables[j]: a for j, a in target.row_terms(i).items()},
            *(None if s is None else AffineExpression.number(s)
              for s in (target.row_lower.finite(i), target.row_upper.finite(i))),
        )
        for i, name in enumerate(target.rows)
    ]  # fmt: skip
    arcs = {v: var(v) for v in target.variables if v.startswith("x")}
    state = State.start(task, rows).with_proposal(Proposal(arcs))
    assert state is not None
    classes = PairClasses(state, source, state.rows_with(state.focus))
    seen = {u: classes.seen_from(u) for u in ("u1", "u2")}
    assert seen["u1"]["f31"] == seen["u1"]["f41"] == seen["u2"]["f12"] == seen["u2"]["f42"]
    assert len({seen["u1"][v] for v in ("f01", "f31", "f13", "f34", "f03")}) == 5
