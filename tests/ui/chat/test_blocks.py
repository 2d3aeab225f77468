"""Blocks are kept as JSON and read back strictly."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import InputError
from ui.chat.blocks import (
    Block,
    Card,
    Choices,
    Code,
    Grid,
    ModelCard,
    Pictures,
    Problem,
    Question,
    Steps,
    Words,
    from_json,
    to_json,
)
from ui.chat.models import ModelText

MODEL = ModelText("a.lp", "lp", "0" * 64, 1, 0, 2)
BLOCKS: list[Block] = [
    Words("<b>hi</b>\x1b"), ModelCard("reference", "a", {"variables": 1}, ("min x",), ()), Question("?"), Problem("no"),
    Steps(({"kind": "step", "node": "plan", "message": "m"},), "asked"), Card({"verdict": "unknown"}, "a", "b", ("l",)),
    Code("x", "python", "x.py"), Grid(("a", "b"), (("1", "2"),)), Choices(("why?",)), Pictures({}, MODEL, MODEL),
]  # fmt: skip


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.kind)
def test_every_block_comes_back_as_it_was(block: Block) -> None:
    assert from_json(to_json(block)) == block
    for change in ({"extra": 1}, {"kind": "other"}, {next(iter(to_json(block))): 3.5}):
        with pytest.raises(InputError):
            from_json({**to_json(block), **change})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda s: st.lists(s) | st.dictionaries(st.text(), s)
    )
)
def test_nothing_else_is_a_block(data: Any) -> None:
    with pytest.raises(InputError):
        from_json(data)
