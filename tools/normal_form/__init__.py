"""Reversible normal forms: one step a file, each with the maps in both directions, composed exactly."""
