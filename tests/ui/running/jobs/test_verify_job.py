from collections.abc import Callable
from typing import Any

import pytest

from tools.errors import InputError

Done = Callable[..., dict[str, Any]]
Example = Callable[[str], dict[str, Any]]


def test_all_claims_about_a_mapping_are_decided(done: Done, example: Example) -> None:
    found = done("verify", **example("production"), mapping="chairs = chairs\ntables = tables")
    report = found["report"]
    assert report["verdict"] == "not_equivalent"
    assert report["scope"] == "this mapping"
    assert report["hypotheses"][0]["origin"] == "user:mapping"
    assert all(claim["result"] != "unknown" for claim in report["claims"].values())
    assert found["evidence"][0].startswith("row machine")


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        (None, "there is no mapping to verify"),
        ("  ", "there is no mapping to verify"),
        (7, "mapping must be text"),
        ("chairs = nobody\ntables = tables", "nobody"),
        ("chairs = chairs", "tables"),
        ("{", "mapping"),
        ("/etc/passwd", "mapping|rule"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_one_line(done: Done, example: Example, mapping: Any, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        done("verify", **example("production"), mapping=mapping)
    assert "\n" not in str(caught.value)
