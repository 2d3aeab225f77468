"""The public door: `import quasikarp as qk` gives the few names a user needs, each loaded when first used.

The code lives in the plainly named packages `agent`, `tools`, `memory` and `ui`. Importing this module first makes sure
that Python would take ours and not a stranger's (an `ImportError` names the path otherwise), without importing them.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agent.asynchronous import acertify, acheck, astream, averify
    from agent.certifying import certify
    from agent.explaining.phrasing import explain_with as explain
    from agent.graph import build_graph
    from agent.language.configuration import LanguageModel
    from agent.run import check, run_context, stream, verify
    from agent.seeding import seed
    from agent.settings import Settings
    from agent.words.formulating import formulate_with as formulate
    from memory.memory import Memory
    from tools.certify.certificate import Certificate
    from tools.formulation.model import Formulation
    from tools.formulation.read import read
    from tools.formulation.write import write
    from tools.mapping.affine import AffineMapping as Mapping
    from tools.report import Report
    from ui.asserting import assert_reformulates

__version__ = "0.1.0"

__all__ = [
    "Certificate",
    "Formulation",
    "LanguageModel",
    "Mapping",
    "Memory",
    "Report",
    "Settings",
    "acertify",
    "acheck",
    "assert_reformulates",
    "astream",
    "averify",
    "build_graph",
    "certify",
    "check",
    "explain",
    "formulate",
    "read",
    "run_context",
    "seed",
    "stream",
    "verify",
    "write",
]

_PACKAGES = ("agent", "tools", "memory", "ui")
_OWNER = "quasikarp"

_SOURCES = {
    "Certificate": ("tools.certify.certificate", "Certificate"),
    "Formulation": ("tools.formulation.model", "Formulation"),
    "LanguageModel": ("agent.language.configuration", "LanguageModel"),
    "Mapping": ("tools.mapping.affine", "AffineMapping"),
    "Memory": ("memory.memory", "Memory"),
    "Report": ("tools.report", "Report"),
    "Settings": ("agent.settings", "Settings"),
    "acertify": ("agent.asynchronous", "acertify"),
    "acheck": ("agent.asynchronous", "acheck"),
    "assert_reformulates": ("ui.asserting", "assert_reformulates"),
    "astream": ("agent.asynchronous", "astream"),
    "averify": ("agent.asynchronous", "averify"),
    "build_graph": ("agent.graph", "build_graph"),
    "certify": ("agent.certifying", "certify"),
    "check": ("agent.run", "check"),
    "explain": ("agent.explaining.phrasing", "explain_with"),
    "formulate": ("agent.words.formulating", "formulate_with"),
    "read": ("tools.formulation.read", "read"),
    "run_context": ("agent.run", "run_context"),
    "seed": ("agent.seeding", "seed"),
    "stream": ("agent.run", "stream"),
    "verify": ("agent.run", "verify"),
    "write": ("tools.formulation.write", "write"),
}


def __getattr__(name: str) -> Any:
    try:
        module, attribute = _SOURCES[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    value = getattr(importlib.import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def _require_own(package: str) -> None:
    """Raise `ImportError` unless `import package` gives our package; the package itself is not executed."""
    if package in sys.modules:
        module = sys.modules[package]
        ours = getattr(module, "OWNER", None) == _OWNER
        path = getattr(module, "__file__", None) or list(getattr(module, "__path__", []))
    else:
        spec = importlib.util.find_spec(package)
        if spec is None:
            raise ImportError(
                f"quasikarp's package {package!r} is missing; install quasikarp again (pip install --force-reinstall)",
                name=package,
            )
        get_source = getattr(spec.loader, "get_source", None)
        ours = f'\nOWNER = "{_OWNER}"\n' in ((get_source(package) if get_source else None) or "")
        path = spec.origin or list(spec.submodule_search_locations or [])
    if not ours:
        raise ImportError(
            f"quasikarp needs its own package {package!r}, but Python finds another one first: {path}. "
            "Rename or move that one, run from another folder, or give quasikarp a virtual environment of its own",
            name=package,
            path=path if isinstance(path, str) else None,
        )


for _package in _PACKAGES:
    _require_own(_package)
