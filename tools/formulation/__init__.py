"""Formulations: the exact immutable model, its readers and writers, its canonical form."""
