from fractions import Fraction

import pytest
from hypothesis import given
from random_formulations import ANY_NUMBERS, FILE_NUMBERS, ODD_NAMES, difference, formulations, refusal

from tools.errors import InputError
from tools.formulation.lp_reader import parse_lp
from tools.formulation.model import Formulation
from tools.formulation.mps_reader import parse_mps
from tools.formulation.mps_writer import format_mps


@given(formulations(FILE_NUMBERS, crossed_sides=False))
def test_reading_gives_the_same_model(model: Formulation) -> None:
    assert difference(parse_mps(format_mps(model)), model) == ""


@given(formulations(FILE_NUMBERS, ODD_NAMES, crossed_sides=False))
def test_odd_names_survive_or_are_refused(model: Formulation) -> None:
    refused = refusal(lambda: format_mps(model))
    if refused:
        assert "cannot hold the" in refused
    else:
        assert difference(parse_mps(format_mps(model)), model) == ""


@given(formulations(ANY_NUMBERS))
def test_what_files_cannot_hold_is_refused(model: Formulation) -> None:
    refused = refusal(lambda: format_mps(model))
    if refused:
        assert "JSON" in refused
        return
    back = parse_mps(format_mps(model))
    assert back.variables == model.variables
    assert back.rows == model.rows


def test_the_model_name_is_kept() -> None:
    model = parse_lp("min x st c: x >= 1 end", name="diet plan")
    assert parse_mps(format_mps(model)).name == "diet plan"


def test_crossed_sides_are_refused() -> None:
    with pytest.raises(InputError, match="lower side above its upper side"):
        format_mps(parse_lp("min x\nst\n c: 3 <= x + y <= 1\nend"))


def test_an_objective_row_never_takes_a_rows_name() -> None:
    back = parse_mps(format_mps(parse_lp("max 2 x + 1.5\nst\n OBJ: x <= 1\nend")))
    assert back.rows == ("OBJ",)
    assert back.objective_constant == Fraction(3, 2)
