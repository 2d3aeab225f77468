"""Advice in the chat names no option of the command line, and advice on the command line does."""

from __future__ import annotations

import re

import pytest
from explained_reports import checked, plain

from agent.explaining.manner import CHAT
from agent.explaining.template import explain
from tools.report import Report

OPTION = re.compile(r"--[a-z]")
REPORTS = [
    plain("unknown", reason="the time limit of 5 s was reached before a mapping was verified"),
    plain("unknown", reason="nothing fits"),
    plain("not_equivalent", scope="this mapping"),
]


@pytest.mark.parametrize("report", [*REPORTS, *(checked(name, "quasi-karp") for name in ("digits", "lost_row"))])
def test_no_option_is_named_in_the_chat(report: Report) -> None:
    assert not OPTION.search(explain(report, CHAT))


def test_options_are_named_on_the_command_line() -> None:
    assert all(OPTION.search(explain(report)) for report in REPORTS)
