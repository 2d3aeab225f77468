from dataclasses import replace

from tools.report import HypothesisSummary, Report
from ui.pictures.hypotheses import MOST_SHOWN, hypotheses
from ui.pictures.look import DARK, LIGHT
from ui.pictures.picture import NoPicture, Picture


def shown(report: Report) -> tuple[Picture, list[str]]:
    picture = hypotheses(report)
    assert isinstance(picture, Picture)
    return picture, [text.get_text() for axes in picture.draw(LIGHT).axes for text in axes.texts]


def test_origins_rules_outcomes_and_reasons(refuted: Report) -> None:
    picture, words = shown(refuted)
    assert words == ["run", "symbolic:names", "x = u  and 1 more", "row cap", "refuted"]
    assert picture.caption == "1 mapping was tried: 1 refuted."
    assert picture.svg(DARK) == picture.svg(DARK)


def test_the_tree_is_bounded_and_keeps_what_was_verified(equivalent: Report) -> None:
    tried = [HypothesisSummary(f"llm:m{k % 3}", (f"x = {k}",), "refuted", "no") for k in range(50)]
    report = replace(equivalent, hypotheses=(*tried, *equivalent.hypotheses))
    _, words = shown(report)
    assert sum(word.startswith("x = ") for word in words) == MOST_SHOWN
    assert "symbolic:names" in words
    assert "verified" in words
    assert "… and 31 more" in words


def test_hostile_texts_stay_short_and_inert(equivalent: Report) -> None:
    bad = "$\\frac{" + "<script>\x1b[31m\u202e\n" * 2000
    report = replace(equivalent, hypotheses=(HypothesisSummary(bad, (bad,), "undecided", bad),) * 3)
    picture, words = shown(report)
    assert all(word.isprintable() and len(word) < 150 for word in words)
    assert "<script" not in picture.svg(LIGHT)


def test_nothing_tried_is_no_picture(equivalent: Report) -> None:
    assert hypotheses(replace(equivalent, hypotheses=())) == NoPicture("hypotheses", "no mapping was tried")
    assert shown(replace(equivalent, hypotheses=(HypothesisSummary("user:hint", (), "undecided", ""),)))
