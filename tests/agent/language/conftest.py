"""No test of this folder knows a server from another one."""

from collections.abc import Iterator

import pytest

from agent.language.endpoint import habits


@pytest.fixture(autouse=True)
def nothing_is_remembered() -> Iterator[None]:
    habits.forget_all()
    yield
    habits.forget_all()
