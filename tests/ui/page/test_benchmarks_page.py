"""The benchmarks page: an overview, every result, and an installation without results."""

import json
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ui.page import benchmarks_page as page

SECONDS = 60


def script() -> None:
    """The page alone."""
    from ui.page.benchmarks_page import benchmarks_page

    benchmarks_page()


def in_folder(folder: str) -> None:
    """The page over another folder of benchmarks."""
    from pathlib import Path

    from ui.page.benchmarks_page import benchmarks_page

    benchmarks_page(Path(folder))


def shown(app: AppTest) -> str:
    return "\n".join(element.value for kind in (app.title, app.header, app.subheader, app.markdown) for element in kind)


def charts(app: AppTest) -> list[dict[str, Any]]:
    return [json.loads(element.proto.spec) for element in app.get("vega_lite_chart")]


def test_the_overview_has_verdicts_and_a_row_for_each_result() -> None:
    app = AppTest.from_function(script, default_timeout=SECONDS).run()
    assert not app.exception
    assert len(charts(app)) == 1
    files = list(page._BENCHMARKS.glob("results/*.md"))
    assert len(app.table[0].value) == len(files)
    assert "Wrong verdicts: 0" in app.table[0].value.to_string().replace("\\", "")


TABLES_ONLY = {"certificate_mutants", "nasty"}
"""Results with tables of many rows, or of several numbers in a cell."""


def test_every_result_is_drawn_with_its_command() -> None:
    app = AppTest.from_function(script, default_timeout=SECONDS).run()
    for path in sorted(page._BENCHMARKS.glob("results/*.md")):
        app.selectbox(key="benchmark").set_value(path.stem).run()
        assert not app.exception, path
        assert app.header[0].value
        assert app.code[0].value.startswith("python -m benchmarks"), path
        assert len(app.table) + len(app.dataframe) > 0
        assert charts(app) or path.stem in TABLES_ONLY, path


def test_a_chart_holds_the_numbers_of_its_table() -> None:
    app = AppTest.from_function(script, default_timeout=SECONDS).run()
    app.selectbox(key="benchmark").set_value("published_check").run()
    (chart,) = charts(app)
    table = next(table.value for table in app.table if "rule" in table.value.columns)
    assert len(table) == 7
    assert chart["encoding"]["x"]["scale"]["domain"] == [0, 100]


def test_the_recorded_plot_and_readings_stand_beside_their_result() -> None:
    app = AppTest.from_function(script, default_timeout=SECONDS).run()
    app.selectbox(key="benchmark").set_value("scaling").run()
    assert app.get("imgs") or app.image
    app.selectbox(key="benchmark").set_value("reading").run()
    assert any("bytes" in json.dumps(chart) for chart in charts(app))


def test_without_results_one_line_says_how_to_make_them(tmp_path: Path) -> None:
    app = AppTest.from_function(in_folder, args=(str(tmp_path),), default_timeout=SECONDS).run()
    assert not app.exception
    assert "python -m benchmarks" in app.info[0].value
    assert not app.selectbox


@pytest.mark.parametrize("readings", ["[1]", "{", '{"a/b": {"rows": 1, "bytes": "x", "seconds": NaN}, "c": 3}'])
def test_damaged_readings_cost_only_their_chart(tmp_path: Path, readings: str) -> None:
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "odd.md").write_text(
        "# <b>Odd</b>\n\nWords of $x$.\n\n| a |\n| --- |\n| <script>x</script> |\n"
    )
    (tmp_path / "results" / "odd.json").write_text(readings)
    app = AppTest.from_function(in_folder, args=(str(tmp_path),), default_timeout=SECONDS).run()
    app.selectbox(key="benchmark").set_value("odd").run()
    assert not app.exception
    assert not charts(app)
    assert app.table[0].value.iloc[0, 0] == r"\<script\>x\<\/script\>"


@pytest.fixture(autouse=True)
def _nothing_cached() -> None:
    st.cache_resource.clear()
