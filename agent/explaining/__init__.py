"""Explanations of a verdict: facts from the report, a template that tells them, a language model that orders them."""
