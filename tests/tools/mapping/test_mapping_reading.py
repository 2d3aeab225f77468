import json
import time
from fractions import Fraction

import pytest

from tools.errors import MappingError
from tools.mapping.affine import AffineExpression, AffineMapping
from tools.mapping.printing import abbreviate, compact_rules
from tools.mapping.reading import LONGEST_FILE, read_mapping

REFERENCE = ["x1", "x2", "u"]
CANDIDATE = ["d[1]", "d[2]"]
RULES = "x[i] = 2*d[i]\nu = 1"
EXPECTED = AffineMapping(
    {
        "x1": AffineExpression(Fraction(0), {"d[1]": Fraction(2)}),
        "x2": AffineExpression(Fraction(0), {"d[2]": Fraction(2)}),
        "u": AffineExpression.number(1),
    }
)
LIFTING = {
    "d[1]": {"function": "affine", "arguments": {"constant": "0", "terms": {"x1": "1/2"}}},
    "d[2]": {"function": "affine", "arguments": {"constant": "0", "terms": {"x2": "1/2"}}},
}


def read(data):
    return read_mapping(data if isinstance(data, str) else json.dumps(data), REFERENCE, CANDIDATE)


def test_rules_recovery_and_reports_mean_the_same(tmp_path):
    path = tmp_path / "mapping.txt"
    path.write_text("\ufeff# by hand\r\n" + RULES.replace("\n", "\r\n"))
    report = {
        "schema": "quasikarp/report/1",
        "mapping": {
            "rules": RULES.split("\n"), "recovery": EXPECTED.to_json(), "completed": [], "lifting": None,
            "objective": {"scale": "1", "offset": "0"}, "origin": "symbolic:names",
        },
    }  # fmt: skip
    given = [RULES, {"rules": RULES}, {"rules": RULES.split("\n")}, {"recovery": EXPECTED.to_json()}, report]
    for data in given:
        assert read(data).recovery == EXPECTED
    for source in (path, str(path)):
        assert read_mapping(source, REFERENCE, CANDIDATE).recovery == EXPECTED


def test_completed_variables_and_liftings_are_read():
    result = read({"rules": "x[i] = 2*d[i]", "completed": ["u"], "lifting": LIFTING})
    assert result.recovery.completed == {"u"}
    assert result.lifting is not None
    assert result.lifting.apply({"x1": Fraction(4), "x2": Fraction(1)}) == {"d[1]": 2, "d[2]": Fraction(1, 2)}
    assert result.lifting.to_json() == LIFTING
    assert read(RULES).lifting is None


def test_rules_and_recovery_must_agree():
    with pytest.raises(MappingError, match="'x1', 'x2' are mapped differently"):
        read({"rules": "x[i] = 3*d[i]\nu=1", "recovery": EXPECTED.to_json()})


def test_a_rule_of_a_family_may_fit_variables_that_functions_complete():
    by = {"function": "floor", "arguments": {"constant": "0", "terms": {"q": "1"}, "where": [
        {"function": "floor", "arguments": {"of": {"constant": "0", "terms": {"d[1]": "1/2"}}, "output": "q",
                                            "parts": None}}]}}  # fmt: skip
    x2 = {"x2": {"constant": "0", "terms": {"d[2]": "2"}}}
    result = read({"rules": "x[i] = 2*d[i]", "recovery": x2, "completed": ["x1", "u"], "completed_by": {"x1": by}})
    assert result.recovery.expressions.keys() == {"x2"}
    assert result.completed_by is not None


def test_rules_that_were_left_out_are_noticed():
    names = [f"x{i}" for i in range(9)]
    sources = [f"d{i * i}" for i in range(9)]
    mapping = AffineMapping({n: AffineExpression.variable(s) for n, s in zip(names, sources)})
    rules = abbreviate(compact_rules(mapping, names, sources), 2)
    data = {"rules": rules, "recovery": mapping.to_json()}
    assert read_mapping(json.dumps(data), names, sources).recovery == mapping
    for text in (json.dumps({"rules": rules}), "\n".join(rules)):
        with pytest.raises(MappingError, match="left out"):
            read_mapping(text, names, sources)


def test_a_completed_variable_may_have_a_rule_for_its_value():
    for data in (
        {"rules": RULES, "completed": ["u"]},
        {"rules": RULES, "completed": ["u"], "recovery": EXPECTED.to_json()},
    ):
        found = read(data)
        assert found.recovery.completed == {"u"}
        assert found.recovery.expressions == EXPECTED.expressions


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "not mapped"), ("{", "malformed"), ("{}", "neither"), ('{"mapping": null}', "holds no mapping"),
        ('{"mapping": 3}', "must be an object"), ({"recovry": {}}, "unknown field 'recovry'"),
        ({"rules": 3}, "'rules' must be"), ({"rules": [3]}, "'rules' must be"), ({"recovery": 3}, "must be an object"),
        ({"rules": RULES, "completed": "u"}, "'completed' must be"),
        ({"rules": RULES, "completed": [3]}, "'completed'"),
        ({"rules": RULES, "completed": ["w"]}, "'w'"), ({"rules": RULES, "lifting": {}}, "not lifted"),
        ({"rules": RULES, "lifting": {**LIFTING, "e": LIFTING["d[1]"]}}, "'e' is not in the candidate"),
        ({"rules": RULES, "lifting": {"d[1]": {"function": "affine", "arguments": {"terms": {"y": "1"}}}}}, "'y'"),
        ({"recovery": {"x1": {"constant": "1"}}}, "'x2', 'u' are not mapped"),
        ({"recovery": {**EXPECTED.to_json(), "y": {"constant": "1"}}}, "'y' is not in the reference"),
        ({"recovery": {**EXPECTED.to_json(), "u": {"terms": {"e": "1"}}}}, "'e' is not in the candidate"),
        ('{"recovery": {"u": {}, "u": {}}}', "'u' twice"), ("[1]", "line 1"), ('{"a":' * 200_000, "malformed"),
        ('{"recovery": {"u": {"constant": ' + "1" * 10_000 + "}}}", "malformed"),
        ('{"recovery": {"u": {"constant": NaN}}}', "finite"), ("no/such/file.txt", "line 1"), ("\0", "line 1"),
    ],
)  # fmt: skip
def test_unusable_mappings_are_refused_in_one_line(data, message):
    start = time.perf_counter()
    with pytest.raises(MappingError, match=message) as caught:
        read(data)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500
    assert time.perf_counter() - start < 10


def test_unreadable_files_are_mapping_errors(tmp_path):
    with pytest.raises(MappingError, match="cannot read"):
        read_mapping(tmp_path / "missing.txt", REFERENCE, CANDIDATE)
    with pytest.raises(MappingError, match="cannot read"):
        read_mapping(tmp_path, REFERENCE, CANDIDATE)
    binary = tmp_path / "binary"
    binary.write_bytes(b"x = \xff\xfe")
    with pytest.raises(MappingError, match="not UTF-8"):
        read_mapping(binary, REFERENCE, CANDIDATE)
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        file.truncate(LONGEST_FILE + 1)
    with pytest.raises(MappingError, match="at most"):
        read_mapping(huge, REFERENCE, CANDIDATE)
