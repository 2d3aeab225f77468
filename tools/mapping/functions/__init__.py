"""Total functions of which mappings are made beside affine expressions, one file each, and the registry of them.

A new function is a class with the members of `TotalFunction` in a file of its own, its test, and one line here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tools.mapping.functions.digits import Digits
from tools.mapping.functions.protocol import TotalFunction

FUNCTIONS: Mapping[str, type[TotalFunction]] = MappingProxyType({function.name: function for function in (Digits,)})
"""Every total function by the name that reports use."""
