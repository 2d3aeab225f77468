"""No test of this folder knows a server from another one."""

from collections.abc import Iterator

import pytest

from agent.language import endpoint_habits


@pytest.fixture(autouse=True)
def nothing_is_remembered() -> Iterator[None]:
    endpoint_habits.forget_all()
    yield
    endpoint_habits.forget_all()
