"""Records: ids by content, there and back, and whatever was altered is refused."""

import json

import pytest

from memory.embedding.portrait import portrait
from memory.learning import Provenance, record_of
from memory.locations import location_of
from memory.record import Record
from tests.memory.pairs import LEVELS_RULE, levels_pair
from tools.errors import InputError
from tools.mapping.rules import expand, parse_rules
from tools.report import CLAIM_NAMES


def record(**changes):
    reference, candidate = levels_pair(2)
    mapping = expand(parse_rules(LEVELS_RULE), reference.variables, candidate.variables)
    given = {
        "outcome": "verified",
        "contract": "reformulation",
        "mapping": {"rules": [LEVELS_RULE], "recovery": mapping.to_json(), "completed": [], "lifting": None},
        "claims": {name: {"result": "proved", "strength": "exact", "detail": "…"} for name in CLAIM_NAMES},
        "witness": None,
        "report": {"verdict": "equivalent", "seconds": {"total": 1.5}},
        "provenance": Provenance("test"),
        "seen": portrait(reference, candidate, "näme 你好"),
    }
    return record_of(reference, candidate, **{**given, **changes})


def test_a_record_comes_back_from_its_text():
    made = record()
    assert Record.from_text(made.to_text()) == made
    assert made.kind == "fewer-rows+renaming+sum"
    assert made.template is not None
    assert "你好" in made.text


def test_ids_hash_the_finding_and_not_the_time():
    assert record().id == record(report={"verdict": "equivalent", "seconds": {"total": 99}}).id
    assert record().report == record(report={"verdict": "equivalent", "seconds": {"total": 99}}).report
    assert record().id != record(outcome="refuted").id
    assert record(mapping=None).mapping is None
    assert record(mapping=None).rules == ()


def test_a_refuted_mapping_has_no_template():
    assert record(outcome="refuted").template is None


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "perhaps"},
        {"rules": ["x = 0"]},
        {"schema": "quasikarp/memory/0"},
        {"structure": ["a"]},
        {"mapping": 3},
    ],
)
def test_altered_records_are_refused(change):
    data = {**record().to_json(), **change}
    with pytest.raises(InputError):
        Record.from_text(json.dumps(data))


@pytest.mark.parametrize("text", ["", "[]", "{", '{"schema": "quasikarp/memory/1"}', "[" * 100_000])
def test_hostile_text_is_refused_in_one_line(text):
    with pytest.raises(InputError) as caught:
        Record.from_text(text)
    assert "\n" not in str(caught.value)


def test_where_a_memory_is(monkeypatch, tmp_path):
    monkeypatch.delenv("QUASIKARP_MEMORY")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert location_of(None) == str(tmp_path / "quasikarp" / "memory")
    assert location_of("none") is None
    assert location_of("http://host:8000") == "http://host:8000"
    assert location_of(tmp_path) == str(tmp_path)
    monkeypatch.setenv("QUASIKARP_MEMORY", "none")
    assert location_of(None) is None
    assert location_of("here") == "here"
