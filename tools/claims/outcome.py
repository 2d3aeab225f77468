"""What deciding a claim returns: the result, every obligation with its evidence, and the witness of a refutation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from tools.exact.proofs import Proof, SolverProof
from tools.report import ClaimName, Result, Strength

ObligationKind = Literal[
    "row lower", "row upper", "lower bound", "upper bound", "integrality", "objective", "identity", "bound", "condition"
]


@dataclass(frozen=True)
class Obligation:
    """One statement that a claim rests on, with its proof.

    `kind` and `index` name the row, bound or variable of the model that is mapped *into*; a proof is about the model
    that is mapped *from* (an integrality that follows from coefficients alone has the proof None). `model` names the
    model the proof is about: "candidate", "reference", or a derived set, which `note` describes.
    """

    kind: ObligationKind
    index: int
    proof: Proof | SolverProof | None
    note: str = ""


@dataclass(frozen=True)
class Witness:
    """A point that refutes a claim, exact, checked against the raw models.

    `point` lists all variables of the model `point_of`; `image` all variables of the other model (None where there is
    no image to show); `violates` names what breaks; `amount` > 0 says by how much; `support` proves what the point
    alone does not show (optimality, or that no preimage exists).
    """

    claim: ClaimName
    point_of: Literal["candidate", "reference"]
    point: Sequence[Fraction]
    image: Sequence[Fraction] | None
    violates: str | None
    amount: Fraction
    explanation: str
    support: Proof | SolverProof | None = None


@dataclass(frozen=True)
class Claim:
    """The outcome of one claim."""

    name: ClaimName
    result: Result
    strength: Strength
    detail: str
    obligations: tuple[Obligation, ...] = field(default=(), repr=False)
    witness: Witness | None = None


def unknown(name: ClaimName, detail: str) -> Claim:
    """Return the claim undecided, with its reason."""
    return Claim(name, "unknown", "solver", detail)


def strength_of(obligations: Sequence[Obligation]) -> Strength:
    """Return "exact" when no obligation rests on a solver's word."""
    return "solver" if any(isinstance(o.proof, SolverProof) for o in obligations) else "exact"
