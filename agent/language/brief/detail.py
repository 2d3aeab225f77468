"""The steps in which the summary of a model loses detail until it fits into its budget."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Detail:
    """How much is told at most.

    Groups of rows, groups of variables, samples a group of rows, terms a row, texts in a list, descriptions, letters
    of a description; and how many groups of rows, largest first, have one sample more.
    """

    groups: int
    variables: int
    samples: int
    terms: int
    listed: int
    words: int
    letters: int
    extra: int = 0


MOST_SAMPLES = 3
"""Sample rows of a group at most."""

WHOLE = tuple(
    Detail(0, 1_000_000, 0, 0, 1_000_000, words, letters)
    for words, letters in ((1_000, 2_000), (200, 400), (60, 200), (20, 120), (6, 80), (0, 0))
)
"""For models all rows of which are shown: only descriptions differ."""

_SIZES = (
    # samples, terms, listed, letters
    (3, 24, 40, 600), (3, 16, 24, 400), (3, 12, 16, 300), (3, 9, 12, 200), (2, 9, 12, 160), (2, 7, 10, 120),
    (1, 7, 8, 100), (1, 5, 6, 60), (0, 4, 4, 40),
)  # fmt: skip
_FEW_GROUPS = 10
"""With more groups than this, each has a sample row at least."""

LADDERS = (
    *(
        tuple(
            Detail(groups, max(4, groups), samples, terms, listed, groups // 2, letters)
            for samples, terms, listed, letters in _SIZES
            if samples or groups <= _FEW_GROUPS
        )
        for groups in (24, 16, 10, 6, 4, 2, 1, 0)
    ),
    (Detail(0, 2, 0, 0, 3, 0, 0),),
)
"""Details in descending order, those of one number of groups together."""
