"""Mutated certificates: refused, or what they state is stated by the original too, or true by enumeration.

The bundled certificates are `benchmarks.small_pairs.small_certificate(N)` for the N in their names.
"""

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import quasikarp_verify
from benchmarks.certificate_mutants import Original, Outcome, bundled, check, judge, mutant
from benchmarks.certificate_mutations import MUTATIONS, dumped, rehashed
from benchmarks.certificate_truth import Statement, judged, statements
from tools.certify.certificate import refused

COUNT = 300


@pytest.fixture(scope="module")
def originals() -> list[Original]:
    return [Original(path.stem, json.loads(path.read_text()), True, 0.0) for path in bundled()]


def test_bundled_certificates_are_accepted_and_true(originals: list[Original], tmp_path: Path) -> None:
    """They use every kind of claim and most kinds of rules; were the truth wrong about them, mutants would not tell."""
    assert len(originals) == 10
    used = set()
    for original in originals:
        assert refused(original.document) is None
        for name, claim in original.document["claims"].items():
            used.add(f"{name} {claim['result']} {claim['by']}")
        for statement in statements(original.document):
            if statement.kind in ("claim", "verdict", "witness"):
                assert judged(statement, original.document) == (True, "enumeration"), statement
    assert len(used) >= 20


def test_mutants_are_refused_or_true(originals: list[Original], tmp_path: Path) -> None:
    known: dict[Statement, tuple[bool | None, str]] = {}
    results: Counter[str] = Counter()
    for number in range(COUNT):
        made, donors = mutant(originals, number, seed=11)
        path, outcome = tmp_path / "mutant.json", Outcome(number, made.kind, made.original.name)
        path.write_text(made.text, errors="surrogatepass")
        check(path, outcome)
        assert outcome.seconds < 5, outcome
        assert outcome.megabytes < 200, outcome
        if outcome.result == "accepted":
            judge(made, donors, outcome, known)
        assert outcome.result in ("rejected", "same", "confirmed"), outcome
        results[outcome.result] += 1
    assert results["rejected"] > COUNT / 2
    assert results["confirmed"] > 10


def test_every_kind_changes_something(originals: list[Original]) -> None:
    for kind, change in MUTATIONS.items():
        rng = random.Random(kind)
        copies = [json.loads(dumped(original.document)) for original in originals]
        changed = [change(copy, rng, copies) for copy in copies]
        expected = kind not in ("tour or paths changed", "subtrees swapped", "nodes dropped, doubled, moved")
        assert any(mutated is not None for mutated in changed) or not expected, kind


def turned(document: dict[str, Any]) -> dict[str, Any]:
    """Return a certificate whose candidate has a cheaper cost, so that what it says of values is false."""
    changed: dict[str, Any] = json.loads(json.dumps(document))
    changed["candidate"]["model"]["objective"]["constant"] = "-1000"
    again = rehashed(changed)
    assert again is not None
    return again


def test_a_checker_that_looks_at_nothing_would_be_found_out(
    originals: list[Original], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proofs are not looked at: then some mutants are accepted whose statements the enumeration knows to be false."""
    monkeypatch.setattr(quasikarp_verify.Space, "prove", lambda *_: None)
    known: dict[Statement, tuple[bool | None, str]] = {}
    false = 0
    for number in range(COUNT // 2):
        made, donors = mutant(originals, number, seed=13)
        path, outcome = tmp_path / "mutant.json", Outcome(number, made.kind, made.original.name)
        path.write_text(made.text, errors="surrogatepass")
        check(path, outcome)
        if outcome.result == "accepted":
            judge(made, donors, outcome, known)
        false += outcome.result == "false"
    assert false > 5


def test_what_is_false_is_seen(originals: list[Original]) -> None:
    seen = Counter[str]()
    for original in originals:
        document = turned(original.document)
        for statement in statements(document):
            if judged(statement, document)[0] is False:
                seen[f"{statement.kind} {statement.name}"] += 1
    assert seen["claim value"] > 1
    assert seen["claim sound"] > 1
    assert seen["fact candidate"] > 2


def test_a_completed_variable_has_no_cost(originals: list[Original]) -> None:
    """Or else the reference variable that carries the objective could take whatever value makes the answer right."""
    refusals = []
    for original in originals:
        document = json.loads(json.dumps(original.document))
        costly = [name for name, a in document["reference"]["model"]["objective"]["terms"].items() if a != "0"]
        if costly and document["recovery"]:
            document["completed"] = costly
            refusals.append(refused(document))
    assert refusals
    assert all(str(refusal).startswith("completed: a variable with a cost") for refusal in refusals)


def test_an_index_is_no_text() -> None:
    """Arcs "0" in paths were taken for arc 0 in one place and for no arc in another: its flow x was then 0."""
    names = quasikarp_verify.Model(["x"], [0], [5], [False], [], {0: 1}, 0)
    flow = {"constant": "0", "terms": {"x": "1"}}
    for arc, accepted in ((0, True), ("0", False)):
        space = quasikarp_verify.Space(names)
        proofs = {"flows": [None], "conservation": [], "value": None, "integral": []}
        data = {"start": 0, "end": 1, "arcs": [[0, 1, flow]], "paths": [[arc]], "names": ["p"], "integer": False}
        if accepted:
            quasikarp_verify.extend(space, [{"paths": data | {"proofs": proofs}}])
        else:
            with pytest.raises(quasikarp_verify.Invalid, match="whole number"):
                quasikarp_verify.extend(space, [{"paths": data | {"proofs": proofs}}])
        with pytest.raises(quasikarp_verify.Invalid, match="the bound shown"):
            space.prove(None, {0: -1}, 0)
    with pytest.raises(quasikarp_verify.Invalid, match="whole number"):
        quasikarp_verify.Space(names).prove([["crossed", "variable", "0"]], {}, 1)
