import pytest

pytest.register_assert_rewrite("definition_checks")
