"""Measurements; run them with `python -m benchmarks`."""

import os

# What somebody's memory holds must not enter the figures; benchmarks of memory name their own.
os.environ.setdefault("QUASIKARP_MEMORY", "none")
# Nor what a language model says, unless a benchmark asks one.
os.environ.pop("QUASIKARP_MODEL", None)
