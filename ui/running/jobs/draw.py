"""Pictures of a report, and of its models where they are given."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any

from tools.errors import InputError
from tools.json_fields import object_of, text_of, truth_of
from tools.report import Report
from ui.pictures.gallery import gallery, picture_of
from ui.pictures.kinds import KINDS
from ui.pictures.look import look
from ui.pictures.picture import NoPicture, Picture
from ui.running.source import Source
from ui.safe_text import safe


def draw(request: Mapping[str, Any], emit: Callable[[Mapping[str, Any]], None]) -> dict[str, Any]:
    """Return {"pictures": [{"kind", "title", "caption", "svg"}]} for "report" and, unless null, both models.

    "dark" says for which background, "kind" asks for one picture only, and "png" for "png_base64" besides.
    """
    report = Report.from_json(object_of(request, "report"))
    reference, candidate = (
        None if request.get(role) is None else Source.of(request[role], role).model()
        for role in ("reference", "candidate")
    )
    wanted = text_of(request, "kind")
    if wanted is None:
        pictures = gallery(report, reference, candidate)
    else:
        kind = next((known for known in KINDS if known == wanted), None)
        if kind is None:
            raise InputError(f"unknown kind of picture {safe(wanted)!r}; known are {', '.join(KINDS)}")
        found = picture_of(kind, report, reference, candidate)
        if isinstance(found, NoPicture):
            raise InputError(f"the picture {kind} cannot be drawn: {found.reason}")
        pictures = [found]
    dark, with_png = truth_of(request, "dark"), truth_of(request, "png")
    drawn = []
    for picture in pictures:
        emit({"kind": "step", "node": "draw", "message": picture.title})
        drawn.append(_drawn(picture, dark=dark, with_png=with_png))
    return {"pictures": drawn}


def _drawn(picture: Picture, *, dark: bool, with_png: bool) -> dict[str, str]:
    found: dict[str, str] = {
        "kind": picture.kind,
        "title": picture.title,
        "caption": picture.caption,
        "svg": picture.svg(look(dark)),
    }
    if with_png:
        found["png_base64"] = b64encode(picture.png(look(dark))).decode("ascii")
    return found
