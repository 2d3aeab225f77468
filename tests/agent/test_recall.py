"""Memory in the graph: asked before planning, written at the end, never trusted, and never in the way of a verdict."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from agent.recollection import Recollection
from agent.run import check, stream
from agent.settings import Settings
from memory.learning import Provenance
from memory.memory import Memory
from memory.record import Record
from memory.stores.opening import open_store
from memory.template import Template
from tests.memory.pairs import LEVELS_RULE, levels_pair
from tools.formulation.lp_reader import parse_lp

REFORMULATION = Settings(contract="reformulation", time_limit=20)
LOSER = "min\n 2 a + 3 b\nst\n need: 5 a + 3 b >= 7\nbounds\n a <= 10\n b <= 10\ngeneral\n a b\nend"


@pytest.fixture
def memory(tmp_path):
    with Memory.open(tmp_path / "memory") as opened:
        yield opened


def run(reference, candidate, memory, settings=REFORMULATION):
    events = list(stream(reference, candidate, settings, recollection=Recollection(memory=memory)))
    return events[-1].report, events


def without_origins(report):
    document = report.to_json()
    document["seconds"] = document["hypotheses"] = document["costs"] = None
    document["mapping"]["origin"] = ""
    return document


def test_the_same_pair_is_answered_from_memory_and_verified_again(memory):
    pair = levels_pair(2)
    asked = replace(REFORMULATION, mapping=LEVELS_RULE)
    first, _ = run(*pair, memory, asked)
    assert first.verdict == "equivalent"
    assert memory.store.counts()["verified"] == 1
    (record,) = memory.store
    again, events = run(*pair, memory)
    assert again.mapping.origin == f"memory:{record.id}"
    assert [h.origin for h in again.hypotheses] == [f"memory:{record.id}"]
    assert any(event.node == "verify" for event in events)
    assert without_origins(again) == without_origins(first)
    assert len(memory.store) == 1


def test_a_mapping_learned_small_is_verified_on_a_larger_pair_that_planners_leave_open(memory):
    """The class of pairs that memory decides and planners do not, within the same budget."""
    run(*levels_pair(3), memory, replace(REFORMULATION, mapping=LEVELS_RULE))
    pair = levels_pair(6, top=4, unary="rank", choice="pick")
    alone = check(*pair, replace(REFORMULATION, memory="none"))
    assert alone.verdict == "unknown"
    queries = memory.store.index_queries
    recalled, _ = run(*pair, memory)
    assert recalled.verdict == "equivalent"
    assert recalled.mapping.origin.startswith("memory:")
    assert recalled.mapping.rules == ("rank[i,j] = sum(pick[i,k] for k if k >= j)",)
    assert all(claim.result == "proved" for claim in recalled.claims.values())
    assert memory.store.index_queries == queries + 1


def test_the_index_is_rebuilt_from_the_records(tmp_path):
    import shutil

    with Memory.open(tmp_path / "memory") as memory:
        run(*levels_pair(3), memory, replace(REFORMULATION, mapping=LEVELS_RULE))
        memory.settle()
    shutil.rmtree(tmp_path / "memory" / "index")
    with Memory.open(tmp_path / "memory") as memory:
        report, _ = run(*levels_pair(4, unary="rank", choice="pick"), memory)
        assert report.mapping.origin.startswith("memory:")
        assert memory.store.index_queries == 1


def test_refuted_mappings_leave_their_witness_for_the_next_run(memory):
    reference = parse_lp(LOSER)
    candidate = parse_lp(LOSER.replace(" need: 5 a + 3 b >= 7", " need: a + b >= 2").replace("2 a + 3 b", "2 a + 3 b"))
    report, _ = run(reference, candidate, memory)
    assert report.verdict == "not_equivalent"
    (record,) = memory.store
    assert record.outcome == "refuted"
    assert record.witness is not None
    again, events = run(reference, candidate, memory)
    assert again.verdict == "not_equivalent"
    assert again.scope == report.scope
    assert len(memory.store) == 1
    if record.witness["point_of"] == "candidate":
        assert any("1 points from memory" in event.message for event in events)


def tampered(memory, reference, candidate, rules, **changes):
    """A record that claims a mapping which nobody verified."""
    mapping = {"rules": [rules], "recovery": None, "completed": [], "completed_by": None, "lifting": None}
    mapping = {k: v for k, v in mapping.items() if k != "recovery"}
    (known,) = memory.store
    return replace(
        known,
        reference=replace(known.reference, hash=reference.content_hash),
        candidate=replace(known.candidate, hash=candidate.content_hash),
        mapping=mapping,
        rules=(rules,),
        **changes,
    )


def test_a_forged_record_convinces_nobody(memory):
    """A lost row under a shift: the chosen map passes sound and value, and a memory must not make it structural."""
    run(*levels_pair(2), memory, replace(REFORMULATION, mapping=LEVELS_RULE))
    reference = parse_lp(LOSER)
    candidate = parse_lp("min\n 2 u + 3 v\nst\nbounds\n u <= 8\n v <= 10\ngeneral\n u v\nend")
    forged = tampered(memory, reference, candidate, "a = u + 2\nb = v")
    memory.learn([forged])
    for contract in ("quasi-karp", "reformulation"):
        report, _ = run(reference, candidate, memory, replace(REFORMULATION, contract=contract))
        assert report.verdict != "equivalent"
        assert any(h.origin == f"memory:{forged.id}" and h.outcome != "verified" for h in report.hypotheses)


@pytest.mark.parametrize("rules", ["nonsense", "a = w", "a = u*v\nb = v", "a = 9^99*u\nb = v", ""])
def test_records_that_say_nonsense_cost_nothing(memory, rules):
    run(*levels_pair(2), memory, replace(REFORMULATION, mapping=LEVELS_RULE))
    reference = parse_lp(LOSER)
    candidate = parse_lp(
        LOSER.replace("a", "u")
        .replace("b", "v")
        .replace("uounds", "bounds")
        .replace("generul", "general")
        .replace("vounds", "bounds")
    )
    memory.learn(
        [tampered(memory, reference, candidate, rules, witness={"point_of": "candidate", "point": {"u": "x"}})]
    )
    report, events = run(reference, candidate, memory)
    assert report.verdict == "equivalent"
    assert not [event for event in events if event.kind == "warning"]


def test_memory_that_fails_is_told_once_and_changes_nothing(tmp_path, monkeypatch):
    broken = tmp_path / "file"
    broken.write_text("not a folder")
    settings = replace(REFORMULATION, memory=broken / "memory")
    reference = parse_lp(LOSER)
    events = list(stream(reference, reference, settings))
    assert events[-1].report.verdict == "equivalent"
    warnings = [event for event in events if event.kind == "warning"]
    assert len(warnings) == 1
    assert "memory" in warnings[0].message
    with pytest.warns(RuntimeWarning, match="without memory"):
        assert check(reference, reference, settings).verdict == "equivalent"


def test_a_full_disk_at_the_end_loses_no_verdict(memory, monkeypatch):
    def full(records):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(memory.store, "put", full)
    report, events = run(*[parse_lp(LOSER)] * 2, memory)
    assert report.verdict == "equivalent"
    assert [event.message for event in events if event.kind == "warning"] == [
        "going on without memory: [Errno 28] No space left on device"
    ]


def test_no_memory_is_opened_or_written_unless_wanted(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("QUASIKARP_MEMORY")
    reference = parse_lp(LOSER)
    check(reference, reference, replace(REFORMULATION, memory="none"))
    assert not list(tmp_path.iterdir())
    check(reference, reference, REFORMULATION)
    assert (tmp_path / "quasikarp" / "memory" / "records.sqlite3").exists()


def test_provenance_is_kept(tmp_path):
    with Memory.open(":memory:") as memory:
        way = Recollection(memory=memory, provenance=Provenance("a data set:7", "a kind", "some words"))
        list(stream(*[parse_lp(LOSER)] * 2, REFORMULATION, recollection=way))
        (record,) = memory.store
        assert (record.source, record.kind) == ("a data set:7", "a kind")
        assert "some words" in record.text
        assert Record.from_text(json.dumps(record.to_json())) == record
        assert Template.from_json(record.template).rules
        assert all(Fraction(e["terms"][name]) == 1 for name, e in record.mapping["recovery"].items())


def test_a_memory_keeps_the_embedder_it_was_begun_with(tmp_path):
    from memory.memory import embedders

    if len(embedders()) < 2:
        pytest.skip("only one embedder is installed")
    _, other = embedders().values()
    with open_store(tmp_path / "memory", other) as store:
        store.mark("any", "thing")
    with Memory.open(tmp_path / "memory") as memory:
        assert memory.store.marked("any") == "thing"
