"""Records of strangers: whatever they hold, the verdict is the one without memory, in time, without a crash."""

import json
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from agent.recollection import Recollection
from agent.run import stream
from agent.settings import Settings
from memory.application import apply_template
from memory.memory import Memory
from memory.record import Record
from memory.template import Template
from tests.memory.pairs import LEVELS_RULE, levels_pair
from tools.errors import InputError
from tools.formulation.lp_reader import parse_lp

REFERENCE = "min\n 2 a + 3 b\nst\n need: 5 a + 3 b >= 7\ngeneral\n a b\nend"
CANDIDATE = "min\n 2 u + 3 v\nst\n need: 5 u + 3 v >= 7\ngeneral\n u v\nend"
SETTINGS = Settings(contract="reformulation", time_limit=10)


@pytest.fixture
def pair():
    return parse_lp(REFERENCE), parse_lp(CANDIDATE)


def known(reference, candidate):
    """The record that a check of the pair leaves."""
    with Memory.open(":memory:") as memory:
        list(stream(reference, candidate, SETTINGS, recollection=Recollection(memory=memory)))
        (record,) = memory.store
    return record


def checked(pair, *records, settings=SETTINGS):
    with Memory.open(":memory:") as memory:
        memory.learn(records)
        started = time.monotonic()
        events = list(stream(*pair, settings, recollection=Recollection(memory=memory)))
        assert time.monotonic() - started < 3 * settings.time_limit
    return events[-1].report


@pytest.mark.parametrize("value", ["1e5000", [1], "1e300000000", "-1e99999999999999999999", "nan", "1/0", "x", 3, None])
@pytest.mark.parametrize("side", ["candidate", "reference"])
def test_absurd_witnesses_are_passed_over(pair, value, side):
    name = "u" if side == "candidate" else "a"
    forged = replace(known(*pair), outcome="refuted", witness={"point_of": side, "point": {name: value}})
    assert checked(pair, forged).verdict == "equivalent"


@pytest.mark.parametrize(
    "mapping",
    [
        {"recovery": {}, "completed": ["a", "b"]},
        {"recovery": {"a": {"constant": "0", "terms": {"u": "1"}}}, "completed": ["b"]},
        {"rules": ["a = 1e400*u", "b = v"]},
        {"recovery": {"a": {"terms": {"v": "1"}}, "b": {"terms": {"u": "1"}}}, "completed": ["a", "b"]},
    ],
)
def test_mappings_that_leave_something_open_are_passed_over(pair, mapping):
    forged = replace(known(*pair), mapping=mapping, mapping_hash="forged")
    report = checked(pair, forged)
    assert report.verdict == "equivalent"
    assert not report.mapping.origin.startswith("memory:")


def test_what_a_stranger_suggests_is_not_what_the_report_is_about():
    """A refuted recalled mapping must not take the place of the identity that the names ask about."""
    reference = parse_lp(REFERENCE)
    candidate = parse_lp(REFERENCE.replace(">= 7", ">= 9"))
    alone = checked((reference, candidate))
    mapping = {"rules": ["a = b", "b = a"]}
    forged = replace(known(reference, candidate), outcome="verified", mapping=mapping, rules=("a = b", "b = a"))
    report = checked((reference, candidate), forged)
    assert (report.verdict, report.scope) == (alone.verdict, alone.scope)
    assert report.mapping is None or not report.mapping.origin.startswith("memory:")


def test_patterns_with_many_sources_are_refused():
    reference, candidate = levels_pair(2)
    with Memory.open(":memory:") as memory:
        settings = replace(SETTINGS, mapping=LEVELS_RULE)
        list(stream(reference, candidate, settings, recollection=Recollection(memory=memory)))
        (record,) = memory.store
    data = json.loads(json.dumps(record.template))
    data["patterns"][0]["sources"] *= 12
    with pytest.raises(InputError, match="at most"):
        Template.from_json(data)
    data["patterns"][0]["sources"] = data["patterns"][0]["sources"][:4]
    started = time.monotonic()
    apply_template(Template.from_json(data), reference, candidate)
    assert time.monotonic() - started < 5
    with pytest.raises(InputError, match="at most"):
        Template.from_json({"patterns": data["patterns"] * 100})


def test_fingerprints_hold_moderate_numbers(pair):
    record = known(*pair)
    for value in (1e300, float("nan"), float("inf"), "1"):
        forged = {**record.to_json(), "structure": [value, *record.structure[1:]]}
        with pytest.raises(InputError):
            Record.from_json(forged)


def test_recalling_costs_no_round(pair):
    mapping = {"rules": ["a = v", "b = u"]}
    forged = replace(known(*pair), mapping=mapping, rules=("a = v", "b = u"))
    assert checked(pair, forged, settings=replace(SETTINGS, rounds=1)).verdict == "equivalent"


def test_a_structural_mapping_is_left_to_its_planner():
    """What held because a planner composed it of reversible steps comes from that planner again."""
    reference = parse_lp("min\n x + y\nst\n c: x + y >= 3\n d: x + 2 y <= 9\nbounds\n x <= 5\n y <= 5\nend")
    candidate = parse_lp(
        "min\n p + y\nst\n c: p + y >= 2\n d: p + 2 y <= 8\n e: p + 3 y <= 9\nbounds\n p <= 4\n y <= 5\nend"
    )
    settings = replace(SETTINGS, contract="quasi-karp")
    with Memory.open(":memory:") as memory:
        verdicts = []
        for _ in range(2):
            events = list(stream(reference, candidate, settings, recollection=Recollection(memory=memory)))
            verdicts.append(events[-1].report.verdict)
    assert verdicts[0] == verdicts[1]


def test_a_short_script_ends_well(tmp_path):
    """Nothing that runs in the background may be left when the interpreter ends."""
    script = (
        "import quasikarp as qk, sys\n"
        "model = qk.read(sys.argv[1])\n"
        "print(qk.check(model, model, qk.Settings(memory=sys.argv[2])).verdict)\n"
    )
    (tmp_path / "m.lp").write_text(REFERENCE)
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / "m.lp"), str(tmp_path / "memory")],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (done.returncode, done.stdout.strip()) == (0, "equivalent"), done.stderr


def test_a_server_that_never_answers_is_given_up(pair):
    import socket

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings = replace(SETTINGS, memory=f"http://127.0.0.1:{silent.getsockname()[1]}", time_limit=8)
        started = time.monotonic()
        events = list(stream(*pair, settings))
        assert events[-1].report.verdict == "equivalent"
        assert time.monotonic() - started < 8
        warnings = [event.message for event in events if event.kind == "warning"]
        assert len(warnings) == 1
        assert "did not answer" in warnings[0]


def test_a_planner_may_propose_what_was_recalled_and_refuted(pair):
    """Then it says something of the pair, and the report shows its claims as it does without memory."""
    reference = pair[0]
    candidate = parse_lp(CANDIDATE.replace("5 u", "4 u"))
    alone = checked((reference, candidate), settings=replace(SETTINGS, contract="quasi-karp"))
    with Memory.open(":memory:") as memory:
        settings = replace(SETTINGS, contract="quasi-karp")
        list(stream(*pair, settings, recollection=Recollection(memory=memory)))
        (record,) = memory.store
    forged = replace(
        record, candidate=replace(record.candidate, hash=candidate.content_hash), mapping_hash="another pair's"
    )
    report = checked((reference, candidate), forged, settings=replace(SETTINGS, contract="quasi-karp"))
    assert any(h.origin.startswith("memory:") for h in report.hypotheses)
    assert report.verdict == alone.verdict
    assert {name: claim.result for name, claim in report.claims.items()} == {
        name: claim.result for name, claim in alone.claims.items()
    }
