"""quasikarp's tools: formulations, solvers, mappings, claims. Pure and deterministic, no network, usable alone."""

OWNER = "quasikarp"
