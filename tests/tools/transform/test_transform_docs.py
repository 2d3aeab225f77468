import doctest

import tools.transform.chain


def test_the_example_of_the_module_runs() -> None:
    result = doctest.testmod(tools.transform.chain)
    assert result.attempted
    assert not result.failed
