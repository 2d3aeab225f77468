"""What could not be taken into a memory, and why, as a list that stays short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ui.safe_text import safe, safe_sentence

MOST_LISTED = 20


@dataclass(frozen=True)
class Refused:
    """One entry of a source, by its id or line, and the reason."""

    id: str
    reason: str


def print_refused(title: str, refused: Sequence[Refused]) -> None:
    """Print the first of them under a title, or nothing where there are none."""
    if not refused:
        return
    print(f"{title}:")
    for entry in refused[:MOST_LISTED]:
        # A reason often begins with the name already.
        reason = entry.reason.removeprefix(f"{entry.id}: ")
        print(f"  {safe(entry.id)}: {safe_sentence(reason, 300)}")
    if len(refused) > MOST_LISTED:
        print(f"  … and {len(refused) - MOST_LISTED} more; --json lists all")
