from agent.published.symbols import SymbolTable, symbols


def test_families_are_one_symbol_and_everything_else_is_its_own() -> None:
    found = symbols(["x[1]", "d1", "x[2]", "d0", "y_1_1", "y_1_2", "t", "alone_3", "my var"])
    assert [(s.name, s.dimensions, len(s.members)) for s in found] == [
        ("x", 1, 2), ("d1", 0, 1), ("d0", 0, 1), ("y", 2, 2), ("t", 0, 1), ("alone_3", 0, 1), ("my var", 0, 1),
    ]  # fmt: skip


def test_members_that_share_their_indices_stay_apart() -> None:
    found = symbols(["x[1]", "x_1", "x[2]"])
    assert [s.name for s in found] == ["x[1]", "x_1", "x[2]"]


def test_every_name_is_held_once() -> None:
    names = ["x[1]", "x[a]", "x[1,2]", "x[3,4]", "x", "x1", "x2", "<tag>", "u.1", "u.2"]
    held = [name for symbol in symbols(names) for name in symbol.members.values()]
    assert sorted(held) == sorted(names)


def test_an_answer_finds_variables_and_families() -> None:
    table = SymbolTable(["y[1]", "y[2]", "z[1]", "z[3]", "my var", "s"])
    like = symbols(["x[1]", "x[2]"])[0]
    for text in ("y", "y[i]"):
        family = table.family(text, like)
        assert family is not None
        assert family.members == {(1,): "y[1]", (2,): "y[2]"}
    assert table.family("z", like) is None
    assert table.family("s", like) is None
    assert table.family("", like) is None
    assert table.variable("y[2]") == "y[2]"
    assert table.variable("my var") == table.variable("`my var`") == "my var"
    assert table.variable("nothing") is None
