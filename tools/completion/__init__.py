"""Completes a partial affine map between two models to a total mapping: by equalities, patterns, decision rules."""
