"""All pictures of a pair that make sense, the most telling first."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tools.errors import InputError
from tools.formulation.model import Formulation
from tools.report import Report
from ui.pictures.composition import composition
from ui.pictures.feasible_sets import feasible_sets
from ui.pictures.hypotheses import hypotheses
from ui.pictures.kinds import PictureKind
from ui.pictures.picture import NoPicture, Picture
from ui.pictures.sparsity import sparsity

_Maker = Callable[[Report, Formulation | None, Formulation | None], Picture | NoPicture]

_MAKERS: Mapping[PictureKind, _Maker] = {
    "composition": lambda report, reference, candidate: composition(report),
    "sets": feasible_sets,
    "sparsity": sparsity,
    "hypotheses": lambda report, reference, candidate: hypotheses(report),
}


def gallery(report: Report, reference: Formulation | None, candidate: Formulation | None) -> list[Picture]:
    """Return the pictures of a report and, where they are at hand, its models; a counterexample is shown first."""
    order: list[PictureKind] = ["composition", "sets", "sparsity", "hypotheses"]
    if report.counterexample is not None and report.verdict != "equivalent":
        order = ["sets", "composition", "sparsity", "hypotheses"]
    found = (picture_of(kind, report, reference, candidate) for kind in order)
    return [picture for picture in found if isinstance(picture, Picture)]


def picture_of(
    kind: PictureKind, report: Report, reference: Formulation | None, candidate: Formulation | None
) -> Picture | NoPicture:
    """Return this picture of the report, or why there is none."""
    try:
        return _MAKERS[kind](report, reference, candidate)
    except InputError as error:
        return NoPicture(kind, str(error))
