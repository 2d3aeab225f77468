"""Charts of results, legible in light and dark and on narrow screens; names in them are drawn, never interpreted."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import Any

import streamlit as st

from ui.page.result_tables import Bars
from ui.safe_text import safe

_GOOD, _FAIR, _BAD, _OPEN = "#2f9e5f", "#8fcfa8", "#d9604c", "#9aa0a6"
_COLOURS = {
    "verified": _GOOD, "equivalent": _GOOD, "equivalent, all proved": _GOOD, "proved, exact": _GOOD,
    "equivalent otherwise": _FAIR, "proved, solver": _FAIR,
    "not_equivalent": _BAD, "not equivalent": _BAD, "refuted": _BAD, "refuted, exact": _BAD,
    "refuted, solver": "#eeb0a4",
    "unknown": _OPEN, "none": "#c6cacf", "failed": "#5f6368", "other": "#c6cacf",
}  # fmt: skip
_OTHERS = ("#4c8fd6", "#e0a030", "#9d6fc4", "#2fa7a0", "#d9604c", "#7f8c5a")

_ROW = 26
_BAR = 13
_AXIS = 100
_LEGEND, _LEGEND_ROW = 34, 22
_LEGEND_COLUMNS = 1  # on a phone, a second one would be cut


def draw_bars(bars: Bars, alt: str) -> None:
    """A bar for each number is on the page: side by side, or one behind the other where they make up a whole."""
    names = [safe(name) for name, _ in bars.series]
    values = [
        {"label": safe(label), "series": name, "value": value, "order": order}
        for order, (name, (_, series)) in enumerate(zip(names, bars.series, strict=True))
        for label, value in zip(bars.labels, series, strict=True)
        if value is not None
    ]
    height = len(bars.labels) * (_ROW if bars.stacked else max(_ROW, _BAR * len(names) + 8)) + _AXIS
    if len(names) > 1:
        height += _LEGEND + _LEGEND_ROW * ceil(len(names) / _LEGEND_COLUMNS)
    whole = {"scale": {"domain": [0, 100]}} if bars.measure.endswith("%") else {}
    offset = {} if bars.stacked or len(names) == 1 else {"yOffset": {"field": "series", "sort": names}}
    encoding = {
        "y": {"field": "label", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 170}},
        "x": {"field": "value", "type": "quantitative", "title": bars.measure, "stack": bars.stacked or None, **whole},
        "color": _colour(names),
        "order": {"field": "order"},
        "tooltip": [
            {"field": "label", "title": " "},
            {"field": "series", "title": " "},
            {"field": "value", "title": bars.measure, "format": ".3~g"},
        ],
        **offset,
    }
    _draw({"mark": {"type": "bar"}, "encoding": encoding}, values, height, alt)


def draw_growth(points: Iterable[tuple[str, float, float]], alt: str) -> None:
    """Seconds against nonzeros are on the page, on scales on which a straight slope of one is linear growth."""
    found = [(safe(name), nonzeros, seconds) for name, nonzeros, seconds in points]
    names = list(dict.fromkeys(name for name, _, _ in found))
    encoding = {
        "x": {"field": "x", "type": "quantitative", "scale": {"type": "log"}, "title": "nonzeros"},
        "y": {"field": "y", "type": "quantitative", "scale": {"type": "log"}, "title": "seconds of a check"},
        "color": _colour(names),
    }
    values = [{"x": nonzeros, "y": seconds, "series": name} for name, nonzeros, seconds in found]
    _draw({"mark": {"type": "line", "point": True}, "encoding": encoding}, values, 380, alt)


def draw_cloud(points: Iterable[tuple[str, float, float]], alt: str) -> None:
    """A point for each file is on the page: seconds to read it against its bytes."""
    found = [(safe(name), size, seconds) for name, size, seconds in points]
    names = list(dict.fromkeys(name for name, _, _ in found))
    encoding = {
        "x": {"field": "x", "type": "quantitative", "scale": {"type": "log"}, "title": "bytes"},
        "y": {"field": "y", "type": "quantitative", "scale": {"type": "log"}, "title": "seconds to read"},
        "color": _colour(names),
    }
    values = [{"x": size, "y": seconds, "series": name} for name, size, seconds in found]
    mark = {"type": "point", "filled": True, "opacity": 0.6, "size": 30}
    _draw({"mark": mark, "encoding": encoding}, values, 380, alt)


def _colour(names: list[str]) -> dict[str, Any]:
    others = iter(_OTHERS * len(names))
    colours = [_COLOURS.get(name) or next(others) for name in names]
    legend = {"orient": "bottom", "title": None, "labelLimit": 260, "columns": _LEGEND_COLUMNS}
    return {
        "field": "series",
        "type": "nominal",
        "sort": names,
        "scale": {"domain": names, "range": colours},
        "legend": legend if len(names) > 1 else None,
    }


def _draw(spec: dict[str, Any], values: list[dict[str, Any]], height: int, alt: str) -> None:
    st.vega_lite_chart({**spec, "data": {"values": values}, "height": height}, width="stretch", alt=alt)
