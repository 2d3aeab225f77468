"""The code that is handed out maps solutions exactly as the mapping does, whatever the names are."""

import json
import random
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from chat_partner import Partner
from hypothesis import given
from hypothesis import strategies as st

from tools.errors import InputError
from tools.mapping.affine import AffineExpression, AffineMapping
from tools.mapping.total import TotalMapping
from ui.chat.snippet import MOST_VARIABLES, snippet_of


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    partner = Partner()
    partner.give("digits")
    return partner.report


def with_mapping(report: dict[str, Any], mapping: AffineMapping) -> dict[str, Any]:
    recovery = {name: expression.to_json() for name, expression in mapping.expressions.items()}
    return {**report, "mapping": {**report["mapping"], "recovery": recovery}}


def require_same(report: dict[str, Any], mapping: AffineMapping, point: Mapping[str, Fraction]) -> None:
    names: dict[str, Any] = {}
    exec(snippet_of(with_mapping(report, mapping)), names)
    expected = TotalMapping.from_affine(mapping).apply(point)
    assert names["reference_solution"](point) == expected
    assert names["reference_solution"]({name: str(value) for name, value in point.items()}) == expected


NUMBERS = st.fractions(max_denominator=99)
NAMES = st.text(min_size=1, max_size=20) | st.sampled_from(["'", '"""', "\\", "{x}", "\n", "x[1]", "__import__('os')"])


@given(st.dictionaries(NAMES, st.dictionaries(NAMES, NUMBERS, max_size=4), min_size=1, max_size=5), NUMBERS)
def test_it_computes_what_the_mapping_does(
    report: dict[str, Any], terms: dict[str, dict[str, Fraction]], constant: Fraction
) -> None:
    mapping = AffineMapping({name: AffineExpression(constant, factors) for name, factors in terms.items()})
    chance = random.Random(0)
    sources = {other for factors in terms.values() for other in factors}
    require_same(report, mapping, {name: Fraction(chance.randint(-99, 99), 7) for name in sources})


def test_floats_are_their_decimals_and_nothing_is_taken_as_zero(report: dict[str, Any]) -> None:
    names: dict[str, Any] = {}
    exec(snippet_of(report), names)
    point = {"red_1": 1, "red_0": 0.1, "blue_1": 0, "blue_0": 2}
    assert names["reference_solution"](point) == {"crates_red": Fraction(101, 10), "crates_blue": Fraction(2)}
    with pytest.raises(KeyError, match="blue_0"):
        names["reference_solution"]({"red_1": 1, "red_0": 1, "blue_1": 1})


def test_a_large_mapping_is_read_from_the_report(
    report: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"x[{k}]" for k in range(MOST_VARIABLES + 1)]
    mapping = AffineMapping({name: AffineExpression(Fraction(1), {name: Fraction(2)}) for name in names})
    monkeypatch.chdir(tmp_path)
    (tmp_path / "report.json").write_text(json.dumps(with_mapping(report, mapping)))
    assert len(snippet_of(with_mapping(report, mapping))) < 3_000
    require_same(report, mapping, dict.fromkeys(names, Fraction(3)))


def test_functions_need_quasikarp(report: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by = {"crates_red": {"function": "affine", "arguments": {"constant": "0", "terms": {"red_1": "10", "red_0": "1"}}}}
    mapping = {**report["mapping"], "completed": ["crates_red"], "completed_by": by}
    mapping["recovery"] = {"crates_blue": report["mapping"]["recovery"]["crates_blue"]}
    changed = {**report, "mapping": mapping}
    monkeypatch.chdir(tmp_path)
    (tmp_path / "report.json").write_text(json.dumps(changed))
    names: dict[str, Any] = {}
    exec(snippet_of(changed), names)
    point = {"red_1": 1, "red_0": 2, "blue_1": 3, "blue_0": 4}
    assert names["reference_solution"](point) == {"crates_red": 12, "crates_blue": 34}


def test_there_is_no_code_where_nothing_is_proved(report: dict[str, Any]) -> None:
    claims = {name: {**claim, "result": "unknown"} for name, claim in report["claims"].items()}
    with pytest.raises(InputError, match="nothing is proved"):
        snippet_of({**report, "claims": claims})
    with pytest.raises(InputError, match="no mapping"):
        snippet_of({**report, "mapping": None})
    with pytest.raises(InputError, match="completed by an optimization"):
        snippet_of({**report, "mapping": {**report["mapping"], "completed": ["u"]}})
