import pytest

from ui.families import families_of, pattern_of


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("x[1,2]", "x[·,·]"),
        ("ship[paris,lyon]", "ship[·,·]"),
        ("x_1_2", "x_·_·"),
        ("t17", "t·"),
        ("x(3)", "x(·)"),
        ("total_cost", "total_cost"),
        ("]([", "](["),
    ],
)
def test_indices_become_dots(name: str, pattern: str) -> None:
    assert pattern_of(name) == pattern


def test_families_keep_the_order_of_first_appearance() -> None:
    assert families_of(["y_2", "x[1]", "y_1", "z"]) == {"y_·": [0, 2], "x[·]": [1], "z": [3]}
