"""A model without a row is the model without that row, exactly."""

import pytest
from chat_partner import MODELS

from tools.errors import InputError
from tools.formulation.read import read
from ui.chat.variants import without_rows


def test_rows_go_and_nothing_else_does() -> None:
    model = read(MODELS / "transport" / "reference.lp")
    for row in model.rows:
        left = without_rows(model, [row])
        assert left.rows == tuple(name for name in model.rows if name != row)
        assert (left.variables, left.objective_constant, left.sense) == (
            model.variables,
            model.objective_constant,
            model.sense,
        )
        for name in left.rows:
            assert left.row_terms(left.row_index[name]) == model.row_terms(model.row_index[name])
            assert left.row_lower.finite(left.row_index[name]) == model.row_lower.finite(model.row_index[name])
            assert left.row_upper.finite(left.row_index[name]) == model.row_upper.finite(model.row_index[name])
    assert without_rows(model, []).same_as(model)
    assert without_rows(model, model.rows).nonzeros == 0


def test_a_row_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match="there is no row 'nothing'"):
        without_rows(read(MODELS / "transport" / "reference.lp"), ["nothing"])
