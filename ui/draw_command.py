"""`quasikarp draw`: a picture of a report, and of its models, in a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tools.errors import InputError
from ui.check_command import require_files
from ui.explain_command import read_report
from ui.pictures.kinds import KINDS_OF_MODELS, PictureKind
from ui.safe_text import safe
from ui.whole_file import replacing

if TYPE_CHECKING:
    from tools.formulation.model import Formulation

_SUFFIXES = (".svg", ".png")


def draw_report(
    path: Path, *, kind: PictureKind, reference: Path | None, candidate: Path | None, out: Path, dark: bool
) -> int:
    """Write the picture, print what it shows in a line, and return 0; raises `InputError` where there is none."""
    suffix = out.suffix.lower()
    if suffix not in _SUFFIXES:
        raise InputError(f"--out {safe(str(out), 200)} must end in .svg or .png")
    if (reference is None) != (candidate is None) or (reference is None and kind in KINDS_OF_MODELS):
        raise InputError(f"--kind {kind} needs both models; add --reference FILE and --candidate FILE")
    models = [given for given in (reference, candidate) if given is not None]
    require_files(*models)
    with replacing(out, keep=(path, *models)) as target:
        report = read_report(path)
        first, second = _read(reference), _read(candidate)

        from ui.pictures.gallery import picture_of
        from ui.pictures.look import look
        from ui.pictures.picture import NoPicture

        picture = picture_of(kind, report, first, second)
        if isinstance(picture, NoPicture):
            raise InputError(f"--kind {kind} cannot be drawn: {picture.reason}")
        if suffix == ".svg":
            target.write_text(picture.svg(look(dark)), encoding="utf-8")
        else:
            target.write_bytes(picture.png(look(dark), _PNG_SCALE))
    print(f"{safe(str(out), 200)}: {picture.caption}")
    return 0


_PNG_SCALE = 4.0


def _read(path: Path | None) -> Formulation | None:
    if path is None:
        return None
    from tools.formulation.read import read

    return read(path)
