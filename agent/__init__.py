"""quasikarp's agent: the graph, its nodes and planners; the only place that knows langgraph or a language model."""

OWNER = "quasikarp"
