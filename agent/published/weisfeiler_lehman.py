r"""The Weisfeiler–Lehman test: two models count as equivalent when colour refinement cannot tell their graphs apart.

>>> from tools.formulation.lp_reader import parse_lp
>>> one = parse_lp("min x + 2 y\nst\n a: x + y >= 1\n b: x - y <= 3\nend")
>>> renamed = parse_lp("min 2 u + v\nst\n p: v - u <= 3\n q: u + v >= 1\nend")
>>> scaled = parse_lp("min x + 2 y\nst\n a: 2 x + 2 y >= 2\n b: x - y <= 3\nend")
>>> weisfeiler_lehman(one, renamed), weisfeiler_lehman(one, scaled)
(True, False)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from fractions import Fraction

from tools.formulation.model import Formulation
from tools.formulation.numbers import ExactVector

_Edges = list[list[tuple[int, Fraction]]]
"""For each node, its neighbours on the other side and the coefficients that join them."""


def weisfeiler_lehman(reference: Formulation, candidate: Formulation) -> bool:
    """Return whether colour refinement gives both models the same colours, as often each.

    The graph has a node for each row, labelled with its two sides (which give the sense), and one for each variable,
    labelled with cost (of the minimisation form), bounds and kind (a binary variable is an integer one within 0 and
    1); the edges are the coefficients. A constant in the objective is no part of it. Colours are compared exactly, not
    by hash. Equal colours do not prove that the models are isomorphic, and isomorphic is all that they could be: a row
    that is scaled is another row.
    """
    if (reference.shape, reference.nonzeros) != (candidate.shape, candidate.nonzeros):
        return False
    graphs = [_Graph(reference), _Graph(candidate)]
    known: dict[Hashable, int] = {}
    for graph in graphs:
        graph.recolour(graph.row_labels, graph.column_labels, known)
    classes = 0
    while True:
        if graphs[0].census != graphs[1].census:
            return False
        if len(graphs[0].census) == classes:
            return True
        classes = len(graphs[0].census)
        known = {}
        for graph in graphs:
            graph.refine(known)


class _Graph:
    """The bipartite graph of one model with the colours so far."""

    def __init__(self, model: Formulation) -> None:
        m, n = model.shape
        self.rows: _Edges = [list(model.row_terms(i).items()) for i in range(m)]
        self.columns: _Edges = [[] for _ in range(n)]
        for i, terms in enumerate(self.rows):
            for j, coefficient in terms:
                self.columns[j].append((i, coefficient))
        self.row_labels: list[Hashable] = [("row", *_sides(model.row_lower, model.row_upper, i)) for i in range(m)]
        self.column_labels: list[Hashable] = [
            ("column", model.cost[j], *_sides(model.lower, model.upper, j), bool(model.integer[j])) for j in range(n)
        ]
        self.row_colours: list[int] = []
        self.column_colours: list[int] = []

    def recolour(self, rows: Sequence[Hashable], columns: Sequence[Hashable], known: dict[Hashable, int]) -> None:
        """Give equal labels equal colours; `known` holds the colours that are taken, of both graphs."""
        self.row_colours = [known.setdefault(label, len(known)) for label in rows]
        self.column_colours = [known.setdefault(label, len(known)) for label in columns]
        self.census = Counter(self.row_colours + self.column_colours)

    def refine(self, known: dict[Hashable, int]) -> None:
        """Colour every node by its own colour and those of its neighbours with the coefficients between."""
        self.recolour(
            _signatures("row", self.row_colours, self.rows, self.column_colours),
            _signatures("column", self.column_colours, self.columns, self.row_colours),
            known,
        )


def _signatures(side: str, own: Sequence[int], edges: _Edges, others: Sequence[int]) -> list[Hashable]:
    return [
        (side, colour, tuple(sorted([(others[k], a) for k, a in around])))
        for colour, around in zip(own, edges, strict=True)
    ]


def _sides(lower: ExactVector, upper: ExactVector, place: int) -> tuple[Fraction | None, Fraction | None]:
    return lower.finite(place), upper.finite(place)
