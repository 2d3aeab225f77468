from fractions import Fraction
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_formulations import refusal

from tools.errors import InputError, UnsupportedError
from tools.formulation.lp_reader import parse_lp
from tools.formulation.model import Formulation, Kind

INF = float("inf")


def lp(rows: str = "c: x + y >= 1", *, objective: str = "x + y", rest: str = "") -> Formulation:
    return parse_lp(f"Minimize\n obj: {objective}\nSubject To\n {rows}\n{rest}\nEnd\n")


def rows_of(model: Formulation) -> dict[str, tuple[object, dict[str, Fraction], object]]:
    return {
        name: (
            model.row_lower.finite(i),
            {model.variables[j]: value for j, value in model.row_terms(i).items()},
            model.row_upper.finite(i),
        )
        for i, name in enumerate(model.rows)
    }


def bounds_of(model: Formulation, name: str = "x") -> tuple[float, float]:
    j = model.variable_index[name]
    return float(model.lower.floats[j]), float(model.upper.floats[j])


@pytest.mark.parametrize("word", ["Minimize", "MINIMISE", "minimum", "min", "Min"])
@pytest.mark.parametrize("such_that", ["Subject To", "subject to:", "such that", "ST", "s.t.", "st.", "S. T."])
def test_section_words(word: str, such_that: str) -> None:
    model = parse_lp(f"{word}\n x + 2 y\n{such_that}\n x + y >= 1\n")
    assert model.sense == "minimize"
    assert rows_of(model) == {"R0": (1, {"x": 1, "y": 1}, None)}


@pytest.mark.parametrize("word", ["Maximize", "maximise", "MAXIMUM", "max"])
def test_maximisation(word: str) -> None:
    assert parse_lp(f"{word} 3x - 2 y + 4\nst\n x<=1").sense == "maximize"


@pytest.mark.parametrize(
    ("text", "terms", "constant"),
    [
        ("3x - 2.5e3 y", {"x": 3, "y": -2500}, 0),
        ("3 x + -2 y", {"x": 3, "y": -2}, 0),
        ("x+y", {"x": 1, "y": 1}, 0),
        ("- - 3 x - y", {"x": 3, "y": -1}, 0),
        ("5 + x - 2 + y", {"x": 1, "y": 1}, 3),
        ("x + y + x", {"x": 2, "y": 1}, 0),
        ("2 * x + 3*y", {"x": 2, "y": 3}, 0),
        (".5 x + 1. y", {"x": Fraction(1, 2), "y": 1}, 0),
        ("0.1 x + 0.2 x + y", {"x": Fraction(3, 10), "y": 1}, 0),
        ("3 e1 + 2e + 1e2 x + 1E-1 y", {"e1": 3, "e": 2, "x": 100, "y": Fraction(1, 10)}, 0),
        ("x\n  + 3\n  y", {"x": 1, "y": 3}, 0),
        ("x +\n  y", {"x": 1, "y": 1}, 0),
        ("", {}, 0),
        ("7", {}, 7),
        ("0.30000000000000004 x", {"x": Fraction("0.30000000000000004")}, 0),
        ("0.1000000000000000055511151231257827 x", {"x": Fraction("0.1000000000000000055511151231257827")}, 0),
    ],
)
def test_expressions(text: str, terms: dict[str, Fraction], constant: int) -> None:
    model = lp(objective=text, rows="c: x >= 1")
    assert {model.variables[j]: value for j, value in model.cost_terms.items()} == terms
    assert model.objective_constant == constant


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("c: x <= 3", (None, {"x": 1}, 3)),
        ("c: x < 3", (None, {"x": 1}, 3)),
        ("c: x =< 3", (None, {"x": 1}, 3)),
        ("c: x > 3", (3, {"x": 1}, None)),
        ("c: x => 3", (3, {"x": 1}, None)),
        ("c: x = 3", (3, {"x": 1}, 3)),
        ("c: x == 3", (3, {"x": 1}, 3)),
        ("c: x ≤ 3", (None, {"x": 1}, 3)),
        ("c: 3 >= x", (None, {"x": 1}, 3)),
        ("c: -2 <= x - y <= 2", (-2, {"x": 1, "y": -1}, 2)),
        ("c: 2 >= x - y >= -2", (-2, {"x": 1, "y": -1}, 2)),
        ("c: 1 <= x + 1 <= 2", (0, {"x": 1}, 1)),
        ("c: x + 2 >= 3 - y", (1, {"x": 1, "y": 1}, None)),
        ("c: x + 2 y >= x + 4", (4, {"y": 2}, None)),
        ("c: 1 + x <= 2 x", (None, {"x": -1}, -1)),
        ("c: x + y >= -inf", (None, {"x": 1, "y": 1}, None)),
        ("c: x + y <= 1e30", (None, {"x": 1, "y": 1}, None)),
        ("c: x - rng = 5", (5, {"x": 1, "rng": -1}, 5)),
        ("c: x\n >=\n 4", (4, {"x": 1}, None)),
        ("c: x\n >= 4", (4, {"x": 1}, None)),
        ("c: x\n + y >= 4 +\n 3", (7, {"x": 1, "y": 1}, None)),
        ("c: 0 x >= -4", (-4, {}, None)),
        ("c: >= -4", (-4, {}, None)),
        ("c: x + y >= 1\n c: <= 8", (1, {"x": 1, "y": 1}, 8)),
        ("c: x + y >= 2 x\n + 3 z", (0, {"x": -1, "y": 1, "z": -3}, None)),
        ("c : x >= 1", (1, {"x": 1}, None)),
        ("c:x>=1", (1, {"x": 1}, None)),
        ("c: - x + y - 3 >= -1", (2, {"x": -1, "y": 1}, None)),
    ],
)
def test_rows(text: str, expected: tuple[object, dict[str, Fraction], object]) -> None:
    found = {key: value for key, value in rows_of(lp(text)).items() if key == "c"}
    assert found == {"c": expected}


def test_rows_without_names_take_numbers_that_are_free() -> None:
    model = lp("x >= 1\n -x - y >= -3\n R0: y <= 2\n 3 <= y")
    assert model.rows == ("R0_", "R1", "R0", "R3")
    assert rows_of(model)["R1"] == (-3, {"x": -1, "y": -1}, None)


def test_a_repeated_row_name_is_numbered() -> None:
    assert lp("c: x >= 1\n c: y >= 2\n c: x + y >= 3").rows == ("c", "c#2", "c#3")


def test_whole_models_on_one_line() -> None:
    model = parse_lp("Minimize a subject to c: a >= 1 d: a + b >= 2 bounds a <= 0 int a end")
    assert rows_of(model) == {"c": (1, {"a": 1}, None), "d": (2, {"a": 1, "b": 1}, None)}
    assert bounds_of(model, "a") == (0, 0)
    assert model.kinds.tolist() == [Kind.INTEGER, Kind.CONTINUOUS]
    assert rows_of(parse_lp("Minimize a subject to a >= 1 bounds a <= 0")) == {"R0": (1, {"a": 1}, None)}


@pytest.mark.parametrize(
    "name",
    ["x[0,1]", "x(0,1)", "x#1", "a.b", "_x", "it's", "~t", "!n", "$p", "q%", "&r", "m@n", "s{1}", "u|v", "w?", "y;",
     'z"', "flow[a-b,c+d]", "x(i<=3)", "x[a:b]", "e", "e1", "E5x", "x/y", "größe", "λ", "infx", "binx", "ends", "x'"],
)  # fmt: skip
def test_names(name: str) -> None:
    model = parse_lp(f"min 2 {name} + y\nst\n {name}: 3 {name}+y >= 1\nbounds\n -1 <= {name} <= 5\ngen\n {name}\nend")
    assert model.variables == (name, "y")
    assert rows_of(model) == {name: (1, {name: 3, "y": 1}, None)}
    assert bounds_of(model, name) == (-1, 5)
    assert model.kinds.tolist() == [Kind.INTEGER, Kind.CONTINUOUS]


def test_words_of_the_format_as_names_where_they_are_unmistakable() -> None:
    model = parse_lp(
        "min x + 3 st + bin\nst\n end: x - 1 >= 2\n st: 2 x + int >= 1\nbounds\n st <= 4\ninteger\n x\nend"
    )
    assert model.rows == ("end", "st")
    assert model.variables == ("x", "st", "bin", "int")
    assert bounds_of(model, "st") == (0, 4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x <= 5", (0, 5)),
        ("x >= -5", (-5, INF)),
        ("-5 <= x", (-5, INF)),
        ("5 >= x", (0, 5)),
        ("5 >= x >= 1", (1, 5)),
        ("- 5 <= x <= + 5", (-5, 5)),
        ("x = 3", (3, 3)),
        ("3 = x", (3, 3)),
        ("x free", (-INF, INF)),
        ("x FREE", (-INF, INF)),
        ("-inf <= x <= +inf", (-INF, INF)),
        ("-Infinity <= x <= 4", (-INF, 4)),
        ("x >= -1e20", (-INF, INF)),
        ("x <= 1e+30", (0, INF)),
        ("x <= -3", (0, -3)),
        ("x <= 4\n x >= 1\n x <= 3", (1, 3)),
    ],
)
def test_bounds(text: str, expected: tuple[float, float]) -> None:
    assert bounds_of(lp(rest=f"Bounds\n {text}")) == expected


@pytest.mark.parametrize(
    ("bounds", "expected", "kind"),
    [
        ("", (0, 1), Kind.BINARY),
        ("x = 0", (0, 0), Kind.BINARY),
        ("-5 <= x <= 5", (0, 1), Kind.BINARY),
        ("x >= 0.5", (0.5, 1), Kind.BINARY),
        ("x >= 2", (2, 1), Kind.INTEGER),
        ("x <= -1", (0, -1), Kind.INTEGER),
    ],
)
@pytest.mark.parametrize("order", [0, 1])
def test_binaries_are_zero_or_one(bounds: str, expected: tuple[float, float], kind: Kind, order: int) -> None:
    parts = [f"Bounds\n {bounds}", "Binaries\n x"]
    model = lp(rest="\n".join(parts if order else reversed(parts)))
    assert bounds_of(model) == expected
    assert model.kinds.tolist() == [kind, Kind.CONTINUOUS]


@pytest.mark.parametrize("word", ["General", "Generals", "gen", "Integer", "INTEGERS", "int"])
def test_integers(word: str) -> None:
    model = lp(rest=f"{word}\n x\n y")
    assert model.kinds.tolist() == [Kind.INTEGER, Kind.INTEGER]
    assert bounds_of(model) == (0, INF)


def test_a_variable_may_appear_in_bounds_alone() -> None:
    assert lp(rest="Bounds\n z <= 4").variables == ("x", "y", "z")


def test_comments_and_blank_lines() -> None:
    model = parse_lp("\\ a comment\n\nMax \\ another\n x \\ + y\n\nst \\ end\n c: x <= 1 \\ <= 2\n\n\\ last")
    assert rows_of(model) == {"c": (None, {"x": 1}, 1)}


def test_lazy_constraints_are_rows() -> None:
    model = lp("c: x >= 1", rest="Lazy Constraints\n l: x + y <= 9")
    assert rows_of(model)["l"] == (None, {"x": 1, "y": 1}, 9)


def test_empty_sections_that_would_be_unsupported() -> None:
    assert lp(rest="Bounds\nBinaries\nGenerals\nSemi-Continuous\nSOS").shape == (1, 2)


@pytest.mark.parametrize(
    ("rows", "rest", "what"),
    [
        ("c: [ x ^2 + y ^2 ] <= 3", "", r"quadratic part .* in row 'c'"),
        ("c: x + [ x * y ] <= 3", "", r"quadratic part .* in row 'c'"),
        ("c: x * y <= 3", "", r"product or power .* in row 'c'"),
        ("c: x^2 <= 3", "", r"product or power .* in row 'c'"),
        ("c: x = 1 -> y <= 3", "", r"indicator constraint .* in row 'c'"),
        ("c: y <= 3", "Semi-Continuous\n x", "semi-continuous variables: 'x'"),
        ("c: y <= 3", "Semis\n x", "semi-continuous variables: 'x'"),
        ("c: y <= 3", "Semi-integer\n x", "semi-integer variables: 'x'"),
        ("c: y <= 3", "SOS\n s1: S1:: x:1 y:2", "special ordered sets"),
        ("c: y <= 3", "SOS2\n s: x:1 y:2", "special ordered sets"),
        ("c: y <= 3", "General Constraints\n g: x = MAX ( y , 3 )", "general constraints: 'g: x = MAX"),
        ("c: y <= 3", "PWLObj\n x: (1, 2)", "piecewise-linear"),
        ("c: y <= 3", "User Cuts\n u: x <= 2", "user cuts: 'u: x <= 2'"),
        ("c: y <= 3", "Scenario a\n x <= 2", "scenarios"),
    ],
)
def test_what_is_not_linear_is_refused(rows: str, rest: str, what: str) -> None:
    with pytest.raises(UnsupportedError, match=f"line [0-9]+: not supported: .*{what}") as caught:
        lp(rows, rest=rest)
    assert "\n" not in str(caught.value)


def test_quadratic_and_several_objectives_are_refused() -> None:
    with pytest.raises(UnsupportedError, match=r"quadratic part .* in the objective"):
        lp(objective="x + [ x^2 ] / 2")
    with pytest.raises(UnsupportedError, match="several objectives"):
        parse_lp("Minimize multi-objectives\n o1: Priority=1\n x\nSubject To\n c: x >= 1\nEnd")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "empty"),
        ("blah blah", 1, "expected 'Minimize' or 'Maximize'"),
        ("/* lp_solve */\nmax: 3x;\n", 1, "expected 'Minimize'"),
        ("max: 3x+2y;\nc1: x<=4;", 1, "lp_solve"),
        ("min x\nst\n c: x\nend", 3, "row 'c' has no relation"),
        ("min x\nst\n c: x >=\nend", 3, "row 'c' ends after its relation"),
        ("min x\nst\n c: x >= nan\nend", 3, "nan"),
        ("min x\nst\n c: x y >= 1\nend", 3, "expected \\+ or - before 'y'"),
        ("min x\nst\n c: 3 4 x >= 1\nend", 3, "expected \\+ or - before '4 x'"),
        ("min x\nst\n c: 2 (x + y) >= 1\nend", 3, "unexpected|parentheses"),
        ("min x\nst\n c: x[0, 1] >= 1\nend", 3, "quadratic|blanks|unexpected"),
        ("min x\nst\n c: f(0, 1) >= 1\nend", 3, "parentheses"),
        ("min x\nst\n c: x >= 1 >= y\nend", 3, "outer sides"),
        ("min x\nst\n c: 1 <= x >= 2\nend", 3, "same way"),
        ("min x\nst\n c: 1 <= x <= 2 <= 3\nend", 3, "at most two relations"),
        ("min x\nst\n c: x >= inf\nend", 3, "cannot be >= inf"),
        ("min x\nst\n c: x = 1e20\nend", 3, "cannot be = inf"),
        ("min x\nst\n c: 3 inf + x >= 1\nend", 3, "finite number"),
        ("min inf x\nst\n c: x >= 1\nend", 1, "finite number"),
        ("min x\n >= 3\nend", 2, "'Subject To' is missing"),
        ("min x\n c1: x >= 3\nend", 2, "'Subject To' is missing"),
        ("min x\nst\n c: x >= 1\nbounds\n 2 x <= 3\nend", 5, "expected a bound"),
        ("min x\nst\n c: x >= 1\nbounds\n x >= inf\nend", 5, "cannot be >= inf"),
        ("min x\nst\n c: x >= 1\nbounds\n x <= 3 y <= 4\nend", 5, "expected a bound"),
        ("min x\nst\n c: x >= 1\ngen\n z\nend", 5, "appears nowhere before"),
        ("min x\nst\n c: x >= 1\nend\n x >= 2", 5, "after 'End'"),
        ("min x\nst\n c: x >= 1 @ 2\nend", 3, "expected \\+ or -"),
        ("min x +\nst\n c: x >= 1\nend", 2, "expected a variable"),
        ("min 1e999 x\nst\n c: x >= 1\nend", 1, "outside"),
        ("min x\nst\n 2 <= x + z\n + y <= 5\nend", 4, "put each row on one line"),
        ("min x\nst\n a: x >= 2\n a2: y >= 1\n a: >= 1\n a2: x <= y + 3 :\nend", 6, "':'|unexpected"),
        ("\x01\x02garbage", 1, "expected 'Minimize'"),
    ],
)  # fmt: skip
def test_malformed_files_are_refused_with_their_line(text: str, line: int, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        parse_lp(text, source="m.lp")
    assert "\n" not in str(caught.value)
    assert f"m.lp, line {line}:" in str(caught.value)


@given(st.lists(st.sampled_from(
    ["min", "max", "st", "Subject To", "bounds", "bin", "gen", "end", "x", "y", "x1", "c:", "c2:", "3", "-2.5", "1e5",
     "+", "-", "<=", ">=", "=", "<", "free", "inf", "-inf", "[", "]", "*", "^", "->", ":", "\n", "\n ", "\\", "(",
     "nan"]
), max_size=25))  # fmt: skip
def test_any_text_is_read_or_refused(words: list[str]) -> None:
    assert "\n" not in refusal(lambda: parse_lp("min " + " ".join(words)))


@given(st.text(max_size=60))
def test_any_characters_are_read_or_refused(text: str) -> None:
    for whole in (text, f"min x\nst\n c: x {text}\nend"):
        assert "\n" not in refusal(lambda whole=whole: parse_lp(whole))  # type: ignore[misc]


@pytest.mark.shared_data
def test_real_files_are_read_or_refused(shared_data: Path) -> None:
    texts = [path.read_text("latin-1") for path in sorted(shared_data.rglob("*.lp"))]
    refusals = [refusal(lambda text=text: parse_lp(text)) for text in texts]  # type: ignore[misc]
    assert refusals.count("") > 500
    assert not any("\n" in message for message in refusals)


def test_dialects_as_solvers_write_them() -> None:
    gurobi = dedent("""\
        \\ Model farm
        \\ LP format - for model browsing. Use MPS format to capture full model detail.
        Maximize
          3 x[0,0] + 2 x[0,1]
           + 5 Constant
        Subject To
         R0: x[0,0] + x[0,1]
           <= 4
         range: x[0,0] - x[0,1] + Rgrange = 2
        Bounds
         -1 <= x[0,1] <= 7
         Constant = 1
         Rgrange <= 4
        Binaries
         x[0,0]
        End
        """)
    scip = dedent("""\
        \\ SCIP STATISTICS
        \\   Problem name     : farm
        Maximize
         Obj: +3 x(0,0) +2 x(0,1)
        Subject to
         R0: +1 x(0,0) +1 x(0,1) <= +4
        Bounds
         -1 <= x(0,1) <= 7
        Binaries
         x(0,0)
        End
        """)
    highs = dedent("""\
        \\ File written by HiGHS .lp file handler
        max
         obj: +3 x00 +2 x01
        st
         R0: +1 x00 +1 x01 <= 4
        bounds
         -1 <= x01 <= 7
        bin
         x00
        gen
        semi
        end
        """)
    cplex = dedent("""\
        \\ENCODING=ISO-8859-1
        \\Problem name: farm

        Maximize
         obj1: 3 x00 + 2 x01
        Subject To
         c1:  x00 + x01  <= 4
        Bounds
              0 <= x00 <= 1
             -1 <= x01 <= 7
        Binaries
         x00
        End
        """)
    for text in (gurobi, scip, highs, cplex):
        model = parse_lp(text)
        assert model.sense == "maximize"
        assert list(model.objective)[:2] == [3, 2]
        assert (model.lower.finite(1), model.upper.finite(1)) == (-1, 7)
        assert model.kinds.tolist()[:2] == [Kind.BINARY, Kind.CONTINUOUS]
        assert model.row_upper[0] == 4


PYOMO = """\\* Source Pyomo model name=unknown *\\

min
objective:
+3 x1
-2 x2
+4 ONE_VAR_CONSTANT

s.t.

c_e_first_:
+1 x1
+1 x2
= 6

c_l_second_:
+1 x1
-1 x2
>= -2

c_e_ONE_VAR_CONSTANT:
ONE_VAR_CONSTANT = 1.0

bounds
   0 <= x1 <= 4
   -inf <= x2 <= +inf
general
  x2
end
"""

LINOPY = """min

obj:

+3.0 x1
-2.0 x2

s.t.

c0:
+1.0 x1
+1.0 x2
= +6.0

c1:
+1.0 x1
-1.0 x2
>= -2.0

bounds

0.0 <= x1 <= 4.0
-inf <= x2 <= +inf

general

x2

end
"""

JUMP = """minimize
obj: 3 x1 - 2 x2
subject to
c0: 1 x1 + 1 x2 = 6
c1: 1 x1 - 1 x2 >= -2
Bounds
0 <= x1 <= 4
x2 free
General
x2
End
"""


@pytest.mark.parametrize("text", [PYOMO, LINOPY, JUMP])
def test_dialects_as_modelling_packages_write_them(text: str) -> None:
    model = parse_lp(text)
    first, second = list(rows_of(model).values())[:2]
    assert first == (6, {"x1": 1, "x2": 1}, 6)
    assert second == (-2, {"x1": 1, "x2": -1}, None)
    assert (bounds_of(model, "x1"), bounds_of(model, "x2")) == ((0, 4), (-INF, INF))
    assert model.kinds.tolist()[:2] == [Kind.CONTINUOUS, Kind.INTEGER]
    assert list(model.objective)[:2] == [3, -2]


def test_long_lines_and_long_continuations_stay_fast() -> None:
    import time

    start = time.process_time()
    parse_lp("min x st " + " ".join(f"c{i}: x + y >= {i}" for i in range(20_000)) + " end")
    parse_lp("min x\nst\n c: x >= y\n" + " + z\n" * 20_000 + "end")
    assert time.process_time() - start < 10
    with pytest.raises(InputError, match="too many section headers"):
        parse_lp("min x st c: x >= 1 " + "bounds x <= 4 int x " * 2000)


@pytest.mark.parametrize("row", ["E[<= 4", ">= z(2,a)[ ", "4 =@y[1][ ", "2.5<=+ e5/[ ", "<=@y[1][   "])
def test_a_bracket_that_stays_open_is_refused(row: str) -> None:
    with pytest.raises(InputError, match="line 3"):
        parse_lp(f"min x + y\nst\n c: {row}\n d: x >= 1\nend")


def test_a_number_right_behind_a_name_is_a_constant_of_its_own() -> None:
    model = parse_lp("min x1e-4\nst\n c: x1e >= 1\nend")
    assert model.variables == ("x1e",)
    assert model.objective_constant == -4


@pytest.mark.parametrize("row", ["x + >= 3", "x + 2 - <= 3", "x - = 1"])
def test_a_sign_before_a_relation_wants_a_variable(row: str) -> None:
    with pytest.raises(InputError, match="expected a variable after"):
        parse_lp(f"min x\nst\n c: {row}\nend")
