"""`quasikarp apply`: from a report and a solver's file to a solution of the reference, with exit codes to rely on."""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tools.report import ClaimSummary, MappingSummary, Report
from tools.solutions.read import read_solution
from ui.cli import app

REFERENCE = """\
maximize
 obj: 5 x + 4 y
subject to
 cap: 3 x + 2 y <= 10
bounds
 x <= 10
 y <= 10
general
 x y
end
"""
CANDIDATE = """\
maximize
 obj: 5 u + 4 v + 0 w
subject to
 cap: 3 u + 2 v <= 10
 aux: w - u <= 1
bounds
 u <= 10
 v <= 10
general
 u v
end
"""


@pytest.fixture
def folder(equivalent: Report, tmp_path: Path) -> Path:
    mapping = equivalent.mapping
    assert mapping is not None
    report = replace(equivalent, mapping=replace(mapping, objective={"scale": "1", "offset": "0"}))
    save(report, tmp_path)
    (tmp_path / "reference.lp").write_text(REFERENCE)
    (tmp_path / "candidate.lp").write_text(CANDIDATE)
    (tmp_path / "point.sol").write_text("u 2\nv 2\nw 0\n")
    return tmp_path


def save(report: Report, folder: Path) -> None:
    (folder / "report.json").write_text(json.dumps(report.to_json()), encoding="utf-8")


def run(folder: Path, *words: str, solution: str = "point.sol") -> Any:
    arguments = [
        str(folder / word) if word.endswith((".lp", ".out.sol", ".out.json", ".csv")) else word for word in words
    ]
    return CliRunner().invoke(app, ["apply", str(folder / "report.json"), str(folder / solution), *arguments])


@pytest.mark.parametrize(
    "reference",
    [
        pytest.param(REFERENCE.replace("<= 10\nbounds", "<= 9\nbounds"), id="no solution of the reference"),
        pytest.param(REFERENCE.replace("5 x", "4 x"), id="worse than promised"),
    ],
)
def test_a_report_that_does_not_hold_is_seen_at_a_solution(folder: Path, reference: str) -> None:
    (folder / "reference.lp").write_text(reference)
    result = run(folder, "--reference", "reference.lp", "--candidate", "candidate.lp")
    assert result.exit_code == 1
    assert result.stdout.startswith("not verified: what the report calls proved does not hold for these models")


def test_a_report_that_forgets_a_variable_of_the_reference_is_refused(folder: Path) -> None:
    (folder / "reference.lp").write_text(REFERENCE.replace("4 y", "4 y + z"))
    result = run(folder, "--reference", "reference.lp")
    assert result.exit_code == 2
    assert "gives no values to 1 variables of the reference" in result.stderr
    assert "'z'" in result.stderr


def test_the_solution_is_shown_and_what_is_known_of_it(folder: Path) -> None:
    result = run(folder)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("verified: every solution of the candidate maps to one of the reference")
    assert "note: not used by the mapping: w" in result.stdout
    assert (
        "Reference solution (2 of 2 variables are not 0)\n  variable  value\n  x             2\n  y             2"
        in result.stdout
    )
    assert "add --reference FILE" in result.stdout


def test_residuals_of_both_models(folder: Path) -> None:
    result = run(folder, "--reference", "reference.lp", "--candidate", "candidate.lp")
    assert result.exit_code == 0, result.stderr
    assert "candidate.lp at the given solution: feasible, exactly\n  objective: maximize 18" in result.stdout
    assert "reference.lp at the solution carried over: feasible, exactly\n  objective: maximize 18" in result.stdout
    assert "the candidate's -18 stands for -18 in the reference, whose value is -18" in result.stdout
    assert "not used" not in result.stdout


def test_residuals_name_the_row_and_set_the_exit_code(folder: Path) -> None:
    (folder / "point.sol").write_text("u 11\nv 0.5\nw 0\n")
    result = run(folder, "--reference", "reference.lp")
    assert result.exit_code == 1
    assert "not feasible within 1e-06" in result.stdout
    assert "largest: row cap: 3 x + 2 y = 34 > 10 (off by 24, relative 8/11)" in result.stdout
    assert "largest: upper bound of x: x = 11 > 10 (off by 1, relative 0.1)" in result.stdout
    assert "largest: integrality of y: y = 0.5 is not whole (off by 0.5, relative 0.5)" in result.stdout
    assert run(folder, "--reference", "reference.lp", "--tolerance", "0.8").exit_code == 0
    assert run(folder).exit_code == 0


def test_noise_is_rounded_where_the_candidate_is_known_and_that_is_said(folder: Path) -> None:
    (folder / "point.sol").write_text("u 1.9999999\nv 2\nw 0\n")
    rounded = run(folder, "--reference", "reference.lp", "--candidate", "candidate.lp")
    assert "integer variables within 1e-05 of a whole number were rounded: u 1.9999999 → 2" in rounded.stdout
    assert "feasible, exactly" in rounded.stdout
    kept = run(folder, "--reference", "reference.lp")
    assert "feasible within 1e-06" in kept.stdout
    assert "x = 1.9999999 is not whole" in kept.stdout
    assert kept.exit_code == 0


def test_formats_without_zeros_mean_zero_and_that_is_said(folder: Path) -> None:
    (folder / "point.sol").write_text("objective value: 10\nu    2 \t(obj:5)\n")
    result = run(folder, "--reference", "reference.lp", "--candidate", "candidate.lp")
    assert result.exit_code == 0, result.stderr
    assert "note: candidate variables that are not listed, taken to be 0: v" in result.stdout
    assert "all others" in result.stdout
    assert run(folder, "--missing", "error").exit_code == 2


def test_other_formats_must_be_complete(folder: Path) -> None:
    (folder / "point.sol").write_text("u 2\n")
    result = run(folder)
    assert result.exit_code == 2
    assert "'v' is missing from the solution" in result.stderr
    assert result.stderr.count("\n") == 1
    assert run(folder, "--missing", "zero").exit_code == 0


def test_strangers_are_named(folder: Path) -> None:
    (folder / "point.sol").write_text("u 2\nv 2\nw 0\nslack 5\n")
    result = run(folder, "--candidate", "candidate.lp")
    assert "note: no variables of the candidate, ignored: slack" in result.stdout


def test_json_has_everything(folder: Path) -> None:
    (folder / "point.sol").write_text("u 1.9999999\nv 2.5\nw 0\n")
    result = run(folder, "--reference", "reference.lp", "--candidate", "candidate.lp", "--json")
    data = json.loads(result.stdout)
    assert result.exit_code == 1
    assert data["schema"] == "quasikarp/solution/1"
    assert data["variables"] == {"x": "2", "y": "5/2"}
    assert data["rounded"] == {"u": "-1/10000000"}
    assert data["checks"]["reference"]["feasible"] is False
    assert data["checks"]["reference"]["row"] == {
        "element": "row", "name": "cap", "value": "11", "limit": "10", "amount": "1", "relative": "1/10",
    }  # fmt: skip
    assert data["checks"]["candidate"]["integrality"]["name"] == "v"
    # What it prints is a solution itself.
    (folder / "again.json").write_text(result.stdout)
    assert read_solution(folder / "again.json").values == {"x": 2, "y": Fraction(5, 2)}


@pytest.mark.parametrize("suffix", [".json", ".sol", ".csv"])
def test_out_writes_a_solution_that_can_be_read(suffix: str, folder: Path) -> None:
    out = folder / f"reference{suffix}"
    result = CliRunner().invoke(
        app, ["apply", str(folder / "report.json"), str(folder / "point.sol"), "--out", str(out)]
    )
    assert result.exit_code == 0, result.stderr
    assert read_solution(out).values == {"x": 2, "y": 2}


def test_out_never_overwrites_an_input(folder: Path) -> None:
    arguments = ["apply", str(folder / "report.json"), str(folder / "point.sol"), "--out", str(folder / "point.sol")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert (folder / "point.sol").read_text() == "u 2\nv 2\nw 0\n"


def test_a_refuted_mapping_needs_force(folder: Path, refuted: Report) -> None:
    save(refuted, folder)
    result = run(folder)
    assert result.exit_code == 2
    assert "was refuted" in result.stderr
    forced = run(folder, "--force")
    assert forced.exit_code == 0
    assert forced.stdout.startswith("not verified: the verdict is 'not_equivalent'")


def test_what_is_promised_depends_on_the_claims(folder: Path, equivalent: Report) -> None:
    save(replace(equivalent, claims={**equivalent.claims, "sound": ClaimSummary("unknown", "exact", "")}), folder)
    assert run(folder).stdout.startswith("verified for optimal solutions")
    save(replace(equivalent, verdict="not_equivalent"), folder)
    assert "the verdict under quasi-karp is 'not_equivalent'" in run(folder).stdout


def test_the_other_way_round(folder: Path, equivalent: Report) -> None:
    assert equivalent.mapping is not None
    affine = {"function": "affine", "arguments": {"constant": "0", "terms": {"x": "2"}}}
    mapping: MappingSummary = replace(equivalent.mapping, lifting={"u": affine})
    save(replace(equivalent, mapping=mapping), folder)
    (folder / "point.sol").write_text("x 2\n")
    result = run(folder, "--reverse", "--reference", "reference.lp")
    assert "Candidate solution (1 of 1 variables are not 0)" in result.stdout
    assert "as far as known (rows left out, which use variables without a value: 1)" in result.stdout
    assert "add --candidate FILE" in result.stdout


@pytest.mark.parametrize(
    ("u", "exit_code"),
    [
        pytest.param({"constant": "0", "terms": {"x": "1"}}, 0, id="as good"),
        pytest.param({"constant": "1", "terms": {"x": "1"}}, 0, id="better"),
        pytest.param({"constant": "0", "terms": {}}, 1, id="worse"),
    ],
)
def test_what_is_lifted_is_no_worse(folder: Path, equivalent: Report, u: dict[str, Any], exit_code: int) -> None:
    mapping = equivalent.mapping
    assert mapping is not None
    parts = {"u": u, "v": {"constant": "0", "terms": {"y": "1"}}, "w": {"constant": "0", "terms": {}}}
    lifting = {name: {"function": "affine", "arguments": arguments} for name, arguments in parts.items()}
    objective = {"scale": "1", "offset": "0"}
    save(replace(equivalent, mapping=replace(mapping, lifting=lifting, objective=objective)), folder)
    (folder / "point.sol").write_text("x 1\ny 1\n")
    result = run(folder, "--reverse", "--reference", "reference.lp", "--candidate", "candidate.lp")
    assert result.exit_code == exit_code, result.output
    assert result.stdout.startswith("verified" if exit_code == 0 else "not verified")


def test_a_counterexample_is_a_point_of_one_side(folder: Path, refuted: Report) -> None:
    save(refuted, folder)
    result = run(folder, "--force", "--reference", "reference.lp", solution="report.json")
    assert result.exit_code == 1
    assert "row cap: 3 x + 2 y = 11 > 10" in result.stdout
    result = run(folder, "--force", "--reverse", solution="report.json")
    assert result.exit_code == 2
    assert "holds a point of the candidate" in result.stderr


def test_models_of_another_pair_are_refused(folder: Path) -> None:
    assert "'u' and 'v'" not in run(folder, "--candidate", "reference.lp").stdout
    assert "used by the mapping but no variable of the candidate" in run(folder, "--candidate", "reference.lp").stderr
    assert "does not have, such as 'x'" in run(folder, "--reference", "candidate.lp").stderr


@pytest.mark.parametrize(
    "words",
    [("--tolerance", "-1"), ("--tolerance", "nan"), ("--out", "solution.xlsx"), ("--reference", "missing.lp"),
     ("--missing", "maybe")],
)  # fmt: skip
def test_unusable_options_are_one_line(words: tuple[str, ...], folder: Path) -> None:
    result = run(folder, *words)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


@pytest.mark.parametrize("name", ["\x1b[31mred", "<b>$x^2$", "a" * 10_000])
def test_names_are_shown_inert(name: str, folder: Path, equivalent: Report) -> None:
    assert equivalent.mapping is not None
    recovery = {name: {"constant": "1", "terms": {"u": "1"}}}
    save(replace(equivalent, mapping=replace(equivalent.mapping, recovery=recovery)), folder)
    result = run(folder)
    assert result.exit_code == 0, result.stderr
    assert "\x1b" not in result.stdout
    assert max(map(len, result.stdout.split("\n"))) < 500
