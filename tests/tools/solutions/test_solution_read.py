"""What solvers write is told apart by content; every fault is one line that names the place."""

import gzip
from fractions import Fraction
from pathlib import Path

import pytest

import tools.solutions.read
from tools.errors import InputError
from tools.solutions.read import parse_solution, read_solution

WRITTEN = Path(__file__).parent / "written"
POINT = {"x[1]": Fraction(4), "y_2": Fraction(0), "z": Fraction(-2), "w": Fraction(0)}
NONZERO = {name: value for name, value in POINT.items() if value}


@pytest.mark.parametrize(
    ("name", "format_name", "omits_zeros"),
    [
        ("gurobi.sol", "Gurobi", False),
        ("gurobi.json", "Gurobi JSON", True),
        ("highs_raw.sol", "HiGHS", False),
        ("highs_pretty.sol", "HiGHS", False),
        ("highs_sparse.sol", "HiGHS", True),
        ("scip.sol", "SCIP", True),
    ],
)
def test_files_that_solvers_wrote(name: str, format_name: str, omits_zeros: bool) -> None:
    solution = read_solution(WRITTEN / name)
    assert solution.format == format_name
    assert solution.omits_zeros is omits_zeros
    assert solution.values == (NONZERO if omits_zeros else POINT)
    assert solution.point_of is None


def test_compressed_files(tmp_path: Path) -> None:
    path = tmp_path / "anything"
    path.write_bytes(gzip.compress((WRITTEN / "gurobi.sol").read_bytes()))
    assert read_solution(path).values == POINT
    path.write_bytes(path.read_bytes()[:30])
    with pytest.raises(InputError, match="damaged"):
        read_solution(path)


def test_other_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.sol"
    path.write_bytes(b"\xef\xbb\xbf" + (WRITTEN / "highs_raw.sol").read_bytes().replace(b"\n", b"\r\n"))
    assert read_solution(path).values == POINT


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"a\0b 3", "binary"),
        (b"<html></html>", "expected a name and a value"),
        (b"\\ a model\nminimize\n obj: x\nend", "several|a number|a name and a value"),
    ],
)
def test_garbage_is_refused_in_one_line(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "solution.sol"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        read_solution(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing", Path("a\0b"), tmp_path / ("long" * 2000)):
        with pytest.raises(InputError, match="cannot read"):
            read_solution(path)


def test_size_is_bounded_packed_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools.solutions.read, "LARGEST_FILE", 1000)
    path = tmp_path / "a.sol"
    path.write_bytes(b"x 1\n" + b"#" * 1000)
    with pytest.raises(InputError, match="more than 1000 bytes"):
        read_solution(path)
    path.write_bytes(gzip.compress(path.read_bytes()))
    with pytest.raises(InputError, match="once decompressed"):
        read_solution(path)


@pytest.mark.parametrize("value", ["nan", "inf", "-Infinity", "1e9999", "unknown", "0x10", "1/0", "9" * 2000])
def test_what_is_no_number_is_refused_with_its_line(value: str) -> None:
    for text in (f"x 1\ny {value}\n", f"objective value: 3\ny {value} \t(obj:1)\n"):
        with pytest.raises(InputError, match=r"line 2: the value of 'y'"):
            parse_solution(text)


def test_numbers_are_exact() -> None:
    text = "a 0.1\nb 1e-3\nc 1/3\nd 0.30000000000000004\ne -2.5E+2\nf 12345678901234567890.5\n"
    assert list(parse_solution(text).values.values()) == [
        Fraction(1, 10),
        Fraction(1, 1000),
        Fraction(1, 3),
        Fraction("0.30000000000000004"),
        Fraction(-250),
        Fraction("12345678901234567890.5"),
    ]
