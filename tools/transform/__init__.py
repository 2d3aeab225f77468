"""Rewrites of a model with the true maps between old and new, and mutations that break them."""
