"""Rules are told from other text, and taken apart where rules end."""

from hypothesis import given
from hypothesis import strategies as st

from ui.chat.rule_lines import defines, fault_of, rules_of


def test_what_begins_as_a_rule() -> None:
    for text in ("x = 1", "x[i,j] = a[i]", "`my var` = 2", '"a = b" = c', " x(1)=3", "x.y#2 = 1"):
        assert defines(text), text
    for text in ("x == 1", "x <= 1", "why = ?" * 0, "drop row x = 1", "= 1", "x >= y = 2", "3 = x"):
        assert not defines(text), text


def test_rules_end_at_semicolons_and_lines_but_not_in_names_or_comments() -> None:
    assert rules_of("a = 1; b = 2\n\n c = 3 ") == ("a = 1", "b = 2", "c = 3")
    assert rules_of('`a;b` = 1; "c\\";d" = 2 # one; two\ne = \'f;g\'') == (
        "`a;b` = 1",
        '"c\\";d" = 2 # one; two',
        "e = 'f;g'",
    )


def test_a_full_stop_is_no_part_of_a_rule_but_an_open_coefficient_is() -> None:
    assert rules_of("x = 2*a.") == ("x = 2*a",)
    assert rules_of("x = a?") == ("x = a",)
    assert rules_of("x = a + ?") == ("x = a + ?",)


def test_faults_are_those_of_the_parser() -> None:
    assert fault_of(("x = a",)) == ""
    assert "expected" in fault_of(("x = a", "y = "))
    assert "no rule" in fault_of(())
    assert "no rule" in fault_of(("# nothing",))


@given(st.text(max_size=100))
def test_no_text_makes_it_raise(text: str) -> None:
    defines(text)
    fault_of(rules_of(text))
