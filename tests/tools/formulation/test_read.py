import gzip
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from random_formulations import difference, refusal

from tools.errors import InputError, ParseError
from tools.formulation.lp_reader import parse_lp
from tools.formulation.model import Formulation
from tools.formulation.read import read
from tools.formulation.write import write

LP = "Maximize\n obj: 3 x + 2 y\nSubject To\n c: x + y <= 4\nGenerals\n x\nEnd\n"


@pytest.fixture
def model() -> Formulation:
    return parse_lp(LP, name="farm")


@pytest.mark.parametrize("ending", [".lp", ".mps", ".json", ".LP", ".lp.gz", ".mps.gz", ".json.gz"])
def test_files_by_ending(model: Formulation, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"farm{ending}"
    write(model, path)
    for source in (path, str(path)):
        found = read(source)
        assert difference(found, model) == ""
        assert found.name == "farm"


@pytest.mark.parametrize("ending", [".lp", ".mps", ".json"])
def test_files_by_content(model: Formulation, tmp_path: Path, ending: str) -> None:
    path, other = tmp_path / f"farm{ending}", tmp_path / "farm.txt"
    write(model, path)
    comment = {".lp": b"\\ hello\n\n", ".mps": b"* hello\n", ".json": b" \n"}[ending]
    other.write_bytes(comment + path.read_bytes())
    assert difference(read(other), model) == ""
    other.write_bytes(gzip.compress(path.read_bytes()))
    assert difference(read(other), model) == ""


def test_encodings_and_line_ends(tmp_path: Path) -> None:
    for content in (LP.encode("utf-8-sig"), LP.replace("\n", "\r\n").encode(), LP.replace("\n", "\r").encode(),
                    LP.replace(" x", " größe").encode("latin-1"), LP.replace(" x", " größe").encode()):  # fmt: skip
        path = tmp_path / "m.lp"
        path.write_bytes(content)
        assert read(path).shape == (1, 2)


def test_a_formulation_is_itself(model: Formulation) -> None:
    assert read(model) is model


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x00\x01\x02", "binary"),
        (b"\x1f\x8b\x08\x00broken", "damaged"),
        (gzip.compress(LP.encode(), mtime=0)[:-10], "damaged"),
        (b"hello", "no model in LP, MPS or JSON"),
        (b"", "no model in LP, MPS or JSON"),
        (b" " * 200_000, "no model in LP, MPS or JSON"),
        (b"\n\\" * 50_000, "no model in LP, MPS or JSON"),
    ],
    ids=["binary", "broken gzip", "cut gzip", "text", "empty", "blank", "comments"],
)
def test_content_that_is_no_model(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "m.xyz"
    path.write_bytes(content)
    with pytest.raises(ParseError, match=message):
        read(path)


def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    assert "no file at" in refusal(lambda: read(tmp_path / "absent.lp"))
    assert "is a folder" in refusal(lambda: read(tmp_path))
    assert "cannot read" in refusal(lambda: read("a\0b.lp"))
    assert "cannot read" in refusal(lambda: read(tmp_path / ("x" * 5000)))
    if os.geteuid() != 0:
        (tmp_path / "locked.lp").touch(mode=0)
        assert "cannot read" in refusal(lambda: read(tmp_path / "locked.lp"))


def test_large_files_are_refused(tmp_path: Path) -> None:
    path, bomb = tmp_path / "m.lp", tmp_path / "bomb.lp.gz"
    path.write_text(LP)
    assert "more than 20 bytes" in refusal(lambda: read(path, size_limit=20))
    bomb.write_bytes(gzip.compress(b"\\ comment\n" * 100_000))
    assert "more than 5000 bytes" in refusal(lambda: read(bomb, size_limit=5000))


class Writes:
    """A model object that writes itself as LP, as modelling packages do."""

    def __init__(self, text: str | None = LP) -> None:
        self.text = text

    def writeLP(self, path: str) -> None:  # noqa: N802 - pulp's name
        if self.text is None:
            raise RuntimeError("no licence\nfor this")
        Path(path).write_text(self.text)


def test_objects_that_write_themselves(model: Formulation) -> None:
    assert difference(read(Writes()), model) == ""


class GurobiLike:
    def write(self, path: str) -> None:
        assert path.endswith(".mps")
        write(parse_lp(LP), path)

    def read(self, path: str) -> None:
        """gurobipy models have one for parameters."""


def test_objects_with_write(model: Formulation) -> None:
    assert difference(read(GurobiLike()), model) == ""


@pytest.mark.parametrize("source", [None, 3, [LP], {"a": 1}, b"x.lp\xff", Writes, object()])
def test_other_objects_are_refused(source: Any) -> None:
    with pytest.raises(InputError) as caught:
        read(source)
    assert "\n" not in str(caught.value)


def test_open_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.lp"
    path.write_text(LP)
    with path.open() as stream:
        assert "give a path" in refusal(lambda: read(stream))


def test_objects_that_fail_to_write() -> None:
    assert "no licence for this" in refusal(lambda: read(Writes(None)))
    assert "what test_read.Writes wrote, line 1: expected" in refusal(lambda: read(Writes("blah")))


def test_cvxpy_problems() -> None:
    cp = pytest.importorskip("cvxpy")
    x = cp.Variable(2, name="x")
    assert read(cp.Problem(cp.Minimize(cp.sum(x)), [x >= 1])).variables == ("x[0]", "x[1]")
    assert "expected a cvxpy.Problem" in refusal(lambda: read(x))


def test_ortools_models() -> None:
    pytest.importorskip("ortools")
    from ortools.linear_solver.python import model_builder
    from ortools.math_opt.python import mathopt

    first = mathopt.Model(name="m")
    x = first.add_variable(lb=0, name="x")
    assert read(first).variables == ("x",)
    second = model_builder.Model()
    second.new_num_var(0, 1, "y")
    assert read(second).variables == ("y",)
    assert "expected a MathOpt Model" in refusal(lambda: read(x))


def test_scip_models() -> None:
    pyscipopt = pytest.importorskip("pyscipopt")
    scip = pyscipopt.Model("farm")
    x, y = scip.addVar("x", vtype="I", ub=9), scip.addVar("y", lb=-2)
    scip.addCons(x + 2.5 * y <= 4, "c")
    scip.setObjective(3 * x + y, "maximize")
    found = read(scip)
    assert (found.variables, found.rows, found.sense) == (("x", "y"), ("c",), "maximize")
    assert found.row_terms(0) == {0: 1, 1: 2.5}


def test_highs_models(capfd: pytest.CaptureFixture[str]) -> None:
    highspy = pytest.importorskip("highspy")
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    x, y = highs.addVariable(lb=0, ub=4, name="x"), highs.addVariable(lb=-1, name="y")
    highs.addConstr(x + 3 * y <= 6, name="c")
    highs.minimize(x - y)
    found = read(highs)
    assert (found.variables, found.rows) == (("x", "y"), ("c",))
    assert found.row_terms(0) == {0: 1, 1: 3}
    assert capfd.readouterr().out == ""


def test_reading_a_file_imports_no_modelling_package(tmp_path: Path) -> None:
    path = tmp_path / "m.lp"
    path.write_text(LP)
    script = (
        "import sys; from tools.formulation.read import read; read(sys.argv[1]); "
        "sys.exit(any(name.partition('.')[0] in ('cvxpy', 'ortools', 'highspy', 'pyscipopt') for name in sys.modules))"
    )
    root = Path(__file__).resolve().parents[3]
    assert subprocess.run([sys.executable, "-c", script, str(path)], cwd=root, check=False).returncode == 0


@pytest.mark.shared_data
def test_every_real_file_is_read_or_refused(shared_data: Path) -> None:
    paths = [path for path in sorted(shared_data.rglob("*")) if path.is_file()]
    for path in paths:
        assert "\n" not in refusal(lambda path=path: read(path))  # type: ignore[misc]


@pytest.mark.parametrize("name", ["problem.md", "problem.tex", "problem.txt"])
@pytest.mark.parametrize(
    "text", ["A bakery bakes bread.\n", "Minimize the cost of bread.\n", "\\begin{align} x \\end{align}"]
)
def test_words_are_no_model_yet(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(ParseError, match=f"by `quasikarp read {name} --out problem.model.json`") as caught:
        read(path)
    assert "\n" not in str(caught.value)


def test_a_problem_in_json_is_no_model_yet(tmp_path: Path) -> None:
    path = tmp_path / "problem_info.json"
    path.write_text('{"parametrized_description": "Words."}', "utf-8")
    with pytest.raises(ParseError, match=r"by `quasikarp read problem_info\.json --out problem_info\.model\.json`"):
        read(path)
    path.write_text('{"schema": "quasikarp/formulation/1", "description": "Words."}', "utf-8")
    with pytest.raises(ParseError, match=r"is missing$"):
        read(path)
