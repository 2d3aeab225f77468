"""Compare what the engine says with what the definitions say, and re-check witnesses from the raw models."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from brute_force import Affine, Scaling, Truth

from tools.claims.outcome import Claim
from tools.claims.verify import Verification
from tools.formulation.model import Formulation


def disagreements(reference: Formulation, candidate: Formulation, found: Verification) -> list[str]:
    """Return one line for every claim whose result the definitions contradict; empty when there is none.

    Where the definitions give no σ, what is proved must hold for the engine's σ, and what is refuted for every σ.
    """
    truth = Truth(reference, candidate, Affine(found.recovery.constants, found.recovery.terms))
    own = None if found.relation is None else Scaling(found.relation.scale, found.relation.offset)
    wrong: list[str] = []
    if own is not None and truth.sigma is not None:
        for piece in truth.candidate.slices:
            for x in piece:
                value = truth.candidate.value(x)
                if own(value) != truth.sigma(value):
                    wrong.append(f"σ: {own} against {truth.sigma}")
    if own is not None and own.scale <= 0:
        wrong.append(f"σ: scale {own.scale}")
    strict = truth.sigma or own
    loose = truth.sigma
    statuses = truth.status()
    results: dict[str, tuple[bool | None, bool | None]] = {
        "status": (statuses, statuses),
        "value": (
            None if strict is None else truth.value(strict),
            statuses if loose is None else truth.value(loose),
        ),
        "optima": (truth.optima(),) * 2,
        "optimum": (truth.optimum(),) * 2,
        "sound": (truth.sound(strict), truth.sound(loose)),
        "complete": (truth.complete(strict), truth.complete(loose)),
    }
    for name, claim in found.claims.items():
        if claim.result == "proved" and results[name][0] is False:
            wrong.append(f"{name}: proved ({claim.strength}: {claim.detail}), but it is false")
        if claim.result == "refuted":
            if results[name][1] is True:
                wrong.append(f"{name}: refuted ({claim.strength}: {claim.detail}), but that is not shown")
            wrong += _bad_witness(name, claim, truth, loose)
    return wrong


def _bad_witness(name: str, claim: Claim, truth: Truth, sigma: Scaling | None) -> list[str]:
    witness = claim.witness
    if witness is None:
        return [f"{name}: refuted without a witness"] if name in ("sound", "complete") else []
    owner = truth.candidate if witness.point_of == "candidate" else truth.reference
    point = list(witness.point)
    if not owner.contains(point):
        return [f"{name}: the witness {_show(point)} is not feasible in the {witness.point_of}"]
    if name == "status":
        return []
    if name == "complete":
        if witness.point_of != "reference":
            return ["complete: the witness must be a reference point"]
        if truth.reaches(point, sigma):
            return [f"complete: the witness {_show(point)} is reached"]
        return []
    image = truth.recovery(point)
    if witness.image is not None and list(image) != list(witness.image):
        return [f"{name}: the image of the witness is wrong"]
    feasible = truth.reference.contains(image)
    if name == "sound":
        if feasible and (sigma is None or truth.reference.value(image) <= sigma(truth.candidate.value(point))):
            return [f"sound: the witness {_show(point)} breaks nothing"]
        if witness.amount <= 0:
            return ["sound: the witness has no margin"]
    elif truth.candidate.best is not None and not truth.candidate.is_cut_off:
        if truth.candidate.value(point) != truth.candidate.best:
            return [f"{name}: the witness {_show(point)} is not optimal"]
        if feasible and truth.reference.value(image) == truth.reference.best:
            return [f"{name}: the image of the witness is optimal"]
    return []


def _show(point: Sequence[Fraction]) -> str:
    return "(" + ", ".join(map(str, point)) + ")"
