"""A counterexample's point and its image as columns of a table, for whoever shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice

from tools.report import CounterexampleSummary

Write = Callable[[str, int], str]
"""Returns a name or a number, of at most so many characters, as the medium shows it."""

Column = tuple[str, list[tuple[str, str]]]
"""A title, and names with their values."""


def witness_points(
    witness: CounterexampleSummary,
    reference_variables: int,
    candidate_variables: int,
    write: Write,
    most: int,
    more: str,
) -> list[Column]:
    """Return the point, and its image where there is one, with at most so many entries each.

    `more` says where the entries that are left out can be found; variables that are not listed are 0.
    """
    sizes = {"reference": reference_variables, "candidate": candidate_variables}
    other = "candidate" if witness.point_of == "reference" else "reference"
    columns = [(f"{witness.point_of} point", _cells(witness.point, sizes[witness.point_of], write, most, more))]
    if witness.image is not None:
        columns.append((f"its image in the {other}", _cells(witness.image, sizes[other], write, most, more)))
    return columns


def _cells(point: Mapping[str, str], variables: int, write: Write, most: int, more: str) -> list[tuple[str, str]]:
    cells = [(write(name, 40), write(value, 30)) for name, value in islice(point.items(), most)]
    if len(point) > most:
        cells.append((f"… and {len(point) - most} more{more}", ""))
    if len(point) < variables:
        cells.append(("all others" if point else "all variables", "0"))
    return cells
