"""Small pairs that the agent's tests share, written as LP text."""

from pathlib import Path

REFERENCE = """\
Minimize
 cost: 2 a + 3 b
Subject To
 need: 5 a + 3 b >= 7
Bounds
 a <= 10
 b <= 10
General
 a b
End
"""

ROLES_SWAPPED = """\
Minimize
 cost: 3 a + 2 b
Subject To
 need: 3 a + 5 b >= 7
Bounds
 a <= 10
 b <= 10
General
 a b
End
"""

MORE_NEEDED = REFERENCE.replace(">= 7", ">= 11")


def write_pair(folder: Path, reference: str = REFERENCE, candidate: str = ROLES_SWAPPED) -> tuple[Path, Path]:
    """Write both models into `folder` and return their paths."""
    paths = folder / "reference.lp", folder / "candidate.lp"
    for path, text in zip(paths, (reference, candidate), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths
