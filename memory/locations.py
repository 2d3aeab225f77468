"""Where a user's memory is: what was asked for, else what the environment says, else the user's data folder."""

from __future__ import annotations

import os
from pathlib import Path

from tools.errors import InputError

NONE = "none"
"""The word for no memory at all."""

VARIABLE = "QUASIKARP_MEMORY"
"""The environment variable that names a folder, a server's URL, or "none"."""


def location_of(wanted: str | Path | None) -> str | None:
    """Return the folder or URL to open, or None where there is to be no memory; None asks for the default one."""
    chosen = str(wanted) if wanted is not None else os.environ.get(VARIABLE, "")
    if chosen == NONE:
        return None
    if "://" in chosen:
        if not chosen.startswith(("http://", "https://")):
            raise InputError(f"the memory {chosen[:80]!r} is no folder and no http(s) URL of a chroma server")
        return chosen
    if chosen:
        return str(Path(chosen).expanduser())
    if wanted is not None:
        raise InputError("the memory has an empty name; give a folder, a server's URL, or 'none'")
    return str(data_folder() / "memory")


def data_folder() -> Path:
    """Return the folder in which this user's data is kept; it may not exist yet."""
    data = os.environ.get("XDG_DATA_HOME", "")
    home = Path(data) if data.startswith("/") else Path("~/.local/share").expanduser()
    return home / "quasikarp"
