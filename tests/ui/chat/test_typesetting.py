"""Rules become formulas, and no name in them becomes a command."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.mapping.syntax import quote_name
from ui.chat.typesetting import latex_of_evidence, latex_of_objective, latex_of_rule, name_latex

OURS = re.compile(r"\\(?:text(?:backslash|asciicircum|asciitilde|quoteleft|less|greater)\{\}|[{}$&#%_])")


@pytest.mark.parametrize(
    ("rule", "latex"),
    [
        ("x[i] = 10*d[i,1] + d[i,0]", r"x_{i} = 10 \, d_{i,1} + d_{i,0}"),
        ("x = -a - 2*b + 1/3", r"x = -a - 2 \, b + \frac{1}{3}"),
        ("x = 2*(a + b)", r"x = 2 \, \left( a + b \right)"),
        ("x = a - (b - c)", r"x = a - \left( b - c \right)"),
        ("start[j] = sum(t*z[j,t] for t)", r"\mathrm{start}_{j} = \sum_{t} t \, z_{j,t}"),
        (
            "x = sum(2^k*y[k] for k in 0..5 if k != 3)",
            r"x = \sum_{\substack{k = 0, \ldots, 5 \\ k \neq 3}} {2}^{k} \, y_{k}",
        ),
        ("x = ?*a + ?", r"x = {?} \, a + {?}"),
        ("x = 0.1*a", r"x = 0.1 \, a"),
        ("x['New York'] = `a b`", r"x_{\text{New York}} = \text{a b}"),
    ],
)
def test_rules_as_formulas(rule: str, latex: str) -> None:
    assert latex_of_rule(rule) == latex


def test_long_sums_go_on_in_the_next_line() -> None:
    latex = latex_of_rule("x = " + " + ".join(f"{k}*variable[{k}]" for k in range(2, 30)))
    assert latex is not None
    assert latex.startswith(r"\begin{aligned} x & = 2")
    assert latex.count(r"\\") >= 4


@pytest.mark.parametrize("text", ["", "x", "x = ", "x = a; y = b", "x = a\ny = b", "x = " + "+".join(["a"] * 2_000)])
def test_what_is_no_short_rule_stays_text(text: str) -> None:
    assert latex_of_rule(text) is None


@given(
    st.text(min_size=1, max_size=60)
    | st.sampled_from(["\\href{javascript:x}{y}", "$$", "}\\input{a}", "%", "^^5c", "#1"])
)
def test_a_name_never_becomes_a_command(name: str) -> None:
    latex = name_latex(name)
    assert latex.isprintable()
    inner = re.fullmatch(r"[A-Za-z]|[0-9]+|\\(?:mathrm|text)\{(.*)\}", latex)
    assert inner is not None
    left = OURS.sub("", inner.group(1) or "")
    assert not set(left) & set("\\{}$&#%^~")
    for rule in (f"{quote_name(name)} = 2*{quote_name(name)}",):
        whole = latex_of_rule(rule)
        if whole is not None:
            assert whole == f"{latex} = 2 \\, {latex}" or "[" in name or "(" in name or "{" in name


def test_objectives_and_evidence() -> None:
    assert (
        latex_of_objective({"scale": "2", "offset": "-1/3"})
        == r"\text{reference} = 2 \cdot \text{candidate} - \frac{1}{3}"
    )
    assert latex_of_objective({"scale": "nan", "offset": "0"}) is None
    assert latex_of_evidence("row machine: 6 chairs + 4 x[1,2] = 36 > 24") == (
        r"6 \mathrm{chairs} + 4 x_{1,2} = 36 > 24"
    )
    assert latex_of_evidence("row a: $x = 3 > 2") is None
    assert latex_of_evidence("row a: 2 x + … (3 more terms) = 3 > 2") is None
    assert latex_of_evidence("upper bound of x: x = 3 > 2") is None
