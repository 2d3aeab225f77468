"""The bundled pairs get the answers that their README files promise."""

import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "examples"
PAIRS = {line["id"]: line for line in map(json.loads, (FOLDER / "pairs.jsonl").read_text("utf-8").splitlines())}

# (verdict, relation, scope); None where the answer may depend on the mapping that is found first
EXPECTED: dict[str, tuple[str, str | None, str | None]] = {
    "transport": ("equivalent", "reformulation", None),
    "complement": ("equivalent", "reformulation", None),
    "slack": ("equivalent", "reformulation", None),
    "digits": ("equivalent", "reformulation", None),
    "epigraph": ("equivalent", "reformulation", None),
    "knapsack": ("equivalent", "narrowing", None),
    "production": ("not_equivalent", "relaxation", "this mapping"),
    "lot_sizing": ("not_equivalent", "restriction", "this mapping"),
    "lost_row": ("not_equivalent", None, "any mapping"),
    "infeasible": ("not_equivalent", None, "any mapping"),
}


def test_the_manifest_lists_every_folder() -> None:
    assert set(PAIRS) == set(EXPECTED) == {path.name for path in (FOLDER / "models").iterdir()}
    for pair in PAIRS.values():
        assert set(pair) == {"id", "reference", "candidate", "contract"}
        assert (FOLDER / pair["reference"]).is_file()
        assert (FOLDER / pair["candidate"]).is_file()
        assert "Expected: **" in (FOLDER / pair["reference"]).with_name("README.md").read_text("utf-8")


@pytest.mark.parametrize("name", EXPECTED)
def test_the_pair_gets_its_answer(name: str) -> None:
    import quasikarp

    pair = PAIRS[name]
    mapping = (FOLDER / pair["reference"]).with_name("mapping.txt")
    asked = mapping if mapping.exists() else None
    settings = quasikarp.Settings(contract=pair["contract"], mapping=asked, time_limit=20)
    report = quasikarp.check(FOLDER / pair["reference"], FOLDER / pair["candidate"], settings)
    verdict, relation, scope = EXPECTED[name]
    assert report.verdict == verdict, report.reason
    assert report.scope == scope
    assert relation in (None, report.relation)


def test_the_narrowing_is_no_reformulation() -> None:
    import quasikarp

    pair = PAIRS["knapsack"]
    settings = quasikarp.Settings(contract="reformulation")
    report = quasikarp.check(FOLDER / pair["reference"], FOLDER / pair["candidate"], settings)
    assert (report.verdict, report.relation) == ("not_equivalent", "narrowing")
    assert report.counterexample is not None
    assert report.counterexample.point_of == "reference"
