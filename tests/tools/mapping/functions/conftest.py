import pytest

pytest.register_assert_rewrite("function_lemmas")
