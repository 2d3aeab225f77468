"""Proofs that a verification found, read as proofs about a space: function rows become derived rows where used."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tools.certify.definitions import Realised, realise
from tools.certify.space import Nodes, Space
from tools.claims.outcome import Obligation, ObligationKind
from tools.exact.proofs import BranchProof, EmptyProof, LinearProof, Proof, SolverProof
from tools.mapping.extension import Extension

Evidence = dict[tuple[ObligationKind, int], list[Proof | SolverProof]]
"""What a verification found for each statement; only hints, since the statements are worked out again."""


class NotCertifiedError(Exception):
    """A claim has no exact proof within the limits; the text says what is missing."""


def evidence_of(obligations: Sequence[Obligation]) -> Evidence:
    """Return the proofs of obligations by what they are about."""
    found: Evidence = {}
    for obligation in obligations:
        if obligation.proof is not None and obligation.kind != "condition":
            found.setdefault((obligation.kind, obligation.index), []).append(obligation.proof)
    return found


class Extended:
    """A space in which the functions of a mapping are defined, and proofs about the extended model are read."""

    def __init__(self, space: Space, extension: Extension) -> None:
        self.space = space
        self.count = len(space.original.rows)
        self.functions: list[Realised] = []
        self.rows: list[tuple[Realised, int]] = []
        for function in extension.functions:
            realised = realise(space, function)
            if realised is None:
                raise NotCertifiedError(f"the function {function.name!r} has no proof by definitions")
            self.functions.append(realised)
            self.rows += [(realised, k) for k, _ in enumerate(function.graph())]
        names = [*space.original.variables, *extension.names]
        self.variables = [space.index[name] for name in names]

    def derive_all(self) -> None:
        """Derive every row and bound of the functions, where that can be done."""
        for realised in self.functions:
            realised.derive_all()

    def read(self, proof: Proof | SolverProof, added: int = 0) -> Nodes | None:
        """Return a proof about the extended model, with `added` rows behind its own, as one about the space.

        The added rows are those behind all rows of the space. None where the proof is not exact, is about a simplified
        model, or rests on a row that could not be derived.
        """
        nodes: Nodes = []
        pending: list[Proof | SolverProof] = [proof]
        while pending:
            part = pending.pop()
            if isinstance(part, BranchProof):
                nodes.append(["branch", self.variables[part.variable], str(part.value)])
                pending += [part.above, part.below]
            elif isinstance(part, EmptyProof) and part.crossed is not None:
                kind, number = part.crossed
                if kind == "variable":
                    number = self.variables[number]
                elif number >= self.count:
                    return None
                nodes.append(["crossed", kind, number])
            elif isinstance(part, LinearProof | EmptyProof):
                pairs = [self._row(i, factor) for i, factor in part.multipliers.items() if factor]
                if None in pairs:
                    return None
                nodes.append(["empty" if isinstance(part, EmptyProof) else "linear", pairs])
            else:
                return None
        return nodes

    def _row(self, number: int, factor: Fraction) -> list[object] | None:
        if number < self.count:
            return [number, str(factor)]
        if number >= self.count + len(self.rows):  # an added row: its place is known when all steps are
            return [number - self.count - len(self.rows) + self.space.row_count, str(factor)]
        realised, k = self.rows[number - self.count]
        row = realised.derive(k, "lower" if factor > 0 else "upper")
        return None if row is None else [row, str(abs(factor))]
