import gzip
import importlib
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.formulation.random_formulations import ODD_NAMES, PLAIN_NAMES, formulations
from tools.errors import InputError
from tools.formulation.json_format import format_json, parse_json
from tools.formulation.lp_reader import parse_lp
from tools.formulation.lp_writer import format_lp
from tools.formulation.model import Formulation
from tools.formulation.mps_reader import parse_mps
from tools.formulation.mps_writer import format_mps
from tools.formulation.read import read

readers: Any = importlib.import_module("quasikarp_verify")

PARSERS: dict[str, Callable[[str], Formulation]] = {".lp": parse_lp, ".mps": parse_mps, ".json": parse_json}


def simple(value: Fraction | None) -> int | Fraction | None:
    return value if value is None or value.denominator != 1 else value.numerator


def adapted(model: Formulation) -> Any:
    """Return the project's model as the checker's."""
    columns, rows = range(len(model.variables)), range(len(model.rows))
    return readers.Model(
        names=list(model.variables),
        lower=[simple(model.lower.finite(j)) for j in columns],
        upper=[simple(model.upper.finite(j)) for j in columns],
        integer=[bool(model.integer[j]) for j in columns],
        rows=[
            (
                {j: simple(value) for j, value in model.row_terms(i).items()},
                simple(model.row_lower.finite(i)),
                simple(model.row_upper.finite(i)),
            )
            for i in rows
        ],
        cost={j: simple(value) for j, value in model.cost_terms.items()},
        constant=simple(model.cost_constant),
    )


def checked(text: str, ending: str, folder: Path) -> Any:
    """Return what the checker reads in a file with this text."""
    path = folder / f"model{ending}"
    path.write_text(text, encoding="utf-8", newline="")
    return readers.read_model(str(path))


def outcome(text: str, ending: str, folder: Path) -> str:
    """Return how both readers take a text; an error where they read it differently or only the checker takes it."""
    try:
        mine = checked(text, ending, folder)
    except readers.Unusable:
        mine = None
    try:
        theirs = adapted(PARSERS[ending](text.replace("\r\n", "\n").replace("\r", "\n")))
    except InputError:
        return "refused" if mine is None else f"taken by the checker alone: {text}"
    if mine is None:
        return "refused by the checker"
    assert readers.differences(mine, theirs) is None, text
    assert readers.digest(mine) == readers.digest(theirs), text
    return "same"


LP_ROWS = [
    "c: 3 >= x",
    "3 <= x + y",
    "c: x + 2 >= 3 - y",
    "c: x + 2 y >= x + 4",
    "c: 1 + x <= 2 x",
    "c: 99999999999999999999 >= x",
    "c: x + 1e30 <= 1e30 + 2",
    "x >= y\n x >= z",
    "c: x +\n y >= z - 4\n x <= 2",
    "c: 5 = x - y",
    "c: x >= -1e30 + y",
    "c: x >= 1 + 2",
    "c: x <= 3",
    "c: x < 3",
    "c: x =< 3",
    "c: x > 3",
    "c: x => 3",
    "c: x = 3",
    "c: x == 3",
    "c: x ≤ 3",
    "c: x − y ≥ −3",
    "c: -2 <= x - y <= 2",
    "c: 2 >= x - y >= -2",
    "c: 1 <= x + 1 <= 2",
    "c: x + y >= -inf",
    "c: x + y <= 1e30",
    "c: x\n >= 4",
    "c: x\n + 2 y\n <= 4",
    "c: 0 x >= -4",
    "c: 3 <= 5",
    "c: - - 3 x + -2 y = 0.10",
    "c: 2 * x + 3*y >= 1e-2",
    "x >= 1\n -x - y >= -3\n R0: y <= 2",
    "c: x >= 1\n c: y >= 2",
    "c : x >= 1",
    "c:x>=1",
    "c: x + 3\n y >= 1",
    "c: x[0,1] + x(1,2) + y(a-b) + e1 + 2e >= 1",
    "c: x + 1e30 <= 1e30",
    "c: -inf <= x + y <= 2",
    "c: x <= 2\n + 3 y >= 1\n x\n + y\n + 2 >= 3",
    "1c: x >= 1",
    "c-1: x >= 2",
    "c: x = 1\n bin: y >= 1",
    "c: x <= 99999999999999990000",
    "c: 0.1000000000000000055511151231257827 x >= 1",
    "c: x >= 4\n + 3 y <= 2",
    "c: x1e + y >= 5e-1",
]
LP_REFUSED_BY_THE_CHECKER = [
    "c: -inf <= x",
    "c: x >= y\n + 3",
    "c: x >= y\n - z\n d: z >= 1",
    "c: x[0,1] + y(a-b) + z(i<=3) + e1 + 2e >= 1",
    "c: -2 <= x\n + y <= 2\n d: x >= 1",
    "c: x >=\n 4",
    "c: x[1:2] >= 3",
]
LP_ENDS = [
    "",
    "Bounds\n x <= 5",
    "Bounds\n x >= -5\n 5 >= y",
    "Bounds\n -5 <= x <= 5\n x free",
    "Bounds\n x = 3",
    "Bounds\n x <= -3",
    "Bounds\n -inf <= x <= +inf\n y >= -1e20\n y <= 1e+30",
    "Bounds\n x <= 4\n x >= 1\n x <= 3",
    "Bounds\n z - 4 <= 3",
    "Bounds\n z <= 4",
    "Binaries\n x\nBounds\n -5 <= x <= 5",
    "Bounds\n x = 0\n y >= 0.5\nBinary\n x y",
    "Bounds\n x >= 2\nbin\n x",
    "Bounds\n x <= 1.00000000000000000001\nbin\n x",
    "Generals\n x\nBinaries\n x",
    "Lazy Constraints\n l: x + y <= 9\nGen\n y",
    "int\n x\n y\nEnd\n",
    "Bounds\n x <= inf\n-Infinity<=y",
]
LP_REFUSED = [
    "min [ x ^2 ] / 2\nst\n c: x >= 1",
    "min x\nst\n c: [ x * y ] <= 3",
    "min x\nst\n c: x * y <= 3",
    "min x\nst\n c: x^2 <= 3",
    "min x\nst\n c: x = 1 -> y <= 3",
    "min x\nst\n c: x >= 1\nSemi-Continuous\n x",
    "min x\nst\n c: x >= 1\nSOS\n s: S1:: x:1",
    "min x\nst\n c: x >= 1\nGeneral Constraints\n g: x = MAX ( y , 3 )",
    "min x\nst\n c: x >= 1\nUser Cuts\n u: x <= 2",
    "min multi-objectives\n o: Priority=1\n x\nst\n c: x >= 1",
    "min x\nst\n c: x >= 1\nPWLObj\n x: (1, 2)",
    "",
    "x >= 1",
    "min x\nst\n c: x >= nan",
    "min x\nst\n c: 1e301 x >= 1",
    "min x\nst\n c: x >= inf",
    "min x\nst\n c: x =\nend",
    "min x\nst\n c: x y >= 1",
    "min x\nst\n c: x (y) >= 1",
    "min x\nst\n c: x >= 1\nend\nx",
    "min x\nst\n c: x + y",
    "min x\nst\n c: x >= 1\nBounds\n x >= inf",
    "min x\nst\n c: x >= 1\ngen\n z",
    "min x\nst\n c: x + >= 3",
    "min x\nst\n c: x >= 0 <= y",
    "min 1e400 x\nst\n x >= 1",
    "min x\nst\n c: x >= y\n + z >= 1",
    "min x\nst\n c: x[(a] >= 1",
    "min x >= 3\nst\n x >= 1",
    "min x\n o: y\nst\n x >= 1",
]
MPS = """NAME t
OBJSENSE
    {sense}
ROWS
 N obj
 L c1
 G c2
 E c3
 N other
COLUMNS
 M1 'MARKER' 'INTORG'
 x obj 1 c1 2
 x c2 3.5 c3 -1
 y c1 1 other 4
 M2 'MARKER' 'INTEND'
 z obj -2 c2 1D1
 w c3 0
RHS
{rhs}
RANGES
{ranges}
BOUNDS
{bounds}
ENDATA
"""
MPS_CASES: list[dict[str, str]] = [
    {},
    {"sense": "MAXIMIZE"},
    {"sense": "Max", "rhs": " R obj 5.5"},
    {"rhs": " c1 10 c2 -3"},
    {"rhs": " R c1 1e30\n R c3 4"},
    {"rhs": " R c1 10", "ranges": " G c1 3 c2 -4\n G c3 2"},
    {"ranges": " G c3 -2.5\n G c2 1e30"},
    {"bounds": " UP B z -5"},
    {"bounds": " UP B z -5\n LO B z -9"},
    {"bounds": " UP z 0\n MI z"},
    {"bounds": " BV B w\n BV B x 1"},
    {"bounds": " FR x\n PL z"},
    {"bounds": " UP B x 7"},
    {"bounds": " LO B x 2"},
    {"bounds": " LI B w 3\n UI B z 4"},
    {"bounds": " FX B x 2.5\n UP B w 1e30"},
    {"bounds": " MI B x\n UP B y inf\n LO B y -Infinity"},
    {"bounds": " UP B x -1"},
    {"bounds": " PL B x"},
    {"bounds": " UI B w -2"},
]
MPS_REFUSED: list[dict[str, str]] = [
    {"bounds": " SC B x 3"},
    {"bounds": " UP B q 3"},
    {"bounds": " UP B x 3\n UP C x 4"},
    {"rhs": " R c1 1\n R c1 2"},
    {"rhs": " R c9 1"},
    {"rhs": " R c3 inf"},
    {"rhs": " R c1 1/3"},
    {"ranges": " G obj 1"},
    {"bounds": " UP B x 3\nQUADOBJ\n x x 2"},
    {"bounds": "SOS\n S1 s 1"},
    {"bounds": "INDICATORS\n IF c1 x 1"},
    {"sense": "UPWARDS"},
    {"bounds": " LO B x nan"},
    {"rhs": " R c1 1\nCOLUMNS\n x c1 1"},
    {"rhs": " R c1 1\nROWS\n L c1"},
    {"rhs": " R c1 1e301"},
    {"bounds": "QCMATRIX c1\n x x 1"},
]


def mps(case: dict[str, str]) -> str:
    return MPS.format(**({"sense": "MIN", "rhs": "", "ranges": "", "bounds": ""} | case))


@pytest.mark.parametrize("rows", LP_ROWS)
def test_rows_of_lp(rows: str, tmp_path: Path) -> None:
    found = [
        outcome(f"{sense} x + 2 y - 3\nst\n {rows}\n{end}", ".lp", tmp_path)
        for sense in ("min", "max obj:")
        for end in ("", LP_ENDS[3])
    ]
    assert set(found) == {"same"}


@pytest.mark.parametrize("rows", LP_REFUSED_BY_THE_CHECKER)
def test_rows_of_lp_that_only_the_project_reads(rows: str, tmp_path: Path) -> None:
    assert outcome(f"min x + 2 y - 3\nst\n {rows}\nend", ".lp", tmp_path) in ("refused", "refused by the checker")


@pytest.mark.parametrize("end", LP_ENDS)
def test_bounds_and_kinds_of_lp(end: str, tmp_path: Path) -> None:
    found = outcome(f"Maximize\n obj: 3 x + 2.5e3 y\nSubject To\n c: x + y + z >= 1\n{end}\n", ".lp", tmp_path)
    assert found == ("refused" if "z - 4" in end else "refused by the checker" if "Lazy" in end else "same")


@pytest.mark.parametrize("text", LP_REFUSED)
def test_what_is_refused_in_lp(text: str, tmp_path: Path) -> None:
    with pytest.raises(readers.Unusable):
        checked(text, ".lp", tmp_path)


@pytest.mark.parametrize("case", MPS_CASES, ids=str)
def test_mps(case: dict[str, str], tmp_path: Path) -> None:
    assert outcome(mps(case), ".mps", tmp_path) == "same"


@pytest.mark.parametrize("case", MPS_REFUSED, ids=str)
def test_what_is_refused_in_mps(case: dict[str, str], tmp_path: Path) -> None:
    assert outcome(mps(case), ".mps", tmp_path) == "refused"


@pytest.mark.parametrize(("ending", "write"), [(".lp", format_lp), (".mps", format_mps), (".json", format_json)])
@given(data=st.data())
def test_what_the_project_writes(
    ending: str, write: Callable[[Formulation], str], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    names = ODD_NAMES if ending == ".json" else PLAIN_NAMES
    model = data.draw(formulations(names=names, auxiliary=ending == ".json"))
    try:
        text = write(model)
    except InputError:
        return
    found = outcome(text, ending, tmp_path_factory.getbasetemp())
    # words of the LP format as names, and rows without any variable
    assert found == "same" or (found == "refused by the checker" and ending == ".lp")


def test_most_of_what_the_project_writes_in_lp_is_read(tmp_path: Path) -> None:
    text = format_lp(parse_lp("max 2 x + 3.5 y + 1\nst\n a: 1 <= x + y <= 4\n b: x >= -inf\n c: z <= 3\nbin\n z\nend"))
    assert outcome(text, ".lp", tmp_path) == "same"


JSON = {
    "schema": "quasikarp/formulation/1",
    "name": "diet",
    "sense": "maximize",
    "description": "two\nlines",
    "objective": {"constant": "-1/2", "terms": {"x": "1/3", "y": 2.50}},
    "variables": [
        {"name": "x", "lower": "0", "upper": None, "kind": "continuous", "auxiliary": True},
        {"name": "y", "lower": 0, "upper": 1, "kind": "binary"},
        {"name": "z 3", "lower": None, "upper": 1e30, "kind": "integer"},
    ],
    "rows": [
        {"name": "demand", "lower": "1", "upper": None, "terms": {"x": "1", "y": "2.5", "z 3": 0}},
        {"name": "nothing", "lower": None, "upper": "1e2", "terms": {}},
    ],
}


def test_json(tmp_path: Path) -> None:
    assert outcome(json.dumps(JSON), ".json", tmp_path) == "same"
    model = readers.formulation(readers.decode(json.dumps(JSON)))
    assert model.cost == {0: Fraction(-1, 3), 1: Fraction(-5, 2)}
    assert model.constant == Fraction(1, 2)
    assert model.upper == [None, 1, 10**30]
    assert [type(value) for value in (model.upper[2], model.rows[0][1])] == [int, int]


@pytest.mark.parametrize(
    ("found", "replacement"),
    [
        ('"1/3"', '"1/0"'),
        ('"1/3"', "NaN"),
        ('"1/3"', "true"),
        ('"1/3"', "null"),
        ('"1/3"', '"1e999"'),
        ('"1/3"', '"x"'),
        ('"1/3"', "1e-400"),
        ("binary", "Binary"),
        ('"upper": 1,', '"upper": 2,'),
        ('"y", "lower": 0', '"x", "lower": 0'),
        ('"name": "y"', '"name": ""'),
        ('"name": "y"', '"name": "\\u0007"'),
        ('"name": "y"', '"name": 3'),
        ("maximize", "max"),
        ('"terms": {}', '"terms": {"q": 1}'),
        ('"terms": {}', '"terms": []'),
        ("nothing", "demand"),
        ("formulation/1", "algebra/1"),
        ('"description"', '"descriptoin"'),
        ('"name": "diet"', '"sense": "minimize"'),
        ("true", '"yes"'),
        ('"upper": null, ', ""),
    ],
)
def test_what_is_refused_in_json(found: str, replacement: str, tmp_path: Path) -> None:
    text = json.dumps(JSON)
    assert found in text
    assert outcome(text.replace(found, replacement), ".json", tmp_path) == "refused"


def test_json_that_is_nested_deeply_or_none(tmp_path: Path) -> None:
    for text in ("[" * 200_000, '{"a":' * 100_000, "{", "[]", "3", '"x"', "", "9" * 5000):
        assert outcome(text, ".json", tmp_path) == "refused"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("-2.5e3", -2500),
        ("1/3", Fraction(1, 3)),
        ("4/2", 2),
        (".5", Fraction(1, 2)),
        ("+5.", 5),
        ("1e-2", Fraction(1, 100)),
        ("-0", 0),
        ("1e400", 10**400),
        ("0.10", Fraction(1, 10)),
        ("-7/21", Fraction(-1, 3)),
        ("9" * 900, 10**900 - 1),
    ],
)
def test_numbers(text: str, value: Fraction | int) -> None:
    assert readers.number(text) == value
    assert type(readers.number(text)) is (int if Fraction(value).denominator == 1 else Fraction)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "1e401",
        "1e-401",
        "1e999999999999",
        "1/0",
        "1/00",
        "1.5/2",
        "1/-2",
        "inf",
        "nan",
        "1_000",
        " 1",
        "1 ",
        "٣",
        "0x10",
        "1e",
        "--1",
        "1e5/2",
        "9" * 4001,
        ".",
        "1\n",
    ],
)
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(readers.Invalid):
        readers.number(text)


def test_files(tmp_path: Path) -> None:
    text = "min x\r\nst\r c: x >= 1\nend\n"
    plain = checked(text, ".LP", tmp_path)
    for ending, pack in (
        (".lp.gz", gzip.compress),
        (".lp", lambda data: b"\xef\xbb\xbf" + data),
    ):
        path = tmp_path / f"packed{ending}"
        path.write_bytes(pack(text.encode()))
        assert readers.differences(plain, readers.read_model(str(path))) is None
    (tmp_path / "latin.lp").write_bytes(b"min \xe4\nst\n \xe4 >= 1\n")
    assert readers.read_model(str(tmp_path / "latin.lp")).names == ["ä"]


def test_files_that_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder.lp").mkdir()
    (tmp_path / "damaged.lp.gz").write_bytes(gzip.compress(b"min x\nst\n x >= 1\n" * 90)[:-9])
    (tmp_path / "binary.mps").write_bytes(b"\0\1\2")
    for name in ("folder.lp", "damaged.lp.gz", "binary.mps", "absent.lp", "nul\0.lp"):
        with pytest.raises(readers.Unusable, match=r"^[^\n]*$"):
            readers.read_model(str(tmp_path / name))
    for name in ("model.nl", "model", "model.gz", "a.lp.zip", "a.lp.bz2", "a\nb.py"):
        with pytest.raises(readers.Unusable, match="write it as LP, MPS or JSON first"):
            readers.read_model(name)
    monkeypatch.setattr(readers, "_MOST_BYTES", 1000)
    (tmp_path / "bomb.json.gz").write_bytes(gzip.compress(b" " * 2000))
    with pytest.raises(readers.Unusable, match="is no text, or has more than"):
        readers.read_model(str(tmp_path / "bomb.json.gz"))


def test_order_and_row_names_do_not_matter(tmp_path: Path) -> None:
    first = checked("max x + 2 y\nst\n a: x + y <= 3\n b: x >= 1\n c: x >= 1\nint\n x\n", ".lp", tmp_path)
    second = checked("min -2 y - x\nst\n x >= 1\n q: y + x <= 3\n x >= 1\ngen\n x\n", ".lp", tmp_path)
    assert readers.differences(first, second) is None
    assert readers.digest(first) == readers.digest(second)


@pytest.mark.parametrize(
    "text",
    [
        "max x + 2 y\nst\n x + y <= 4\n x >= 1\n x >= 1",
        "max x + 2 y\nst\n x + y <= 3\n x >= 1",
        "min x + 2 y\nst\n x + y <= 3\n x >= 1\n x >= 1",
        "max x + 2 y + 1\nst\n x + y <= 3\n x >= 1\n x >= 1",
        "max x + 2 y\nst\n x + y <= 3\n x >= 1\n x >= 1\nint\n x",
        "max x + 2 y\nst\n x + y <= 3\n x >= 1\n x >= 1\nbounds\n y <= 9",
        "max x + 2 z\nst\n x + z <= 3\n x >= 1\n x >= 1",
        "max x + 2 y\nst\n x + y <= 3\n -x <= -1\n x >= 1",
        "max x + 2 y\nst\n x + y <= 3\n x >= 1\n x >= 1\nbounds\n 0 <= z <= 1",
    ],
)
def test_differences_are_named(text: str, tmp_path: Path) -> None:
    first = checked("max x + 2 y\nst\n x + y <= 3\n x >= 1\n x >= 1", ".lp", tmp_path)
    second = checked(text, ".lp", tmp_path)
    for message in (readers.differences(first, second), readers.differences(second, first)):
        assert re.fullmatch(r".{10,600}", message)
    assert readers.digest(first) != readers.digest(second)


def mutated(text: str, chance: random.Random, pieces: list[str]) -> str:
    for _ in range(chance.choice((1, 1, 2, 3))):
        lines = text.split("\n")
        line, place = chance.randrange(len(lines)), chance.randrange(len(text) + 1)
        match chance.randrange(5):
            case 0:
                text = text[:place] + text[place + chance.randint(1, 4) :]
            case 1:
                text = text[:place] + chance.choice(pieces) + text[place:]
            case 2:
                text = "\n".join(lines[:line] + lines[line + 1 :])
            case 3:
                text = "\n".join([*lines[: line + 1], *lines[line:]])
            case _:
                text = "\n".join([*lines[:line], " ".join(lines[line : line + 2]), *lines[line + 2 :]])
    return text


def test_mutated_files_are_read_alike_or_refused(tmp_path: Path) -> None:
    chance = random.Random(5)
    lp_pieces = [
        *("+", "-", "3", "e5", "1e5", "<=", ">=", "=", "<", "x", "y", "inf", "-inf", "free", "bounds\n", "st", "bin\n"),
        *("gen\n", "[", "]", "(", ")", ":", "*", "/", "^", "c1:", "0", "1e20", "->", "end", "\\", "\n", " "),
    ]
    mps_pieces = [
        "\n",
        " ",
        "-",
        "1",
        "1e30",
        "x",
        " UP B x 3\n",
        " MI B x\n",
        " FR z\n",
        " BV B x\n",
        " LI w 2\n",
        "ENDATA\n",
        "RHS\n",
        "'",
    ]
    counts: Counter[str] = Counter()
    for _ in range(400):
        rows, end = "\n ".join(chance.sample(LP_ROWS, 3)), chance.choice(LP_ENDS)
        text = mutated(f"Maximize\n obj: 3 x + 2 y - 5\nSubject To\n {rows}\n{end}\n", chance, lp_pieces)
        counts[outcome(text, ".lp", tmp_path)] += 1
        counts[outcome(mutated(mps(chance.choice(MPS_CASES)), chance, mps_pieces), ".mps", tmp_path)] += 1
    assert counts.keys() == {"same", "refused", "refused by the checker"}
    assert min(counts["same"], counts["refused"]) > 100


@pytest.mark.parametrize("ending", [".lp", ".mps"])
def test_a_large_model_is_read_quickly(ending: str, tmp_path: Path) -> None:
    size = 10_000
    rows = "\n".join(
        f" c{i}: {' + '.join(f'{i % 7 + k}.5 x{(i * 7 + k) % size}' for k in range(10))} >= {i}" for i in range(size)
    )
    model = parse_lp(f"min x1\nst\n{rows}\n")
    text = format_lp(model) if ending == ".lp" else format_mps(model)
    start = time.process_time()
    assert len(checked(text, ending, tmp_path).rows) == size
    assert time.process_time() - start < 8


@pytest.mark.parametrize(
    "text", ["1" * 10**6, "x" * 10**6, "min " + "+ " * 10**6, "min x\nst\n" + "x(" * 10**5, "min 2" + " " * 10**6 + ")"]
)
def test_hostile_text_takes_no_time(text: str, tmp_path: Path) -> None:
    start = time.process_time()
    for ending in (".lp", ".mps", ".json"):
        with pytest.raises(readers.Unusable):
            checked(text, ending, tmp_path)
    assert time.process_time() - start < 5


@pytest.mark.shared_data
def test_real_models_are_read_alike_or_refused(shared_data: Path) -> None:
    counts = {"same": 0, "refused": 0}
    for folder in ("alternative_formulations", "formulation_bench", "highs_instances", "llm_written", "bench4opt"):
        files = [path for path in sorted((shared_data / folder).rglob("*")) if path.suffix in (".lp", ".mps", ".json")]
        for path in files[:: max(1, len(files) // 12)]:
            if path.stat().st_size > 200_000:
                continue
            try:
                mine = readers.read_model(str(path))
            except readers.Unusable:
                counts["refused"] += 1
                continue
            assert readers.differences(mine, adapted(read(path))) is None, path
            counts["same"] += 1
    assert counts["same"] > 30
