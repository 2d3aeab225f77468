"""Total functions of which liftings are made, one file each, and the registry that knows them by name.

A new function is a class with the members of `TotalFunction` in a file of its own, its test, and one line here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tools.mapping.functions.affine import AffineFunction
from tools.mapping.functions.protocol import TotalFunction

FUNCTIONS: Mapping[str, type[TotalFunction]] = MappingProxyType({AffineFunction.name: AffineFunction})
"""Every total function by the name that reports use."""
