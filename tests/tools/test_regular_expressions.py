"""Python before 3.11.5 errs in possessive quantifiers over groups (gh-106052); atomic groups say the same."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_no_group_is_repeated_possessively() -> None:
    sources = [path for package in ("agent", "tools", "memory", "ui") for path in (ROOT / package).rglob("*.py")]
    assert len(sources) > 100
    repeated = re.compile(r"\)(?:[*+?]|\{[0-9,]+\})\+")
    assert [str(path) for path in sources if repeated.search(path.read_text(encoding="utf-8"))] == []
