"""How much a stranger's code may use."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tools.errors import InputError


@dataclass(frozen=True)
class SandboxLimits:
    """Bounds of one run: seconds on the clock, address space, bytes a file or the whole scratch folder, open files.

    Raises `InputError` where a bound is not positive.
    """

    seconds: float = 60.0
    memory_bytes: int = 2 << 30
    file_bytes: int = 64 << 20
    scratch_bytes: int = 256 << 20
    open_files: int = 64

    def __post_init__(self) -> None:
        for name in ("seconds", "memory_bytes", "file_bytes", "scratch_bytes", "open_files"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0):
                raise InputError(f"the sandbox limit {name} must be a positive number, found {value!r}")
