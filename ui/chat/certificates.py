"""Certificates in what a user pastes or attaches are told from models."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tools.errors import InputError
from ui.chat.pasted import Given
from ui.running.source import LONGEST_TEXT

_SCHEMA = re.compile(r'"schema"\s{0,20}:\s{0,20}"quasikarp/certificate/')


def is_certificate(text: str) -> bool:
    """Say whether a text is a JSON object that calls itself a certificate of ours, of whatever version."""
    return text.lstrip("\ufeff \t\r\n")[:1] == "{" and _SCHEMA.search(text) is not None


def pasted_certificate(text: str) -> str:
    """Return the certificate that a message holds, with words or fences around it or without; empty where none is."""
    first, last = text.find("{"), text.rfind("}")
    part = text[first : last + 1] if 0 <= first < last else ""
    return part if is_certificate(part) else ""


def told_apart(text: str, files: Sequence[Given]) -> tuple[str, str, tuple[Given, ...]]:
    """Return the certificate (empty where there is none), the rest of the message, and the models among the files.

    Raises `InputError` where there are several certificates, or one that is too long.
    """
    found = [given.text for given in files if is_certificate(given.text)]
    pasted = pasted_certificate(text)
    if pasted:
        found.append(pasted)
        text = text.replace(pasted, "", 1).replace("```json", "").replace("```", "")
    if len(found) > 1:
        raise InputError(f"there are {len(found)} certificates; give one at a time")
    if found and len(found[0]) > LONGEST_TEXT:
        raise InputError("the certificate is too long for the chat; check it with quasikarp-verify")
    return (found[0] if found else ""), text, tuple(given for given in files if not is_certificate(given.text))
