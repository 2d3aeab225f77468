"""cvxpy, imported when it is first needed (1.4 s) and without its remarks on solvers that it does not support."""

from __future__ import annotations

import logging
from typing import Any


def import_cvxpy() -> Any:
    """Return the module cvxpy; nothing is written to standard error on the way."""
    logger = logging.getLogger("__cvxpy__")
    silent, logger.disabled = logger.disabled, True
    try:
        import cvxpy
    finally:
        logger.disabled = silent
    return cvxpy
