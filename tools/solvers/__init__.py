"""Solvers: one gateway to every backend that cannot crash or hang its caller."""
