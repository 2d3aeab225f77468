"""Colours and sizes of a picture, for light and for dark paper.

The colours stay apart for people with any common colour blindness, and nothing is told by colour alone. Every one of
them has a contrast of at least 4.5 to its papers where it colours text and of at least 3 where it colours marks.
"""

from __future__ import annotations

from dataclasses import dataclass

WIDTH = 400
"""Units across every picture. At 360 pixels, a phone, a unit is 0.9 pixels, and the smallest text 10 pixels high."""

TEXT = 12.0
SMALL_TEXT = 11.0


@dataclass(frozen=True)
class Look:
    """The colours of one theme. Paper itself stays transparent; `papers` are the backgrounds it is made for.

    `plus` and `minus` mark the sign of a coefficient, `good` and `bad` what was verified and refuted, `witness` a
    counterexample; `quiet` is for what is there but not the point.
    """

    name: str
    papers: tuple[str, ...]
    ink: str
    muted: str
    plus: str
    minus: str
    good: str
    bad: str
    witness: str
    quiet: str


LIGHT = Look(
    name="light",
    papers=("#ffffff", "#f0f2f6"),
    ink="#1f2933",
    muted="#55606e",
    plus="#0072b2",
    minus="#c75000",
    good="#00805c",
    bad="#c75000",
    witness="#a8488a",
    quiet="#6b7684",
)
DARK = Look(
    name="dark",
    papers=("#0e1117", "#262730"),
    ink="#eef2f6",
    muted="#aab4c0",
    plus="#5bb8ee",
    minus="#f0a030",
    good="#35c79a",
    bad="#f0a030",
    witness="#e591c8",
    quiet="#9aa5b1",
)


def look(dark: bool) -> Look:
    """Return the colours for dark or for light paper."""
    return DARK if dark else LIGHT
