"""Backends: one file each, listed in `registry`; each turns a numeric problem into a normalised result."""
