from fractions import Fraction

from small_models import mapping, model, renaming

from tools.claims.liftings import derive_liftings, is_determined
from tools.formulation.model import Formulation


def box(**bounds: tuple[int | None, int | None]) -> Formulation:
    return model(continuous=dict(bounds))


def test_monomials_and_fixed_variables_leave_no_choice() -> None:
    reference = box(x=(0, 9), y=(0, 9))
    candidate = box(u=(0, 9), v=(0, 9), one=(1, 1))
    both = mapping(reference, candidate, {"x": (3, {"u": -2}), "y": (0, {"v": 1})})
    assert is_determined(candidate, both)
    assert not is_determined(candidate, mapping(reference, candidate, {"x": (0, {"u": 1}), "y": (0, {"u": 1, "v": 1})}))
    assert not is_determined(box(u=(0, 9), v=(0, 9), s=(0, 9)), both)
    zero = mapping(reference, candidate, {"x": (0, {"u": 1}), "y": (0, {"v": 0})})
    assert not is_determined(candidate, zero)


def test_what_the_recovery_determines_is_solved_for() -> None:
    reference = box(x=(0, 9), y=(0, 9))
    candidate = box(u=(0, 9), v=(0, 9), one=(1, 1))
    recovery = mapping(reference, candidate, {"x": (3, {"u": -2}), "y": (0, {"u": 1, "v": 4, "one": 5})})
    lifting = next(derive_liftings(reference, candidate, recovery))
    for point in ([Fraction(1), Fraction(7)], [Fraction(0), Fraction(2, 3)]):
        image = lifting.apply(point)
        assert recovery.apply(image) == point
        assert image[2] == 1


def test_slacks_and_epigraph_variables_come_from_their_rows() -> None:
    reference = model(continuous={"x": (0, 9)}, minimize={"x": 2})
    candidate = model(
        continuous={"x": (0, 9), "s": (0, None), "z": (None, None)},
        minimize={"z": 1},
        rows=[({"x": 3, "s": 2}, 12, 12), ({"z": 1, "x": -2}, 0, None)],
    )
    recovery = renaming(reference, candidate)
    assert any(
        lifting.apply([Fraction(1)]) == [1, Fraction(9, 2), 2]
        for lifting in derive_liftings(reference, candidate, recovery)
    )


def test_liftings_are_few_and_differ() -> None:
    reference = box(x=(0, 9))
    candidate = box(p=(1, 4), q=(-3, 4), r=(0, 2))
    recovery = mapping(reference, candidate, {"x": (0, {"p": 1, "q": 1})})
    liftings = list(derive_liftings(reference, candidate, recovery))
    shown = [tuple(lifting.apply([Fraction(value)])[0] for value in (0, 5)) for lifting in liftings]
    assert 1 <= len(liftings) <= 4
    assert len(shown) == len(liftings)
    for lifting in liftings:
        assert recovery.apply(lifting.apply([Fraction(5)])) == [5]
