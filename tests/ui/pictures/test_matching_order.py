import time
from fractions import Fraction

from small_models import model

from tools.formulation.model import Formulation
from tools.mapping.affine import AffineExpression, AffineMapping
from ui.pictures.matching_order import Pairing, Side, Standing, paired


def pairing(reference: Formulation, candidate: Formulation, recovery: dict[str, tuple[int, dict[str, int]]]) -> Pairing:
    expressions = {
        name: AffineExpression(Fraction(c), {k: Fraction(v) for k, v in terms.items()})
        for name, (c, terms) in recovery.items()
    }
    return paired(reference, candidate, AffineMapping(expressions))


def standings(side: Side) -> dict[tuple[int, int], Standing]:
    places = zip(side.at_row.tolist(), side.at_column.tolist(), side.standing.tolist(), strict=True)
    return {(row, column): Standing(standing) for row, column, standing in places}


REFERENCE = model({"x": (0, 9), "y": (0, 9)}, minimize={"x": 1}, rows=[({"x": 2, "y": 4}, None, 8), ({"y": 1}, 1, 5)])


def test_rows_and_columns_are_put_in_matching_order() -> None:
    candidate = model({"v": (0, 9), "u": (0, 9)}, rows=[({"v": -3}, -15, -3), ({"u": 1, "v": 2}, None, 4)])
    found = pairing(REFERENCE, candidate, {"x": (0, {"u": 1}), "y": (0, {"v": 1})})
    assert (found.paired_rows, found.paired_columns, found.equal_rows, found.other_limits) == (2, 2, 2, ())
    assert found.candidate.rows.tolist() == [1, 0]
    assert found.candidate.columns.tolist() == [1, 0]
    assert standings(found.reference) == standings(found.candidate)
    assert set(standings(found.reference).values()) == {Standing.SAME}


def test_shifts_move_the_limits() -> None:
    candidate = model({"u": (0, 9), "v": (0, 9)}, rows=[({"u": 1, "v": 2}, None, 3), ({"v": 1}, 1, 5)])
    found = pairing(REFERENCE, candidate, {"x": (1, {"u": 1}), "y": (0, {"v": 1})})
    assert found.equal_rows == 2
    found = pairing(REFERENCE, candidate, {"x": (0, {"u": 1}), "y": (0, {"v": 1})})
    assert (found.equal_rows, found.paired_rows, found.other_limits) == (1, 2, (0,))
    lower = model({"u": (0, 9), "v": (0, 9)}, rows=[({"u": 1, "v": 2}, None, 2), ({"v": 1}, 0, 4)])
    assert pairing(REFERENCE, lower, {"x": (0, {"u": 1}), "y": (1, {"v": 1})}).equal_rows == 2


def test_a_negative_factor_of_a_one_sided_row_is_the_same_row_turned_round() -> None:
    turned = model({"u": (0, 9), "v": (0, 9)}, rows=[({"u": -1, "v": -2}, -4, None), ({"v": 1}, 1, 5)])
    other = model({"u": (0, 9), "v": (0, 9)}, rows=[({"u": -1, "v": -2}, None, -4), ({"v": 1}, 1, 5)])
    recovery = {"x": (0, {"u": 1}), "y": (0, {"v": 1})}
    assert pairing(REFERENCE, turned, recovery).equal_rows == 2
    assert pairing(REFERENCE, other, recovery).other_limits == (0,)


def test_what_differs_is_marked_on_both_sides() -> None:
    candidate = model(
        {"u": (0, 9), "v": (0, 9), "s": (0, 9)}, rows=[({"u": 1, "v": 3}, None, 4), ({"s": 1}, 0, 1), ({"v": 1}, 1, 5)]
    )
    found = pairing(REFERENCE, candidate, {"x": (0, {"u": 1}), "y": (0, {"v": 1})})
    assert (found.equal_rows, found.paired_rows) == (1, 2)
    # which of two entries is the odd one cannot be said, but one of them is
    assert sorted(standings(found.reference).values()) == [Standing.SAME, Standing.SAME, Standing.DIFFERENT]
    assert standings(found.candidate)[2, 2] == Standing.ALONE
    assert sorted(standings(found.candidate).values()) == [
        Standing.SAME,
        Standing.SAME,
        Standing.DIFFERENT,
        Standing.ALONE,
    ]


def test_sums_and_variables_without_expression() -> None:
    candidate = model({"u": (0, 9), "v": (0, 9), "w": (0, 9)}, rows=[({"u": 1, "v": 10, "w": 2}, None, 4)])
    found = pairing(REFERENCE, candidate, {"x": (0, {"u": 1, "v": 10}), "y": (0, {"w": 1})})
    assert (found.equal_rows, found.paired_rows, found.paired_columns) == (1, 1, 1)
    found = pairing(REFERENCE, candidate, {"x": (0, {"u": 1, "v": 10})})
    assert found.paired_rows == 0
    assert set(standings(found.reference).values()) == {Standing.ALONE}


def test_rows_of_one_name_without_a_common_variable_are_no_pair() -> None:
    candidate = model({"u": (0, 9), "v": (0, 9), "w": (0, 9)}, rows=[({"w": 1}, None, 4)])
    assert pairing(REFERENCE, candidate, {"x": (0, {"u": 1}), "y": (0, {"v": 1})}).paired_rows == 0


def test_pairing_takes_near_linear_time() -> None:
    def seconds(n: int) -> float:
        rows = [({f"x{i}": 2, f"x{(i + 1) % n}": 3 + i}, None, 8) for i in range(n)]
        turned = [({name.replace("x", "u"): value for name, value in terms.items()}, a, b) for terms, a, b in rows]
        first = model({f"x{i}": (0, 9) for i in range(n)}, rows=rows)
        second = model({f"u{i}": (0, 9) for i in range(n)}, rows=turned[::-1])
        started = time.process_time()
        found = pairing(first, second, {f"x{i}": (0, {f"u{i}": 1}) for i in range(n)})
        assert found.equal_rows == n
        return time.process_time() - started

    assert seconds(3000) < 2.0
