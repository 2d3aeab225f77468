from __future__ import annotations

from tools.solvers.backends.registry import ALL, LP_ORDER, MILP_ORDER


def test_names_and_families_are_distinct() -> None:
    assert len({backend.name for backend in ALL}) == len(ALL) == len({backend.family for backend in ALL})


def test_every_backend_has_a_place() -> None:
    assert set(LP_ORDER) | set(MILP_ORDER) == set(ALL)
    assert all(backend.scope in {"lp", "milp"} for backend in LP_ORDER)
    assert all(backend.scope in {"milp", "pure-integer"} for backend in MILP_ORDER)
