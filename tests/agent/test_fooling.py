"""Pairs that must not fool the checker: the expected answer to each is derived by hand in its docstring.

F(R), F(C) are the feasible sets, z_R, z_C the optimal values (as minimisation), f the mapping, σ the objective
relation. A docstring states the claims in the order status, value, optimum, optima, sound, complete.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from fooling import assert_mapping, assert_search, lp

from agent.run import check
from agent.settings import Settings
from tools.errors import InputError
from tools.formulation.model import Formulation

SAME = "a = a; b = b"
SAME_XY = "x = x; y = y"
ALL = "status value optimum optima sound complete"
THIS = "not_equivalent: this mapping"
AFFINE = "not_equivalent: every affine mapping"
ANY = "not_equivalent: any mapping"


def covering(*rows: str, need: str = "5 a + 3 b >= 7", cost: str = "2 a + 3 b", integer: str = "a b") -> Formulation:
    """min 2a + 3b with one covering row, a and b in 0..10.

    Integer points that cost less than 4 are (0,0), (1,0) and (0,1), which have 5a+3b ≤ 5; (2,0) is the only one that
    costs 4 (2a+3b = 4 forces b = 0) and has 10 ≥ 7. So z = 4 at (2,0) alone, also for a right-hand side up to 10. Over
    the reals a costs 2/5 for a unit of the row and b costs 1, so the optimum is a = rhs/5, b = 0 alone.
    Of the 121 integer points only (0,0), (0,1), (0,2), (1,0) break the row with 7: F has 117 points.
    """
    return lp(f"min {cost}", f"need: {need}", *rows, bounds="a <= 10, b <= 10", integer=integer)


def packing(*rows: str, sense: str = "max", cost: str = "3 x + 2 y", integer: str = "x y") -> Formulation:
    """max 3x + 2y with x + y ≤ 4, x and y in 0..3 (integral data: the LP has the same optimum).

    3x+2y = x + 2(x+y) ≤ 3 + 8 = 11, with equality only at x = 3, x+y = 4. So z = -11 at (3,1) alone.
    """
    return lp(f"{sense} {cost}", *(rows or ("cap: x + y <= 4",)), bounds="x <= 3, y <= 3", integer=integer)


@pytest.mark.parametrize("integer", ["a b", "a", ""])
def test_a_dropped_row_that_does_not_bind(integer: str) -> None:
    """R has a + b ≤ 9, C has not; f is the identity, σ too (the objectives are the same form).

    status: both have the optimum of `covering`. value: its optimum has a + b ≤ 2, so it is that of both models: z
    agrees. optimum, optima: it is C's only optimum (with b or both continuous as well: the cheapest way to cover 7 is
    a alone; with a integer, b not: a = 2 costs 4, a = 1 and b = 2/3 costs 4 too, a = 0 and b = 7/3 costs 7, so then C
    has the optima (2,0) and (1,2/3), and both have a + b ≤ 9), and it is R's. sound: (10,10) is in F(C), and 20 > 9.
    complete: F(R) ⊂ F(C) with equal objective. So a relaxation: optima carry over, not every solution does; the
    identity on equal names is also what a search finds first, and its refutation answers the user.
    """
    reference, candidate = covering("cap: a + b <= 9", integer=integer), covering(integer=integer)
    reports = assert_mapping(
        reference,
        candidate,
        SAME,
        proved="status value optimum optima complete",
        refuted="sound",
        relation="relaxation",
        quasi_karp="equivalent",
        reformulation=THIS,
    )
    witness = reports["reformulation"].counterexample
    assert witness is not None
    assert (witness.claim, witness.point_of, witness.violates) == ("sound", "candidate", "row cap")
    assert sum(Fraction(value) for value in witness.point.values()) > 9
    assert_search(reference, candidate, quasi_karp="equivalent", reformulation=THIS)


@pytest.mark.parametrize(("integer", "scope"), [("a b", ANY), ("", THIS)])
def test_an_extra_row_that_keeps_the_optimum(integer: str, scope: str) -> None:
    """C has the additional row a + b ≤ 9; f is the identity, σ too.

    status, value, optimum, optima: as above, the only optimum of both is that of `covering`, with a + b ≤ 2. sound:
    F(C) ⊂ F(R) with equal objective. complete: (10,10) is in F(R), only (10,10) maps to it, and 20 > 9. A narrowing;
    f renames, so it is structural and quasi-karp holds. In integers F(R) has 117 points and F(C) fewer, so no mapping
    is sound and complete; over the reals only this one is refuted.
    """
    reference, candidate = covering(integer=integer), covering("cap: a + b <= 9", integer=integer)
    reports = assert_mapping(
        reference,
        candidate,
        SAME,
        proved="status value optimum optima sound",
        refuted="complete",
        relation="narrowing",
        quasi_karp="equivalent",
        reformulation=scope,
    )
    witness = reports["reformulation"].counterexample
    assert witness is not None
    assert (witness.claim, witness.point_of) == ("complete", "reference")
    assert_search(reference, candidate, quasi_karp="equivalent", reformulation=scope)


@pytest.mark.parametrize("integer", ["a b", ""])
def test_another_objective_with_the_same_best_solution(integer: str) -> None:
    """C minimises 3a + 4b instead of 2a + 3b over the same set; f is the identity.

    σ: 2a+3b = s(3a+4b) + t has no solution (2/3 ≠ 3/4), there is no equality, and the only lifting is the identity.
    So value, sound and complete are unknown. C's optimum: in integers (0,0), (1,0), (0,1) fail the row, (2,0) costs 6
    and every other point of the row at least 7 ((1,1): 7, (0,3): 12, (3,0): 9); over the reals a costs 3/5 and b 4/3 a
    unit. So (2,0), or (7/5,0), is the only optimum of both: status, optimum, optima. quasi-karp holds by the
    structural f. reformulation: f is one-to-one, and (10,0), (0,10), (10,10) have the costs (30,20), (40,30), (70,50),
    on no line: no σ whatever makes f sound and complete. In integers C attains no fewer values than R.
    """
    reference, candidate = covering(integer=integer), covering(cost="3 a + 4 b", integer=integer)
    assert_mapping(
        reference,
        candidate,
        SAME,
        proved="status optimum optima",
        relation="undetermined",
        quasi_karp="equivalent",
        reformulation=THIS,
    )
    assert_search(reference, candidate, quasi_karp="equivalent", reformulation=THIS)


@pytest.mark.parametrize("integer", ["", "a", "b"])
def test_integrality_dropped_where_the_optimum_happens_to_be_integral(integer: str) -> None:
    """R is `covering` in integers with 5a + 3b ≥ 10; C has a, b or both continuous. f and σ are the identity.

    Both have the optimum (2,0) alone, of cost 4: over the reals a costs 2/5 a unit of the row, so cost ≥ 4 with
    equality only at (2,0). status, value, optimum, optima follow. sound: a fractional point of F(C) such as (5/2, 1)
    (or (3, 1/2)) maps to itself. complete: F(R) ⊂ F(C). A relaxation.
    """
    reference, candidate = (covering(need="5 a + 3 b >= 10", integer=kinds) for kinds in ("a b", integer))
    reports = assert_mapping(
        reference,
        candidate,
        SAME,
        proved="status value optimum optima complete",
        refuted="sound",
        relation="relaxation",
        quasi_karp="equivalent",
        reformulation=THIS,
    )
    witness = reports["reformulation"].counterexample
    assert witness is not None
    assert (witness.violates or "").startswith("integrality of ")
    assert_search(reference, candidate, quasi_karp="equivalent", reformulation=THIS)


@pytest.mark.parametrize("integer", ["a b", "a"])
def test_integrality_added_where_the_optimum_happens_to_be_integral(integer: str) -> None:
    """R is the LP `covering` with 5a + 3b ≥ 10, C has integers too. f and σ are the identity.

    The optimum of both is (2,0) alone, as above: status, value, optimum, optima. sound: F(C) ⊂ F(R). complete: (5/2,1)
    is in F(R) and only itself maps to it. A narrowing. F(R) is infinite; F(C) is finite when all of it is integer, and
    then no mapping can be complete; with b continuous it is infinite too.
    """
    reference, candidate = (covering(need="5 a + 3 b >= 10", integer=kinds) for kinds in ("", integer))
    verdict = ANY if integer == "a b" else THIS
    assert_mapping(
        reference,
        candidate,
        SAME,
        proved="status value optimum optima sound",
        refuted="complete",
        relation="narrowing",
        quasi_karp="equivalent",
        reformulation=verdict,
    )
    assert_search(reference, candidate, quasi_karp="equivalent", reformulation=verdict)


@pytest.mark.parametrize(("integer", "scope"), [("a b u v", ANY), ("", THIS)])
def test_a_rank_one_mapping_between_unrelated_models(integer: str, scope: str) -> None:
    """R: min a+b, a+2b ≥ 4, a,b in 0..10. C: max 3u+v, u+v ≤ 5. f: a = 0, b = 2/5 u was fitted to the optima.

    R: a+b ≥ (a+2b)/2 ≥ 2, equality only at (0,2). C: 3u+v ≤ 3(u+v) ≤ 15, equality only at (5,0). f(5,0) = (0,2):
    status, optimum, optima. σ: 2/5 u is no multiple of 3u+v: value unknown. sound: (1,0) maps to (0,2/5), and
    4/5 < 4, whatever σ. complete: (10,10) has a ≠ 0. f sets a to a constant, so it is chosen, and with complete
    refuted it counts for nothing: quasi-karp unknown. In integers F(C) has 21 points and F(R) has 121 - 6.
    """
    names = integer.split()
    bounds = "a <= 10, b <= 10"
    reference = lp("min a + b", "need: a + 2 b >= 4", bounds=bounds, integer=" ".join(n for n in names if n in "ab"))
    candidate = lp("max 3 u + v", "cap: u + v <= 5", integer=" ".join(n for n in names if n in "uv"))
    assert_mapping(
        reference,
        candidate,
        "a = 0; b = 2/5*u",
        proved="status optimum optima",
        refuted="sound complete",
        relation="optima-only",
        quasi_karp="unknown",
        reformulation=scope,
    )
    search = {ANY: ANY, THIS: "unknown"}[scope]
    assert_search(reference, candidate, quasi_karp="unknown", reformulation=search)


@pytest.mark.parametrize("integer", [True, False])
def test_the_constant_mapping_onto_an_optimum(integer: bool) -> None:
    """R: min a+b, a+2b ≥ 4, a,b in 0..10, z_R = 2 at (0,2) alone. f is the constant (0,2).

    C with a constant objective 7: σ has s = 1, and c_R∘f = 2, so σ(v) = v - 5. value: 2 = σ(7). sound: (0,2) is in F(R)
    and 2 ≤ σ(7). status, optimum and optima: every point of C is optimal and maps to R's optimum. complete: (10,10) is
    not (0,2). By the claims a narrowing, but f is chosen: quasi-karp unknown. C has 6 solutions in integers, R 115;
    over the reals F(R) has dimension 2 and C one variable, so that no affine mapping reaches it all.

    C with the objective u: 2 is no s·u + t with s > 0, so value and sound are unknown; complete stays refuted,
    whatever σ; the rest is as before.
    """
    kinds = ("a b", "u") if integer else ("", "")
    reference = lp("min a + b", "need: a + 2 b >= 4", bounds="a <= 10, b <= 10", integer=kinds[0])
    constant = lp("min 0 u + 7", "cap: u <= 5", integer=kinds[1])
    scope = ANY if integer else AFFINE
    assert_mapping(
        reference,
        constant,
        "a = 0; b = 2",
        proved="status value optimum optima sound",
        refuted="complete",
        relation="narrowing",
        quasi_karp="unknown",
        reformulation=scope,
    )
    assert_mapping(
        reference,
        lp("min u", "cap: u <= 5", integer=kinds[1]),
        "a = 0; b = 2",
        proved="status optimum optima",
        refuted="complete",
        relation="undetermined",
        quasi_karp="unknown",
        reformulation=scope,
    )


@pytest.mark.parametrize("integer", ["x y", ""])
def test_a_slack_with_the_wrong_sign(integer: str) -> None:
    """R is `packing` with x + y ≤ 4; C writes x + y - s = 4 with s ≥ 0 and so means x + y ≥ 4. f leaves s out.

    status: both have an optimum. C's is (3,3) alone (both at their upper bounds), z_C = -15; σ is the identity, z_R =
    -11: value refuted. f(3,3) has 6 > 4: optimum, optima, sound refuted. complete: (0,0) is in F(R) and has s = -4.
    With the right sign, x + y + s = 4, sound holds since s ≥ 0 and complete by s = 4 - x - y, which is ≥ 0 on F(R).
    """
    reference = packing(integer=integer)
    wrong, right = (packing(f"cap: x + y {sign} s = 4", integer=integer) for sign in "-+")
    assert_mapping(
        reference,
        wrong,
        SAME_XY,
        proved="status",
        refuted="value optimum optima sound complete",
        relation="different",
        quasi_karp=THIS,
        reformulation=THIS,
    )
    assert_mapping(
        reference,
        right,
        SAME_XY,
        proved=ALL,
        relation="reformulation",
        quasi_karp="equivalent",
        reformulation="equivalent",
    )
    assert_search(reference, right, quasi_karp="equivalent", reformulation="equivalent")


def fixed_charge(objective: str, big_m: int, *rows: str, integer: str = "") -> Formulation:
    """Return a model with x ≤ M·y, x in 0..10, y binary."""
    linking = f"link: x - {big_m} y <= 0"
    return lp(objective, linking, *rows, bounds="x <= 10, y <= 1", integer=f"y {integer}")


@pytest.mark.parametrize("integer", ["", "x"])
def test_a_big_m_too_small_that_cuts_the_optimum(integer: str) -> None:
    """R: max 5x - 3y, x ≤ 10y. C has M = 6. f and σ are the identity.

    With y = 0 x is 0; with y = 1 the best is x = M: z_R = -47 at (10,1), z_C = -27 at (6,1), each alone. status holds;
    value: -47 ≠ -27. (6,1) is in F(R) but not optimal there: optimum, optima refuted. sound: x ≤ 6y ≤ 10y. complete:
    (10,1) is not in F(C). A restriction. With x integer R has 12 solutions ((0,0) and (0..10, 1)), C has 8.
    """
    reference, candidate = (fixed_charge("max 5 x - 3 y", big_m, integer=integer) for big_m in (10, 6))
    assert_mapping(
        reference,
        candidate,
        SAME_XY,
        proved="status sound",
        refuted="value optimum optima complete",
        relation="restriction",
        quasi_karp=THIS,
        reformulation=ANY if integer else THIS,
    )


@pytest.mark.parametrize("integer", ["", "x"])
def test_a_big_m_too_small_that_cuts_no_optimum(integer: str) -> None:
    """R: min x + 3y, x ≥ 2, x ≤ 10y. C has M = 6. f and σ are the identity.

    x ≥ 2 forces y = 1, so F(R) = {(x,1): 2 ≤ x ≤ 10}, F(C) = {(x,1): 2 ≤ x ≤ 6}, both with the only optimum (2,1) of
    value 5: status, value, optimum, optima. sound: 6y ≤ 10y. complete: (10,1) is not in F(C). A narrowing. With x
    integer R has 9 solutions and C has 5.
    """
    reference, candidate = (fixed_charge("min x + 3 y", m, "low: x >= 2", integer=integer) for m in (10, 6))
    verdict = ANY if integer else THIS
    assert_mapping(
        reference,
        candidate,
        SAME_XY,
        proved="status value optimum optima sound",
        refuted="complete",
        relation="narrowing",
        quasi_karp="equivalent",
        reformulation=verdict,
    )
    assert_search(reference, candidate, quasi_karp="equivalent", reformulation=verdict)


@pytest.mark.parametrize("integer", ["x y", ""])
def test_an_equality_relaxed_on_the_side_where_there_is_slack(integer: str) -> None:
    """R: min 2x + 3y, x + y = 4, x,y in 0..3. C has x + y ≥ 4. f and σ are the identity.

    2x+3y = 3(x+y) - x ≥ 12 - 3 = 9, equality only at (3,1): the only optimum of both, so status, value, optimum,
    optima. sound: (3,3) is in F(C), and 6 ≠ 4. complete: F(R) ⊂ F(C). A relaxation.
    """
    reference, candidate = (
        packing(f"sum: x + y {sign} 4", sense="min", cost="2 x + 3 y", integer=integer) for sign in ("=", ">=")
    )
    assert_mapping(
        reference,
        candidate,
        SAME_XY,
        proved="status value optimum optima complete",
        refuted="sound",
        relation="relaxation",
        quasi_karp="equivalent",
        reformulation=THIS,
    )


@pytest.mark.parametrize("integer", ["x y", ""])
def test_an_equality_relaxed_on_the_side_that_binds(integer: str) -> None:
    """R: min 2x + 3y, x + y = 4, x,y in 0..3. C has x + y ≤ 4. f and σ are the identity.

    z_R = 9 as above; C's only optimum is (0,0) with 0. status; value 9 ≠ 0; f(0,0) has 0 ≠ 4: optimum, optima, sound
    refuted; complete since F(R) ⊂ F(C).
    """
    reference, candidate = (
        packing(f"sum: x + y {sign} 4", sense="min", cost="2 x + 3 y", integer=integer) for sign in ("=", "<=")
    )
    assert_mapping(
        reference,
        candidate,
        SAME_XY,
        proved="status complete",
        refuted="value optimum optima sound",
        relation="relaxation",
        quasi_karp=THIS,
        reformulation=THIS,
    )


@pytest.mark.parametrize("integer", ["x y", ""])
def test_constant_objectives(integer: str) -> None:
    """R: min 0, x + y = 4, x,y in 0..3. C: max 7, x + y ≥ 4. f is the identity; constants take s = 1: σ(v) = v + 7.

    status: both feasible. value: 0 = σ(-7). Every feasible point is optimal: (3,1) maps to an optimum (optimum), (3,3)
    to a point outside F(R): optima, sound refuted. complete: F(R) ⊂ F(C), equal value. A relaxation that passes the
    check of one optimum and fails both contracts.
    """
    reference = packing("sum: x + y = 4", sense="min", cost="0 x", integer=integer)
    candidate = packing("sum: x + y >= 4", cost="0 x + 7", integer=integer)
    assert_mapping(
        reference,
        candidate,
        SAME_XY,
        proved="status value optimum complete",
        refuted="optima sound",
        relation="relaxation",
        quasi_karp=THIS,
        reformulation=THIS,
    )


@pytest.mark.parametrize(("integer", "scope"), [("x y", ANY), ("", THIS)])
def test_an_objective_replaced_by_a_constant(integer: str, scope: str) -> None:
    """R is `packing`, C has the same rows and the objective 0. f is the identity.

    σ: 3x+2y is no s·0 + t: value, sound and complete unknown. status: both have an optimum. optimum: (3,1) is one of
    C's optima, which are all of F(C). optima: (0,0) is another. In integers R attains several objective values
    (0 and -11), C one, so no mapping is a reformulation.
    """
    assert_mapping(
        packing(integer=integer),
        packing(cost="0 x", integer=integer),
        SAME_XY,
        proved="status optimum",
        refuted="optima",
        relation="different",
        quasi_karp=THIS,
        reformulation=scope,
    )


@pytest.mark.parametrize("integer", ["x y", ""])
def test_several_optima_of_which_a_lucky_one_maps_right(integer: str) -> None:
    """R: max x + y, x + y ≤ 4, x ≤ 2 (a row), x,y in 0..3. C lacks x ≤ 2. f and σ are the identity.

    status, value: both reach 4 = x + y. optimum: (1,3) is optimal in C and in R. optima: (3,1) is optimal in C, and
    3 > 2. sound: the same point. complete: F(R) ⊂ F(C). A relaxation that fails both contracts.
    """
    cap = "cap: x + y <= 4"
    reference = packing(cap, "few: x <= 2", cost="x + y", integer=integer)
    candidate = packing(cap, cost="x + y", integer=integer)
    reports = assert_mapping(
        reference,
        candidate,
        SAME_XY,
        proved="status value optimum complete",
        refuted="optima sound",
        relation="relaxation",
        quasi_karp=THIS,
        reformulation=THIS,
    )
    witness = reports["quasi-karp"].counterexample
    assert witness is not None
    assert (witness.claim, witness.violates) == ("optima", "row few")
    assert_search(reference, candidate, quasi_karp=THIS, reformulation=THIS)


@pytest.mark.parametrize("integer", ["x y", ""])
def test_exchanging_the_roles_changes_the_answer(integer: str) -> None:
    """The pair of the lucky vertex with the roles exchanged: now C has the additional row x ≤ 2.

    status, value: 4 = 4. C's optima (1,3) and (2,2), and the segment between them, are optima of R, where x ≤ 3:
    optimum, optima. sound: F(C) ⊂ F(R). complete: (3,0) is in F(R) only. A narrowing, so quasi-karp holds in this
    direction and not in the other. In integers R has 13 solutions (16 less (2,3), (3,2), (3,3)) and C has 11.
    """
    cap = "cap: x + y <= 4"
    assert_mapping(
        packing(cap, cost="x + y", integer=integer),
        packing(cap, "few: x <= 2", cost="x + y", integer=integer),
        SAME_XY,
        proved="status value optimum optima sound",
        refuted="complete",
        relation="narrowing",
        quasi_karp="equivalent",
        reformulation=ANY if integer else THIS,
    )


@pytest.mark.parametrize("integer", [True, False])
def test_variables_exchanged_in_the_mapping(integer: bool) -> None:
    """R is `packing` in x, y; C is `packing` in u, v. f exchanges them: x = v, y = u.

    σ: 3v+2u is no multiple of 3u+2v: value, sound, complete unknown, although f is a bijection of the feasible sets.
    status: equal models. C's only optimum (3,1) maps to (1,3), feasible, of value 9 < 11: optimum, optima refuted. A
    search must find x = u, y = v, under which everything holds.
    """
    kinds = ("x y", "u v") if integer else ("", "")
    reference = packing(integer=kinds[0])
    candidate = lp("max 3 u + 2 v", "c: u + v <= 4", bounds="u <= 3, v <= 3", integer=kinds[1])
    assert_mapping(
        reference,
        candidate,
        "x = v; y = u",
        proved="status",
        refuted="optimum optima",
        relation="different",
        quasi_karp=THIS,
        reformulation=THIS,
    )
    assert_search(reference, candidate, quasi_karp="equivalent", reformulation="equivalent")


@pytest.mark.parametrize("mapping", ["a = a", "a = a; b = w", "a = a; b = b; w = a", "a = a; a = b; b = b"])
def test_a_mapping_that_is_incomplete_or_names_strangers_is_an_error(mapping: str) -> None:
    """b is not mapped; w is no variable of C; w is none of R; a is defined twice: unusable input, never a verdict."""
    rules = mapping.replace("; ", "\n")
    with pytest.raises(InputError, match=r"'b'|'w'|'a'|'w = a'"):
        check(covering(), covering(), Settings(mapping=rules))


def odd(objective: str, *rows: str, integer: str) -> Formulation:
    """Return an infeasible model: 2p = 1 in integers, 2p = 3 with p ≤ 1 over the reals."""
    parity = f"parity: 2 p = {1 if integer else 3}"
    return lp(objective, parity, *rows, bounds="p <= 1, q <= 5", integer=integer)


@pytest.mark.parametrize("integer", ["p q", "p", ""])
def test_identical_infeasible_models_are_vacuously_equivalent(integer: str) -> None:
    """R = C has no solution (2p is even and 1 is not; or p = 3/2 > 1). f is the identity.

    status: both infeasible. value: +∞ = σ(+∞). The other claims speak of no point at all. The verdict says so.
    """
    model = odd("min p + q", integer=integer)
    reports = assert_mapping(
        model,
        model,
        "p = p; q = q",
        proved=ALL,
        relation="reformulation",
        quasi_karp="equivalent",
        reformulation="equivalent",
    )
    assert all("vacuous" in report.reason for report in reports.values())
    assert_search(model, model, quasi_karp="equivalent", reformulation="equivalent")


@pytest.mark.parametrize("integer", ["p", ""])
def test_unlike_infeasible_models_are_vacuously_equivalent(integer: str) -> None:
    """R is infeasible, C too (u + v ≥ 3 with u, v ≤ 1), the objectives are unlike, f is a constant.

    status: both infeasible. value: σ(+∞) = +∞ for every σ with s > 0, so it holds though no σ can be read off. The
    other claims speak of no point; a chosen mapping makes no difference where there is nothing to map.
    """
    candidate = lp("max u - 2 v", "many: u + v >= 3", bounds="u <= 1, v <= 1")
    reports = assert_mapping(
        odd("min p + q", integer=integer),
        candidate,
        "p = 1; q = 7*u",
        proved=ALL,
        relation="reformulation",
        quasi_karp="equivalent",
        reformulation="equivalent",
    )
    assert all("vacuous" in report.reason for report in reports.values())


def growing(*rows: str, integer: str = "x") -> Formulation:
    """max x with x - y ≤ 2, x,y ≥ 0: (0,0) is feasible and (1,1) an improving direction, so it is unbounded."""
    return lp("max x", "gap: x - y <= 2", *rows, integer=integer)


@pytest.mark.parametrize("integer", ["x", "x y", ""])
def test_identical_unbounded_models(integer: str) -> None:
    """R = C is unbounded, f the identity: sound and complete are plain, the rest follows by Theorem 2."""
    model = growing(integer=integer)
    reports = assert_mapping(
        model, model, SAME_XY, proved=ALL, relation="reformulation", quasi_karp="equivalent", reformulation="equivalent"
    )
    assert reports["quasi-karp"].reference.status == "unbounded"
    assert_search(model, model, quasi_karp="equivalent", reformulation="equivalent")


@pytest.mark.parametrize("integer", ["x y", ""])
def test_unbounded_models_with_variables_exchanged(integer: str) -> None:
    """R = C = `growing`, f: x = y, y = x. Neither has an optimum, so quasi-karp needs sound as well.

    status, value (-∞ on both sides, whatever σ) hold; optimum, optima speak of no point. sound: (0,5) has -5 ≤ 2 and
    maps to (5,0), where 5 > 2: refuted, whatever σ. complete: (0,5) comes only from (5,0), which is not in F(C). σ: y
    is no multiple of x. Both contracts refuse this mapping: that optima hold of nothing counts for nothing.
    """
    model = growing(integer=integer)
    assert_mapping(
        model,
        model,
        "x = y; y = x",
        proved="status value optimum optima",
        refuted="sound complete",
        relation="different",
        quasi_karp=THIS,
        reformulation=THIS,
    )


@pytest.mark.parametrize("integer", ["x y", ""])
def test_only_the_candidate_is_infeasible(integer: str) -> None:
    """R is `packing`; C adds x + y ≥ 5, against x + y ≤ 4. f and σ are the identity.

    status, value (-11 ≠ +∞) refuted. optimum, optima, sound speak of no point of C: proved. complete: F(R) is not
    empty. A restriction. Statuses differ under every mapping.
    """
    reference = packing(integer=integer)
    candidate = packing("cap: x + y <= 4", "many: x + y >= 5", integer=integer)
    assert_mapping(
        reference,
        candidate,
        SAME_XY,
        proved="optimum optima sound",
        refuted="status value complete",
        relation="restriction",
        quasi_karp=ANY,
        reformulation=ANY,
    )
    assert_search(reference, candidate, quasi_karp=ANY, reformulation=ANY)


@pytest.mark.parametrize("integer", ["x y", ""])
def test_only_the_reference_is_infeasible(integer: str) -> None:
    """The pair above with the roles exchanged.

    status, value refuted. f(x) is never in F(R) = ∅, and C has an optimum: optimum, optima, sound refuted. complete
    speaks of no point of R: proved. A relaxation. Statuses differ under every mapping.
    """
    reference = packing("cap: x + y <= 4", "many: x + y >= 5", integer=integer)
    candidate = packing(integer=integer)
    assert_mapping(
        reference,
        candidate,
        SAME_XY,
        proved="complete",
        refuted="status value optimum optima sound",
        relation="relaxation",
        quasi_karp=ANY,
        reformulation=ANY,
    )
    assert_search(reference, candidate, quasi_karp=ANY, reformulation=ANY)


@pytest.mark.parametrize("integer", ["x", ""])
def test_only_the_candidate_is_unbounded(integer: str) -> None:
    """R is `growing` with y ≤ 8 (so x ≤ 10, reached), C is `growing`. f and σ are the identity.

    status, value (-10 ≠ -∞) refuted. C has no optimum: optimum, optima speak of no point. sound: (0,9) is in F(C) only.
    complete: F(R) ⊂ F(C). A relaxation.
    """
    reference, candidate = growing("few: y <= 8", integer=integer), growing(integer=integer)
    assert_mapping(
        reference,
        candidate,
        SAME_XY,
        proved="optimum optima complete",
        refuted="status value sound",
        relation="relaxation",
        quasi_karp=ANY,
        reformulation=ANY,
    )
    assert_search(reference, candidate, quasi_karp=ANY, reformulation=ANY)


@pytest.mark.parametrize("integer", ["x", ""])
def test_only_the_reference_is_unbounded(integer: str) -> None:
    """The pair above with the roles exchanged.

    status, value refuted. C's optimum (10,8) is in F(R), but R has no optimum: optimum, optima refuted. sound: F(C) ⊂
    F(R). complete: (0,9) is in F(R) only. A restriction.
    """
    assert_mapping(
        growing(integer=integer),
        growing("few: y <= 8", integer=integer),
        SAME_XY,
        proved="sound",
        refuted="status value optimum optima complete",
        relation="restriction",
        quasi_karp=ANY,
        reformulation=ANY,
    )


@pytest.mark.parametrize("integer", [True, False])
def test_a_shift_by_a_bound(integer: bool) -> None:
    """R: min 2x + 3y, 5x + 3y ≥ 22, x in 3..13, y in 0..10. C has u = x - 3: 5u + 3v ≥ 7, u in 0..10.

    f: x = u + 3, y = v. 5(u+3)+3v ≥ 22 is C's row, 3..13 is 0..10 shifted, 2(u+3)+3v = c_C + 6: all claims hold by f
    and its inverse u = x - 3. A search must find it.

    f: x = u + 2 is off by one. status is f's no matter. σ(v) = v + 4. C is `covering`: z_C = 4 at (2,0), z = 14/5 at
    (7/5,0) over the reals. z_R = z_C + 6 by the right mapping, not z_C + 4: value. f(2,0) = (4,0) has 20 < 22, f(7/5,0)
    = (17/5,0) has 17 < 22: optimum, optima, sound refuted. complete: x = 13 needs u = 11.
    """
    kinds = ("x y", "u v") if integer else ("", "")
    reference = lp("min 2 x + 3 y", "need: 5 x + 3 y >= 22", bounds="3 <= x <= 13, y <= 10", integer=kinds[0])
    candidate = lp("min 2 u + 3 v", "need: 5 u + 3 v >= 7", bounds="u <= 10, v <= 10", integer=kinds[1])
    assert_mapping(
        reference,
        candidate,
        "x = u + 3; y = v",
        proved=ALL,
        relation="reformulation",
        quasi_karp="equivalent",
        reformulation="equivalent",
    )
    assert_search(reference, candidate, quasi_karp="equivalent", reformulation="equivalent")
    assert_mapping(
        reference,
        candidate,
        "x = u + 2; y = v",
        proved="status",
        refuted="value optimum optima sound complete",
        relation="different",
        quasi_karp=THIS,
        reformulation=THIS,
    )


def test_a_complement() -> None:
    """R: min 4x + 3y, x + y ≥ 1, binary. C has z = 1 - x: min 4 - 4z + 3y, y - z ≥ 0.

    f: x = 1 - z: (1-z)+y ≥ 1 is C's row, 4(1-z)+3y = c_C: all claims hold. A search must find it.

    f: x = z forgets the complement. σ: 4z+3y is no multiple of -4z+3y: value unknown. F(C) = {(0,0),(0,1),(1,1)} with
    values 4, 7, 3: the only optimum (1,1) maps to (1,1), which costs 7 > 3 = z_R (at (0,1)): optimum, optima refuted.
    sound: (0,0) maps to (0,0), which breaks x + y ≥ 1. complete: (1,0) in F(R) comes from (1,0) only, not in F(C).
    """
    reference = lp("min 4 x + 3 y", "need: x + y >= 1", bounds="x <= 1, y <= 1", integer="x y")
    candidate = lp("min 3 y - 4 z + 4", "need: y - z >= 0", bounds="z <= 1, y <= 1", integer="z y")
    assert_mapping(
        reference,
        candidate,
        "x = 1 - z; y = y",
        proved=ALL,
        relation="reformulation",
        quasi_karp="equivalent",
        reformulation="equivalent",
    )
    assert_search(reference, candidate, quasi_karp="equivalent", reformulation="equivalent")
    assert_mapping(
        reference,
        candidate,
        "x = z; y = y",
        proved="status",
        refuted="optimum optima sound complete",
        relation="different",
        quasi_karp=THIS,
        reformulation=THIS,
    )


@pytest.mark.parametrize("cost", ["0.000000002 a + 0.000000003 b", "20000000000 a + 30000000000 b + 1"])
@pytest.mark.parametrize("integer", ["a b", ""])
def test_an_objective_scaled_far(integer: str, cost: str) -> None:
    """C's objective is R's times 1e-9, or times 1e10 plus 1: σ undoes it exactly, and everything holds."""
    reference, candidate = covering(integer=integer), covering(cost=cost, integer=integer)
    assert_mapping(
        reference,
        candidate,
        SAME,
        proved=ALL,
        relation="reformulation",
        quasi_karp="equivalent",
        reformulation="equivalent",
    )
    assert_search(reference, candidate, quasi_karp="equivalent", reformulation="equivalent")


@pytest.mark.parametrize("integer", ["a b", ""])
def test_a_small_objective_and_a_dropped_row(integer: str) -> None:
    """R: min 2a + b, a + b ≤ 9; C minimises (2a + b)/10⁹ without that row. f is the identity, σ(v) = 10⁹ v.

    The row costs 2/5 a unit by a and 1/3 by b: over the reals (0, 7/3) alone is optimal; in integers cost 3 is reached
    by (1,1) and (0,3) only, and cost 2 by (1,0), (0,2), which fail. All of these have a + b ≤ 9: status, value,
    optimum, optima as in every relaxation. A solver that stops at an absolute gap of 1e-6 would call (0,10) optimal
    in C, and (0,10) breaks R's row. sound: (10,10). complete: F(R) ⊂ F(C).
    """
    assert_mapping(
        covering("cap: a + b <= 9", cost="2 a + b", integer=integer),
        covering(cost="0.000000002 a + 0.000000001 b", integer=integer),
        SAME,
        proved="status value optimum optima complete",
        refuted="sound",
        relation="relaxation",
        quasi_karp="equivalent",
        reformulation=THIS,
    )


@pytest.mark.parametrize("integer", ["a b", "a", ""])
def test_a_dropped_row_with_small_coefficients(integer: str) -> None:
    """R is `covering` with (a + b)/10⁹ ≤ 9/10⁹: the same row a + b ≤ 9, below every tolerance. C lacks it.

    As for the dropped row: (10,10) breaks it, and no solver's word may stand for it.
    """
    assert_mapping(
        covering("cap: 0.000000001 a + 0.000000001 b <= 0.000000009", integer=integer),
        covering(integer=integer),
        SAME,
        proved="status value optimum optima complete",
        refuted="sound",
        relation="relaxation",
        quasi_karp="equivalent",
        reformulation=THIS,
    )


def test_an_objective_with_a_part_below_every_tolerance() -> None:
    """R: min a + b/10⁹, a + b ≤ 9, in integers; C lacks that row. f and σ are the identity.

    Both have the optimum (0,3) alone, of cost 3/10⁹ (a = 0 is best, then 3b ≥ 7): quasi-karp holds. A solver cannot
    tell (0,9) or (0,10) from it, so that it may offer (0,10) as C's optimum, which breaks R's row, and other values
    than R's. Nothing may be refuted by that: "equivalent" or "unknown", sound refuted by (10,10), complete proved.
    """
    reference, candidate = (covering(*rows, cost="a + 0.000000001 b") for rows in (("cap: a + b <= 9",), ()))
    report = check(reference, candidate, Settings(mapping=SAME.replace(";", "\n")))
    assert report.verdict != "not_equivalent", report.reason
    refuted = [name for name, claim in report.claims.items() if claim.result == "refuted"]
    assert (refuted, report.claims["complete"].result) == (["sound"], "proved")


def test_a_wrong_objective_below_every_tolerance() -> None:
    """C minimises (2a + b)/10⁹ instead of (2a + 3b)/10⁹, in integers; f is the identity.

    σ: 2/2 ≠ 3/1: value, sound, complete unknown. C's optima: 2a+b ≤ 2 only at (0,0), (0,1), (0,2), (1,0), which fail
    the row; 3 at (1,1) and (0,3), which have 8 and 9. R's only optimum is (2,0) of cost 4, and (1,1), (0,3) cost 5 and
    9: optima refuted, though all of C's values lie within 3e-8 of each other. optimum: no optimum of C is one of R; it
    is refuted by an exact proof, since at 1e-9 no floating-point solver tells C's optimal face from F(C). C attains 28
    values (3..30, over 10⁹), R 46 (4..50 but 49): no mapping is a reformulation.
    """
    assert_mapping(
        covering(),
        covering(cost="0.000000002 a + 0.000000001 b"),
        SAME,
        proved="status",
        refuted="optimum optima",
        relation="different",
        quasi_karp=THIS,
        reformulation=ANY,
    )


def test_a_large_objective_off_by_little() -> None:
    """C minimises 2·10¹⁰ a + (3·10¹⁰ + 1) b: no σ, the same only optimum (b costs more than before, a the same).
    As f is one-to-one and the costs at (2,0), (10,0), (0,10) lie on no line, f is no reformulation for any σ."""
    assert_mapping(
        covering(),
        covering(cost="20000000000 a + 30000000001 b"),
        SAME,
        proved="status optimum optima",
        relation="undetermined",
        quasi_karp="equivalent",
        reformulation=THIS,
    )


@pytest.mark.parametrize("integer", ["x y", ""])
def test_maximising_against_minimising_the_negative(integer: str) -> None:
    """R is `packing`. C minimises -3x - 2y: the same minimisation form, so σ is the identity and all claims hold.

    C that minimises 3x + 2y: -(3x+2y) = s(3x+2y) asks for s = -1 < 0: no σ; value, sound, complete unknown. Its only
    optimum is (0,0), feasible in R, worth 0 and not 11: optimum, optima refuted. The search refutes the identity.
    """
    reference = packing(integer=integer)
    assert_mapping(
        reference,
        packing(sense="min", cost="-3 x - 2 y", integer=integer),
        SAME_XY,
        proved=ALL,
        relation="reformulation",
        quasi_karp="equivalent",
        reformulation="equivalent",
    )
    flipped = packing(sense="min", integer=integer)
    assert_mapping(
        reference,
        flipped,
        SAME_XY,
        proved="status",
        refuted="optimum optima",
        relation="different",
        quasi_karp=THIS,
        reformulation=THIS,
    )
    assert_search(reference, flipped, quasi_karp=THIS, reformulation=THIS)


def test_a_coefficient_off_by_one_in_ten_thousand_over_the_reals() -> None:
    """C has 5.0001 a + 3b ≥ 7. f and σ are the identity.

    C's only optimum is a = 7/5.0001, z_C = 14/5.0001 ≠ 14/5: value. Its image has 5a = 7·5/5.0001 < 7: optimum, optima,
    sound refuted. complete: a ≥ 0, so 5.0001a + 3b ≥ 5a + 3b ≥ 7. A relaxation.
    """
    assert_mapping(
        covering(integer=""),
        covering(need="5.0001 a + 3 b >= 7", integer=""),
        SAME,
        proved="status complete",
        refuted="value optimum optima sound",
        relation="relaxation",
        quasi_karp=THIS,
        reformulation=THIS,
    )


def test_a_coefficient_off_by_one_in_ten_thousand_in_integers() -> None:
    """R has 5a + 3b ≥ 10 in integers, and f, σ are the identity.

    C with 4.9999 a: (2,0) has 9.9998 < 10. Left with cost 6 at (3,0) (14.9997); cost 5 is (1,1) with 7.9999, cost 4
    only (2,0). So z_C = 6 ≠ 4: value; (3,0) is feasible in R, not optimal: optimum, optima. sound: a ≥ 0. complete:
    (2,0) is lost, so that C has fewer solutions than R. A restriction.

    C with 5.0001 a: for a ≤ 10 the row gains at most 1/1000, and 5a + 3b ≤ 9 stays below 10. The sets are equal in
    integers, so all claims hold: sound needs 5a + 3b ≥ 10·5/5.0001 = 9.9998, rounded up to the integer 10.
    """
    reference = covering(need="5 a + 3 b >= 10")
    assert_mapping(
        reference,
        covering(need="4.9999 a + 3 b >= 10"),
        SAME,
        proved="status sound",
        refuted="value optimum optima complete",
        relation="restriction",
        quasi_karp=THIS,
        reformulation=ANY,
    )
    assert_mapping(
        reference,
        covering(need="5.0001 a + 3 b >= 10"),
        SAME,
        proved=ALL,
        relation="reformulation",
        quasi_karp="equivalent",
        reformulation="equivalent",
    )


@pytest.mark.parametrize("integer", ["a b", ""])
def test_duplicate_and_empty_rows(integer: str) -> None:
    """C repeats its row, doubled, and adds 0 ≤ 5: the set and the objective stay, so all claims hold.

    R with the pair x ≤ 1 and 2x ≤ 2 may lose one of the two and not both: with neither, x in 0..5, max x. z = -1 and
    -5: value refuted. f(5) breaks x ≤ 1: optimum, optima, sound refuted. complete: F(R) ⊂ F(C).
    """
    reference = covering(integer=integer)
    candidate = covering("twice: 10 a + 6 b >= 14", "void: 0 a <= 5", integer=integer)
    assert_mapping(
        reference,
        candidate,
        SAME,
        proved=ALL,
        relation="reformulation",
        quasi_karp="equivalent",
        reformulation="equivalent",
    )
    assert_search(reference, candidate, quasi_karp="equivalent", reformulation="equivalent")
    kind = "x" if integer else ""
    pair = lp("max x", "once: x <= 1", "twice: 2 x <= 2", bounds="x <= 5", integer=kind)
    one = lp("max x", "twice: 2 x <= 2", bounds="x <= 5", integer=kind)
    none = lp("max x", "twice: 0 x <= 2", bounds="x <= 5", integer=kind)
    assert_mapping(
        pair, one, "x = x", proved=ALL, relation="reformulation", quasi_karp="equivalent", reformulation="equivalent"
    )
    assert_mapping(
        pair,
        none,
        "x = x",
        proved="status complete",
        refuted="value optimum optima sound",
        relation="relaxation",
        quasi_karp=THIS,
        reformulation=THIS,
    )


@pytest.mark.parametrize("integer", ["a b", ""])
def test_an_empty_row_that_cannot_hold(integer: str) -> None:
    """C adds 0 ≥ 1 and so is infeasible: as with every infeasible candidate."""
    reference, candidate = covering(integer=integer), covering("void: 0 a >= 1", integer=integer)
    assert_mapping(
        reference,
        candidate,
        SAME,
        proved="optimum optima sound",
        refuted="status value complete",
        relation="restriction",
        quasi_karp=ANY,
        reformulation=ANY,
    )


@pytest.mark.parametrize("integer", ["a b", ""])
def test_fixed_variables(integer: str) -> None:
    """R has k fixed at 2: min 2a + 3b + k, 5a + 3b + k ≥ 9. C is `covering` with the constant 2, without k.

    f: k = 2, the rest the identity. 5a+3b+2 ≥ 9 is C's row; 2a+3b+2 = c_C: all claims hold, by the lifting that
    forgets k. f is structural, k being fixed at this value.

    f: k = 1 breaks k ≥ 2 at every point: optimum, optima, sound refuted; complete: k = 2 in all of F(R). σ(v) = v - 1,
    but z_R = z_C (by k = 2): value refuted.

    With the roles exchanged k is a variable of C that nothing asks for: all claims hold, c_R = c_C since k = 2.
    """
    bounds = "a <= 10, b <= 10, 2 <= k <= 2"
    with_k = lp("min 2 a + 3 b + k", "need: 5 a + 3 b + k >= 9", bounds=bounds, integer=integer)
    without = covering(cost="2 a + 3 b + 2", integer=integer)
    for pair, mapping in (((with_k, without), f"{SAME}; k = 2"), ((without, with_k), SAME)):
        assert_mapping(
            *pair,
            mapping,
            proved=ALL,
            relation="reformulation",
            quasi_karp="equivalent",
            reformulation="equivalent",
        )
    assert_search(with_k, without, quasi_karp="equivalent", reformulation="equivalent")
    assert_mapping(
        with_k,
        without,
        f"{SAME}; k = 1",
        proved="status",
        refuted="value optimum optima sound complete",
        relation="different",
        quasi_karp=THIS,
        reformulation=THIS,
    )


@pytest.mark.parametrize(("integer", "scope"), [("a b w", ANY), ("", AFFINE)])
def test_a_variable_that_appears_nowhere(integer: str, scope: str) -> None:
    """R is `covering` with w in 0..1, in no row and not in the objective; C lacks w. f: w = 0, the rest the identity.

    status, value, optimum, optima, sound: 0 lies in 0..1, nothing else asks for w. complete: w = 1 is not reached. A
    narrowing; f is structural, since a constant for a variable that nothing asks for fits nothing. In integers R has
    twice as many solutions as C; over the reals F(R) has dimension 3 and C two variables.

    With the roles exchanged w is a variable of C: f forgets it, complete by w = 0: all claims hold.

    f: w = 2 breaks w ≤ 1 everywhere: optimum, optima, sound refuted; complete: w = 1. value holds still (w costs
    nothing, σ is the identity).
    """
    idle = lp("min 2 a + 3 b", "need: 5 a + 3 b >= 7", bounds="a <= 10, b <= 10, w <= 1", integer=integer)
    busy = covering(integer=integer[:3])
    assert_mapping(
        idle,
        busy,
        f"{SAME}; w = 0",
        proved="status value optimum optima sound",
        refuted="complete",
        relation="narrowing",
        quasi_karp="equivalent",
        reformulation=scope,
    )
    assert_search(idle, busy, quasi_karp="equivalent", reformulation=scope)
    assert_mapping(
        busy,
        idle,
        SAME,
        proved=ALL,
        relation="reformulation",
        quasi_karp="equivalent",
        reformulation="equivalent",
    )
    assert_search(busy, idle, quasi_karp="equivalent", reformulation="equivalent")
    assert_mapping(
        idle,
        busy,
        f"{SAME}; w = 2",
        proved="status value",
        refuted="optimum optima sound complete",
        relation="different",
        quasi_karp=THIS,
        reformulation=scope,
    )


@pytest.mark.parametrize(
    ("integer", "shift", "scope"), [(True, "2", ANY), (False, "7/5", THIS)], ids=["integer", "real"]
)
def test_a_shift_that_hides_a_lost_row(integer: bool, shift: str, scope: str) -> None:
    """R is `covering`. C: min 2u + 3v without any row, u in 0..10-k, v in 0..10. f: a = u + k, b = v, with k = z_R / 2.

    σ(v) = v + 2k. C's only optimum is (0,0) of cost 0: status; value: z_R = 2k = σ(0). f(0,0) = (k,0) is R's optimum:
    optimum, optima. sound: 5(u+k) ≥ 5k ≥ 7, k ≤ a ≤ 10, k is an integer where a is one. complete: (0,10) is in F(R)
    and needs u = -k. By the claims a narrowing; but the shift carries the bound a ≥ 0 onto no bound of C: f is chosen,
    and with complete refuted counts for nothing. In integers R has 117 solutions and C has 99. A search that tries the
    shift must not accept it either.
    """
    top = {"2": "8", "7/5": "8.6"}[shift]
    kinds = ("a b", "u v") if integer else ("", "")
    reference = covering(integer=kinds[0])
    candidate = lp("min 2 u + 3 v", "loose: u + v <= 100", bounds=f"u <= {top}, v <= 10", integer=kinds[1])
    assert_mapping(
        reference,
        candidate,
        f"a = u + {shift}; b = v",
        proved="status value optimum optima sound",
        refuted="complete",
        relation="narrowing",
        quasi_karp="unknown",
        reformulation=scope,
    )
    assert_search(reference, candidate, quasi_karp="unknown", reformulation=ANY if integer else "unknown")


@pytest.mark.parametrize("integer", ["a b", ""])
def test_an_epigraph_variable_held_by_an_inequality(integer: str) -> None:
    """R is `covering`; C minimises e with e ≥ 2a + 3b, e free. f forgets e.

    σ is read off the lifting e = 2a + 3b: the identity. sound: 2a+3b ≤ e. complete by that lifting. All claims hold,
    though e may lie above what it bounds.
    """
    reference = covering(integer=integer)
    candidate = lp(
        "min e",
        "need: 5 a + 3 b >= 7",
        "epi: e - 2 a - 3 b >= 0",
        bounds="a <= 10, b <= 10, e free",
        integer=integer,
    )
    assert_mapping(
        reference,
        candidate,
        SAME,
        proved=ALL,
        relation="reformulation",
        quasi_karp="equivalent",
        reformulation="equivalent",
    )
    assert_search(reference, candidate, quasi_karp="equivalent", reformulation="equivalent")


@pytest.mark.parametrize("integer", ["a b", ""])
def test_an_epigraph_variable_held_from_the_wrong_side(integer: str) -> None:
    """C minimises e in 0..100 with e ≤ 2a + 3b. The lifting e = 2a + 3b gives the identity for σ.

    status: C's optimum is e = 0. optimum: C's optima are all of F(R) with e = 0, R's optimum among them. optima:
    (10,10,0) is one of them and costs 50 in R. complete: e = 2a+3b, at most 50, at equal value. value and sound fail
    for this σ (z_R > 0; 50 > 0), but one read off a lifting is one of many (such as σ(v) = v + 50): unknown.
    """
    candidate = lp(
        "min e",
        "need: 5 a + 3 b >= 7",
        "epi: e - 2 a - 3 b <= 0",
        bounds="a <= 10, b <= 10, e <= 100",
        integer=integer,
    )
    assert_mapping(
        covering(integer=integer),
        candidate,
        SAME,
        proved="status optimum complete",
        refuted="optima",
        relation="undetermined",
        quasi_karp=THIS,
        reformulation=THIS,
    )


def test_an_epigraph_variable_with_a_floor() -> None:
    """C minimises e with e ≥ 2a + 3b and e ≥ 5, in integers; z_R = 4. The lifting e = 2a + 3b gives the identity for σ.

    status. C's optima: e = 5 with (2,0) of cost 4, or (1,1) of cost 5. optimum: (2,0). optima: (1,1) is not optimal in
    R. sound: c_R ≤ e. value and complete fail for this σ (5 ≠ 4; (2,0) asks for e ≤ 4), maybe not for another: unknown.
    """
    candidate = lp(
        "min e", "need: 5 a + 3 b >= 7", "epi: e - 2 a - 3 b >= 0", bounds="a <= 10, b <= 10, e >= 5", integer="a b"
    )
    assert_mapping(
        covering(),
        candidate,
        SAME,
        proved="status optimum sound",
        refuted="optima",
        relation="undetermined",
        quasi_karp=THIS,
        reformulation=THIS,
    )


ROUNDED = "0.30000000000000004"


@pytest.mark.parametrize("integer", ["", "y"])
def test_data_rounded_by_floating_point(integer: str) -> None:
    """R: max x + y, x ≤ 0.3, y in 0..1; C has x ≤ 0.30000000000000004, which is 0.1·3 as a program writes it.

    status: both have an optimum. Everything that differs differs by 4·10⁻¹⁷, and data of 17 digits may be off by that:
    value, optimum, optima, sound are unknown. complete: F(R) ⊂ F(C), exactly. With the roles exchanged sound is proved
    instead of complete. Neither "equivalent" nor "not equivalent" may come of it.

    Where C has 0.31 (and R the rounded number) the difference is real: 0.31 > 0.30000000000000004 refutes value,
    optimum, optima and sound.
    """
    short, long, wrong = (
        lp("max x + y", f"cap: x <= {limit}", bounds="x <= 1, y <= 1", integer=integer)
        for limit in ("0.3", ROUNDED, "0.31")
    )
    for pair, proved in (((short, long), "status complete"), ((long, short), "status sound")):
        reports = assert_mapping(
            *pair, SAME_XY, proved=proved, relation="undetermined", quasi_karp="unknown", reformulation="unknown"
        )
        for name, claim in reports["reformulation"].claims.items():
            assert claim.result == "proved" or name == "optimum" or "rounding" in claim.detail
    assert_mapping(
        long,
        wrong,
        SAME_XY,
        proved="status complete",
        refuted="value optimum optima sound",
        relation="relaxation",
        quasi_karp=THIS,
        reformulation=THIS,
    )


@pytest.mark.parametrize("limit", ["0.300001", "0.3000000001"])
def test_a_tiny_difference_of_short_numbers_is_real(limit: str) -> None:
    """R: max x, x ≤ 0.3. C has x ≤ 0.300001, or 0.3000000001: numbers of ten digits are meant, so that they refute.

    status; value: the limits differ. C's only optimum is its limit, above 0.3: optimum, optima, sound refuted.
    complete: F(R) ⊂ F(C).
    """
    short, long = (lp("max x", f"cap: x <= {side}", bounds="x <= 1") for side in ("0.3", limit))
    assert_mapping(
        short,
        long,
        "x = x",
        proved="status complete",
        refuted="value optimum optima sound",
        relation="relaxation",
        quasi_karp=THIS,
        reformulation=THIS,
    )


@pytest.mark.parametrize("integer", ["", "y"])
def test_rounded_data_that_make_a_model_infeasible(integer: str) -> None:
    """R: min x + y, 0.3 ≤ x ≤ 0.3; C has 0.30000000000000004 ≤ x ≤ 0.3, which cross by 4·10⁻¹⁷.

    Taken literally F(C) is empty, and the statuses differ under any mapping. In the last digit it is not: status,
    value, optimum, optima, complete unknown. sound: 0.30000000000000004 ≥ 0.3, and so on row by row. C with 0.31 ≤ x
    is infeasible beyond doubt.
    """
    reference, crossed, wrong = (
        lp("min x + y", "any: x + y >= 0", bounds=f"{low} <= x <= 0.3, y <= 1", integer=integer)
        for low in ("0.3", ROUNDED, "0.31")
    )
    assert_mapping(
        reference,
        crossed,
        SAME_XY,
        proved="sound",
        relation="undetermined",
        quasi_karp="unknown",
        reformulation="unknown",
    )
    assert_search(reference, crossed, quasi_karp="unknown", reformulation="unknown")
    assert_search(reference, wrong, quasi_karp=ANY, reformulation=ANY)


def test_rounded_data_that_cut_an_integer_solution() -> None:
    """R: max x + y, 0.3x + 0.3y ≤ 0.6, binary; C writes the coefficients as 0.30000000000000004.

    Taken literally (1,1) is in F(R) and not in F(C), so z_R = -2, z_C = -1, and R has four solutions to C's three. But
    it is missed by 8·10⁻¹⁷, and when the data move in their last digit it comes back: value, optimum, optima and
    complete are unknown, and counting solutions refutes nothing. sound: F(C) ⊂ F(R). status: every solver offers (1,1)
    as C's optimum, which is not exactly feasible, so it is not known either.
    """
    exact, rounded = (
        lp("max x + y", f"cap: {a} x + {a} y <= 0.6", bounds="x <= 1, y <= 1", integer="x y") for a in ("0.3", ROUNDED)
    )
    assert_mapping(
        exact,
        rounded,
        SAME_XY,
        proved="sound",
        relation="undetermined",
        quasi_karp="unknown",
        reformulation="unknown",
    )
