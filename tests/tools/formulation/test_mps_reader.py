import gzip
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_formulations import refusal

from tools.errors import InputError, ParseError, UnsupportedError
from tools.formulation.model import Formulation, Kind
from tools.formulation.mps_reader import parse_mps
from tools.formulation.read import read

INF = float("inf")
PLAIN = "    x obj 1 r1 2\n    y obj 3 r1 -1\n"
INTEGER = "    M 'MARKER' 'INTORG'\n    x obj 1 r1 2\n    M2 'MARKER' 'INTEND'\n    y obj 3 r1 -1\n"


def mps(
    *, head: str = "NAME t\n", rows: str = "", columns: str = PLAIN, rhs: str = "    RHS r1 4\n", rest: str = ""
) -> str:
    return f"{head}ROWS\n N obj\n G r1\n{rows}COLUMNS\n{columns}RHS\n{rhs}{rest}ENDATA\n"


def bounds_of(model: Formulation, name: str = "x") -> tuple[float, float]:
    j = model.variable_index[name]
    return float(model.lower.floats[j]), float(model.upper.floats[j])


def sides_of(model: Formulation, name: str) -> tuple[float, float]:
    i = model.row_index[name]
    return float(model.row_lower.floats[i]), float(model.row_upper.floats[i])


def test_a_plain_model() -> None:
    model = parse_mps(mps())
    assert (model.name, model.sense, model.variables, model.rows) == ("t", "minimize", ("x", "y"), ("r1",))
    assert list(model.objective) == [1, 3]
    assert model.row_terms(0) == {0: 2, 1: -1}
    assert sides_of(model, "r1") == (4, INF)
    assert bounds_of(model) == (0, INF)


@pytest.mark.parametrize(
    ("columns", "bound", "expected", "kind"),
    [
        (PLAIN, "UP B x 4", (0, 4), Kind.CONTINUOUS),
        (PLAIN, "UP B x -4", (-INF, -4), Kind.CONTINUOUS),
        (PLAIN, "UP B x 0", (0, 0), Kind.CONTINUOUS),
        (PLAIN, "LO B x 0\n UP B x -4", (0, -4), Kind.CONTINUOUS),
        (PLAIN, "UP B x -4\n LO B x -9", (-9, -4), Kind.CONTINUOUS),
        (PLAIN, "LO B x -4", (-4, INF), Kind.CONTINUOUS),
        (PLAIN, "FX B x 2.5", (2.5, 2.5), Kind.CONTINUOUS),
        (PLAIN, "FR B x", (-INF, INF), Kind.CONTINUOUS),
        (PLAIN, "MI B x", (-INF, INF), Kind.CONTINUOUS),
        (PLAIN, "UP B x 4\n MI B x", (-INF, 4), Kind.CONTINUOUS),
        (PLAIN, "PL B x", (0, INF), Kind.CONTINUOUS),
        (PLAIN, "BV B x", (0, 1), Kind.BINARY),
        (PLAIN, "BV B x 1", (0, 1), Kind.BINARY),
        (PLAIN, "BV x 1", (0, 1), Kind.BINARY),
        (PLAIN, "BV B x\n UP B x 0", (0, 0), Kind.BINARY),
        (PLAIN, "BV B x\n UP B x 7", (0, 7), Kind.INTEGER),
        (PLAIN, "LI B x 2", (2, INF), Kind.INTEGER),
        (PLAIN, "UI B x 5", (0, 5), Kind.INTEGER),
        (PLAIN, "UP x 4", (0, 4), Kind.CONTINUOUS),
        (PLAIN, "FR x", (-INF, INF), Kind.CONTINUOUS),
        (PLAIN, "UP B x 1e20", (0, INF), Kind.CONTINUOUS),
        (PLAIN, "LO B x -1e30", (-INF, INF), Kind.CONTINUOUS),
        (PLAIN, "UP B x Infinity", (0, INF), Kind.CONTINUOUS),
        (PLAIN, "UP B x 1.0D3", (0, 1000), Kind.CONTINUOUS),
        (PLAIN, "up b x 4 $ a comment", (0, 4), Kind.CONTINUOUS),
        (INTEGER, "", (0, 1), Kind.INTEGER),
        (INTEGER, "LO B x 2", (2, INF), Kind.INTEGER),
        (INTEGER, "PL B x", (0, INF), Kind.INTEGER),
        (INTEGER, "UP B x 9", (0, 9), Kind.INTEGER),
        (INTEGER, "FR B x", (-INF, INF), Kind.INTEGER),
    ],
)
def test_bounds(columns: str, bound: str, expected: tuple[float, float], kind: Kind) -> None:
    model = parse_mps(mps(columns=columns, rest=f"BOUNDS\n {bound}\n" if bound else ""))
    assert bounds_of(model) == expected
    assert model.kinds.tolist() == [kind, Kind.CONTINUOUS]


@pytest.mark.parametrize(
    ("kind", "extent", "expected"),
    [
        ("L", "3", (7, 10)), ("L", "-3", (7, 10)), ("G", "3", (10, 13)), ("G", "-3", (10, 13)),
        ("E", "3", (10, 13)), ("E", "-3", (7, 10)), ("E", "0", (10, 10)), ("L", "1e30", (-INF, 10)),
    ],
)  # fmt: skip
def test_ranges(kind: str, extent: str, expected: tuple[float, float]) -> None:
    text = mps(
        rows=f" {kind} r2\n", columns="    x obj 1 r2 2\n", rhs="    RHS r2 10\n", rest=f"RANGES\n    RNG r2 {extent}\n"
    )
    assert sides_of(parse_mps(text), "r2") == expected


@pytest.mark.parametrize(
    "head",
    ["OBJSENSE MAX\n", "OBJSENSE\n    MAX\n", "OBJSENSE\n  maximize\n", "OBJSENSE\nMAXIMISE\n", "objsense maximum\n"],
)
def test_the_sense(head: str) -> None:
    assert parse_mps(mps(head=f"NAME t\n{head}")).sense == "maximize"


def test_rows_of_type_n() -> None:
    columns = "    x obj 1 r1 2\n    x other 5\n    y other 7\n"
    model = parse_mps(mps(rows=" N other\n", columns=columns))
    assert (model.rows, list(model.objective), model.variables) == (("r1",), [1, 0], ("x", "y"))
    chosen = parse_mps(mps(head="NAME t\nOBJNAME\n    other\n", rows=" N other\n", columns=columns))
    assert list(chosen.objective) == [5, 7]


def test_the_objective_constant_is_minus_its_right_hand_side() -> None:
    assert parse_mps(mps(rhs="    RHS obj 7.5 r1 1\n")).objective_constant == Fraction(-15, 2)


def test_right_hand_sides_without_a_set_name() -> None:
    assert sides_of(parse_mps(mps(rhs="    r1 9\n")), "r1") == (9, INF)
    assert sides_of(parse_mps(mps(rhs="    r1 9 obj 1\n")), "r1") == (9, INF)


def test_columns_named_like_sections() -> None:
    text = mps(head="NAME t\nOBJSENSE MIN\n", columns="    RHS obj 1 r1 1\n    RANGES r1 2\n    OBJSENSE obj 1\n")
    assert parse_mps(text).variables == ("RHS", "RANGES", "OBJSENSE")


def test_lower_case_comments_and_blank_lines() -> None:
    text = "* a comment\n\n" + mps(columns="    x obj 1 r1 2 $ note\n    y r1 1 *note\n").lower()
    assert parse_mps(text).row_terms(0) == {0: 2, 1: 1}


def test_names_with_stars() -> None:
    text = mps().replace(" obj", " *OBJ*").replace(" r1", " *r*")
    assert parse_mps(text).row_terms(0) == {0: 2, 1: -1}


def test_fixed_columns_with_blanks_in_names() -> None:
    text = (
        "NAME          two words\n"
        "ROWS\n"
        " N  the obj\n"
        " G  row 1\n"
        "COLUMNS\n"
        "    x 1       the obj            1.0   row 1              2.5\n"
        "    M1        'MARKER'                 'INTORG'\n"
        "    y 2       row 1             -1.0\n"
        "    M2        'MARKER'                 'INTEND'\n"
        "RHS\n"
        "    the rhs   row 1              4.0\n"
        "RANGES\n"
        "    RNG       row 1              3.0\n"
        "BOUNDS\n"
        " UP BND       x 1                9.0\n"
        " LI BND       y 2               -2.0\n"
        "ENDATA\n"
    )
    model = parse_mps(text)
    assert (model.name, model.variables, model.rows) == ("two words", ("x 1", "y 2"), ("row 1",))
    assert (list(model.objective), model.row_terms(0)) == ([1, 0], {0: Fraction(5, 2), 1: -1})
    assert (sides_of(model, "row 1"), bounds_of(model, "x 1"), bounds_of(model, "y 2")) == ((4, 7), (0, 9), (-2, INF))
    assert model.kinds.tolist() == [Kind.CONTINUOUS, Kind.INTEGER]


def test_lazy_constraints_are_rows() -> None:
    text = mps().replace("COLUMNS", "LAZYCONS\n L r2\nCOLUMNS").replace("    y", "    x r2 1\n    y")
    assert parse_mps(text).rows == ("r1", "r2")


@pytest.mark.parametrize(
    ("section", "data", "what"),
    [
        ("QUADOBJ", "x x 1", "quadratic objective"), ("QMATRIX", "x x 1", "quadratic objective"),
        ("QSECTION obj", "x x 1", "quadratic part"), ("QCMATRIX r1", "x x 1", "quadratic row"),
        ("CSECTION K1 0.0 QUAD", "x", "cone"), ("SOS", " S1 SOS s1", "SOS"), ("SOS2", "x 1", "SOS"),
        ("INDICATORS", " IF r1 x 1", "indicator"), ("GENCONS", " MAX g", "general constraints"),
        ("PWLOBJ", "x 1 2", "piecewise-linear"), ("USERCUTS", " L u", "user cuts"), ("SCENARIOS", "s", "scenarios"),
    ],
)  # fmt: skip
def test_what_is_not_linear_is_refused(section: str, data: str, what: str) -> None:
    with pytest.raises(UnsupportedError, match=f"line 11: not supported: .*{what}") as caught:
        parse_mps(mps(rest=f"{section}\n    {data}\n"))
    assert "\n" not in str(caught.value)
    assert parse_mps(mps(rest=f"{section}\n")).rows == ("r1",)


@pytest.mark.parametrize(("kind", "what"), [("SC", "semi-continuous"), ("SI", "semi-integer")])
def test_semi_continuous_variables_are_refused(kind: str, what: str) -> None:
    with pytest.raises(UnsupportedError, match=f"{what} variable 'x'"):
        parse_mps(mps(rest=f"BOUNDS\n {kind} B x 4\n"))


def test_sets_by_markers_are_refused() -> None:
    with pytest.raises(UnsupportedError, match="SOSORG"):
        parse_mps(mps(columns="    M 'MARKER' 'SOSORG'\n" + PLAIN))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 0, "ENDATA"),
        (mps().replace("ENDATA\n", ""), 8, "cut off"),
        (mps(columns="    x nothere 1\n"), 6, "'nothere' is not in the ROWS"),
        (mps(columns="    x r1 1\n    x r1 2\n"), 7, "'x' has two coefficients in row 'r1'"),
        (mps(columns="    x r1 1 r1 2\n"), 6, "'x' has two coefficients in row 'r1'"),
        (mps(columns="    x obj 1 obj 2\n"), 6, "second coefficient"),
        (mps(columns="    x r1 1\n    y r1 1\n    x obj 2\n"), 8, "two places"),
        (mps(columns="    x r1 nan\n"), 6, "expected a number, found 'nan'"),
        (mps(columns="    x r1 1_0\n"), 6, "expected a number"),
        (mps(columns="    x r1\n"), 6, "expected a column"),
        (mps(rows=" G r1\n"), 5, "duplicate row name 'r1'"),
        (mps(rows=" X r2\n"), 5, "expected the row type"),
        (mps(rhs="    A r1 1\n    B r1 2\n"), 10, "second set 'B' in RHS"),
        (mps(rhs="    A r1 1\n    A r1 2\n"), 10, "second right-hand side of row 'r1'"),
        (mps(rhs="    A r9 1\n"), 9, "'r9' is not in the ROWS"),
        (mps(rhs="    A r1 nan\n"), 9, "expected a number"),
        (mps(rhs="    A r1 1e30\n"), 9, "cannot have the right-hand side inf"),
        (mps(rest="BOUNDS\n UP B z 4\n"), 11, "'z' is not in the COLUMNS"),
        (mps(rest="BOUNDS\n UP B x 4\n BV B z\n"), 12, "'z' is not in the COLUMNS"),
        (mps(rest="BOUNDS\n ZZ B x 4\n"), 11, "unknown bound type"),
        (mps(rest="BOUNDS\n UP A x 4\n UP B x 5\n"), 12, "second set 'B' in BOUNDS"),
        (mps(rest="BOUNDS\n FX B x inf\n"), 11, "cannot have the bound FX inf"),
        (mps(rest="RANGES\n    R obj 4\n"), 11, "range on the objective"),
        (mps(head="NAME t\nOBJSENSE\n    UP\n"), 3, "expected MIN or MAX"),
        (mps(head="NAME t\nNONSENSE\n"), 2, "expected a section"),
        (mps(head="NAME t\nOBJNAME\n    cost\n"), 10, "'cost' is not an N row"),
    ],
)  # fmt: skip
def test_malformed_files_are_refused_with_their_line(text: str, line: int, message: str) -> None:
    with pytest.raises(ParseError, match=message) as caught:
        parse_mps(text, source="m.mps")
    assert "\n" not in str(caught.value)
    if line:
        assert caught.value.line in (line, line + 1, line + 2)


@given(st.lists(st.sampled_from(
    ["NAME", "ROWS", "COLUMNS", "RHS", "RANGES", "BOUNDS", "ENDATA", "OBJSENSE", "MAX", " N obj", " L r", " E r2",
     "    x", " obj", " r", " 1", " 2.5", " UP", " BND", " BV", " 'MARKER'", " 'INTORG'", "\n", "\n", "\n    ", "$",
     "*"]
), max_size=40))  # fmt: skip
def test_any_text_is_read_or_refused(words: list[str]) -> None:
    assert "\n" not in refusal(lambda: parse_mps("".join(words)))


@given(st.text(max_size=60))
def test_any_characters_are_read_or_refused(text: str) -> None:
    assert "\n" not in refusal(lambda: parse_mps(mps(rest=text)))


@pytest.mark.shared_data
def test_real_files_are_read_or_refused(shared_data: Path, tmp_path: Path) -> None:
    paths = sorted(shared_data.rglob("*.mps"))
    refusals = {path: refusal(lambda path=path: read(path)) for path in paths}  # type: ignore[misc]
    assert list(refusals.values()).count("") > 55
    assert not any("\n" in message for message in refusals.values())
    readable = next(path for path in paths if not refusals[path])
    packed = tmp_path / "packed.mps.gz"
    packed.write_bytes(gzip.compress(readable.read_bytes()))
    assert read(packed).same_as(read(readable))


def test_input_errors_are_the_only_errors() -> None:
    with pytest.raises(InputError):
        parse_mps("ROWS\n G r\nCOLUMNS\n    x r 1e999\nENDATA\n")
