"""The pairs that come with the chat are those of examples/models."""

import json

import pytest
from chat_partner import MODELS, Partner

from tools.formulation.read import read
from ui.chat.pairs import offered, offered_names
from ui.chat.pasted import given_in
from ui.running.source import Source


def test_every_example_of_the_repository_is_offered() -> None:
    assert set(offered_names()) == {folder.name for folder in MODELS.iterdir() if folder.is_dir()}


@pytest.mark.parametrize("name", sorted(folder.name for folder in MODELS.iterdir() if folder.is_dir()))
def test_a_pair_is_the_one_in_the_repository(name: str) -> None:
    pair = offered(name)
    found = given_in(pair.text)
    assert [model.side for model in found] == ["reference", "candidate"]
    for model in found:
        assert Source.of({"text": model.text}, "model").model().same_as(read(MODELS / name / f"{model.side}.lp"))
    lines = (MODELS.parent / "pairs.jsonl").read_text().splitlines()
    assert {"id": name, "contract": pair.contract}.items() <= next(
        p for p in map(json.loads, lines) if p["id"] == name
    ).items()
    assert pair.about.endswith(".")


def test_an_example_is_checked_under_its_contract() -> None:
    partner = Partner()
    partner.say("example slack")
    assert partner.report["verdict"] == "equivalent"
    assert partner.report["contract"] == offered("slack").contract
