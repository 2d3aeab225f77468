"""What a certificate holds in words: inert, and never more than it shows."""

from dataclasses import replace
from pathlib import Path

from rich.console import Console

from tools.report import CertificateSummary, Report
from ui.certificate_text import certificate_holds, how_to_check
from ui.report_text import headline, print_report

HOSTILE = "\x1b[31m<b>" + "y" * 5_000
ALGEBRA = """{"schema": "quasikarp/algebra/1", "sense": "minimize", "objective": "x",
 "variables": [{"name": "x", "kind": "continuous", "lower": 0, "upper": null}],
 "constraints": [{"name": "low", "expression": "x >= 2"}]}"""


def with_summary(report: Report, verdict: bool, **gaps: str) -> Report:
    claims = {n: replace(c, strength="solver") if n in gaps else c for n, c in report.claims.items()}
    return replace(report, claims=claims, certificate=CertificateSummary("0" * 64, verdict, gaps))


def test_without_a_certificate_nothing_is_said(equivalent: Report) -> None:
    assert certificate_holds(equivalent) == ""


def test_everything_is_in_it(equivalent: Report) -> None:
    held = certificate_holds(with_summary(equivalent, True))
    assert held == "the verdict, status, value, optimum, optima, sound, complete"


def test_what_is_lacking_has_its_reason(equivalent: Report) -> None:
    held = certificate_holds(with_summary(equivalent, False, value="no exact bound", sound=HOSTILE))
    assert held.startswith("status, optimum, optima, complete; not in it: value – no exact bound; sound – ")
    assert "\x1b" not in held
    assert len(held) < 500


def test_an_unknown_verdict_is_not_called_shown(undecided: Report) -> None:
    assert not certificate_holds(with_summary(undecided, True)).startswith("the verdict")


def test_a_verdict_that_was_taken_back_says_so(refuted: Report) -> None:
    reason = f"not equivalent, but not shown exactly: {HOSTILE}"
    report = replace(with_summary(refuted, False, optima=HOSTILE), verdict="unknown", scope=None, reason=reason)
    assert headline(report, "a", "b").startswith("undecided under quasi-karp: not equivalent, but not shown exactly")
    assert "neither a proof" not in headline(report, "a", "b")
    console = Console(width=100, markup=False)
    with console.capture() as captured:
        print_report(console, report, reference="a", candidate="b")
    assert captured.get().count("not shown exactly") == 1
    assert "In the certificate: status" in captured.get()
    assert "\x1b[31m" not in captured.get()


def test_the_command_quotes_names_and_leaves_algebra_out(tmp_path: Path) -> None:
    assert how_to_check(Path("my c.json"), tmp_path / "a.lp", tmp_path / "b.lp") == (
        f"quasikarp-verify 'my c.json' {tmp_path / 'a.lp'} {tmp_path / 'b.lp'}"
    )
    algebra = tmp_path / "algebra.json"
    algebra.write_text(ALGEBRA)
    assert how_to_check(Path("c.json"), algebra, tmp_path / "b.lp") == "quasikarp-verify c.json"
