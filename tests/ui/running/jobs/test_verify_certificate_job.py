"""A certificate is checked as a stranger would check it, against files, texts, algebra, or as it stands."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tools.errors import InputError
from ui.running.jobs.certify import certify

Done = Callable[..., dict[str, Any]]
Example = Callable[[str], dict[str, Any]]
SETTINGS = {"time_limit": 20, "memory": "none", "planner": "symbolic"}
EXAMPLES = Path(__file__).resolve().parents[4] / "examples" / "models"
ALGEBRA = """{"schema": "quasikarp/algebra/1", "sense": "minimize", "objective": "x",
 "variables": [{"name": "x", "kind": "continuous", "lower": 0, "upper": null}],
 "constraints": [{"name": "low", "expression": "x >= 2"}]}"""


@cache
def certificate_of(*texts: str) -> str:
    pair = dict(zip(("reference", "candidate"), ({"text": text} for text in texts)))
    made = certify({**pair, "settings": SETTINGS, "time_limit": 20}, lambda event: None)
    return str(made["certificate"])


def slack() -> str:
    return certificate_of(*((EXAMPLES / "slack" / f"{role}.lp").read_text() for role in ("reference", "candidate")))


def test_against_files_texts_and_itself(done: Done, example: Example, tmp_path: Path) -> None:
    file = tmp_path / "proof.json"
    file.write_text(slack())
    paths = example("slack")
    texts = {role: {"text": Path(given["path"]).read_text()} for role, given in paths.items()}
    for certificate in ({"path": str(file)}, {"text": slack()}):
        for pair in (paths, texts, {}):
            found = done("verify_certificate", certificate=certificate, **pair)
            assert found["valid"] is True
            assert found["lines"][0].startswith("VALID")
            assert "  sound     proved" in found["lines"]
            assert found["notes"] == []
    assert done("verify_certificate", certificate={"text": slack()}, **texts)["lines"][0].endswith(
        "for reference.lp and candidate.lp"
    )


def test_another_model_is_noticed(done: Done, example: Example) -> None:
    pair = {**example("slack"), "candidate": example("production")["candidate"]}
    found = done("verify_certificate", certificate={"text": slack()}, **pair)
    assert found["valid"] is False
    assert found["lines"][0].startswith("INVALID  candidate: ")


def test_a_claim_that_was_changed_is_noticed(done: Done) -> None:
    document = json.loads(slack())
    document["claims"]["sound"]["result"] = "refuted"
    found = done("verify_certificate", certificate={"text": json.dumps(document)})
    assert found["valid"] is False
    assert found["lines"][0].startswith("INVALID  ")


def test_algebra_is_written_out_and_that_is_said(done: Done) -> None:
    certificate = {"text": certificate_of(ALGEBRA, ALGEBRA)}
    pair = {"reference": {"text": ALGEBRA}, "candidate": {"text": ALGEBRA}}
    found = done("verify_certificate", certificate=certificate, **pair)
    assert found["valid"] is True
    assert found["notes"][0].startswith("the reference is algebra, which the checker cannot read")
    other = {"text": ALGEBRA.replace("x >= 2", "x >= 3")}
    assert done("verify_certificate", certificate=certificate, **{**pair, "candidate": other})["valid"] is False


@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        (None, "the certificate must be"),
        ({"text": " "}, "certificate is empty"),
        ({"text": "{"}, "cannot use"),
        ({"text": '{"schema": "\ud800"}'}, "half a character"),
        ({"path": "no/such.json"}, "the certificate no/such.json does not exist"),
        ({"path": "/dev/zero"}, "no ordinary file"),
    ],
)
def test_what_cannot_be_used_is_one_line(done: Done, certificate: Any, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        done("verify_certificate", certificate=certificate)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["{}", "[]", "7", '{"schema": "quasikarp/certificate/2"}', '{"a\x1b[2J": 1}'])
def test_what_is_no_certificate_is_invalid_in_inert_words(done: Done, text: str) -> None:
    try:
        lines = done("verify_certificate", certificate={"text": text})["lines"]
    except InputError as error:
        lines = [str(error)]
    assert not lines[0].startswith("VALID")
    assert "\x1b" not in "".join(lines)


def test_one_model_alone_is_not_enough(done: Done, example: Example) -> None:
    with pytest.raises(InputError, match="give both models"):
        done("verify_certificate", certificate={"text": slack()}, reference=example("slack")["reference"])
