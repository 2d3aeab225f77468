"""The prover of a set knows what was added to it, whoever looked at the set in between."""

from fractions import Fraction

from tools.certify.space import Affine, Space
from tools.exact.budget import Budget
from tools.formulation.lp_reader import parse_lp

ONE, ZERO = Fraction(1), Fraction(0)


def test_the_prover_knows_definitions_after_the_model_was_looked_at() -> None:
    space = Space(parse_lp("min x\nst\n c: x + y >= 2\nbounds\n x <= 5\n y <= 5\ngeneral\n x y\nend"), Budget())
    assert space.prove({0: ONE, 1: ONE}, Fraction(2)) == [["linear", [[0, "1"]]]]
    total = space.define_affine("total", Affine(ZERO, {0: ONE, 1: ONE}), integer=True)
    assert total is not None
    assert len(space.model.variables) == 3  # a look at the set in between
    proof = space.prove({total: ONE}, Fraction(2))
    assert proof is not None
    number = space.add_row({total: ONE}, Fraction(2), proof)
    assert len(space.model.rows) == number + 1
    assert space.prove({total: Fraction(3)}, Fraction(6)) == [["linear", [[number, "3"]]]]
