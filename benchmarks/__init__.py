"""Measurements of quasikarp; not installed. `python -m benchmarks` runs them."""
