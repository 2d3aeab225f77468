"""The words of its own that a language model may put before a fact of the report.

With them one can point at what comes next; one cannot assert, deny, doubt, hedge or recommend. There is no "not" and no
"if", no "is" outside of "here is", no word for true, false, equal or fine, and none for a verdict; nor are there words
that make an idiom of that kind ("beside the point", "in part", "for show"). At most one of the two models may be named,
so nothing is said of how they relate. What a caption calls a counterexample or an optimum must be called so in the fact
that it introduces. So whatever stands before a fact cannot turn it round.
"""

from __future__ import annotations

_ANYWHERE = """
a an the this these that those it its you your there here
what why how where which
and as at by for from in into of on onto to with about
comes follows starts start begin begins ends end shows shown explains explain describes describe
look see read note consider learn understand asked ask asks meant mean means helps
first second next then last finally now also further
above below
answer reason reasons explanation detail details summary
step steps way side sides
model models reference candidate pair
row rows bound bounds variable variables value values number numbers size sizes time run
short brief plain words
"""
_WHERE_THE_FACT_HAS_THEM = """
counterexample solution solutions optimum optima image mapping mappings rule rules lifting
claim claims status contract objective arithmetic tolerance solver limit limits
hint repair data tried cost costs
"""

WORDS = frozenset(_ANYWHERE.split())
"""Words that say nothing about whether something holds."""

GROUNDED = frozenset(_WHERE_THE_FACT_HAS_THEM.split())
"""Words that may be used where the fact that follows uses them."""

PHRASES = ("here is", "here are", "what is", "what are", "you can do", "to do", "your question", "this is why")
"""Words that may be used in this company only."""

MODEL_WORDS = frozenset({"model", "models", "reference", "candidate", "pair"})
"""At most one of these, once, stands in a caption."""

OPENERS = frozenset({"what", "why", "how", "where", "which"})
"""With one of these a question starts: no answer to it is yes or no."""

BEFORE_NAMES = frozenset({"row", "rows", "variable", "variables", "bound", "bounds", "and"})
"""A name stands behind one of these."""
