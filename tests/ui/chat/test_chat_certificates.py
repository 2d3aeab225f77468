"""The chat certifies, hands the certificate out, and takes one back from whoever has it."""

import json

import pytest
from chat_partner import MODELS, Partner, only, texts, upload

from tools.errors import InputError
from ui.chat.answering import done
from ui.chat.blocks import Certified, Choices, Code, Problem, Steps
from ui.chat.certificates import is_certificate, pasted_certificate, told_apart
from ui.chat.conversation import Outcome
from ui.chat.pasted import Given, Upload
from ui.chat.saying import said

CERTIFICATE = '{"schema": "quasikarp/certificate/1", "contract": "quasi-karp"}'
PAIR = tuple(upload(MODELS / "slack" / f"{side}.lp") for side in ("reference", "candidate"))


@pytest.fixture(scope="module")
def partner() -> Partner:
    partner = Partner()
    partner.give("slack")
    partner.say("certify")
    return partner


@pytest.fixture(scope="module")
def certificate(partner: Partner) -> str:
    return partner.room.shelf.get(partner.conversation.last_certificate)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (CERTIFICATE, True),
        (f"\ufeff\n{CERTIFICATE}", True),
        ('{"contract": 1, "schema":"quasikarp/certificate/7"}', True),
        ('{"schema": "quasikarp/formulation/1"}', False),
        (json.dumps({"schema": "quasikarp/formulation/1", "name": CERTIFICATE}), False),
        (f"min {CERTIFICATE}", False),
        ("", False),
        ("{" * 100_000, False),
        ('{"schema"' * 50_000, False),
    ],
)
def test_certificates_are_told_from_models(text: str, found: bool) -> None:
    assert is_certificate(text) is found


@pytest.mark.parametrize("around", ["{}", "verify certificate {}", "Is this right?\n```json\n{}\n```\nthanks"])
def test_words_and_fences_may_be_around_it(around: str) -> None:
    message = around.replace("{}", CERTIFICATE)
    assert pasted_certificate(message) == CERTIFICATE
    assert told_apart(message, ())[0] == CERTIFICATE


def test_files_are_told_apart() -> None:
    model, proof = Given("minimize x", "lp"), Given(CERTIFICATE, "json")
    assert told_apart("hello", (model, proof)) == (CERTIFICATE, "hello", (model,))
    assert told_apart("hello", (model,)) == ("", "hello", (model,))
    with pytest.raises(InputError, match="2 certificates"):
        told_apart(CERTIFICATE, (proof,))


def test_a_verdict_is_certified_and_the_report_says_so(partner: Partner, certificate: str) -> None:
    block = next(b for turn in partner.conversation.turns for b in turn.blocks if isinstance(b, Certified))
    assert block.shows_verdict
    assert dict(block.shown)["sound"] == "proved"
    assert block.lacking == ()
    assert is_certificate(certificate)
    assert partner.report["certificate"]["verdict"] is True
    assert json.loads(only(Code, partner.say("give me the report")).text)["certificate"]["verdict"] is True
    assert "quasikarp-verify certificate.json reference.lp candidate.lp" in texts(partner.conversation.turns[1].blocks)


def test_the_last_certificate_is_checked(partner: Partner) -> None:
    told = partner.say("verify certificate")
    assert "The certificate is valid for the two models of this conversation" in texts(told)
    assert only(Code, told).text.startswith("VALID  for reference.lp and candidate.lp")


def test_a_certificate_is_attached_or_pasted(partner: Partner, certificate: str) -> None:
    for told in (partner.say("", Upload("proof.json", certificate.encode())), partner.say(f"check:\n{certificate}")):
        assert "is valid for the two models of this conversation" in texts(told)
    assert partner.conversation.pair is not None
    assert partner.conversation.certificate == ""


def test_without_models_it_is_checked_as_it_stands(certificate: str) -> None:
    told = Partner().say("", Upload("proof.json", certificate.encode()))
    assert "is valid for the models as it states them" in texts(told)


def test_models_that_come_with_it_are_read_first(certificate: str) -> None:
    partner = Partner()
    told = partner.say("", Upload("proof.json", certificate.encode()), *PAIR)
    assert [job["job"] for job in partner.jobs] == ["read", "read", "verify_certificate", "check"]
    assert "is valid for the two models of this conversation" in texts(told)


def test_another_pair_s_certificate_is_not_valid(certificate: str) -> None:
    partner = Partner()
    partner.give("production")
    told = partner.say("", Upload("proof.json", certificate.encode()))
    assert "NOT valid for the two models" in texts(told)
    assert only(Code, told).text.startswith("INVALID  reference")
    assert partner.report["verdict"] == "not_equivalent"


def test_what_only_looks_like_one_is_a_problem(partner: Partner) -> None:
    told = partner.say('{"schema": "quasikarp/certificate/1", ')
    assert isinstance(told[0], Problem)
    told = partner.say(CERTIFICATE)
    assert "NOT valid" in texts(told)


@pytest.mark.parametrize("text", ["certify", "verify certificate"])
def test_without_a_verdict_there_is_nothing_to_certify(text: str) -> None:
    (problem, *_) = Partner().say(text)
    assert isinstance(problem, Problem)
    assert "certif" in problem.text


def test_a_certificate_without_dropped_rows_is_about_other_models() -> None:
    partner = Partner()
    partner.give("production")
    partner.say("drop row machine of the reference")
    told = partner.say("prove it exactly")
    assert "Rows are dropped" in texts(told)
    assert "certificate.json reference.lp" not in texts(told)


def test_what_is_lacking_and_how_it_went_are_kept() -> None:
    partner = Partner()
    partner.give("slack")
    report = partner.report
    partner.answers["certify"] = {
        "report": report, "certificate": CERTIFICATE, "shows_verdict": False, "certified": {}, "gaps": {"value": "no"},
    }  # fmt: skip
    block = only(Certified, partner.say("certify"))
    assert (block.shows_verdict, block.shown, block.lacking) == (False, (), (("value", "no"),))
    move = said(partner.conversation, "certify", (), partner.room)
    events = ({"kind": "step", "node": "certify", "message": "exact proofs"},)
    ended = done(move.conversation, Outcome(stopped=True, events=events), partner.room)
    assert only(Steps, ended.blocks).ended == "stopped"
    assert not any(isinstance(b, Choices) for b in ended.blocks)
    assert ended.conversation.report is not None


def test_a_lost_text_is_a_problem(partner: Partner) -> None:
    lost = Partner()
    lost.conversation = partner.conversation
    assert lost.say("verify certificate") == (Problem("the text of a model is gone; give the model again"),)
