"""quasikarp's memory: what was learned from verified mappings; the only place that knows chromadb."""

OWNER = "quasikarp"
