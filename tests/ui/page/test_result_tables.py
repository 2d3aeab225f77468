"""Tables of Markdown, and what is drawn of them."""

from pathlib import Path

import pytest

from ui.page.result_tables import (
    Table,
    bars_of,
    growth_of,
    number_of,
    sections_of,
    share_of,
    tables_of,
    unlinked,
    whole_rows,
)

RESULTS = Path(__file__).resolve().parents[3] / "benchmarks" / "results"

DOCUMENT = r"""# Title

Some [words](elsewhere.md), a | bar.

| family | pairs | verified | not_equivalent | unknown | median s |
| --- | --: | --- | :-: | --- | --- |
| `a\|b` | 1,004 | 1,000 (99%) | 0 | 4 | 0.5 |
| c | 1 | 1 (100%) | 0 | 0 | 2.5 |
| **all** | 10 | 5 (50%) | 3 | 2 |

## Next

```
# no heading
```

x | y
--- | ---
1 | 2
"""


def test_tables_have_their_heading_and_plain_cells() -> None:
    first, second = tables_of(DOCUMENT)
    assert first.heading == "Title"
    assert first.header == ("family", "pairs", "verified", "not_equivalent", "unknown", "median s")
    assert first.rows[0] == ("a|b", "1,004", "1,000 (99%)", "0", "4", "0.5")
    assert first.rows[2] == ("all", "10", "5 (50%)", "3", "2", "")
    assert second == Table("Next", ("x", "y"), (("1", "2"),))


def test_sections_keep_text_and_tables_in_order() -> None:
    title, following = sections_of(DOCUMENT)
    assert (title.heading, title.level, following.heading) == ("Title", 1, "Next")
    assert title.parts[0] == "Some [words](elsewhere.md), a | bar."
    assert isinstance(title.parts[1], Table)
    assert following.parts[0] == "```\n# no heading\n```"
    assert unlinked("Some [words](elsewhere.md).") == "Some words."


def test_outcomes_are_drawn_as_shares_of_their_whole() -> None:
    verdicts, seconds = bars_of(tables_of(DOCUMENT)[0])
    assert verdicts.stacked
    assert verdicts.labels == ("a|b", "c", "all")
    assert dict(verdicts.series)["verified"] == (100 * 1000 / 1004, 100, 50)
    assert seconds.series == (("median s", (0.5, 2.5, None)),)
    whole = whole_rows(tables_of(DOCUMENT)[0])
    assert whole is not None
    assert dict(whole.series) == {"verified": (50,), "not_equivalent": (30,), "unknown": (20,)}


def test_counts_that_do_not_make_up_a_whole_are_not_stacked() -> None:
    rows = (("empty", "0", "55 (69%)", "0"), ("full", "200", "68 (85%)", "0"))
    (bars,) = bars_of(Table("", ("store", "records", "verified", "not_equivalent"), rows))
    assert not bars.stacked
    assert bars.series == (("verified", (69, 85)),)


def test_rows_that_need_them_are_named_by_numbers_too() -> None:
    rows = (("mini", "0", "83.2%"), ("mini", "1", "88.1%"))
    (bars,) = bars_of(Table("", ("embedder", "structure", "right"), rows))
    assert bars.labels == ("mini · structure 0", "mini · structure 1")


def test_single_cases_long_tables_and_sizes_are_no_bars() -> None:
    assert not bars_of(Table("", ("pair", "s"), (("a", "1"), ("b", "2"))))
    assert not bars_of(Table("", ("family", "s"), tuple((str(k), "1") for k in range(100))))
    sizes = Table("", ("family", "nonzeros", "check s"), (("LP", "1000", "0.7"), ("MILP", "10,000", "x")))
    assert not bars_of(sizes)
    assert growth_of(sizes) == [("LP", 1000, 0.7)]


@pytest.mark.parametrize(
    ("cell", "number", "share"),
    [
        ("12", 12, None),
        ("-1,234.5", -1234.5, None),
        ("12 (75%)", 12, 75),
        ("83.2%", None, 83.2),
        ("2 of 80 (2.5%)", None, 2.5),
        ("52 of 361 (14.4%), 5 of them right", None, 14.4),
        ("127 / 0 / 0", None, None),
        ("25.0 / 0.2 (slow)", None, None),
        ("0 (–)", 0, None),
        ("", None, None),
        ("nan", None, None),
    ],
)
def test_numbers_and_shares(cell: str, number: float | None, share: float | None) -> None:
    assert number_of(cell) == number
    assert share_of(cell) == share


def test_every_table_of_the_recorded_results_is_found() -> None:
    for path in RESULTS.glob("*.md"):
        text = path.read_text()
        rulers = sum(line.startswith("|") and not line.strip("|-: ") for line in text.splitlines())
        lines = sum(line.startswith("|") for line in text.splitlines())
        tables = tables_of(text)
        assert len(tables) == rulers
        assert sum(len(table.rows) for table in tables) == lines - 2 * rulers
